/** The comments of listener code. They say what is known of each event, and how certain it is. */
import type { CodeEvent } from './order.ts';

const BASIS = { kb: 'documented', code: 'from public code', inferred: 'inferred' };
const PLATFORM = { android: 'Android', ios: 'iOS' };

const WIDTH = 100;

/**
 * @param manyPlatforms whether the file is for more than one
 * @returns what the event is, on lines that are not too long
 */
export function aboutEvent({ protections, platforms, ref }: CodeEvent, manyPlatforms: boolean): string[] {
  const names =
    protections.length === 0
      ? 'not in the catalogue'
      : protections.map(({ title, pairing }) => `${title} (${BASIS[pairing]})`).join(', ');
  const only = manyPlatforms && platforms ? `${platforms.map((one) => PLATFORM[one]).join(', ')} only: ` : '';
  return wrapped(`${only}${names}${ref === undefined ? '' : `, REF ${ref}`}`);
}

/** What the reader of the file has to know, whatever the language. */
export function aboutFile(language: string, call: string): string[] {
  return [
    `Written by \`fusegate threat-events --code ${language}\`. Add it to the app and call it once, ${call}.`,
    'Do not edit it: it is written again when the events change. What the app does goes into the handler that you pass.',
    '',
    'In In-App Detection, Appdome reports a threat and enforces nothing: only your handler can act.',
    'Each event below names the protection that sends it, and how certain that is.',
  ].flatMap((line) => (line === '' ? [''] : wrapped(line)));
}

export const ABOUT_VALUES =
  'Everything that came with the event, as text, by its key: also keys that have no field here.';
export const ABOUT_EMPTY = [
  'Nothing came with the event. One that arrives as soon as the app listens may be like this,',
  'so do not take an empty field for a fault.',
];

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** @param lines empty ones stay without blanks at their end */
export function prefixed(prefix: string, lines: readonly string[]): string {
  return lines.map((line) => `${prefix}${line}`.trimEnd()).join('\n');
}
