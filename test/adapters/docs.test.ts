/** The how-to pages of all systems. What stands in the snippets of one is for the tests of its plugin. */
import { inputName, optionOfInput } from '@fusegate/shared/options/spelling';
import { PLUGINS } from '@fusegate/shared/options/systems';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { having, snippets } from './support/doc-snippets.ts';

it.each(PLUGINS)('docs/$id.md shows a gate in the spelling of its system', (system) => {
  expect(snippets(`${system.id}.md`, '\\w+').join()).toContain(inputName('required-features', system));
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
