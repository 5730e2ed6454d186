/** As a part of any text. Small letters; compare ignoring case. */
export const UUID_FORM = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const UUID = new RegExp(`^${UUID_FORM}$`, 'i');

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
