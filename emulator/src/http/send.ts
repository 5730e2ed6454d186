import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FaultAction } from '../faults/instruction.ts';
import { type Reply, replySize } from './reply.ts';

type Cut = { after: number; how: 'reset' | 'close' | 'stall' };

/** Sends an answer with its length, or only part of it if a fault says so. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  faults: FaultAction[],
): Promise<void> {
  // The rest of the body is drained: a client that is still sending must be able to read the answer.
  request.resume();
  const cut = cutOf(faults);
  if (cut?.after === -1) {
    if (cut.how === 'reset') request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': replySize(reply) });
  const body = Buffer.isBuffer(reply.body) ? Readable.from([reply.body], { objectMode: false }) : reply.body.open();
  if (cut === undefined || cut.after >= replySize(reply)) {
    await pipeline(body, response);
    return;
  }
  await writePart(body, response, cut.after);
  if (cut.how === 'reset') request.socket.resetAndDestroy();
  if (cut.how === 'close') request.socket.end();
}

/** Where the answer ends early; -1 = before its first byte. */
function cutOf(faults: FaultAction[]): Cut | undefined {
  for (const fault of faults) {
    if (fault.kind === 'truncate') return { after: fault.bytes, how: 'close' };
    if (fault.kind !== 'reset' && fault.kind !== 'stall') continue;
    if (fault.at === 'answer') return { after: -1, how: fault.kind };
    if (fault.at === 'answer-body') return { after: fault.bytes ?? 0, how: fault.kind };
  }
  return undefined;
}

/** Writes the first bytes of a body and waits until they have left the process. */
async function writePart(body: Readable, response: ServerResponse, bytes: number): Promise<void> {
  let left = bytes;
  response.flushHeaders();
  for await (const chunk of body) {
    const part = (chunk as Buffer).subarray(0, left);
    left -= part.length;
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    if (left === 0) break;
  }
}
