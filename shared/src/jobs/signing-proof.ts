/** Whether a build that this run only fetched is known to be signed. */
import path from 'node:path';
import { factValues, readDocuments } from '../certificate/identity.ts';
import { isSignedLater } from '../certificate/known-wording.ts';
import type { BuildOutcome } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { goOnWith } from '../pipeline/go-on.ts';

/**
 * A run with a signing method signs the build, or knows from its journal that it did. Otherwise there is only the certificate's word, which
 * may have been issued before the signing.
 * @returns undefined where the signing is proven, or there is none to prove
 */
export function signingDoubt(
  { sign }: Pick<RunRequest, 'sign'>,
  { files, ids }: Pick<BuildOutcome, 'files' | 'ids'>,
  evidence: Evidence,
  { binding }: Pick<Verdict, 'binding'>,
): Finding | undefined {
  const signs = sign !== undefined && sign.method !== 'none';
  if (signs || binding.finalMatches === true) return undefined;
  const app = files.find(({ role }) => role === 'protected-app');
  // An SDK for Android is not signed, and a script has the signing before it.
  if (app !== undefined && ['.aar', '.sh'].includes(path.extname(app.path))) return undefined;
  if (statesSigning(evidence)) return undefined;
  return {
    code: 'signing.unproven',
    level: 'error',
    message: 'No certificate proves that this build was signed, and this run did not sign it',
    hint: `Run again with \`sign\` and what it needs; signing may be repeated${ids.buildId === undefined ? '' : `: ${goOnWith(ids.buildId)}`}.`,
  };
}

function statesSigning(evidence: Evidence): boolean {
  const { pdf } = evidence;
  const types = readDocuments(evidence).flatMap((document) => factValues(document, 'sign_type'));
  const known = types.length > 0 && types.every(({ value }) => value === 'OnAppdome' || isSignedLater(value));
  // Beside a PDF the JSON may only object.
  return pdf.ok ? pdf.document.signing === 'later' && (known || types.length === 0) : known;
}
