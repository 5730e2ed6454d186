import { prefixed } from '@fusegate/shared/adapter/plain-log-host';
import {
  amountSoFar,
  type StageState,
  stageWords,
  stateAfter,
  transferred,
} from '@fusegate/shared/adapter/stage-words';
import type { Clock } from '@fusegate/shared/model/clock';
import type { StageName } from '@fusegate/shared/model/errors';
import type { LogLevel, OutputName, Progress } from '@fusegate/shared/model/host';
import { columnsOf, formatClock, formatElapsed, formatRate } from '@fusegate/shared/text/progress-text';
import type { CliHost, CliHostOptions } from './ci-host.ts';
import { coloredLine, painted } from './colors.ts';
import { LiveArea } from './live-area.ts';
import { wrapLine } from './wrap-text.ts';

export interface TerminalHostOptions extends CliHostOptions {
  clock: Clock;
  /** False where NO_COLOR is set (no-color.org). */
  color: boolean;
}

/** Often enough to look alive, rarely enough to cost nothing. */
const REDRAW_MS = 100;
/** The clock of a quiet stage advances once a second. */
const TICK_MS = 1000;
/** The window over which the displayed speed is measured. */
const RATE_WINDOW_MS = 5000;
const BAR_WIDTH = 20;

/** Sentences. Other levels have tables too, which must not be wrapped. */
const WRAPPED: ReadonlySet<LogLevel> = new Set(['notice', 'warning', 'error']);

interface RunningStage {
  progress: Progress;
  /** Monotonic time of the last report. */
  at: number;
  state: StageState;
  samples: Array<{ at: number; bytes: number }>;
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}]`;
}

/** Live progress: one redrawn line for each running stage, below the log; a finished stage leaves a line in the log. */
export class TerminalHost implements CliHost {
  readonly outputs = new Map<OutputName, string>();
  readonly #verbose: boolean;
  readonly #color: boolean;
  readonly #clock: Clock;
  readonly #live: LiveArea;
  readonly #stages = new Map<StageName, RunningStage>();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor({ stdout, verbose, color, clock }: TerminalHostOptions) {
    this.#verbose = verbose;
    this.#color = color;
    this.#clock = clock;
    this.#live = new LiveArea(stdout);
  }

  log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.#verbose) return;
    const missing = (this.outputs.get('missing-features') ?? '').split(',').filter((name) => name !== '');
    const lines = prefixed(level, text)
      .split('\n')
      .map((line) => (this.#color ? coloredLine(line, level, missing) : line))
      .map((line) => (WRAPPED.has(level) ? wrapLine(line, this.#live.columns) : line));
    // A block stands apart: it is what people look for.
    this.#print(lines.length > 1 && WRAPPED.has(level) ? `\n${lines.join('\n')}\n` : lines.join('\n'));
  }

  progress(progress: Progress): void {
    const { stage, kind, detail } = progress;
    const running = this.#stages.get(stage);
    const state = stateAfter(running?.state, progress);
    if (kind === 'finish') {
      this.#stages.delete(stage);
      this.#print(this.#finishedLine(progress, state));
      return;
    }
    if (kind === 'message' && this.#verbose && detail) this.#print(`${stage}: ${detail}`);
    const now = this.#clock.monotonic();
    const samples = (running?.samples ?? []).filter(({ at }) => now - at <= RATE_WINDOW_MS);
    // After a retry the count starts again at zero, and an old sample would make the speed negative.
    const last = samples.at(-1);
    const kept = progress.bytes !== undefined && last && progress.bytes < last.bytes ? [] : samples;
    if (progress.bytes !== undefined) kept.push({ at: now, bytes: progress.bytes });
    this.#stages.set(stage, { progress, at: now, state, samples: kept });
    this.#redrawSoon();
  }

  /** No CI system has to be notified: `guardHost` has already masked everything that arrives here. */
  mask(): void {}

  setOutput(name: OutputName, value: string): void {
    this.outputs.set(name, value);
  }

  /** The log already has it, and a terminal has no second place for it. */
  annotate(): void {}

  async summary(): Promise<void> {}

  async attachReport(): Promise<void> {}

  fail(): void {}

  handOver(): boolean {
    return true;
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#stages.clear();
    this.#live.clear();
  }

  #print(text: string): void {
    this.#drawing(() => this.#live.print(text, this.#lines()));
  }

  #redrawSoon(): void {
    const wait = REDRAW_MS - (this.#clock.monotonic() - this.#drawnAt);
    if (wait <= 0) this.#redraw();
    else this.#timer(wait);
  }

  #timer(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.setTimer(ms, () => this.#redraw());
  }

  #redraw(): void {
    this.#drawing(() => this.#live.draw(this.#lines()));
  }

  #drawing(draw: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#drawnAt = this.#clock.monotonic();
    draw();
    if (this.#stages.size > 0) this.#timer(TICK_MS);
  }

  #lines(): string[] {
    return [...this.#stages.values()].map((stage) => this.#liveLine(stage));
  }

  /** `building on Appdome, 0:42: Adding protections`, and a bar where it fits. */
  #liveLine({ progress, at, state, samples }: RunningStage): string {
    const elapsed = progress.elapsedMs + (this.#clock.monotonic() - at);
    const [first] = samples;
    const last = samples.at(-1);
    const rate = first && last ? formatRate(last.bytes - first.bytes, last.at - first.at) : '';
    const line = listed([stageWords(progress.stage, state), amountSoFar(state), rate, formatClock(elapsed)]);
    const told = `  ${line}${state.note ? `: ${state.note}` : ''}`;
    const { bytes, totalBytes } = state;
    const withBar = bytes !== undefined && totalBytes ? `${told}  ${bar(bytes / totalBytes)}` : told;
    return columnsOf(withBar) < this.#live.columns ? withBar : told;
  }

  /** In the background: it is history, and the verdict should stand out. */
  #finishedLine(progress: Progress, state: StageState): string {
    const words = stageWords(progress.stage, state);
    const elapsed = formatElapsed(progress.elapsedMs);
    const [mark, color, took] = progress.failed
      ? (['!', 'yellow', `stopped after ${elapsed}`] as const)
      : (['\u2713', 'green', elapsed] as const);
    const line = listed([words, took, transferred(progress, state)]);
    return this.#color ? `${painted(mark, color)} ${painted(line, 'dim')}` : `${mark} ${line}`;
  }
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
