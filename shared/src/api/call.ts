import type { Readable } from 'node:stream';
import { FusegateError, type StageName } from '../model/errors.ts';
import type { LogLevel } from '../model/host.ts';
import type { ForeignRequest, Operation } from './endpoints.ts';
import type { Failure } from './failure.ts';

/** The context of a request: the stage that it belongs to, and what ends it. */
export interface CallContext {
  stage: StageName;
  /** Aborted with a FusegateError as its reason: `timeout.<stage>`, `timeout.run` or `run.cancelled`. */
  signal: AbortSignal;
  /** Milliseconds to the nearest deadline. */
  remaining?: () => number;
  /** The run can continue without the answer, so an outage is bridged no longer than this. Default: until the deadline of the stage. */
  patience?: Patience;
  /** Called for every HTTP request that is sent, repeats and redirects included. */
  onRequest?: () => void;
  /** Called when a request has failed and is going to be repeated. */
  onRetry?: () => void;
  /** Told of each request, and of each pause before it is repeated. */
  observer?: CallObserver;
  /** Bytes of the body so far, up or down; restarts at 0 when the request is repeated. */
  onBytes?: (bytes: number, total: number | undefined) => void;
  log?: (level: LogLevel, text: string) => void;
}

/** Each method is called at the beginning; what it returns is called at the end. */
export interface CallObserver {
  request(begun: RequestBegun): (ended: RequestEnded) => void;
  pause(): () => void;
}

/** Without path and query: both may have ids, and the query of a presigned link is a credential. */
export interface RequestBegun {
  operation: Operation | ForeignRequest;
  method: string;
  host: string;
  /** Counts from 1. A redirect is part of its attempt. */
  attempt: number;
}

export interface RequestEnded {
  status?: number;
  /** Absent if it succeeded. */
  failed?: Failure['kind'] | 'cancelled' | 'other';
  /** On its connection, headers included; unknown in a tunnel. */
  sentBytes?: number;
  receivedBytes?: number;
}

export type Patience = 'seconds' | 'minutes';

/** A request body, reopened for every attempt. */
export interface OpenedBody {
  data: Readable | Buffer;
  headers: Record<string, string>;
  /** Releases what it holds; called in every case. */
  close(): void;
  /** Why the body could not be read to its end, if that ended the request. */
  failure?(): FusegateError | undefined;
}

/** A value as a JSON request body, the same bytes for every attempt. */
export function jsonBody(value: unknown): () => Promise<OpenedBody> {
  const data = Buffer.from(JSON.stringify(value));
  return async () => ({ data, headers: { 'Content-Type': 'application/json' }, close() {} });
}

export interface ApiCall {
  operation: Operation | ForeignRequest;
  /** Values for each `{…}` in the endpoint's path. */
  ids?: Record<string, string>;
  /** The address, for requests that do not go to the API and so carry no API key. Default: the endpoint's path. */
  target?: URL;
  /** Added to the query; the transport adds the client's `team_id`. */
  query?: Record<string, string>;
  body?: () => Promise<OpenedBody>;
  /** Request the bytes uncompressed: with compression, Content-Length would be useless as a check. */
  raw?: boolean;
}

/** A successful answer (2xx), body unread. The reader must read it to the end or throw. */
export interface ApiResponse {
  status: number;
  header(name: string): string | undefined;
  body: Readable;
  /** What the service says, without secrets: for every text of the answer that people will read. An answer may break off. */
  masked(text: string, end?: 'may be missing'): string;
  /** The host that answered; after a redirect, not the one that was asked. */
  host: string;
  /** The request carried our key and client name; false for storage. */
  fromApi: boolean;
}

/** Ids are UUIDs in practice (appdome-api.md §1.5). Any plain text is accepted, but nothing that has a meaning in a path. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export function isPlainId(id: string): boolean {
  return PLAIN_ID.test(id);
}

/**
 * An endpoint's path with the ids filled in.
 * @throws FusegateError `usage.invalid` for text that cannot be an id: `..` would lead to another endpoint
 */
export function fillPath(path: string, ids: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name] ?? '';
    if (isPlainId(id)) return id;
    throw new FusegateError('usage.invalid', 'An id contains characters that ids never have.', {
      hint: 'Copy the id from the console or from an earlier result.',
      problems: [{ option: 'build-id', message: 'it cannot be an id', allowed: 'letters, digits, dots, hyphens' }],
    });
  });
}
