/** The bytes of a form. Read by hand, or by a parser that did not write them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { openFileBody } from '@fusegate/shared/api/file-body';
import { openMultipart, type Part } from '@fusegate/shared/api/multipart';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../support/any-text.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { partsOf } from '../support/multipart.ts';

async function bytesOf(parts: readonly Part[]): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const { data, headers, close } = await openMultipart(parts);
  const chunks: Buffer[] = [];
  // A form is a stream of the old kind: it has no iterator.
  const form = data as Readable;
  await new Promise<void>((resolve, reject) => {
    form.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
    form.on('end', resolve);
    form.on('error', reject);
    form.resume();
  });
  close();
  return { body: Buffer.concat(chunks), headers };
}

async function received(parts: readonly Part[]) {
  const { body, headers } = await bytesOf(parts);
  expect(headers['Content-Length']).toBe(String(body.length));
  return partsOf({ headers: { 'content-type': headers['content-type'] }, body });
}

/** What people have in passwords and file names, and what would end a line, a value or a shell word. */
const AWKWARD = [
  'two words',
  "it's",
  '"quoted"',
  '$HOME `id` $(id)',
  'a;b&&c|d',
  '100%',
  '%22%0D%0A',
  'line\nbreak',
  'line\r\nbreak',
  'Zoë–密码🔑',
  '\\',
  '{"a":[1]}',
  '--\r\nContent-Disposition: form-data; name="action"\r\n\r\nseal',
  ' ',
];

describe('a form', () => {
  it('is these bytes, and no part more', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'release.jks');
    await writeFile(file, 'KEYSTORE');
    const { body, headers } = await bytesOf([
      { name: 'action', value: 'sign' },
      { name: 'overrides', value: '{"a":true}' },
      { name: 'signing_keystore', file, contentType: 'application/octet-stream' },
    ]);
    const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];
    expect(boundary).toMatch(/^-+[\w-]+$/);
    expect(body.toString()).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="action"',
        '',
        'sign',
        `--${boundary}`,
        'Content-Disposition: form-data; name="overrides"',
        '',
        '{"a":true}',
        `--${boundary}`,
        'Content-Disposition: form-data; name="signing_keystore"; filename="release.jks"',
        'Content-Type: application/octet-stream',
        '',
        'KEYSTORE',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  it.each(AWKWARD)('carries the value %j byte for byte', async (value) => {
    const parts = await received([
      { name: 'first', value },
      { name: 'overrides', value: JSON.stringify({ password: value }) },
    ]);
    expect(parts.map((part) => part.name)).toEqual(['first', 'overrides']);
    expect(parts[0]?.content.toString()).toBe(value);
    expect(JSON.parse(parts[1]?.content.toString() ?? '')).toEqual({ password: value });
  });

  it('carries any text in the overrides, and adds no part', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), async (password) => {
        const parts = await received([{ name: 'overrides', value: JSON.stringify({ password }) }]);
        expect(parts).toHaveLength(1);
        expect(JSON.parse(parts[0]?.content.toString() ?? '')).toEqual({ password });
      }),
      { numRuns: 200 },
    );
  });

  it('carries any bytes of a file', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'any.bin');
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    await writeFile(file, bytes);
    const [part] = await received([{ name: 'file', file }]);
    expect(part?.content.equals(bytes)).toBe(true);
    expect(part?.contentType?.trim()).toBe('application/octet-stream');
  });

  it('sends several files of one name, in order', async () => {
    const folder = await temporaryFolder();
    const files = ['b.mobileprovision', 'a.mobileprovision'].map((name) => path.join(folder, name));
    for (const file of files) await writeFile(file, file);
    const parts = await received(files.map((file) => ({ name: 'provisioning_profile', file })));
    expect(parts.map((part) => part.filename)).toEqual(['b.mobileprovision', 'a.mobileprovision']);
    expect(parts.map((part) => part.content.toString())).toEqual(files);
  });
});

describe('a file name', () => {
  it.each([
    ['my key.jks', 'my key.jks'],
    ["it's $HOME;`id`.jks", "it's $HOME;`id`.jks"],
    ['100%.jks', '100%.jks'],
    ['Zoë–密码🔑.jks', 'Zoë–密码🔑.jks'],
    // As browsers and curl do it: what could end the header is escaped.
    ['a"b.jks', 'a%22b.jks'],
    ['a\nX-Evil: 1\n\nb.jks', 'a%0AX-Evil: 1%0A%0Ab.jks'],
    ['a\r\nb.jks', 'a%0D%0Ab.jks'],
    // To some servers a backslash quotes the closing quote.
    ['a\\', 'a'],
    ['C:\\keys\\release.jks', 'release.jks'],
  ])('%j arrives as %j, with the file whole', async (name, expected) => {
    const folder = path.join(await temporaryFolder(), 'a folder with "quotes" & spaces');
    await mkdir(folder);
    const file = path.join(folder, name);
    await writeFile(file, 'KEYSTORE');
    const parts = await received([{ name: 'signing_keystore', file }]);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.filename).toBe(expected);
    expect(parts[0]?.content.toString()).toBe('KEYSTORE');
    const { body } = await bytesOf([{ name: 'signing_keystore', file }]);
    expect(body.toString()).not.toContain(folder);
    const head = body.toString().split('\r\n\r\n')[0] ?? '';
    expect(head.split('\r\n')).toHaveLength(3);
    expect(head.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('cannot break out of the header, whatever it is', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'app');
    await writeFile(file, 'APP');
    await fc.assert(
      fc.asyncProperty(anyText(), async (fileName) => {
        const body = await openFileBody(file, 3, () => {});
        const bytes = await bytesOf([{ name: 'file', body, size: 3, fileName }]);
        const head = bytes.body.toString().split('\r\n\r\n')[0] ?? '';
        expect(head.split('\r\n')).toHaveLength(3);
        expect(head.split('\r\n')[1]).toMatch(/^Content-Disposition: form-data; name="file"; filename="[^"\r\n/\\]+"$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an opened file', () => {
  it('is sent under the name that is given, and hashed on its way', async () => {
    const file = path.join(await temporaryFolder(), 'x');
    await writeFile(file, 'APP');
    const body = await openFileBody(file, 3, () => {});
    const [part] = await received([{ name: 'file', body, size: 3, fileName: 'dir/shop.apk' }]);
    expect(part).toMatchObject({ name: 'file', filename: 'shop.apk' });
    expect(await body.sha256()).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(file, 'utf8')).toBe('APP');
  });
});

describe('a file that is no file', () => {
  it.each<[string, (folder: string) => Promise<string>]>([
    ['gone', async (folder) => path.join(folder, 'none.jks')],
    ['a folder', async (folder) => folder],
    [
      'empty',
      async (folder) => {
        await writeFile(path.join(folder, 'empty.jks'), '');
        return path.join(folder, 'empty.jks');
      },
    ],
  ])('is told: %s', async (_name, make) => {
    const file = await make(await temporaryFolder());
    const error = await errorOf(openMultipart([{ name: 'signing_keystore', file }]));
    expect(error.code).toBe('usage.invalid');
    expect(error.message).toContain(path.basename(file));
  });
});
