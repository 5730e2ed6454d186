/** `1,234,567` for a whole number. Not toLocaleString: the first call loads more data of ICU than the rest of a report takes time. */
export function inGroups(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}
