/**
 * FUSEGATE_TIME_SCALE, for tests of child processes only: stalls, back-off and Retry-After take this share of their time. Deadlines are not
 * scaled. Never changes a verdict.
 * @returns undefined unless the variable is a number above 0 and at most 1
 */
export function readTimeScale(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return 1;
  const scale = Number(text);
  return scale > 0 && scale <= 1 ? scale : undefined;
}
