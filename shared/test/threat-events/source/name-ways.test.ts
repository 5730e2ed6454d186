/** Where a name enters a filter or a list is judged as the call itself is. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { sourceTree } from './tree.ts';

/** `conditional`: registered, with the detail of a condition. */
async function outcome(file: string, text: string): Promise<string | undefined> {
  const report = await findListenersInSource({ root: await sourceTree({ [file]: text }), events: ['RootedDevice'] });
  const [event] = report.events;
  const [first] = event?.places ?? [];
  return event?.outcome === 'registered' && first?.detail?.includes('condition') ? 'conditional' : event?.outcome;
}

const RN = `import { NativeEventEmitter, NativeModules } from 'react-native';
const { ADDevEvents } = NativeModules; const emitter = new NativeEventEmitter(ADDevEvents);
function listen(n) { ADDevEvents.registerForDevEvent(n); emitter.addListener(n, on); }\n`;

interface Form {
  file: string;
  text: (add: string) => string;
  add: string;
  debug: string;
  /** Where more than one value is not followed. */
  unlike?: Record<string, string>;
}

/** In each, the name comes in where `add` stands, and the call that registers it stands outside. */
const FORMS: Record<string, Form> = {
  'a filter of Java': {
    file: 'A.java',
    text: (add) =>
      `class A extends Application { void f() { IntentFilter f = new IntentFilter("q"); ${add} registerReceiver(r, f, 2); } }`,
    add: 'f.addAction("RootedDevice");',
    debug: 'BuildConfig.DEBUG',
  },
  'a filter that a function makes': {
    file: 'A.java',
    text: (add) =>
      `class A extends Application { void f() { registerReceiver(r, make(), 2); }
       IntentFilter make() { IntentFilter f = new IntentFilter("q"); ${add} return f; } }`,
    add: 'f.addAction("RootedDevice");',
    debug: 'BuildConfig.DEBUG',
    unlike: { 'after a condition that may return': 'named' },
  },
  'a list of Java': {
    file: 'A.java',
    text: (add) =>
      `class A extends Application { List<String> l = new ArrayList<>(); void f() { ${add} for (String s : l) registerReceiver(r, new IntentFilter(s), 2); } }`,
    add: 'l.add("RootedDevice");',
    debug: 'BuildConfig.DEBUG',
  },
  'a variable that is set once': {
    file: 'A.java',
    text: (add) =>
      `class A extends Application { String n; void f() { ${add} registerReceiver(r, new IntentFilter(n), 2); } }`,
    add: 'n = "RootedDevice";',
    debug: 'BuildConfig.DEBUG',
    unlike: { 'in both branches': 'named' },
  },
  'a function of the tree': {
    file: 'A.java',
    text: (add) =>
      `class A extends Application { void listen(String n) { registerReceiver(r, new IntentFilter(n), 2); } void f() { ${add} } }`,
    add: 'listen("RootedDevice");',
    debug: 'BuildConfig.DEBUG',
  },
  'objects in a list': {
    file: 'A.kt',
    text: (add) =>
      `class Threat(val id: String)\nclass A : Application() { fun f() {\nval l = mutableListOf<Threat>()\n${add}\nl.forEach { registerReceiver(r, IntentFilter(it.id), 2) }\n} }`,
    add: 'l.add(Threat("RootedDevice"))',
    debug: 'BuildConfig.DEBUG',
  },
  'apply in Kotlin': {
    file: 'A.kt',
    text: (add) =>
      `class A : Application() { fun f() {\nregisterReceiver(r, IntentFilter("q").apply {\n${add}\n}, 2)\n} }`,
    add: 'addAction("RootedDevice")',
    debug: 'BuildConfig.DEBUG',
  },
  'a filter of C#': {
    file: 'A.cs',
    text: (add) =>
      `class A : Application { void F() { var f = new IntentFilter("q"); ${add} RegisterReceiver(new R(), f); } }`,
    add: 'f.AddAction("RootedDevice");',
    debug: 'false',
  },
  'a list of Swift': {
    file: 'A.swift',
    text: (add) =>
      `class A: NSObject { func f() {\nvar l = ["q"]\n${add}\nfor n in l { NotificationCenter.default.addObserver(self, selector: #selector(g), name: .init(n), object: nil) }\n} }`,
    add: 'l.append("RootedDevice")',
    debug: '_isDebugAssertConfiguration()',
  },
  'a list of JavaScript': {
    file: 'a.js',
    text: (add) => `${RN}function f() { const l = ['q']; ${add} l.forEach(listen); }`,
    add: "l.push('RootedDevice');",
    debug: '__DEV__',
  },
  'a list of Dart': {
    file: 'a.dart',
    text: (add) =>
      `import 'package:flutter/services.dart';\nvoid f() { final l = ['q']; ${add} for (final n in l) { EventChannel(n).receiveBroadcastStream().listen(on); } }`,
    add: "l.add('RootedDevice');",
    debug: 'kDebugMode',
  },
};

describe.each(Object.entries(FORMS))('%s', (_title, { file, text, add, debug, unlike }) => {
  it.each([
    ['without a condition', add, 'registered'],
    ['in a release build only', `if (!${debug}) {\n${add}\n}`, 'conditional'],
    ['under a condition', `if (x) {\n${add}\n}`, 'conditional'],
    ['in both branches', `if (x) {\n${add}\n} else {\n${add}\n}`, 'registered'],
    ['after a condition that may return', `if (x) {\nreturn;\n}\n${add}`, 'conditional'],
    ['in a debug build only', `if (${debug}) {\n${add}\n}`, 'named'],
    ['after what always leaves', `if (true) {\nreturn;\n}\n${add}`, 'named'],
  ])('%s', async (title, body, expected) => {
    expect(await outcome(file, text(body))).toBe(unlike?.[title] ?? expected);
  });
});

it('counts a name that comes in twice, once for every build', async () => {
  const { file, text, add } = FORMS['a filter of Java'] as Form;
  expect(await outcome(file, text(`if (BuildConfig.DEBUG) { ${add} } ${add}`))).toBe('registered');
});
