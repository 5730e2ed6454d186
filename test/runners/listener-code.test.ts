/**
 * What the CLI writes for Android, and what docs/threat-events/ shows beside it, compiles against the Android SDK 33; and it runs against
 * stand-ins.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencedBlocks } from '../adapters/support/fenced-blocks.ts';
import { lines, writeSources, writtenCode } from './support/listener-sources.ts';
import { EVENTS, EXPECTED, JAVA_PROGRAM, JAVA_STAND_INS, KOTLIN_PROGRAM } from './support/stand-ins.ts';

const JARS = process.env['FUSEGATE_RUNNERS_JARS'] ?? '';
let root = '';
let standIns = '';

const jar = (name: RegExp) =>
  readdirSync(JARS)
    .filter((file) => name.test(file))
    .map((file) => path.join(JARS, file));
const classpath = (...entries: Array<RegExp | string>) =>
  entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : jar(entry))).join(path.delimiter);

const LANGUAGES = {
  java: {
    ending: 'java',
    program: JAVA_PROGRAM,
    compile: (files: string[], against: string, folder: string) =>
      lines(root, 'javac', '-d', folder, '-cp', against, ...files),
  },
  kotlin: {
    ending: 'kt',
    program: KOTLIN_PROGRAM,
    compile: (files: string[], against: string, folder: string) => {
      const compiler = ['-cp', classpath(/^kotlin/, /^annotations/), 'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler'];
      const libraries = classpath(against, /^kotlin-stdlib/);
      const words = ['-no-stdlib', '-no-reflect', '-nowarn', '-cp', libraries, '-d', folder];
      return lines(root, 'java', ...compiler, ...words, ...files);
    },
  },
};

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'fusegate-compiled-'));
  standIns = path.join(root, 'android');
  await lines(root, 'javac', '-d', standIns, ...writeSources(path.join(root, 'stand-ins'), JAVA_STAND_INS));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(['java', 'kotlin'] as const)('%s', (language) => {
  const { ending, program, compile } = LANGUAGES[language];

  it('compiles with every event, and as its page calls it', async () => {
    const files = await writtenCode(language, 'all', path.join(root, `${language}-all`));
    const page = `docs/threat-events/${language}.md`;
    const shown = fencedBlocks(page).filter((block) => block.language === language);
    expect(shown, page).toHaveLength(1);
    const beside = writeSources(path.join(root, `${language}-page`), {
      [`MyApplication.${ending}`]: shown[0]?.text ?? '',
    });
    const folder = path.join(root, `${language}-classes`);
    await compile([...files, ...beside], classpath(/^android-all/), folder);
    const made = ['ThreatEvents', 'MyApplication'].map((name) => path.join(folder, 'com/example/app', `${name}.class`));
    expect(made.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('runs: one registration, with the flag from SDK 33, and every event reaches the handler', async () => {
    const files = await writtenCode(language, EVENTS.join(), path.join(root, `${language}-two`));
    const beside = writeSources(path.join(root, `${language}-program`), { [`Program.${ending}`]: program });
    const folder = path.join(root, `${language}-program-classes`);
    await compile([...files, ...beside], standIns, folder);
    for (const [sdk, flags] of [
      ['33', '4'],
      ['32', 'none'],
    ] as const) {
      const words = ['-cp', classpath(folder, standIns, /^kotlin-stdlib/), 'com.example.app.Program', sdk];
      expect(await lines(root, 'java', ...words)).toEqual([`flags=${flags} ${EVENTS.join()}`, ...EXPECTED]);
    }
  });
});
