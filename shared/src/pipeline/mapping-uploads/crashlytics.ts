/** Mapping to Crashlytics, by Google's own `firebase` command (appdome-api.md §3.27, verified). No shell: nothing is quoted or split. */
import { spawn } from 'node:child_process';
import type { Deps } from '../../model/deps.ts';
import type { Secret } from '../../model/secret.ts';
import { oneLine } from '../../text/server-text.ts';

/** The reason is at the end of the command's output. */
const KEPT_CHARACTERS = 2 ** 20;

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
    // Apart, since what one of them says would stand within what the other does.
    let latest = new LastLines();
    for (const stream of [child.stdout, child.stderr]) {
      const said = new LastLines();
      stream.setEncoding('utf8').on('data', (text: string) => {
        said.add(text);
        latest = said;
      });
    }
    const end = (outcome: CrashlyticsEnd) => (signal.aborted ? reject(signal.reason) : resolve(outcome));
    child.once('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, reason: `it could not be started (${error.code ?? error.message})` }),
    );
    child.once('close', (code, killed) => {
      const how = code === null ? `it was ended by ${killed}` : `it ended with ${code}`;
      end(code === 0 ? { ok: true } : { ok: false, reason: `${how}${lastLine(maskForeign(latest.text))}` });
    });
  });
}

class LastLines {
  #text = '';
  #isCut = false;

  add(more: string): void {
    this.#text += more;
    if (this.#text.length <= KEPT_CHARACTERS) return;
    this.#text = this.#text.slice(-KEPT_CHARACTERS);
    this.#isCut = true;
  }

  /** Whole lines only: of a longer one, what is left could begin within a secret. */
  get text(): string {
    return this.#isCut ? (/[\r\n].*/s.exec(this.#text)?.[0] ?? '') : this.#text;
  }
}

function lastLine(text: string): string {
  const line = text.split(/[\r\n]+/).findLast((each) => each.trim() !== '');
  return line === undefined ? '' : `: ${oneLine(line, 300)}`;
}
