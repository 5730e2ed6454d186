/** The certificate of the embedded service, judged as a file: nothing about it may look like a release (design, rule 16). */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { certificateJsonObject } from '../../emulator/src/certificate/json.ts';
import { sampleModel } from '../../emulator/src/certificate/sample-model.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const FIXTURE = path.join(import.meta.dirname, '../../test/fixtures/certificates/android-aab.pdf');
const folder = mkdtempSync(path.join(tmpdir(), 'fusegate-rehearsed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function gate(...words: string[]) {
  const cwd = mkdtempSync(path.join(folder, 'gate-'));
  copyFileSync(FIXTURE, path.join(cwd, 'a.pdf'));
  copyFileSync(FIXTURE, path.join(cwd, 'b.pdf'));
  writeFileSync(path.join(cwd, 'b.pdf'), '\n', { flag: 'a' });
  writeFileSync(path.join(cwd, 'c.json'), JSON.stringify(certificateJsonObject(sampleModel(), 'A')));
  writeFileSync(path.join(cwd, 'd.json'), JSON.stringify(certificateJsonObject(sampleModel(), 'nested')));
  const { synthetic_rehearsal, release_type: _, ...facts } = certificateJsonObject(sampleModel(), 'A');
  writeFileSync(path.join(cwd, 'e.json'), JSON.stringify({ certificate: { synthetic_rehearsal, ...facts } }));
  const pinned = { version: 1, server: 'https://fusion.appdome.com', require: ['Root Detection'] };
  writeFileSync(path.join(cwd, 'pinned.yml'), JSON.stringify(pinned));
  const io = fakeIo({ cwd });
  const exit = await runCommandLine(['gate', '--output-dir', 'out', ...words], io);
  const read = (file: string) => readFileSync(path.join(cwd, 'out', file), 'utf8');
  const result = JSON.parse(read('fusegate-result.json'));
  const codes = result.findings.map(({ code, level }: Record<string, string>) => `${code} ${level}`);
  return { exit, result, codes, read };
}

const ROOT = ['--required-features', 'Root Detection'];

describe('the certificate of the embedded service, as a file', () => {
  it.each([
    ['the PDF', ['--certificate', 'a.pdf']],
    ['the JSON', ['--certificate', 'c.json', '--evidence', 'any']],
    ['a nested JSON', ['--certificate', 'd.json', '--evidence', 'any']],
    ['a JSON that says it further down', ['--certificate', 'e.json', '--evidence', 'any']],
    ['several', ['--certificate', '*.pdf']],
  ])('%s is a rehearsal', async (_, words) => {
    const { exit, result, codes, read } = await gate(...ROOT, ...words);
    expect({ exit, rehearsal: result.rehearsal }).toEqual({ exit: 0, rehearsal: true });
    expect(codes).toContain('server.rehearsal warning');
    for (const report of ['fusegate-summary.md', 'fusegate-report.html']) expect(read(report)).toContain('REHEARSAL');
  });

  it.each([
    ['the PDF', ['--certificate', 'a.pdf']],
    ['the JSON', ['--certificate', 'c.json', '--evidence', 'any']],
    ['several', ['--certificate', '*.pdf']],
  ])("%s is refused where the policy pins Appdome's own service", async (_, words) => {
    const { exit, result } = await gate('--policy', 'pinned.yml', ...words);
    expect({ exit, verdict: result.verdict }).toEqual({ exit: 8, verdict: 'error' });
    expect(JSON.stringify(result)).toContain('server.rehearsal');
  });
});
