/** Days as a policy writes them: YYYY-MM-DD, UTC. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Milliseconds since the epoch at which the day is over; undefined where the calendar has no such day. */
export function endOf(day: string): number | undefined {
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start) || dayOf(start) !== day) return undefined;
  return start + DAY_MS;
}

/** @returns YYYY-MM-DD, UTC */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** The last of so many days, today counted. */
export function lastDay(now: number, days: number): string {
  return dayOf(now + (days - 1) * DAY_MS);
}
