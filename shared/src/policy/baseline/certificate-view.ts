/** The `certificate` part of the result: both documents as one list of protections, each with where it was seen. */
import { featureOfPrintedName } from '../../catalogue/names.ts';
import { quotableFacts } from '../../certificate/outside-text.ts';
import type { CertificateDocument, Evidence, FactName, FeatureFact } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { FusegateResult } from '../../model/result.ts';
import { normaliseName } from '../../text/normalise.ts';

type CertificateView = FusegateResult['certificate'];
type FeatureView = CertificateView['features'][number];

/** Free text that people wrote for themselves, and names of people: not for a report that may be public. */
const KEPT_OUT: readonly FactName[] = ['annotation'];

export function certificateView(evidence: Evidence): CertificateView {
  const documents = [evidence.pdf, evidence.json].flatMap((reading) => (reading.ok ? [reading.document] : []));
  const pdf = documents.find((document) => document.kind === 'pdf');
  const json = documents.find((document) => document.kind === 'json');
  return {
    source: pdf && json ? 'pdf+json' : pdf ? 'pdf' : json ? 'json' : 'none',
    shape: { ...(pdf ? { pdf: pdf.shape } : {}), ...(json ? { json: json.shape } : {}) },
    sha256: { ...digest('pdf', evidence), ...digest('json', evidence) },
    features: mergedFeatures(documents),
    missingListeners: [
      ...new Set(documents.flatMap((document) => document.missingListeners.map((fact) => fact.value))),
    ],
    facts: firstFacts(documents),
  };
}

/** Known even for an unreadable document: it says which bytes were refused. */
function digest(kind: 'pdf' | 'json', evidence: Evidence): { pdf?: string; json?: string } {
  const reading = evidence[kind];
  const sha256 = reading.ok ? reading.document.sha256 : reading.sha256;
  return sha256 === undefined ? {} : { [kind]: sha256 };
}

/** The PDF's value if both have one, because its layout is proven. A difference that matters is a finding in the verdict. */
function firstFacts(documents: CertificateDocument[]): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const document of documents) {
    for (const [name, values] of Object.entries(quotableFacts(document))) {
      const first = values?.[0];
      if (first !== undefined && facts[name] === undefined && !KEPT_OUT.includes(name as FactName)) {
        facts[name] = first.value;
      }
    }
  }
  return facts;
}

/** A chip and its intelligence line are one protection if the catalogue says that they are the same words. */
function mergedFeatures(documents: CertificateDocument[]): FeatureView[] {
  const merged = new Map<string, FeatureView>();
  for (const fact of documents.flatMap((document) => document.features)) {
    if (fact.presence !== 'present') continue;
    const known = featureOfPrintedName(fact.name);
    const name = known?.name ?? fact.name;
    const id = normaliseName(name) || fact.name;
    const before = merged.get(id);
    merged.set(id, before ? joined(before, fact) : viewOf(name, fact));
  }
  return [...merged.values()];
}

function isKey(fact: FeatureFact): boolean {
  return fact.role === 'plugin' || fact.role === 'parameter';
}

function viewOf(name: string, fact: FeatureFact): FeatureView {
  return {
    name,
    ...(isKey(fact) ? { key: fact.name } : {}),
    ...defined({ category: fact.category, threatEvents: fact.threatEvents }),
    source: fact.document,
  };
}

function joined(before: FeatureView, fact: FeatureFact): FeatureView {
  const key = before.key ?? (isKey(fact) ? fact.name : undefined);
  const category = before.category ?? fact.category;
  const threatEvents = before.threatEvents ?? fact.threatEvents;
  return {
    name: before.name,
    ...defined({ key, category, threatEvents }),
    source: before.source === fact.document ? before.source : 'pdf+json',
  };
}
