/** task.json, vss-extension.json and step.yml by schemas of what is published about them (test/fixtures/schemas). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readStepManifest } from './support/bitrise-cli.ts';
import { ROOT } from './support/child-process.ts';
import { type JsonSchema, rulesOf } from './support/schema-rules.ts';

const json = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

// biome-ignore lint/suspicious/noExplicitAny: a manifest that is broken on purpose
type Break = (manifest: any) => void;

interface Manifest {
  name: string;
  schema: string;
  read: () => unknown;
  /** Rules that hold only under a condition, and mistakes that one makes. The words are those of the error. */
  broken: Array<[string, Break, RegExp]>;
}

const MANIFESTS: Manifest[] = [
  {
    name: 'azure-task/task.json',
    schema: 'azure-task.schema.json',
    read: () => json('azure-task/task.json'),
    broken: [
      ['a handler that no agent has', (m) => Object.assign(m.execution, { Node18: { target: 'x' } }), /Node18/],
      ['outputs under the old name', (m) => Object.assign(m, { OutputVariables: [] }), /OutputVariables/],
      ['a password input', (m) => Object.assign(m.inputs[0], { type: 'password' }), /inputs\/0\/type/],
      [
        'a connection without its type',
        (m) => Object.assign(m.inputs[0], { type: 'connectedService:' }),
        /inputs\/0\/type/,
      ],
      ['a default that is a number', (m) => Object.assign(m.inputs[0], { defaultValue: 5 }), /defaultValue/],
      ['a version in one text', (m) => Object.assign(m, { version: '0.1.0' }), /version must be object/],
      ['a mode of commands that is not', (m) => Object.assign(m.restrictions, { commands: { mode: 'all' } }), /mode/],
    ],
  },
  {
    name: 'azure-task/vss-extension.json',
    schema: 'azure-extension.schema.json',
    read: () => json('azure-task/vss-extension.json'),
    broken: [
      ['a key with a typing error', (m) => Object.assign(m, { contribution: [] }), /contribution/],
      ['a category of Visual Studio', (m) => Object.assign(m, { categories: ['Build and release'] }), /categories\/0/],
      ['a version of two parts', (m) => Object.assign(m, { version: '1.0' }), /version must match/],
      ['a task without its folder', (m) => delete m.contributions[0].properties.name, /'name'/],
      ['a task without properties', (m) => delete m.contributions[0].properties, /'properties'/],
      ['a connection without a scheme', (m) => delete m.contributions[1].properties.authenticationSchemes, /Schemes'/],
      [
        'a key that a form shows wrongly',
        (m) =>
          Object.assign(m.contributions[1].properties.authenticationSchemes[0].inputDescriptors[0], {
            inputMode: 'secret',
          }),
        /inputMode/,
      ],
      [
        'a scheme of another kind',
        (m) => Object.assign(m.contributions[1].properties.authenticationSchemes[0], { type: 'token' }),
        /type must match/,
      ],
    ],
  },
  {
    name: 'bitrise-step/step.yml',
    schema: 'bitrise-step.schema.json',
    read: () => readStepManifest(),
    broken: [
      ['tags that nothing reads any more', (m) => Object.assign(m, { host_os_tags: ['ubuntu-16.04'] }), /host_os_tags/],
      ['a kind of project that is gone', (m) => m.project_type_tags.push('xamarin'), /project_type_tags/],
      ['a choice whose default is empty', (m) => Object.assign(m.inputs[0], { mode: '' }), /fewer than 1 characters/],
      ['a choice without a default', (m) => Object.assign(m.inputs[0], { mode: null }), /mode must be string/],
      [
        'a secret that is not expanded',
        (m) => m.inputs.push({ secret: '', opts: { title: 'x', summary: 'x', is_sensitive: true, is_expand: false } }),
        /is_expand must be equal to constant/,
      ],
      ['a notification that does not always run', (m) => m.type_tags.push('notification'), /is_always_run must be/],
      [
        'a notification that does not say whether',
        (m) => {
          m.type_tags.push('notification');
          delete m.is_always_run;
        },
        /'is_always_run'/,
      ],
      ['two names in one input', (m) => Object.assign(m.inputs[1], { another: '' }), /more than 2/],
      ['a default that is a number', (m) => Object.assign(m.inputs[1], { api_key: 5 }), /api_key must be string,null/],
    ],
  },
];

describe.each(MANIFESTS)('$name', ({ schema: file, read, broken }) => {
  const original = read();
  /** To break. */
  const copy = () => structuredClone(original);
  const schema: JsonSchema = json(`test/fixtures/schemas/${file}`);
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, verbose: true });
  const validate = ajv.compile(schema);
  const errorsOf = (manifest: unknown) => (validate(manifest) ? [] : (validate.errors ?? []));

  it('is valid', () => {
    expect(errorsOf(original)).toEqual([]);
  });

  it('has no rule that could not refuse something', () => {
    const silent = rulesOf(schema).filter(({ part, keyword, missing, breakIn }) => {
      const errors = errorsOf(breakIn(copy()));
      const byIt = errors.filter((error) => error.parentSchema === part && error.keyword === keyword);
      return !byIt.some(({ params }) => missing === undefined || params.missingProperty === missing);
    });
    expect(silent.map(({ at, missing }) => [at, missing].join(' '))).toEqual([]);
    expect(rulesOf(schema).length).toBeGreaterThan(50);
  });

  it.each(broken)('would be refused: %s', (_what, change, said) => {
    const manifest = copy();
    change(manifest);
    const errors = errorsOf(manifest);
    const text = errors
      .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
      .join('\n');
    expect(`${ajv.errorsText(errors)}\n${text}`).toMatch(said);
  });
});
