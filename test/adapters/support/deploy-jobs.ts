/**
 * Where the deploy job of a page gets its files from. `verify` is of no use to a reader whose job cannot find the app: it must come from a
 * job that runs before it in the same pipeline, under the same name, with a result that is bound to it.
 */
import { parse } from 'yaml';
import type { FencedBlock } from './fenced-blocks.ts';

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapping = (value: unknown): Mapping => (isMapping(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
/** Every object below, itself included, in the order of the text. */
const objects = (value: unknown): Mapping[] =>
  Array.isArray(value)
    ? value.flatMap(objects)
    : isMapping(value)
      ? [value, ...Object.values(value).flatMap(objects)]
      : [];
const unless = (condition: boolean, problem: string): string[] => (condition ? [] : [problem]);

/** A script of the repository needs the sources, and fetching them must not remove what was downloaded before. */
function checkoutProblems(steps: Mapping[], isCheckout: (step: Mapping) => boolean, isDownload: typeof isCheckout) {
  const runsScript = steps.some((step) => /(^|\s)\.\//.test(String(step['run'] ?? step['script'] ?? '')));
  const [checkout, download] = [steps.findIndex(isCheckout), steps.findIndex(isDownload)];
  return unless(!runsScript || (checkout >= 0 && checkout < download), 'a script runs without the sources');
}

/** The run binds its result to the file only where the service signs. */
const bound = (job: unknown): string[] =>
  unless(
    objects(job).some(({ sign }) => sign === 'on-appdome'),
    'the result is not bound to the file',
  );

function github(document: Mapping): string[] {
  const jobs = mapping(document['jobs']);
  return Object.values(jobs).flatMap((job) => {
    const { needs, steps } = mapping(job);
    const all = objects(steps).filter((step) => typeof step['uses'] === 'string' || 'run' in step);
    const uses = (what: string) => (step: Mapping) => String(step['uses']).startsWith(what);
    return all.filter(uses('actions/download-artifact@')).flatMap((download) => {
      const { name } = mapping(download['with']);
      const makers = listOf(needs).map((one) => jobs[String(one)]);
      const maker = makers.find((one) =>
        objects(one).some((step) => uses('actions/upload-artifact@')(step) && mapping(step['with'])['name'] === name),
      );
      if (maker === undefined) return [`no job that it needs uploads ${name}`];
      return [...bound(maker), ...checkoutProblems(all, uses('actions/checkout@'), uses('actions/download-artifact@'))];
    });
  });
}

function azure(document: unknown): string[] {
  const stages = objects(document).filter(({ stage }) => typeof stage === 'string');
  return stages.flatMap((stage) =>
    objects(stage)
      .filter(({ download }) => download === 'current')
      .flatMap(({ artifact }) => {
        const before = stages.filter(({ stage: name }) => listOf(stage['dependsOn']).includes(name));
        const maker = before.find((one) => objects(one).some(({ artifactName }) => artifactName === artifact));
        if (maker === undefined) return [`no stage that it depends on publishes ${artifact}`];
        const isDownload = ({ download }: Mapping) => download === 'current';
        return [
          ...bound(maker),
          ...checkoutProblems(objects(stage), ({ checkout }) => checkout === 'self', isDownload),
        ];
      }),
  );
}

function bitrise(document: Mapping): string[] {
  const workflows = mapping(document['workflows']);
  return Object.entries(workflows).flatMap(([name, workflow]) => {
    const asked = objects(workflow).some(({ mode }) => mode === 'verify');
    if (!asked) return [];
    const before = objects(document['pipelines']).flatMap((one) => listOf(mapping(one[name])['depends_on']));
    const makers = before.map((one) => workflows[String(one)]);
    const shared = objects(makers).flatMap(({ pipeline_intermediate_files: files }) =>
      [...String(files ?? '').matchAll(/:(\w+)$/gm)].map(([, variable]) => `$${variable}`),
    );
    const taken = objects(workflow).flatMap(({ app, result, app_path: path }) => [app, result, path]);
    const lost = taken.filter((one) => one !== undefined && !shared.includes(String(one)));
    return [...lost.map((one) => `no workflow that it depends on shares ${one}`), ...bound(makers)];
  });
}

/** The files that a command line verifies. */
const verified = (line: string) => [...line.matchAll(/--(?:app|result) (\S+)/g)].map(([, file]) => file ?? '');

/** The component as the job that it adds, as far as a deploy job can see. */
function jobOfComponent({ component, inputs }: Mapping): Mapping[] {
  if (!/\/fusegate@/.test(String(component))) return [];
  const { stage = 'test', sign, 'output-dir': folder = 'fusegate-output' } = mapping(inputs);
  return [{ stage, script: `--sign ${sign}`, artifacts: { paths: [`${folder}/`] } }];
}

function gitlab(document: Mapping): string[] {
  const stages = listOf(document['stages']);
  const jobs = [
    ...Object.values(document).filter((job): job is Mapping => isMapping(job) && 'script' in job),
    ...listOf(document['include']).map(mapping).flatMap(jobOfComponent),
  ];
  return jobs.flatMap((job) => {
    const lines = listOf(job['script']).map(String);
    const before = jobs.filter((one) => stages.indexOf(one['stage']) < stages.indexOf(job['stage']));
    const kept = before.flatMap(({ artifacts }) => listOf(mapping(artifacts)['paths']).map(String));
    const taken = lines.filter((line) => / (?:run|verify) /.test(line)).flatMap(verified);
    const lost = taken.filter(
      (file) => !kept.some((path) => file === path || (path.endsWith('/') && file.startsWith(path))),
    );
    const isBound = before.some((one) => String(one['script']).includes('--sign on-appdome'));
    return [
      ...lost.map((file) => `no earlier job keeps ${file}`),
      ...unless(isBound || !lines.some((line) => line.includes(' verify ')), 'the result is not bound to the file'),
    ];
  });
}

function jenkins(code: string): string[] {
  const stashed = new Map(
    [...code.matchAll(/stash name: '([^']+)', includes: '([^']+)'/g)].map(([, name = '', files = '']) => [
      name,
      files.split(', '),
    ]),
  );
  const [before = '', ...later] = code.split(/unstash '[^']+'/);
  const names = [...code.matchAll(/unstash '([^']+)'/g)].map(([, name]) => name ?? '');
  const taken = [...later.join().matchAll(/\b(?:app|result): '([^']+)'/g)].map(([, file]) => file ?? '');
  const kept = names.flatMap((name) => stashed.get(name) ?? []);
  return [
    ...taken.filter((file) => !kept.includes(file)).map((file) => `nothing stashes ${file}`),
    ...unless(before.includes("sign: 'on-appdome'"), 'the result is not bound to the file'),
  ];
}

const CHECKS: Record<string, (text: string) => string[]> = {
  github: (text) => github(mapping(parse(text))),
  azure: (text) => azure(parse(text)),
  bitrise: (text) => bitrise(mapping(parse(text))),
  jenkins,
  gitlab: (text) => gitlab(mapping(parse(text))),
  'other-ci': (text) => gitlab(mapping(parse(text))),
};

export const DEPLOYING_PAGES = Object.keys(CHECKS);

const VERIFIES = /mode: '?verify|fusegate(?:\.cjs|@\S+) verify /;

/** The blocks of a page that hold a deploy job. */
export function deployJobs(blocks: readonly FencedBlock[]): string[] {
  return blocks.flatMap(({ text, language }) =>
    ['yaml', 'groovy'].includes(language) && VERIFIES.test(text) ? [text] : [],
  );
}

/** @param page without its folder and extension */
export function deployProblems(page: string, text: string): string[] {
  return CHECKS[page]?.(text) ?? ['no test knows the deploy job of this page'];
}
