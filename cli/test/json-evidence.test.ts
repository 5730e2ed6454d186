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

const alone = (json: object, ...words: string[]) => gate(json, '--evidence', 'any', ...words);
const besidePdf = (json: object, ...words: string[]) => gate(json, '--certificate', 'a.pdf', ...words);

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
    ['camelCase', { ...whole, isRootDetectionEnabled: false }, 8],
    ['nested keys', { ...whole, root: { detection: false } }, 8],
    ['neighbours in a list', { ...whole, removed: ['root', 'detection'] }, 8],
    ['characters that are not seen', { ...whole, 'root_detec\u200btion': false }, 8],
    ['letters of another script', { ...whole, 'r\u043eot_detection': false }, 8],
    ['its Threat-Event', { ...whole, missing_listeners: ['RootedDevice'] }, 8],
    ['a new name in its list', { ...whole, features: undefined, plugins: ['root_detection', 'brand_new_key'] }, 8],
    ['a heading in its list', { ...whole, features: ['Removed:', 'root_detection'] }, 8],
    ['an answer for its list', { ...whole, features: { enabled: false, root_detection: true } }, 8],
    ['an unknown category', { ...whole, features: { Revoked: { plugins: ['root_detection'] } } }, 8],
    ['a no', withEntry({ enabled: false }), 6],
  ])('%s', async (_, json, exit) => {
    expect(await alone(json)).toBe(exit);
    expect(await besidePdf(json)).toBe(8);
  });

  it.each<[string, object]>([
    ['a scalar beside its list', { ...whole, status: 'revoked' }],
    ['a new name in another list', { ...whole, plugins: ['brand_new_key'] }],
  ])('%s takes the proof of the JSON, and nothing from the PDF', async (_, json) => {
    expect(await alone(json)).toBe(8);
    expect(await besidePdf(json)).toBe(0);
  });
});

describe('a policy accepts a place of the JSON with its value', () => {
  const accepting = (text: string) => {
    const file = path.join(mkdtempSync(path.join(folder, 'policy-')), 'p.yml');
    writeFileSync(file, `version: 1\nrequire: [Root Detection]\naccept: { texts: [${JSON.stringify(text)}] }\n`);
    return ['--policy', file];
  };

  it.each<[string, string, object, number]>([
    ['the very value', '$.root_detection: true', { root_detection: true }, 0],
    ['another value', '$.root_detection: true', { root_detection: false }, 8],
    ['the place alone', '$.root_detection', { root_detection: true }, 8],
    ['a place in a list', '$.notes[*]: Root Detection is good', { notes: ['x', 'Root Detection is good'] }, 0],
    ['other words there', '$.notes[*]: Root Detection is good', { notes: ['x', 'Root Detection is off'] }, 8],
    ['a scalar beside the list', '$.version: 3', { version: 3 }, 0],
    ['another scalar there', '$.status: ok', { status: 'revoked' }, 0],
  ])('%s', async (_, text, members, exit) => {
    expect(await besidePdf({ ...whole, ...members }, ...accepting(text))).toBe(exit);
    expect(await alone({ ...whole, version: 3, ...members }, ...accepting(text))).toBe('version' in members ? 0 : 8);
  });

  it('lifts no denial of an entry', async () => {
    const maybe = '$.features[*]: {"name":"root_detection","enabled":"maybe"}';
    const listed = (enabled: unknown) => ({
      build_id: whole.build_id,
      features: [{ name: 'root_detection', enabled }],
    });
    expect(await besidePdf(listed('maybe'), ...accepting(maybe))).toBe(0);
    expect(await besidePdf(listed('maybe'))).toBe(8);
    for (const value of [false, 'no', 'MAYBE', null])
      expect(await besidePdf(listed(value), ...accepting(maybe))).toBe(8);
  });
});
