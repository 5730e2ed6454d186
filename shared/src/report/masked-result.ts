import type { FusegateResult } from '../model/result.ts';

/**
 * Fields that must stay exact. A short secret that happens to be part of a hash or a path must not damage it; and where the schema has words
 * of our own, a password that is such a word would make the result unreadable.
 */
const VERBATIM = new Set([
  'sha256',
  'bundleSha256',
  'caSha256',
  'extraCaSha256',
  'caStore',
  'storeSha256',
  'path',
  'ids',
  'schemaVersion',
  'startedAt',
  'finishedAt',
  'tool',
  'ci',
  'code',
  'mode',
  'verdict',
  'gate',
  'rule',
  'severity',
  'outcome',
  'level',
  'state',
  'document',
  'platform',
  'kind',
  'role',
  'stages',
  'evidenceMode',
  'fleet',
]);

/** Words of our own in a field that elsewhere has other content. */
const OWN_WORDS: Readonly<Record<string, ReadonlySet<unknown>>> = {
  evidence: new Set(['verified', 'inferred', 'none']),
  source: new Set(['pdf', 'json', 'pdf+json', 'none']),
};

/**
 * The result without secrets: a service may repeat a password in its error text, and reports are made from here.
 * @param mask the run's masking function
 */
export function maskedResult(result: FusegateResult, mask: (text: string) => string): FusegateResult {
  return maskedValue(result, mask) as FusegateResult;
}

function maskedValue(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((each) => maskedValue(each, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const verbatim = VERBATIM.has(key) || OWN_WORDS[key]?.has(each) === true;
      return [key, verbatim ? each : maskedValue(each, mask)];
    }),
  );
}
