/** The timed stages of a run: how long they took, how many requests they made, and what their errors are called. */
import type { CallContext } from '../api/call.ts';
import type { StageTiming } from '../model/build-outcome.ts';
import type { Clock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, type ErrorCode, FusegateError, type ServiceIds, type StageName } from '../model/errors.ts';
import type { LogLevel, Progress } from '../model/host.ts';
import { goOnWith } from './go-on.ts';
import type { ExpectedWaits } from './past-waits.ts';
import type { ExpectedWait } from './poll-pace.ts';
import type { RunRecord } from './run-recorder.ts';
import { type Scope, withDeadline, withRootScope } from './scope.ts';
import { type SpanStart, type TraceFacts, TraceRecorder } from './trace-recorder.ts';

/** Whom a stage reports to. */
export interface StageIo {
  progress(progress: Progress): void;
  log(level: LogLevel, text: string): void;
  readonly record: Pick<RunRecord, 'ids'>;
}

/** A running stage; it is the context of its requests. */
export interface Stage extends CallContext {
  readonly scope: Scope;
  /** How long the service is expected to take. */
  readonly expected?: ExpectedWait;
  /** Writes down how long it took, for later runs to expect. */
  waited?(ms: number): void;
  /** Has a part of the stage in the trace. */
  during<T>(part: SpanStart, body: () => Promise<T>, learnt?: (value: T) => TraceFacts): Promise<T>;
  report(kind: 'bytes' | 'poll' | 'message', more: Pick<Progress, 'bytes' | 'totalBytes' | 'detail'>): void;
  /** The same stage in a narrower scope (a download with a deadline of its own). */
  within(scope: Scope): Stage;
  /** Makes a quiet stage heard from here on; one that has ended already is reported at once. */
  announce(): void;
}

export interface StageSpec {
  name: StageName;
  /** What its start says: the file that it is about. */
  file?: { name: string; size: number };
  /** A build stage that only waits for a build that exists. */
  attached?: true;
  /** What ends the stage, and what that is called. */
  deadline?: { ms: number; code: DeadlineCode };
  /** Runs beside another stage, so it says nothing until `announce`: hosts show one stage at a time. */
  quiet?: boolean;
}

/** Bytes are told ten times a second, not with each of 30,000 pieces of a large app. */
const TOLD_EVERY_MS = 100;

