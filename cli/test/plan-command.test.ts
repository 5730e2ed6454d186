import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { publishedSchema, schemaProblems } from '../../shared/test/support/json-schema.ts';
import { runCommandLine } from '../src/command-line.ts';
import type { PlannedApp } from '../src/plan/fleet-format.ts';
import { FLEET_FORMATS } from '../src/plan/fleet-formats.ts';
import { fakeIo } from './fake-io.ts';

const FORMATS = ['github', 'gitlab', 'azure', 'circleci', 'jenkins', 'bitrise'];

async function fleetOf(count: number): Promise<string> {
  const cwd = await temporaryFolder();
  mkdirSync(path.join(cwd, 'apps'));
  for (let index = 0; index < count; index++) writeFileSync(path.join(cwd, `apps/app-${index}.apk`), '');
  writeFileSync(path.join(cwd, 'fusegate.fleet.yml'), 'version: 1\napps: [{ app: "apps/*.apk" }]\n');
  return cwd;
}

async function plan(cwd: string, ...words: string[]) {
  const io = fakeIo({ cwd });
  const exit = await runCommandLine(['plan', '--fleet', 'fusegate.fleet.yml', ...words], io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

/** The names with their plans, in every format: what each job will run. */
const APPS_OF: Record<string, (out: string) => string[]> = {
  github: (out) => {
    const matrices = [JSON.parse(out)].flat();
    return matrices.flatMap(({ include }) => include.map((entry: Record<string, string>) => entry['fleet-app']));
  },
  gitlab: (out) =>
    Object.values(parse(out)).flatMap(
      (job) => (job as { variables?: Record<string, string> }).variables?.FUSEGATE_FLEET_APP ?? [],
    ),
  azure: (out) => Object.values(JSON.parse(out)).map((entry) => (entry as { fleetApp: string }).fleetApp),
  circleci: (out) =>
    parse(out).workflows.fleet.jobs.flatMap(
      (job: Record<string, Record<string, string>>) => job['fusegate-app']?.['fleet-app'] ?? [],
    ),
  jenkins: (out) => out.trim().split('\n'),
  bitrise: (out) => /^FLEET_APPS=(.*)$/m.exec(out)?.[1]?.split(',') ?? [],
};

describe.each(FORMATS)('a plan for %s', (format) => {
  it('has every app once, with the plan that it belongs to', async () => {
    const { exit, out } = await plan(await fleetOf(3), '--format', format);
    expect(exit).toBe(0);
    const apps = APPS_OF[format]?.(out) ?? [];
    expect(apps.map((app) => app.split('@')[0]).sort()).toEqual(['app-0', 'app-1', 'app-2']);
    expect(new Set(apps.map((app) => app.split('@')[1])).size).toBe(1);
    expect(apps[0]).toMatch(/@[0-9a-f]{16}$/);
  });

  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,10}$/);
  const apps = fc
    .uniqueArray(name, { minLength: 1, maxLength: 20, selector: (each) => each.toLowerCase() })
    .map((names): PlannedApp[] =>
      names.map((each) => ({ name: each, id: each, fleetApp: `${each}@0123456789abcdef` })),
    );
  it('loses and doubles none, whatever the fleet', async () => {
    const { asYaml } = await import('@fusegate/shared/intake/fleet/plan-fleet');
    const found = FLEET_FORMATS.find(({ id }) => id === format);
    if (found === undefined) throw new Error(format);
    await fc.assert(
      fc.asyncProperty(apps, async (planned) => {
        const made = found.render({ file: 'f.yml', apps: planned });
        const out = { json: JSON.stringify, text: String, yaml: asYaml }[found.syntax];
        expect(APPS_OF[format]?.(await out(made))).toEqual(planned.map(({ fleetApp }) => fleetApp));
      }),
    );
  });
});

describe('a plan for GitHub', () => {
  it.each([
    [256, [256]],
    [257, [256, 1]],
    [512, [256, 256]],
    [513, [256, 256, 1]],
  ])('of %i apps keeps to the limit of a matrix', async (count, sizes) => {
    const { out } = await plan(await fleetOf(count), '--format', 'github');
    const whole = JSON.parse(out);
    expect(Array.isArray(whole)).toBe(sizes.length > 1);
    expect([whole].flat().map(({ include }) => include.length)).toEqual(sizes);
    // One line, as an output of a step takes it.
    expect(out.trim()).not.toContain('\n');
  });
});

