/** Whether the certificate belongs to this build and is consistent: rules 8 and 9 of the verdict. */

import { checkIdentity, contradictions, disagreements, factValues, readDocuments } from '../../certificate/identity.ts';
import type { Evidence, Fact } from '../../model/certificate.ts';
import type { ServiceIds } from '../../model/errors.ts';
import type { Finding } from '../../model/verdict.ts';
import { DOCUMENT_NAME, provingDocuments, type Sources } from './sources.ts';

const ID_NAME = {
  build_id: 'build id',
  fusion_set_id: 'Fusion Set ID',
  app_id: 'app id',
  team_id: 'team id',
} as const;

const COMPARE = 'Compare both certificates in the output folder; do not ship this app until they say the same.';
const FETCH_AGAIN =
  'Fetch the certificate of this build again: `fusegate gate --build-id ID`. Nothing has to be built again.';

/**
 * @param mustHaveBuild in mode run, a certificate that is not tied to a build proves nothing; in mode gate, only the requested ids count
 */
export function identityFindings(
  asked: ServiceIds,
  mustHaveBuild: boolean,
  evidence: Evidence,
  sources: Sources,
): Finding[] {
  const findings: Finding[] = [];
  for (const document of readDocuments(evidence)) {
    for (const { name, facts } of contradictions(document)) {
      findings.push({
        code: 'certificate.contradiction',
        level: 'error',
        message: `The ${DOCUMENT_NAME[document.kind]} shows more than one ${name}: ${places(facts)}`,
        hint: COMPARE,
      });
    }
  }
  for (const { name, pdf, json } of disagreements(evidence)) {
    findings.push({
      code: 'certificate.disagreement',
      level: 'error',
      message: `The two certificates differ in ${name}: ${places(pdf)} in the PDF, ${places(json)} in the JSON`,
      hint: COMPARE,
    });
  }
  for (const { name, asked: id, outcome, facts } of checkIdentity(asked, evidence)) {
    if (outcome === 'mismatch') {
      findings.push({
        code: 'identity.mismatch',
        level: 'error',
        message: `The certificate is for another ${ID_NAME[name]}: ${places(facts)}, asked for ${id}`,
        hint: name === 'fusion_set_id' ? 'Check --fusion-set-id, or judge the build that used it.' : FETCH_AGAIN,
      });
    } else if (outcome === 'unproven') {
      findings.push({
        code: 'identity.unproven',
        // The build id says which app it was; the app id adds nothing that could change a verdict.
        level: name === 'app_id' ? 'warning' : 'error',
        message: `No certificate states the ${ID_NAME[name]} (asked for ${id})`,
        hint: FETCH_AGAIN,
      });
    }
  }
  return [...findings, ...unboundDocuments(asked, mustHaveBuild, sources, findings)];
}

/**
 * An app given together with a build id, or with a journal, is only a claim. The certificate must print its hash, or another app's build
 * could be delivered as this one's. A different hash is a binding mismatch.
 */
export function claimFindings(claimed: string | undefined, evidence: Evidence): Finding[] {
  const printed = readDocuments(evidence).flatMap((document) => factValues(document, 'original_sha256'));
  if (claimed === undefined || printed.length > 0) return [];
  return [
    {
      code: 'identity.unproven',
      level: 'error',
      message:
        'No certificate prints the SHA-256 of the original app, so nothing ties this build to the app that was given',
      hint: 'Judge with the PDF certificate, which prints it; or start a new build with this app (`--resume new`, no build id).',
    },
  ];
}

/** Proof must come from a document that names its own build: the other document's id says nothing about this one. */
function unboundDocuments(asked: ServiceIds, mustHaveBuild: boolean, sources: Sources, known: Finding[]): Finding[] {
  if (asked.buildId === undefined) {
    if (!mustHaveBuild) return [];
    const message = 'This run has no build id, so no certificate can be tied to it';
    return [{ code: 'identity.unproven', level: 'error', message, hint: FETCH_AGAIN }];
  }
  if (known.some((finding) => finding.code === 'identity.unproven' && finding.level === 'error')) return [];
  return provingDocuments(sources)
    .filter((document) => factValues(document, 'build_id').length === 0)
    .map((document) => ({
      code: 'identity.unproven' as const,
      level: 'error' as const,
      message: `The ${DOCUMENT_NAME[document.kind]} states no build id, so its protections cannot be tied to this build`,
      hint: FETCH_AGAIN,
    }));
}

function places(facts: readonly Fact[]): string {
  return [...new Set(facts.map((fact) => `${fact.value} (${fact.where})`))].join(', ');
}
