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

/** No wider, however long a value is: one long name must not push everything aside. */
const WIDEST = [36, 44, 12, 5, 9];

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

function table(events: readonly EventFacts[]): string[] {
  const rows = events.flatMap(({ name, direction, protections, platforms, ref }) =>
    protections.map(({ title, pairing, confidence }) => [
      name,
      title,
      platforms?.join(', ') ?? '-',
      ref ?? '-',
      PAIRING[pairing],
      direction === 'input' ? 'the app sends it; there is nothing to listen to' : CONFIDENCE_WORDS[confidence],
    ]),
  );
  const head = ['NAME', 'PROTECTION', 'PLATFORM', 'REF', 'PAIRED BY', 'KNOWN FROM'];
  return aligned([head, ...rows], (column) => WIDEST[column] ?? 0);
}

/** What is the same for every event. */
function common(fields: readonly EventField[]): string[] {
  const keys = (element?: string) => fields.filter((field) => field.element === element).map(({ key }) => key);
  return [
    `Every event that Appdome sends carries DATA in ${keys('DATA').join()}, CODE in ${keys('CODE').join()}, SCORE in ${keys('SCORE').join(' and ')}, and these context keys: ${keys().join(', ')}.`,
    'It is sent in In-App Detection, where Appdome enforces nothing and the app has to act, and in In-App Defense with Threat-Events on. Threat-Memory needs no listener.',
  ].flatMap((text) => wrap(text, WIDTH));
}
