import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/files/output-folder.ts';
import { VARIABLE_FILES } from '../../src/files/output-paths.ts';
import { type Reporting, reportFiles, rewriteReports, writeReports } from '../../src/jobs/write-reports.ts';
import type { ReportKind } from '../../src/model/host.ts';
import { resultJsonSchema } from '../../src/model/result-json-schema.ts';
import { OUTPUT_OPTIONS } from '../../src/options/table/output.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { refusedStatement } from '../../src/report/report-files.ts';
import { greenResult, redResult } from '../report/sample-results.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

function requestOf(reports: ReportKind[]): Reporting {
  return { gate: { detail: 'full' }, output: { reports } };
}

const ROOT = '/repository';
const CONTEXT = { root: ROOT };
const EVERY: ReportKind[] = ['junit', 'markdown', 'html', 'sarif', 'statement'];

async function folderOf(): Promise<OutputFolder> {
  const folder = new OutputFolder({ dir: await temporaryFolder(), clock: new FakeClock() });
  await folder.prepare();
  return folder;
}

async function files(folder: OutputFolder): Promise<string[]> {
  return (await readdir(folder.dir)).filter((name) => name.startsWith('fusegate')).sort();
}

describe('the reports of a run', () => {
  it('are those that were asked for', async () => {
    const folder = await folderOf();
    await writeReports(folder, greenResult(), requestOf(EVERY), CONTEXT);
    expect(await files(folder)).toEqual([
      'fusegate-junit.xml',
      'fusegate-predicate.json',
      'fusegate-report.html',
      'fusegate-statement.json',
      'fusegate-summary.md',
      'fusegate.sarif',
    ]);
    const none = await folderOf();
    await writeReports(none, greenResult(), requestOf([]), CONTEXT);
    expect(await files(none)).toEqual([]);
  });

  it('point at a file of the repository that is there', async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, 'ci'));
    await writeFile(path.join(root, 'ci/fusegate.yml'), 'version: 1\n');
    const folder = await folderOf();
    const result = redResult();
    const policy = { ...result.policy, path: 'ci/fusegate.yml' };
    await writeReports(folder, { ...result, policy }, requestOf(['sarif']), { root });
    const { runs } = JSON.parse(await readFile(path.join(folder.dir, 'fusegate.sarif'), 'utf8'));
    const uris = runs[0].results.map((one: Result) => one.locations?.[0]?.physicalLocation?.artifactLocation?.uri);
    expect(new Set(uris)).toEqual(new Set(['ci/fusegate.yml']));
  });

  it('by default are all but the statement', () => {
    const option = OUTPUT_OPTIONS.find(({ id }) => id === 'reports');
    expect(option).toMatchObject({ default: 'junit, markdown, html, sarif' });
  });

  it('hold a predicate that is the statement’s own', async () => {
    const folder = await folderOf();
    await writeReports(folder, greenResult(), requestOf(EVERY), CONTEXT);
    const read = async (name: string) => JSON.parse(await readFile(path.join(folder.dir, name), 'utf8'));
    expect((await read('fusegate-statement.json')).predicate).toEqual(await read('fusegate-predicate.json'));
  });

  it('have no statement for a rehearsal, and the reason is told', async () => {
    const folder = await folderOf();
    const rehearsal = resultOf({}, { rehearsal: true });
    await writeReports(folder, rehearsal, requestOf(EVERY), CONTEXT);
    expect(await files(folder)).toEqual([
      'fusegate-junit.xml',
      'fusegate-report.html',
      'fusegate-summary.md',
      'fusegate.sarif',
    ]);
    expect(refusedStatement(rehearsal, EVERY)).toMatch(/a rehearsal gets none/u);
    expect(refusedStatement(rehearsal, ['junit'])).toBeUndefined();
    expect(refusedStatement(greenResult(), EVERY)).toBeUndefined();
  });

  it('are handed on by kind, as far as they are there', async () => {
    const folder = await folderOf();
    await writeReports(folder, resultOf({}, { rehearsal: true }), requestOf(EVERY), CONTEXT);
    const found = await reportFiles(folder, { reports: EVERY });
    expect(found.map(({ kind }) => kind)).toEqual(['markdown', 'junit', 'html', 'sarif']);
    expect(await reportFiles(await folderOf(), { reports: EVERY })).toEqual([]);
  });

  it('are replaced as a whole when the end turns out to be another', async () => {
    const folder = await folderOf();
    await writeReports(folder, greenResult(), requestOf(EVERY), CONTEXT);
    await rewriteReports(
      folder,
      { ...redResult(), verdict: 'error', exitCode: 1 as number },
      requestOf(EVERY),
      CONTEXT,
    );
    expect(await files(folder)).not.toContain('fusegate-statement.json');
    for (const name of await files(folder)) {
      expect(await readFile(path.join(folder.dir, name), 'utf8'), name).not.toMatch(/PASS/u);
    }
  });

  it('are removed even where nothing can be written any more', async () => {
    const folder = await folderOf();
    await writeReports(folder, greenResult(), requestOf(EVERY), CONTEXT);
    const unwritable = Object.assign(Object.create(folder), {
      dir: folder.dir,
      write: () => Promise.reject(new Error('full')),
    });
    await rewriteReports(unwritable, redResult(), requestOf(EVERY), CONTEXT);
    expect(await files(folder)).toEqual([]);
  });

  it('have all been written or refused when an error is thrown', async () => {
    const folder = await folderOf();
    const written: string[] = [];
    const slow = Object.assign(Object.create(folder), {
      dir: folder.dir,
      async write(name: string) {
        if (name === 'fusegate-summary.md') throw new Error('full');
        await new Promise((resolve) => setImmediate(resolve));
        written.push(name);
      },
    });
    await expect(writeReports(slow, greenResult(), requestOf(EVERY), CONTEXT)).rejects.toThrow('full');
    expect(written).toEqual(expect.arrayContaining(['fusegate-report.html', ...VARIABLE_FILES]));
  });

  it('of an earlier run are gone before the next begins', async () => {
    const folder = await folderOf();
    for (const name of [
      'fusegate-statement.json',
      'fusegate-predicate.json',
      'fusegate.sarif',
      'fusegate-report.html',
    ]) {
      await writeFile(path.join(folder.dir, name), 'old');
    }
    await folder.prepare();
    expect(await files(folder)).toEqual([]);
  });

  it('name the HTML page in the outputs', async () => {
    const folder = await folderOf();
    const page = path.join(folder.dir, 'fusegate-report.html');
    expect(outputsOf(greenResult(), { dir: folder.dir, reports: EVERY })['report-html']).toBe(page);
    expect(outputsOf(greenResult(), { dir: folder.dir, reports: ['junit'] })['report-html']).toBe('');
    await writeReports(folder, greenResult(), requestOf(EVERY), CONTEXT);
    expect(await readFile(path.join(folder.privateDir, 'fusegate.env'), 'utf8')).toContain(`REPORT_HTML=${page}\n`);
  });
});

it('the committed schema is the one that results are written by', async () => {
  const file = path.join(import.meta.dirname, '../../../docs/schemas/fusegate-result.schema.json');
  const committed = JSON.parse(await readFile(file, 'utf8'));
  expect(committed).toEqual(JSON.parse(JSON.stringify(resultJsonSchema())));
  const validate = new Ajv2020({ strict: true }).compile(committed);
  expect(validate(JSON.parse(JSON.stringify(redResult())))).toBe(true);
});
