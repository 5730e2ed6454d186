/**
 * recipes/gitlab/templates/: CI/CD components. Sources: docs.gitlab.com, "CI/CD components", "CI/CD inputs" and "Artifacts reports".
 *
 * Inputs become variables, because GitLab puts an input into a script as it is: a value could end a quotation there. It does so in the text
 * of the YAML, too (`Interpolation::TextInterpolator`), so each stands in a block, where no character ends it. GitLab replaces `$NAME` in a
 * variable, so an input may name one. Secrets are not inputs: whoever sees a pipeline sees its inputs.
 */
import { readFileSync } from 'node:fs';
import { Scalar } from 'yaml';
import type { Mode } from '../../../shared/src/model/run-request.ts';
import { UUID_FORM } from '../../../shared/src/model/uuid.ts';
import { type RecipeInput, recipeInputs } from './inputs.ts';
import type { RecipeFile } from './recipes.ts';
import { fusegateScript, OPTION_VARIABLE, RELEASE_INPUTS } from './shell.ts';
import { recipeSystem } from './system-by-id.ts';
import { yamlText } from './yaml.ts';

interface Component {
  mode: Mode;
  /** As users include it. */
  name: string;
  job: string;
  stage: string;
  about: string;
}

const GITLAB_COMPONENTS: readonly Component[] = [
  {
    mode: 'run',
    name: 'fusegate',
    job: 'fusegate',
    stage: 'test',
    about: 'Protects an app with Appdome; green only if its certificate proves the protections that you require.',
  },
  {
    mode: 'gate',
    name: 'gate',
    job: 'fusegate-gate',
    stage: 'test',
    about: 'Judges a build or certificates that exist. It starts no build.',
  },
  {
    mode: 'validate',
    name: 'validate',
    job: 'fusegate-validate',
    stage: 'test',
    about: 'Has the service check an app that you signed yourself.',
  },
  {
    mode: 'verify',
    name: 'verify',
    job: 'fusegate-verify',
    stage: 'deploy',
    about: 'Checks a protected app against its result, before it is deployed. Needs no key and no network.',
  },
];

/** The image of our own Dockerfile: an exact one, which has npm. */
function nodeImage(): string {
  const image = /^FROM (\S+)$/m.exec(readFileSync('cli/Dockerfile', 'utf8'))?.[1];
  if (image === undefined) throw new Error('cli/Dockerfile has no FROM line');
  return image;
}

/** GitLab's expressions are RE2, which has no look-around. */
function patternOf({ option: { type } }: RecipeInput): string | undefined {
  if (type.kind === 'uuid') return UUID_FORM.replaceAll('a-f', 'a-fA-F');
  if (type.kind === 'integer') return String.raw`\d+`;
  if (type.kind === 'duration') return String.raw`(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+`;
  const pattern = type.kind === 'string' ? type.pattern : undefined;
  if (pattern === undefined || pattern.flags !== '' || /\(\?[=!<]/.test(pattern.source)) return undefined;
  return pattern.source.replace(/^\^/, '').replace(/\$$/, '');
}

function specOf(input: RecipeInput): Record<string, unknown> {
  const { kind, choices, required, sentences } = input;
  const pattern = patternOf(input);
  const spec: Record<string, unknown> = { description: sentences.join(' ') };
  if (kind === 'switch') return { ...spec, type: 'boolean', default: input.default === 'true' };
  return {
    ...spec,
    type: 'string',
    ...(required ? {} : { default: input.default }),
    ...(kind === 'choice' ? { options: choices } : {}),
    // Nothing, something with a variable in it, or the form.
    ...(pattern === undefined ? {} : { regex: `^(?:|.*\\$.*|${pattern})$` }),
  };
}

function jobInputs({ job, stage }: Component): Record<string, unknown> {
  const text = (description: string, preset: string) => ({ description, type: 'string', default: preset });
  return {
    'job-name': text('Name of the job. Give each a name of its own if you include the component more than once.', job),
    stage: text('Stage of the job.', stage),
    image: text('Image that the job runs in: any that has Node 20.20 or newer and a shell.', nodeImage()),
    ...Object.fromEntries(RELEASE_INPUTS.map(({ id, text: about }) => [id, text(about, '')])),
  };
}

const interpolated = (id: string) => `$[[ inputs.${id} ]]`;

function block(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function artifactsOf(mode: Mode): Record<string, unknown> {
  if (mode === 'verify') return {};
  const dir = interpolated('output-dir');
  return {
    artifacts: {
      when: 'always',
      // Certificates are confidential, and a held-back app is not to be shipped.
      paths: [`${dir}/`],
      exclude: [`${dir}/private/**`, `${dir}/rejected/**`, `${dir}/previous/**`],
      reports: {
        junit: `${dir}/fusegate-junit.xml`,
        codequality: `${dir}/gl-code-quality-report.json`,
        ...(mode === 'run' ? { dotenv: `${dir}/private/fusegate.dotenv` } : {}),
      },
    },
  };
}

function component(spec: Component): RecipeFile {
  const inputs = recipeInputs(spec.mode, recipeSystem('gitlab'));
  const given = inputs.filter(({ kind }) => kind !== 'secret');
  const ids = [...RELEASE_INPUTS.map(({ id }) => id), ...given.map(({ option }) => option.id)];
  const header = {
    spec: {
      inputs: {
        ...jobInputs(spec),
        ...Object.fromEntries(given.map((input) => [input.option.id, specOf(input)])),
      },
    },
  };
  const job = {
    [interpolated('job-name')]: {
      stage: interpolated('stage'),
      image: interpolated('image'),
      variables: Object.fromEntries(ids.map((id) => [OPTION_VARIABLE(id), block(interpolated(id))])),
      script: [fusegateScript(spec.mode, inputs, { variable: OPTION_VARIABLE })],
      ...artifactsOf(spec.mode),
    },
  };
  return { path: `recipes/gitlab/templates/${spec.name}.yml`, text: yamlText(spec.about, header, job) };
}

export function gitlabRecipe(): RecipeFile[] {
  return GITLAB_COMPONENTS.map(component);
}
