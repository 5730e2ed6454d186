/** "Does the app listen?", in the words that every report uses. */
import type { FusegateResult } from '../model/result.ts';

export type Listening = NonNullable<FusegateResult['listening']>;
export type ListenedEvent = Listening['events'][number];

export const LISTENING_TITLE = 'Does the app listen?';

/** What the check can see, and what the certificate's own warning is worth (threat-events.md §3). */
export const LISTENING_NOTE =
  'In In-App Detection, Appdome sends the app an event and does not enforce. Fusegate looked for the listeners in the app before the upload; that a listener acts is not visible. The certificate only searches the app for the name.';

export const LISTENING_WORD: Record<ListenedEvent['outcome'], string> = {
  registered: 'registered',
  named: 'named, not registered',
  foreign: "only in another owner's code",
  absent: 'not there',
  unknown: 'cannot be read',
};

/** The worst first, else as they were asked for. */
export function listenedEvents({ events }: Listening): ListenedEvent[] {
  return [...events].sort((a, b) => WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome));
}

const WORST_FIRST: ReadonlyArray<ListenedEvent['outcome']> = ['absent', 'foreign', 'unknown', 'named', 'registered'];

/** `2 of 5 Threat-Events are registered`. */
export function listeningCount({ events }: Listening): string {
  const registered = events.filter(({ outcome }) => outcome === 'registered').length;
  return `${registered} of ${events.length} Threat-Events ${events.length === 1 ? 'is' : 'are'} registered`;
}
