/** Formats sizes, speeds and times for people. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @returns how often to divide by 1000, so that at most three digits stand before the unit */
function powerOf(bytes: number): number {
  let power = 0;
  for (let rest = bytes; rest >= 999.5 && power < UNITS.length - 1; rest /= 1000) power += 1;
  return power;
}

function digitsOf(bytes: number, power: number): number {
  return power === 0 || bytes / 1000 ** power >= 9.95 ? 0 : 1;
}

/** 3076294 → `3.1 MB`. */
export function formatBytes(bytes: number): string {
  const power = powerOf(bytes);
  return `${(bytes / 1000 ** power).toFixed(digitsOf(bytes, power))} ${UNITS[power]}`;
}

/** `41 of 120 MB`, both in the unit of the total; `41 MB` if the total is unknown. */
export function formatAmount(bytes: number, total: number | undefined): string {
  if (!total) return formatBytes(bytes);
  const power = powerOf(total);
  return `${(bytes / 1000 ** power).toFixed(digitsOf(total, power))} of ${formatBytes(total)}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** A running clock: 42000 → `0:42`, 3725000 → `1:02:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** How long something took: 850 → `0.8 s`, 65000 → `1:05`. */
export function formatElapsed(ms: number): string {
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : formatClock(Math.round(ms / 1000) * 1000);
}

/** Average speed; empty if there is nothing to report. */
export function formatRate(bytes: number, ms: number): string {
  return bytes > 0 && ms > 0 ? `${formatBytes((bytes * 1000) / ms)}/s` : '';
}

/**
 * East Asian letters and emoji take two columns. Everything from Hangul up counts as two: too much for some
 * characters, but a line never wraps.
 */
function widthOf(character: string): number {
  return (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
}

/** How many terminal columns a text takes. */
export function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + widthOf(character), 0);
}

/** @returns the text cut to that many columns, with an ellipsis at the cut */
export function fitColumns(text: string, columns: number): string {
  let used = 0;
  let fitting = '';
  for (const character of text) {
    used += widthOf(character);
    if (used > columns) {
      const kept = Array.from(fitting);
      let free = columns - columnsOf(fitting);
      while (free < 1 && kept.length > 0) free += widthOf(kept.pop() ?? '');
      return columns < 1 ? '' : `${kept.join('')}…`;
    }
    fitting += character;
  }
  return fitting;
}
