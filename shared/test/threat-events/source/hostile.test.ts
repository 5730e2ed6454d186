/** Trees that are meant to break a reader: each ends with an outcome, in bounded time and memory. */
import { execFileSync } from 'node:child_process';
import { mkdir, open, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import type { SourceLimits } from '../../../src/threat-events/source/limits.ts';
import { outcomesIn, outcomesOf, sourceTree } from './tree.ts';

const EVENTS = ['RootedDevice'];
const LISTENING = 'class B extends Application { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }';

describe('deep nesting', () => {
  const deep = 100_000;
  it.each([
    ['A.java', 'class A { Object x = ', '(', ')'],
    ['A.kt', 'val x = ', '(', ')'],
    ['A.swift', 'let x = ', '[', ']'],
    ['A.m', 'int x = ', '(', ')'],
    ['a.js', 'x = ', '[', ']'],
    ['a.ts', 'x = ', '(', ')'],
    ['a.tsx', 'x = ', '{', '}'],
    ['A.cs', 'class A { object x = ', '(', ')'],
    ['a.dart', 'var x = ', '[', ']'],
  ])('%s', async (name, before, opening, closing) => {
    const text = `${before}${opening.repeat(deep)}"RootedDevice"${closing.repeat(deep)};`;
    const found = await outcomesIn(
      await sourceTree({ [name]: text, 'B.java': LISTENING.replace('Rooted', 'Rooting') }),
      EVENTS,
    );
    expect(['named', 'unknown']).toContain(found['RootedDevice']);
  });

  it('a chain of 20000 names', async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `static final String A${at} = A${at + 1};`).join('\n');
    const chain = `class C extends Application { ${names} void f() { registerReceiver(r, new IntentFilter(A0)); } static final String A20000 = "RootedDevice"; }`;
    expect(await outcomesOf({ 'C.java': chain })).toEqual({ RootedDevice: 'named' });
  });

  it.each<[string, (deep: number) => string]>([
    [
      'A.java',
      (deep) => `class A extends Application { void f() { x${'.a()'.repeat(deep)}.addAction("RootedDevice"); } }`,
    ],
    ['A.kt', (deep) => `fun f() { ${'if (a) { '.repeat(deep)} g("RootedDevice") ${'}'.repeat(deep)} }`],
    ['a.dart', (deep) => `void f() { ${'f(() => '.repeat(deep)}"RootedDevice"${')'.repeat(deep)}; }`],
    ['a.ts', (deep) => `x = ${'a ? b : '.repeat(deep)}"RootedDevice";`],
  ])('%s: what nests too deep is unknown, and the place is told', async (file, text) => {
    const at = async (deep: number) =>
      findListenersInSource({ root: await sourceTree({ [file]: text(deep) }), events: EVENTS });
    expect((await at(100)).events).toMatchObject([{ outcome: 'named' }]);
    expect(await at(2000)).toMatchObject({ events: [{ outcome: 'unknown' }], unreadable: [{ file }] });
  });

  it('names that go in a circle', async () => {
    const text =
      'class A extends Application { static final String X = Y; static final String Y = X; void f() { registerReceiver(r, new IntentFilter(X)); g("RootedDevice"); } void g(String n) { g(n); registerReceiver(r, new IntentFilter(n)); } }';
    expect(await outcomesOf({ 'A.java': text })).toEqual({ RootedDevice: 'registered' });
  });
});

describe('what cannot be read', () => {
  it('a file of 50 MB: unknown if the name is in it, and of no interest otherwise', async () => {
    const root = await sourceTree({ 'C.java': 'class C {}' });
    for (const [name, text] of [
      ['A.java', '/* RootedDevice */'],
      ['B.java', '/* nothing */'],
    ] as const) {
      const file = await open(path.join(root, name), 'w');
      await file.truncate(50 * 1024 * 1024);
      await file.write(text, 50 * 1024 * 1024 - 7);
      await file.close();
    }
    const report = await findListenersInSource({ root, events: EVENTS });
    expect(report.events[0]).toMatchObject({ outcome: 'unknown', places: [{ file: 'A.java', what: 'unreadable' }] });
    expect(report.unreadable.map(({ file }) => file)).toEqual(['A.java']);
  });

  it('a larger file may hold any name', async () => {
    const root = await sourceTree({ 'A.java': 'class A { }' });
    const report = await findListenersInSource({ root, events: EVENTS, limits: { readBytes: 5 } });
    expect(report.events[0]).toMatchObject({ outcome: 'unknown', places: [{ file: 'A.java' }] });
  });

  it('bytes that are no text, with the name in them', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 1, 2, 0xff, 0]), Buffer.from('RootedDevice'), Buffer.alloc(64)]);
    const root = await sourceTree({ 'A.java': bytes, 'B.java': Buffer.alloc(4096) });
    const report = await findListenersInSource({ root, events: EVENTS });
    expect(report.events[0]?.outcome).toBe('unknown');
    expect(report.unreadable.map(({ file }) => file)).toEqual(['A.java']);
  });

  it('Latin-1 is not UTF-8; UTF-16 with its mark is read', async () => {
    const latin = Buffer.from(`// caf\xe9\n${LISTENING}`, 'latin1');
    expect(await outcomesIn(await sourceTree({ 'A.java': latin }), EVENTS)).toEqual({ RootedDevice: 'unknown' });
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(LISTENING, 'utf16le')]);
    expect(await outcomesIn(await sourceTree({ 'A.java': wide }), EVENTS)).toEqual({ RootedDevice: 'registered' });
  });

  it('text that the grammar does not understand: a registration in it is not believed', async () => {
    const text = 'class A { void f() { @@ ((( registerReceiver(r, new IntentFilter("RootedDevice" @@ (( } ';
    const root = await sourceTree({ 'A.java': text });
    const report = await findListenersInSource({ root, events: EVENTS });
    expect(report.events[0]?.outcome).toBe('unknown');
    expect(report.unreadable.map(({ file }) => file)).toEqual(['A.java']);
  });

  it('what is registered elsewhere is known all the same', async () => {
    const root = await sourceTree({ 'A.java': Buffer.from('\0RootedDevice'), 'B.java': LISTENING });
    expect(await outcomesIn(root, EVENTS)).toEqual({ RootedDevice: 'registered' });
  });
});

