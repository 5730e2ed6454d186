import type { FusegateResult } from '../../model/result.ts';
import {
  LISTENING_NOTE,
  LISTENING_TITLE,
  LISTENING_WORD,
  type ListenedEvent,
  listenedEvents,
  listeningCount,
} from '../listening.ts';
import { chip, type Tone } from './icons.ts';
import { copied, dataTable, list, type Section } from './pieces.ts';
import { html } from './template.ts';

const TONE: Record<ListenedEvent['outcome'], Tone> = {
  registered: 'good',
  named: 'warn',
  foreign: 'warn',
  absent: 'warn',
  unknown: 'neutral',
};

/** Each needed event, and where the app listens for it; undefined where the app was not checked. */
export function listeningSection({ listening }: FusegateResult): Section | undefined {
  if (listening === undefined || listening.events.length === 0) return undefined;
  const { unreadable } = listening;
  return {
    id: 'listening',
    title: LISTENING_TITLE,
    body: html`<p>${listeningCount(listening)}.</p>
${dataTable(
  LISTENING_TITLE,
  [
    { head: 'Threat-Event', cell: ({ name }) => copied(name) },
    { head: 'Protection', cell: ({ protection }) => protection },
    { head: 'In the app', cell: ({ outcome }) => chip(TONE[outcome], LISTENING_WORD[outcome]) },
    { head: 'Where', cell: ({ places }) => places[0], look: 'wide' },
  ],
  listenedEvents(listening),
)}${
  unreadable.length > 0 &&
  html`<h3>Not readable</h3>
${list(unreadable, ({ file, reason }) => html`<code>${file}</code>: ${reason}`)}`
}<p class="note">${LISTENING_NOTE}</p>
`,
  };
}
