/**
 * TLS through an http or https proxy (CONNECT). Connections are kept and reused like direct ones, and what the proxy does wrong is its own
 * failure: axios' tunnel makes a new one for every request and passes a refusal on as if the service had answered.
 */
import http from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type ConnectionOptions } from 'node:tls';
import type { ProxyAddress } from './proxy.ts';

/** The proxy failed or refused; nothing was sent to the host. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** Of its answer to CONNECT. */
  readonly status: number | undefined;
  /** `host:port` */
  readonly proxy: string;

  constructor(proxy: string, message: string, details: { status?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.proxy = proxy;
    this.status = details.status;
  }
}

/** Part of a request's options, which Node hands to its agent. */
export interface TunnelRequest {
  /** The request has ended, so its connection is not needed any more. */
  givenUp?: AbortSignal;
}

type Callback = (error: Error | null, socket?: Duplex) => void;

export class TunnelAgent extends https.Agent {
  readonly #proxy: ProxyAddress;
  readonly #trust: AgentOptions;
  /** Requests for a tunnel that the proxy has not answered. */
  readonly #asking = new Set<http.ClientRequest>();
  readonly #handshakes = new Set<tls.TLSSocket>();

  /** @param options for the proxy's own TLS as well as for the host's */
  constructor(proxy: ProxyAddress, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
    const { keepAlive: _, ...trust } = options;
    this.#trust = trust;
  }

  /** `host:port` of the proxy while it owes an answer: a connection that is not made then waits for it. */
  get waitingFor(): string | undefined {
    return this.#asking.size > 0 ? this.address : undefined;
  }

  /** `host:port` of the proxy. */
  get address(): string {
    return this.#proxy.origin.replace(/^.*\/\//, '');
  }

  override destroy(): void {
    for (const request of this.#asking) request.destroy();
    for (const socket of this.#handshakes) socket.destroy();
    super.destroy();
  }

  override createConnection(options: ConnectionOptions & TunnelRequest, callback: Callback): undefined {
    const { host = '', port = 443, givenUp } = options;
    this.#connect(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`, givenUp, (error, socket) => {
      if (socket === undefined) callback(error);
      else this.#secure(socket, options, callback);
    });
    return undefined;
  }

  #connect(target: string, givenUp: AbortSignal | undefined, callback: Callback): void {
    const { protocol, host, port, authorization } = this.#proxy;
    const request = (protocol === 'https:' ? https : http).request({
      ...this.#trust,
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }) },
      agent: false,
    });
    this.#asking.add(request);
    const giveUp = () => request.destroy();
    givenUp?.addEventListener('abort', giveUp, { once: true });
    const end = (error: Error | null, socket?: Duplex) => {
      if (!this.#asking.delete(request)) return;
      givenUp?.removeEventListener('abort', giveUp);
      callback(error, socket);
    };
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      if (statusCode >= 200 && statusCode <= 299) {
        if (head.length > 0) socket.unshift(head);
        end(null, socket);
        return;
      }
      socket.destroy();
      end(new ProxyError(this.address, `refused the connection with ${statusCode}`, { status: statusCode }));
    });
    request.on('error', (cause) => end(new ProxyError(this.address, cause.message, { cause })));
    request.once('close', () => end(new ProxyError(this.address, 'closed the connection')));
    request.end();
  }

  #secure(tunnel: Duplex, options: ConnectionOptions & TunnelRequest, callback: Callback): void {
    // The path would be taken for that of a socket in the file system.
    const { path: _, givenUp, ...rest } = options;
    const socket = tls.connect({ ...rest, socket: tunnel });
    this.#handshakes.add(socket);
    const giveUp = () => socket.destroy();
    givenUp?.addEventListener('abort', giveUp, { once: true });
    const end = (error: Error | null) => {
      if (!this.#handshakes.delete(socket)) return;
      givenUp?.removeEventListener('abort', giveUp);
      if (error === null) callback(null, socket);
      else callback(error);
    };
    socket.once('secureConnect', () => end(null));
    socket.once('error', (error) => end(error));
    socket.once('close', () => {
      const error = new Error('the connection was closed during the TLS handshake');
      end(Object.assign(error, { code: 'ECONNRESET' }));
    });
  }
}
