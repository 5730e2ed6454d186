/** The workflows: what they run is pinned by commit, and what they may do is little. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SUMS, sumsOf } from '../../scripts/release/files.mjs';
import { temporaryFolder } from '../e2e/support/cli.ts';

const FILES = readdirSync('.github', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => path.join('.github', name));
const WORKFLOWS = FILES.filter((file) => path.dirname(file).endsWith('workflows'));
const PINS: Record<string, { tag: string; commit: string }> = JSON.parse(
  readFileSync('.github/action-pins.json', 'utf8'),
);

interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps: Array<{ name?: string; uses?: string; run?: string; with?: Record<string, unknown> }>;
}
const read = (file: string): { permissions?: unknown; concurrency?: unknown; jobs: Record<string, Job> } =>
  parse(readFileSync(file, 'utf8'));

it('every action has the commit of the list, and its tag as a comment', () => {
  const lines = FILES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^[\s-]*uses:/.test(line)),
  );
  expect(lines.length).toBeGreaterThan(5);
  const used = lines.map((line) => /^[\s-]*uses: ([\w./-]+)@([0-9a-f]{40}) # (v[\d.]+)$/.exec(line)?.slice(1) ?? line);
  for (const [name = '', commit, tag] of used) expect({ name, commit, tag }).toEqual({ name, ...PINS[name] });
  expect([...new Set(used.map(([name]) => name))].sort()).toEqual(Object.keys(PINS).sort());
});

const REFERENCE = path.resolve('../shared/reference/action-pins.md');
if (!existsSync(REFERENCE)) console.log('skipped: the pins of the reference (action-pins.md is not here)');

it.skipIf(!existsSync(REFERENCE))('the list says what the reference beside this repository says', () => {
  const rows = readFileSync(REFERENCE, 'utf8').split('\n');
  for (const [name, { tag, commit }] of Object.entries(PINS))
    expect(
      rows.some((row) => row.startsWith(`| ${name} | ${tag} | ${commit} |`)),
      name,
    ).toBe(true);
});

describe.each(WORKFLOWS)('%s', (file) => {
  const workflow = read(file);
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('gives no rights to all jobs, and each job an end', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it('leaves no credentials behind, and puts no expression into a script', () => {
    for (const { uses, with: inputs } of steps)
      if (uses?.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });
});

it('only the job that publishes may write', () => {
  const rights = WORKFLOWS.flatMap((file) =>
    Object.entries(read(file).jobs).map(([job, { permissions }]) => [job, permissions] as const),
  );
  for (const [job, permissions] of rights)
    expect(permissions, job).toEqual(
      job === 'publish' ? { contents: 'write', 'id-token': 'write', attestations: 'write' } : { contents: 'read' },
    );
});

it('the job that may write installs nothing and runs nothing of the repository', () => {
  const { publish } = read('.github/workflows/release.yml').jobs;
  expect(publish?.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
  for (const { run } of publish?.steps ?? []) expect(run ?? '').not.toMatch(/npm (?:run|ci|install|exec)|npx/);
});

it.skipIf(process.platform !== 'linux')('SHA256SUMS holds for what is attached to the release', () => {
  const step = read('.github/workflows/release.yml').jobs.publish?.steps.find((each) =>
    each.run?.includes('gh release upload'),
  );
  const [work, attached] = [temporaryFolder(), temporaryFolder()];
  const release = path.join(work, 'release');
  for (const name of [
    'a-1.2.3.tgz',
    'RELEASE_NOTES.md',
    'orb.yml',
    'new-kind.bin',
    'folder/.hidden',
    'folder/b/c.txt',
  ]) {
    mkdirSync(path.dirname(path.join(release, name)), { recursive: true });
    writeFileSync(path.join(release, name), name);
  }
  writeFileSync(path.join(release, SUMS), sumsOf(release));
  // In place of `gh`: attaching is copying.
  const gh = `gh() { [ "$2" != view ] || return 1; for each; do [ ! -f "$each" ] || cp "$each" "${attached}"; done; }\n`;
  const script = (text: string, cwd: string) =>
    execFileSync('bash', ['--norc', '-euo', 'pipefail', '-c', text], {
      cwd,
      env: { PATH: process.env.PATH, GITHUB_REF_NAME: 'v1.2.3' },
    });
  script(gh + step?.run, work);
  script(`for each in *.tar.gz; do tar -xf "$each"; done; sha256sum --check --quiet ${SUMS}`, attached);
});

it('no form asks for a secret, and each says so', () => {
  const forms = FILES.filter((file) => /ISSUE_TEMPLATE.[1-9]/.test(file)).map((file) => readFileSync(file, 'utf8'));
  expect(forms.length).toBeGreaterThan(2);
  for (const form of forms) {
    const fields = parse(form).body.filter(({ type }: { type: string }) => type !== 'markdown');
    const ids = fields.map(({ id }: { id: string }) => id);
    expect(ids.filter((id: string) => /key|secret|password|token/.test(id))).toEqual([]);
    expect(fields.at(-1).attributes.options[0]).toMatchObject({ required: true });
  }
});
