import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NotFollowed, PdfName, PdfObjects, PdfReference, PdfString } from '../../src/certificate/pdf-objects.ts';

const bytesOf = (file: string) => new Uint8Array(Buffer.from(file, 'latin1'));
const ten = (value: number) => String(value).padStart(10, '0');

interface Parts {
  objects?: string[];
  trailer?: string;
  /** Changes the entries, one line each. */
  entries?: (lines: string[]) => string[];
  head?: string;
}

/** Object 1 is the first of `objects`. */
function fileOf({ objects = [], trailer = '', entries = (lines) => lines, head = '%PDF-1.4\n' }: Parts): string {
  let file = head;
  const lines = objects.map((body, index) => {
    const offset = file.length - Math.max(0, head.indexOf('%PDF-'));
    file += `${index + 1} 0 obj ${body} endobj\n`;
    return `${ten(offset)} 00000 n `;
  });
  const start = file.length - Math.max(0, head.indexOf('%PDF-'));
  file += `xref\n0 ${objects.length + 1}\n${entries(['0000000000 65535 f ', ...lines]).join('\n')}\n`;
  return `${file}trailer << /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
}

/** Two objects, listed in a compressed stream whose rows are written with a predictor. */
function predicted(parameters: string, write: (row: number[], above: number[]) => number[], filter = '/FlateDecode') {
  const one = '1 0 obj /One endobj\n';
  const two = '2 0 obj /Two endobj\n';
  const head = '%PDF-1.5\n';
  const start = head.length + one.length + two.length;
  const offsets = [head.length, head.length + one.length, start];
  const rows = [[0, 0, 0, 0], ...offsets.map((offset) => [1, offset >> 8, offset & 255, 0])];
  const bytes = rows.flatMap((row, index) => write(row, rows[index - 1] ?? [0, 0, 0, 0]));
  const data = deflateSync(Buffer.from(bytes)).toString('latin1');
  const section = `/Size 4 /W [1 2 1] /Root 2 0 R /Filter ${filter} ${parameters} /Length ${data.length}`;
  const stream = `3 0 obj << ${section} >>\nstream\n${data}\nendstream endobj\n`;
  const objects = new PdfObjects(bytesOf(`${head}${one}${two}${stream}startxref\n${start}\n%%EOF\n`));
  return objects.resolve(objects.trailer.get('Root'));
}

const first = (parts: Parts) => new PdfObjects(bytesOf(fileOf(parts))).resolve(new PdfReference(1, 0));
const value = (text: string) => first({ objects: [text] });

/** A file whose objects are listed in a stream, uncompressed. */
function streamFile({
  rows = [
    [0, 0, 0],
    [2, 3, 0],
    [2, 3, 1],
  ],
  widths = '[1 2 1]',
  more = '',
  container = '1 0 2 15 << /A 2 0 R >>\n/B',
  header = '/Type /ObjStm /N 2 /First 9',
}: Partial<Record<'widths' | 'more' | 'container' | 'header', string>> & { rows?: number[][] } = {}): Uint8Array {
  const head = '%PDF-1.5\n';
  const objects = `3 0 obj << ${header} /Length ${container.length} >>\nstream\n${container}\nendstream endobj\n`;
  const start = head.length + objects.length;
  const all = [...rows, [1, head.length, 0], [1, start, 0]];
  const data = all.map(([type = 0, second = 0, third = 0]) =>
    String.fromCharCode(type, second >> 8, second & 255, third),
  );
  const section = `<< /Type /XRef /Size ${all.length} /W ${widths} /Root 1 0 R /Length ${data.join('').length} ${more} >>`;
  const stream = `4 0 obj ${section}\nstream\n${data.join('')}\nendstream endobj\n`;
  return bytesOf(`${head}${objects}${stream}startxref\n${start}\n%%EOF\n`);
}

/** In two parts, the front one first (annex F). */
function linearised(begin = 0): Uint8Array {
  const build = (front: number, main: number) => {
    const head = '%PDF-1.4\n1 0 obj << /Linearized 1 >> endobj\n';
    const decoy = 'xref\n0 0\ntrailer << /Root 3 0 R >>\n'.slice(0, begin === 0 ? 0 : undefined);
    const at = head.length + decoy.length;
    const frontTable = `xref\n1 1\n${ten(9)} 00000 n \ntrailer << /Root 2 0 R /Prev ${ten(main)} >>\n`;
    const body = '2 0 obj (catalog) endobj\n';
    const bodyAt = at + frontTable.length;
    const mainAt = bodyAt + body.length;
    const mainTable = `xref\n2 1\n${ten(bodyAt)} 00000 n \ntrailer << >>\n`;
    return { file: `${head}${decoy}${frontTable}${body}${mainTable}startxref\n${front}\n%%EOF\n`, at, mainAt };
  };
  const { at, mainAt } = build(0, 0);
  const measured = build(at, mainAt);
  return bytesOf(build(measured.at, measured.mainAt).file);
}

describe('a value', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['[false]', [false]],
    ['[0 -1 +2.5 .5 7.]', [0, -1, 2.5, 0.5, 7]],
    ['/Name', new PdfName('Name')],
    ['/N#61me', new PdfName('Name')],
    ['/', new PdfName('')],
    ['[/A/B(x)/C]', [new PdfName('A'), new PdfName('B'), new PdfString(), new PdfName('C')]],
    ['[(a (nested) \\) string \\\\) 1]', [new PdfString(), 1]],
    ['[<48 65 6c> 1]', [new PdfString(), 1]],
    ['[12 0 R 3 0 R]', [new PdfReference(12, 0), new PdfReference(3, 0)]],
    ['[ % a comment ]\n 1 ]', [1]],
    ['<</A<</B[1]>>/C 2>>', new Map<string, unknown>(Object.entries({ A: new Map([['B', [1]]]), C: 2 }))],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each([
    '<< /A 1 /A 2 >>',
    '<< /A 1 /#41 2 >>',
    '<< /A >>',
    '<< 1 /A >>',
    '<< (x) >>',
    '<< /A 1',
    '[1 2',
    '(open',
    '<48 zz>',
    'word',
    '[nullx]',
    '[1x]',
    '[1 0 Rx]',
    '[12 %\n 0 R]',
    `${'['.repeat(60)}${']'.repeat(60)}`,
    '1 2',
    '',
  ])('%s is not read', (text) => {
    expect(() => value(text)).toThrow(NotFollowed);
  });
});

describe('objects', () => {
  it('are found behind references, and where there is none it is null', () => {
    const objects = new PdfObjects(bytesOf(fileOf({ objects: ['<< /A 2 0 R /B 9 0 R >>', '[1]'] })));
    const root = objects.dictionary(objects.trailer.get('Root'));
    expect(objects.array(root.get('A'))).toEqual([1]);
    expect(objects.array(root.get('B'))).toEqual([]);
    expect(objects.resolve(undefined)).toBeNull();
    expect(() => objects.array(new PdfReference(1, 0))).toThrow(NotFollowed);
    expect(() => objects.dictionary(new PdfReference(2, 0))).toThrow(NotFollowed);
    expect(() => objects.resolve(new PdfReference(1, 1))).toThrow(NotFollowed);
  });

  it('are counted from the header', () => {
    expect(first({ objects: ['/Name'], head: 'other bytes\n%PDF-1.4\n' })).toEqual(new PdfName('Name'));
  });

  it('are the newer ones where two lists have them', () => {
    const old = fileOf({ objects: ['/Old', '/Same'] });
    const at = old.length;
    const table = `xref\n1 1\n${ten(at)} 00000 n \ntrailer << /Root 1 0 R /Prev ${/startxref\n(\d+)/.exec(old)?.[1]} >>\n`;
    const object = '1 0 obj /New endobj\n';
    const objects = new PdfObjects(bytesOf(`${old}${object}${table}startxref\n${at + object.length}\n%%EOF\n`));
    expect(objects.resolve(new PdfReference(1, 0))).toEqual(new PdfName('New'));
    expect(objects.resolve(new PdfReference(2, 0))).toEqual(new PdfName('Same'));
  });

  it('may be streams', () => {
    expect(value('<< /Length 1 >>\nstream\nx\nendstream')).toEqual(new Map([['Length', 1]]));
  });

  it.each<[string, Parts]>([
    [
      'an offset that is wrong',
      { entries: (lines) => [...lines.slice(0, 1), '0000000003 00000 n ', ...lines.slice(2)] },
    ],
    ['another generation', { entries: (lines) => lines.map((line) => line.replace('00000 n', '00001 n')) }],
    ['another object', { entries: ([free = '', one = '', two = '']) => [free, two, one] }],
    ['a list that ends early', { entries: (lines) => lines.slice(0, -1) }],
    ['an object in the list twice', { entries: (lines) => [...lines, '1 1', ...lines.slice(1, 2)] }],
    ['a second list for viewers that know it', { trailer: '/XRefStm 9' }],
    ['a list before itself', { trailer: '/Prev (9)' }],
    ['a list that is nowhere', { trailer: '/Prev 99999' }],
    ['a list that is an object', { trailer: '/Prev 9' }],
    ['encryption', { trailer: '/Encrypt 2 0 R' }],
    ['a trailer with a key twice', { trailer: '/Root 2 0 R' }],
  ])('are not read with %s', (_, parts) => {
    expect(() => new PdfObjects(bytesOf(fileOf({ objects: ['/One', '/Two'], ...parts })))).toThrow(NotFollowed);
  });

  it.each([
    ['no end', fileOf({ objects: ['1'] }).replace('startxref', '')],
    ['no trailer', fileOf({ objects: ['1'] }).replace('trailer', 'trailor')],
    ['nothing', ''],
  ])('are not read with %s', (_, file) => {
    expect(() => new PdfObjects(bytesOf(file))).toThrow(NotFollowed);
  });

  it('are not read through two references', () => {
    expect(() => value('2 0 R')).toThrow(NotFollowed);
  });
});

describe('compressed objects', () => {
  const root = (bytes: Uint8Array) => {
    const objects = new PdfObjects(bytes);
    return objects.resolve(objects.dictionary(objects.trailer.get('Root')).get('A'));
  };

  it('are found', () => {
    expect(root(streamFile())).toEqual(new PdfName('B'));
    expect(root(streamFile({ more: '/Index [0 5]' }))).toEqual(new PdfName('B'));
    expect(root(streamFile({ more: '/Filter null /DecodeParms [null]' }))).toEqual(new PdfName('B'));
  });

  it.each([
    ['another number', streamFile({ container: '1 0 7 15 << /A 2 0 R >>\n/B' })],
    ['another place', streamFile({ rows: [[], [2, 3, 1], [2, 3, 0]] })],
    ['no such stream', streamFile({ rows: [[], [2, 9, 0]] })],
    ['a stream that is compressed itself', streamFile({ rows: [[], [2, 3, 0], [2, 1, 0]] })],
    ['another filter', streamFile({ header: '/N 2 /First 9 /Filter /ASCIIHexDecode' })],
    ['two filters', streamFile({ header: '/N 2 /First 9 /Filter [/FlateDecode /FlateDecode]' })],
    ['data that is not compressed', streamFile({ header: '/N 2 /First 9 /Filter /FlateDecode' })],
    ['a count that is no number', streamFile({ header: '/N (2) /First 9' })],
    ['a count that is no whole number', streamFile({ header: '/N 2.5 /First 9' })],
    ['no count', streamFile({ header: '/First 9' })],
    ['a negative count', streamFile({ header: '/N -2 /First 9' })],
    ['another length', streamFile({ header: '/N 2 /First 9 /Length 3' })],
    ['an unknown kind of entry', streamFile({ rows: [[], [3, 3, 0]] })],
    ['widths of another form', streamFile({ widths: '[1 2 1 1]' })],
    ['no widths', streamFile({ widths: '5' })],
    ['a list that ends early', streamFile({ more: '/Index [0 9]' })],
    ['an object in the list twice', streamFile({ more: '/Index [0 2 1 1]' })],
    ['a filter of another kind', streamFile({ more: '/DecodeParms << /Predictor 12 >>' })],
  ])('are not read with %s', (_, bytes) => {
    expect(() => root(bytes)).toThrow(NotFollowed);
  });
});

describe('a compressed list of objects', () => {
  const plain = (row: number[]) => row;
  const tagged = (type: number) => (row: number[]) => [type, ...row];
  const up = (row: number[], above: number[]) => [2, ...row.map((byte, column) => (byte - (above[column] ?? 0)) & 255)];
  const png = '/DecodeParms << /Predictor 12 /Columns 4 >>';

  it.each<[string, string, typeof up, string?]>([
    ['as it is', '', plain],
    ['in an array', '/DecodeParms [null]', plain, '[/FlateDecode]'],
    ['with the predictor that does nothing', '/DecodeParms << /Predictor 1 >>', plain],
    ['with no predictor for a row', '/DecodeParms << /Predictor 10 /Columns 4 >>', tagged(0)],
    ['with the row above', png, up],
    ['with both', png, (row, above) => (row[2] === 9 ? tagged(0)(row) : up(row, above))],
  ])('is read %s', (_, parameters, write, filter) => {
    expect(predicted(parameters, write, filter)).toEqual(new PdfName('Two'));
  });

  it.each<[string, string, typeof up, string?]>([
    ['the byte before', png, tagged(1)],
    ['another predictor', '/DecodeParms << /Predictor 2 /Columns 4 >>', plain],
    ['no columns', '/DecodeParms << /Predictor 12 /Columns 0 >>', up],
    ['colors', '/DecodeParms << /Predictor 12 /Columns 4 /Colors 1 >>', up],
    ['parameters that are no dictionary', '/DecodeParms 12', plain],
    ['a filter that is no name', '', plain, '(FlateDecode)'],
    ['another filter', '', plain, '/LZWDecode'],
    ['two filters', '', plain, '[/FlateDecode /FlateDecode]'],
  ])('is not read with %s', (_, parameters, write, filter) => {
    expect(() => predicted(parameters, write, filter)).toThrow(NotFollowed);
  });
});

describe('a linearised file', () => {
  it('is read from its front', () => {
    const objects = new PdfObjects(linearised());
    expect(objects.resolve(objects.trailer.get('Root'))).toEqual(new PdfString());
  });

  it('is not read where its end leads elsewhere', () => {
    expect(() => new PdfObjects(linearised(1))).toThrow(NotFollowed);
  });
});
