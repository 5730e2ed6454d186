import type { FusegateResult } from '../../model/result.ts';
import {
  LISTENING_NOTE,
  LISTENING_TITLE,
  LISTENING_WORD,
  type ListenedEvent,
  listenedEvents,
  listeningCount,
  placesOf,
  unreadableLines,
} from '../listening.ts';
import { chip, type Tone } from './icons.ts';
import { type Column, copied, dataTable, type Section } from './pieces.ts';
import { html } from './template.ts';

const TONE: Record<ListenedEvent['outcome'], Tone> = {
  registered: 'good',
  named: 'warn',
  foreign: 'warn',
  absent: 'warn',
  unknown: 'neutral',
};

/** More of what is in order would push what is not out of sight. */
const MOST_IN_ORDER = 3;

/**
 * Each needed event, and where the app listens for it; undefined where the app was not checked.
 * @param whole the result with its names
 */
export function listeningSection(shown: FusegateResult, whole: FusegateResult): Section | undefined {
  const { listening } = shown;
  if (listening === undefined || listening.events.length === 0) return undefined;
  const events = listenedEvents(shown, whole);
  const unreadable = unreadableLines(listening);
  const columns: Array<Column<ListenedEvent> & { known: (event: ListenedEvent) => boolean }> = [
    { head: 'Threat-Event', cell: ({ name }) => copied(name), look: 'term', known: () => true },
    {
      head: 'In the app',
      cell: ({ outcome, failed }) => chip(failed ? 'bad' : TONE[outcome], LISTENING_WORD[outcome]),
      look: 'narrow',
      known: () => true,
    },
    { head: 'Protection', cell: ({ protection }) => protection, known: ({ protection }) => protection !== undefined },
    {
      head: 'Where',
      cell: (event) => placesOf(event, listening).map((place) => html`<div>${place}</div>`),
      look: 'place',
      known: (event) => placesOf(event, listening).length > 0,
    },
  ];
  const tableOf = (caption: string, some: ListenedEvent[]) =>
    dataTable(
      caption,
      columns.filter(({ known }) => some.some(known)),
      some,
      'stack',
    );
  const open = events.filter(({ outcome }) => outcome !== 'registered');
  const done = events.filter(({ outcome }) => outcome === 'registered');
  const folded = open.length > 0 && done.length > MOST_IN_ORDER;
  return {
    id: 'listening',
    title: LISTENING_TITLE,
    body: html`<p>${listeningCount(listening)}.</p>
${
  unreadable.length > 0 && html`<p><strong>Part of the app cannot be read:</strong> ${unreadable.join('; ')}</p>\n`
}${tableOf(LISTENING_TITLE, folded ? open : events)}${
  folded &&
  html`<details>
<summary>${done.length} registered, with their places</summary>
${tableOf('Registered Threat-Events', done)}</details>
`
}<p class="note">${LISTENING_NOTE}</p>
`,
  };
}
