/**
 * Turning passwords into keys takes as many rounds as a file asks for. Here it never blocks the process, so that signals and deadlines are
 * noticed, and a file that asks for too much is not checked.
 */
import { hash as digestOf, pbkdf2 } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inGroups } from '../text/digit-groups.ts';

/** Why something cannot be checked, in words that fit after "because". */
export class NotCheckable extends Error {}

/** @returns what `check` returns, or why it cannot be known; @throws what `check` throws, if it is anything else */
export async function orNotCheckable<T>(check: () => Promise<T>): Promise<T | NotCheckable> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof NotCheckable) return error;
    throw error;
  }
}

/** For one file. Java refuses more, too (JDK-8076190, `sun.security.pkcs12.PKCS12KeyStore`); real files ask for thousands. */
const MAX_ROUNDS = 5_000_000;
/** Some milliseconds. */
const ROUNDS_AT_ONCE = 4096;

/** Adds up what one file asks for, however many passwords are tried on it. */
export class Rounds {
  #left = MAX_ROUNDS;
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  /** @throws NotCheckable */
  spend(count: number): void {
    if (!(count >= 1 && count <= this.#left)) {
      throw new NotCheckable(`it asks for more than ${inGroups(MAX_ROUNDS)} rounds of key derivation`);
    }
    this.#left -= count;
  }

  /** @throws the signal's reason */
  async repeat(count: number, value: Buffer, step: (value: Buffer) => Buffer): Promise<Buffer> {
    let last = value;
    for (let done = 1; done <= count; done += 1) {
      last = step(last);
      if (done % ROUNDS_AT_ONCE === 0) {
        await breathe();
        this.#signal?.throwIfAborted();
      }
    }
    return last;
  }

  /** In the thread pool. */
  async pbkdf2(password: Buffer, { salt, count, hash }: Derivation, length: number): Promise<Buffer> {
    this.spend(count);
    const key = await promisify(pbkdf2)(password, salt, count, length, hash);
    this.#signal?.throwIfAborted();
    return key;
  }

  /**
   * RFC 7292, appendix B.2.
   * @param purpose 1: key, 2: initialisation vector, 3: MAC
   */
  async pkcs12(
    password: Buffer,
    { salt, count, hash }: Derivation,
    purpose: 1 | 2 | 3,
    length: number,
  ): Promise<Buffer> {
    const block = /^sha(?:384|512)/.test(hash) ? 128 : 64;
    const diversifier = Buffer.alloc(block, purpose);
    const input = Buffer.concat([filled(salt, block), filled(password, block)]);
    // Less than half the time of createHash, which makes an object for each round.
    const digest = (bytes: Buffer) => digestOf(hash, bytes, 'buffer');
    const parts: Buffer[] = [];
    for (let size = 0; size < length; ) {
      this.spend(count);
      const part = await this.repeat(count - 1, digest(Buffer.concat([diversifier, input])), digest);
      parts.push(part);
      size += part.length;
      addToEach(input, filled(part, block).subarray(0, block));
    }
    return Buffer.concat(parts).subarray(0, length);
  }
}

export interface Derivation {
  salt: Buffer;
  count: number;
  /** As Node names it. */
  hash: string;
}

/** Repeated to a multiple of the block's length. */
function filled(bytes: Buffer, block: number): Buffer {
  const length = block * Math.ceil(bytes.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Adds the number plus one to every block of the input, as numbers. */
function addToEach(input: Buffer, number: Buffer): void {
  for (let start = 0; start < input.length; start += number.length) {
    let carry = 1;
    for (let at = number.length - 1; at >= 0; at -= 1) {
      carry += input.readUInt8(start + at) + number.readUInt8(at);
      input.writeUInt8(carry & 0xff, start + at);
      carry >>= 8;
    }
  }
}
