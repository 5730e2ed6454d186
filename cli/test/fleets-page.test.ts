/** docs/fleets.md: every example parsed, run, or held against what the command prints and the plugins take. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readFleetText } from '@fusegate/shared/intake/fleet/fleet-file';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { publishedSchema, schemaProblems } from '../../shared/test/support/json-schema.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const PAGE = read('docs/fleets.md');

/** The examples below a heading, in their order. */
function examples(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
}
const example = (heading: string, index = 0) => examples(heading)[index] ?? '';

async function plan(format: string, overlay?: string) {
  const cwd = await temporaryFolder();
  mkdirSync(path.join(cwd, 'apps'));
  for (const name of ['acme', 'globex', 'hooli']) writeFileSync(path.join(cwd, `apps/${name}.apk`), '');
  writeFileSync(path.join(cwd, 'fusegate.fleet.yml'), 'version: 1\napps: [{ app: apps/*.apk }]\n');
  if (overlay !== undefined) writeFileSync(path.join(cwd, 'over.yml'), overlay);
  const io = fakeIo({ cwd });
  const words = overlay === undefined ? [] : ['--overlay', 'over.yml'];
  const exit = await runCommandLine(['plan', '--fleet', 'fusegate.fleet.yml', '--format', format, ...words], io);
  expect(exit, io.stderr.text).toBe(0);
  return io.stdout.text;
}

it('has a fleet file that is one, by the parser and by the published schema', async () => {
  const text = example('The fleet file');
  const { file, problems } = await readFleetText(text, 'page', '.');
  expect(problems).toEqual([]);
  expect(file?.items).toHaveLength(3);
  const problemsOf = schemaProblems(JSON.parse(read('docs/schemas/fusegate-fleet.schema.json')));
  expect(problemsOf(parse(text))).toEqual([]);
  expect(problemsOf({ version: 1, apps: [{ app: 'a.apk', 'keystore-password': 'x' }] })).not.toEqual([]);
  expect(problemsOf({ version: 1, apps: [{ app: 'a.apk', sgin: 'none' }] })).not.toEqual([]);
});

it('uses on GitHub what a plan has and the action takes', async () => {
  const { jobs } = parse(example('GitHub'));
  const [first] = JSON.parse(await plan('github')).include;
  const inputs = Object.keys(parse(read('actions/action.yml')).inputs);
  const [, part, called] = examples('GitHub').map((text) => parse(text));
  for (const { protect } of [{ protect: jobs.protect }, called.jobs]) {
    const used = [...JSON.stringify(protect).matchAll(/matrix\.([\w-]+)/g)].map(([, key]) => key);
    expect(new Set(used)).toEqual(new Set(Object.keys(first)));
    const action = protect.steps.find(({ uses = '' }) => uses.includes('fusegate-action'));
    expect(inputs).toEqual(expect.arrayContaining(Object.keys(action.with)));
  }
  expect(Object.keys(part.protect.with)).toEqual(Object.keys(called.on.workflow_call.inputs));
  expect(jobs.report.if).toBe('always()');
});

it('puts an overlay over the plan for GitLab', async () => {
  const parent = parse(example('GitLab'));
  expect(parent.protect.trigger.include[0].artifact).toBe(parent.plan.artifacts.paths[0]);
  const child = parse(await plan('gitlab', example('GitLab', 1)));
  expect(child['.fusegate-app']).toMatchObject({ image: 'node:24', script: [expect.stringContaining('run --fleet')] });
  expect(child['.fusegate-app'].needs).toEqual([{ pipeline: '$BUILT_BY', job: 'build' }]);
  expect(Object.keys(parent.protect.variables)).toEqual(['BUILT_BY']);
});

it('uses on Azure what a plan has and the task takes', async () => {
  const { jobs } = parse(example('Azure'));
  const task = JSON.parse(read('azure-task/task.json'));
  const step = jobs[1].steps.find((each: { task?: string }) => each.task);
  const names = task.inputs.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(step.inputs)));
  const [variables] = Object.values(JSON.parse(await plan('azure'))) as object[];
  expect(Object.keys(variables ?? {})).toEqual(['fleetApp']);
  expect(step.inputs.fleetApp).toBe('$(fleetApp)');
  const [, job, name] = /dependencies\.(\w+)\.outputs\['(\w+)\.matrix'\]/.exec(jobs[1].strategy.matrix) ?? [];
  expect([jobs[0].job, jobs[0].steps[0].name]).toEqual([job, name]);
});

