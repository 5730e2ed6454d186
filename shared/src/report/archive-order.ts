/** The builds of an archive as people look at them: by time, the newest first. */
import { printedTime } from '../certificate/printed-time.ts';

/** @param createdOf the time as the certificate prints it; builds without one come last, in their own order */
export function newestFirst<T>(builds: readonly T[], createdOf: (build: T) => string | undefined): T[] {
  const time = (build: T) => printedTime(createdOf(build) ?? '') ?? Number.NEGATIVE_INFINITY;
  return builds
    .map((build) => ({ build, at: time(build) }))
    .sort((a, b) => (a.at === b.at ? 0 : b.at - a.at))
    .map(({ build }) => build);
}

/** `2026-11-29` for `29-Nov-26, 06:35 UTC`; text that is not a time stays as it is. */
export function isoDay(created: string | undefined): string {
  const time = printedTime(created ?? '');
  return time === undefined ? (created ?? '') : new Date(time).toISOString().slice(0, 10);
}
