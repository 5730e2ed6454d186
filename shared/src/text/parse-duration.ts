const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNITS = Object.entries(UNIT_MS).sort(([, a], [, b]) => b - a);

/**
 * `55m`, `90s`, `1h30m`, `500ms`, `1.5h`, `7d`. Units must get smaller from left to right, and each may occur once.
 * @returns milliseconds, or undefined if it is not a duration; a bare number is not, because its unit is unknown
 */
export function parseDuration(text: string): number | undefined {
  const normal = text.toLowerCase().replaceAll(/\s+/g, '');
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(normal)) return undefined;
  let total = 0;
  let smallest: number = Number.POSITIVE_INFINITY;
  for (const [, amount, unit] of normal.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    const size = UNIT_MS[unit as keyof typeof UNIT_MS];
    if (size >= smallest) return undefined;
    smallest = size;
    total += Number(amount) * size;
  }
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}

/** The shortest exact spelling: 3300000 → `55m`, 90000 → `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
