/**
 * Reads single objects of a PDF the way a viewer finds them: from the end of the file through its cross-reference sections (ISO 32000-1,
 * 7.5). The PDF library does not give access to them, and leaves out annotations that it cannot parse.
 *
 * Strict: throws {@link NotFollowed} for anything that two viewers could read in two ways.
 */
import { inflateSync } from 'node:zlib';

/** The message says where. */
export class NotFollowed extends Error {}

export class PdfName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
export class PdfReference {
  readonly number: number;
  readonly generation: number;

  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}
/** Its contents never matter here. */
export class PdfString {}
export type PdfDictionary = ReadonlyMap<string, PdfValue>;
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfReference | PdfValue[] | PdfDictionary;

const MOST_NESTED = 50;
const MOST_INFLATED = 64 * 2 ** 20;
const MOST_OBJECTS = 200_000;

/** White space and comments. */
const BLANKS = /(?:[\0\t\n\f\r ]|%[^\n\r]*)*/y;
/** Behind a token: the end, white space, or a delimiter. */
const END = '(?![^\\0\\t\\n\\f\\r ()<>[\\]{}/%])';
const REFERENCE = new RegExp(`(\\d+)[\\0\\t\\n\\f\\r ]+(\\d+)[\\0\\t\\n\\f\\r ]+R${END}`, 'y');
const NUMBER = new RegExp(`[+-]?(?:\\d+\\.?\\d*|\\.\\d+)${END}`, 'y');
const WORD = new RegExp(`(?:true|false|null)${END}`, 'y');
const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]*)/y;
const HEX_STRING = /<[\dA-Fa-f\0\t\n\f\r ]*>/y;
const OBJECT = /[\0\t\n\f\r ]*(\d+)[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+obj/y;
const ENTRY = /[\0\t\n\f\r ]*(\d+) (\d+) ([nf])/y;
const SUBSECTION = /[\0\t\n\f\r ]*(\d+) (\d+)(?=[\0\t\n\f\r ])/y;

const VALUES: Readonly<Record<string, null | boolean>> = { true: true, false: false, null: null };

class Reader {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) this.at = pattern.lastIndex;
    return found;
  }

  takes(word: string): boolean {
    this.take(BLANKS);
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  value(depth = 0): PdfValue {
    if (depth > MOST_NESTED) throw new NotFollowed('nested too deeply');
    if (this.takes('<<')) return this.dictionary(depth);
    if (this.takes('[')) {
      const values: PdfValue[] = [];
      while (!this.takes(']')) values.push(this.value(depth + 1));
      return values;
    }
    if (this.takes('(')) return this.string();
    const name = this.take(NAME);
    if (name !== undefined) return new PdfName(plainName(name[1] ?? ''));
    if (this.take(HEX_STRING) !== undefined) return new PdfString();
    const reference = this.take(REFERENCE);
    if (reference !== undefined) return new PdfReference(Number(reference[1]), Number(reference[2]));
    const number = this.take(NUMBER);
    if (number !== undefined) return Number(number[0]);
    const word = this.take(WORD);
    if (word !== undefined) return VALUES[word[0]] ?? null;
    throw new NotFollowed(`no value at byte ${this.at}`);
  }

  private dictionary(depth: number): PdfDictionary {
    const entries = new Map<string, PdfValue>();
    while (!this.takes('>>')) {
      const key = this.take(NAME);
      const name = plainName(key?.[1] ?? '');
      // Some viewers take the first of two equal keys, some the last.
      if (key === undefined || entries.has(name)) throw new NotFollowed(`no key, or one twice, at byte ${this.at}`);
      entries.set(name, this.value(depth + 1));
    }
    return entries;
  }

  private string(): PdfString {
    for (let open = 1; open > 0; this.at += 1) {
      const character = this.text[this.at];
      if (character === undefined) throw new NotFollowed('a string without an end');
      if (character === '\\') this.at += 1;
      else if (character === '(') open += 1;
      else if (character === ')') open -= 1;
    }
    return new PdfString();
  }
}

