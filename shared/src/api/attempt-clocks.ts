/**
 * The connect clock and the stall clock of one HTTP request, attached to its socket.
 *
 * axios' own `timeout` covers the whole request, on a timer that tests cannot control. So we pass our own `transport`, which starts the
 * same request and watches it.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { TunnelRequest } from './tunnel-agent.ts';

/** A stall is noticed after 1 to 1.25 times its limit. */
const CHECKS_PER_STALL = 4;

export interface AttemptClocksOptions {
  clock: Clock;
  connectMs: number;
  stallMs: number;
  /** Of the request, for a tunnel that is being made for it. */
  signal: AbortSignal;
  /** No stall between the last byte of the request and the first of the answer. */
  slowAnswer: boolean;
  /** Called at most once. */
  onFire: (which: 'connect-timeout' | 'stalled') => void;
}

/** Undocumented but stable parts of a socket; absent on tunnels and in tests. */
type WatchedSocket = Socket & {
  encrypted?: boolean;
  /** True until the TLS handshake is done. */
  secureConnecting?: boolean;
  _handle?: { writeQueueSize?: number } | null;
};

export class AttemptClocks {
  readonly #options: AttemptClocksOptions;
  #cancelTimer: (() => void) | undefined;
  #socket: WatchedSocket | undefined;
  /** What its connection had moved before. */
  #before = { read: 0, written: 0 };
  #connected = false;
  #stopped = false;
  /** Everything is sent, and nothing has come back. */
  #awaitsAnswer = false;

  constructor(options: AttemptClocksOptions) {
    this.#options = options;
  }

  /** The connection is made, TLS included: from here on the request may have reached the service. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Moved by this request, headers included; undefined where the socket does not count. */
  get moved(): { sentBytes?: number; receivedBytes?: number } {
    const { bytesRead, bytesWritten } = this.#socket ?? {};
    if (bytesRead === undefined || bytesWritten === undefined) return {};
    return { sentBytes: bytesWritten - this.#before.written, receivedBytes: bytesRead - this.#before.read };
  }

  /** For axios' `transport` option. */
  readonly transport = {
    request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
      // Looked up at call time, because the modules' functions may be replaced (nock does).
      const request = (options.protocol === 'https:' ? https : http).request(
        Object.assign(options, { givenUp: this.#options.signal } satisfies TunnelRequest),
        onResponse,
      );
      this.#watch(request);
      return request;
    },
  };

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  #watch(request: ClientRequest): void {
    this.#cancelTimer = this.#options.clock.setTimer(this.#options.connectMs, () => this.#fire('connect-timeout'));
    request.once('socket', (socket: WatchedSocket) => {
      this.#socket = socket;
      this.#before = { read: socket.bytesRead, written: socket.bytesWritten };
      const connecting = socket.encrypted ? socket.secureConnecting === true || socket.connecting : socket.connecting;
      if (request.reusedSocket || !connecting) this.#onConnected();
      else socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this.#onConnected());
    });
    request.once('finish', () => {
      this.#awaitsAnswer = true;
    });
    // An answer proves the connection, whatever the kind of socket.
    request.once('response', () => {
      this.#awaitsAnswer = false;
      this.#onConnected();
    });
  }

  #onConnected(): void {
    if (this.#connected || this.#stopped) return;
    this.#connected = true;
    this.#cancelTimer?.();
    this.#checkForStall(this.#activity(), 0);
  }

  #checkForStall(lastActivity: string, quietChecks: number): void {
    this.#cancelTimer = this.#options.clock.setTimer(this.#options.stallMs / CHECKS_PER_STALL, () => {
      if (this.#stopped) return;
      const activity = this.#activity();
      const quiet = activity === lastActivity && !this.#mayBeQuiet() ? quietChecks + 1 : 0;
      if (quiet >= CHECKS_PER_STALL) this.#fire('stalled');
      else this.#checkForStall(activity, quiet);
    });
  }

  /**
   * Changes whenever a byte moves. `bytesWritten` counts what was handed to the system, so on a slow line only the shrinking write queue
   * shows that a large chunk is still going out. Node's own socket time-out uses the same field.
   */
  #activity(): string {
    const socket = this.#socket;
    return [socket?.bytesRead, socket?.bytesWritten, socket?._handle?.writeQueueSize].join(' ');
  }

  /** What is still in the queue has not been sent, whatever Node says of the request. */
  #mayBeQuiet(): boolean {
    const queued = this.#socket?._handle?.writeQueueSize ?? 0;
    return this.#options.slowAnswer && this.#awaitsAnswer && queued === 0;
  }

  #fire(which: 'connect-timeout' | 'stalled'): void {
    if (this.#stopped) return;
    this.stop();
    this.#options.onFire(which);
  }
}
