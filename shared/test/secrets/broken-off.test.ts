/** What a service sends comes in pieces, and may break off anywhere: no part of a secret is quoted from it. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ApiResponse } from '../../src/api/call.ts';
import { readAnyJson, readErrorBody } from '../../src/api/read-body.ts';
import { saveResponse } from '../../src/pipeline/save-response.ts';
import { maskerOf } from '../../src/secrets/masker.ts';
import { errorText } from '../../src/text/server-text.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { AROUND, strongSecret, WRITINGS } from './secret-arbitraries.ts';

// Each case writes a file.
const RUNS = propertyRuns(200, 5000);
const folder = mkdtempSync(path.join(os.tmpdir(), 'fusegate-broken-off-'));
const text = fc.string({ unit: fc.constantFrom(...'bcdefgh ,.:;ü€'), maxLength: 30 });

/** At any bytes, within characters too. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

type Body = () => Readable;

/** Every way from an answer into a message. */
const WAYS: ReadonlyArray<(body: Body, masked: ApiResponse['masked']) => Promise<string>> = [
  async (body, masked) => errorText(await readErrorBody({ body: body() }), masked),
  async (body, masked) => messageOf(readAnyJson(answer(body, masked))),
  async (body, masked) =>
    messageOf(
      saveResponse(answer(body, masked), {
        temporary: path.join(folder, 'download'),
        magic: [Buffer.from('PK\x03\x04')],
        mode: 0o600,
        onBytes: () => {},
      }),
    ),
];

function answer(body: Body, masked: ApiResponse['masked']): ApiResponse {
  return { status: 200, header: () => undefined, body: body(), masked, host: 'api.test', fromApi: true };
}

async function messageOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => '',
    (error: Error) => error.message,
  );
}

it('in whatever pieces an answer comes, and wherever it ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        secret: strongSecret,
        writing: fc.constantFrom(...Object.keys(WRITINGS)),
        before: text,
        after: text,
        cuts: fc.array(fc.nat(200), { maxLength: 5 }),
        ends: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      async ({ secret, writing, before, after, cuts, ends }) => {
        const form = WRITINGS[writing]?.(secret) ?? secret;
        const whole = Buffer.from(before + form + after);
        const sent = pieces(whole.subarray(0, Math.ceil(whole.length * ends)), cuts);
        const at = /offset|credentials/.test(writing) ? AROUND : 0;
        const masker = maskerOf([secret]);
        for (const way of WAYS) {
          const shown = await way(
            () => Readable.from(sent),
            (said, end) => masker.maskForeign(said, end),
          );
          expect(shown).not.toContain(form.slice(at, at + 4));
        }
      },
    ),
    RUNS,
  );
});
