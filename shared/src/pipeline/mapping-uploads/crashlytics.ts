/** Mapping to Crashlytics, by Google's own `firebase` command (appdome-api.md §3.27, verified). No shell: nothing is quoted or split. */
import { spawn } from 'node:child_process';
import type { Deps } from '../../model/deps.ts';
import type { Secret } from '../../model/secret.ts';
import { oneLine } from '../../text/server-text.ts';

/** The reason is at the end of the command's output. */
const KEPT_CHARACTERS = 4000;

export interface CrashlyticsUpload {
  executable: string;
  appId: string;
  /** JSON object of its variables. */
  environment: Secret;
  mapping: string;
  crashlyticsId: string;
  /** Applied to what the command prints. */
  maskForeign?: Deps['maskForeign'];
}

export type CrashlyticsEnd = { ok: true } | { ok: false; reason: string };

/**
 * Runs the command to its end.
 * @param signal ends the command; then its reason is thrown
 * @returns why it failed: its exit code and the last line that it printed (untrusted, one line)
 */
export async function uploadToCrashlytics(upload: CrashlyticsUpload, signal: AbortSignal): Promise<CrashlyticsEnd> {
  const { executable, appId, environment, mapping, crashlyticsId, maskForeign = (text) => text } = upload;
  const words = ['crashlytics:mappingfile:upload', `--app=${appId}`, `--resource-file=${crashlyticsId}`, mapping];
  signal.throwIfAborted();
  return new Promise<CrashlyticsEnd>((resolve, reject) => {
    const child = spawn(executable, words, {
      env: JSON.parse(environment.reveal()),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      signal,
      windowsHide: true,
    });
    let said = '';
    const keep = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (outcome: CrashlyticsEnd) => (signal.aborted ? reject(signal.reason) : resolve(outcome));
    child.once('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, reason: `it could not be started (${error.code ?? error.message})` }),
    );
    child.once('close', (code, killed) => {
      const how = code === null ? `it was ended by ${killed}` : `it ended with ${code}`;
      end(code === 0 ? { ok: true } : { ok: false, reason: `${how}${lastLine(maskForeign(said))}` });
    });
  });
}

function lastLine(text: string): string {
  const line = text.split(/[\r\n]+/).findLast((each) => each.trim() !== '');
  return line === undefined ? '' : `: ${oneLine(line, 300)}`;
}
