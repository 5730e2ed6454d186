import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Composed } from '../apps/protected-app.ts';

/** An answer as data, so that a fault can change it before it is sent. */
export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Composed | Buffer;
}

/**
 * Compact JSON, as the bash client needs it (appdome-api.md §1.9).
 * @param status default 200
 */
export function jsonReply(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function textReply(status: number, contentType: string, text: string): Reply {
  return { status, headers: { 'Content-Type': contentType }, body: Buffer.from(text) };
}

export function bytesReply(body: Composed | Buffer, contentType: string, fileName?: string): Reply {
  const disposition =
    fileName === undefined
      ? {}
      : { 'Content-Disposition': `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"` };
  return { status: 200, headers: { 'Content-Type': contentType, ...disposition }, body };
}

export function replySize(reply: Reply): number {
  return Buffer.isBuffer(reply.body) ? reply.body.length : reply.body.size;
}

/** As hapi/Boom words them. */
const REASONS: Record<number, string | undefined> = {
  ...STATUS_CODES,
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  504: 'Gateway Time-out',
};

/** The service's failure envelope (§1.6: hapi/Boom), from one place. */
export function boomReply(status: number, message: string): Reply {
  return jsonReply({ statusCode: status, error: REASONS[status] ?? 'Unknown', message }, status);
}

/** The message of a 400 for a request that lacks something or has it in the wrong form. */
export const INVALID_PAYLOAD = 'Invalid request payload input';

/** Thrown by a handler to answer with a failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  /** @param message what the envelope says; texts are our own unless the reference has one */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A failure of the storage host: XML, as S3 answers (§3.1b). */
export function storageRefusal(status: number, code: string, message: string): Reply {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return textReply(status, 'application/xml', xml);
}
