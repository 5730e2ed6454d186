import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reason } from '@fusegate/shared/files/file-on-disk';
import { codeOf } from '@fusegate/shared/files/file-system';
import { defined } from '@fusegate/shared/model/defined';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Platform } from '@fusegate/shared/model/run-request';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { CodeLanguage } from '@fusegate/shared/threat-events/code/languages';
import type { CodeEvent, WrittenFile } from '@fusegate/shared/threat-events/code/order';
import type { NeededEvents } from '@fusegate/shared/threat-events/needed-events';
import { ALL_EVENTS, askedEvents, EVENT_OPTIONS, unknownEvents } from './asked-events.ts';
import type { CommandIo } from './command-io.ts';
import { THREAT_EVENTS_HELP } from './help.ts';
import { refuseOptions } from './usage-report.ts';

const OPTIONS = {
  platform: { type: 'string' },
  json: { type: 'boolean' },
  code: { type: 'string' },
  features: { type: 'string' },
  policy: { type: 'string' },
  certificate: { type: 'string', multiple: true },
  events: { type: 'string' },
  output: { type: 'string' },
  package: { type: 'string' },
  class: { type: 'string' },
  force: { type: 'boolean' },
} as const;

type Given = ReturnType<typeof parse>['values'];

function parse(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true });
}

const WHICH_EVENTS = ['features', 'policy', 'certificate', 'events'] as const;

/** They choose what is written, so without `--code` they would be ignored. */
const ONLY_WITH_CODE = [...WHICH_EVENTS, 'output', 'package', 'class', 'force'] as const;

/**
 * `fusegate threat-events [QUERY]`: the events of the catalogue; with `--code LANGUAGE`: listener code for those that are needed.
 * @returns the process exit
 */
export async function threatEvents(words: readonly string[], io: CommandIo): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    io.stdout.write(`${THREAT_EVENTS_HELP}\n`);
    return EXIT.pass;
  }
  let values: Given;
  let query: string;
  try {
    const given = parse(words);
    values = given.values;
    query = given.positionals.join(' ');
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    return refuse([problem('threat-events', plainLine(message), { allowed: 'see fusegate threat-events --help' })], io);
  }
  const platform = platformOf(values.platform);
  if (platform !== undefined && typeof platform === 'object') return refuse([platform], io);
  if (values.code !== undefined) return writeCode(values.code, values, { query, platform }, io);
  const misplaced = ONLY_WITH_CODE.filter((name) => values[name] !== undefined);
  if (misplaced.length > 0) {
    const allowed = '--code LANGUAGE';
    return refuse(
      misplaced.map((name) => problem(`--${name}`, 'only chooses what code is written', { allowed })),
      io,
    );
  }
  const { printEvents } = await import('./list-threat-events.ts');
  return printEvents(query, { platform, json: values.json === true }, io);
}

function refuse(problems: readonly InputProblem[], io: CommandIo): number {
  return refuseOptions(problems, io, 'threat-events', 'data');
}

function platformOf(text: string | undefined): Platform | InputProblem | undefined {
  const value = text?.toLowerCase();
  if (value === undefined || value === 'android' || value === 'ios') return value;
  return problem('--platform', 'is not a platform', { value: shownValue(text ?? ''), allowed: 'android or ios' });
}

interface Narrowed {
  query: string;
  platform: Platform | undefined;
}

