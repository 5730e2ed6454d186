/** Files of formats whose compilers are not at hand, as far as names go. Inferred from the sources that the readers cite. */

/** Hermes bytecode of version 96, without functions. */
export function hermesBytecode(ascii: readonly string[], wide: readonly string[]): Buffer {
  const encoded = [
    ...ascii.map((text) => Buffer.from(text, 'latin1')),
    ...wide.map((text) => Buffer.from(text, 'utf16le')),
  ];
  let end = 0;
  const rows = encoded.map((bytes, index) => {
    const isWide = index >= ascii.length;
    const row = Buffer.alloc(4);
    const length = isWide ? bytes.length / 2 : bytes.length;
    row.writeUInt32LE(((length << 24) | (end << 1) | (isWide ? 1 : 0)) >>> 0);
    end += bytes.length;
    return row;
  });
  const header = Buffer.alloc(128);
  header.write('c61fbc03c103191f', 0, 'hex');
  header.writeUInt32LE(96, 8);
  header.writeUInt32LE(encoded.length, 52);
  header.writeUInt32LE(end, 60);
  const file = Buffer.concat([header, ...rows, ...encoded, Buffer.alloc(-end & 3)]);
  file.writeUInt32LE(file.length, 32);
  return file;
}

/** Metadata of IL2CPP, version 29. */
export function unityMetadata(literals: readonly string[]): Buffer {
  const header = Buffer.alloc(256);
  const table = Buffer.alloc(8 * literals.length);
  let end = 0;
  for (const [index, literal] of literals.entries()) {
    table.writeUInt32LE(literal.length, 8 * index);
    table.writeUInt32LE(end, 8 * index + 4);
    end += literal.length;
  }
  header.writeUInt32LE(0xfab11baf, 0);
  header.writeUInt32LE(29, 4);
  header.writeUInt32LE(header.length, 8);
  header.writeUInt32LE(table.length, 12);
  header.writeUInt32LE(header.length + table.length, 16);
  header.writeUInt32LE(end, 20);
  return Buffer.concat([header, table, Buffer.from(literals.join(''))]);
}
