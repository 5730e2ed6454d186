/** Which Threat-Events a command is about, from the options that say so. */

import type { Platform } from '@fusegate/shared/model/run-request';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import type { Asked, AskedEvent, AskedProtection } from '@fusegate/shared/threat-events/needed-events';
import type { CommandIo } from './command-io.ts';

export interface EventOptions {
  /** Names of protections, separated by commas. */
  features?: string;
  policy?: string;
  /** .pdf and .json of one build. */
  certificate?: string[];
  /** Names of events, separated by commas, or `all`. */
  events?: string;
}

export const EVENT_OPTIONS = '--features, --policy, --certificate or --events';

export const ALL_EVENTS = 'all';

/** @returns what is asked for, or everything that is wrong with it */
export async function askedEvents(
  given: EventOptions,
  platform: Platform | undefined,
  io: CommandIo,
): Promise<{ asked: Asked } | { problems: InputProblem[] }> {
  const required = await askedByRules(given, platform, io);
  const shown = await askedByDocuments(given.certificate, io);
  const named = await askedByName(given.events);
  const problems = [...required.problems, ...shown.problems, ...named.problems];
  if (problems.length > 0) return { problems };
  const protections = [...required.protections, ...shown.protections];
  return { asked: { protections, events: [...named.events, ...shown.events], platform } };
}

async function askedByRules({ features, policy }: EventOptions, platform: Platform | undefined, io: CommandIo) {
  if (features === undefined && policy === undefined) return { protections: [], problems: [] };
  const [{ loadPolicy }, { planPolicy }, { requiredProtections }] = await Promise.all([
    import('@fusegate/shared/intake/load-policy'),
    import('@fusegate/shared/policy/rules/plan'),
    import('@fusegate/shared/policy/rules/required-protections'),
  ]);
  const option = '--features';
  const required = listed(features).map((name) => ({ name, origin: { option } }));
  const loaded = policy === undefined ? { problems: [] } : await loadPolicy(policy, '--policy', io.cwd);
  const { plan, problems } = planPolicy({
    required,
    gate: 'disabled',
    platform,
    option,
    policy: loaded.policy ?? loaded.partial,
    now: io.clock.now(),
  });
  const protections: AskedProtection[] = requiredProtections(plan);
  const found: InputProblem[] = [...loaded.problems, ...problems].map((one) => ({ code: 'usage.invalid', ...one }));
  if (features !== undefined && required.length === 0) found.push(empty(option, 'the names of protections'));
  else if (found.length === 0 && protections.length === 0)
    found.push(problem('--policy', 'requires no protection', { allowed: 'a policy with `require`' }));
  return { protections, problems: found };
}

async function askedByDocuments(files: readonly string[] | undefined, io: CommandIo) {
  const nothing = { protections: [] as AskedProtection[], events: [] as AskedEvent[] };
  if (files === undefined) return { ...nothing, problems: [] };
  const [{ certificateEvidence }, { askedByCertificate }] = await Promise.all([
    import('./policy-command.ts'),
    import('@fusegate/shared/threat-events/needed-events'),
  ]);
  const read = await certificateEvidence(files, io);
  if ('problem' in read) return { ...nothing, problems: [read.problem] };
  const documents = [read.evidence.pdf, read.evidence.json].flatMap((one) => (one.ok ? [one.document] : []));
  const asked = documents.map(askedByCertificate);
  return {
    protections: asked.flatMap(({ protections }) => protections),
    events: asked.flatMap(({ events }) => events),
    problems: [],
  };
}

async function askedByName(text: string | undefined): Promise<{ events: AskedEvent[]; problems: InputProblem[] }> {
  if (text === undefined) return { events: [], problems: [] };
  const names = listed(text);
  const source = '--events';
  if (names.length === 0) return { events: [], problems: [empty(source, `names of Threat-Events, or ${ALL_EVENTS}`)] };
  if (!names.includes(ALL_EVENTS)) {
    const problems = await misspelt(names, source);
    return { events: names.map((name) => ({ name, source })), problems };
  }
  if (names.length > 1) {
    const allowed = `${ALL_EVENTS} alone, or names`;
    return { events: [], problems: [problem(source, 'says all and some', { value: shownValue(text), allowed })] };
  }
  const { everyEvent } = await import('@fusegate/shared/threat-events/needed-events');
  return { events: everyEvent(source), problems: [] };
}

function empty(option: string, allowed: string): InputProblem {
  return problem(option, 'is empty', { allowed });
}

function listed(text: string | undefined): string[] {
  const words = (text ?? '').split(/[,\n]/).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

/** Case counts: a listener for such a name would never hear anything. */
async function misspelt(names: readonly string[], source: string): Promise<InputProblem[]> {
  const known = [...(await knownEvents()), ALL_EVENTS];
  return names.flatMap((name) => {
    const meant = known.find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
    if (meant === undefined || known.includes(name)) return [];
    return [problem(source, 'differs from a known name in case only', { value: shownValue(name), allowed: meant })];
  });
}

async function knownEvents(): Promise<string[]> {
  const { catalogue } = await import('@fusegate/shared/catalogue/catalogue');
  return catalogue.entries.flatMap(({ events }) => events.map(({ name }) => name));
}

/** Names that nothing in the catalogue has, each with the one that may be meant. */
export async function unknownEvents(names: readonly string[]): Promise<string[]> {
  const [known, { nearestNames }] = await Promise.all([knownEvents(), import('@fusegate/shared/text/nearest-name')]);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const [near] = nearestNames(name, known);
      return `${name} is not in the catalogue${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}
