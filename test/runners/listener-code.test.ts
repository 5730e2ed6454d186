/** What the CLI writes for Android, and what docs/threat-events/ shows beside it, compiles against the Android SDK 33. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { fencedBlocks } from '../adapters/support/fenced-blocks.ts';

const JARS = process.env['FUSEGATE_RUNNERS_JARS'] ?? '';
let root = '';

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fusegate-compiled-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function program(command: string, ...words: string[]) {
  return runChild(command, words, { cwd: root, env: { PATH: process.env['PATH'] ?? '' } });
}

/** @returns the sources: what the CLI writes, and the file that the page shows */
async function sources(language: 'java' | 'kotlin', beside: string): Promise<string[]> {
  const asked = ['--events', 'all', '--package', 'com.example.app', '--output', language];
  const written = await program(
    process.execPath,
    path.join(ROOT, 'cli/dist/fusegate.cjs'),
    'threat-events',
    '--code',
    language,
    ...asked,
  );
  expect(written.exit, written.stderr).toBe(0);
  const page = `docs/threat-events/${language}.md`;
  const shown = fencedBlocks(page).filter((block) => block.language === language);
  expect(shown, page).toHaveLength(1);
  writeFileSync(path.join(root, language, beside), shown[0]?.text ?? '');
  return readdirSync(path.join(root, language)).map((name) => path.join(root, language, name));
}

const jar = (name: RegExp) =>
  readdirSync(JARS)
    .filter((file) => name.test(file))
    .map((file) => path.join(JARS, file));
const classpath = (...names: RegExp[]) => names.flatMap(jar).join(path.delimiter);
const made = (folder: string, name: string) => existsSync(path.join(root, folder, 'com/example/app', `${name}.class`));

it('Java', async () => {
  const words = ['-d', 'java-classes', '-cp', classpath(/^android-all/)];
  const { exit, stderr } = await program('javac', ...words, ...(await sources('java', 'MyApplication.java')));
  expect(exit, stderr).toBe(0);
  expect(['ThreatEvents', 'MyApplication'].map((name) => made('java-classes', name))).toEqual([true, true]);
});

it('Kotlin', async () => {
  const compiler = ['-cp', classpath(/^kotlin/, /^annotations/), 'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler'];
  const words = [
    '-no-stdlib',
    '-no-reflect',
    '-cp',
    classpath(/^android-all/, /^kotlin-stdlib/),
    '-d',
    'kotlin-classes',
  ];
  const files = await sources('kotlin', 'MyApplication.kt');
  const { exit, stderr } = await program('java', ...compiler, ...words, ...files);
  expect(exit, stderr).toBe(0);
  expect(['ThreatEvents', 'MyApplication'].map((name) => made('kotlin-classes', name))).toEqual([true, true]);
});
