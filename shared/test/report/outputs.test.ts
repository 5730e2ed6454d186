/** The outputs as files of variables: what a shell makes of one, and what a dotenv report's reader makes of the other. */
import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputsOf, outputVariables } from '../../src/report/outputs.ts';
import { FINAL } from '../policy/synthetic-evidence.ts';
import { temporaryFolder } from '../support/folder.ts';
import { resultOf } from './synthetic-result.ts';

/** What a person may call an app; each would run a command, end a quote or vanish if a shell read it as it stands. */
const NAMES = [
  'app.apk',
  'My App$(touch X).apk',
  'My App`touch X`.apk',
  "it's.apk",
  "''.apk",
  "'; touch X; '.apk",
  'a"$(touch X)".apk',
  'a\\b\\.apk',
  '~root.apk',
  '=ls',
  '$HOME & !! #1 {a,b} * ?[x].apk',
  'größe 大.apk',
  ' spaced ',
];

function variablesFor(name: string, dir: string) {
  const files = [{ role: 'protected-app' as const, path: name, sha256: FINAL, size: 1 }];
  const result = resultOf({}, { files, missingFeatures: [name, 'Root Detection'] });
  return { values: outputsOf(result, { dir, reports: [] }), files: outputVariables(result, { dir, reports: [] }) };
}

describe('fusegate.env', () => {
  for (const shell of ['sh', 'bash', 'zsh']) {
    const here = spawnSync(shell, ['-c', 'exit 0']).status === 0;
    const title = here ? `is sourced by ${shell} as it was written` : `is sourced by ${shell}: not installed here`;
    it.skipIf(!here).each(NAMES)(`${title}: %s`, async (name) => {
      const dir = await temporaryFolder();
      const { values, files } = variablesFor(name, dir);
      const file = path.join(dir, 'fusegate.env');
      await writeFile(file, files['private/fusegate.env']);
      const script =
        '. "$1" && printf "%s\\0" "$PROTECTED_APP" "$MISSING_FEATURES" "$VERDICT" "$REJECTED_APP" "$SHA256"';
      // Without an input: bash reads its start-up files where it takes a socket for a remote shell.
      const end = spawnSync(shell, ['-euc', script, shell, file], {
        cwd: dir,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(end.stderr).toBe('');
      expect(end.stdout.split('\0').slice(0, -1)).toEqual([name, values['missing-features'], 'pass', '', FINAL]);
      expect(await readdir(dir)).toEqual(['fusegate.env']);
    });
  }

  it('quotes only what a shell would not take as it stands', async () => {
    const text = variablesFor('/out/app.apk', await temporaryFolder()).files['private/fusegate.env'];
    expect(text).toContain('\nPROTECTED_APP=/out/app.apk\n');
    expect(text).toContain("\nMISSING_FEATURES='/out/app.apk,Root Detection'\n");
  });
});

describe('fusegate.dotenv', () => {
  it.each(NAMES)('has every value as it is: %s', async (name) => {
    const { values, files } = variablesFor(name, await temporaryFolder());
    // How GitLab reads a line (app/services/ci/parse_dotenv_artifact_service.rb): up to the first `=`, and no quotes.
    const read = [...files['private/fusegate.dotenv'].matchAll(/^(.*?)=(.*)$/gmu)].map(([, key, value]) => [
      key,
      value,
    ]);
    const wanted = Object.entries(values).map(([key, value]) => [key.replaceAll('-', '_').toUpperCase(), value]);
    expect(read).toEqual(wanted);
  });
});

it('a line break in a value cannot begin another variable, in either form', async () => {
  const { files } = variablesFor('a\r\nVERDICT=pass\n\nb', await temporaryFolder());
  for (const text of Object.values(files)) {
    expect(text.match(/^VERDICT=/gmu)).toHaveLength(1);
    expect(text).toMatch(/^PROTECTED_APP='?a VERDICT=pass b'?$/mu);
  }
});
