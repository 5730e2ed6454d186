/** What the service's words about a signed app are worth. Pure. */
import type { ValidationStatus } from '../api/validation.ts';
import { type ErrorCode, FusegateError } from '../errors.ts';

/** The two sentences that the official Jenkins plugin decides by (appdome-api.md §3.17, verified). */
const SIGNED_CORRECTLY = /^this app is signed correctly\b/i;
const NOT_BUILT = /\bnot built by appdome\b/i;
/** Any other sentence that denies; its wording is not known (inferred). */
const DENIES =
  /\b(not|cannot|in\s?correct(ly)?|invalid|fail(ed|ure)?|tamper(ed)?|unsigned|wrong(ly)?|error)\b|n[\u2019']t\b/i;

/** The owner's name, which ends the sentence, is anybody's words; the rest is the service's, and may take back how it began. */
function provesSigning(message: string): boolean {
  const own = message.replace(/(signed correctly) by owner\b.*$/is, '$1');
  return SIGNED_CORRECTLY.test(message) && !NOT_BUILT.test(own) && !DENIES.test(own);
}

/**
 * The service must say in its own sentence that the app is signed correctly, say nothing against it, and name the very build. Whatever is
 * not understood is no proof.
 * @param status of a validation that has ended
 * @returns the sentence that proves it
 * @throws FusegateError validation.rejected where the service denies it or names another build; validation.unproven where it says neither
 */
export function judgeValidation(status: ValidationStatus, buildId: string): string {
  const proof = status.messages.find(provesSigning);
  const others = status.messages.filter((message) => !provesSigning(message));
  if (others.some((message) => NOT_BUILT.test(message))) {
    throw failure('validation.rejected', 'The service says that it did not build this app.', {
      hint: 'Sign the app that the run handed out, and validate that file.',
      buildId,
    });
  }
  const denial = others.find((message) => DENIES.test(message));
  if (denial !== undefined) {
    throw failure('validation.rejected', `The service does not accept this app: ${denial}`, {
      hint: 'Sign it with the certificate whose fingerprint the build was given.',
      buildId,
    });
  }
  if (status.buildId === undefined && proof !== undefined) {
    throw failure(
      'validation.unproven',
      'The service says that the app is signed correctly, but not which build made it.',
      {
        hint: 'Compare the build in the console. Without it, nothing shows that this is the app that was judged.',
        buildId,
      },
    );
  }
  if (status.buildId !== undefined && status.buildId.toLowerCase() !== buildId.toLowerCase()) {
    throw failure('validation.rejected', `The app comes from another build: ${status.buildId}, not ${buildId}.`, {
      hint: 'Sign and validate the app of this build, or give the result of the build that the app comes from.',
      buildId,
    });
  }
  if (proof === undefined) {
    const [said] = status.messages;
    throw failure(
      'validation.unproven',
      `The service does not say that this app is signed correctly; it says ${said === undefined ? 'nothing' : `"${said}"`}.`,
      { hint: 'Validate it in the console, and report this sentence if it means that all is well.', buildId },
    );
  }
  return proof;
}

function failure(
  code: ErrorCode,
  message: string,
  { hint, buildId }: { hint: string; buildId: string },
): FusegateError {
  return new FusegateError(code, message, { hint, stage: 'validation', ids: { buildId } });
}
