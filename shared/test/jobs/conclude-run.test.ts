/** The end of a run: whatever fails on the way, the exit is red and nothing on disk says otherwise. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/files/output-folder.ts';
import { ARCHIVE_FILES, RESULT_FILE, VARIABLE_FILES } from '../../src/files/output-paths.ts';
import type { RunEnd } from '../../src/jobs/build-result.ts';
import { type Conclusion, concludeRun } from '../../src/jobs/conclude-run.ts';
import type { Reporting } from '../../src/jobs/write-reports.ts';
import { writeResult } from '../../src/jobs/write-result.ts';
import { FusegateError } from '../../src/model/errors.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import { greenResult, redResult } from '../report/sample-results.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { RecordingHost } from '../support/recording-host.ts';

const request: Reporting = {
  gate: { detail: 'full' },
  output: { reports: ['markdown', 'junit', 'html', 'sarif', 'statement'] },
};

/** What goes wrong, once; `writing` also keeps every later file from being written, as a full disk does. */
type Fault = 'settle' | 'writeMore' | 'tell' | 'setOutput' | 'summary' | 'attachReport' | { writing: RegExp };

const BEFORE_RESULT: Fault[] = ['settle', 'writeMore'];
const AFTER_RESULT: Fault[] = ['tell', 'setOutput', 'summary', 'attachReport'];

const incomplete = (): FusegateResult => ({ ...redResult(), verdict: 'error', exitCode: 1 });

async function conclude(
  fault?: Fault | Fault[],
  change: Partial<Conclusion> = {},
  without: ReadonlyArray<'writeMore' | 'tell'> = [],
) {
  const faults = [fault ?? []].flat();
  const done: string[] = [];
  let full = false;
  const reach = (step: string) => {
    done.push(step);
    if (faults.includes(step as Fault)) {
      full = faults.some((one) => typeof one !== 'string');
      throw new Error(`no space left on device (${step})`);
    }
  };
  const real = new OutputFolder({ dir: await temporaryFolder(), clock: new FakeClock() });
  await real.prepare();
  await writeResult(real, incomplete());
  const folder: OutputFolder = Object.assign(Object.create(real), {
    dir: real.dir,
    privateDir: real.privateDir,
    async write(name: string, text: string) {
      full ||= faults.length === 1 && faults.some((one) => typeof one !== 'string' && one.writing.test(name));
      if (full) throw new FusegateError('output.unwritable', 'The disk is full.', { hint: 'Make room.' });
      done.push(name);
      await real.write(name, text);
    },
  });
  const host = new RecordingHost();
  const { setOutput } = host;
  host.setOutput = (...output) => {
    if (!done.includes('setOutput')) reach('setOutput');
    setOutput.apply(host, output);
  };
  host.summary = async () => reach('summary');
  host.attachReport = async () => {
    if (!done.includes('attachReport')) reach('attachReport');
  };
  const errors: FusegateError[] = [];
  const conclusion: Conclusion = {
    request,
    host,
    folder,
    context: { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text) => text.replaceAll('s3cret', '***') },
    settle() {
      reach('settle');
      return greenResult();
    },
    async writeMore() {
      reach('writeMore');
      for (const file of ARCHIVE_FILES) await folder.write(file, 'every build: PASSED');
    },
    tell: () => reach('tell'),
    turnRed(error) {
      errors.push(error);
      return { ...redResult(), verdict: 'error', exitCode: error.exitCode, files: [] };
    },
    ...change,
  };
  for (const name of without) delete conclusion[name];
  const end: RunEnd | Error = await concludeRun(conclusion).catch((error: Error) => error);
  const names = await readdir(real.dir, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of names.filter((one) => one.isFile())) {
    files.set(entry.name, await readFile(path.join(entry.parentPath, entry.name), 'utf8'));
  }
  const result = JSON.parse(files.get(RESULT_FILE) ?? 'null') as FusegateResult | null;
  return { end, result, files, host, done, errors };
}

function expectNothingGreen({ files, host }: Awaited<ReturnType<typeof conclude>>, told: boolean) {
  for (const [name, text] of files) {
    expect(text, name).not.toMatch(/PASS|"verdict": "pass"|VERDICT=pass/u);
  }
  expect([...files.keys()].filter((name) => /statement|predicate|archive/u.test(name))).toEqual([]);
  if (told) expect(host.outputs.get('verdict')).toBe('error');
}

