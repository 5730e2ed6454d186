/** Turns what a result recorded about a certificate back into evidence, to draft a policy from a result. It proves nothing on its own. */
import {
  type DocumentReading,
  type Evidence,
  FACT_NAMES,
  type FactName,
  type Facts,
  type FeatureFact,
} from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';

export function evidenceOfResult({ certificate }: FusegateResult): Evidence {
  const document = certificate.source === 'json' ? 'json' : 'pdf';
  const at = (where: string) => ({ document, where: `certificate.${where}` }) as const;
  const features = certificate.features
    .filter((feature) => document === 'json' || feature.source !== 'json')
    .flatMap(({ name, key, category, threatEvents }, index) =>
      [...new Set([name, key ?? name])].map(
        (printed): FeatureFact =>
          defined({
            name: printed,
            role: document === 'json' ? 'json' : 'intelligence',
            presence: 'present',
            category,
            threatEvents,
            ...at(`features[${index}]`),
          }),
      ),
    );
  const known = Object.entries(certificate.facts).filter(([name]) => FACT_NAMES.includes(name as FactName));
  const facts: Facts = Object.fromEntries(known.map(([name, value]) => [name, [{ value, ...at(`facts.${name}`) }]]));
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
        ...at(`missingListeners[${index}]`),
      })),
      topLevel: [],
    },
  };
  const absent = (kind: 'pdf' | 'json') =>
    ({ ok: false, kind, problem: 'absent', message: 'not part of the result' }) as const;
  return document === 'pdf' ? { pdf: reading, json: absent('json') } : { pdf: absent('pdf'), json: reading };
}
