/**
 * Whether the certificate is about the file that ships: compares its hashes with ours (design, rule 10).
 *
 * What the certificate's hashes cover is inferred from their names (appdome-api.md §7.6): the uploaded bytes, and the bytes that on-Appdome
 * signing delivers. A file that is signed afterwards necessarily has another hash.
 */

import { factValues, readDocuments, sameId } from '../../certificate/identity.ts';
import { isSignedLater } from '../../certificate/known-wording.ts';
import type { CertificateDocument, Evidence, Fact, FactName } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { AppKind, SignMethod } from '../../model/run-request.ts';
import type { Binding, Finding } from '../../model/verdict.ts';
import { acceptHint, doubtsAbout, quoted } from '../rules/understood.ts';

export interface BoundFiles {
  /** In mode gate the final file is the user's, and only a printed hash ties it to the certificate. */
  mode?: 'run' | 'gate';
  /** Of the bytes that were uploaded; absent if the run began from an app or build that was already at the service. */
  originalSha256?: string | undefined;
  /** Of the app given for a build that this run did not start: through `build-id` or a journal. */
  claimedOriginalSha256?: string | undefined;
  /** Of the protected app as downloaded; in mode gate, of the file given with `--app`. */
  finalSha256?: string | undefined;
  /** How this run asked to sign; absent in mode gate, and if it asked for nothing. */
  sign?: SignMethod | undefined;
  kind?: AppKind | undefined;
}

export interface BindingResult {
  binding: Binding;
  /** An error makes the verdict `error`; a warning is only shown. */
  finding?: Finding;
}

function shown(evidence: Evidence, name: FactName): Fact[] {
  return readDocuments(evidence).flatMap((document) => factValues(document, name));
}

/** undefined = nothing to compare. Every value must agree: a second hash is a contradiction, never a choice. */
function agrees(sha256: string | undefined, facts: readonly Fact[]): boolean | undefined {
  if (sha256 === undefined || facts.length === 0) return undefined;
  return facts.every((fact) => sameId(fact.value, sha256));
}

/** The service may have signed a resumed build anyway; then its certificate knows better. */
function statesOnAppdome(types: readonly Fact[]): boolean {
  return types.length > 0 && types.every((fact) => fact.value.trim().toLowerCase() === 'onappdome');
}

/** What the PDF says about signing. Unread text, wherever it is, could say something else. */
function printedSigning({ pdf }: Evidence): CertificateDocument['signing'] {
  return pdf.ok && pdf.document.mentions.length === 0 ? pdf.document.signing : undefined;
}

/**
 * Whether everything that the certificate says about signing is that the app is signed after the build. Beside a PDF the JSON may only
 * object: it cannot speak for a signing part that was not understood.
 */
function statesSignedLater({ sign }: BoundFiles, evidence: Evidence): boolean {
  if (sign === 'on-appdome') return false;
  const types = shown(evidence, 'sign_type');
  const states = evidence.pdf.ok ? printedSigning(evidence) === 'later' : types.length > 0;
  return states && types.every(({ value }) => isSignedLater(value));
}

function isSdk({ kind }: BoundFiles): boolean {
  return kind === 'aar' || kind === 'zip';
}

function mismatch(message: string): Finding {
  return {
    code: 'binding.mismatch',
    level: 'error',
    message,
    hint: 'Do not ship this file. Build again, or judge it with the certificate of its own build; bind an app that was signed after the build with `fusegate validate --app FILE`.',
  };
}

function unconfirmed(message: string, hint: string): Finding {
  return { code: 'binding.unconfirmed', level: 'warning', message, hint };
}

function unproven(message: string, hint: string): Finding {
  return { code: 'binding.unconfirmed', level: 'error', message, hint };
}

const VALIDATE_HINT =
  'Once the app is signed, bind it: `fusegate validate --app FILE --result fusegate-result.json`, or mode validate of a plugin.';

