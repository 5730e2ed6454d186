/** The adapter's own decisions: what fits into annotations and summary, which variables are inputs, which folder may be removed. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionInputs } from '../../actions/src/action-inputs.ts';
import { GitHubHost } from '../../actions/src/github-host.ts';
import { withOfficialOutputs } from '../../actions/src/official-outputs.ts';
import { cutMarkdown, restOfAnnotations, SUMMARY_BYTES } from '../../actions/src/step-summary.ts';
import { removeTemporaryFolder } from '../../actions/src/temporary-folder.ts';
import { OutputReader, parseCommand, parseKeyValueFile } from './support/github-commands.ts';

describe('a summary that is cut', () => {
  it('is whole where it fits', () => {
    expect(cutMarkdown('# a\n', 100)).toBe('# a\n');
  });

  it('never exceeds its bytes and closes its fences', () => {
    const line = fc.oneof(fc.constantFrom('```text', '```', '````', '- ü € 🛡️', ''), fc.string({ maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), fc.integer({ min: 0, max: 4000 }), (lines, bytes) => {
        const text = lines.map((each) => each.replaceAll(/[\r\n]/g, ' ')).join('\n');
        const cut = cutMarkdown(text, bytes);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
        if (cut === text) return;
        let fence: string | undefined;
        for (const each of cut.split('\n')) {
          const mark = /^(`{3,})/.exec(each)?.[1];
          if (fence === undefined) fence = mark;
          else if (mark === fence) fence = undefined;
        }
        expect(fence).toBeUndefined();
      }),
    );
  });
});

describe('the host', () => {
  let shown: string[];
  let reader: OutputReader;
  // One for all: @actions/core keeps the path that it has seen first.
  const summaryDir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-summary-'));
  const summaryFile = path.join(summaryDir, 'summary.md');

  beforeEach(() => {
    shown = [];
    reader = new OutputReader();
    mkdirSync(summaryDir, { recursive: true });
    writeFileSync(summaryFile, '');
    vi.stubEnv('GITHUB_STEP_SUMMARY', summaryFile);
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      shown.push(String(chunk));
      return true;
    });
  });
  afterEach(() => {
    process.exitCode = undefined;
  });
  const read = () => {
    for (const line of shown.join('').split('\n')) reader.line(line);
    return reader;
  };

  it('annotates ten of a type and tells the rest in the summary', async () => {
    const host = new GitHubHost(process.stdout, '/work');
    for (let index = 1; index <= 14; index += 1) {
      host.annotate({
        level: 'error',
        title: `E${index}`,
        message: `missing ${index}`,
        file: '/work/p.yml',
        line: index,
      });
    }
    host.annotate({ level: 'warning', title: 'W', message: 'a warning' });
    await host.close();
    vi.mocked(process.stdout.write).mockRestore();
    const { annotations, dropped } = read();
    expect(annotations.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(annotations.filter(({ level }) => level === 'warning')).toHaveLength(1);
    expect(dropped).toEqual([]);
    expect(annotations[0]?.properties).toMatchObject({ title: 'E1', file: 'p.yml', line: '1' });
    const summary = readFileSync(summaryFile, 'utf8');
    for (const index of [11, 12, 13, 14]) expect(summary).toContain(`missing ${index}`);
    expect(summary).not.toContain('missing 10');
  });

  it('keeps a summary below what the runner takes, over several parts', async () => {
    const host = new GitHubHost(process.stdout, '/work');
    for (let part = 0; part < 4; part += 1) await host.summary('line of the summary\n'.repeat(20_000));
    vi.mocked(process.stdout.write).mockRestore();
    expect(statSync(summaryFile).size).toBeLessThanOrEqual(SUMMARY_BYTES + 10);
    expect(statSync(summaryFile).size).toBeGreaterThan(900_000);
  });

  it('says an error once in the log where an annotation says it too', async () => {
    const host = new GitHubHost(process.stdout, '/work');
    host.log('error', 'first\nsecond');
    host.annotate({ level: 'error', title: 'T', message: 'first\nsecond' });
    host.log('warning', 'alone');
    host.fail('first', 6);
    await host.close();
    vi.mocked(process.stdout.write).mockRestore();
    const { log, annotations } = read();
    expect(log.filter((line) => /first/.test(line))).toHaveLength(1);
    expect(log.filter((line) => /alone/.test(line))).toHaveLength(1);
    expect(annotations).toHaveLength(1);
    expect(process.exitCode).toBe(6);
  });

  it('never fails without a reason that a person sees', async () => {
    const host = new GitHubHost(process.stdout, '/work');
    host.fail('the reason', 8);
    vi.mocked(process.stdout.write).mockRestore();
    expect(read().annotations).toMatchObject([{ level: 'error', message: 'the reason' }]);
    expect(process.exitCode).toBe(8);
  });

  it('goes on where there is no summary', async () => {
    rmSync(summaryDir, { recursive: true });
    const host = new GitHubHost(process.stdout, '/work');
    await host.summary('text');
    await host.close();
    vi.mocked(process.stdout.write).mockRestore();
    expect(read().log.join('\n')).toContain('summary could not be written');
  });
});

it('the rest of the annotations is escaped', () => {
  const text = restOfAnnotations([
    { level: 'error', title: '<img src=x>', message: '[a](javascript:x) @team', file: 'a`b', line: 3 },
  ]);
  expect(text).not.toMatch(/<img|(?<!\\)\]\(javascript/);
});

describe('inputs', () => {
  it('keep their hyphens, ignore case, and are only ours or misspelt', () => {
    const inputs = actionInputs({
      'INPUT_API-KEY': 'k',
      'INPUT_FUSION-SET-ID': 'f',
      INPUT_APP_FILE: 'a.apk',
      INPUT_UPLOAD_ARTIFACTS: 'true',
      'INPUT_BUILD-OVERIDES': '{}',
      INPUT_GREETING: 'hello',
      INPUT_APP: ' ',
      OTHER: 'x',
    });
    expect(inputs.map(({ name }) => name).sort()).toEqual(
      ['APP_FILE', 'UPLOAD_ARTIFACTS', 'api-key', 'build-overides', 'fusion-set-id'].sort(),
    );
  });
});

describe('official output paths', () => {
  const added = (inputs: Array<{ name: string; value: string }>, environment = {}) =>
    Object.fromEntries(withOfficialOutputs(inputs, environment).map(({ name, value }) => [name, value]));

  it.each([
    [[], { 'output-dir': 'output', 'output-name': 'Appdome_secured_app' }],
    [[{ name: 'OUTPUT_APP_NAME', value: 'None' }], { 'output-dir': 'output', 'output-name': 'Appdome_secured_app' }],
    [[{ name: 'OUTPUT_APP_NAME', value: 'release' }], { 'output-dir': 'output', OUTPUT_APP_NAME: 'release' }],
    [[{ name: 'OUTPUT_APP_NAME', value: './a/b/release' }], { 'output-dir': './a/b', OUTPUT_APP_NAME: 'release' }],
    [[{ name: 'output-dir', value: 'mine' }], { 'output-dir': 'mine', 'output-name': 'Appdome_secured_app' }],
  ])('%j', (inputs, wanted) => {
    expect(added(inputs)).toMatchObject(wanted);
  });

  it('leave what a variable says', () => {
    expect(added([], { FUSEGATE_OUTPUT_DIR: 'x', FUSEGATE_OUTPUT_NAME: 'y' })).toEqual({});
  });
});

describe('the temporary folder', () => {
  it('is removed only where it is one of ours', async () => {
    const parent = mkdtempSync(path.join(os.tmpdir(), 'fusegate-parent-'));
    const own = path.join(parent, 'fusegate-abc');
    const foreign = path.join(parent, 'other');
    for (const folder of [own, foreign]) mkdirSync(folder);
    expect(await removeTemporaryFolder('', parent)).toBe(false);
    expect(await removeTemporaryFolder(foreign, parent)).toBe(false);
    expect(
      await removeTemporaryFolder(path.join(parent, 'fusegate-x', '..', '..', path.basename(parent)), parent),
    ).toBe(false);
    expect(await removeTemporaryFolder(parent, parent)).toBe(false);
    expect(await removeTemporaryFolder(own, parent)).toBe(true);
    expect(existsSync(own)).toBe(false);
    expect(existsSync(foreign)).toBe(true);
  });
});

describe('the stand-in for the runner', () => {
  it.each([
    ['::error file=a,line=1::b%0Ac', { name: 'error', properties: { file: 'a', line: '1' }, data: 'b\nc' }],
    ['  ::set-output name=x::y', { name: 'set-output', properties: { name: 'x' }, data: 'y' }],
    ['anything ##[add-path]/evil', { name: 'add-path', properties: {}, data: '/evil' }],
    ['::WARNING::x', { name: 'warning', properties: {}, data: 'x' }],
  ])('reads %j', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each(['text ::error::x', '::no-such::x', '::error', '##[no-such]x', ': :error::x'])(
    'takes %j for text',
    (line) => {
      expect(parseCommand(line)).toBeUndefined();
    },
  );

  it('reads nothing but the token while commands are stopped', () => {
    const reader = new OutputReader();
    for (const line of ['::stop-commands::tok', '::error::a', '::tok::', '::error::b']) reader.line(line);
    expect(reader.annotations.map(({ message }) => message)).toEqual(['b']);
  });

  it('reads the files of the file commands', () => {
    expect(parseKeyValueFile('a=b<<c\nd<<EOF\ne=f\ng\nEOF\nd=last\n')).toEqual({ a: 'b<<c', d: 'last' });
    expect(() => parseKeyValueFile('a<<EOF\nb\n')).toThrow(/delimiter/);
    expect(() => parseKeyValueFile('nonsense\n')).toThrow(/Invalid format/);
  });
});
