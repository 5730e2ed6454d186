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
/** More places of one event are counted. */
const MOST_PLACES = 3;

/** What to do about an event with this outcome. */
const NEXT: Record<Exclude<ListenerOutcome, 'registered'>, string> = {
  named:
    'the name occurs, and nothing registers a listener for it. Register one; `fusegate threat-events --code` writes the code.',
  foreign: "the name occurs in somebody else's code only. Register a listener of the app's own.",
  absent: 'the name is nowhere. Register a listener; `fusegate threat-events --code` writes the code.',
  unknown: 'the place where the name would be cannot be read. Look there by hand.',
};

export interface LineOptions {
  /** All events were asked for, so those of the other platform are no news. */
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
  if (events.length === 0) return ['No event needs a listener.', ...notes];
  const unread = report.unreadable.map(({ file, reason }) => `Not read: ${plainLine(file)}: ${plainLine(reason)}`);
  const registered = events.filter(({ outcome }) => outcome === 'registered').length;
  return [
    ...table(events, needed),
    '',
    `The app listens to ${registered} of ${events.length} ${events.length === 1 ? 'event' : 'events'}.`,
    ...nextSteps(events),
    ...unread,
    ...notes,
    ...wrap(
      options.inSource
        ? 'registered means that a call registers the name. Whether that call runs, and what the listener does, only a test of the app shows.'
        : 'What is found in a built app is what its bytes show. Whether the listener runs, and what it does, only a test of the app shows.',
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
  const rows = events.flatMap(({ name, outcome, places }) => {
    const [first = '-', ...more] = shownPlaces(places, outcome);
    const row = [plainLine(name), plainLine(protections.get(name) ?? '-'), outcome, first];
    return [row, ...more.map((place) => ['', '', '', place])];
  });
  return aligned([['EVENT', 'PROTECTION', 'OUTCOME', 'PLACES'], ...rows], (column) => WIDEST[column] ?? 0);
}

const SHOWN: Partial<Record<ListenerOutcome, ListenerPlace['what']>> = {
  registered: 'registration',
  named: 'name',
  foreign: 'foreign',
  unknown: 'unreadable',
};

/** Those that the outcome rests on. */
function shownPlaces(places: readonly ListenerPlace[], outcome: ListenerOutcome): string[] {
  const telling = places.filter(({ what }) => what === SHOWN[outcome]);
  const shown = telling.slice(0, MOST_PLACES).map(({ file, line, where, detail }) => {
    const at = `${file}${line === undefined ? '' : `:${line}`}${where ? ` ${where}` : ''}`;
    return plainLine(detail ? `${at} (${detail})` : at);
  });
  const rest = telling.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

function nextSteps(events: readonly EventListening[]): string[] {
  return Object.entries(NEXT).flatMap(([outcome, advice]) => {
    const names = events.filter((event) => event.outcome === outcome).map(({ name }) => plainLine(name));
    return names.length === 0 ? [] : wrap(`Next, ${outcome} (${names.join(', ')}): ${advice}`, WIDTH);
  });
}