const NO_PDF_HINT =
  'Judge with the PDF certificate, which prints them. Without --app the certificate alone is judged, and no file is bound.';

const PDF_HINT =
  'Look at the end of the PDF: `fusegate explain FILE` shows what is not understood there. To ask the service about the file, use' +
  ' `fusegate validate --app FILE --build-id ID`; to judge the certificate alone, with no file bound, `fusegate gate` without --app.';

const SDK_HINT =
  'Compare the SHA-256 of the file with that of the protected app in the `fusegate-result.json` of the run that built it, or take the SDK from there.';

const ORIGINAL_NOT_COMPARED =
  'Nor does the one that was read print the hash of the original, so it does not prove which file was built.';

/**
 * Compares the hashes that we computed with those that the documents print.
 *
 * Only this run's own request can say that the file is signed later. What a certificate states about signing never switches a comparison
 * off.
 */
export function bindFiles(files: BoundFiles, evidence: Evidence): BindingResult {
  const hashes = comparedHashes(files, evidence);
  return refused(files, hashes) ?? notProven(files, hashes, evidence) ?? bound(files, hashes, evidence);
}

/** What the documents print, and what it comes to beside our own hashes. */
interface Hashes {
  original: Fact[];
  final: Fact[];
  onAppdome: boolean;
  /** This run asked for signing after the build. */
  signedLater: boolean;
  ours: string[];
  compared: Pick<Binding, 'originalMatches' | 'finalMatches'>;
}

function comparedHashes(files: BoundFiles, evidence: Evidence): Hashes {
  const original = shown(evidence, 'original_sha256');
  const final = shown(evidence, 'final_sha256');
  const onAppdome = statesOnAppdome(shown(evidence, 'sign_type'));
  const signedLater = (files.sign === 'private' || files.sign === 'auto-dev') && !onAppdome;
  const ours = [files.originalSha256, files.claimedOriginalSha256].filter((one) => one !== undefined);
  const originalMatches = ours.length === 0 ? undefined : agreesOnAll(ours, original);
  const finalMatches = signedLater ? undefined : agrees(files.finalSha256, final);
  return { original, final, onAppdome, signedLater, ours, compared: defined({ originalMatches, finalMatches }) };
}

/** A hash that is not the right one. */
function refused({ finalSha256 }: BoundFiles, { original, ours, compared }: Hashes): BindingResult | undefined {
  const refuse = (message: string): BindingResult => ({
    binding: { level: 'none', message, ...compared },
    finding: mismatch(message),
  });
  if (compared.originalMatches === false) {
    return refuse('The SHA-256 of the uploaded app is not the one that the certificate prints for the original app.');
  }
  const originals = [...ours, ...original.map((fact) => fact.value)];
  if (finalSha256 !== undefined && originals.some((one) => sameId(one, finalSha256))) {
    return refuse('The protected app is, byte for byte, the original app: nothing was protected.');
  }
  return compared.finalMatches === false
    ? refuse('The SHA-256 of the protected app is not the one that the certificate prints for the final app.')
    : undefined;
}

/** The certificate should have settled it, and did not. */
function notProven(files: BoundFiles, hashes: Hashes, evidence: Evidence): BindingResult | undefined {
  const { original, final, onAppdome, compared } = hashes;
  const fail = (message: string, hint: string): BindingResult => ({
    binding: { level: 'none', message, ...compared },
    finding: unproven(message, hint),
  });
  const doubts = doubtsAbout([...(compared.originalMatches ? original : []), ...(compared.finalMatches ? final : [])]);
  if (doubts.length > 0) {
    const message = `The SHA-256 is the one that the certificate prints, but the text above it is not understood: ${quoted(doubts)}.`;
    return fail(message, acceptHint(doubts, { requires: [] }, 'say that the hash is not that of the app'));
  }
  if (files.mode === 'gate' && files.finalSha256 !== undefined && original.length + final.length === 0) {
    const message = 'No document prints a hash, of the original or the final app, to compare the given app with.';
    return fail(message, evidence.pdf.ok ? PDF_HINT : NO_PDF_HINT);
  }
  if (!expectsFinalHash(files, onAppdome, evidence) || final.length > 0 || statesSignedLater(files, evidence))
    return undefined;
  const message =
    'The PDF certificate shows no hash of the final app that is understood, so the protected app was not compared with it.';
  return fail(message, PDF_HINT);
}

