import type { FusegateResult } from '../model/result.ts';

/** Fields that must stay exact: a short secret that happens to be part of a hash or a path must not damage it. */
const VERBATIM = new Set([
  'sha256',
  'bundleSha256',
  'caSha256',
  'extraCaSha256',
  'path',
  'ids',
  'schemaVersion',
  'startedAt',
  'finishedAt',
  'tool',
  'ci',
  'code',
]);

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
    Object.entries(value).map(([key, each]) => [key, VERBATIM.has(key) ? each : maskedValue(each, mask)]),
  );
}
