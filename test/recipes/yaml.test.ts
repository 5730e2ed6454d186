/** YAML 1.1 takes `off` for a boolean, 1.2 for a text; the CI systems differ in which they read. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../adapters/support/child-process.ts';

const FOLDER = path.join(ROOT, 'recipes');
/** Travis has a key `on`, and reads it as one. */
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.ya?ml$/.test(file) && !file.startsWith('travis'),
);

it.each(FILES)('recipes/%s means the same in both versions of YAML', (file) => {
  const text = readFileSync(path.join(FOLDER, file), 'utf8');
  const read = (version: '1.1' | '1.2') => parseAllDocuments(text, { version }).map((document) => document.toJS());
  expect(read('1.1')).toEqual(read('1.2'));
});
