/** Every run of white space as one space, none at either end: how words were set apart is not what they say. */
export function foldWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** A value for a `NAME=value` line of a file: it stands as it is, but ends where the line does. */
export function withoutLineBreaks(text: string): string {
  return text.replace(/[\r\n]+/gu, ' ');
}
