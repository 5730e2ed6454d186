/** The files of a bundle belong together: what lies beside the first one is asked for only by a job that has begun. */
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUNDLES, PROGRAMS } from '../../scripts/packages.mjs';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from './support/cli.ts';

const COMMAND = ['policy', 'check', 'policy.yml'];

function copyOf(bundle: string): string {
  const folder = temporaryFolder();
  cpSync(path.join(ROOT, path.dirname(bundle)), folder, { recursive: true });
  writeFileSync(path.join(folder, 'policy.yml'), 'version: 1\nrequire: [Root Detection]\n');
  return folder;
}

const run = (folder: string) =>
  runChild(process.execPath, [path.join(folder, 'fusegate.cjs'), ...COMMAND], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
  });

/** Names of the bundles in a folder, without what they load. */
const bundlesIn = (folder: string) =>
  BUNDLES.filter(({ outfile }) => path.dirname(outfile) === folder).map(({ outfile }) => path.basename(outfile));

it.each(PROGRAMS.filter(({ oneFile }) => !oneFile))(
  '$outfile holds the digest of every file beside it, so that its own stands for all',
  ({ outfile }) => {
    const folder = path.dirname(outfile);
    const contentOf = (name: string) => readFileSync(path.join(ROOT, folder, name));
    const parts = readdirSync(path.join(ROOT, folder)).filter(
      (name) => name.endsWith('.cjs') && !bundlesIn(folder).includes(name),
    );
    expect(parts).toEqual(expect.arrayContaining(['job.cjs', 'pdf-reader.cjs']));
    const digests = new Map(parts.map((part) => [part, createHash('sha256').update(contentOf(part)).digest('hex')]));
    // The main file, then what it holds the digest of, then what that does.
    const covered = new Set([path.basename(outfile)]);
    for (const file of covered) {
      const text = contentOf(file).toString('latin1');
      for (const [part, digest] of digests) if (text.includes(digest)) covered.add(part);
    }
    expect(parts.filter((part) => !covered.has(part))).toEqual([]);
  },
);

it.each(PROGRAMS.filter(({ oneFile }) => oneFile))('$outfile needs no other file', async ({ outfile }) => {
  const folder = temporaryFolder();
  const script = path.join(folder, path.basename(outfile));
  cpSync(path.join(ROOT, outfile), script);
  writeFileSync(path.join(folder, 'policy.yml'), 'version: 1\nrequire: [Root Detection]\nunknown: 1\n');
  const end = await runChild(process.execPath, [script], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', FUSEGATE_POLICY: 'policy.yml' },
  });
  expect(end.exit).toBe(2);
  // The YAML reader and the schema, both packed.
  expect(end.stdout).toMatch(/policy\.yml:3/);
});

describe('a bundle', () => {
  it('runs where it was copied to', async () => {
    const end = await run(copyOf('cli/dist/fusegate.cjs'));
    expect(end.exit, end.stderr).toBe(0);
  });

  it('with a part of another build is red', async () => {
    const folder = copyOf('cli/dist/fusegate.cjs');
    appendFileSync(path.join(folder, 'yaml-reader.cjs'), '\n');
    const end = await run(folder);
    expect(end.exit).toBe(8);
    expect(end.stderr).toContain('yaml-reader.cjs is missing, or from another build');
  });

  it('without a part is red', async () => {
    const folder = copyOf('cli/dist/fusegate.cjs');
    rmSync(path.join(folder, 'yaml-reader.cjs'));
    const end = await run(folder);
    expect(end.exit).toBe(8);
    expect(end.stderr).toContain('yaml-reader.cjs is missing, or from another build');
  });
});