/** The file from its header on, since offsets count from there, wherever it is. One character per byte. */
export function fileText(bytes: Uint8Array): string {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return whole.subarray(Math.max(0, whole.indexOf('%PDF-'))).toString('latin1');
}

/** Where the end of the file says that its newest list of objects is; undefined if it says nothing. */
export function lastStart(file: string): number | undefined {
  const last = [...file.matchAll(/startxref\s+(\d+)/gu)].at(-1);
  return last && Number(last[1]);
}

/** Any character of a name may be written as `#` and two hex digits. */
export function plainName(written: string): string {
  return written.replace(/#([\dA-Fa-f]{2})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Where an object is: at an offset of the file, or in a stream of objects. */
type Entry = { offset: number; generation: number } | { stream: number; index: number } | 'free';

interface Section {
  entries: Map<number, Entry>;
  trailer: PdfDictionary;
}

interface IndirectObject {
  value: PdfValue;
  /** Where the data of a stream begins. */
  data: number | undefined;
}

export class PdfObjects {
  private readonly file: string;
  private readonly entries = new Map<number, Entry>();
  private readonly containers = new Map<number, { text: string; offsets: Array<[number, number]> }>();
  readonly trailer: PdfDictionary;

  constructor(bytes: Uint8Array) {
    this.file = fileText(bytes);
    const start = lastStart(this.file) ?? Number.NaN;
    this.checkFirstObject(start);
    const first = this.sectionAt(start);
    this.trailer = first.trailer;
    const read = new Set<number>();
    for (let [at, section] = [start, first]; ; section = this.sectionAt(at)) {
      // A viewer that does not know cross-reference streams would show another document.
      if (read.has(at) || section.trailer.has('XRefStm')) throw new NotFollowed('two lists of its objects');
      if (section.trailer.has('Encrypt')) throw new NotFollowed('encrypted');
      read.add(at);
      for (const [number, entry] of section.entries) if (!this.entries.has(number)) this.entries.set(number, entry);
      const previous = section.trailer.get('Prev');
      if (previous === undefined) break;
      if (typeof previous !== 'number') throw new NotFollowed('no place of the list before');
      at = previous;
    }
    // One wrong offset, and viewers collect the objects of the whole file instead, each in its own way.
    for (const [number, entry] of this.entries)
      if (entry !== 'free' && 'offset' in entry) this.beginObject(number, entry);
  }

  /** What a value refers to. */
  resolve(value: PdfValue | undefined): PdfValue {
    if (!(value instanceof PdfReference)) return value ?? null;
    const entry = this.entries.get(value.number) ?? 'free';
    if (entry === 'free') return null;
    const found =
      'offset' in entry
        ? this.objectAt(value.number, entry, value.generation).value
        : this.compressed(value.number, entry);
    if (found instanceof PdfReference) throw new NotFollowed('a reference to a reference');
    return found;
  }

  dictionary(value: PdfValue | undefined): PdfDictionary {
    const found = this.resolve(value);
    if (!(found instanceof Map)) throw new NotFollowed('no dictionary');
    return found;
  }

  /** null counts as empty. */
  array(value: PdfValue | undefined): PdfValue[] {
    const found = this.resolve(value) ?? [];
    if (!Array.isArray(found)) throw new NotFollowed('no array');
    return found;
  }

  /** Viewers begin a linearised file at its front (annex F), where the end must lead to as well. */
  private checkFirstObject(start: number): void {
    let first: PdfValue;
    const reader = new Reader(this.file);
    try {
      reader.take(BLANKS);
      if (reader.take(OBJECT) === undefined) return;
      first = reader.value();
    } catch {
      return;
    }
    if (!(first instanceof Map) || !first.has('Linearized')) return;
    const end = new Reader(this.file, this.file.indexOf('endobj') + 'endobj'.length);
    end.take(/[\0\t\n\f\r ]*/y);
    if (end.at !== start) throw new NotFollowed('two beginnings');
  }

  private beginObject(number: number, { offset, generation }: { offset: number; generation: number }): Reader {
    const reader = new Reader(this.file, offset);
    const [, itsNumber, itsGeneration] = reader.take(OBJECT) ?? [];
    if (Number(itsNumber) !== number || Number(itsGeneration) !== generation)
      throw new NotFollowed(`no object ${number} at byte ${offset}`);
    return reader;
  }

  private objectAt(
    number: number,
    entry: { offset: number; generation: number },
    generation = entry.generation,
  ): IndirectObject {
    if (generation !== entry.generation) throw new NotFollowed(`another generation of object ${number}`);
    return endOfObject(this.beginObject(number, entry));
  }

  private sectionAt(at: number): Section {
    if (!Number.isSafeInteger(at) || at < 0 || at >= this.file.length) throw new NotFollowed('no list of its objects');
    const reader = new Reader(this.file, at);
    return reader.takes('xref') ? tableAt(reader) : this.crossReferenceStream(at);
  }

  private crossReferenceStream(offset: number): Section {
    const reader = new Reader(this.file, offset);
    if (reader.take(OBJECT) === undefined) throw new NotFollowed('no list of its objects');
    const object = endOfObject(reader);
    if (!(object.value instanceof Map)) throw new NotFollowed('no list of its objects');
    const trailer = object.value;
    const data = this.decoded(trailer, object.data);
    const widths = integers(trailer.get('W'));
    const [typeWidth = 0, secondWidth = 0, thirdWidth = 0, more] = widths;
    const width = typeWidth + secondWidth + thirdWidth;
    if (more !== undefined || secondWidth < 1 || width > 20) throw new NotFollowed('a list of objects in another form');
    const index = trailer.has('Index')
      ? integers(trailer.get('Index'))
      : [0, ...integers([trailer.get('Size') ?? null])];
    const entries = new Map<number, Entry>();
    let at = 0;
    const field = (size: number): number => {
      let value = 0;
      for (const end = at + size; at < end; at += 1) value = value * 256 + (data[at] ?? 0);
      return value;
    };
    for (let pair = 0; pair < index.length; pair += 2) {
      const [first = 0, count = 0] = index.slice(pair, pair + 2);
      if (at + count * width > data.length) throw new NotFollowed('a list of objects that ends early');
      for (let number = first; number < first + count; number += 1) {
        const type = typeWidth === 0 ? 1 : field(typeWidth);
        const [second, third] = [field(secondWidth), field(thirdWidth)];
        if (type > 2) throw new NotFollowed('a list of objects in another form');
        const kinds: Entry[] = ['free', { offset: second, generation: third }, { stream: second, index: third }];
        put(entries, number, kinds[type] ?? 'free');
      }
    }
    return { entries, trailer };
  }

  private compressed(number: number, { stream, index }: { stream: number; index: number }): PdfValue {
    const { text, offsets } = this.container(stream);
    const [itsNumber, offset] = offsets[index] ?? [];
    if (itsNumber !== number || offset === undefined) throw new NotFollowed(`no object ${number} in its stream`);
    return new Reader(text, offset).value();
  }

  private container(number: number): { text: string; offsets: Array<[number, number]> } {
    const known = this.containers.get(number);
    if (known !== undefined) return known;
    const entry = this.entries.get(number) ?? 'free';
    if (entry === 'free' || !('offset' in entry)) throw new NotFollowed('no stream of objects');
    const { value, data } = this.objectAt(number, entry);
    if (!(value instanceof Map)) throw new NotFollowed('no stream of objects');
    const text = this.decoded(value, data).toString('latin1');
    const [count = 0, first = 0] = integers([value.get('N') ?? null, value.get('First') ?? null]);
    const header = new Reader(text);
    const offsets = Array.from({ length: Math.min(count, MOST_OBJECTS) }, (): [number, number] => {
      const [itsNumber = 0, offset = 0] = integers([header.value(), header.value()]);
      return [itsNumber, first + offset];
    });
    const container = { text, offsets };
    this.containers.set(number, container);
    return container;
  }

  private decoded(dictionary: PdfDictionary, start: number | undefined): Buffer {
    const [length = 0] = integers([this.resolve(dictionary.get('Length'))]);
    if (start === undefined || !/^\s*endstream/u.test(this.file.slice(start + length, start + length + 12)))
      throw new NotFollowed('a stream of another length');
    const data = Buffer.from(this.file.slice(start, start + length), 'latin1');
    const filter = only(dictionary.get('Filter'));
    const parameters = only(dictionary.get('DecodeParms'));
    if (filter === null && parameters === null) return data;
    if (!(filter instanceof PdfName) || filter.name !== 'FlateDecode')
      throw new NotFollowed('a filter that is not expected here');
    return withoutPredictor(inflated(data), parameters);
  }
}

function endOfObject(reader: Reader): IndirectObject {
  const value = reader.value();
  if (reader.takes('endobj')) return { value, data: undefined };
  if (!reader.takes('stream') || reader.take(/\r?\n/y) === undefined) throw new NotFollowed('an object without an end');
  return { value, data: reader.at };
}

function tableAt(reader: Reader): Section {
  const entries = new Map<number, Entry>();
  for (;;) {
    const [, first, count] = reader.take(SUBSECTION) ?? [];
    if (first === undefined) break;
    for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
      const [, offset, generation, use] = reader.take(ENTRY) ?? [];
      if (use === undefined) throw new NotFollowed('a list of objects that ends early');
      put(entries, number, use === 'f' ? 'free' : { offset: Number(offset), generation: Number(generation) });
    }
  }
  const trailer = reader.takes('trailer') ? reader.value() : null;
  if (!(trailer instanceof Map)) throw new NotFollowed('no trailer');
  return { entries, trailer };
}

function put(entries: Map<number, Entry>, number: number, entry: Entry): void {
  if (entries.has(number) || entries.size >= MOST_OBJECTS) throw new NotFollowed(`object ${number} twice`);
  entries.set(number, entry);
}

function integers(values: PdfValue | undefined): number[] {
  const isCount = (value: PdfValue) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (!Array.isArray(values) || !values.every(isCount)) throw new NotFollowed('no number where one belongs');
  return values as number[];
}

/** A value, or the only one in an array. */
function only(value: PdfValue | undefined): PdfValue {
  if (!Array.isArray(value)) return value ?? null;
  if (value.length > 1) throw new NotFollowed('a filter that is not expected here');
  return value[0] ?? null;
}

function inflated(data: Buffer): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: MOST_INFLATED });
  } catch {
    throw new NotFollowed('a stream that cannot be decompressed');
  }
}

