import type { Clock } from '@fusegate/shared/clock';
import type { CommandIo, TextStream } from '../src/command-io.ts';

/** A stream that keeps what was written. */
export class FakeStream implements TextStream {
  text = '';
  isTTY: boolean;
  columns: number | undefined;

  constructor({ isTTY = false, columns }: { isTTY?: boolean; columns?: number } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

/** A clock that stands until it is moved. */
export class FakeClock implements Clock {
  #time = 0;
  #timers: Array<{ at: number; fire: () => void }> = [];

  now(): number {
    return Date.UTC(2026, 10, 21) + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  setTimer(ms: number, fire: () => void): () => void {
    const timer = { at: this.#time + ms, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Moves on and fires what is due, in order. */
  pass(ms: number): void {
    const end = this.#time + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#time = Math.max(this.#time, next.at);
      next.fire();
    }
    this.#time = end;
  }
}

export interface FakeIo extends CommandIo {
  stdout: FakeStream;
  stderr: FakeStream;
}

export function fakeIo(changes: Partial<CommandIo> = {}): FakeIo {
  return {
    stdout: new FakeStream(),
    stderr: new FakeStream(),
    environment: {},
    cwd: '/',
    clock: new FakeClock(),
    random: () => 0.5,
    signal: new AbortController().signal,
    ...changes,
  } as FakeIo;
}