const circleci = publishedSchema('circleci.schema.json');
it.skipIf(circleci === undefined)(
  'has a configuration for CircleCI by the published schema, where there is a copy',
  () => {
    expect(schemaProblems(circleci ?? {})(parse(example('CircleCI')))).toEqual([]);
  },
);

it('calls fusegateFleet of Jenkins with what it takes', () => {
  const library = read('jenkins-shim/vars/fusegateFleet.groovy');
  const call = /fusegateFleet\(([\s\S]*?)\)\n/.exec(example('Jenkins'))?.[1] ?? '';
  const given = [...call.matchAll(/(?<![\w[])(\w+):/g)].map(([, name]) => name);
  expect(given).toEqual(['fleet', 'apps', 'label', 'prepare', 'credentials']);
  for (const name of ['apps', 'label', 'prepare']) expect(library).toContain(`options.remove('${name}')`);
});

it.skipIf(process.platform === 'win32')(
  'takes on Bitrise the app at the index of a copy, and joins what all have shared',
  async () => {
    const { pipelines, workflows } = parse(example('Bitrise'));
    expect(pipelines.fleet.workflows.report).toEqual({ depends_on: ['protect'], should_always_run: 'workflow' });
    const scripts = (name: string): string[] =>
      workflows[name].steps.flatMap((step: Record<string, { inputs?: Array<{ content?: string }> }>) =>
        (step['script@1']?.inputs ?? []).flatMap(({ content }) => content ?? []),
      );
    const cwd = await temporaryFolder();
    const bin = path.join(cwd, 'bin');
    mkdirSync(bin);
    // Both programs write down what they were called with; npx prints the plan.
    writeFileSync(path.join(cwd, 'printed'), await plan('bitrise'));
    writeFileSync(path.join(bin, 'envman'), '#!/bin/sh\necho "$3=$5" >> envman.txt\n');
    writeFileSync(
      path.join(bin, 'npx'),
      '#!/bin/sh\ncase "$*" in *plan*) cat printed;; *) echo "$@"; ls results;; esac\n',
    );
    for (const name of ['envman', 'npx']) chmodSync(path.join(bin, name), 0o755);
    const run = (script: string | undefined, env: Record<string, string>) => {
      const PATH = `${bin}:${process.env.PATH}`;
      const done = spawnSync('bash', ['-c', script ?? ''], { cwd, encoding: 'utf8', env: { PATH, ...env } });
      expect(done.status, done.stderr).toBe(0);
      return done.stdout;
    };
    run(scripts('plan')[0], {});
    const shared = Object.fromEntries(
      readFileSync(path.join(cwd, 'envman.txt'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2)),
    );
    expect(shared).toMatchObject({ FLEET_SIZE: '3' });
    expect(workflows.plan.steps.at(-1)['share-pipeline-variable@1'].inputs[0].variables.split('\n')).toEqual(
      Object.keys(shared),
    );
    run(scripts('protect')[0], { ...shared, BITRISE_IO_PARALLEL_INDEX: '1' });
    expect(readFileSync(path.join(cwd, 'envman.txt'), 'utf8')).toMatch(/^FUSEGATE_FLEET_APP=globex@[0-9a-f]{16}$/m);
    for (const name of ['a', 'b']) writeFileSync(path.join(cwd, `${name}.json`), '{}');
    const joined = run(scripts('report')[0], {
      RESULT_0: path.join(cwd, 'a.json'),
      RESULT_11: path.join(cwd, 'b.json'),
    });
    expect(joined).toContain('report --fleet fusegate.fleet.yml results/*.json');
    expect(joined).toMatch(/^0\.json\n11\.json$/m);
    const inputs = parse(read('bitrise-step/step.yml')).inputs.flatMap((input: object) => Object.keys(input));
    const step = workflows.protect.steps
      .flatMap((each: object) => Object.entries(each))
      .find(([name]: [string, unknown]) => name.startsWith('git::'));
    expect(inputs).toEqual(expect.arrayContaining(step?.[1].inputs.flatMap((input: object) => Object.keys(input))));
  },
);

it('names the commands with options that they have', async () => {
  for (const [, command = '', options = ''] of PAGE.matchAll(
    /fusegate(?:@[\d.]+)? (plan|run|report)((?: [^\n#|>")]*)?)/g,
  )) {
    const io = fakeIo();
    await runCommandLine([command, '--help'], io);
    for (const [flag] of options.matchAll(/--[a-z-]+/g)) expect(io.stdout.text, command).toContain(flag);
  }
});