describe('a plan for GitLab', () => {
  it('joins the results however the jobs end, and keeps back what is not to be shipped', async () => {
    const { out } = await plan(await fleetOf(2), '--format', 'gitlab');
    const pipeline = parse(out);
    expect(pipeline['fusegate-report']).toMatchObject({ stage: 'report', when: 'always' });
    expect(pipeline.stages.indexOf('report')).toBeGreaterThan(pipeline.stages.indexOf('protect'));
    expect(pipeline['.fusegate-app'].artifacts).toMatchObject({
      when: 'always',
      exclude: expect.arrayContaining([expect.stringContaining('private'), expect.stringContaining('rejected')]),
    });
  });
});

describe('a plan for Azure', () => {
  it('has keys that a matrix may have', async () => {
    const { out } = await plan(await fleetOf(3), '--format', 'azure');
    for (const key of Object.keys(JSON.parse(out))) expect(key).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);
  });
});

describe('a plan for CircleCI', () => {
  const schema = publishedSchema('circleci.schema.json');
  it.skipIf(schema === undefined)(
    'is a configuration by the published schema, where there is a copy of it',
    async () => {
      const problems = schemaProblems(schema ?? {});
      const { out } = await plan(await fleetOf(3), '--format', 'circleci');
      expect(problems(parse(out))).toEqual([]);
      expect(problems({ ...parse(out), jobs: { 'fusegate-app': { steps: 'none' } } })).not.toEqual([]);
    },
  );

  it('joins the results once every job has ended, however', async () => {
    const { out } = await plan(await fleetOf(2), '--format', 'circleci');
    const report = parse(out).workflows.fleet.jobs.at(-1)['fusegate-report'];
    expect(report.requires).toEqual([{ 'protect-app_0': 'terminal' }, { 'protect-app_1': 'terminal' }]);
  });
});

describe('an overlay', () => {
  it('is put over a pipeline: maps are merged, anything else is replaced', async () => {
    const cwd = await fleetOf(1);
    writeFileSync(
      path.join(cwd, 'over.yml'),
      '.fusegate-app: { image: node, script: [x] }\nfusegate-report: { tags: [a] }\ndefault: { retry: 1 }\n',
    );
    const { out } = await plan(cwd, '--format', 'gitlab', '--overlay', 'over.yml');
    expect(parse(out)).toMatchObject({
      '.fusegate-app': { image: 'node', script: ['x'], stage: 'protect' },
      'fusegate-report': { tags: ['a'], when: 'always' },
      default: { retry: 1 },
    });
  });

  it.each([
    ['github', 'over.yml', '{}'],
    ['gitlab', 'none.yml', '{}'],
    ['gitlab', 'over.yml', '- x'],
    ['gitlab', 'over.yml', '{'],
  ])('is refused: for %s, %s with %j', async (format, file, text) => {
    const cwd = await fleetOf(1);
    writeFileSync(path.join(cwd, 'over.yml'), text);
    const { exit, out, err } = await plan(cwd, '--format', format, '--overlay', file);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('--overlay');
  });
});

describe('plan', () => {
  it('knows the formats of the design', () => {
    expect(FLEET_FORMATS.map(({ id }) => id).sort()).toEqual([...FORMATS].sort());
  });

  it('names everything that is wrong at once, and prints no plan', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(
      path.join(cwd, 'fusegate.fleet.yml'),
      'version: 1\napps:\n  - app: a.apk\n  - app: b.apk\n    sgin: none\n',
    );
    const { exit, out, err } = await plan(cwd, '--format', 'gitlub');
    expect(exit).toBe(2);
    expect(out).toBe('');
    for (const each of ['--format', 'gitlab', 'fusegate.fleet.yml:5:5', 'sign']) expect(err).toContain(each);
    const { err: places } = await plan(cwd, '--format', 'gitlab', '--nonsense');
    expect(places).toContain('--nonsense');
  });

  it('needs both of its options', async () => {
    const io = fakeIo({ cwd: await fleetOf(1) });
    expect(await runCommandLine(['plan'], io)).toBe(2);
    expect(io.stderr.text).toContain('--fleet');
    expect(io.stderr.text).toContain('--format');
  });

  it('looks at names only: it never opens an app', async () => {
    const cwd = await temporaryFolder();
    // A file that is not an app, and a fleet that lists paths.
    writeFileSync(path.join(cwd, 'a.ipa'), 'not a ZIP');
    writeFileSync(path.join(cwd, 'fusegate.fleet.yml'), 'version: 1\napps: [{ app: a.ipa }]\n');
    expect((await plan(cwd, '--format', 'github')).exit).toBe(0);
  });
});
