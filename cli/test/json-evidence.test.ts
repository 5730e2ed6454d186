/** What a JSON certificate is worth to the gate: alone with `evidence: any`, and beside a good PDF with the default. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { certificateJsonObject } from '../../emulator/src/certificate/json.ts';
import { JSON_SHAPES } from '../../emulator/src/certificate/model.ts';
import { sampleModel } from '../../emulator/src/certificate/sample-model.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const FIXTURE = path.join(import.meta.dirname, '../../test/fixtures/certificates/android-aab.pdf');
const folder = mkdtempSync(path.join(tmpdir(), 'fusegate-json-evidence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function gate(json: object, ...words: string[]): Promise<number> {
  const cwd = mkdtempSync(path.join(folder, 'gate-'));
  writeFileSync(path.join(cwd, 'c.json'), JSON.stringify(json));
  copyFileSync(FIXTURE, path.join(cwd, 'a.pdf'));
  const args = ['gate', '--required-features', 'Root Detection', '--certificate', 'c.json', ...words];
  return runCommandLine(args, fakeIo({ cwd }));
}

const alone = (json: object) => gate(json, '--evidence', 'any');
const besidePdf = (json: object) => gate(json, '--certificate', 'a.pdf');

describe('each shape of the embedded service', () => {
  it.each(JSON_SHAPES)('%s', async (shape) => {
    const json = certificateJsonObject(sampleModel(), shape);
    expect(await alone(json)).toBe(shape === 'none' ? 8 : 0);
    expect(await besidePdf(json)).toBe(0);
    // Without the option that lets it prove, it proves nothing.
    expect(await gate(json)).toBe(8);
  });
});

type Entry = Record<string, unknown>;
const whole = certificateJsonObject(sampleModel(), 'A');
const entries = whole.features as Entry[];
const withEntry = (members: Entry) => ({
  ...whole,
  features: entries.map((entry) => (entry.name === 'root_detection' ? { ...entry, ...members } : entry)),
});

describe('a document that takes a name back is never green', () => {
  it.each<[string, object, number]>([
    ['removed', { ...whole, removed: ['root_detection'] }, 8],
    ['disabled_features', { ...whole, disabled_features: [{ name: 'root_detection' }] }, 8],
    ['a flag at the top', { ...whole, root_detection: false }, 8],
    ['another spelling at the top', { ...whole, rootDetection: false }, 8],
    ['a sentence', { ...whole, notes: 'Root Detection was dropped' }, 8],
    ['a negated name beside it', { ...whole, features: [...entries, { name: '!root_detection', enabled: true }] }, 8],
    ['a result', withEntry({ result: 'FAIL' }), 8],
    ['a phase', withEntry({ phase: 'not in this build' }), 8],
    ['a category', withEntry({ category: 'Revoked' }), 8],
    ['a flag beside the yes', withEntry({ applied: false }), 8],
    ['another value for the same name', { ...whole, plugins: { root_detection: 'no' } }, 8],
    ['its list under another key', { ...whole, features: { removed: entries } }, 8],
    ['a no', withEntry({ enabled: false }), 6],
  ])('%s', async (_, json, exit) => {
    expect(await alone(json)).toBe(exit);
    expect(await besidePdf(json)).toBe(8);
  });
});
