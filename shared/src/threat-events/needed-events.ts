/** Which Threat-Events an app must listen to, and for which protection each of them is needed. Pure. */
import { type CatalogueEntry, type CatalogueEvent, catalogue, entryTitle, mayBeOn } from '../catalogue/catalogue.ts';
import { actsUnderKey, normaliseName, resolveName } from '../catalogue/names.ts';
import { knownMode } from '../certificate/threat-event-modes.ts';
import type { CertificateDocument } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { Platform } from '../model/run-request.ts';

/** A protection that a policy, an option or a certificate names. */
export interface AskedProtection {
  /** A display name, or any other name that the catalogue knows. */
  name: string;
  /** It is an internal key, exactly as printed. */
  verbatim?: true;
  /** How it must act, or acts, in any spelling. Absent = not said, so it may be In-App Detection. */
  mode?: string;
  /** Asked for on this platform only. */
  platform?: Platform;
  /** Where it is asked for: `policy.yml:4`, `--features`, `page 1 at 213,1940`. */
  source: string;
}

/** An event that is named itself, not by its protection. */
export interface AskedEvent {
  name: string;
  /** A certificate lists it as not implemented. */
  missing?: true;
  source: string;
}

export type NeedReason =
  /** The protection only detects; the app has to act. */
  | 'in-app-detection'
  /** Nobody says how the protection acts, so it may only detect. */
  | 'no-mode-named'
  /** The document says how the protection acts, in words that are not known. It may only detect. */
  | 'unknown-mode'
  /** The event was asked for by its name. */
  | 'named'
  /** The certificate lists the event as not implemented. */
  | 'listed-as-missing';

export interface EventNeed {
  /** Absent for an event that belongs to no known protection. */
  protection?: string;
  /** How the event was matched to the protection; `inferred` = by meaning only. */
  pairing?: CatalogueEvent['pairing'];
  why: NeedReason;
  source: string;
}

export interface NeededEvent {
  name: string;
  /** The only platforms that send it; absent = any. */
  platforms?: Platform[];
  /** Not empty. */
  needs: EventNeed[];
}

export type LeftOutReason =
  /** The app sends such an event to Appdome, so there is nothing to listen to. */
  | 'input'
  /** The protection sends no event on this platform. */
  | 'sends-none'
  /** The state is read through getters and callbacks, not by a listener per event. */
  | 'threat-memory'
  /** Appdome enforces the protection itself. */
  | 'enforced'
  /** The event, or the protection, is known for the other platform alone. */
  | 'other-platform'
  /** No event of the protection is known. */
  | 'no-known-event';

export interface LeftOut {
  /** The protection, or the event where it was asked for by its name. */
  name: string;
  /** Its events; empty if none is known. */
  events: string[];
  why: LeftOutReason;
  /** The same in a sentence. */
  note: string;
  source: string;
}

export interface NeededEvents {
  events: NeededEvent[];
  leftOut: LeftOut[];
}

export interface Asked {
  protections?: readonly AskedProtection[];
  events?: readonly AskedEvent[];
  /** Restricts everything to this platform. */
  platform?: Platform | undefined;
}

/** Facts that the catalogue has in words only. Documented. */
const SENDS_NONE: ReadonlyArray<{ protection: string; platform: Platform; note: string }> = [
  {
    protection: 'Prevent Keylogging',
    platform: 'ios',
    note: 'on iOS it always enforces, by the system keyboard, and sends no event',
  },
];

const PLATFORMS: readonly Platform[] = ['android', 'ios'];

/** Modes in which the app does not have to listen to each event. A mode that is not known is in neither list: it may only detect. */
const LEFT_OUT_BY_MODE: ReadonlyArray<{ mode: string; why: LeftOutReason; note: string }> = [
  { mode: 'In-App Defense', why: 'enforced', note: 'in In-App Defense Appdome itself enforces it' },
  {
    mode: 'Enforce Connection Only',
    why: 'enforced',
    note: 'in Enforce Connection Only Appdome itself ends the connection',
  },
  {
    mode: 'Threat-Memory',
    why: 'threat-memory',
    note: 'in Threat-Memory the state is read through getters and callbacks, not by a listener per event',
  },
];

