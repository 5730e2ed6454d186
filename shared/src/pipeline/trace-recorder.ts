/** What a run did, and when: stages, requests, polls, reads and pauses, in memory, until `--trace` asks for them (chrome-trace.ts). */
import type { CallObserver } from '../api/call.ts';
import type { Clock } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';

/** A few megabytes. At 200 ms between questions, that is over twenty minutes without a pause. */
const MAX_DETAILS = 20_000;

export type TraceCategory = 'stage' | 'request' | 'poll' | 'read' | 'wait';
export type TraceFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  category: TraceCategory;
  /** A word of ours; what others say is a fact. */
  name: string;
  /** A stage that runs beside another one. */
  beside?: true;
  facts?: TraceFacts;
}

export interface TraceSpan extends SpanStart {
  /** Milliseconds since the trace began. */
  from: number;
  /** Milliseconds. */
  ms: number;
  facts: TraceFacts;
}

export interface TraceContents {
  /** In the order in which they began. */
  spans: TraceSpan[];
  /** Spans that found no room. */
  dropped: number;
}

/** Ends a span, with what was learnt. `ms`: as measured elsewhere. Only the first call counts. */
export type EndSpan = (facts?: TraceFacts, ms?: number) => void;

/** Reading a file to hash it. */
export function hashing({ name, size }: { name: string; size: number }): SpanStart {
  return { category: 'read', name: 'hash', facts: { file: name, bytes: size } };
}

type RecordedSpan = Omit<TraceSpan, 'ms'> & { ms?: number };

export class TraceRecorder {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #began: number;
  readonly #max: number;
  readonly #spans: RecordedSpan[] = [];
  #details = 0;
  #dropped = 0;

  constructor(clock: Pick<Clock, 'monotonic'>, max = MAX_DETAILS) {
    this.#clock = clock;
    this.#began = clock.monotonic();
    this.#max = max;
  }

  begin({ facts = {}, ...start }: SpanStart): EndSpan {
    // A run has a dozen stages, and a trace without them says nothing.
    if (start.category !== 'stage') {
      if (this.#details >= this.#max) {
        this.#dropped += 1;
        return () => {};
      }
      this.#details += 1;
    }
    const span: RecordedSpan = { ...start, from: this.#clock.monotonic() - this.#began, facts };
    this.#spans.push(span);
    return (more, ms = this.#clock.monotonic() - this.#began - span.from) => {
      if (span.ms !== undefined) return;
      span.ms = ms;
      span.facts = { ...span.facts, ...more };
    };
  }

  /** @param learnt what the value tells */
  async during<T>(start: SpanStart, body: () => Promise<T>, learnt?: (value: T) => TraceFacts): Promise<T> {
    const end = this.begin(start);
    try {
      const value = await body();
      end(learnt?.(value));
      return value;
    } catch (error) {
      end({ failed: error instanceof FusegateError ? error.code : true });
      throw error;
    }
  }

  /** For the requests of one stage. */
  observer(stage: string): CallObserver {
    return {
      request: ({ operation, ...facts }) => {
        const end = this.begin({ category: 'request', name: operation, facts: { stage, ...facts } });
        return (ended) => end({ ...ended });
      },
      pause: () => this.begin({ category: 'wait', name: 'before the next attempt', facts: { stage } }),
    };
  }

  /** What is still going on is cut off here. */
  contents(): TraceContents {
    const now = this.#clock.monotonic() - this.#began;
    const spans = this.#spans.map(
      ({ ms, ...span }): TraceSpan =>
        ms === undefined
          ? { ...span, ms: now - span.from, facts: { ...span.facts, unfinished: true } }
          : { ...span, ms },
    );
    return { spans, dropped: this.#dropped };
  }
}
