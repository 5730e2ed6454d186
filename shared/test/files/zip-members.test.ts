/** Archives from a user or the service, and archives made to do harm. */
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { memberNames, openZip, ZipProblem } from '@fusegate/shared/files/zip-members';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

interface Entry {
  name: string;
  data: Buffer;
  /** What the directory says, where it lies. */
  claimedSize?: number;
  deflate?: boolean;
  flags?: number;
}

/** A ZIP by hand (APPNOTE.TXT 4.3), because no library writes one that lies. */
function zip(entries: Entry[], claimedCount = entries.length): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimedSize = data.length, deflate = false, flags = 0 } of entries) {
    const stored = deflate ? deflateRawSync(data) : data;
    const file = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(claimedSize, 18);
    common.writeUInt16LE(file.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, file]));
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, stored]);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(claimedCount, 8);
  end.writeUInt16LE(claimedCount, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

async function archiveOf(content: Buffer): Promise<string> {
  const file = path.join(await temporaryFolder(), 'a.zip');
  await writeFile(file, content);
  return file;
}

const text = (value: string) => Buffer.from(value);

describe('members of an archive', () => {
  it('are listed without folders, read and extracted', async () => {
    const file = await archiveOf(
      zip([
        { name: 'folder/', data: text('') },
        { name: 'folder/ä.txt', data: text('one'), flags: 0x800 },
        { name: 'b', data: text('two'.repeat(100)), deflate: true },
      ]),
    );
    const archive = await openZip(file);
    try {
      expect(archive.members).toEqual([
        { name: 'folder/ä.txt', size: 3 },
        { name: 'b', size: 300 },
      ]);
      expect((await archive.read('b', 300)).toString()).toBe('two'.repeat(100));
      const target = path.join(path.dirname(file), 'out');
      await archive.extract('folder/ä.txt', target, 10);
      expect(await readFile(target, 'utf8')).toBe('one');
      if (process.platform !== 'win32') expect((await stat(target)).mode & 0o777).toBe(0o600);
    } finally {
      archive.close();
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['no archive', text('this is text'), /cannot be read/],
    ['nothing', Buffer.alloc(0), /cannot be read/],
    ['cut short', zip([{ name: 'a', data: text('one') }]).subarray(0, 40), /cannot be read/],
    ['a name that goes up', zip([{ name: '../a', data: text('one') }]), /cannot be read \(invalid relative path/],
    ['a name that goes up in the middle', zip([{ name: 'a/../../b', data: text('one') }]), /invalid relative path/],
    ['an absolute name', zip([{ name: '/etc/a', data: text('one') }]), /absolute path/],
    ['a name with a drive', zip([{ name: 'C:/a', data: text('one') }]), /absolute path/],
    ['a name with backslashes', zip([{ name: '..\\a', data: text('one') }]), /invalid/],
    [
      'two members of one name',
      zip([
        { name: 'a', data: text('one') },
        { name: 'a', data: text('two') },
      ]),
      /two members named a/,
    ],
    ['more members than it has', zip([{ name: 'a', data: text('one') }], 9), /cannot be read/],
    ['too many members', zip([], 20_000), /has 20000 members/],
  ])('refuses %s', async (_, content, message) => {
    const opening = openZip(await archiveOf(content));
    await expect(opening).rejects.toThrow(ZipProblem);
    await expect(opening).rejects.toThrow(message);
  });

  it.each<[string, Entry, RegExp]>([
    ['larger than the cap', { name: 'a', data: Buffer.alloc(2000) }, /more than 1 KiB/],
    ['a bomb that says what it is', { name: 'a', data: Buffer.alloc(5_000_000), deflate: true }, /more than 1 KiB/],
    [
      'a bomb that says that it is small',
      { name: 'a', data: Buffer.alloc(5_000_000), deflate: true, claimedSize: 10 },
      /too many bytes|more than 1 KiB|cannot be read/,
    ],
    ['encrypted', { name: 'a', data: text('one'), flags: 1, deflate: true }, /is encrypted/],
  ])('does not read a member that is %s', async (_, entry, message) => {
    const archive = await openZip(await archiveOf(zip([entry])));
    try {
      await expect(archive.read('a', 1024)).rejects.toThrow(message);
      await expect(archive.read('none', 1024)).rejects.toThrow(/has no none/);
    } finally {
      archive.close();
    }
  });

  it('are counted and kept where they are wanted only', async () => {
    const many = Array.from({ length: 12_000 }, (_, i) => ({ name: `m/${i}`, data: text(String(i)) }));
    const file = await archiveOf(zip(many));
    await expect(openZip(file)).rejects.toThrow(/has 12000 members/);
    const archive = await openZip(file, (name) => name === 'm/0' || name === 'm/11999');
    try {
      expect(archive.members.map(({ name }) => name)).toEqual(['m/0', 'm/11999']);
      expect((await archive.read('m/11999', 10)).toString()).toBe('11999');
    } finally {
      archive.close();
    }
    await expect(openZip(await archiveOf(zip([{ name: '../m', data: text('') }])), () => true)).rejects.toThrow(
      /invalid relative path/,
    );
  });

  it('says of a file that is not there what the file system says', async () => {
    await expect(openZip('/nowhere/a.zip')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a directory of long names', () => {
  /** The file has holes in place of the names, so it takes no room. */
  async function longNamed(members: number): Promise<string> {
    const file = path.join(await temporaryFolder(), 'long.zip');
    const handle = await open(file, 'w');
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 0, 'latin1');
    // Names in UTF-8, as every tool of today writes them.
    entry.writeUInt16LE(0x800, 8);
    entry.writeUInt16LE(0xffff, 28);
    const length = entry.length + 0xffff;
    for (let index = 0; index < members; index += 1) {
      const header = Buffer.concat([entry, Buffer.from(`${index}/`)]);
      await handle.write(header, 0, header.length, index * length);
    }
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 0, 'latin1');
    end.writeUInt16LE(members, 10);
    end.writeUInt32LE(members * length, 12);
    await handle.write(end, 0, end.length, members * length);
    await handle.close();
    return file;
  }

  it('of an app is read to its bound, whether its members are wanted or not', async () => {
    const file = await longNamed(2100);
    const names = async () => {
      for await (const _ of memberNames(file));
    };
    const problem = expect.objectContaining({ message: expect.stringContaining('128 MiB') });
    await expect(names()).rejects.toEqual(problem);
    await expect(openZip(file, () => false)).rejects.toEqual(problem);
  });

  it('of any other ZIP is read to a smaller one', async () => {
    await expect(openZip(await longNamed(150))).rejects.toThrow('8 MiB');
  });

  it('within the bound is read', async () => {
    let seen = 0;
    for await (const name of memberNames(await longNamed(20))) seen += Number(name.length === 0xffff);
    expect(seen).toBe(20);
  });
});
