/**
 * How many cases a property is tried with: FUSEGATE_PROPERTY_RUNS where it is set (CI sets 10000), else what suits a quick run.
 * @param usual for a run by hand
 * @param most where one case is slow and ten thousand of them say little more
 */
export function propertyRuns(usual: number, most: number = Number.POSITIVE_INFINITY): { numRuns: number } {
  const asked = Number(process.env.FUSEGATE_PROPERTY_RUNS ?? '');
  return { numRuns: Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, most) : usual };
}