describe('the end of a green run', () => {
  it('writes the reports, then the result, then tells the host', async () => {
    const { end, result, done, host, files, errors } = await conclude();
    expect(end).toMatchObject({ exitCode: 0, result: { verdict: 'pass' } });
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(done).toEqual([
      'settle',
      'fusegate-summary.md',
      'fusegate-junit.xml',
      'fusegate-report.html',
      'fusegate.sarif',
      'fusegate-predicate.json',
      'fusegate-statement.json',
      ...VARIABLE_FILES,
      'writeMore',
      ...ARCHIVE_FILES,
      RESULT_FILE,
      'tell',
      'setOutput',
      'summary',
      'attachReport',
    ]);
    expect(host.outputs.get('verdict')).toBe('pass');
    expect(host.failed).toEqual([]);
    expect(errors).toEqual([]);
    expect(files.size).toBe(11);
  });

  it('needs neither files nor words of its own', async () => {
    const { end, done } = await conclude(undefined, {}, ['writeMore', 'tell']);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(done).toContain('summary');
  });
});

describe('an end that fails before its result is written', () => {
  it.each<[string, Fault]>([
    ...BEFORE_RESULT.map((fault): [string, Fault] => [String(fault), fault]),
    ['a thing that is no error', 'settle'],
  ])('is red: %s', async (what, fault) => {
    const outcome = await conclude(fault, what.startsWith('a thing') ? { settle: () => Promise.reject('odd') } : {});
    const { end, result, host, errors } = outcome;
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(FusegateError);
    expect(end).toMatchObject({ exitCode: errors[0]?.exitCode, result: { verdict: 'error' } });
    expect(result).toMatchObject({ verdict: 'error', exitCode: errors[0]?.exitCode });
    expect(result?.exitCode).not.toBe(0);
    expect(host.failed).toEqual([result?.exitCode]);
    expectNothingGreen(outcome, true);
  });

  it.each([/summary\.md$/u, /statement\.json$/u, /fusegate\.env$/u, /archive\.json$/u, /result\.json$/u])(
    'is red, and leaves the result that it began with, on a disk that is full at %s',
    async (writing) => {
      const outcome = await conclude({ writing });
      expect(outcome.errors.map(({ code }) => code)).toEqual(['output.unwritable']);
      expect(outcome.end).toMatchObject({ exitCode: outcome.errors[0]?.exitCode, result: { verdict: 'error' } });
      expect(outcome.result).toEqual(JSON.parse(JSON.stringify(incomplete())));
      expect([...outcome.files.keys()]).toEqual([RESULT_FILE]);
      expect(outcome.host.failed).toEqual([outcome.errors[0]?.exitCode]);
      expectNothingGreen(outcome, true);
    },
  );
});

describe('an end that cannot be told', () => {
  it.each(AFTER_RESULT)('is thrown, and red on disk: %s', async (fault) => {
    const outcome = await conclude(fault);
    expect(outcome.end).toMatchObject({ message: `no space left on device (${String(fault)})` });
    expect(outcome.errors).toHaveLength(1);
    expect(outcome.result).toMatchObject({ verdict: 'error', exitCode: outcome.errors[0]?.exitCode });
    expect(outcome.files.get('fusegate-summary.md')).toBeDefined();
    expectNothingGreen(outcome, false);
  });

  it.each(AFTER_RESULT)('leaves no result rather than a green one on a disk that is full: %s', async (fault) => {
    const outcome = await conclude([fault, { writing: /./u }]);
    expect(outcome.end).toBeInstanceOf(Error);
    expect([...outcome.files.keys()]).toEqual([]);
  });

  it('after an end that was red already keeps the result that it began with', async () => {
    const outcome = await conclude(['settle', 'summary', { writing: /./u }]);
    expect(outcome.end).toBeInstanceOf(Error);
    expect(outcome.errors).toHaveLength(2);
    expect(outcome.result).toEqual(JSON.parse(JSON.stringify(incomplete())));
  });
});

describe('secrets at the end of a run', () => {
  const secret = (result: FusegateResult): FusegateResult => ({
    ...result,
    findings: [{ code: 'internal', level: 'note', message: 'the service repeats s3cret', hint: 'Nothing.' }],
  });

  it.each<[string, Fault | undefined]>([
    ['green', undefined],
    ['red', 'writeMore'],
    ['red after all', 'summary'],
  ])('are hidden in every file: %s', async (_, fault) => {
    const { files, end } = await conclude(fault, {
      settle: () => secret(greenResult()),
      turnRed: (error) => ({ ...secret(redResult()), verdict: 'error', exitCode: error.exitCode }),
    });
    expect(files.get(RESULT_FILE)).toContain('the service repeats ***');
    expect([...files.values()].join()).not.toContain('s3cret');
    expect(JSON.stringify(end)).not.toContain('s3cret');
  });
});
