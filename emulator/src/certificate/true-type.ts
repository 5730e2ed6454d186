/**
 * A TrueType font, as far as a certificate needs it: widths, and the subset that the PDF embeds. PDFKit's own library decodes whole tables and
 * every outline, which took most of the time of a certificate. This reads what the emulator's fonts have (ISO/IEC 14496-22): long offsets in
 * `loca`, a `cmap` of format 12.
 */

export interface Glyph {
  id: number;
  advanceWidth: number;
}

/** As PDFKit asks for it. */
export interface TrueType {
  postscriptName: string;
  unitsPerEm: number;
  ascent: number;
  descent: number;
  lineGap: number;
  italicAngle: number;
  bbox: { minX: number; minY: number; maxX: number; maxY: number };
  head: { macStyle: { italic: boolean } };
  post: { isFixedPitch: number };
  'OS/2': { sFamilyClass: number };
  getGlyph(id: number): Glyph;
  /** Id 0 where the font has no glyph for it. */
  glyphForCodePoint(point: number): Glyph;
  createSubset(): Subset;
}

interface Subset {
  /** @returns its id in the subset */
  includeGlyph(id: number): number;
  /** The subset as a font. */
  encode(): Buffer;
}

type Tables = (tag: string) => Buffer;

export function openTrueType(font: Buffer): TrueType {
  const table = tablesOf(font);
  const [head, hhea, post] = [table('head'), table('hhea'), table('post')];
  const metrics = metricsIn(table);
  const idOf = characterMap(table('cmap'));
  const getGlyph = (id: number) => ({ id, advanceWidth: metrics(id).readUInt16BE() });
  return {
    postscriptName: postscriptName(table('name')),
    unitsPerEm: head.readUInt16BE(18),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    lineGap: hhea.readInt16BE(8),
    italicAngle: post.readInt32BE(4) / 0x10000,
    bbox: {
      minX: head.readInt16BE(36),
      minY: head.readInt16BE(38),
      maxX: head.readInt16BE(40),
      maxY: head.readInt16BE(42),
    },
    head: { macStyle: { italic: (head.readUInt16BE(44) & 2) !== 0 } },
    post: { isFixedPitch: post.readUInt32BE(12) },
    'OS/2': { sFamilyClass: table('OS/2').readInt16BE(30) },
    getGlyph,
    glyphForCodePoint: (point) => getGlyph(idOf(point)),
    createSubset: () => subsetOf(table, metrics),
  };
}

function tablesOf(font: Buffer): Tables {
  const found = new Map<string, Buffer>();
  for (let entry = 12; entry < 12 + 16 * font.readUInt16BE(4); entry += 16) {
    const offset = font.readUInt32BE(entry + 8);
    found.set(font.toString('latin1', entry, entry + 4), font.subarray(offset, offset + font.readUInt32BE(entry + 12)));
  }
  return (tag) => {
    const table = found.get(tag);
    if (table === undefined) throw new Error(`The font has no table ${tag}.`);
    return table;
  };
}

const POSTSCRIPT_NAME = 6;
const MACINTOSH = 1;

function postscriptName(name: Buffer): string {
  for (let record = 6; record < 6 + 12 * name.readUInt16BE(2); record += 12) {
    if (name.readUInt16BE(record) !== MACINTOSH || name.readUInt16BE(record + 6) !== POSTSCRIPT_NAME) continue;
    const start = name.readUInt16BE(4) + name.readUInt16BE(record + 10);
    return name.toString('latin1', start, start + name.readUInt16BE(record + 8));
  }
  throw new Error('The font has no PostScript name.');
}

const FULL_UNICODE = 10;
const GROUP_BYTES = 12;

/** @returns what finds the id of a character's glyph */
function characterMap(cmap: Buffer): (point: number) => number {
  let entry = 4;
  while (cmap.readUInt16BE(entry) !== 3 || cmap.readUInt16BE(entry + 2) !== FULL_UNICODE) entry += 8;
  const format12 = cmap.subarray(cmap.readUInt32BE(entry + 4));
  const groups = format12.subarray(16, 16 + GROUP_BYTES * format12.readUInt32BE(12));
  return (point) => {
    let [low, high] = [0, groups.length / GROUP_BYTES];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * GROUP_BYTES;
      const first = groups.readUInt32BE(at);
      if (point < first) high = middle;
      else if (point > groups.readUInt32BE(at + 4)) low = middle + 1;
      else return groups.readUInt32BE(at + 8) + point - first;
    }
    return 0;
  };
}

