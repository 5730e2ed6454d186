import { WIDTH, wrap } from '@fusegate/shared/adapter/job-help';
import { catalogue } from '@fusegate/shared/catalogue/catalogue';
import type { EventField } from '@fusegate/shared/catalogue/event-data';
import { CONFIDENCE_WORDS } from '@fusegate/shared/catalogue/search';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Platform } from '@fusegate/shared/model/run-request';
import { aligned } from '@fusegate/shared/text/columns';
import { type EventFacts, listEvents } from '@fusegate/shared/threat-events/code/event-facts';
import type { CommandIo } from './command-io.ts';

/** As in grep: the search was valid but found nothing. */
const NOTHING_FOUND = 1;

const PAIRING = { kb: 'documented', code: 'code', inferred: 'inferred' };

/** @returns the process exit */
export async function printEvents(
  query: string,
  { platform, json }: { platform: Platform | undefined; json: boolean },
  io: CommandIo,
): Promise<number> {
  const { eventFields, sampleKeys } = await import('@fusegate/shared/threat-events/code/listener-code');
  const events = listEvents(query, platform, eventFields);
  if (json) {
    const contextKeys = eventFields.map((field) => ({
      ...field,
      type: field.element === 'SCORE' ? 'number' : 'string',
    }));
    const data = { compiled: catalogue.compiled, events, contextKeys, sampleKeys, modes: catalogue.modes };
    io.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  } else if (events.length === 0) io.stdout.write(`No Threat-Event is called anything like "${query}".\n`);
  else io.stdout.write(`${[...table(events), '', ...common(eventFields)].join('\n')}\n`);
  return events.length === 0 ? NOTHING_FOUND : EXIT.pass;
}

interface Column {
  head: string;
  /** No wider, however long a value is: one long name must not push everything aside. */
  widest: number;
  value(event: EventFacts, protection: EventFacts['protections'][number]): string;
}

const REF: Column = { head: 'REF', widest: 5, value: ({ ref }) => ref ?? '-' };
const COLUMNS: readonly Column[] = [
  { head: 'NAME', widest: 36, value: ({ name }) => name },
  { head: 'PROTECTION', widest: 44, value: (_, { title }) => title },
  { head: 'PLATFORM', widest: 12, value: ({ platforms }) => platforms?.join(', ') ?? 'both' },
  REF,
  { head: 'PAIRED BY', widest: 9, value: (_, { pairing }) => PAIRING[pairing] },
  {
    head: 'KNOWN FROM',
    widest: 0,
    value: ({ direction }, { confidence }) =>
      direction === 'input' ? 'the app sends it; there is nothing to listen to' : CONFIDENCE_WORDS[confidence],
  },
];

function table(events: readonly EventFacts[]): string[] {
  const columns = COLUMNS.filter((column) => column !== REF || events.some(({ ref }) => ref !== undefined));
  const rows = events.flatMap((event) =>
    event.protections.map((protection) => columns.map(({ value }) => value(event, protection))),
  );
  return aligned([columns.map(({ head }) => head), ...rows], (column) => columns[column]?.widest ?? 0);
}

/** What is the same for every event. */
function common(fields: readonly EventField[]): string[] {
  const keys = (element?: string) => fields.filter((field) => field.element === element).map(({ key }) => key);
  return [
    `Every event that Appdome sends carries DATA in ${keys('DATA').join()}, CODE in ${keys('CODE').join()}, SCORE in ${keys('SCORE').join(' and ')}, and these context keys: ${keys().join(', ')}.`,
    'It is sent in In-App Detection, where Appdome enforces nothing and the app has to act, and in In-App Defense with Threat-Events on. Threat-Memory needs no listener.',
  ].flatMap((text) => wrap(text, WIDTH));
}
