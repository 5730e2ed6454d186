/** What the emulator prints when it is ready: everything that a rehearsal needs, with lines to paste into another terminal. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { BUILT_IN_FUSION_SETS, FUSION_SET_IDS } from './fusion-sets/built-in.ts';

/** Looks like the SHA-1 of a signing certificate, but belongs to none. */
const SAMPLE_FINGERPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';
/** `androidFull` has it, `androidSmall` lacks it. */
const REQUIRED = 'Root Detection';

export interface Rehearsal {
  url: string;
  /** Absent = it came as a secret and is not shown. */
  apiKey: string | undefined;
  /** The file that Node was started with. */
  program: string | undefined;
  /** An app to protect, by its absolute path. */
  app: string;
  platform: NodeJS.Platform;
}

export function readyLines({ url, apiKey, program, app, platform }: Rehearsal): string[] {
  const shell = platform === 'win32' ? POWERSHELL : POSIX;
  const key = apiKey === undefined ? shell.variable('FUSEGATE_EMULATOR_API_KEY') : shell.word(apiKey);
  const command = commandOf(program, shell);
  const run = (fusionSet: string) =>
    `${command} run --app ${shell.word(app)} --fusion-set-id ${fusionSet} --sign private --signing-fingerprint ${SAMPLE_FINGERPRINT} --required-features "${REQUIRED}"`;
  const sets = BUILT_IN_FUSION_SETS.map(
    ({ id, name, platform: os, playground }) =>
      `  ${id}  ${os.padEnd(7)}  ${name}${playground ? ' (refused, as the service refuses such sets)' : ''}`,
  );
  return [
    `listening on ${url}`,
    'This is a rehearsal: apps are not protected, and certificates are synthetic.',
    `API key: ${apiKey ?? 'the one in FUSEGATE_EMULATOR_API_KEY'}`,
    'Fusion Sets:',
    ...sets,
    'Paste into another terminal (the app is a sample; one of your own will do as well):',
    `  ${shell.set({ APPDOME_SERVER_BASE_URL: shell.word(url), APPDOME_API_KEY: key })}`,
    `  ${run(FUSION_SET_IDS.androidFull)}`,
    `That is green. This is red, because the small Fusion Set lacks ${REQUIRED}:`,
    `  ${run(FUSION_SET_IDS.androidSmall)}`,
    'Ctrl+C ends the emulator.',
  ];
}

/** How to start `fusegate` from any folder, as this process was started. */
function commandOf(program: string | undefined, shell: Shell): string {
  if (program === undefined) return 'fusegate';
  const path = resolve(program);
  // An installed command is a link without an extension.
  if (extname(path) === '') return shell.word(path);
  // The emulator's own entry does not have the other commands; in a repository they are beside it.
  const cli = /^server\./.test(basename(path)) ? resolve(dirname(path), '../../cli/dist/fusegate.cjs') : path;
  return existsSync(cli) ? `node ${shell.word(cli)}` : 'fusegate';
}

interface Shell {
  word(text: string): string;
  variable(name: string): string;
  /** @param values as words */
  set(values: Record<string, string>): string;
}

const PLAIN = /^[\w@%+=:,./\\-]+$/u;

const POSIX: Shell = {
  word: (text) => (PLAIN.test(text) && !text.includes('\\') ? text : `'${text.replaceAll("'", `'\\''`)}'`),
  variable: (name) => `"$${name}"`,
  set: (values) => `export ${assignments(values, '').join(' ')}`,
};

const POWERSHELL: Shell = {
  word: (text) => `'${text.replaceAll("'", "''")}'`,
  variable: (name) => `$env:${name}`,
  set: (values) => assignments(values, '$env:').join('; '),
};

function assignments(values: Record<string, string>, prefix: string): string[] {
  return Object.entries(values).map(([name, value]) => `${prefix}${name}=${value}`);
}
