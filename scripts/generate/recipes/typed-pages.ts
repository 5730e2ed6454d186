/** The generated parts of docs/gitlab.md, docs/circleci.md and docs/teamcity.md; the rest of these pages is written by hand. */
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { replaceBetween } from '../replace-between.mjs';
import { orbUsage } from './circleci.ts';
import { ORB_EXAMPLES } from './circleci-examples.ts';
import type { OldName } from './migrations.ts';
import { ORB_JOBS, ORB_NAMES } from './migrations-circleci.ts';
import { TEAMCITY_NAMES, TEAMCITY_OUTPUTS } from './migrations-teamcity.ts';
import type { RecipeFile } from './recipes.ts';
import { inputVariable } from './teamcity.ts';

/** An option as the inputs of the system are called. */
type Named = (id: string) => string;

const ORB_NAMED: Named = (id) => id;
const TEAMCITY_NAMED: Named = (id) => `env.${inputVariable(id)}`;

function migrationRow({ old, option, instead }: OldName, named: Named): string {
  return `| \`${old}\` | ${option === undefined ? '–' : `\`${named(option)}\``} | ${instead ?? ''} |`;
}

function table(heads: readonly string[], names: readonly OldName[], named: Named): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(heads), row(heads.map(() => '---')), ...names.map((name) => migrationRow(name, named))].join('\n');
}

function example(name: string): string {
  const found = ORB_EXAMPLES[name];
  if (found === undefined) throw new RangeError(`no example ${name}`);
  return `\`\`\`yaml\n${stringify(orbUsage(found), { version: '1.1', lineWidth: 0 })}\`\`\``;
}

/** By page, then by the name of the part. */
const PARTS: Readonly<Record<string, Record<string, () => string>>> = {
  'docs/circleci.md': {
    'first step': () => example('protect_and_deploy'),
    'gate only': () => example('gate_only'),
    jobs: () => table(['job or command', 'here', ''], ORB_JOBS, ORB_NAMED),
    names: () => table(['parameter', 'here', ''], ORB_NAMES, ORB_NAMED),
  },
  'docs/teamcity.md': {
    names: () => table(['field', 'input here', ''], TEAMCITY_NAMES, TEAMCITY_NAMED),
    outputs: () => table(['parameter that it sets', '', 'here'], TEAMCITY_OUTPUTS, TEAMCITY_NAMED),
  },
};

export function typedPages(): RecipeFile[] {
  return Object.entries(PARTS).map(([path, parts]) => ({
    path,
    text: Object.entries(parts).reduce(
      (text, [name, part]) => replaceBetween(text, name, `\n${part()}\n`),
      readFileSync(path, 'utf8'),
    ),
  }));
}