/** @returns what finds a glyph's advance and left bearing, as `hmtx` writes them */
function metricsIn(table: Tables): (id: number) => Buffer {
  const hmtx = table('hmtx');
  const long = table('hhea').readUInt16BE(34);
  return (id) => {
    if (id < long) return hmtx.subarray(4 * id, 4 * id + 4);
    // The others have the advance of the last one.
    const bearing = 4 * long + 2 * (id - long);
    return Buffer.concat([hmtx.subarray(4 * long - 4, 4 * long - 2), hmtx.subarray(bearing, bearing + 2)]);
  };
}

function subsetOf(table: Tables, metrics: (id: number) => Buffer): Subset {
  const loca = table('loca');
  // The one for a missing character comes first.
  const ids = [0];
  const places = new Map([[0, 0]]);
  const includeGlyph = (id: number) => {
    let place = places.get(id);
    if (place === undefined) {
      place = ids.push(id) - 1;
      places.set(id, place);
    }
    return place;
  };
  const outlineOf = (id: number) => {
    const outline = Buffer.from(table('glyf').subarray(loca.readUInt32BE(4 * id), loca.readUInt32BE(4 * id + 4)));
    for (const at of componentsOf(outline)) outline.writeUInt16BE(includeGlyph(outline.readUInt16BE(at)), at);
    return outline;
  };
  const encode = () => {
    const outlines: Buffer[] = [];
    // The parts of a glyph are added as it is met.
    for (const id of ids) outlines.push(outlineOf(id));
    const counted = (tag: string, at: number) => {
      const copy = Buffer.from(table(tag));
      copy.writeUInt16BE(ids.length, at);
      return copy;
    };
    return fontOf({
      head: table('head'),
      hhea: counted('hhea', 34),
      loca: offsetsOf(outlines),
      maxp: counted('maxp', 4),
      'cvt ': table('cvt '),
      prep: table('prep'),
      glyf: Buffer.concat(outlines),
      hmtx: Buffer.concat(ids.map(metrics)),
      fpgm: table('fpgm'),
    });
  };
  return { includeGlyph, encode };
}

const WORDS = 1;
const SCALE = 8;
const MORE_COMPONENTS = 0x20;
const TWO_SCALES = 0x40;
const MATRIX = 0x80;

/** Where a glyph that is made of others names them. */
function componentsOf(outline: Buffer): number[] {
  const found: number[] = [];
  if (outline.length === 0 || outline.readInt16BE() >= 0) return found;
  let flags = MORE_COMPONENTS;
  for (let at = 10; flags & MORE_COMPONENTS; ) {
    flags = outline.readUInt16BE(at);
    found.push(at + 2);
    at += flags & WORDS ? 8 : 6;
    if (flags & SCALE) at += 2;
    else if (flags & TWO_SCALES) at += 4;
    else if (flags & MATRIX) at += 8;
  }
  return found;
}

function offsetsOf(outlines: Buffer[]): Buffer {
  const offsets = Buffer.alloc(4 * (outlines.length + 1));
  let end = 0;
  for (const [index, { length }] of outlines.entries()) {
    end += length;
    offsets.writeUInt32BE(end, 4 * (index + 1));
  }
  return offsets;
}

/** Without checksums, which no reader of PDFs asks for. */
function fontOf(tables: Record<string, Buffer>): Buffer {
  const entries = Object.entries(tables);
  const directory = Buffer.alloc(12 + 16 * entries.length);
  directory.write('true', 'latin1');
  const exponent = Math.floor(Math.log2(entries.length));
  const range = 16 * 2 ** exponent;
  for (const [index, value] of [entries.length, range, exponent, 16 * entries.length - range].entries())
    directory.writeUInt16BE(value, 4 + 2 * index);
  let offset = directory.length;
  for (const [index, [tag, { length }]] of entries.entries()) {
    const entry = 12 + 16 * index;
    directory.write(tag, entry, 'latin1');
    directory.writeUInt32BE(offset, entry + 8);
    directory.writeUInt32BE(length, entry + 12);
    offset += length;
  }
  return Buffer.concat([directory, ...entries.map(([, table]) => table)]);
}
