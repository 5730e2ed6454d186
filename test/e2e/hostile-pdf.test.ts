/**
 * PDFs that are made to take all memory or time, through the shipped bundles: each is a certificate that cannot be read, and the run ends as
 * with any other one. The limit of 30 s is tested in shared/test/certificate/pdf-apart.test.ts, where no test waits for it.
 */
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from '../../scripts/packages.mjs';
import { ADAPTERS, runJob } from '../adapters/support/every-adapter.ts';
import { type CliEnd, type CliOptions, ROOT, runCli, temporaryFolder } from './support/cli.ts';
import { BUSY_PDF, HOSTILE_PDFS } from './support/hostile-pdfs.ts';
import { childrenOf, watchMemory } from './support/peak-memory.ts';

const GIB = 2 ** 30;
const GOOD = path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf');
/** It ends the process that reads it. */
let bomb: Buffer | undefined;
const bombBytes = () => {
  bomb ??= HOSTILE_PDFS['contents that inflate to 256 MiB']?.() ?? Buffer.alloc(0);
  return bomb;
};

function written(bytes: Buffer, folder = temporaryFolder(), name = 'certificate.pdf'): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const gate = (certificate: string, options?: CliOptions) =>
  runCli(['gate', '--certificate', certificate, '--required-features', 'Root Detection'], options);

function expectWholeError({ exit, result, stderr }: Pick<CliEnd, 'exit' | 'result' | 'stderr'>): void {
  expect(exit, stderr).toBe(8);
  expect(result).toMatchObject({ verdict: 'error', exitCode: 8, finishedAt: expect.any(String) });
  const codes = result?.findings.map(({ code }) => code);
  expect(codes).toContain('certificate.none');
  expect(codes).not.toContain('run.incomplete');
  expect(codes).not.toContain('internal');
}

describe('the CLI ends with 8, a whole result, and less than 1 GiB', () => {
  it.each(Object.entries(HOSTILE_PDFS))('%s', async (_, make) => {
    let peak = () => 0;
    const end = await gate(written(make()), {
      onStart: ({ pid }) => {
        peak = watchMemory(pid);
      },
    });
    const most = peak();
    expectWholeError(end);
    expect(most).toBeLessThan(GIB);
  });
});

it.each(ADAPTERS)('%s survives one', async (adapter) => {
  const certificate = written(bombBytes());
  const end = await runJob(adapter, {
    options: { mode: 'gate', certificate, 'required-features': 'Root Detection' },
  });
  expect(end.red).toBe(true);
  expectWholeError({ exit: end.result?.exitCode ?? null, result: end.result, stderr: end.log });
});

it('judges the certificates of an archive around one', async () => {
  const folder = temporaryFolder();
  for (const name of ['a.pdf', 'c.pdf']) copyFileSync(GOOD, path.join(folder, name));
  written(bombBytes(), folder, 'b.pdf');
  const end = await gate(path.join(folder, '*.pdf'));
  expect(end.exit, end.stderr).toBe(8);
  const builds = end.result?.builds?.map(({ label, verdict, duplicates }) => [label, verdict, duplicates]);
  expect(builds).toEqual([
    ['a.pdf', 'pass', ['c.pdf']],
    ['b.pdf', 'error', undefined],
  ]);
});

it.runIf(existsSync('/proc/self/status'))('no process stays behind when the run is killed', async () => {
  let reader: number | undefined;
  const end = await gate(written(BUSY_PDF()), {
    onStart: async (child) => {
      await expect.poll(() => childrenOf(child.pid ?? 0).length, { timeout: 30_000 }).toBe(1);
      [reader] = childrenOf(child.pid ?? 0);
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
  expect(end.exit).toBeNull();
  const isThere = () => /^State:\s+[^ZX]/m.test(existsSync(`/proc/${reader}`) ? statusOf(reader) : '');
  await expect.poll(isThere, { timeout: 20_000 }).toBe(false);
});

function statusOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

it.each(PROGRAMS)('$outfile does not load the PDF library itself', ({ outfile }) => {
  // A name that the library exports, which no minifier changes.
  expect(readFileSync(path.join(ROOT, path.dirname(outfile), path.basename(outfile)), 'latin1')).not.toContain(
    'AbortException',
  );
});
