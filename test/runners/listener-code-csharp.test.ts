/** What the CLI writes in C# compiles and runs against stand-ins for the Xamarin and MAUI libraries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lines, writeSources, writtenCode } from './support/listener-sources.ts';
import { CSHARP_ANDROID, CSHARP_IOS, EVENTS, EXPECTED } from './support/stand-ins.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fusegate-csharp-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** @returns the program */
async function compiled(language: string, standIn: string): Promise<string> {
  const files = await writtenCode(language, EVENTS.join(), path.join(root, language));
  const out = path.join(root, `${language}.exe`);
  await lines(root, 'mcs', `-out:${out}`, ...files, ...writeSources(root, { [`${language}.cs`]: standIn }));
  return out;
}

it('Android: registers once, with the flag from SDK 33', async () => {
  const program = await compiled('csharp-android', CSHARP_ANDROID);
  for (const [sdk, flags] of [
    ['33', '4'],
    ['32', 'none'],
  ] as const)
    expect(await lines(root, 'mono', program, sdk)).toEqual([`flags=${flags} ${EVENTS.join()}`, ...EXPECTED]);
});

it('iOS', async () => {
  expect(await lines(root, 'mono', await compiled('csharp-ios', CSHARP_IOS), '')).toEqual(EXPECTED);
});
