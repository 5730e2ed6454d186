/** Turns what a result recorded about a certificate back into evidence, to draft a policy from a result. It proves nothing on its own. */
import {
  type DocumentReading,
  type Evidence,
  FACT_NAMES,
  type FactName,
  type Facts,
  type FeatureFact,
} from '../model/certificate.ts';
import type { FusegateResult } from '../model/result.ts';

export function evidenceOfResult({ certificate }: FusegateResult): Evidence {
  const document = certificate.source === 'json' ? 'json' : 'pdf';
  const at = (index: number) => ({ document, where: `certificate.features[${index}]` }) as const;
  const features = certificate.features
    .filter((feature) => document === 'json' || feature.source !== 'json')
    .flatMap((feature, index): FeatureFact[] => {
      const fact = (name: string): FeatureFact => ({
        name,
        role: document === 'json' ? 'json' : 'intelligence',
        presence: 'present',
        ...(feature.category === undefined ? {} : { category: feature.category }),
        ...(feature.threatEvents === undefined ? {} : { threatEvents: feature.threatEvents }),
        ...at(index),
      });
      return [...new Set([feature.name, ...(feature.key === undefined ? [] : [feature.key])])].map(fact);
    });
  const facts: Facts = {};
  for (const [name, value] of Object.entries(certificate.facts)) {
    if (FACT_NAMES.includes(name as FactName))
      facts[name as FactName] = [{ value, document, where: `certificate.facts.${name}` }];
  }
  const reading: DocumentReading = {
    ok: true,
    document: {
      kind: document,
      sha256: certificate.sha256[document] ?? '',
      shape: certificate.shape[document] ?? 'result',
      hasFeatureList: certificate.features.length > 0,
      bounded: document === 'pdf',
      complete: document === 'pdf',
      unread: [],
      listenerDoubts: [],
      mentions: [],
      facts,
      features,
      missingListeners: certificate.missingListeners.map((value, index) => ({
        value,
        document,
        where: `certificate.missingListeners[${index}]`,
      })),
      topLevel: [],
    },
  };
  const absent = (kind: 'pdf' | 'json') =>
    ({ ok: false, kind, problem: 'absent', message: 'not part of the result' }) as const;
  return document === 'pdf' ? { pdf: reading, json: absent('json') } : { pdf: absent('pdf'), json: reading };
}
