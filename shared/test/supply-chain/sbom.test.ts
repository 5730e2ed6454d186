/** The bill of materials of a bundle, from packages made up here. test/e2e/supply-chain.test.ts looks at those of the real bundles. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packagesIn } from '../../../scripts/bundling/packages-in.mjs';
import { sbomOf } from '../../../scripts/bundling/sbom.mjs';
import { type Sbom, schemaErrors } from '../support/cyclonedx.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'fusegate-sbom-'));

function install(name: string, manifest: object): string {
  const where = path.join(folder, 'node_modules', name);
  mkdirSync(where, { recursive: true });
  writeFileSync(
    path.join(where, 'package.json'),
    JSON.stringify({ name, version: '1.2.3', license: 'MIT', ...manifest }),
  );
  return where;
}

const file = (name: string) => `${folder}/node_modules/${name}/index.js`;

/** As esbuild describes a build; `dropped` is what it read and left out of the output. */
function metafile(imports: Record<string, string[]>, dropped: string[] = []): Metafile {
  const names = Object.keys(imports);
  const inputs = names.map((name) => [
    name,
    { bytes: 1, imports: imports[name]?.map((each) => ({ path: each, kind: 'require-call' as const })) ?? [] },
  ]);
  const kept = names.map((name) => [name, { bytesInOutput: dropped.includes(name) ? 0 : 1 }]);
  const output = { bytes: 1, inputs: Object.fromEntries(kept), imports: [], exports: [] };
  return { inputs: Object.fromEntries(inputs), outputs: { 'out.cjs': output } };
}

install('@scope/direct', { license: '(BSD-3-Clause OR GPL-2.0)' });
install('below', { license: 'SEE LICENSE IN README.md AND LICENSE' });
install('dropped', {});
install('ours', { private: true });
install('unpdf', {});
mkdirSync(path.join(folder, 'node_modules/unpdf/dist'));
writeFileSync(path.join(folder, 'node_modules/unpdf/dist/pdfjs.mjs'), 'x={apiVersion:"5.4.3"}');
const grammars = install('tree-sitter-wasms', { license: 'Unlicense' });

const MAIN = metafile(
  {
    'src/main.ts': [file('@scope/direct'), file('dropped'), file('ours')],
    [file('@scope/direct')]: [file('below')],
    [file('below')]: [],
    [file('dropped')]: [],
    [file('ours')]: [],
  },
  [file('dropped')],
);
const PART = metafile({ '<stdin>': [file('unpdf')], [file('unpdf')]: [] });
const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const FILES = [
  { name: 'main.cjs', content: 'one' },
  { name: 'a.wasm', content: Buffer.from('two') },
];

function write(metafiles: Metafile[], files = FILES): string {
  const locked = { '@scope/direct@1.2.3': { resolution: { integrity: INTEGRITY } } };
  return sbomOf({ name: 'cli', package: 'cli' }, files, packagesIn(metafiles, [grammars]), locked);
}
const sbom: Sbom = JSON.parse(write([MAIN, PART]));
const component = (ref: string) => sbom.components?.find((each) => each['bom-ref'] === ref);

describe('the bill of materials', () => {
  it('is right by the schema of CycloneDX, which sees what is wrong', () => {
    expect(schemaErrors(sbom)).toEqual([]);
    expect(schemaErrors({ ...sbom, components: [{ 'bom-ref': 'x', name: 'x', licenses: [{}] }] })).not.toEqual([]);
  });

  it('lists the packages of all files that are delivered, and only those', () => {
    expect(sbom.components?.map(({ purl }) => purl)).toEqual([
      'pkg:npm/%40scope/direct@1.2.3',
      'pkg:npm/below@1.2.3',
      'pkg:npm/tree-sitter-wasms@1.2.3',
      'pkg:npm/unpdf@1.2.3',
    ]);
  });

  it('lists what a package includes from others', () => {
    expect(component('pkg:npm/unpdf@1.2.3')?.components).toMatchObject([{ purl: 'pkg:npm/pdfjs-dist@5.4.3' }]);
    expect(component('pkg:npm/tree-sitter-wasms@1.2.3')?.components?.length).toBeGreaterThan(0);
  });

  it('says which package brings in which', () => {
    const dependsOn = (ref: string) => sbom.dependencies.find((each) => each.ref === ref)?.dependsOn;
    const direct = ['pkg:npm/%40scope/direct@1.2.3', 'pkg:npm/tree-sitter-wasms@1.2.3', 'pkg:npm/unpdf@1.2.3'];
    expect(dependsOn('cli')).toEqual(direct);
    expect(dependsOn('pkg:npm/%40scope/direct@1.2.3')).toEqual(['pkg:npm/below@1.2.3']);
  });

  it('takes a licence as an SPDX expression only where every part of it is one', () => {
    expect(component('pkg:npm/%40scope/direct@1.2.3')?.licenses).toEqual([{ expression: '(BSD-3-Clause OR GPL-2.0)' }]);
    expect(component('pkg:npm/below@1.2.3')?.licenses).toMatchObject([{ license: { name: expect.any(String) } }]);
    expect(component('pkg:npm/unpdf@1.2.3')?.licenses).toEqual([{ license: { id: 'MIT' } }]);
  });

  it("has the lockfile's digest of a package, and the digest of each file", () => {
    const digest = { alg: 'SHA-512', content: '07'.repeat(64) };
    expect(component('pkg:npm/%40scope/direct@1.2.3')?.hashes).toEqual([digest]);
    expect(component('pkg:npm/below@1.2.3')?.hashes).toBeUndefined();
    expect(sbom.metadata.component.components?.map(({ name }) => name)).toEqual(['a.wasm', 'main.cjs']);
    expect(sbom.metadata.component.components?.[1]?.hashes).toEqual([
      { alg: 'SHA-256', content: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed' },
    ]);
  });

  it('is the same text whenever it is written, in whatever order its parts come', () => {
    expect(write([PART, MAIN], [...FILES].reverse())).toBe(write([MAIN, PART]));
    expect(sbom.serialNumber).toBeUndefined();
    expect(sbom.metadata.timestamp).toBeUndefined();
  });
});
