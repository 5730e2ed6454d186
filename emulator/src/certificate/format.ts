/** Dates and sizes as the certificate prints them (appdome-api.md §6.2, verified on real ones). Always UTC, English months. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `17-Jul-25`. Whether a one-digit day is padded is unknown; ours is not (§6.2 writes `D-Mon-YY`). */
export function certificateDay(iso: string): string {
  const date = new Date(iso);
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${two(date.getUTCFullYear() % 100)}`;
}

/** `17-Jul-25, 15:00 UTC`. */
export function certificateTime(iso: string): string {
  const date = new Date(iso);
  return `${certificateDay(iso)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** `Jul 24, 2045, 15:02:50`, the form of the signature's expiry. */
export function expiryTime(iso: string): string {
  const date = new Date(iso);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${time}`;
}

/** `52.1M`, `46.12M`: at most two decimals. That M means 2^20 bytes is inferred; a tiny file is shown as `0.01M` (inferred). */
export function megabytes(bytes: number): string {
  return `${Math.max(0.01, Math.round((Math.abs(bytes) / 2 ** 20) * 100) / 100)}M`;
}

/** `- 5.98M` or `+ 5.44M`. */
export function spacedDelta(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'} ${megabytes(bytes)}`;
}

/** `-12.35M`, the form of the line Optimize Build. */
export function tightDelta(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${megabytes(bytes)}`;
}
