/** The manifest of an app bundle: XML as a protobuf message (frameworks/base, aapt2, Resources.proto). */
import { Budget, UnreadablePart } from '../problem.ts';
import type { Element } from './element.ts';

const MAX_STEPS = 200_000;
const MAX_DEPTH = 50;
const BYTES = 2;

/** @throws UnreadablePart, RangeError */
export function readProtoXml(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  const budget = new Budget(MAX_STEPS);
  node(bytes, elements, budget, 0);
  return elements;
}

function node(bytes: Buffer, elements: Element[], budget: Budget, depth: number): void {
  if (depth > MAX_DEPTH) throw new UnreadablePart('is nested too deeply');
  for (const [field, value] of fields(bytes, budget)) {
    if (field !== 1) continue;
    const element: Element = { name: '', attributes: {} };
    elements.push(element);
    for (const [inner, content] of fields(value, budget)) {
      if (inner === 3) element.name = content.toString();
      if (inner === 4) {
        const parts = new Map(fields(content, budget));
        element.attributes[parts.get(2)?.toString() ?? ''] = parts.get(3)?.toString() ?? '';
      }
      if (inner === 5) node(content, elements, budget, depth + 1);
    }
  }
}

/** The fields of a message that have bytes. */
function* fields(bytes: Buffer, budget: Budget): Generator<[number, Buffer]> {
  for (let at = 0; at < bytes.length; ) {
    budget.spend(1);
    const key = varint(bytes, at);
    at = key.end;
    const type = key.value & 7;
    if (type === BYTES) {
      const length = varint(bytes, at);
      at = length.end + length.value;
      if (at > bytes.length) throw new UnreadablePart('is cut short');
      yield [Math.floor(key.value / 8), bytes.subarray(length.end, at)];
    } else if (type === 0) at = varint(bytes, at).end;
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else throw new UnreadablePart('is no message');
  }
}

function varint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at++, factor *= 128) {
    const byte = bytes.readUInt8(at);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
    if (at - start > 9) throw new UnreadablePart('has a broken number');
  }
}
