/** docs/dependencies.md has a row for every dependency that a manifest names, and no other. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface Manifest {
  license?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
const FOLDERS: string[] = ['.', ...parse(read('pnpm-workspace.yaml')).packages];
const manifestOf = (folder: string): Manifest => JSON.parse(read(path.join(folder, 'package.json')));

/** @returns names of packages that are not ours */
const namesIn = (folders: string[], field: 'dependencies' | 'devDependencies') =>
  new Set(
    folders
      .flatMap((folder) => Object.keys(manifestOf(folder)[field] ?? {}))
      .filter((name) => !/^@fusegate\//.test(name)),
  );

// The tests' own package reaches no user.
const shipped = namesIn(
  FOLDERS.filter((folder) => folder !== 'test'),
  'dependencies',
);
const development = new Set(
  [...namesIn(FOLDERS, 'devDependencies'), ...namesIn(['test'], 'dependencies')].filter((name) => !shipped.has(name)),
);

/** Cells of the rows under a heading of the page. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = read('docs/dependencies.md').split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = own.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

function licenceOf(name: string): string {
  const installed = FOLDERS.map((folder) => path.join(folder, 'node_modules', name)).find((each) =>
    existsSync(path.join(ROOT, each)),
  );
  return manifestOf(installed ?? `node_modules/${name}`).license?.replace(/^\((.*)\)$/, '$1') ?? '';
}

describe.each([
  { heading: 'In what users run', names: shipped, columns: 5 },
  { heading: 'For development only', names: development, columns: 4 },
])('$heading', ({ heading, names, columns }) => {
  const rows = rowsUnder(heading);

  it('lists the dependencies of the manifests, in order', () => {
    expect(rows.map(([name]) => name)).toEqual([...names].sort());
  });

  it.each(rows)('%s has the licence of the installed package, and every cell filled', (...cells) => {
    const [name = '', licence] = cells;
    expect(licence).toBe(licenceOf(name));
    expect(cells.filter((cell) => cell !== '')).toHaveLength(columns);
    if (columns === 5) expect(cells[2]).toMatch(/^\d+(?:\.\d+)? [kM]B/);
  });
});

it('every manifest asks for exact versions', () => {
  const asked = FOLDERS.map(manifestOf).flatMap((each) =>
    Object.entries({ ...each.dependencies, ...each.devDependencies }),
  );
  expect(asked.filter(([, version]) => !/^(?:\d+\.\d+\.\d+|workspace:\*)$/.test(version))).toEqual([]);
});

it('the lockfile has a digest for every package', () => {
  const packages: Record<string, { resolution: { integrity?: string } }> = parse(read('pnpm-lock.yaml')).packages;
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(Object.entries(packages).filter(([, { resolution }]) => !resolution.integrity?.startsWith('sha512-'))).toEqual(
    [],
  );
});
