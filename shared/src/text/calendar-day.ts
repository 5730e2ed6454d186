/** Days as policies and messages write them: YYYY-MM-DD, UTC. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Milliseconds since the epoch at which the day is over; undefined if the calendar has no such day. */
export function endOf(day: string): number | undefined {
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start) || dayOf(start) !== day) return undefined;
  return start + DAY_MS;
}

/** @returns YYYY-MM-DD, UTC */
export function dayOf(time: Date | number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The last of `days` days, counting today. */
export function lastDay(now: number, days: number): string {
  return dayOf(now + (days - 1) * DAY_MS);
}
