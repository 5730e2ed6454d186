import { describe, expect, it, onTestFinished } from 'vitest';
import { askVerification } from '../../src/pipeline/ask-verification.ts';
import { json, serve } from '../support/api-server.ts';
import { testClient } from '../support/call.ts';
import { FakeClock } from '../support/fake-clock.ts';

async function ask(answer: Parameters<typeof serve>[0], cancel = new AbortController()) {
  const server = await serve(answer);
  const { client } = testClient(server.url);
  // The patience of the question is shorter than what the usual clock lets pass by itself.
  const clock = new FakeClock(1000);
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  const deps = { clock, retryClock: clock, random: () => 0.5, signal: cancel.signal };
  return { clock, verification: askVerification(client, 'build-1', deps) };
}

describe('the answer to verify-certificate', () => {
  it.each([
    ['a yes', { verified: true }, 'confirmed'],
    ['a no, which may be a form that we got wrong', { verified: false, message: 'no such certificate' }, 'unanswered'],
    ['something else', { certificate: {} }, 'unanswered'],
  ])('%s is recorded', async (_, body, outcome) => {
    const { verification } = await ask((_request, response) => json(response, body));
    expect(await verification).toMatchObject({ outcome });
  });

  it.each([401, 403, 404, 500])('%i is not a reason to fail', async (status) => {
    const { verification } = await ask((_, response) => json(response, { message: 'no' }, status));
    expect(await verification).toMatchObject({
      outcome: 'unanswered',
      message: expect.stringContaining('did not say'),
    });
  });

  it('is not waited for longer than the verdict can spare', async () => {
    const { clock, verification } = await ask(() => clock.advance(20_000));
    expect(await verification).toMatchObject({ outcome: 'unanswered' });
    expect(clock.pending).toBe(0);
  });

  it('ends with the run', async () => {
    const cancel = new AbortController();
    const { verification } = await ask(() => cancel.abort(), cancel);
    await expect(verification).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});
