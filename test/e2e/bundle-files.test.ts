/** The files of a bundle belong together: what lies beside the first one is asked for only by a job that has begun. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from './support/cli.ts';

const BUNDLES: Array<[string, string]> = [
  ['cli/dist/fusegate.cjs', 'fusegate-commands.cjs'],
  ['actions/dist/index.cjs', 'job.cjs'],
  ['bitrise-step/dist/step.cjs', 'job.cjs'],
  ['azure-task/dist/task/index.cjs', 'job.cjs'],
];
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

describe.each(BUNDLES)('%s', (bundle, besides) => {
  it('names the digest of what lies beside it, so that its own stands for all', () => {
    const main = readFileSync(path.join(ROOT, bundle), 'utf8');
    const beside = readFileSync(path.join(ROOT, path.dirname(bundle), besides), 'utf8');
    const digest = /^exports\.digest='([0-9a-f]{64})';$/m.exec(beside)?.[1];
    expect(digest).toBeDefined();
    expect(main).toContain(`if(digest!=='${digest}')`);
  });
});

describe('a bundle', () => {
  it('runs where it was copied to', async () => {
    const end = await run(copyOf('cli/dist/fusegate.cjs'));
    expect(end.exit, end.stderr).toBe(0);
  });

  it('with a part of another build is red', async () => {
    const folder = copyOf('cli/dist/fusegate.cjs');
    const part = path.join(folder, 'fusegate-commands.cjs');
    const other = createHash('sha256').update('another build').digest('hex');
    const text = readFileSync(part, 'utf8');
    writeFileSync(part, text.replace(/^exports\.digest='[0-9a-f]{64}'/m, `exports.digest='${other}'`));
    const end = await run(folder);
    expect(end.exit).toBe(8);
    expect(end.stderr).toContain('fusegate-commands.cjs is of another build than the file that loads it');
  });

  it('without its part is red', async () => {
    const folder = copyOf('cli/dist/fusegate.cjs');
    rmSync(path.join(folder, 'fusegate-commands.cjs'));
    const end = await run(folder);
    expect(end.exit).toBe(8);
    expect(end.stderr).toContain("Cannot find module './fusegate-commands.cjs'");
  });
});
