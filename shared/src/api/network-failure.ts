/** Turns Node's connection errors into a Failure with a message and a hint that a person can act on. */
import axios from 'axios';
import { defined } from '../model/defined.ts';
import { oneLine } from '../text/server-text.ts';
import { AttemptFailure, type Failure } from './failure.ts';
import { ProxyError } from './tunnel-agent.ts';

const TLS_HINT =
  'The TLS certificate of the server is not trusted. Behind a proxy that opens TLS, give its CA as ca-file; otherwise check the server URL and the clock of this machine.';
const DNS_HINT = 'Check the server URL, DNS, and whether this machine needs a proxy (HTTPS_PROXY or the option proxy).';
const PROXY_HINT =
  'Check the address of the proxy (the option proxy, or HTTPS_PROXY), and that it lets this machine reach the host. NO_PROXY exempts hosts.';
const CONNECT_HINT = 'Check that a firewall or proxy lets this machine reach the host, then run again.';

/** TLS verification errors of OpenSSL and Node; retrying does not make a certificate valid. */
const UNTRUSTED =
  /^(?:CERT_|ERR_TLS_CERT|ERR_SSL|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|HOSTNAME_MISMATCH|ERR_TLS_INVALID)/;

/** The root error: axios wraps errors, and trying several addresses gives an AggregateError. Ends at an error of the proxy. */
function rootOf(error: unknown): unknown {
  let current = error;
  for (let depth = 0; current instanceof Error && !(current instanceof ProxyError) && depth < 8; depth += 1) {
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
  if (root instanceof ProxyError) return proxyFailure(root, where);
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

/** The proxy is to blame, not the host behind it; the request was never sent. */
function proxyFailure(error: ProxyError, { fromApi }: { fromApi: boolean }): AttemptFailure {
  const { proxy, status, cause } = error;
  const where = { host: proxy, fromApi, sent: false };
  const { failure } = cause === undefined ? { failure: undefined } : networkFailure(cause, where);
  const message = failure === undefined ? error.message : `cannot be reached: ${failure.message}`;
  const hint =
    status === 407
      ? 'The proxy wants a user name and password: http://USER:PASSWORD@HOST:PORT.'
      : (failure?.permanent && failure.hint) || PROXY_HINT;
  return new AttemptFailure(
    {
      ...where,
      kind: 'network',
      message: `the proxy ${proxy} ${message}`,
      hint,
      permanent: failure?.permanent ?? (status !== undefined && status < 500),
    },
    plainCause(error),
  );
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
