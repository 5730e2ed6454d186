/** `fusegate listeners` from the bundle: the grammars and the reader of apps lie beside it. */
import { appendFileSync, cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureTree } from '../../shared/test/threat-events/source/tree.ts';
import { runChild } from '../adapters/support/child-process.ts';
import { settingsApk } from './support/apps.ts';
import { ROOT, runCli, temporaryFolder } from './support/cli.ts';

const EVENTS = ['--events', 'RootedDevice,OverlayDetected,ZygiskDetected', '--json'];

it.each([
  'java',
  'kotlin',
  'swift',
  'objective-c',
  'react-native',
  'cordova',
  'csharp-android',
  'csharp-ios',
  'flutter',
])('reads %s', async (language) => {
  const end = await runCli(['listeners', '--source', '.', ...EVENTS], { cwd: await fixtureTree(language) });
  expect(end.exit, end.stderr).toBe(6);
  const { events } = JSON.parse(end.stdout) as { events: Array<{ outcome: string }> };
  expect(events.map(({ outcome }) => outcome)).toEqual(['registered', 'named', 'absent']);
});

it('finds no event in a real app that has none', async () => {
  const end = await runCli(['listeners', '--app', settingsApk(), '--events', 'all', '--json'], {
    cwd: temporaryFolder(),
  });
  expect(end.exit, end.stderr).toBe(6);
  const { events, unreadable } = JSON.parse(end.stdout) as {
    events: Array<{ outcome: string }>;
    unreadable: unknown[];
  };
  expect(unreadable).toEqual([]);
  expect(events.length).toBeGreaterThan(50);
  expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(['absent']));
});

describe('a grammar', () => {
  const file = 'tree-sitter-java.wasm';
  const run = async (change: (grammar: string) => void) => {
    const folder = temporaryFolder();
    cpSync(path.join(ROOT, 'cli/dist'), folder, { recursive: true });
    change(path.join(folder, file));
    const words = [path.join(folder, 'fusegate.cjs'), 'listeners', '--source', '.', ...EVENTS];
    const env = { PATH: process.env.PATH ?? '' };
    return runChild(process.execPath, words, { cwd: await fixtureTree('java'), env });
  };

  it.each([
    ['that is missing', (grammar: string) => rmSync(grammar)],
    ['of another build', (grammar: string) => appendFileSync(grammar, '\n')],
  ])('%s is red', async (_title, change) => {
    const end = await run(change);
    expect(end.exit).toBe(8);
    expect(end.stderr).toContain(`${file} is missing, or from another build`);
  });
});
