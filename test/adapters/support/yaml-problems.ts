/** What is wrong with a YAML snippet: a policy, the test file of one, a fleet, or (part of) a pipeline of a system. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readFleetText } from '@fusegate/shared/intake/fleet/fleet-file';
import { readPolicyTest } from '@fusegate/shared/jobs/policy-test';
import { VERSION } from '@fusegate/shared/model/version';
import { readPolicyText } from '@fusegate/shared/policy/file/policy-file';
import { policyJsonSchema } from '@fusegate/shared/policy/file/policy-json-schema';
import { parse, parseAllDocuments } from 'yaml';
import { PUBLISH } from '../../../scripts/publish.mjs';
import { ROOT } from './child-process.ts';
import { circleciProblems, orbUses } from './circleci-problems.ts';
import { commandLines, commandProblems } from './shell-problems.ts';

type Mapping = Record<string, unknown>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strangers(what: string, names: Iterable<string>, known: Iterable<string>): string[] {
  const all = new Set(known);
  return [...names].filter((name) => !all.has(name)).map((name) => `${what} has no ${name}`);
}

/** Of a GitLab component, its first document. */
const readManifest = (file: string) => parseAllDocuments(readFileSync(path.join(ROOT, file), 'utf8'))[0]?.toJS();
/** By file. */
const manifests = new Map<string, ReturnType<typeof readManifest>>();

/** Read once: each takes longer than a snippet. */
function manifest(file: string): ReturnType<typeof readManifest> {
  if (!manifests.has(file)) manifests.set(file, readManifest(file));
  return manifests.get(file);
}

/** Every object below a value that has the key. */
function having(value: unknown, key: string): Array<Record<string, unknown>> {
  if (Array.isArray(value)) return value.flatMap((each) => having(each, key));
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.keys(value).some((each) => each === key) ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((each) => having(each, key))];
}

/** How the steps of a system look that are ours. */
interface StepForm {
  /** The key by which any of its steps is known. */
  key: RegExp;
  ours: RegExp;
  /** What may stand in a step. */
  keys: readonly string[];
  inputs: string;
  /** Compared without case. */
  anyCase?: boolean;
  /** Only this very version may be named. */
  exact?: boolean;
  known(value: string): string[];
}

const FORMS: readonly StepForm[] = [
  {
    key: /^uses$/,
    ours: new RegExp(`^${PUBLISH.githubAction}@`),
    keys: ['id', 'name', 'if', 'uses', 'with', 'env', 'continue-on-error', 'timeout-minutes', 'working-directory'],
    inputs: 'with',
    known: () => Object.keys(manifest('actions/action.yml').inputs),
  },
  {
    key: /^task$/,
    ours: /^Fusegate@/,
    keys: [
      ...['task', 'name', 'displayName', 'inputs', 'condition', 'env', 'enabled'],
      ...['continueOnError', 'retryCountOnTaskFailure', 'timeoutInMinutes'],
    ],
    inputs: 'inputs',
    anyCase: true,
    known: () =>
      manifest('azure-task/task.json').inputs.flatMap((each: { name: string; aliases?: string[] }) => [
        each.name,
        ...(each.aliases ?? []),
      ]),
  },
  {
    key: /^component$/,
    ours: new RegExp(`^${PUBLISH.gitlabComponent}/`),
    exact: true,
    keys: ['component', 'inputs', 'rules'],
    inputs: 'inputs',
    known: (name) => Object.keys(manifest(`recipes/gitlab/templates/${/\/([a-z]+)@/.exec(name)?.[1]}.yml`).spec.inputs),
  },
  {
    key: /^uses$/,
    ours: new RegExp(`^${PUBLISH.teamcityNamespace}/fusegate(?:-(?:gate|validate|verify))?@`),
    exact: true,
    keys: ['name', 'uses', 'inputs'],
    inputs: 'inputs',
    known: (name) =>
      manifest(`recipes/teamcity/${/\/([a-z-]+)@/.exec(name)?.[1]}.yml`).inputs.flatMap((each: Mapping) =>
        Object.keys(each),
      ),
  },
];

