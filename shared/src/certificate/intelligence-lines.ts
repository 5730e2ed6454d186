/** One line under APPLICATION THREAT INTELLIGENCE: `Root Detection: In-App Detection`, the name bold (appdome-api.md §6.2). */
import type { Span, SpanPiece } from './page-layout.ts';

export interface IntelligenceLine {
  name: string;
  /** As printed; the caller decides whether it is known. */
  mode: string;
}

/** @returns undefined for anything but one name and one mode */
export function intelligenceLine(span: Span): IntelligenceLine | undefined {
  const colon = span.pieces.findIndex((piece) => piece.text.endsWith(':'));
  const [name, mode] =
    colon >= 0
      ? [inOneFont(span.pieces.slice(0, colon + 1))?.slice(0, -1), inOneFont(span.pieces.slice(colon + 1))]
      : span.text.split(': ', 2);
  if (!name?.trim() || !mode?.trim() || span.text.split(':').length !== 2) return undefined;
  return { name: name.trim(), mode: mode.trim() };
}

/** A word in another font is not part of the name. */
function inOneFont(pieces: readonly SpanPiece[]): string | undefined {
  const same = pieces.every(({ font }) => font === pieces[0]?.font);
  return same ? pieces.map(({ text }) => text).join(' ') : undefined;
}