function bound(files: BoundFiles, hashes: Hashes, evidence: Evidence): BindingResult {
  const { signedLater, ours, compared } = hashes;
  if (isSdk(files)) return sdk(files, compared);
  // Without the PDF, only the service's word ties a resumed build, or an app that was not uploaded again, to the file.
  const doubt = ours.length > 0 && compared.originalMatches === undefined ? ` ${ORIGINAL_NOT_COMPARED}` : '';
  if (signedLater && files.sign === 'auto-dev') {
    const message = `Auto-DEV signing hands out a script: the signed app does not exist yet and was not compared.${doubt}`;
    const binding: Binding = { level: 'unconfirmed', message, ...compared };
    return doubt === '' ? { binding } : { binding, finding: unconfirmed(message, VALIDATE_HINT) };
  }
  if (signedLater) {
    const message = `The app is signed after the build, so no certificate can print the hash of the signed file.${doubt}`;
    return { binding: { level: 'unconfirmed', message, ...compared }, finding: unconfirmed(message, VALIDATE_HINT) };
  }
  if (compared.finalMatches === true && files.finalSha256 !== undefined) {
    const message = 'The SHA-256 of the protected app is the one that the certificate prints for the final app.';
    return { binding: { level: 'file', message, ...compared, sha256: files.finalSha256 } };
  }
  return notCompared(files, compared, doubt, evidence.pdf.ok, statesSignedLater(files, evidence));
}

function sdk({ mode, finalSha256 }: BoundFiles, compared: Hashes['compared']): BindingResult {
  if (mode === 'gate' && finalSha256 !== undefined && compared.finalMatches === undefined) {
    const message = 'The certificate prints no hash of the protected SDK, so nothing ties the given file to it.';
    return { binding: { level: 'unconfirmed', message, ...compared }, finding: unconfirmed(message, SDK_HINT) };
  }
  const message = 'An SDK is not bound by its hash: it is packed again where it is used.';
  return { binding: { level: 'none', message, ...compared } };
}

/** The PDF prints it for what Appdome has signed; an SDK that nobody has signed has no final form. */
function expectsFinalHash(files: BoundFiles, onAppdome: boolean, evidence: Evidence): boolean {
  if (files.finalSha256 === undefined || !evidence.pdf.ok) return false;
  if (files.sign === 'on-appdome' || onAppdome) return true;
  const unsignedSdk = isSdk(files) && printedSigning(evidence) === 'none';
  return files.mode === 'gate' && !unsignedSdk;
}

/** undefined = no document prints it. */
function agreesOnAll(ours: readonly string[], facts: readonly Fact[]): boolean | undefined {
  return facts.length === 0 ? undefined : ours.every((one) => agrees(one, facts));
}

function notCompared(
  files: BoundFiles,
  compared: Partial<Binding>,
  original: string,
  pdfRead: boolean,
  later: boolean,
): BindingResult {
  if (files.finalSha256 === undefined) {
    const message = 'No file was given to compare with the certificate.';
    return { binding: { level: 'none', message, ...compared } };
  }
  const why = later ? ': it states that the app is signed after the build' : '';
  const message = `The certificate that was read prints no hash of the final app to compare with${why}.${original}`;
  const judge =
    'Judge with the PDF certificate, which prints it, or bind the file with `fusegate validate --app FILE`.';
  const hint = pdfRead || later ? VALIDATE_HINT : judge;
  return { binding: { level: 'unconfirmed', message, ...compared }, finding: unconfirmed(message, hint) };
}
