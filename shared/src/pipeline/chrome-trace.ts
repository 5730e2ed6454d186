/**
 * A trace in the Trace Event Format, which chrome://tracing, Perfetto and others read. Pure.
 *
 * Viewers nest what overlaps on one track, and Perfetto refuses what overlaps without nesting, so spans that overlap get tracks of their own.
 */
import { TRACE_MARK } from '../files/trace-file.ts';
import { VERSION } from '../model/version.ts';
import { oneLine } from '../text/server-text.ts';
import type { TraceCategory, TraceContents, TraceFacts, TraceSpan } from './trace-recorder.ts';

type Track = TraceCategory | 'beside';

/** From the top down. */
const TRACKS: ReadonlyArray<readonly [Track, string]> = [
  ['stage', 'Stages'],
  ['beside', 'Certificates, beside the download'],
  ['request', 'Requests'],
  ['poll', 'Polls'],
  ['wait', 'Pauses'],
  ['read', 'Reads'],
];
const MAX_TEXT = 200;
/** All is one process, whatever its number: the same run gives the same trace. */
const PID = 1;

export interface ChromeEvent {
  name: string;
  cat?: TraceCategory;
  /** Complete, or metadata. */
  ph: 'X' | 'M';
  /** Microseconds since the trace began. */
  ts?: number;
  dur?: number;
  pid: number;
  tid: number;
  args: Record<string, string | number | boolean>;
}

export interface ChromeTrace {
  /** Must come first: whatIsAt (files/trace-file.ts). */
  otherData: typeof TRACE_MARK & { fusegate: string; mode: string; dropped: number };
  displayTimeUnit: 'ms';
  traceEvents: ChromeEvent[];
}

/** @param mask hides secrets in what is not ours: hosts, file names, what the service said */
export function chromeTrace(
  { spans, dropped }: TraceContents,
  mode: string,
  mask: (text: string) => string,
): ChromeTrace {
  const named = [naming('process_name', 0, 'Fusegate')];
  const complete: ChromeEvent[] = [];
  let tid = 0;
  for (const [track, title] of TRACKS) {
    const lanes = lanesOf(spans.filter((span) => trackOf(span) === track));
    for (const [index, lane] of lanes.entries()) {
      tid += 1;
      named.push(naming('thread_name', tid, index === 0 ? title : `${title} (${index + 1})`));
      named.push({ name: 'thread_sort_index', ph: 'M', pid: PID, tid, args: { sort_index: tid } });
      for (const { name, category: cat, facts, ts, dur } of lane)
        complete.push({ name, cat, ph: 'X', ts, dur, pid: PID, tid, args: shown(facts, mask) });
    }
  }
  return {
    otherData: { ...TRACE_MARK, fusegate: VERSION, mode, dropped },
    displayTimeUnit: 'ms',
    traceEvents: [...named, ...complete],
  };
}

function trackOf({ category, beside }: TraceSpan): Track {
  return beside ? 'beside' : category;
}

function naming(name: string, tid: number, text: string): ChromeEvent {
  return { name, ph: 'M', pid: PID, tid, args: { name: text } };
}

type Placed = TraceSpan & { ts: number; dur: number };

/** Each on the first track that is free. */
function lanesOf(spans: readonly TraceSpan[]): Placed[][] {
  const lanes: Array<{ end: number; spans: Placed[] }> = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    // Both ends are rounded, so that what follows each other without a gap does not overlap.
    const ts = Math.round(span.from * 1000);
    const end = Math.max(ts, Math.round((span.from + span.ms) * 1000));
    let lane = lanes.find((each) => each.end <= ts);
    if (lane === undefined) {
      lane = { end: 0, spans: [] };
      lanes.push(lane);
    }
    lane.end = end;
    lane.spans.push({ ...span, ts, dur: end - ts });
  }
  return lanes.map((lane) => lane.spans);
}

function shown(facts: TraceFacts, mask: (text: string) => string): ChromeEvent['args'] {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'string' ? oneLine(mask(value), MAX_TEXT) : value]];
    }),
  );
}
