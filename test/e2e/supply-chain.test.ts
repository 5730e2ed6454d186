/** What accompanies every bundle, and that a build gives the same bytes wherever it runs. */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packAzureExtension } from '../../scripts/azure-package.mjs';
import { BUNDLES, PACKAGES } from '../../scripts/packages.mjs';
import { linkDependencies } from '../../scripts/release/release.mjs';
import { writeReleaseLayouts } from '../../scripts/release-layouts.mjs';
import { type Sbom, schemaErrors } from '../../shared/test/support/cyclonedx.ts';
import { ROOT, runChild, TEST_ENVIRONMENT } from '../adapters/support/child-process.ts';
import { temporaryFolder } from './support/cli.ts';

const beside = (outfile: string, ending: string) => path.join(ROOT, outfile.replace(/\.cjs$/, ending));
const sbomOf = (outfile: string): Sbom => JSON.parse(readFileSync(beside(outfile, '.cdx.json'), 'utf8'));
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
/** Names of the files with code beside a bundle, without other bundles. */
function codeBeside(outfile: string): string[] {
  const folder = path.dirname(outfile);
  const others = BUNDLES.filter((other) => other.outfile !== outfile && path.dirname(other.outfile) === folder);
  return readdirSync(path.join(ROOT, folder)).filter(
    (name) => /\.(?:cjs|wasm)$/.test(name) && !others.some((other) => path.basename(other.outfile) === name),
  );
}

describe.each(BUNDLES)('$outfile', ({ outfile, runsJobs, parts, oneFile }) => {
  const folder = path.join(ROOT, path.dirname(outfile));
  const sbom = sbomOf(outfile);

  it('has a bill of materials that is right by the schema of CycloneDX', () => {
    expect(schemaErrors(sbom)).toEqual([]);
  });

  it('is listed there with its digest, and so is every file that it loads', () => {
    const files = sbom.metadata.component.components ?? [];
    const alone = !runsJobs && parts === undefined;
    expect(files.map(({ name }) => name).sort()).toEqual(
      alone || oneFile ? [path.basename(outfile)] : codeBeside(outfile).sort(),
    );
    for (const { name, hashes } of files) {
      expect(hashes, name).toEqual([{ alg: 'SHA-256', content: sha256(path.join(folder, name)) }]);
    }
  });

  it('holds the packages that its notices name, each with a licence and the digest of the lockfile', () => {
    const notices = readFileSync(beside(outfile, '.licenses.txt'), 'utf8');
    const titles = [...notices.matchAll(/^(\S+) (\S+) \(.*\)\n-+$/gm)].map(([, name, version]) => `${name} ${version}`);
    const packages = sbom.components ?? [];
    expect(packages.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`).sort()).toEqual(
      titles.sort(),
    );
    expect(packages.filter(({ licenses, hashes }) => !licenses?.length || hashes?.[0]?.alg !== 'SHA-512')).toEqual([]);
  });
});

it('the bill of materials of the CLI covers the parts beside it and the WebAssembly', () => {
  const { components = [] } = sbomOf('cli/dist/fusegate.cjs');
  const names = components.flatMap(({ name, components = [] }) => [name, ...components.map((each) => each.name)]);
  expect(names).toEqual(expect.arrayContaining(['yaml', 'unpdf', 'pdfjs-dist', 'pdfkit', 'tree-sitter-swift']));
});

describe('what is published holds bills of materials and notices', () => {
  const expected = ['.cdx.json', '.licenses.txt'];

  it('as repositories of their own', () => {
    const { dirs } = writeReleaseLayouts(temporaryFolder('fusegate-release-'));
    for (const dir of dirs) {
      const names = readdirSync(path.join(dir, 'dist'));
      for (const ending of expected) expect(names.some((name) => name.endsWith(ending))).toBe(true);
    }
  });

  it('as an Azure extension', () => {
    const packed = packAzureExtension(temporaryFolder('fusegate-azure-'));
    if ('issues' in packed) throw new Error(packed.issues.join('\n'));
    const names = Object.keys(unzipSync(readFileSync(packed.vsix)));
    for (const ending of expected) expect(names.some((name) => name.endsWith(`index${ending}`))).toBe(true);
  });
});

/** This tree in another folder, with the dependencies of this one. */
function anotherTree(): string {
  const tree = realpathSync(temporaryFolder('fusegate-another-'));
  for (const name of [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'tsconfig.json',
    'scripts',
    ...PACKAGES,
  ]) {
    const unwanted = new Set([path.join(ROOT, name, 'node_modules'), path.join(ROOT, name, 'dist')]);
    const filter = (file: string) =>
      !unwanted.has(file) && !file.includes(path.join('scripts', 'pnpm', 'node_modules'));
    cpSync(path.join(ROOT, name), path.join(tree, name), { recursive: true, filter });
  }
  linkDependencies(ROOT, tree);
  return tree;
}

it('a build in another folder gives the same bytes', { timeout: 180_000 }, async () => {
  const tree = anotherTree();
  const code = "import('./scripts/bundles.mjs').then((it) => it.buildBundles([], { fromScratch: true }))";
  const end = await runChild(process.execPath, ['--eval', code], { cwd: tree, env: TEST_ENVIRONMENT });
  expect(end.exit, end.stderr).toBe(0);
  for (const folder of new Set(BUNDLES.map(({ outfile }) => path.dirname(outfile)))) {
    const digests = (root: string) =>
      readdirSync(path.join(root, folder)).map((name) => [name, sha256(path.join(root, folder, name))]);
    expect(digests(tree), folder).toEqual(digests(ROOT));
  }
});