/** Undoes the PNG predictors (7.4.4.4), which cross-reference streams use. */
function withoutPredictor(data: Buffer, parameters: PdfValue): Buffer {
  if (parameters === null) return data;
  if (!(parameters instanceof Map)) throw new NotFollowed('a filter that is not expected here');
  for (const key of parameters.keys())
    if (key !== 'Predictor' && key !== 'Columns') throw new NotFollowed('a filter that is not expected here');
  const [predictor = 1, columns = 1] = integers([parameters.get('Predictor') ?? 1, parameters.get('Columns') ?? 1]);
  if (predictor === 1) return data;
  if (predictor < 10 || columns < 1) throw new NotFollowed('a filter that is not expected here');
  const rows = Math.floor(data.length / (columns + 1));
  const plain = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const type = data[row * (columns + 1)] ?? 0;
    // Others exist, but not where rows are tables of numbers.
    if (type !== 0 && type !== 2) throw new NotFollowed('a filter that is not expected here');
    for (let column = 0; column < columns; column += 1) {
      const above = type === 2 && row > 0 ? (plain[(row - 1) * columns + column] ?? 0) : 0;
      plain[row * columns + column] = ((data[row * (columns + 1) + 1 + column] ?? 0) + above) & 255;
    }
  }
  return plain;
}
