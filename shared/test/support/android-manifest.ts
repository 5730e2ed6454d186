/** Manifests in the two forms of a built app: binary XML (.apk) and a protobuf message (.aab). No more than tests need. */

export type TestElement = readonly [name: string, attributes: Record<string, string>];

/** frameworks/base, ResourceTypes.h: a string pool, then one chunk for each start of an element. */
export function binaryManifest(elements: readonly TestElement[]): Buffer {
  const strings = [...new Set(elements.flatMap(([name, attributes]) => [name, ...Object.entries(attributes).flat()]))];
  const indexOf = (text: string) => u32(strings.indexOf(text));
  const none = u32(0xffffffff);
  const encoded = strings.map((text) => Buffer.concat([u16(text.length), Buffer.from(`${text}\0`, 'utf16le')]));
  let end = 0;
  const offsets = encoded.map((each) => {
    end += each.length;
    return u32(end - each.length);
  });
  const pad = Buffer.alloc(-end & 3);
  const start = 28 + 4 * strings.length;
  const counts = [u32(strings.length), u32(0), u32(0), u32(start), u32(0)];
  const pool = chunk(0x0001, 28, Buffer.concat([...counts, ...offsets, ...encoded, pad]));
  const nodes = elements.map(([name, attributes]) => {
    const rows = Object.entries(attributes).map(([key, value]) =>
      Buffer.concat([none, indexOf(key), indexOf(value), u16(8), Buffer.from([0, 3]), indexOf(value)]),
    );
    const head = [u32(1), none, none, indexOf(name), u16(20), u16(20), u16(rows.length), u16(0), u16(0), u16(0)];
    return chunk(0x0102, 16, Buffer.concat([...head, ...rows]));
  });
  return chunk(0x0003, 8, Buffer.concat([pool, ...nodes]));
}

/** aapt2, Resources.proto: the first element holds the others. */
export function protoManifest([root, ...children]: readonly TestElement[]): Buffer {
  const node = ([name, attributes]: TestElement, inner: readonly Buffer[]): Buffer => {
    const rows = Object.entries(attributes).map(([key, value]) =>
      field(4, Buffer.concat([field(2, Buffer.from(key)), field(3, Buffer.from(value))])),
    );
    return field(1, Buffer.concat([field(3, Buffer.from(name)), ...rows, ...inner.map((each) => field(5, each))]));
  };
  if (root === undefined) throw new Error('A manifest has an element.');
  return node(
    root,
    children.map((child) => node(child, [])),
  );
}

function field(number: number, content: Buffer): Buffer {
  const low = content.length & 0x7f;
  const length = content.length < 128 ? [low] : [low | 0x80, content.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

function chunk(type: number, headerSize: number, content: Buffer): Buffer {
  return Buffer.concat([u16(type), u16(headerSize), u32(8 + content.length), content]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
