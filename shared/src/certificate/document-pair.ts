/** What the two documents of one build say about each other's names. */
import type { CertificateDocument, DocumentReading, Evidence, FeatureFact, Mention } from '../model/certificate.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import { factValues } from './identity.ts';
import { FREE_TEXTS } from './json-facts.ts';
import { foldName } from './json-names.ts';

export function pairOf(pdf: DocumentReading, json: DocumentReading): Evidence {
  if (!json.ok || !pdf.ok) return { pdf, json };
  const { document } = json;
  const features = withPrintedNames(document.features, pdf.document.features);
  const mentions = withoutSharedNames(document, pdf.document);
  return { pdf, json: { ok: true, document: { ...document, features, mentions } } };
}

/** A protection may be newer than the catalogue. If the PDF shows it, its name in a list of the JSON casts no doubt on the others. */
function withPrintedNames(listed: readonly FeatureFact[], printed: readonly FeatureFact[]): FeatureFact[] {
  const names = new Set(printed.filter(({ presence }) => presence === 'present').map(({ name }) => foldName(name)));
  return listed.map((fact) => {
    if (fact.unread === undefined) return fact;
    const left = fact.unread.filter((wording) => !wording.names?.every((name) => names.has(foldName(name))));
    if (left.length > 0) return { ...fact, unread: left };
    const { unread: _, ...understood } = fact;
    return { ...understood, presence: 'present' };
  });
}

/** A Fusion Set may be called `Root Detection`. Text that the PDF prints as the same fact is only a name, so it mentions nothing. */
function withoutSharedNames(json: CertificateDocument, pdf: CertificateDocument): Mention[] {
  const places = new Set(
    FREE_TEXTS.flatMap((name) => {
      const printed = new Set(factValues(pdf, name).map(({ value }) => folded(value)));
      return factValues(json, name).filter(({ value }) => printed.has(folded(value)));
    }).map(({ where }) => where),
  );
  // With words of its own, a mention is more than the name.
  return json.mentions.filter(({ where, words }) => words !== undefined || !places.has(where));
}

/** Names wrap on the page, and are capitalised differently in places. */
function folded(name: string): string {
  return withoutWhiteSpace(name).toLowerCase();
}
