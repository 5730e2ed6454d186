/**
 * Whether a PDF contains a second revision: an incremental update (ISO 32000-1, 7.5.6) can show a different page from the one written
 * first. The service writes a certificate once.
 *
 * A linearised file (annex F) has two cross-reference sections and one revision. Anything appended to it makes its `/L` wrong.
 */
import { fileText, lastStart, plainName } from './pdf-objects.ts';

export const DOWNLOAD_AGAIN = 'Download it again: `fusegate gate --build-id ID` asks the service itself.';

/** How a file ends. `lost` = its end does not lead to a cross-reference section, so revisions cannot be told apart. */
export type Revisions = 'one' | 'several' | 'lost';

export function revisionsOf(bytes: Uint8Array): Revisions {
  const file = fileText(bytes);
  const start = lastStart(file);
  if (start === undefined) return 'lost';
  const linearised = lengthOfLinearised(file) === file.length;
  const allowed = linearised ? 2 : 1;
  if (count(file, 'startxref') > allowed || count(file, '%%EOF') > allowed) return 'several';
  const first = sectionAt(file, start);
  if (first === undefined) return 'lost';
  const previous = previousOf(first);
  if (!linearised) return previous === undefined ? 'one' : 'several';
  if (previous === undefined) return 'several';
  const main = sectionAt(file, previous);
  if (main === undefined) return 'lost';
  return previousOf(main) === undefined ? 'one' : 'several';
}

function count(file: string, word: string): number {
  return file.split(word).length - 1;
}

/** The first object of a linearised file says how long the file is. */
function lengthOfLinearised(file: string): number | undefined {
  const dictionary = /<<[^>]*\/Linearized\b[^>]*>>/u.exec(file.slice(0, 1024))?.[0];
  const length = dictionary && /\/L\s+(\d+)/u.exec(dictionary)?.[1];
  return length === undefined ? undefined : Number(length);
}

/** A cross-reference table with its trailer, or a cross-reference stream, up to the next `startxref` if there is one. */
function sectionAt(file: string, offset: number): string | undefined {
  const rest = file.slice(offset);
  if (!/^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/u.test(rest.slice(0, 100))) return undefined;
  const end = rest.indexOf('startxref');
  return end < 0 ? rest : rest.slice(0, end);
}

/** The section that this one updates. */
function previousOf(section: string): number | undefined {
  const found = /\/Prev\b\s*(\d*)/u.exec(plainName(section));
  return found === null ? undefined : Number(found[1] || -1);
}
