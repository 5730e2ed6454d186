import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesInApp } from '../../src/apps/names-in-app.ts';

const NAMES = ['RootedDevice', 'DeveloperOptionsEnabled'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'names-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function found(members: Zippable | Uint8Array, maxBytes?: number): Promise<string[]> {
  const path = join(folder, 'app.apk');
  await writeFile(path, members instanceof Uint8Array ? members : zipSync(members));
  const { signal } = new AbortController();
  return [...(await namesInApp(path, NAMES, { signal, ...(maxBytes === undefined ? {} : { maxBytes }) }))];
}

const ROOTED = strToU8('…\0RootedDevice\0…');
/** Longer than any piece that a stream gives, so that a name lies across two of them. */
const LONG = strToU8(`${'x'.repeat(3)}${'RootedDevice'.repeat(40_000)}`);
const across = (at: number) => {
  const bytes = new Uint8Array(200_000).fill(120);
  bytes.set(strToU8('RootedDevice'), at);
  return bytes;
};

describe('names in an app', () => {
  it.each<[string, Zippable]>([
    ['in a .dex file', { 'classes.dex': ROOTED }],
    ['in a member that is stored', { 'classes.dex': [ROOTED, { level: 0 }] }],
    ['in an asset', { 'assets/www/index.js': strToU8('listen("RootedDevice")') }],
    ['in a file that is not bundled code', { 'assets/sample.json': strToU8('{"name":"RootedDevice"}') }],
    ['as UTF-16', { 'lib/x.so': new Uint8Array(Buffer.from('.RootedDevice.', 'utf16le')) }],
    [
      'as UTF-16 at an odd place',
      { 'lib/x.so': new Uint8Array(Buffer.from('.\0R\0o\0o\0t\0e\0d\0D\0e\0v\0i\0c\0e\0')) },
    ],
    ['as a part of another name', { 'classes.dex': strToU8('onRootedDeviceFound') }],
    ['many times in a large member', { 'classes.dex': LONG }],
    ['after a member without names', { 'a.txt': strToU8('x'), 'b.txt': new Uint8Array(), 'c.txt': ROOTED }],
    ...[65_530, 65_536, 131_065, 16_380].map((at): [string, Zippable] => [
      `across two pieces, at ${at}`,
      { 'classes.dex': [across(at), { level: 0 }] },
    ]),
  ])('are found: %s', async (_, members) => {
    expect(await found(members)).toEqual(['RootedDevice']);
  });

  it.each<[string, Zippable | Uint8Array]>([
    ['nowhere', { 'classes.dex': strToU8('rooteddevice Rooted-Device RootedDevic') }],
    ['only as the name of a member', { RootedDevice: strToU8('x') }],
    ['begun in one member and ended in the next', { a: strToU8('xRooted'), b: strToU8('Devicex') }],
    ['in no ZIP', ROOTED],
    ['in a ZIP without members', zipSync({})],
    ['in an archive within the app', { 'classes.jar': zipSync({ 'A.class': strToU8('RootedDevice'.repeat(9)) }) }],
  ])('are not: %s', async (_, content) => {
    expect(await found(content)).toEqual([]);
  });

  it('are found beside a member that is damaged', async () => {
    const bytes = zipSync({
      'a.bin': strToU8('RootedDevice'.repeat(100)),
      'b.bin': [strToU8('DeveloperOptionsEnabled'), { level: 0 }],
    });
    // The first bytes of its content: an unknown kind of block.
    bytes.fill(0xff, 30 + 'a.bin'.length, 30 + 'a.bin'.length + 4);
    expect(await found(bytes)).toEqual(['DeveloperOptionsEnabled']);
  });

  it('are looked for in so many bytes only, and no longer than wanted', async () => {
    const members = { a: new Uint8Array(500_000), b: ROOTED };
    expect(await found(members, 400_000)).toEqual([]);
    expect(await found(members)).toEqual(['RootedDevice']);
    const cancelled = namesInApp(join(folder, 'app.apk'), NAMES, { signal: AbortSignal.abort(new Error('closing')) });
    await expect(cancelled).rejects.toThrow('closing');
  });
});
