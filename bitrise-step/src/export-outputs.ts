/** Outputs as variables of the later steps, by envman (github.com/bitrise-io/envman, cli/add.go). */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { OUTPUT_NAMES, type OutputName } from '@fusegate/shared/model/host';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { plainLine } from '@fusegate/shared/text/untrusted-text';

/** envman refuses a value above 256 KB, and the whole list above that too (envman/configs.go). */
const MAX_VALUE_BYTES = 20_000;

/** What the official steps call their outputs (appdome-api.md §10.2, §10.3). */
function officialOutputs(outputs: ReadonlyMap<OutputName, string>, deployed: string): Record<string, string> {
  const app = deployed || (outputs.get('protected-app') ?? '');
  const as = (extension: string) => (app.toLowerCase().endsWith(extension) ? app : '');
  return {
    APPDOME_SECURED_APK_PATH: as('.apk'),
    APPDOME_SECURED_AAB_PATH: as('.aab'),
    APPDOME_SECURED_IPA_PATH: as('.ipa'),
    APPDOME_SECURED_SO_PATH: outputs.get('second-output') ?? '',
    APPDOME_PRIVATE_SIGN_SCRIPT_PATH: as('.sh'),
    APPDOME_CERTIFICATE_PATH: outputs.get('certificate-pdf') ?? '',
    APPDOME_DEOB_MAPPING_FILES: outputs.get('deobfuscation-map') ?? '',
  };
}

export const OFFICIAL_OUTPUT_NAMES = Object.keys(officialOutputs(new Map(), ''));

/** Every output, in every case: what an earlier step of ours left in a variable must not be read as this one's. */
export function variablesOf(
  outputs: ReadonlyMap<OutputName, string>,
  official: { deployedApp: string } | undefined,
): Record<string, string> {
  const own = Object.fromEntries(OUTPUT_NAMES.map((name) => [BITRISE.outputName(name), outputs.get(name) ?? '']));
  return official === undefined ? own : { ...own, ...officialOutputs(outputs, official.deployedApp) };
}

function envman(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('envman', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`envman ended with ${code}: ${plainLine(errors)}`));
    });
  });
}

/**
 * The value goes by a file: envman reads standard input from a named pipe only, and Node's pipes are sockets. `--no-expand`, since a
 * `$` in a path or in text from the service is not a variable.
 * @throws Error where envman is missing or refuses
 */
export async function exportOutputs(variables: Readonly<Record<string, string>>): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'fusegate-outputs-'));
  try {
    for (const [key, value] of Object.entries(variables)) {
      const file = path.join(dir, key);
      await writeFile(file, cut(value), { mode: 0o600 });
      await envman(['add', '--key', key, '--valuefile', file, '--no-expand']);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function cut(value: string): string {
  const bytes = Buffer.from(value);
  return bytes.length <= MAX_VALUE_BYTES ? value : `${bytes.subarray(0, MAX_VALUE_BYTES).toString()}…`;
}