/** @returns the events to listen to, in the order in which they were asked for, and all that was left out */
export function neededEvents({ protections = [], events = [], platform }: Asked): NeededEvents {
  const needed = new Map<string, NeededEvent>();
  const leftOut: LeftOut[] = [];
  for (const asked of protections) addProtection(asked, asked.platform ?? platform, needed, leftOut);
  for (const asked of events) addEvent(asked, platform, needed, leftOut);
  return { events: [...needed.values()], leftOut: distinct(leftOut) };
}

/** Every event of the catalogue that an app can listen to, for `--events all`. */
export function everyEvent(source: string): AskedEvent[] {
  const names = catalogue.entries.flatMap(({ events }) => events.filter(isSent).map(({ name }) => name));
  return [...new Set(names)].map((name) => ({ name, source }));
}

/** What a certificate shows under APPLICATION THREAT INTELLIGENCE, and the listeners that it lists as missing. */
export function askedByCertificate(document: CertificateDocument): Required<Pick<Asked, 'protections' | 'events'>> {
  const protections = document.features
    .filter(({ role, presence, threatEvents }) => (role === 'intelligence' || threatEvents) && presence !== 'absent')
    .map(({ name, threatEvents, where }) => ({ name, source: where, ...defined({ mode: threatEvents }) }));
  const events = document.missingListeners.map(({ value, where }) => ({
    name: value,
    missing: true as const,
    source: where,
  }));
  return { protections, events };
}

function addProtection(
  asked: AskedProtection,
  platform: Platform | undefined,
  needed: Map<string, NeededEvent>,
  leftOut: LeftOut[],
): void {
  const { source } = asked;
  const leave = (name: string, events: string[], why: LeftOutReason, note: string) =>
    leftOut.push({ name, events, why, note: `${name}: ${note}`, source });
  const entries = entriesOf(asked);
  const [first] = entries;
  if (first === undefined) {
    leave(
      asked.name,
      [],
      'no-known-event',
      'the catalogue knows no Threat-Event of it, so no listener can be looked for',
    );
    return;
  }
  const title = entryTitle(first);
  const here = entries.filter((entry) => mayBeOn(entry, platform));
  if (here.length === 0) {
    const names = entries.flatMap((entry) => entry.events.filter(isSent).map(({ name }) => name));
    leave(title, names, 'other-platform', `it is not known for ${platform}`);
    return;
  }
  const inputs = here.flatMap((entry) => entry.events.filter((event) => !isSent(event)).map(({ name }) => name));
  if (inputs.length > 0)
    leave(title, inputs, 'input', 'the app sends this event to Appdome; there is nothing to listen to');
  const pairs = here.flatMap((entry) => entry.events.filter(isSent).map((event) => ({ entry, event })));
  const names = [...new Set(pairs.map(({ event }) => event.name))];
  if (names.length === 0) {
    if (inputs.length === 0)
      leave(title, [], 'no-known-event', 'the catalogue knows no Threat-Event of it, so no listener can be looked for');
    return;
  }
  const mode = asked.mode === undefined ? undefined : knownMode(asked.mode);
  const left = LEFT_OUT_BY_MODE.find((one) => one.mode === mode);
  if (left) {
    leave(title, names, left.why, left.note);
    return;
  }
  for (const { entry, event } of pairs) {
    const platforms = sendingPlatforms(entry, platform);
    const silent = SENDS_NONE.find((one) => one.protection === entry.name && !platforms.includes(one.platform));
    if (silent && (platform ?? silent.platform) === silent.platform)
      leave(title, [event.name], 'sends-none', silent.note);
    if (platforms.length === 0) continue;
    const why = !isSaid(asked.mode) ? 'no-mode-named' : mode === undefined ? 'unknown-mode' : 'in-app-detection';
    addNeed(needed, event.name, platforms, { protection: entryTitle(entry), pairing: event.pairing, why, source });
  }
}