async function writeCode(language: string, given: Given, narrowed: Narrowed, io: CommandIo): Promise<number> {
  const code = await import('@fusegate/shared/threat-events/code/listener-code');
  if (!code.isLanguage(language)) {
    const allowed = code.LANGUAGE_NAMES.join(', ');
    return refuse([problem('--code', 'is not a language', { value: shownValue(language), allowed })], io);
  }
  const traits: CodeLanguage = code.LANGUAGES[language];
  const { packageName, className, problems: wrongNames } = code.checkNames(language, given);
  const problems = [
    ...optionProblems(given, narrowed, traits),
    ...wrongNames.map(({ option, message, value, allowed }) =>
      problem(option, message, { allowed, ...(value === undefined ? {} : { value: shownValue(value) }) }),
    ),
  ];
  const [only, ...others] = traits.platforms;
  const target = narrowed.platform ?? (others.length === 0 ? only : undefined);
  const asked = await askedEvents(given, target, io);
  if ('problems' in asked) problems.push(...asked.problems);
  if (problems.length > 0 || 'problems' in asked) return refuse(problems, io);

  const { neededEvents } = await import('@fusegate/shared/threat-events/needed-events');
  const needed = neededEvents(asked.asked);
  const strange = needed.events.find(({ name }) => !code.isEventName(name));
  if (strange) {
    const allowed = '--events with the names that the app must listen to';
    const value = shownValue(strange.name);
    return refuse([problem(strange.needs[0]?.source ?? '', 'is not the name of an event', { value, allowed })], io);
  }
  tellLeftOut(needed, given.events === ALL_EVENTS, io);
  for (const line of await unknownEvents(needed.events.map(({ name }) => name))) io.stderr.write(`notice: ${line}\n`);
  if (needed.events.length === 0) {
    const options = WHICH_EVENTS.filter((name) => given[name] !== undefined).map((name) => `--${name}`);
    const message = `needs no listener in ${traits.title}; nothing was written`;
    return refuse([problem(options.join(', '), message, { allowed: 'what is left out, and why, stands above' })], io);
  }
  const events = await codeEvents(needed);
  const files = code.listenerCode(language, { events, fields: code.eventFields, className, packageName });
  const unwritten = await writeAll(files, given.output ?? '', given.force === true, io);
  if (unwritten !== undefined) return refuse([unwritten], io);
  const count = `${events.length} ${events.length === 1 ? 'event' : 'events'}`;
  for (const { name } of files) io.stdout.write(`${plainLine(path.join(given.output ?? '', name))}\n`);
  io.stdout.write(`Listens to ${count}. Call it once, ${traits.call}; the head of the file has the line.\n`);
  return EXIT.pass;
}

function optionProblems(given: Given, { query, platform }: Narrowed, traits: CodeLanguage): InputProblem[] {
  const problems: InputProblem[] = [];
  const wrong = (option: string, message: string, more: { value?: string; allowed: string }) =>
    problems.push(problem(option, message, more));
  if (query !== '') wrong(shownValue(query), 'belongs to no option', { allowed: EVENT_OPTIONS });
  if (given.json) wrong('--json', 'is for the list of events', { allowed: '--code without --json' });
  if (given.output === '') wrong('--output', 'is empty', { allowed: 'the folder that the code goes to' });
  if (WHICH_EVENTS.every((name) => given[name] === undefined))
    wrong('--code', 'needs the events to listen to', { allowed: EVENT_OPTIONS });
  if (platform !== undefined && !traits.platforms.includes(platform)) {
    const allowed = traits.platforms.join(', ');
    wrong('--platform', `is not one that ${traits.title} is for`, { value: platform, allowed });
  }
  return problems;
}

/** Where all events were asked for, nobody needs to be told that some belong to the other platform. */
function tellLeftOut({ leftOut }: NeededEvents, all: boolean, io: CommandIo): void {
  for (const { why, note, source } of leftOut) {
    if (all && why === 'other-platform') continue;
    io.stderr.write(`left out: ${plainLine(note)} (${plainLine(source)})\n`);
  }
}

/** In the order of their names, so that one more event is one more line. */
async function codeEvents({ events }: NeededEvents): Promise<CodeEvent[]> {
  const { refOf } = await import('@fusegate/shared/threat-events/code/event-facts');
  return events
    .map(({ name, needs, platforms }): CodeEvent => {
      const pairs = needs.flatMap(({ protection, pairing }) =>
        protection !== undefined && pairing !== undefined ? [{ title: protection, pairing }] : [],
      );
      const protections = [...new Map(pairs.map((pair) => [pair.title, pair])).values()];
      return { name, protections, ...defined({ platforms, ref: refOf(name) }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns why nothing was written, or not all */
async function writeAll(
  files: readonly WrittenFile[],
  output: string,
  force: boolean,
  io: CommandIo,
): Promise<InputProblem | undefined> {
  const folder = path.resolve(io.cwd, output);
  const value = shownValue(output);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const allowed = 'a folder that can be written';
    return problem('--output', `cannot be made (${codeOf(error) ?? reason(error)})`, { value, allowed });
  }
  const allowed = '--force to overwrite it, or another --output';
  for (const { name } of force ? [] : files) {
    if (await isThere(path.join(folder, name))) return problem('--output', `has a ${name} already`, { value, allowed });
  }
  for (const { name, text } of files) {
    try {
      await writeFile(path.join(folder, name), text, { flag: force ? 'w' : 'wx' });
    } catch (error) {
      const code = codeOf(error) ?? 'unknown error';
      return problem('--output', `${name} cannot be written (${code})`, {
        value,
        allowed: 'a folder that can be written',
      });
    }
  }
  return undefined;
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
