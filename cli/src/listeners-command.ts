import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reason } from '@fusegate/shared/files/file-on-disk';
import { EXIT, FusegateError } from '@fusegate/shared/model/errors';
import type { Platform } from '@fusegate/shared/model/run-request';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { NeededEvents } from '@fusegate/shared/threat-events/needed-events';
import type { ListenerReport } from '@fusegate/shared/threat-events/outcome';
import { ALL_EVENTS, askedEvents, EVENT_OPTIONS, unknownEvents } from './asked-events.ts';
import type { CommandIo } from './command-io.ts';
import { LISTENERS_HELP, SOURCE_LANGUAGES } from './help.ts';
import { listenerLines } from './listener-lines.ts';
import { refuseOptions } from './usage-report.ts';

const OPTIONS = {
  source: { type: 'string' },
  app: { type: 'string' },
  policy: { type: 'string' },
  certificate: { type: 'string', multiple: true },
  features: { type: 'string' },
  events: { type: 'string' },
  platform: { type: 'string' },
  own: { type: 'string', multiple: true },
  foreign: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

function parse(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true });
}
type Given = ReturnType<typeof parse>['values'];

/** What is searched: a folder of sources, or an app. */
type Target = { source: string } | { app: string };

/**
 * `fusegate listeners`: whether an app listens to the Threat-Events that are needed.
 * @returns the process exit: 0 where it listens to every one of them, else 6
 */
export async function listeners(words: readonly string[], io: CommandIo): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    io.stdout.write(`${LISTENERS_HELP}\n`);
    return EXIT.pass;
  }
  const refuse = (problems: readonly InputProblem[]) =>
    refuseOptions(problems, io, 'listeners', words.includes('--json') ? 'data' : 'log');
  let given: Given;
  let positionals: string[];
  try {
    ({ values: given, positionals } = parse(words));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    return refuse([problem('listeners', plainLine(message), { allowed: 'see fusegate listeners --help' })]);
  }
  const problems: InputProblem[] = positionals.map((word) =>
    problem(shownValue(word), 'belongs to no option', { allowed: 'see fusegate listeners --help' }),
  );
  const target = await targetOf(given, io);
  const platform = platformOf(given.platform, target);
  if ('option' in target) problems.push(target);
  if (platform !== undefined && typeof platform === 'object') problems.push(platform);
  if ([given.features, given.policy, given.certificate, given.events].every((one) => one === undefined))
    problems.push(problem('listeners', 'needs to know which events to look for', { allowed: EVENT_OPTIONS }));
  const known = typeof platform === 'string' ? platform : undefined;
  const asked = await askedEvents(given, known, io);
  if ('problems' in asked) problems.push(...asked.problems);
  if (problems.length > 0 || 'problems' in asked || 'option' in target) return refuse(problems);

  const { neededEvents } = await import('@fusegate/shared/threat-events/needed-events');
  const needed = neededEvents(asked.asked);
  // Naming events that no app can listen to is a mistake: exit 0 would say that it listens.
  if (given.events !== undefined && needed.events.length === 0 && needed.leftOut.length > 0) {
    const message = `names no event that an app can listen to: ${needed.leftOut.map(({ note }) => note).join('; ')}`;
    return refuse([problem('--events', message, { allowed: 'see fusegate threat-events' })]);
  }
  const owners = { own: listed(given.own), foreign: listed(given.foreign) };
  const events = needed.events.map(({ name }) => name);
  let report: ListenerReport;
  try {
    report = placesOnce(await search(target, events, { ...owners, platform: known }, io));
  } catch (error) {
    if (!io.signal.aborted) throw error;
    throw new FusegateError('run.cancelled', 'The search was cancelled.', { hint: 'Run the command again.' });
  }
  // An empty tree shows nothing about the app.
  if ('source' in target && events.length > 0 && report.filesRead === 0 && report.unreadable.length === 0) {
    const message = 'has no file in a language that is read';
    const allowed = `the folder of the app, with code in ${SOURCE_LANGUAGES}`;
    return refuse([problem('--source', message, { value: shownValue(given.source ?? ''), allowed })]);
  }
  const unheard = report.events.filter(({ outcome }) => outcome !== 'registered');
  if (given.json) io.stdout.write(`${asData(report, needed)}\n`);
  else {
    const all = given.events === ALL_EVENTS;
    const notices = await unknownEvents(events);
    io.stdout.write(`${listenerLines(report, needed, { all, notices, inSource: 'source' in target }).join('\n')}\n`);
  }
  // Where no event is known of what was asked for, nothing was looked for, and 0 would say that the app listens.
  const nothing = events.length === 0 && needed.leftOut.some(({ why }) => why === 'no-known-event');
  return unheard.length === 0 && !nothing ? EXIT.pass : EXIT.gateFailed;
}

