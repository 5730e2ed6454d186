/** Which registrations are said to depend on a condition. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { sourceTree } from './tree.ts';

/** @returns of each registration, whether it is said to be inside a condition */
async function conditions(file: string, text: string): Promise<boolean[]> {
  const report = await findListenersInSource({ root: await sourceTree({ [file]: text }), events: ['RootedDevice'] });
  const [event] = report.events;
  expect(event?.outcome).toBe('registered');
  return (event?.places ?? [])
    .filter(({ what }) => what === 'registration')
    .map(({ detail }) => detail?.includes('condition') === true);
}

/** `A` and `B` register; both sides register, then one side only, each in the language's own words. */
const LANGUAGES: Record<string, { file: string; around: (body: string) => string; register: string }> = {
  Java: {
    file: 'A.java',
    around: (body) => `class A extends Application { void f() {\n${body}\n} }`,
    register: 'registerReceiver(r, new IntentFilter("RootedDevice"));',
  },
  Kotlin: {
    file: 'A.kt',
    around: (body) => `class A : Application() { fun f() {\n${body}\n} }`,
    register: 'registerReceiver(r, IntentFilter("RootedDevice"))',
  },
  'C#': {
    file: 'A.cs',
    around: (body) => `class A : Application { void F() {\n${body}\n} }`,
    register: 'RegisterReceiver(r, new IntentFilter("RootedDevice"));',
  },
  Swift: {
    file: 'A.swift',
    around: (body) => `func f() {\n${body.replaceAll(/\((x|y)\)/gu, '$1')}\n}`,
    register:
      'NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }',
  },
  'Objective-C': {
    file: 'A.m',
    around: (body) => `@implementation A\n- (void)f {\n${body}\n}\n@end`,
    register:
      '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(g:) name:@"RootedDevice" object:nil];',
  },
  JavaScript: {
    file: 'a.js',
    around: (body) => `function f() {\n${body}\n}`,
    register: "window.broadcaster.addEventListener('RootedDevice', on);",
  },
  Dart: {
    file: 'a.dart',
    around: (body) => `void f() {\n${body}\n}`,
    register: "EventChannel('RootedDevice').receiveBroadcastStream().listen(print);",
  },
};

describe.each(Object.entries(LANGUAGES))('%s', (_language, { file, around, register }) => {
  it.each([
    ['no condition', `${register}`, [false]],
    ['both branches', `if (x) {\n${register}\n} else {\n${register}\n}`, [false, false]],
    ['a chain', `if (x) {\n${register}\n} else if (y) {\n${register}\n} else {\n${register}\n}`, [false, false, false]],
    [
      'a chain in a branch',
      `if (x) {\n${register}\n} else {\nif (y) {\n${register}\n} else {\n${register}\n}\n}`,
      [false, false, false],
    ],
    ['one branch', `if (x) {\n${register}\n}`, [true]],
    ['the other branch', `if (x) {\n} else {\n${register}\n}`, [true]],
    ['a chain without an end', `if (x) {\n${register}\n} else if (y) {\n${register}\n}`, [true, true]],
    [
      'a branch that registers on a condition',
      `if (x) {\n${register}\n} else {\nif (y) {\n${register}\n}\n}`,
      [true, true],
    ],
    ['both branches on a condition', `if (y) {\nif (x) {\n${register}\n} else {\n${register}\n}\n}`, [true, true]],
    ['a loop that asks first', `while (x) {\n${register}\n}`, [true]],
    ['after what may return', `if (x) {\nreturn;\n}\n${register}`, [true]],
    ['after what registers and returns', `if (x) {\n${register}\nreturn;\n}\n${register}`, [false, true]],
    // What needs no condition comes first.
    ['one without and one with', `if (x) {\n${register}\n}\n${register}`, [false, true]],
  ])('%s', async (_title, body, expected) => {
    expect(await conditions(file, around(body))).toEqual(expected);
  });
});

it.each([
  [
    'a.java',
    'class A extends Application { void f() { try { g(); } catch (Exception e) { registerReceiver(r, new IntentFilter("RootedDevice")); } } }',
  ],
  ['a.js', "try { g(); } catch (e) { window.broadcaster.addEventListener('RootedDevice', on); }"],
])('where something fails: %s', async (file, text) => expect(await conditions(file, text)).toEqual([true]));

it.each([
  [
    'a.java',
    'class A extends Application { Object f() { return x ? registerReceiver(r, F) : registerReceiver(r, F); } }',
  ],
  ['a.kt', 'fun Context.f() = if (x) registerReceiver(r, F) else registerReceiver(r, F)'],
])('as an expression: %s', async (file, text) => {
  expect(
    await conditions(file, text.replaceAll('F)', `${file === 'a.kt' ? '' : 'new '}IntentFilter("RootedDevice"))`)),
  ).not.toContain(true);
});
