/** The recipes for TeamCity: by the rules that JetBrains publishes, and run by a shell against the embedded build service. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '@fusegate/shared/model/version';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PUBLISH } from '../../scripts/publish.mjs';
import { ROOT } from '../adapters/support/child-process.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { protectInputs, quickRelease, resultIn, runScript, workspace } from './support/release.ts';
import { serviceMessages } from './support/service-messages.ts';

interface Input {
  type: string;
  label: string;
  description: string;
  required: boolean;
  default?: string;
  options?: string[];
}

interface Recipe {
  name: string;
  title: string;
  version: string;
  description: string;
  inputs: Array<Record<string, Input>>;
  steps: Array<{ name: string; script: string }>;
}

const FOLDER = path.join(ROOT, 'recipes/teamcity');
const RECIPES = readdirSync(FOLDER).map((file) => ({
  file,
  recipe: parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Recipe,
}));
const inputsOf = ({ inputs }: Recipe) => Object.fromEntries(inputs.flatMap((each) => Object.entries(each)));

/** jetbrains.com/help/teamcity/recipe-yaml-syntax.html, for recipes on the Marketplace. */
describe.each(RECIPES)('$file', ({ recipe }) => {
  const inputs = Object.entries(inputsOf(recipe));

  it('has a name, a version and texts as they may be', () => {
    const [namespace = '', name = ''] = recipe.name.split('/');
    expect(namespace).toBe(PUBLISH.teamcityNamespace);
    for (const part of [namespace, name]) expect(part).toMatch(/^(?=.{5,30}$)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/);
    expect(recipe.version).toBe(VERSION);
    expect(recipe.title).not.toBe('');
    expect(recipe.description.length).toBeLessThanOrEqual(250);
    expect(Object.keys(recipe)).toEqual(['name', 'title', 'version', 'description', 'inputs', 'steps']);
  });

  it('has inputs of the types that there are, and a default where none is required', () => {
    for (const [name, { type, label, description, required, default: preset, options, ...more }] of inputs) {
      expect(name).toMatch(/^env\.input_[a-z0-9_]+$/);
      expect(['text', 'boolean', 'select', 'password']).toContain(type);
      expect(label.length).toBeLessThanOrEqual(100);
      expect(description.length, name).toBeLessThanOrEqual(250);
      expect(typeof preset === 'string', name).toBe(!required);
      expect(options === undefined || options.includes(preset ?? '')).toBe(true);
      expect(options !== undefined).toBe(type === 'select');
      expect(type !== 'boolean' || ['true', 'false'].includes(preset ?? '')).toBe(true);
      expect(more).toEqual({});
    }
  });

  it('reads every input in its script, which TeamCity does not change', () => {
    const script = recipe.steps.map((step) => step.script).join('\n');
    expect(script.length).toBeLessThanOrEqual(50_000);
    // A reference to a parameter would be replaced before any shell sees it.
    expect(script).not.toContain('%');
    for (const [name] of inputs) expect(script).toContain(name.slice('env.'.length));
    expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
  });
});

describe('its scripts', () => {
  let service: Service;
  let set: string;
  let release: Record<string, string>;

  beforeAll(async () => {
    service = await startService(['--shape', 'A']);
    set = (await service.fusionSet('small')).id;
    release = quickRelease();
  });
  afterAll(() => service.stop());

  /** As an agent runs it: every input is a variable, an empty one too. */
  async function run(file: string, given: Record<string, string>) {
    const found = RECIPES.find((each) => each.file === file);
    if (found === undefined) throw new Error(`no recipe ${file}`);
    const cwd = workspace();
    const variable = (id: string) => `env.input_${id.replaceAll('-', '_')}`;
    const values = Object.fromEntries(
      Object.entries({ ...release, ...given }).map(([id, value]) => [variable(id), value]),
    );
    const inputs = inputsOf(found.recipe);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(values)));
    const env = Object.entries(inputs).map(([name, { default: preset }]) => [
      name.slice('env.'.length),
      values[name] ?? preset ?? '',
    ]);
    const [step] = found.recipe.steps;
    const end = await runScript(['/bin/sh'], step?.script ?? '', {
      cwd,
      env: {
        ...{ TEAMCITY_VERSION: '2026.1', BUILD_NUMBER: '42', APPDOME_SERVER_BASE_URL: service.url },
        ...Object.fromEntries(env),
      },
    });
    return { ...end, cwd, messages: serviceMessages(end.log) };
  }

  it('fusegate.yml: red without the protection, told by messages that TeamCity reads', async () => {
    const end = await run('fusegate.yml', {
      ...protectInputs(set, 'Detect Developer Options'),
      'api-key': API_KEY,
    });
    expect(end.exit, end.log).toBe(6);
    expect(resultIn(path.join(end.cwd, 'fusegate-output'))).toMatchObject({
      verdict: 'fail',
      ci: { system: 'teamcity' },
    });
    expect(end.messages.map(({ name }) => name)).toEqual(expect.arrayContaining(['buildProblem', 'importData']));
    const artifacts = end.messages.filter(({ name }) => name === 'publishArtifacts').map(({ values }) => values['']);
    expect(artifacts.join()).toContain('fusegate-report.html');
    expect(artifacts.filter((rule) => /private|rejected|\.apk/.test(rule ?? ''))).toEqual([]);
    expect(end.log).not.toContain(API_KEY);
  });

  it('fusegate-gate.yml: judges a certificate, without a key', async () => {
    const end = await run('fusegate-gate.yml', {
      certificate: path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf'),
      'required-features': 'Root Detection',
    });
    expect(end.exit, end.log).toBe(0);
    expect(end.files).toContain('fusegate-output/fusegate-result.json');
  });
});
