/** Files with very many of the same: each ends with an outcome, in bounded time. hostile.test.ts has what breaks a reader in other ways. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { outcomesIn, outcomesOf, sourceTree } from './tree.ts';

const EVENTS = ['RootedDevice'];
const LISTENING = 'class B extends Application { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }';

describe('very many registrations in one file', () => {
  const repeated = (count: number, { before, each, after }: (typeof TEXTS)[string]) =>
    `${before}\n${`${each}\n`.repeat(count)}${after}`;
  const TEXTS: Record<string, { before: string; each: string; after: string }> = {
    'A.java': {
      before:
        'class A extends Activity { void f() { IntentFilter all = new IntentFilter(); all.addAction("RootedDevice");',
      each: 'registerReceiver(new R(), new IntentFilter("RootedDevice")); all.addAction("X"); registerReceiver(r, all);',
      after: '} }',
    },
    'A.kt': {
      before: 'class A : Activity() { fun f() {',
      each: 'registerReceiver(R(), IntentFilter("RootedDevice"))',
      after: '} }',
    },
    'A.swift': {
      before: 'func f() {',
      each: 'NotificationCenter.default.addObserver(self, selector: #selector(a), name: .init("RootedDevice"), object: nil)',
      after: '}',
    },
    'A.m': {
      before: '@implementation A\n- (void)f {',
      each: '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(a) name:@"RootedDevice" object:nil];',
      after: '}\n@end',
    },
    'a.js': {
      before: 'function f() {',
      each: 'window.broadcaster.addEventListener("RootedDevice", true, (e) => act(e));',
      after: '}',
    },
    'A.cs': {
      before: 'class A : Activity { void F() {',
      each: 'RegisterReceiver(new R(), new IntentFilter("RootedDevice"));',
      after: '} }',
    },
    'a.dart': {
      before: 'void f() {',
      each: 'EventChannel("RootedDevice").receiveBroadcastStream().listen((e) => act(e));',
      after: '}',
    },
  };

  // When each registration looked at every later call, 2000 took minutes.
  it.each(Object.entries(TEXTS))('%s: 2000 are read', async (name, text) => {
    expect(await outcomesOf({ [name]: repeated(2000, text) })).toEqual({ RootedDevice: 'registered' });
  });

  it.each(Object.entries(TEXTS))('%s: of 20000 the names are unknown, and the place is told', async (name, text) => {
    const root = await sourceTree({ [name]: repeated(20_000, text) });
    const report = await findListenersInSource({ root, events: [...EVENTS, 'EmulatorFound'] });
    expect(report.events).toMatchObject([
      { outcome: 'unknown', places: [{ file: name, what: 'unreadable' }] },
      { outcome: 'absent' },
    ]);
    expect(report.unreadable.map(({ file }) => file)).toEqual([name]);
  });

  it('the limit counts the words of the calls', async () => {
    const root = await sourceTree({ 'B.java': LISTENING });
    expect(await outcomesIn(root, EVENTS, { limits: { registrations: 2 } })).toEqual({ RootedDevice: 'registered' });
    expect(await outcomesIn(root, EVENTS, { limits: { registrations: 1 } })).toEqual({ RootedDevice: 'unknown' });
  });
});

it('thousands of lists that hold each other', async () => {
  const lists = Array.from(
    { length: 3000 },
    (_, at) => `val L${at} = listOf(*L${(at + 1) % 3000}, *L${(at + 7) % 3000}, "RootedDevice")`,
  );
  const text = `${lists.join('\n')}\nfun f() { val x = IntentFilter(); L0.forEach { x.addAction(it) } }`;
  expect(await outcomesOf({ 'A.kt': text })).toEqual({ RootedDevice: 'named' });
});
