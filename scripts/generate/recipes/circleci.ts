/**
 * recipes/circleci/orb.yml. Sources: circleci.com/docs, "Reusable configuration reference" and "Orb authoring".
 *
 * Parameters become variables of the step, because CircleCI puts them into a script as they are. A secret's parameter is the name of a
 * variable (`env_var_name`), as in every orb. `store_artifacts` and `store_test_results` run after a failed step, too.
 */
import publish from '../../../publish.json' with { type: 'json' };
import type { Mode } from '../../../shared/src/model/run-request.ts';
import { VERSION } from '../../../shared/src/model/version.ts';
import { REPOSITORY_URL } from '../manifest/repository.ts';
import { ORB_EXAMPLES, type OrbExample } from './circleci-examples.ts';
import { type RecipeInput, recipeInputs, secretVariable } from './inputs.ts';
import type { RecipeFile } from './recipes.ts';
import { fusegateScript, OPTION_VARIABLE, RELEASE_INPUTS } from './shell.ts';
import { recipeSystem } from './system-by-id.ts';
import { yamlText } from './yaml.ts';

/** As cimg/node is tagged. */
const NODE_IMAGE_TAG = '22.23.3';
/** What may be seen by everybody who sees the job: no certificate, no app that was held back. */
const PUBLISHED = 'fusegate-published';

type Parameters = Record<string, Record<string, unknown>>;

interface Command {
  mode: Mode;
  /** `run` is a step of CircleCI's own. */
  name: string;
  about: string;
}

const ORB_COMMANDS: readonly Command[] = [
  {
    mode: 'run',
    name: 'protect',
    about: 'Protects an app with Appdome; green only if its certificate proves the protections that you require.',
  },
  { mode: 'gate', name: 'gate', about: 'Judges a build or certificates that exist. It starts no build.' },
  { mode: 'validate', name: 'validate', about: 'Has the service check an app that you signed yourself.' },
  {
    mode: 'verify',
    name: 'verify',
    about: 'Checks a protected app against its result, before it is deployed. Needs no key and no network.',
  },
];

const parameter = (id: string) => `<< parameters.${id} >>`;

function parameterOf(input: RecipeInput): Record<string, unknown> {
  const { kind, choices, required, sentences } = input;
  const description = sentences.join(' ');
  switch (kind) {
    case 'switch':
      return { description, type: 'boolean', default: input.default === 'true' };
    case 'choice':
      return { description, type: 'enum', enum: choices, default: input.default };
    case 'secret':
      return {
        description: `Name of the variable that has it. ${description}`,
        type: 'env_var_name',
        default: secretVariable(input),
      };
    case 'text':
      return { description, type: 'string', ...(required ? {} : { default: input.default }) };
  }
}

function parametersOf(mode: Mode): Parameters {
  const inputs = recipeInputs(mode, recipeSystem('circleci'));
  return {
    ...Object.fromEntries(inputs.map((input) => [input.option.id, parameterOf(input)])),
    ...Object.fromEntries(
      RELEASE_INPUTS.map(({ id, text }) => [id, { description: text, type: 'string', default: '' }]),
    ),
  };
}

/** Copies the plain files of the output folder: what is private or held back is in folders of it. */
const PUBLISH_SCRIPT = `mkdir -p ${PUBLISHED}
for file in "$OPTION_OUTPUT_DIR"/*; do
  [ ! -f "$file" ] || cp "$file" ${PUBLISHED}/
done`;

function reportSteps(mode: Mode): unknown[] {
  if (mode === 'verify') return [];
  return [
    {
      run: {
        name: 'Collect what may be published',
        when: 'always',
        environment: { OPTION_OUTPUT_DIR: parameter('output-dir') },
        command: PUBLISH_SCRIPT,
      },
    },
    { store_test_results: { path: `${parameter('output-dir')}/fusegate-junit.xml` } },
    { store_artifacts: { path: PUBLISHED, destination: 'fusegate' } },
  ];
}

function command({ mode, name, about }: Command): [string, unknown] {
  const parameters = parametersOf(mode);
  const script = fusegateScript(mode, recipeInputs(mode, recipeSystem('circleci')), {
    variable: OPTION_VARIABLE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    secretOf: (variable) => '${!NAME:-}'.replace('NAME', variable),
  });
  const run = {
    name: `fusegate ${mode}`,
    shell: '/bin/bash -eo pipefail',
    environment: Object.fromEntries(Object.keys(parameters).map((id) => [OPTION_VARIABLE(id), parameter(id)])),
    command: script,
  };
  return [name, { description: about, parameters, steps: [{ run }, ...reportSteps(mode)] }];
}

function protectJob(): Record<string, unknown> {
  const parameters = parametersOf('run');
  const whenGiven = (id: string, ...steps: unknown[]) => ({ when: { condition: parameter(id), steps } });
  return {
    description: 'Gets the app from the workspace, protects it, and hands what may be published to later jobs.',
    executor: parameter('executor'),
    parameters: {
      executor: {
        description: 'Where the job runs: anything with Node 20.20 or newer.',
        type: 'executor',
        default: 'node',
      },
      checkout: {
        description: 'Check out the repository first, for a policy file in it.',
        type: 'boolean',
        default: true,
      },
      workspace: {
        description: 'Where the workspace of earlier jobs is attached. Empty: nowhere.',
        type: 'string',
        default: '.',
      },
      persist: {
        description: `Hand the folder ${PUBLISHED} to later jobs: the protected app, its result and the reports.`,
        type: 'boolean',
        default: true,
      },
      ...parameters,
    },
    steps: [
      whenGiven('checkout', 'checkout'),
      whenGiven('workspace', { attach_workspace: { at: parameter('workspace') } }),
      { protect: Object.fromEntries(Object.keys(parameters).map((id) => [id, parameter(id)])) },
      whenGiven('persist', { persist_to_workspace: { root: '.', paths: [PUBLISHED] } }),
    ],
  };
}

/** A whole configuration that uses the orb in this exact version. */
export function orbUsage({ jobs, workflows }: OrbExample): Record<string, unknown> {
  return {
    version: 2.1,
    orbs: { fusegate: `${publish.circleciOrb}@${VERSION}` },
    ...(jobs ? { jobs } : {}),
    workflows,
  };
}

export function circleciRecipe(): RecipeFile[] {
  const orb = {
    version: 2.1,
    description: 'Protects mobile apps with Appdome, and fails unless the certificate proves what you require.',
    display: { home_url: REPOSITORY_URL, source_url: REPOSITORY_URL },
    executors: {
      node: {
        description: 'An image with Node and npm.',
        parameters: {
          tag: { description: 'Tag of cimg/node.', type: 'string', default: NODE_IMAGE_TAG },
        },
        docker: [{ image: `cimg/node:${parameter('tag')}` }],
      },
    },
    commands: Object.fromEntries(ORB_COMMANDS.map(command)),
    jobs: { protect: protectJob() },
    examples: Object.fromEntries(
      Object.entries(ORB_EXAMPLES).map(([name, example]) => [
        name,
        { description: example.description, usage: orbUsage(example) },
      ]),
    ),
  };
  return [{ path: 'recipes/circleci/orb.yml', text: yamlText('The orb for CircleCI.', orb) }];
}
