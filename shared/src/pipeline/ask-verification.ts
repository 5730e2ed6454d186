/** Asks the service whether it stands by a certificate, and accepts any answer (appdome-api.md §3.16). */
import type { AppdomeClient } from '../api/client.ts';
import type { Deps } from '../model/deps.ts';
import { FusegateError } from '../model/errors.ts';
import type { CertificateVerification } from '../model/verdict.ts';
import { oneLine } from '../text/server-text.ts';
import { withDeadline, withRootScope } from './scope.ts';

/** The verdict does not need the answer, and waits no longer than this for it. */
const PATIENCE_MS = 20_000;
const SHOWN = 160;

/**
 * Never a reason for a failure: neither the request nor the answer of this endpoint is known, so a no may only mean that our request has
 * the wrong form. It is recorded as `unanswered`, with the service's words.
 * @throws FusegateError run.cancelled
 */
export async function askVerification(
  client: AppdomeClient,
  buildId: string,
  deps: Deps,
): Promise<CertificateVerification> {
  try {
    return await withRootScope(deps.signal, { buildId }, (root) =>
      withDeadline(root, deps.clock, PATIENCE_MS, noAnswer, async (scope) => {
        const { confirmed, message } = await client.verifyCertificate(buildId, {
          stage: 'certify',
          signal: scope.signal,
          remaining: () => scope.remaining(),
        });
        const words = message === undefined ? '' : `: ${oneLine(message, SHOWN)}`;
        return confirmed
          ? { outcome: 'confirmed', message: `The service has verified the certificate${words}.` }
          : { outcome: 'unanswered', message: `The service has not confirmed the certificate${words}.` };
      }),
    );
  } catch (error) {
    if (deps.signal.aborted || !(error instanceof FusegateError)) throw error;
    return {
      outcome: 'unanswered',
      message: `The service did not say whether the certificate is genuine: ${oneLine(error.message, SHOWN)}`,
    };
  }
}

function noAnswer(): FusegateError {
  return new FusegateError('timeout.download', `no answer within ${PATIENCE_MS / 1000} s`, { hint: 'Nothing.' });
}
