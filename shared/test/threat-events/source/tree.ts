/** Source trees for tests, in a folder of their own. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findListenersInSource, type SourceSearch } from '../../../src/threat-events/source/find-listeners.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../../test/fixtures/listeners');

/** A tree is one text, so that no tool takes its files for ours: `=== PATH` before each file. */
export async function fixtureTree(language: string): Promise<string> {
  const text = await readFile(path.join(FIXTURES, `${language}.txt`), 'utf8');
  const parts = text.split(/^=== (.*)\n/m).slice(1);
  const files: Record<string, string> = {};
  for (let index = 0; index < parts.length; index += 2) files[parts[index] ?? ''] = parts[index + 1] ?? '';
  return sourceTree(files);
}

export async function sourceTree(files: Record<string, string | Uint8Array>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'listeners-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return root;
}

/** `{ RootedDevice: 'registered A.java:3' }`: outcome, then each registration's place. */
export async function outcomesIn(
  root: string,
  events: readonly string[],
  more: Partial<SourceSearch> = {},
): Promise<Record<string, string>> {
  const report = await findListenersInSource({ root, events, ...more });
  return Object.fromEntries(report.events.map(({ name, outcome }) => [name, outcome]));
}

/** Outcomes of one file. */
export async function outcomesOf(
  files: Record<string, string>,
  events: readonly string[] = ['RootedDevice'],
): Promise<Record<string, string>> {
  return outcomesIn(await sourceTree(files), events);
}
