import { getDocumentProxy } from 'unpdf';

export interface PlacedText {
  text: string;
  x: number;
  /** From the top of the page. */
  top: number;
  size: number;
  bold: boolean;
}

/** The text items of page 1 with their places, in the order of the content stream; blanks between them left out. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ items: PlacedText[]; width: number; height: number; pages: number }> {
  const document = await getDocumentProxy(new Uint8Array(bytes));
  const page = await document.getPage(1);
  const { width, height } = page.getViewport({ scale: 1 });
  const content = await page.getTextContent();
  const faces: string[] = [];
  const items: PlacedText[] = [];
  for (const item of content.items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    if (!faces.includes(item.fontName)) faces.push(item.fontName);
    const [, , c, d, x, y] = item.transform as [number, number, number, number, number, number];
    items.push({ text: item.str, x, top: height - y, size: Math.hypot(c, d), bold: false });
    const added = items.at(-1);
    if (added !== undefined) added.bold = item.fontName.endsWith('f2');
  }
  return { items, width, height, pages: document.numPages };
}

/** Items on the baseline of the first item with this text, left to right, that item included. */
export function rowOf(items: PlacedText[], text: string): string[] {
  const anchor = items.find((item) => item.text === text);
  if (anchor === undefined) return [];
  return items
    .filter(({ top }) => Math.abs(top - anchor.top) <= 4)
    .sort((a, b) => a.x - b.x)
    .map((item) => item.text);
}
