/** What a process reads before there is a certificate. */
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readContents } from '../../src/certificate/pdf-contents.ts';
import { warmUpDocument } from '../../src/certificate/pdf-warm-up.ts';

it('is a sound PDF of one page, whose text lies where its labels are', async () => {
  const reading = await readContents(warmUpDocument());
  if (!reading.ok) throw new Error(reading.message);
  const { runs, pages, additions } = reading.text;
  expect(additions).toBeUndefined();
  expect(pages).toEqual([{ width: 596, height: 800 }]);
  expect(runs.map(({ text, x, y }) => ({ text, x, y }))).toEqual(
    Array.from({ length: 30 }, (_, index) => ({ text: 'AB', x: 50, y: 20 * index + 4 })),
  );
  expect(new Set(runs.map(({ size }) => size))).toEqual(new Set([9, 10, 11]));
});

it('embeds a TrueType font, which is what takes longest', () => {
  const text = Buffer.from(warmUpDocument()).toString('latin1');
  const font = /\/Length1 (\d+)\/Length (\d+)\/Filter\/FlateDecode>>\nstream\n/.exec(text);
  const [head = '', length, deflated] = font ?? [];
  const start = (font?.index ?? 0) + head.length;
  const bytes = inflateSync(Buffer.from(text.slice(start, start + Number(deflated)), 'latin1'));
  expect(bytes).toHaveLength(Number(length));
  expect(bytes.readUInt32BE(0)).toBe(0x10000);
  const tables = Array.from({ length: bytes.readUInt16BE(4) }, (_, index) =>
    bytes.toString('latin1', 12 + 16 * index, 16 + 16 * index),
  );
  expect(tables).toEqual(['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp']);
});
