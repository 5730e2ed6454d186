/** "Does the app listen?", in the words that every report uses. */
import type { FusegateResult } from '../model/result.ts';
import { isUnmet, type ReportedFinding, separateFindings } from './describe.ts';

export type Listening = NonNullable<FusegateResult['listening']>;
export type ListenedEvent = Listening['events'][number] & {
  /** A requirement, or the check before the upload, failed because of it. */
  failed: boolean;
};

export const LISTENING_TITLE = 'Does the app listen?';

/** What the check can see, and what the certificate's own warning is worth (threat-events.md §3). */
export const LISTENING_NOTE =
  "In In-App Detection, Appdome sends the app an event and does not enforce. Fusegate looked for the listeners in the app before the upload. Whether a listener does anything cannot be seen. Appdome's own check only looks for the name.";

export const LISTENING_WORD: Record<ListenedEvent['outcome'], string> = {
  registered: 'registered',
  named: 'named, not registered',
  foreign: "in another owner's code",
  absent: 'not there',
  unknown: 'cannot be read',
};

/**
 * What stopped the job first, then the worst, else as they were asked for.
 * @param whole the result with its names, which say what failed even where they are not shown
 */
export function listenedEvents({ listening }: FusegateResult, whole: FusegateResult): ListenedEvent[] {
  const blamed = textsOfFailures(whole);
  const names = whole.listening?.events ?? [];
  const events = (listening?.events ?? []).map((event, index) => {
    const name = names[index]?.name ?? event.name;
    return { ...event, failed: event.outcome !== 'registered' && blamed.some((text) => hasWord(text, name)) };
  });
  const rank = ({ failed, outcome }: ListenedEvent) => (failed ? 0 : WORST_FIRST.length) + WORST_FIRST.indexOf(outcome);
  return events.sort((a, b) => rank(a) - rank(b));
}

const WORST_FIRST: ReadonlyArray<ListenedEvent['outcome']> = ['absent', 'foreign', 'unknown', 'named', 'registered'];

/** All that a run which is not a pass says of listeners: the messages, and the certificate's own lines. */
function textsOfFailures({ requirements, findings }: FusegateResult): string[] {
  return [
    ...requirements
      .filter((rule) => isUnmet(rule) && (rule.outcome === 'no-listener' || rule.rule === 'app-listens'))
      .flatMap(({ message, evidence }) => [message, ...evidence.map(({ text }) => text)]),
    ...findings
      .filter(({ level, code }) => level === 'error' && /^(?:listener\.|feature\.no-listener$)/u.test(code))
      .map(({ message }) => message),
  ];
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^\w]+/u).includes(word);
}

/** The findings for people, without a warning all of whose events a failure names. */
export function newFindings(result: FusegateResult): ReportedFinding[] {
  const blamed = textsOfFailures(result);
  const names = [...(result.listening?.events ?? []).map(({ name }) => name), ...result.certificate.missingListeners];
  const isSaid = ({ message }: ReportedFinding) => {
    const warned = names.filter((name) => hasWord(message, name));
    return warned.length > 0 && warned.every((name) => blamed.some((text) => hasWord(text, name)));
  };
  return separateFindings(result).filter(
    (finding) => !(finding.level === 'warning' && finding.code.startsWith('listener.') && isSaid(finding)),
  );
}

/** `2 of 5 Threat-Events registered`. */
export function listeningCount({ events }: Listening): string {
  const registered = events.filter(({ outcome }) => outcome === 'registered').length;
  return `${registered} of ${events.length} Threat-Event${events.length === 1 ? '' : 's'} registered`;
}

const MOST_FILES = 4;

/** `classes.dex, classes2.dex: damaged or encrypted`: each reason once, for all of its files. */
export function unreadableLines({ unreadable }: Listening): string[] {
  const filesOf = new Map<string, string[]>();
  for (const { file, reason } of unreadable) filesOf.set(reason, [...(filesOf.get(reason) ?? []), file]);
  const lines = [...filesOf].map(([reason, files]) => `${listed(files, MOST_FILES)}: ${reason}`);
  const rest = lines.length - MOST_REASONS;
  return rest > 0 ? [...lines.slice(0, MOST_REASONS), `and ${rest} more in fusegate-result.json`] : lines;
}

const MOST_REASONS = 6;
/** What a place is, where the outcome beside it says the same. */
const WHAT = /: (?:registration|name|foreign)$/u;
const MOST_PLACES = 3;

/** Where it was found. A file that cannot be read is named once for all events, not in each row. */
export function placesOf(event: Pick<ListenedEvent, 'places'>, { unreadable }: Listening): string[] {
  const places = event.places
    .filter((place) => !unreadable.some(({ file }) => place.startsWith(`${file}:`)))
    .map((place) => place.replace(WHAT, ''));
  const rest = places.length - MOST_PLACES;
  return rest > 0 ? [...places.slice(0, MOST_PLACES), `and ${rest} more in fusegate-result.json`] : places;
}

/** What the certificate lists as missing and the table of the app's events does not have. */
export function listenersBesides({ certificate, listening }: FusegateResult): string[] {
  const shown = new Set(listening?.events.map(({ name }) => name));
  return certificate.missingListeners.filter((name) => !shown.has(name));
}

const MOST_NAMES = 3;

/** A message that lists many events, cut for pages where the table of events follows. */
export function cutToTable(message: string, { listening }: FusegateResult): string {
  const labels = (listening?.events ?? []).map(({ name, protection }) =>
    protection === undefined ? name : `${name} (${protection})`,
  );
  const run = labels.filter((label) => message.includes(label));
  if (run.length <= MOST_NAMES + 1) return message;
  const at = run.map((label) => ({ from: message.indexOf(label), to: message.indexOf(label) + label.length }));
  at.sort((a, b) => a.from - b.from);
  const [last, end] = [at[MOST_NAMES - 1], at.at(-1)];
  if (last === undefined || end === undefined || !isOneList(message, at)) return message;
  const more = `${message.slice(0, last.to)} and ${run.length - MOST_NAMES} more, see the table below`;
  return `${more}${message.slice(end.to)}`;
}

/** Nothing but commas between them, so that a cut takes nothing else away. */
function isOneList(message: string, at: ReadonlyArray<{ from: number; to: number }>): boolean {
  return at.every(({ from }, index) => index === 0 || message.slice(at[index - 1]?.to, from) === ', ');
}

function listed(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
