import { inspect } from 'node:util';

const MARK = Symbol.for('fusegate.secret');

/** A secret value that cannot be printed by accident: every conversion except `reveal()` gives `***`. */
export class Secret {
  /** A bundle of several files has this class more than once, so `instanceof` asks for a mark instead of for this very class. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  readonly #value: string;

  get [MARK](): true {
    return true;
  }

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call this only where the value is sent. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
