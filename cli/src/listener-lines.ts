/** What `fusegate listeners` prints. Pure. */
import { WIDTH, wrap } from '@fusegate/shared/adapter/job-help';
import { aligned } from '@fusegate/shared/text/columns';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { NeededEvents } from '@fusegate/shared/threat-events/needed-events';
import type {
  EventListening,
  ListenerOutcome,
  ListenerPlace,
  ListenerReport,
} from '@fusegate/shared/threat-events/outcome';

/** No wider, however long a value is: one long name must not push everything aside. */
const WIDEST = [36, 40, 10];
/** What to do about an event with this outcome. */
const NEXT: Record<Exclude<ListenerOutcome, 'registered'>, string> = {
  named:
    'the name occurs, and nothing registers a listener for it. Register one; `fusegate threat-events --code` writes the code.',
  foreign: "the name occurs in somebody else's code only. Register a listener of the app's own.",
  absent: 'the name is nowhere. Register a listener; `fusegate threat-events --code` writes the code.',
  unknown:
    'a part where the listener could be cannot be read, or whose code it is cannot be told. Check the sources: `fusegate listeners --source DIR`.',
};

/** There is nowhere else to look. */
const NEXT_IN_SOURCE = {
  ...NEXT,
  unknown: 'a file where the listener could be cannot be read. Look for the listener in that file.',
};

export interface LineOptions {
  /** All events were asked for, so nobody needs to be told that some belong to the other platform. */
  all: boolean;
  notices: readonly string[];
  inSource: boolean;
}

export function listenerLines(report: ListenerReport, needed: NeededEvents, options: LineOptions): string[] {
  const { events } = report;
  const left = needed.leftOut
    .filter(({ why }) => !options.all || why !== 'other-platform')
    .map(({ note, source }) => `Left out: ${plainLine(note)} (${plainLine(source)})`);
  const notes = [...left, ...options.notices.map((notice) => `Note: ${plainLine(notice)}`)];
  if (events.length === 0) {
    const unknown = needed.leftOut.some(({ why }) => why === 'no-known-event');
    return [unknown ? 'Nothing was looked for: no event is known.' : 'No event needs a listener.', ...notes];
  }
  const notRead = report.unreadable.map(({ file, reason }) => `Not read: ${plainLine(unread(file, reason))}`);
  const registered = events.filter(({ outcome }) => outcome === 'registered').length;
  return [
    ...table(events, needed),
    '',
    `Read ${count(report.filesRead, 'file')}. ${registered} of ${count(events.length, 'event')} ${events.length === 1 ? 'is' : 'are'} registered.`,
    ...nextSteps(events, options.inSource ? NEXT_IN_SOURCE : NEXT),
    ...notRead,
    ...notes,
    ...wrap(
      options.inSource
        ? 'registered means that the code has a call that registers the name. Check that the app makes that call: where Fusegate wrote it, that it calls `listen`. Only a test of the app shows what the listener does.'
        : 'What is found in a built app is what its bytes show. Only a test of the app shows whether the listener runs, and what it does.',
      WIDTH,
    ),
  ];
}

function table(events: readonly EventListening[], needed: NeededEvents): string[] {
  const protections = new Map(
    needed.events.map(({ name, needs }) => [
      name,
      [...new Set(needs.flatMap(({ protection }) => protection ?? []))].join(', ') || '-',
    ]),
  );
  const rows = events.map(({ name, outcome, places }) => [
    plainLine(name),
    plainLine(protections.get(name) ?? '-'),
    outcome,
    shownPlaces(places, outcome),
  ]);
  return aligned([['EVENT', 'PROTECTION', 'OUTCOME', 'PLACES'], ...rows], (column) => WIDEST[column] ?? 0);
}

const SHOWN: Partial<Record<ListenerOutcome, ListenerPlace['what']>> = {
  registered: 'registration',
  named: 'name',
  foreign: 'foreign',
  unknown: 'unreadable',
};

/** Of those that the outcome rests on, the first, and how many more there are: every event is one line. */
function shownPlaces(places: readonly ListenerPlace[], outcome: ListenerOutcome): string {
  const [first, ...more] = places.filter(({ what }) => what === SHOWN[outcome]);
  if (first === undefined) return '-';
  const { file, line, where, what, detail } = first;
  const at = `${file}${line === undefined ? '' : `:${line}`}${where ? ` ${where}` : ''}`;
  const shown = what === 'unreadable' ? unread(at, detail) : detail ? `${at} (${detail})` : at;
  return plainLine(more.length > 0 ? `${shown} and ${more.length} more` : shown);
}

/** A reason is written so that it can follow the name in a sentence. */
function unread(place: string, reason = 'cannot be read'): string {
  return `${place}: ${reason.replace(/^is /u, '')}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function nextSteps(events: readonly EventListening[], next: typeof NEXT): string[] {
  return Object.entries(next).flatMap(([outcome, advice]) => {
    const names = events.filter((event) => event.outcome === outcome).map(({ name }) => plainLine(name));
    return names.length === 0 ? [] : wrap(`Next, ${outcome} (${names.join(', ')}): ${advice}`, WIDTH);
  });
}
