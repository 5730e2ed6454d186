/** What the catalogue knows of each Threat-Event, as `fusegate threat-events` lists it. Pure. */
import {
  type CatalogueConfidence,
  type CatalogueEntry,
  catalogue,
  entryTitle,
  mayBeOn,
} from '../../catalogue/catalogue.ts';
import type { EventField } from '../../catalogue/event-data.ts';
import { searchCatalogue } from '../../catalogue/search.ts';
import { defined } from '../../model/defined.ts';
import type { Platform } from '../../model/run-request.ts';
import { everyEvent, neededEvents } from '../needed-events.ts';
import type { CodeEvent } from './order.ts';

export interface EventFacts {
  name: string;
  /** The app sends it to Appdome, so there is nothing to listen to. */
  direction?: 'input';
  protections: Array<CodeEvent['protections'][number] & { confidence: CatalogueConfidence }>;
  /** The only platforms that send it; absent = none is named, or any. */
  platforms?: Platform[];
  ref?: string;
  /** Whether a second, independent source names it. */
  corroborated?: true;
  /** The keys below are documented, and the same for every event that Appdome sends. */
  data?: string;
  code?: string;
  score?: string[];
  contextKeys?: string[];
  /** Modes in which any protection can send it. Others are for some protections only: `catalogue.modes`. */
  modes?: string[];
}

/**
 * @param query words, a key or an event, as in `fusegate features`; empty = every event
 * @param fields what every event carries
 * @returns the events of the protections that match, best first
 */
export function listEvents(query: string, platform: Platform | undefined, fields: readonly EventField[]): EventFacts[] {
  const names = searchCatalogue(query, defined({ platform })).flatMap(({ events }) => events);
  const all = allFacts(platform, fields);
  return [...new Set(names)].flatMap((name) => all.get(name) ?? []);
}

/** @returns the number that the KB prints for an event */
export function refOf(name: string): string | undefined {
  return pairsOf(name).find(({ event }) => event.ref !== undefined)?.event.ref;
}

function allFacts(platform: Platform | undefined, fields: readonly EventField[]): Map<string, EventFacts> {
  const sent = neededEvents({ events: everyEvent('the catalogue'), platform }).events;
  const inputs = catalogue.entries
    .filter((entry) => mayBeOn(entry, platform))
    .flatMap(({ events }) => events.filter(({ direction }) => direction === 'input').map(({ name }) => name));
  const facts = [
    ...sent.map(
      ({ name, platforms }): EventFacts => ({ ...common(name), ...defined({ platforms }), ...carried(fields) }),
    ),
    ...[...new Set(inputs)].map((name): EventFacts => ({ ...common(name), direction: 'input' })),
  ];
  return new Map(facts.map((one) => [one.name, one]));
}

function common(name: string): EventFacts {
  const pairs = pairsOf(name);
  return {
    name,
    protections: pairs.map(({ entry, event }) => ({
      title: entryTitle(entry),
      pairing: event.pairing,
      confidence: entry.confidence,
    })),
    ...defined({ ref: refOf(name), corroborated: pairs.some(({ event }) => event.corroborated) ? true : undefined }),
  };
}

function carried(fields: readonly EventField[]): Partial<EventFacts> {
  const of = (element: string) => fields.filter((field) => field.element === element).map(({ key }) => key);
  const [data] = of('DATA');
  const [code] = of('CODE');
  const contextKeys = fields.map(({ key }) => key);
  const modes = catalogue.modes.filter(({ threatEvents, note }) => threatEvents === 'ON' && note === undefined);
  return { ...defined({ data, code }), score: of('SCORE'), contextKeys, modes: modes.map(({ mode }) => mode) };
}

function pairsOf(name: string): Array<{ entry: CatalogueEntry; event: CatalogueEntry['events'][number] }> {
  return catalogue.entries.flatMap((entry) =>
    entry.events.filter((event) => event.name === name).map((event) => ({ entry, event })),
  );
}
