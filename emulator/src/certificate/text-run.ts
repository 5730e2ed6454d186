/** The pieces that a page is laid out from. Coordinates are points; `x` from the left, `y` from the TOP to the text's baseline. */

export type Face = 'regular' | 'bold';

/**
 * When a run is written to the content stream. The real document does not write in visual order: the footer comes first, and
 * several labels come at the very end, away from their values (appdome-api.md §6.3, verified).
 */
export const EMISSION = { footer: 0, main: 1, addedBlock: 2, detachedLabel: 3 } as const;
export type Emission = (typeof EMISSION)[keyof typeof EMISSION];

export interface TextRun {
  x: number;
  y: number;
  size: number;
  face: Face;
  text: string;
  color: string;
  emission: Emission;
  /** Drawn bolder with an outline of the regular face, as on the real certificate. */
  outlined: boolean;
}

/** Something drawn that is not text. */
export type Shape =
  | { kind: 'box'; x: number; y: number; width: number; height: number; fill: string; stroke?: string; radius: number }
  | { kind: 'line'; x: number; y: number; width: number; color: string };

export interface Page {
  width: number;
  height: number;
  runs: TextRun[];
  shapes: Shape[];
}

/** Width in points of a text in one line. */
export type Measure = (text: string, face: Face, size: number) => number;

/**
 * Breaks a text at spaces so that no line is wider than `limit`; a single wider word is cut.
 * @returns at least one line
 */
export function wrapText(text: string, face: Face, size: number, limit: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if (measure(candidate, face, size) <= limit) {
      line = candidate;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = wrapCharacters(word, face, size, limit, measure);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  lines.push(line);
  return lines;
}

/** Breaks anywhere: how the real document wraps hashes (48+16, 47+17, 45+19 by the width of the digits). */
export function wrapCharacters(text: string, face: Face, size: number, limit: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text) {
    const step = measure(character, face, size);
    if (line !== '' && width + step > limit) {
      lines.push(line);
      line = '';
      width = 0;
    }
    line += character;
    width += step;
  }
  lines.push(line);
  return lines;
}
