/** Formats sizes, speeds and times for people. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** 3076294 → `2.9 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(amount) : amount.toFixed(amount < 10 ? 1 : 0)} ${UNITS[power]}`;
}

/** 850 → `0.9 s`, 65000 → `1m 05s`, 3725000 → `1h 02m`. */
export function formatElapsed(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
}

/** Average speed; empty if there is nothing to report. */
export function formatRate(bytes: number, ms: number): string {
  return bytes > 0 && ms > 0 ? `${formatBytes((bytes * 1000) / ms)}/s` : '';
}

/**
 * How many terminal columns a text takes. East Asian letters and emoji take two. Everything from Hangul up counts as two: too much for some
 * characters, but a line never wraps.
 */
function widthOf(character: string): number {
  return (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
}

/** @returns the text cut to that many columns, with an ellipsis at the cut */
export function fitColumns(text: string, columns: number): string {
  let used = 0;
  let fitting = '';
  for (const character of text) {
    used += widthOf(character);
    if (used > columns) {
      const kept = Array.from(fitting);
      let free = columns - kept.reduce((sum, each) => sum + widthOf(each), 0);
      while (free < 1 && kept.length > 0) free += widthOf(kept.pop() ?? '');
      return columns < 1 ? '' : `${kept.join('')}…`;
    }
    fitting += character;
  }
  return fitting;
}
