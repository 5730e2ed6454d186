import { Readable } from 'node:stream';
import type { Composed } from './protected-app.ts';

/**
 * The script of Auto-DEV private signing (appdome-api.md §3.11): a bash script with the app after its last line. It writes the app, fetches
 * nothing and asks for no key. SYNTHETIC: what the real script does is unknown.
 * @param payload the app that it writes
 * @param appName file name that it writes if none is given
 */
export function signingScript(buildId: string, payload: Composed, appName: string): Composed {
  const output = `./signed-${appName.replace(/[^\w.-]/g, '_')}`;
  const head = (offset: number) =>
    [
      '#!/bin/bash',
      `# SYNTHETIC rehearsal of build ${buildId}, made by the Fusegate emulator: no signature is made.`,
      '# Usage: bash SCRIPT [OUTPUT]. Writes the app, with a rehearsal signature that the emulator recognises.',
      'set -euo pipefail',
      `output="\${1:-${output}}"`,
      `tail -c +${String(offset).padStart(6, '0')} "$0" > "$output"`,
      'echo "Rehearsal: wrote $output. It is neither protected nor signed." >&2',
      'exit 0',
      '',
    ].join('\n');
  const text = Buffer.from(head(Buffer.byteLength(head(0)) + 1));
  return { size: text.length + payload.size, open: () => Readable.from(join(text, payload), { objectMode: false }) };
}

async function* join(head: Buffer, payload: Composed): AsyncGenerator<Buffer> {
  yield head;
  yield* payload.open();
}
