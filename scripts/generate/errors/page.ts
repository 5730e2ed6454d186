/** docs/errors.md, from the lists of codes and the texts beside this file. */
import { type ErrorCode, EXIT, EXIT_OF_CODE } from '../../../shared/src/model/errors.ts';
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import { FAILURES } from '../../../shared/src/policy/rules/evaluate.ts';
import { ERRORS_PAGE, errorsPageOf, headingOf } from '../../../shared/src/text/errors-page.ts';
import { ENTRIES } from './entries.ts';

const HEAD = `<!-- Generated from scripts/generate/errors/ by \`npm run generate\`. Do not edit. -->

# Errors and findings

Every code that Fusegate prints: what it means, the usual causes, and what to do. Logs and reports show the code in brackets, or beside the
finding, and name its section here. Scripts should switch on the code, never on the text.

- **Exit** is that of the process under \`gate: enforce\`. \`gate: warn\` turns 6 and 8 into 0; the verdict stays the same.
- A **warning** or a **note** never changes the outcome.
- Options have the names of [all options](reference/options.md): \`build-id\` is \`--build-id\` on the command line, and
  [what each CI system calls it](reference/input-names.md). Names with colons, such as \`max-certificate-age:\`, belong to [the policy](policy.md).`;

type Code = keyof typeof ENTRIES;

function link(code: Code): string {
  return `[${code}](${errorsPageOf(code).slice(ERRORS_PAGE.length)})`;
}

function isError(code: Code): code is ErrorCode {
  return Object.hasOwn(EXIT_OF_CODE, code);
}

/** undefined = it only warns, or informs. */
function exitOf(code: Code): string | undefined {
  const { exit, levels } = ENTRIES[code];
  if (exit !== undefined) return exit;
  if (isError(code)) return String(EXIT_OF_CODE[code]);
  if (!levels?.includes('error')) return undefined;
  return String(FAILURES.has(code as Exclude<PublishedCode, `verdict.${string}`>) ? EXIT.gateFailed : EXIT.noVerdict);
}

/** `exit 8, or a warning` */
function effectOf(code: Code): string {
  const exit = exitOf(code);
  const milder = (ENTRIES[code].levels ?? []).filter((level) => level !== 'error').map((level) => `a ${level}`);
  const [first, ...rest] = [...(exit === undefined ? [] : [`exit ${exit}`]), ...milder];
  return [first, ...rest].join(', or ');
}

function section(code: Code): string {
  const { means, causes, steps } = ENTRIES[code];
  const list = (items: string[]) => items.map((item) => `- ${item}`).join('\n');
  return [
    `### ${headingOf(code)}`,
    `\`${code}\`, ${effectOf(code)}. ${means}`,
    `Usual causes:\n\n${list(causes)}`,
    `What to do:\n\n${list(steps)}`,
  ].join('\n\n');
}

function byExit(codes: Code[]): string {
  const exits = new Map<string, Code[]>();
  for (const code of codes) {
    const exit = exitOf(code) ?? 'none: a warning or a note';
    exits.set(exit, [...(exits.get(exit) ?? []), code]);
  }
  const order = (exit: string) => (/^\d+$/u.test(exit) ? Number(exit) : Number.MAX_SAFE_INTEGER);
  const rows = [...exits]
    .sort(([a], [b]) => order(a) - order(b))
    .map(([exit, some]) => `| ${exit} | ${some.map(link).join(', ')} |`);
  return ['| exit | codes |', '| --- | --- |', ...rows].join('\n');
}

/** Codes that begin alike stand together, in the order of the entries. */
export function errorsPage(): string {
  const codes = Object.keys(ENTRIES) as Code[];
  const families = new Map<string, Code[]>();
  for (const code of codes) {
    const family = code.slice(0, code.indexOf('.'));
    families.set(family, [...(families.get(family) ?? []), code]);
  }
  const chapters = [...families].flatMap(([family, some]) => [`## ${headingOf(family)}`, ...some.map(section)]);
  return `${[HEAD, byExit(codes), ...chapters].join('\n\n')}\n`;
}