/** Keeps the timings, those of a failed stage too. */
export class StageRecorder {
  /** Its stages are the timings, with what happened in them. */
  readonly trace: TraceRecorder;
  readonly #clock: Clock;
  readonly #timings: StageTiming[] = [];
  #expected: ExpectedWaits = {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.trace = new TraceRecorder(clock);
  }

  /** How long the service is expected to take for the stages that come. */
  expect(waits: ExpectedWaits): void {
    this.#expected = waits;
  }

  /** In the order in which the stages ended. */
  timings(): StageTiming[] {
    return [...this.#timings];
  }

  /**
   * Runs `body` as a stage.
   * @throws what `body` throws, as a FusegateError that knows the stage and the ids
   */
  async run<T>(io: StageIo, parent: Scope, spec: StageSpec, body: (stage: Stage) => Promise<T>): Promise<T> {
    const { name, file, attached, deadline } = spec;
    const startedAt = new Date(this.#clock.now()).toISOString();
    const began = this.#clock.monotonic();
    const traced = this.trace.begin({ category: 'stage', name, ...(spec.quiet && { beside: true }) });
    let requests = 0;
    let retries = 0;
    let heard = spec.quiet !== true;
    let durationMs: number | undefined;
    let waitedMs: number | undefined;
    let failed = false;
    const start = {
      kind: 'start' as const,
      ...(file && { detail: file.name, totalBytes: file.size }),
      ...defined({ attached }),
    };
    const finish = () => ({ kind: 'finish' as const, ...(failed && { failed: true as const }) });
    const emit = (progress: Omit<Progress, 'stage' | 'elapsedMs'>) => {
      if (heard) io.progress({ stage: name, elapsedMs: durationMs ?? this.#clock.monotonic() - began, ...progress });
    };
    let toldAt = Number.NEGATIVE_INFINITY;
    let toldBytes = 0;
    let untold: Parameters<Stage['report']>[1] | undefined;
    const tellBytes = () => {
      if (untold !== undefined) emit({ kind: 'bytes', ...untold });
      untold = undefined;
    };
    const report: Stage['report'] = (kind, more) => {
      if (kind !== 'bytes') {
        tellBytes();
        emit({ kind, ...more });
        return;
      }
      untold = more;
      const { bytes = 0, totalBytes } = more;
      const now = this.#clock.monotonic();
      // The last piece, and that an attempt has failed, may be followed by a long wait.
      const isMidway = bytes > toldBytes && bytes !== totalBytes;
      if (isMidway && now - toldAt < TOLD_EVERY_MS) return;
      toldAt = now;
      toldBytes = bytes;
      tellBytes();
    };
    const stageIn = (scope: Scope): Stage => ({
      stage: name,
      scope,
      signal: scope.signal,
      ...defined({ expected: this.#expected[name] }),
      waited: (ms) => {
        waitedMs = ms;
      },
      during: ({ facts, ...part }, body, learnt) =>
        this.trace.during({ ...part, facts: { stage: name, ...facts } }, body, learnt),
      observer: this.trace.observer(name),
      remaining: () => scope.remaining(),
      onRequest: () => {
        requests += 1;
      },
      onRetry: () => {
        retries += 1;
      },
      log: (level, text) => io.log(level, text),
      report,
      within: stageIn,
      announce: () => {
        if (heard) return;
        heard = true;
        emit(start);
        if (durationMs !== undefined) emit(finish());
      },
    });
    emit(start);
    try {
      if (deadline === undefined) return await body(stageIn(parent));
      const expired = () => deadlineError(deadline.code, name, deadline.ms, io.record.ids);
      return await withDeadline(parent, this.#clock, deadline.ms, expired, (scope) => body(stageIn(scope)));
    } catch (error) {
      failed = true;
      throw asFusegateError(error).at(name, io.record.ids);
    } finally {
      durationMs = this.#clock.monotonic() - began;
      const timing: StageTiming = {
        name,
        startedAt,
        durationMs,
        requests,
        ...(retries > 0 && { retries }),
        ...defined({ waitedMs }),
      };
      this.#timings.push(timing);
      traced({ ...timing, ...(failed && { failed }) }, durationMs);
      tellBytes();
      emit(finish());
    }
  }
}

/** The stage as the context of an upload, whose bytes it reports. */
export function countingBytes(stage: Stage, { size, name }: { size: number; name: string }): Stage {
  return {
    ...stage,
    onBytes: (bytes, total = size) => stage.report('bytes', { bytes, totalBytes: total, detail: name }),
  };
}

/**
 * What a job does at the service, from its first stage to its last: ends when the run is cancelled, and after `ms` by `timeout.run`.
 * @param stage of an error outside of any stage
 * @param ids of the build that continues without us, for the hint; read when the time is up
 * @throws what `body` throws, as a FusegateError that knows the stage and the ids
 */
export async function withinRun<T>(
  { ms, stage, ids }: { ms: number; stage: StageName; ids: ServiceIds },
  io: Pick<StageIo, 'record'> & { deps: Pick<Deps, 'clock' | 'signal'> },
  body: (scope: Scope) => Promise<T>,
): Promise<T> {
  const { clock, signal } = io.deps;
  const expired = () => deadlineError('timeout.run', undefined, ms, ids);
  try {
    return await withRootScope(signal, ids, (root) => withDeadline(root, clock, ms, expired, body));
  } catch (error) {
    throw asFusegateError(error).at(stage, io.record.ids);
  }
}

const DEADLINES = {
  'timeout.upload': { what: 'The upload did not end', option: 'upload-timeout' },
  'timeout.analysis': { what: 'The service did not finish analysing the app', option: 'analysis-timeout' },
  'timeout.build': { what: 'The build did not finish', option: 'build-timeout' },
  'timeout.sign': { what: 'The signing did not finish', option: 'sign-timeout' },
  'timeout.download': { what: 'The download did not end', option: 'download-timeout' },
  'timeout.run': { what: 'The run did not end', option: 'timeout' },
} as const satisfies Partial<Record<ErrorCode, unknown>>;
export type DeadlineCode = keyof typeof DEADLINES;

/** The error of a deadline; its hint names the build that continues without us. */
export function deadlineError(
  code: DeadlineCode,
  stage: StageName | undefined,
  ms: number,
  ids: ServiceIds,
): FusegateError {
  const { what, option } = DEADLINES[code];
  const goOn =
    ids.buildId && `The build is still running at the service. To continue with it: ${goOnWith(ids.buildId)}. `;
  const hint = `${goOn ?? ''}Raise ${option} if it needs longer.`;
  return new FusegateError(code, `${what} within ${spanOf(ms)}.`, { stage, ids: { ...ids }, hint });
}

function spanOf(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
