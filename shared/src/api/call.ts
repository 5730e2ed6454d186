import type { Readable } from 'node:stream';
import { FusegateError, type StageName } from '../model/errors.ts';
import type { LogLevel } from '../model/host.ts';
import type { ForeignRequest, Operation } from './endpoints.ts';

/** What surrounds a request: the stage that it belongs to, and what ends it. */
export interface CallContext {
  stage: StageName;
  /** Aborted with a FusegateError as its reason: `timeout.<stage>`, `timeout.run` or `run.cancelled`. */
  signal: AbortSignal;
  /** Milliseconds to the nearest deadline. */
  remaining?: () => number;
  /** Called for every HTTP request that is sent, repeats and redirects included. */
  onRequest?: () => void;
  /** Bytes of the body so far, up or down; starts again at 0 when the request is repeated. */
  onBytes?: (bytes: number, total: number | undefined) => void;
  log?: (level: LogLevel, text: string) => void;
}

/** A request body, opened again for every attempt. */
export interface OpenedBody {
  data: Readable | Buffer;
  headers: Record<string, string>;
  /** Releases what it holds; called in every case. */
  close(): void;
  /** Why the body could not be read to its end, when that is what ended the request. */
  failure?(): FusegateError | undefined;
}

export interface ApiCall {
  operation: Operation | ForeignRequest;
  /** What stands for each `{…}` of the endpoint's path. */
  ids?: Record<string, string>;
  /** Where to, for what does not go to the API; it gets no API key. Default: the endpoint's path. */
  target?: URL;
  /** Added to the query; `team_id` of the client's team is the transport's. */
  query?: Record<string, string>;
  body?: () => Promise<OpenedBody>;
  /** Ask for the bytes as they are: a compressed transfer would make Content-Length useless as a check. */
  raw?: boolean;
}

/** A successful answer (2xx), body unread. The reader must read it to the end or throw. */
export interface ApiResponse {
  status: number;
  header(name: string): string | undefined;
  body: Readable;
  /** The host that answered, which after a redirect is not the one that was asked. */
  host: string;
  /** The request carried our key and client name; false for storage. */
  fromApi: boolean;
}

/** Ids are UUIDs in practice (appdome-api.md §1.5); anything plain is taken, nothing that means something in a path. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export function isPlainId(id: string): boolean {
  return PLAIN_ID.test(id);
}

/**
 * An endpoint's path with its ids.
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
