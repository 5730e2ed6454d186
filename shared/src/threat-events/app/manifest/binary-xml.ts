/** Android's binary XML, as aapt writes manifests (frameworks/base, ResourceTypes.h). */
import { Budget, UnreadablePart } from '../problem.ts';
import type { Element } from './element.ts';

const STRING_POOL = 0x0001;
const START_ELEMENT = 0x0102;
const UTF8_FLAG = 0x100;
const NO_STRING = 0xffffffff;
const MAX_STRING = 1024;
const MAX_STEPS = 200_000;

/** @throws UnreadablePart, RangeError */
export function readBinaryXml(bytes: Buffer): Element[] {
  const budget = new Budget(MAX_STEPS);
  const elements: Element[] = [];
  let strings = (_index: number): string => '';
  for (let at = bytes.readUInt16LE(2); at + 8 <= bytes.length; ) {
    budget.spend(1);
    const type = bytes.readUInt16LE(at);
    const size = bytes.readUInt32LE(at + 4);
    if (size < 8) throw new UnreadablePart('has a broken chunk');
    if (type === STRING_POOL) strings = poolAt(bytes, at);
    if (type === START_ELEMENT) elements.push(elementAt(bytes, at + bytes.readUInt16LE(at + 2), strings, budget));
    at += size;
  }
  return elements;
}

function elementAt(bytes: Buffer, at: number, strings: (index: number) => string, budget: Budget): Element {
  const attributes: Record<string, string> = {};
  const first = at + bytes.readUInt16LE(at + 8);
  const size = bytes.readUInt16LE(at + 10);
  for (let each = 0; each < bytes.readUInt16LE(at + 12); each++) {
    budget.spend(1);
    const attribute = first + size * each;
    const raw = bytes.readUInt32LE(attribute + 8);
    // Shrunk manifests have a name by its resource id only; 0x01010003 is android:name.
    if (raw !== NO_STRING) attributes[strings(bytes.readUInt32LE(attribute + 4)) || 'name'] = strings(raw);
  }
  return { name: strings(bytes.readUInt32LE(at + 4)), attributes };
}

function poolAt(bytes: Buffer, at: number): (index: number) => string {
  const count = bytes.readUInt32LE(at + 8);
  const isUtf8 = (bytes.readUInt32LE(at + 16) & UTF8_FLAG) !== 0;
  const content = at + bytes.readUInt32LE(at + 20);
  const offsets = at + bytes.readUInt16LE(at + 2);
  return (index) => {
    if (index >= count) return '';
    let start = content + bytes.readUInt32LE(offsets + 4 * index);
    if (!isUtf8) {
      const length = bytes.readUInt16LE(start);
      if (length > MAX_STRING) return '';
      return bytes.toString('utf16le', start + 2, start + 2 + 2 * length);
    }
    // The length in characters, then in bytes; each takes two bytes if it is large.
    start += bytes.readUInt8(start) & 0x80 ? 2 : 1;
    const length = bytes.readUInt8(start);
    if (length & 0x80) return '';
    return bytes.toString('utf8', start + 1, start + 1 + length);
  };
}
