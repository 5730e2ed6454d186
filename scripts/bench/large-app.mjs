import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * Writes an .apk-like ZIP of about `bytes` bytes: one stored entry of zeros, sparse on disk if the file system can do that.
 * @param {string} file
 * @param {number} bytes
 */
export function writeLargeApp(file, bytes) {
  const block = Buffer.alloc(8 << 20);
  let crc = 0;
  for (let done = 0; done < bytes; done += block.length) {
    crc = crc32(block.subarray(0, Math.min(block.length, bytes - done)), crc);
  }
  const name = Buffer.from('assets/zeros');
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc, 10);
  common.writeUInt32LE(bytes, 14);
  common.writeUInt32LE(bytes, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + bytes, 16);
  const fd = openSync(file, 'w');
  try {
    writeSync(fd, local, 0, local.length, 0);
    ftruncateSync(fd, local.length + bytes);
    writeSync(fd, Buffer.concat([central, end]), 0, central.length + end.length, local.length + bytes);
  } finally {
    closeSync(fd);
  }
}
