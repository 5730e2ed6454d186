/** What the service's statements about a signed app prove. Pure. */
import type { ValidationStatus } from '../../api/validation.ts';
import { type ErrorCode, FusegateError } from '../../model/errors.ts';
import { isDistinguishedName } from './distinguished-name.ts';

/** Only whole sentences are understood. */
const SENTENCES = {
  /** appdome-api.md §3.17, verified; with the owner's distinguished name, as certificates print it (§6.2, real). */
  signed: /^this app is signed correctly(?: by owner (?<owner>\S.*))?$/iu,
  /** Same section, verified. */
  'not-built': /^this app is not built by appdome$/iu,
  /** Inferred: the denial of the first. */
  'not-signed': /^this app is not signed correctly$/iu,
} as const;

type Meaning = keyof typeof SENTENCES | 'unknown';

function meaningOf(sentence: string): Meaning {
  // Line breaks stay, because text on a line of its own is another sentence.
  const folded = sentence
    .trim()
    .replaceAll(/[ \t]+/gu, ' ')
    .replace(/\.$/u, '');
  for (const [meaning, pattern] of Object.entries(SENTENCES)) {
    const match = pattern.exec(folded);
    const owner = match?.groups?.owner;
    if (match) return owner === undefined || isDistinguishedName(owner) ? (meaning as Meaning) : 'unknown';
  }
  return 'unknown';
}

/**
 * The service must say in its own sentence that the app is signed correctly, say nothing else, and name this build. A sentence that we do
 * not understand may take back the others, so with one nothing is proven.
 * @param status of a finished validation
 * @param maskForeign hides secrets in sentences that are quoted
 * @returns the sentence that proves it
 * @throws FusegateError validation.rejected if the service denies it or names another build; validation.unproven if it says neither
 */
export function judgeValidation(
  status: ValidationStatus,
  buildId: string,
  maskForeign: (text: string) => string = (text) => text,
): string {
  const saying = (meaning: Meaning) => status.messages.filter((message) => meaningOf(message) === meaning);
  const fail = (code: ErrorCode, message: string, hint: string) =>
    new FusegateError(code, message, { hint, stage: 'validation', ids: { buildId } });

  if (saying('not-built').length > 0) {
    throw fail(
      'validation.rejected',
      'The service says that it did not build this app.',
      'Sign the app that the run delivered, and validate that file.',
    );
  }
  const [denial] = saying('not-signed');
  if (denial !== undefined) {
    throw fail(
      'validation.rejected',
      `The service does not accept this app: ${maskForeign(denial)}`,
      'Sign it with the certificate whose fingerprint you gave the build.',
    );
  }
  if (status.buildId !== undefined && status.buildId.toLowerCase() !== buildId.toLowerCase()) {
    throw fail(
      'validation.rejected',
      `The app comes from another build: ${status.buildId}, not ${buildId}.`,
      'Sign and validate the app of this build, or give the result of the build that the app comes from.',
    );
  }
  const [proof] = saying('signed');
  const [unknown] = saying('unknown');
  if (proof === undefined || unknown !== undefined) {
    const said =
      unknown === undefined
        ? 'it says nothing'
        : `it says "${maskForeign(unknown)}", which is not a sentence known here`;
    throw fail(
      'validation.unproven',
      proof === undefined
        ? `The service does not say that this app is signed correctly: ${said}.`
        : `The service says that this app is signed correctly, but ${said}.`,
      'Validate the app in the console. If all is well there, report the sentence so that we can add it.',
    );
  }
  if (status.buildId === undefined) {
    throw fail(
      'validation.unproven',
      'The service says that the app is signed correctly, but not which build made it.',
      'Compare the build in the console. Without it, nothing shows that this is the app that was judged.',
    );
  }
  return proof;
}
