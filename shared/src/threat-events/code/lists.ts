/** The parts that most languages write in the same way. */
import type { EventField } from '../../catalogue/event-data.ts';
import { aboutEvent, prefixed } from './comments.ts';
import type { CodeOrder } from './order.ts';

/** @returns the events as the lines of a list of literals, each below what it is */
export function eventList(
  { events }: CodeOrder,
  { indent, quote, manyPlatforms = false }: { indent: string; quote: string; manyPlatforms?: boolean },
): string {
  return events
    .map(
      (event) =>
        `${prefixed(`${indent}// `, aboutEvent(event, manyPlatforms))}\n${indent}${quote}${event.name}${quote.at(-1)}`,
    )
    .join(',\n');
}

/** Scores are numbers; what form the other values have is not documented, so they stay text. */
export function isNumber({ element }: EventField): boolean {
  return element === 'SCORE';
}

/** @returns what is known of a field, if anything is */
export function aboutField({ element, androidOnly, documentedFor }: EventField): string {
  return [
    element && `The Threat-Event ${element}.`,
    androidOnly && 'Android only.',
    documentedFor && `Documented for ${documentedFor} only.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** @returns the fields as declarations, each below what is known of it */
export function fieldList(
  { fields }: CodeOrder,
  write: (field: EventField) => string,
  { indent, comment = '/** TEXT */' }: { indent: string; comment?: string },
): string {
  return fields
    .map((field) => {
      const about = aboutField(field);
      const line = about === '' ? '' : `${indent}${comment.replace('TEXT', about)}\n`;
      return `${line}${indent}${write(field)}`;
    })
    .join('\n');
}

/** Where a platform does not send a field, code for that platform alone has none. */
export function withoutAndroidOnly(order: CodeOrder): CodeOrder {
  return { ...order, fields: order.fields.filter(({ androidOnly }) => androidOnly !== true) };
}

/** `osVersion` → `OsVersion`. */
export function pascal(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