function addEvent(
  { name, source, missing }: AskedEvent,
  platform: Platform | undefined,
  needed: Map<string, NeededEvent>,
  leftOut: LeftOut[],
): void {
  const leave = (events: string[], why: LeftOutReason, note: string) =>
    leftOut.push({ name, events, why, note: `${name}: ${note}`, source });
  const pairs = catalogue.entries.flatMap((entry) =>
    entry.events.filter((event) => event.name === name).map((event) => ({ entry, event })),
  );
  const why = missing ? 'listed-as-missing' : 'named';
  if (pairs.length === 0) {
    // It can still be looked for: the catalogue holds only what was seen in public.
    addNeed(needed, name, platform ? [platform] : PLATFORMS, { why, source });
    return;
  }
  if (pairs.every(({ event }) => !isSent(event))) {
    leave([name], 'input', 'the app sends this event to Appdome; there is nothing to listen to');
    return;
  }
  const sent = pairs.map((pair) => ({ ...pair, platforms: sendingPlatforms(pair.entry, platform) }));
  if (sent.every(({ platforms }) => platforms.length === 0)) {
    const silent = SENDS_NONE.find(({ protection }) => sent.some(({ entry }) => entry.name === protection));
    if (silent && silent.platform === platform) leave([name], 'sends-none', silent.note);
    else leave([name], 'other-platform', `it is not known for ${platform}`);
    return;
  }
  for (const { entry, event, platforms } of sent) {
    if (platforms.length === 0) continue;
    addNeed(needed, name, platforms, { protection: entryTitle(entry), pairing: event.pairing, why, source });
  }
}

function addNeed(needed: Map<string, NeededEvent>, name: string, platforms: readonly Platform[], need: EventNeed) {
  const before = needed.get(name);
  const union = PLATFORMS.filter(
    (one) => platforms.includes(one) || (before && (before.platforms?.includes(one) ?? true)),
  );
  const needs = [...(before?.needs ?? []), need];
  const only = union.length < PLATFORMS.length ? union : undefined;
  needed.set(name, { name, needs, ...defined({ platforms: only }) });
}

/** The entries whose events belong to what was asked for. A key can stand for several. */
function entriesOf({ name, verbatim }: AskedProtection): CatalogueEntry[] {
  const known = resolveName(name);
  const titles = known.kind === 'known' ? [known.feature.name] : [];
  // A key that is matched to its protection by meaning only brings that protection's events too: more listeners are stricter.
  const under = known.kind === 'known' && !verbatim && known.events.length > 0 ? [] : actsUnderKey(name).names;
  const forms = new Set([...titles, ...under].map(normaliseName));
  return catalogue.entries.filter(
    (entry) =>
      forms.has(normaliseName(entryTitle(entry))) || (entry.key !== undefined && forms.has(normaliseName(entry.key))),
  );
}

function sendingPlatforms(entry: CatalogueEntry, platform: Platform | undefined): Platform[] {
  return PLATFORMS.filter(
    (one) =>
      (platform ?? one) === one &&
      mayBeOn(entry, one) &&
      !SENDS_NONE.some((silent) => silent.protection === entry.name && silent.platform === one),
  );
}

const isSent = ({ direction }: CatalogueEvent): boolean => direction !== 'input';

/** A policy's `any` says nothing. */
function isSaid(mode: string | undefined): boolean {
  return mode !== undefined && normaliseName(mode) !== 'any';
}

function distinct(leftOut: readonly LeftOut[]): LeftOut[] {
  return [...new Map(leftOut.map((one) => [`${one.note}\n${one.source}`, one])).values()];
}
