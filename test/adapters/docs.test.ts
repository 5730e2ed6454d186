/** The how-to pages of Azure, Bitrise and Jenkins: every snippet parses, and every input in it is one. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { optionOfInput } from '@fusegate/shared/options/spelling';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { JENKINS } from '@fusegate/shared/options/systems/jenkins';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readTaskManifest } from './support/azure-agent.ts';
import { entryOf, readStepManifest } from './support/bitrise-cli.ts';
import { ROOT } from './support/child-process.ts';

function snippets(page: string, language: string): string[] {
  const text = readFileSync(path.join(ROOT, 'docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');
}

/** Every object below a value that has the key. */
function having(value: unknown, key: string): Array<Record<string, unknown>> {
  if (Array.isArray(value)) return value.flatMap((each) => having(each, key));
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.keys(value).some((each) => each === key) ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((each) => having(each, key))];
}

describe('docs/azure.md', () => {
  const names = new Set(
    readTaskManifest().inputs.flatMap(({ name, aliases }) =>
      [name, ...(aliases ?? [])].map((each) => each.toLowerCase()),
    ),
  );
  const tasks = snippets('azure.md', 'yaml').flatMap((text) => having(parse(text), 'task'));
  const own = tasks.filter(({ task }) => String(task).startsWith('Fusegate@'));

  it('has snippets', () => expect(own.length).toBeGreaterThan(8));
  it.each(own.map((task, index) => ({ index, inputs: Object.keys((task['inputs'] ?? {}) as object) })))(
    'snippet $index: $inputs',
    ({ inputs }) => {
      for (const name of inputs) expect([...names], name).toContain(name.toLowerCase());
    },
  );
});

describe('docs/bitrise.md', () => {
  const names = new Set(readStepManifest().inputs.map((entry) => entryOf(entry)[0]));
  const steps = snippets('bitrise.md', 'yaml').flatMap((text) =>
    having(parse(text), 'git::https://HOST/OWNER/fusegate-step.git@0.1.0'),
  );

  it('has snippets', () => expect(steps.length).toBeGreaterThan(7));
  it.each(
    steps.map((step, index) => {
      const { inputs } = Object.values(step)[0] as { inputs: Array<Record<string, string>> };
      return { index, inputs: inputs.flatMap((entry) => Object.keys(entry)) };
    }),
  )('snippet $index: $inputs', ({ inputs }) => {
    for (const name of inputs) expect([...names], name).toContain(name);
  });
});

describe('docs/jenkins.md and the examples', () => {
  const files = ['Jenkinsfile.declarative', 'Jenkinsfile.scripted'].map((name) =>
    readFileSync(path.join(ROOT, 'jenkins-shim/examples', name), 'utf8'),
  );
  const texts = [...snippets('jenkins.md', 'groovy'), ...files];
  const OWN = new Set(['credentials', 'fileCredentials', 'unstable', 'junit', 'archive', 'node']);

  it('every argument is an option or one of the step', () => {
    const calls = texts.flatMap((text) =>
      [...text.matchAll(/fusegate\(((?:[^()]|\([^()]*\))*)\)/g)].map((match) => match[1] ?? ''),
    );
    expect(calls.length).toBeGreaterThan(10);
    for (const call of calls) {
      const plain = call.replaceAll(/'[^']*'/g, "''").replaceAll(/\/\/.*$/gm, '');
      const names = [...plain.matchAll(/(\w+):/g)].map((match) => match[1] ?? '');
      expect(names.length, call).toBeGreaterThan(0);
      for (const name of names) {
        const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        const known = OWN.has(name) || optionOfInput(kebab, JENKINS) || optionOfInput(name, JENKINS);
        expect(known, `${name} in ${call}`).toBeTruthy();
      }
    }
  });

  it('the freestyle example and the script in the page use flags that are there', () => {
    const scripts = [
      ...snippets('jenkins.md', 'sh'),
      readFileSync(path.join(ROOT, 'jenkins-shim/examples/freestyle.sh'), 'utf8'),
    ];
    const flags = scripts.flatMap((text) => [...text.matchAll(/ --([a-z][a-z0-9-]+)/g)].map((match) => match[1] ?? ''));
    expect(flags.length).toBeGreaterThan(8);
    for (const flag of flags) expect(optionOfInput(flag, JENKINS), flag).toBeDefined();
  });
});

describe('docs/other-ci.md', () => {
  const jobs = snippets('other-ci.md', 'yaml').flatMap((text) => having(parse(text), 'script'));
  const commands = [
    ...jobs.flatMap(({ script }) => script as string[]).filter((line) => line.includes('fusegate.cjs')),
    ...snippets('other-ci.md', 'sh').flatMap((text) => text.split('\n').filter((line) => line.startsWith('fusegate '))),
  ];

  it('has a run, a verify and two gates', () => {
    const modes = commands.map((line) => /fusegate(?:\.cjs)? (\w+)/.exec(line)?.[1]);
    expect(modes.sort()).toEqual(['gate', 'gate', 'run', 'verify']);
  });
  it.each(commands)('%s', (command) => {
    const flags = [...command.matchAll(/ --([a-z][a-z0-9-]+)/g)].map((match) => match[1] ?? '');
    expect(flags.length).toBeGreaterThan(1);
    for (const flag of flags) expect(optionOfInput(flag, CLI), flag).toBeDefined();
  });
});
