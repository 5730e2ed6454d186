import { eventFields } from '../../../src/catalogue/event-data.ts';
import { LANGUAGES, type LanguageName } from '../../../src/threat-events/code/languages.ts';
import { listenerCode } from '../../../src/threat-events/code/listener-code.ts';
import type { CodeEvent, CodeOrder, WrittenFile } from '../../../src/threat-events/code/order.ts';
import { everyEvent, neededEvents } from '../../../src/threat-events/needed-events.ts';

/** @returns every event that the language's platforms send */
export function eventsFor(language: LanguageName): CodeEvent[] {
  const [only, ...others] = LANGUAGES[language].platforms;
  const platform = others.length === 0 ? only : undefined;
  return neededEvents({ events: everyEvent('a test'), platform }).events.map(({ name, platforms, needs }) => ({
    name,
    ...(platforms ? { platforms } : {}),
    protections: needs.flatMap(({ protection, pairing }) =>
      protection && pairing ? [{ title: protection, pairing }] : [],
    ),
  }));
}

/** @returns listener code, by default for every event of the language's platforms */
export function codeOf(language: LanguageName, changes: Partial<CodeOrder> = {}): WrittenFile[] {
  const order = { fields: eventFields, className: 'ThreatEvents', packageName: 'com.example.app' };
  return listenerCode(language, { events: eventsFor(language), ...order, ...changes });
}