function stepProblems(document: unknown, form: StepForm): string[] {
  const steps = stepsOf(document, form.key).filter(([value]) => form.ours.test(value));
  const fold = (name: string) => (form.anyCase ? name.toLowerCase() : name);
  return steps.flatMap(([value, step]) => [
    ...(form.exact && !value.endsWith(`@${VERSION}`) ? [`not pinned to ${VERSION}: ${value}`] : []),
    ...strangers(`a step with ${value}`, Object.keys(step), form.keys),
    ...strangers(value, Object.keys((step[form.inputs] ?? {}) as Mapping).map(fold), form.known(value).map(fold)),
  ]);
}

/** Every object below that has such a key with a text, and that text. */
function stepsOf(node: unknown, key: RegExp): Array<[string, Mapping]> {
  if (Array.isArray(node)) return node.flatMap((each) => stepsOf(each, key));
  if (!isMapping(node)) return [];
  const found = Object.entries(node).find(([name, value]) => key.test(name) && typeof value === 'string');
  return [
    ...(found ? [[String(found[1]), node] as [string, Mapping]] : []),
    ...Object.values(node).flatMap((each) => stepsOf(each, key)),
  ];
}

/** Bitrise names a step by its key. */
const BITRISE_STEP = `git::${PUBLISH.bitriseStep}@${VERSION}`;

function bitriseProblems(document: unknown): string[] {
  const known = manifest('bitrise-step/step.yml').inputs.flatMap((each: Mapping) => Object.keys(each));
  return having(document, BITRISE_STEP).flatMap((step) => {
    const { inputs, ...more } = step[BITRISE_STEP] as Mapping & { inputs: Mapping[] };
    return [
      ...strangers('a Bitrise step', Object.keys(more), ['title', 'is_always_run', 'is_skippable', 'run_if']),
      ...strangers(
        BITRISE_STEP,
        inputs.flatMap((each) => Object.keys(each)),
        known,
      ),
    ];
  });
}

/** Scripts of every system: a text, or a list of them. */
function scriptsOf(document: unknown): string[] {
  return ['script', 'run', 'bash', 'command']
    .flatMap((key) => having(document, key).map((each) => each[key]))
    .flatMap((script) => (Array.isArray(script) ? script : [script]))
    .filter((script): script is string => typeof script === 'string');
}

function pipelineProblems(document: unknown): string[] {
  const scripts = scriptsOf(document);
  const steps = FORMS.flatMap((form) => stepsOf(document, form.key));
  const known = scripts.length + steps.length + having(document, BITRISE_STEP).length + orbUses(document).length;
  if (known === 0) return ['no test knows what this is'];
  return [
    ...FORMS.flatMap((form) => stepProblems(document, form)),
    ...bitriseProblems(document),
    ...circleciProblems(document),
    ...scripts.flatMap((script) => commandLines(script).flatMap(commandProblems)),
  ];
}

async function policyProblems(text: string, document: Mapping): Promise<string[]> {
  // A fragment is a policy once it has a version.
  const whole = Object.hasOwn(document, 'version') ? text : `${text}\nversion: 1\n`;
  const reading = await readPolicyText(whole, 'policy');
  return reading.ok ? [] : reading.problems.map((problem) => JSON.stringify(problem));
}

export async function yamlProblems(text: string): Promise<string[]> {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    return [(error as Error).message];
  }
  if (!isMapping(document)) return pipelineProblems(document);
  if (Object.hasOwn(document, 'cases')) {
    const reading = await readPolicyTest(text, 'policy test');
    return reading.ok ? [] : reading.problems.map((problem) => JSON.stringify(problem));
  }
  if (Object.hasOwn(document, 'apps')) {
    return (await readFleetText(text, 'fleet', '.')).problems.map((problem) => JSON.stringify(problem));
  }
  // Put over a plan by cli/test/fleets-page.test.ts.
  if (Object.hasOwn(document, '.fusegate-app')) return [];
  const keys = Object.keys((policyJsonSchema()['properties'] ?? {}) as Mapping);
  const isPolicy = Object.keys(document).every((key) => keys.includes(key));
  return isPolicy ? policyProblems(text, document) : pipelineProblems(document);
}
