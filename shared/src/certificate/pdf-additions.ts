/**
 * Finds what a PDF shows besides the contents of its one page: annotations, fields, layers, attached documents, more pages. A note or a
 * stamp can take back what the page says, and no real certificate has any of it but a single link (appdome-api.md §6.1).
 *
 * Allow-lists decide: the keys of real certificates, of the emulator's, and those that PDF writers add without a change to what is shown.
 */
import { NotFollowed, type PdfDictionary, PdfName, PdfObjects, PdfReference, type PdfValue } from './pdf-objects.ts';

const CATALOG = new Set([
  ...['Type', 'Pages', 'Names', 'Metadata', 'Version', 'Lang', 'Outlines', 'PageLayout', 'PageMode', 'PageLabels'],
  ...['ViewerPreferences', 'MarkInfo', 'StructTreeRoot', 'OutputIntents', 'Dests'],
]);
/** Scripts and attached files have names too. */
const NAMES = new Set(['Dests']);
const PAGES = new Set(['Type', 'Kids', 'Count', 'Parent', 'Resources', 'MediaBox', 'CropBox', 'Rotate', 'ProcSet']);
const PAGE = new Set([
  ...['Type', 'Parent', 'Contents', 'Resources', 'MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox', 'Rotate'],
  ...['UserUnit', 'Annots', 'Group', 'Metadata', 'StructParents', 'Tabs'],
]);
/** No `AP`: that is its own picture. */
const LINK = new Set([
  ...['Type', 'Subtype', 'Rect', 'QuadPoints', 'Border', 'A', 'Dest', 'H', 'F', 'P', 'NM', 'M', 'Contents'],
  ...['StructParent', 'Lang'],
]);

/** A page as a viewer finds it. */
interface FoundPage {
  page: PdfDictionary;
  reference: PdfReference;
}

export interface Additions {
  /** Objects of the pages, in order. */
  pages: PdfReference[];
  /** The first thing that no list allows, by its type or key: `Stamp`, `OCProperties`. */
  found: string | undefined;
}

/** Throws if the structure of the file is damaged, or can be read in two ways. */
export function additionsOf(bytes: Uint8Array): Additions {
  const objects = new PdfObjects(bytes);
  const catalog = objects.dictionary(objects.trailer.get('Root'));
  const names = catalog.has('Names') ? objects.dictionary(catalog.get('Names')) : new Map<string, PdfValue>();
  const { nodes, pages } = pagesOf(objects, catalog.get('Pages'));
  const found =
    otherKey(catalog, CATALOG) ??
    otherKey(names, NAMES) ??
    first(nodes, (node) => otherKey(node, PAGES) ?? placedOtherwise(objects, node)) ??
    first(pages, ({ page }) => otherKey(page, PAGE) ?? placedOtherwise(objects, page)) ??
    first(pages, ({ page }) =>
      first(objects.array(page.get('Annots')), (annotation) => notPlainLink(objects, annotation)),
    );
  return { pages: pages.map(({ reference }) => reference), found };
}

function first<T>(all: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function otherKey(dictionary: PdfDictionary, allowed: ReadonlySet<string>): string | undefined {
  return [...dictionary.keys()].find((key) => !allowed.has(key));
}

/** Turned, scaled, or cut off: viewers show it in one way and printers in another. */
function placedOtherwise(objects: PdfObjects, page: PdfDictionary): string | undefined {
  const box = (key: string) => JSON.stringify(objects.array(page.get(key)));
  if (page.has('CropBox') && box('CropBox') !== box('MediaBox')) return 'CropBox';
  if ((objects.resolve(page.get('Rotate')) ?? 0) !== 0) return 'Rotate';
  return (objects.resolve(page.get('UserUnit')) ?? 1) === 1 ? undefined : 'UserUnit';
}

/** @returns the type of an annotation, or what a link has to draw */
function notPlainLink(objects: PdfObjects, annotation: PdfValue): string | undefined {
  const dictionary = objects.dictionary(annotation);
  const subtype = objects.resolve(dictionary.get('Subtype'));
  if (!(subtype instanceof PdfName)) return 'annotation';
  if (subtype.name !== 'Link') return subtype.name;
  // Without one it is a frame of one point.
  const [, , width, dashes] = objects.array(dictionary.get('Border'));
  const key = otherKey(dictionary, LINK) ?? (width === 0 && dashes === undefined ? undefined : 'Border');
  return key && `Link with ${key}`;
}

function pagesOf(objects: PdfObjects, root: PdfValue | undefined): { nodes: PdfDictionary[]; pages: FoundPage[] } {
  const nodes: PdfDictionary[] = [];
  const pages: FoundPage[] = [];
  const seen = new Set<number>();
  const visit = (value: PdfValue | undefined) => {
    if (!(value instanceof PdfReference) || seen.has(value.number)) throw new NotFollowed('a page twice');
    seen.add(value.number);
    const dictionary = objects.dictionary(value);
    if (!dictionary.has('Kids')) {
      pages.push({ page: dictionary, reference: value });
      return;
    }
    nodes.push(dictionary);
    for (const kid of objects.array(dictionary.get('Kids'))) visit(kid);
  };
  visit(root);
  return { nodes, pages };
}
