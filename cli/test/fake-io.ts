import { FakeClock } from '../../shared/test/support/fake-clock.ts';
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

/** Stands until a test moves it. */
export function standingClock(): FakeClock {
  return new FakeClock(0);
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
    clock: standingClock(),
    random: () => 0.5,
    signal: new AbortController().signal,
    ...changes,
  } as FakeIo;
}
