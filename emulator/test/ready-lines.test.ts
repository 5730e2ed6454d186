/** The lines to paste: as the emulator was started, for the shell that there is. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { FUSION_SET_IDS } from '../src/fusion-sets/built-in.ts';
import { readyLines } from '../src/ready-lines.ts';

const base = {
  url: 'http://127.0.0.1:8080',
  apiKey: 'rehearsal-key',
  app: '/d/sample/app.apk',
  platform: 'linux',
} as const;

/** The three lines to paste. */
function pasted(more: Partial<Parameters<typeof readyLines>[0]>): string[] {
  const lines = readyLines({ ...base, program: undefined, ...more }).map((line) => line.trim());
  return lines.filter((line) => /^(export|\$env:)|--required-features/.test(line));
}

/** A folder with a blank and a quote in its name, and files in it. */
function folderWith(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "emulator it's "));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

it('are one for the settings, one for a green run and one for a red run', () => {
  const [settings, green, red] = pasted({});
  expect(settings).toBe('export APPDOME_SERVER_BASE_URL=http://127.0.0.1:8080 APPDOME_API_KEY=rehearsal-key');
  expect(green).toMatch(/^fusegate run --app \/d\/sample\/app\.apk .* --required-features "Root Detection"$/);
  expect(red).toBe(green?.replace(FUSION_SET_IDS.androidFull, FUSION_SET_IDS.androidSmall));
  expect(red).not.toBe(green);
});

it('start the file that was started, from any folder', () => {
  const folder = folderWith('fusegate.cjs');
  const program = join(folder, 'fusegate.cjs');
  expect(pasted({ program })[1]).toContain(`node ${quoted(program)} run `);
});

it("start the CLI beside the emulator's own entry, if it is there", () => {
  const folder = folderWith('cli/dist/fusegate.cjs', 'emulator/dist/server.cjs');
  const program = join(folder, 'emulator/dist/server.cjs');
  expect(pasted({ program })[1]).toContain(`node ${quoted(join(folder, 'cli/dist/fusegate.cjs'))} run `);
  expect(pasted({ program: join(folderWith(), 'emulator/dist/server.cjs') })[1]).toMatch(/^fusegate run /);
});

it('start an installed command by its link', () => {
  expect(pasted({ program: '/usr/local/bin/fusegate' })[1]).toMatch(/^\/usr\/local\/bin\/fusegate run /);
});

it('never show a key that came as a secret', () => {
  expect(pasted({ apiKey: undefined })[0]).toMatch(/ APPDOME_API_KEY="\$FUSEGATE_EMULATOR_API_KEY"$/);
});

it('are for PowerShell on Windows', () => {
  const [settings, green] = pasted({ platform: 'win32', apiKey: "it's", app: 'C:\\Temp\\app.apk' });
  expect(settings).toBe("$env:APPDOME_SERVER_BASE_URL='http://127.0.0.1:8080'; $env:APPDOME_API_KEY='it''s'");
  expect(green).toContain("--app 'C:\\Temp\\app.apk'");
  expect(pasted({ platform: 'win32', apiKey: undefined })[0]).toContain(
    '$env:APPDOME_API_KEY=$env:FUSEGATE_EMULATOR_API_KEY',
  );
});
