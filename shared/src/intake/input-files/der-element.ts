/** The head of one DER or BER element. */
export interface DerElement {
  tag: number;
  /** Of the value. */
  start: number;
  /** Past the value; may lie beyond a file that was cut. For an indefinite length, the start. */
  end: number;
}

/** @returns undefined where no element can begin */
export function derElement(bytes: Buffer, at: number): DerElement | undefined {
  if (at + 2 > bytes.length) return undefined;
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  if (first <= 0x80) return { tag, start: at + 2, end: at + 2 + (first & 0x7f) };
  const count = first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) return undefined;
  const start = at + 2 + count;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, count) };
}
