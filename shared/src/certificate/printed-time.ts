/**
 * Times as certificates print them (appdome-api.md §6.2, real certificates). Nothing else is read as a time: a certificate of unreadable
 * age does not count as recent.
 */
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `17-Jul-25, 15:00 UTC`: creation, and every heading. */
const CREATION = /^(?<day>\d{1,2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}), (?<hour>\d{2}):(?<minute>\d{2}) UTC$/u;
/** `Jul 24, 2045, 15:02:50`: the end of the signature. It has no time zone; UTC is inferred from the rest of the page. */
const EXPIRY =
  /^(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<year>\d{4}), (?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})(?: UTC)?$/u;

/** @returns milliseconds since the epoch; undefined if certificates do not print times this way */
export function printedTime(text: string): number | undefined {
  const found = (CREATION.exec(text.trim()) ?? EXPIRY.exec(text.trim()))?.groups;
  if (found === undefined) return undefined;
  const number = (name: string) => Number(found[name] ?? 0);
  const month = MONTHS.indexOf((found.month ?? '').toLowerCase());
  const year = number('year') < 100 ? 2000 + number('year') : number('year');
  const time = Date.UTC(year, month, number('day'), number('hour'), number('minute'), number('second'));
  const read = new Date(time);
  // `31-Feb-25` and `25:00` would roll over into another day.
  const same =
    month >= 0 &&
    read.getUTCMonth() === month &&
    read.getUTCDate() === number('day') &&
    read.getUTCHours() === number('hour') &&
    read.getUTCMinutes() === number('minute') &&
    read.getUTCSeconds() === number('second');
  return same ? time : undefined;
}
