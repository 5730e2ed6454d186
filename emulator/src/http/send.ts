import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAction } from '../faults/instruction.ts';
import { type Reply, replySize } from './reply.ts';

type Trickle = Extract<FaultAction, { kind: 'trickle' }>;
type Cut = { after: number; how: 'reset' | 'close' | 'stall' | 'end' };

/** Between two bytes of a body that trickles. */
const TRICKLE_PAUSE_MS = 20;

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
  const length = cut?.how === 'end' ? Math.min(cut.after, replySize(reply)) : replySize(reply);
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': length });
  const whole = cut === undefined || cut.after >= replySize(reply);
  const trickle = faults.find((fault) => fault.kind === 'trickle');
  if (whole && trickle === undefined && Buffer.isBuffer(reply.body)) {
    response.end(reply.body);
    return;
  }
  const body = Buffer.isBuffer(reply.body) ? Readable.from([reply.body], { objectMode: false }) : reply.body.open();
  if (whole) {
    await pipeline(trickle === undefined ? body : trickled(body, trickle), response);
    return;
  }
  await writePart(body, response, cut.after);
  if (cut.how === 'reset') request.socket.resetAndDestroy();
  if (cut.how === 'close') request.socket.end();
  if (cut.how === 'end') response.end();
}

async function* trickled(body: Readable, { bytes, pauseMs = TRICKLE_PAUSE_MS }: Trickle): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of body) {
    let rest = chunk as Buffer;
    for (; left > 0 && rest.length > 0; left -= 1) {
      yield rest.subarray(0, 1);
      rest = rest.subarray(1);
      await sleep(pauseMs);
    }
    if (rest.length > 0) yield rest;
  }
}

/** Where the answer ends early; -1 = before its first byte. */
function cutOf(faults: FaultAction[]): Cut | undefined {
  for (const fault of faults) {
    if (fault.kind === 'truncate') {
      return { after: fault.bytes, how: fault.announced === 'part' ? 'end' : 'close' };
    }
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
