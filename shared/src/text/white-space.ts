/** Every run of white space becomes one space, with none at either end. */
export function foldWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** For texts that wrap at different places. */
export function withoutWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, '');
}

/** A value for one `NAME=value` line of a file: line breaks become spaces, everything else is kept. */
export function withoutLineBreaks(text: string): string {
  return text.replace(/[\r\n]+/gu, ' ');
}

/** Editors on Windows put one before the text of a file. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/u, '');
}
