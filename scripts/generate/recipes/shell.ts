/** The shell script that every recipe runs: gets the command line, and gives it the inputs. Any POSIX shell runs it. */
import type { Mode } from '../../../shared/src/model/run-request.ts';
import { NPX } from './cli-package.ts';
import { type RecipeInput, secretVariable, UNSET } from './inputs.ts';

/** The variable in which the system hands an input to the script. */
export type VariableOf = (id: string) => string;

export const OPTION_VARIABLE: VariableOf = (id) => `OPTION_${id.replaceAll('-', '_').toUpperCase()}`;

/** Inputs of the recipe itself: how it gets the command line. */
export const RELEASE_INPUTS = [
  {
    id: 'release-file',
    text: 'Release file to run instead of the npm package: a path or an https URL. It is checked against release-sha256.',
  },
  { id: 'release-sha256', text: 'SHA-256 of the release file, as the release names it in SHA256SUMS.' },
] as const;

/**
 * Reads the release file and writes it down only if its digest is right. Its address may hold a credential, so it is not an argument, which every
 * process on the machine can read. Needs nothing but Node. No quote, `%` or `<<`: see below.
 */
const CHECKED_FILE = `
  const from = process.env.FROM;
  const [wanted, to] = process.argv.slice(1);
  const fs = require("node:fs");
  const shown = from.replace(/[?].*/, "");
  const read = async () => {
    if (!/^https:/.test(from)) return fs.readFileSync(from);
    const answer = await fetch(from);
    if (!answer.ok) throw new Error(shown + ": status " + answer.status);
    return Buffer.from(await answer.arrayBuffer());
  };
  read().then((bytes) => {
    const digest = require("node:crypto").createHash("sha256").update(bytes).digest("hex");
    if (digest !== wanted.toLowerCase()) throw new Error("release-sha256: " + shown + " has " + digest);
    fs.writeFileSync(to, bytes);
  }).catch((error) => {
    console.error(error.message);
    process.exit(2);
  });
`;

/** JavaScript as one word of a shell. Other systems interpolate `%` and `<<` before the shell sees them. */
function nodeScript(code: string): string {
  if (/['%]|<</.test(code)) throw new RangeError('a script that does not survive the shell or a CI system');
  return `node -e '${code}'`;
}

function getFusegate(variable: VariableOf): string {
  const [file, sha256] = RELEASE_INPUTS.map(({ id }) => variable(id));
  return [
    `fusegate() { ${NPX} "$@"; }`,
    `if [ -n "\${${file}:-}" ]; then`,
    '  folder=$(mktemp -d)',
    `  FROM="$${file}" ${nodeScript(CHECKED_FILE.replaceAll('\n', '\n  '))} "\${${sha256}:-}" "$folder/fusegate.tgz"`,
    '  tar -xzf "$folder/fusegate.tgz" -C "$folder"',
    '  fusegate() { node "$folder/package/dist/fusegate.cjs" "$@"; }',
    'fi',
  ].join('\n');
}

/** How the value of a secret is read: from the input's own variable, or from the one that it names. */
type SecretOf = (variable: string) => string;

/** Its value may hold a password. The command line of a process can be read by every other one, so it goes by the environment. */
function isDelicate({ option: { type } }: RecipeInput): boolean {
  return type.kind === 'url' && type.form === 'proxy';
}

function exported(secret: RecipeInput, variable: VariableOf, read: SecretOf): string {
  const value = `"${read(variable(secret.option.id))}"`;
  return `[ -z ${value} ] || export ${secretVariable(secret)}=${value}`;
}

export interface ScriptOptions {
  variable: VariableOf;
  /** Absent: the system has its own way to set variables, and secrets are not inputs. */
  secretOf?: SecretOf;
}

/** @returns the lines of the script; it ends with the exit code of the command */
export function fusegateScript(
  mode: Mode,
  inputs: readonly RecipeInput[],
  { variable, secretOf }: ScriptOptions,
): string {
  const of = (kind: RecipeInput['kind']) => inputs.filter((input) => input.kind === kind);
  const name = ({ option }: RecipeInput) => variable(option.id);
  const emptied = (input: RecipeInput, words: string) =>
    `case "\${${name(input)}:-}" in ${words}) ${name(input)}='' ;; esac`;
  const given = inputs.filter((input) => input.kind !== 'secret' && !isDelicate(input));
  const value = (name: string) => `\${${name}:-}`;
  return [
    getFusegate(variable),
    '# These count as not given, so that a FUSEGATE_ variable or the fleet file can still say otherwise.',
    // CircleCI hands a boolean over as 1 or 0.
    ...of('switch').map((input) => emptied(input, input.default === 'true' ? 'true | 1' : 'false | 0')),
    ...of('choice').map((input) => emptied(input, UNSET)),
    ...(secretOf ? of('secret').map((input) => exported(input, variable, secretOf)) : []),
    ...inputs.filter(isDelicate).map((input) => exported(input, variable, value)),
    `fusegate ${mode} \\`,
    given.map((input) => `  \${${name(input)}:+"--${input.option.id}=$${name(input)}"}`).join(' \\\n'),
  ].join('\n');
}