describe('a tree as a whole', () => {
  const files = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [
      `${name}.java`,
      LISTENING.replace('class B', `class ${name}`).replace('void f() {', `void f() { ${'g(1);'.repeat(100)}`),
    ]),
  );
  const unreadable = async (limits: Partial<SourceLimits>, more: Record<string, string> = {}) =>
    findListenersInSource({ root: await sourceTree({ ...files, ...more }), events: EVENTS, limits });

  it('ends with the files that it has read when its work is used up', async () => {
    const { size } = await stat(path.join(await sourceTree(files), 'a.java'));
    for (const limits of [{ treeNodes: 1500 }, { treeBytes: 2 * size }, { treeSteps: 60 }, { registrations: 4 }]) {
      const report = await unreadable(limits);
      expect(report.unreadable.map(({ file }) => file).at(-1)).toBe('c.java');
      expect(report.unreadable.length).toBeLessThan(3);
      expect(report.events[0]).toMatchObject({ outcome: 'registered' });
    }
  });

  it.each<[keyof SourceLimits, number]>([
    ['nodes', 10],
    ['treeNodes', 10],
    ['parseSteps', 0],
    ['treeSteps', 0],
    ['treeBytes', 10],
    ['nesting', 2],
  ])('%s: unknown, and each place is told', async (limit, value) => {
    const report = await unreadable({ [limit]: value });
    expect(report.events[0]?.outcome).toBe('unknown');
    expect(report.unreadable.map(({ file }) => file)).toEqual(Object.keys(files));
  });

  it.each([
    ['A.kt', '/*'],
    ['A.swift', '/*'],
    ['A.swift', '#'],
    ['A.swift', '//x\n'],
    ['a.js', '/['],
  ])('%s: a text of %j that is read again for each of its parts ends', async (file, part) => {
    const root = await sourceTree({ [file]: `"RootedDevice"; a = ${part.repeat(30_000)}` });
    const report = await findListenersInSource({ root, events: EVENTS });
    expect(['unknown', 'named']).toContain(report.events[0]?.outcome);
  });

  it('files without a name or a registration need no tree', async () => {
    const more = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`x/C${at}.java`, `class C${at} { int f() { return ${at}; } }`]),
    );
    expect((await unreadable({ treeNodes: 3500 }, more)).unreadable).toEqual([]);
  });

  it('build files that are too large in all leave nothing out', async () => {
    const settings = {
      'settings.gradle': "include ':x'",
      'build.gradle': '',
      'old/build.gradle': '',
      'old/src/main/java/A.java': LISTENING,
    };
    const outcome = async (limits: Partial<SourceLimits>) => outcomesIn(await sourceTree(settings), EVENTS, { limits });
    expect(await outcome({})).toEqual({ RootedDevice: 'named' });
    expect(await outcome({ buildBytes: 0 })).toEqual({ RootedDevice: 'registered' });
  });
});

describe('trees', () => {
  it('links are not followed, in circles or out of the tree', async () => {
    const outside = await sourceTree({ 'B.java': LISTENING });
    const root = await sourceTree({ 'a/A.java': 'class A {}' });
    await symlink(root, path.join(root, 'a/loop'));
    await symlink(outside, path.join(root, 'a/out'));
    await symlink(path.join(outside, 'B.java'), path.join(root, 'a/B.java'));
    await symlink('nowhere', path.join(root, 'a/C.java'));
    expect(await outcomesIn(root, EVENTS)).toEqual({ RootedDevice: 'absent' });
  });

  it.skipIf(process.platform === 'win32')('a pipe without a writer is not opened', async () => {
    const root = await sourceTree({ 'B.java': LISTENING });
    execFileSync('mkfifo', [path.join(root, 'A.java')]);
    expect(await outcomesIn(root, EVENTS)).toEqual({ RootedDevice: 'registered' });
  });

  it('more folders or files than allowed: unknown, and the place where it stopped', async () => {
    const root = await sourceTree({ 'b/B.java': LISTENING, 'a/A.java': 'class A {}' });
    await mkdir(path.join(root, 'c/d/e'), { recursive: true });
    for (const limits of [{ entries: 1 }, { depth: 0 }, { totalMs: -1 }]) {
      const report = await findListenersInSource({ root, events: EVENTS, limits });
      expect(report.events[0]?.outcome).toBe('unknown');
      expect(report.unreadable).not.toHaveLength(0);
    }
  });

  it('a search that is cancelled ends', async () => {
    const root = await sourceTree({ 'B.java': LISTENING });
    const search = findListenersInSource({ root, events: EVENTS, signal: AbortSignal.abort() });
    await expect(search).rejects.toThrow();
  });
});