/** Of an option that can be repeated, and can have several values. */
function listed(texts: readonly string[] = []): string[] {
  return texts.flatMap((text) => text.split(',').map((one) => one.trim())).filter((one) => one !== '');
}

const WHERE = '--source DIR or --app FILE';

async function targetOf({ source, app }: Given, io: CommandIo): Promise<Target | InputProblem> {
  if ((source === undefined) === (app === undefined))
    return problem('listeners', source === undefined ? 'needs something to search' : 'searches one thing at a time', {
      allowed: WHERE,
    });
  const [option, value] = source === undefined ? ['--app', app ?? ''] : ['--source', source];
  const wrong = (message: string, allowed: string) => problem(option, message, { value: shownValue(value), allowed });
  const full = path.resolve(io.cwd, value);
  try {
    const info = await stat(full);
    if (source !== undefined) {
      if (!info.isDirectory()) return wrong('is not a folder', 'the folder of the sources; an app goes to --app');
      return { source: full };
    }
    if (info.isDirectory()) return wrong('is a folder', 'an app; a folder of sources goes to --source');
    if (!info.isFile()) return wrong('is not a regular file', 'an .apk, .aab or .ipa');
    return { app: full };
  } catch (error) {
    return wrong(reason(error), source === undefined ? 'an .apk, .aab or .ipa' : 'the folder of the sources');
  }
}

function platformOf(text: string | undefined, target: Target | InputProblem): Platform | InputProblem | undefined {
  const value = text?.toLowerCase();
  const own = 'app' in target ? platformOfApp(target.app) : undefined;
  if (value === undefined) return own;
  if (value !== 'android' && value !== 'ios')
    return problem('--platform', 'is not a platform', { value: shownValue(text ?? ''), allowed: 'android or ios' });
  if (own !== undefined && own !== value)
    return problem('--platform', 'is not the platform of the app', { value, allowed: `${own}, or no --platform` });
  return value;
}

function platformOfApp(app: string): Platform | undefined {
  const ending = path.extname(app).toLowerCase();
  return ending === '.ipa' ? 'ios' : ending === '.apk' || ending === '.aab' ? 'android' : undefined;
}

interface Scope {
  own: string[];
  foreign: string[];
  platform: Platform | undefined;
}

async function search(target: Target, events: string[], scope: Scope, io: CommandIo): Promise<ListenerReport> {
  // Nothing is needed, so nothing has to be read.
  if (events.length === 0) return { events: [], unreadable: [], filesRead: 0 };
  if ('source' in target) {
    const { findListenersInSource } = await import('@fusegate/shared/threat-events/source/find-listeners');
    return findListenersInSource({ root: target.source, events, ...scope, signal: io.signal });
  }
  const { findListenersInApp } = await import('@fusegate/shared/threat-events/look-into-app');
  return findListenersInApp({ file: target.app, events, own: scope.own, foreign: scope.foreign, signal: io.signal });
}

/** A place that registers a name has the name too. */
function placesOnce(report: ListenerReport): ListenerReport {
  const events = report.events.map((event) => {
    const key = ({ file, line, where }: (typeof event.places)[number]) => JSON.stringify([file, line, where]);
    const registered = new Set(event.places.filter(({ what }) => what === 'registration').map(key));
    return { ...event, places: event.places.filter((one) => one.what !== 'name' || !registered.has(key(one))) };
  });
  return { ...report, events };
}

/** In a CI log too, where the name of a file must form no command; the same JSON. */
function asData({ events, unreadable, filesRead }: ListenerReport, { events: needed, leftOut }: NeededEvents): string {
  const needs = new Map(needed.map(({ name, needs }) => [name, needs]));
  const data = {
    events: events.map((event) => ({ ...event, needs: needs.get(event.name) ?? [] })),
    leftOut,
    unreadable,
    filesRead,
  };
  return JSON.stringify(data, null, 2).replaceAll('##', '#\\u0023');
}
