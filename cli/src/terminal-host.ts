import { prefixed } from '@fusegate/shared/adapter/plain-log-host';
import { transferred } from '@fusegate/shared/adapter/progress-lines';
import type { Clock } from '@fusegate/shared/model/clock';
import type { StageName } from '@fusegate/shared/model/errors';
import type { LogLevel, OutputName, Progress } from '@fusegate/shared/model/host';
import { formatBytes, formatElapsed } from '@fusegate/shared/text/progress-text';
import type { CliHost, CliHostOptions } from './ci-host.ts';
import type { TextStream } from './command-io.ts';
import { LiveArea } from './live-area.ts';

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

const COLOR: Partial<Record<LogLevel, string>> = { debug: '2', notice: '36', warning: '33', error: '31' };

/** Matches the green verdict and no other notice. */
const PASSED = /^Fusegate PASS\b/;

function colorOf(level: LogLevel, text: string): string | undefined {
  return level === 'notice' && PASSED.test(text) ? '32' : COLOR[level];
}

interface RunningStage {
  progress: Progress;
  /** Monotonic time of the last report. */
  at: number;
  bytes: number | undefined;
  totalBytes: number | undefined;
  detail: string;
  samples: Array<{ at: number; bytes: number }>;
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}]`;
}

/** Live progress: one redrawn line for each running stage, below the log. */
export class TerminalHost implements CliHost {
  readonly outputs = new Map<OutputName, string>();
  readonly #stdout: TextStream;
  readonly #verbose: boolean;
  readonly #color: boolean;
  readonly #clock: Clock;
  readonly #live: LiveArea;
  readonly #stages = new Map<StageName, RunningStage>();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor({ stdout, verbose, color, clock }: TerminalHostOptions) {
    this.#stdout = stdout;
    this.#verbose = verbose;
    this.#color = color;
    this.#clock = clock;
    this.#live = new LiveArea(stdout);
  }

  log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.#verbose) return;
    const code = this.#color ? colorOf(level, text) : undefined;
    // Each line separately: a colour that spans lines would spill over if one of them is cut.
    const lines = prefixed(level, text).split('\n');
    this.#print(lines.map((line) => (code && line ? `\u001b[${code}m${line}\u001b[0m` : line)).join('\n'));
  }

  progress(progress: Progress): void {
    const { stage, kind, detail } = progress;
    if (kind === 'finish') {
      const amount = transferred(progress, progress.bytes ?? this.#stages.get(stage)?.bytes);
      this.#stages.delete(stage);
      const parts = [stage.padEnd(10), formatElapsed(progress.elapsedMs).padStart(8), amount, detail ?? ''];
      this.#print(parts.filter((part) => part !== '').join('  '));
      return;
    }
    if (kind === 'message' && this.#verbose && detail) this.#print(`${stage}: ${detail}`);
    const running = this.#stages.get(stage);
    const now = this.#clock.monotonic();
    const samples = (running?.samples ?? []).filter(({ at }) => now - at <= RATE_WINDOW_MS);
    // After a retry the count starts again at zero, and an old sample would make the speed negative.
    const last = samples.at(-1);
    const kept = progress.bytes !== undefined && last && progress.bytes < last.bytes ? [] : samples;
    if (progress.bytes !== undefined) kept.push({ at: now, bytes: progress.bytes });
    this.#stages.set(stage, {
      progress,
      at: now,
      bytes: progress.bytes ?? running?.bytes,
      totalBytes: progress.totalBytes ?? running?.totalBytes,
      detail: detail ?? running?.detail ?? '',
      samples: kept,
    });
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

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#stages.clear();
    this.#live.clear();
  }

  #print(text: string): void {
    this.#live.clear();
    this.#stdout.write(`${text}\n`);
    this.#redraw();
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
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#drawnAt = this.#clock.monotonic();
    this.#live.draw([...this.#stages.values()].map((stage) => this.#lineOf(stage)));
    if (this.#stages.size > 0) this.#timer(TICK_MS);
  }

  #lineOf({ progress, at, bytes, totalBytes, detail, samples }: RunningStage): string {
    const elapsed = progress.elapsedMs + (this.#clock.monotonic() - at);
    const parts = [progress.stage.padEnd(10), formatElapsed(elapsed).padStart(8)];
    if (bytes !== undefined) {
      const share = totalBytes ? bytes / totalBytes : undefined;
      if (share !== undefined) parts.push(`${bar(share)} ${String(Math.floor(share * 100)).padStart(3)}%`);
      parts.push(`${formatBytes(bytes)}${totalBytes ? ` of ${formatBytes(totalBytes)}` : ''}`);
      const [first] = samples;
      const last = samples.at(-1);
      if (first && last && last.at > first.at) {
        parts.push(`${formatBytes(((last.bytes - first.bytes) * 1000) / (last.at - first.at))}/s`);
      }
    }
    if (detail) parts.push(detail);
    return parts.join('  ');
  }
}
