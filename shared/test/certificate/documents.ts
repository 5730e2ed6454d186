/** Readings by hand, for tests of what is decided from them. */
import type {
  CertificateDocument,
  DocumentKind,
  DocumentReading,
  FactName,
  Facts,
} from '../../src/model/certificate.ts';

export type Values = Partial<Record<FactName, string | string[]>>;

export function documentOf(kind: DocumentKind, values: Values = {}): CertificateDocument {
  const facts: Facts = {};
  for (const [name, value] of Object.entries(values)) {
    facts[name as FactName] = [value].flat().map((text, index) => ({
      value: text,
      document: kind,
      where: kind === 'pdf' ? `page 1 at 213,${index}` : `$.${name}`,
    }));
  }
  return {
    kind,
    sha256: 'digest',
    shape: kind === 'pdf' ? 'certified-secure' : 'A',
    hasFeatureList: true,
    bounded: kind === 'pdf',
    complete: kind === 'pdf',
    unread: [],
    listenerDoubts: [],
    mentions: [],
    facts,
    features: [],
    missingListeners: [],
    topLevel: [],
  };
}

function readingOf(kind: DocumentKind, values?: Values): DocumentReading {
  if (values === undefined) return { ok: false, kind, problem: 'absent', message: 'not there' };
  return { ok: true, document: documentOf(kind, values) };
}

export function evidenceOf(pdf?: Values, json?: Values) {
  return { pdf: readingOf('pdf', pdf), json: readingOf('json', json) };
}
