/** Turns Node's connection errors into a Failure with a message and a hint that a person can act on. */
import axios from 'axios';
import { defined } from '../model/defined.ts';
import { oneLine } from '../text/server-text.ts';
import type { ApiResponse } from './call.ts';
import { AttemptFailure, type Failure, failureOf } from './failure.ts';

const TLS_HINT =
  'The TLS certificate of the server is not trusted. Behind a proxy that opens TLS, give its CA as ca-file; otherwise check the server URL and the clock of this machine.';
const DNS_HINT = 'Check the server URL, DNS, and whether this machine needs a proxy (HTTPS_PROXY or the option proxy).';
const CONNECT_HINT = 'Check that a firewall or proxy lets this machine reach the host, then run again.';

/** TLS verification errors of OpenSSL and Node; retrying does not make a certificate valid. */
const UNTRUSTED =
  /^(?:CERT_|ERR_TLS_CERT|ERR_SSL|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|HOSTNAME_MISMATCH|ERR_TLS_INVALID)/;

/** The root error: axios wraps errors, and trying several addresses gives an AggregateError. */
function rootOf(error: unknown): unknown {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 8; depth += 1) {
    const { errors } = current as { errors?: unknown };
    const next: unknown = current.cause ?? (Array.isArray(errors) ? errors[0] : undefined);
    if (!(next instanceof Error)) break;
    current = next;
  }
  return current;
}

/** Without the request that axios attaches to its errors: its headers contain the API key. */
function plainCause(root: unknown): unknown {
  return axios.isAxiosError(root) || axios.isCancel(root) ? new Error(String((root as Error).message)) : root;
}

const PLAIN_WORDS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while we were sending',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
};

export function networkFailure(
  error: unknown,
  where: { host: string; fromApi: boolean; sent: boolean },
): AttemptFailure {
  const root = rootOf(error);
  const { code: rootCode } = (root ?? {}) as { code?: unknown };
  const code = typeof rootCode === 'string' ? rootCode : undefined;
  const untrusted = code !== undefined && UNTRUSTED.test(code);
  const message = (code && PLAIN_WORDS[code]) ?? oneLine(root instanceof Error ? root.message : String(root), 200);
  let hint = where.sent ? undefined : CONNECT_HINT;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') hint = DNS_HINT;
  if (untrusted) hint = TLS_HINT;
  const failure: Failure = {
    ...where,
    kind: 'network',
    sent: where.sent && !untrusted,
    message: code !== undefined && !message.includes(code) ? `${message} (${code})` : message,
    ...(untrusted ? { permanent: true } : {}),
    ...defined({ hint }),
  };
  return new AttemptFailure(failure, plainCause(root));
}

/**
 * Connections and streams throw errors with a `code`; our own bugs throw TypeErrors and the like. File errors have codes too, so every
 * reader and body turns those into our own errors first.
 */
export function isNetworkError(error: unknown): boolean {
  if (axios.isAxiosError(error) || axios.isCancel(error)) return true;
  return (
    error instanceof Error && !(error instanceof TypeError) && typeof (error as { code?: unknown }).code === 'string'
  );
}

/**
 * axios' tunnel returns a proxy's refusal of CONNECT as if it were the server's answer. We recognise it by a connection without TLS for an
 * https URL; the request itself was never sent.
 */
export function refuseProxyAnswer(request: unknown, ownAgent: unknown, response: ApiResponse, url: URL): void {
  const { agent, socket } = request as { agent?: unknown; socket?: { encrypted?: boolean } | null };
  if (url.protocol !== 'https:' || agent === ownAgent || socket == null || socket.encrypted === true) return;
  const failure = failureOf(response, 'network', `the proxy refused the connection with ${response.status}`);
  throw new AttemptFailure({
    ...failure,
    sent: false,
    permanent: response.status < 500,
    hint:
      response.status === 407
        ? 'The proxy wants a user name and password: http://USER:PASSWORD@HOST:PORT.'
        : 'Check that the proxy lets this machine reach the host.',
  });
}
