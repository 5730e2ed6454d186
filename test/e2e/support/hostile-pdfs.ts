/** PDFs of a few kB that are made to take all memory or time of what reads them. Every one is well-formed enough to be looked into. */
import { deflateSync } from 'node:zlib';

const MIB = 2 ** 20;

/** From object 1, the catalog: dictionaries, or streams as `[dictionary, data]`. */
type Objects = Array<string | [string, Buffer]>;

function fileOf(objects: Objects, size = objects.length + 1): Buffer {
  const chunks = [Buffer.from('%PDF-1.7\n')];
  let length = 9;
  const write = (chunk: Buffer | string) => {
    chunks.push(Buffer.from(chunk as string));
    length += chunk.length;
  };
  const offsets = objects.map((body, index) => {
    const offset = length;
    write(`${index + 1} 0 obj\n`);
    if (typeof body === 'string') write(body);
    else {
      write(`<< ${body[0]} /Length ${body[1].length} >>\nstream\n`);
      write(body[1]);
      write('\nendstream');
    }
    write('\nendobj\n');
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = length;
  write(`xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`);
  write(`trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.concat(chunks);
}

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page = (contents: string, resources = '') =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 596 842] /Contents ${contents} /Resources << ${resources} >> >>`;
const SHOWN = Buffer.from('BT /F1 10 Tf 60 800 Td <0041> Tj ET');
const FLATE = '/Filter /FlateDecode';

/** One page that shows a character of a font, which is object 5. */
const withFont = (font: string, ...more: Objects) =>
  fileOf([CATALOG, PAGES, page('4 0 R', '/Font << /F1 5 0 R >>'), ['', SHOWN], font, ...more]);
const cidFont = (encoding: string, more = '', wide = '') =>
  [
    `<< /Type /Font /Subtype /Type0 /BaseFont /Face /Encoding ${encoding} /DescendantFonts [6 0 R] ${more} >>`,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Face ${wide} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>`,
  ] as const;
const cmap = (ranges: string): [string, Buffer] => [
  `/Type /CMap /CMapName /Own ${FLATE}`,
  deflateSync(Buffer.from(`begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange ${ranges} endcmap`)),
];

/** By MiB: to deflate so many takes a second. */
const deflatedBlanks = new Map<number, Buffer>();

/** Deflated as often as `times`, from `mib` MiB of blanks. */
function deflated(mib: number, times: number): [string, Buffer] {
  let data = deflatedBlanks.get(mib) ?? deflateSync(Buffer.alloc(mib * MIB, ' '), { level: 9 });
  deflatedBlanks.set(mib, data);
  for (let time = 1; time < times; time += 1) data = deflateSync(data, { level: 9 });
  return [`/Filter [${'/FlateDecode '.repeat(times)}]`, data];
}

/** Rows of a cross-reference stream in three bytes each. */
function withObjectStream(count: string, index = '[0 6]'): Buffer {
  const inside = `1 0 2 ${CATALOG.length + 1} ${CATALOG} ${PAGES}`;
  const head = '%PDF-1.7\n';
  const container = `4 0 obj\n<< /Type /ObjStm /N ${count} /First ${inside.indexOf('<<')} /Length ${inside.length} >>\nstream\n${inside}\nendstream\nendobj\n`;
  const shown = `3 0 obj\n${page('null')}\nendobj\n`;
  const at = head.length + container.length + shown.length;
  const rows = [
    [0, 0, 0],
    [2, 4, 0],
    [2, 4, 1],
    [1, head.length + container.length, 0],
    [1, head.length, 0],
    [1, at, 0],
  ].map(([type = 0, second = 0, third = 0]) => [type, second >> 8, second & 255, third]);
  const data = Buffer.from(rows.flat());
  const section = `5 0 obj\n<< /Type /XRef /Size 6 /W [1 2 1] /Index ${index} /Root 1 0 R /Length ${data.length} >>\nstream\n`;
  return Buffer.concat([
    Buffer.from(head + container + shown + section, 'latin1'),
    data,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ]);
}

/** Forms that show the next one twice each. */
function doublingForms(depth: number): Buffer {
  const forms = Array.from({ length: depth }, (_, index): [string, Buffer] => [
    `/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X ${6 + index} 0 R >> >>`,
    Buffer.from('/X Do /X Do'),
  ]);
  return fileOf([
    CATALOG,
    PAGES,
    page('4 0 R', '/XObject << /X 5 0 R >>'),
    ['', Buffer.from('/X Do')],
    ...forms,
    ['/Type /XObject /Subtype /Form /BBox [0 0 1 1]', Buffer.from('q Q')],
  ]);
}

const HELVETICA = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** The same contents on each page. */
function withContents(contents: string, pages = 1): Buffer {
  const each = page('3 0 R', '/Font << /F1 4 0 R >>');
  const kids = Array.from({ length: pages }, (_, index) => `${5 + index} 0 R`).join(' ');
  return fileOf([
    CATALOG,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    [FLATE, deflateSync(Buffer.from(contents))],
    HELVETICA,
    ...Array.from({ length: pages }, () => each),
  ]);
}

function nestedPages(depth: number): Buffer {
  const nodes = Array.from({ length: depth }, (_, index) => `<< /Type /Pages /Kids [${index + 3} 0 R] /Count 1 >>`);
  return fileOf([CATALOG, ...nodes, page('null')]);
}

const ALL = '<00000000> <ffffffff>';

/** By what each does. */
export const HOSTILE_PDFS: Record<string, () => Buffer> = {
  'a text mapping of all 32-bit codes': () =>
    withFont(...cidFont('/Identity-H', '/ToUnicode 7 0 R'), cmap(`1 beginbfrange ${ALL} <0041> endbfrange`)),
  'a hundred mappings of 16 million codes': () =>
    withFont(
      ...cidFont('/Identity-H', '/ToUnicode 7 0 R'),
      cmap(`100 beginbfrange ${'<00000000> <00fffffe> <0041> '.repeat(100)} endbfrange`),
    ),
  'contents that inflate to 256 MiB': () => fileOf([CATALOG, PAGES, page('4 0 R'), deflated(256, 1)]),
  'contents that inflate twice': () => fileOf([CATALOG, PAGES, page('4 0 R'), deflated(256, 2)]),
  'two hundred contents that inflate twice': () =>
    fileOf([
      CATALOG,
      PAGES,
      page(`[${Array.from({ length: 200 }, (_, index) => `${4 + index} 0 R`).join(' ')}]`),
      ...Array<[string, Buffer]>(200).fill(deflated(64, 2)),
    ]),
  'a font file that inflates twice': () =>
    withFont(
      '<< /Type /Font /Subtype /TrueType /BaseFont /Face /FirstChar 65 /LastChar 65 /Widths [500] /FontDescriptor 6 0 R >>',
      '<< /Type /FontDescriptor /FontName /Face /Flags 4 /FontFile2 7 0 R >>',
      deflated(256, 2),
    ),
  'run lengths in run lengths': () => {
    const run = (data: Buffer) => Buffer.concat([...data].map((byte) => Buffer.from([129, byte])));
    const packed = Array.from({ length: 3 }).reduce<Buffer>(run, Buffer.alloc(2000, 32));
    return fileOf([CATALOG, PAGES, page('4 0 R'), [`/Filter [${'/RunLengthDecode '.repeat(8)}]`, packed]]);
  },
  'forms that show forms twice': () => doublingForms(60),
  'pages in pages': () => nestedPages(20_000),
  'a page that contains itself': () => fileOf([CATALOG, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']),
  'a table of four thousand million objects': () => fileOf([CATALOG, PAGES, page('null')], 4_294_967_295),
  'a list of four thousand million objects': () => withObjectStream('2', '[0 4294967295]'),
  'a stream of two thousand million objects': () => withObjectStream('2147483647'),
  'arrays in arrays': () =>
    fileOf([CATALOG, PAGES, page('4 0 R'), [FLATE, deflateSync(Buffer.from(`${'['.repeat(5_000_000)} Tj`))]]),
  'dictionaries in dictionaries': () => fileOf([CATALOG, PAGES, page('null'), '<< /A '.repeat(500_000)]),
  'a million characters in a line': () => withContents(`BT /F1 10 Tf 60 800 Td (${'A'.repeat(1_000_000)}) Tj ET`),
  'a million lines of text': () => withContents(`BT /F1 10 Tf ${'1 0 0 1 60 800 Tm (A) Tj '.repeat(1_000_000)} ET`),
  'a million ends': () =>
    Buffer.concat([fileOf([CATALOG, PAGES, page('null')]), Buffer.from('startxref 9 '.repeat(2_000_000))]),
};

/** Keeps what reads it busy for minutes, in little memory. */
export const BUSY_PDF = () => withContents('q Q '.repeat(10_000_000), 20);
