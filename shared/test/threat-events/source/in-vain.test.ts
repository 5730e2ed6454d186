/** Registrations that a release build never makes, or that end where they are made. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const android = (body: string) =>
  `class A extends Application { BroadcastReceiver r = make(); void f() {\n${body}\n} }`;
const kotlin = (body: string) => `class A : Application() { val r = make()\n fun f() {\n${body}\n} }`;
const csharp = (body: string) => `class A : Application { R r = new R(); void F() {\n${body}\n} }`;
const objc = (body: string) => `@implementation A\n- (void)f {\n${body}\n}\n@end`;
const RN = `import { NativeEventEmitter, NativeModules } from 'react-native';
const { ADDevEvents } = NativeModules; const emitter = new NativeEventEmitter(ADDevEvents);\n`;

const JAVA = 'registerReceiver(r, new IntentFilter("RootedDevice"), 2);';
const KOTLIN = 'registerReceiver(r, IntentFilter("RootedDevice"), 2)';
const CSHARP = 'RegisterReceiver(r, new IntentFilter("RootedDevice"));';
const SWIFT =
  'NotificationCenter.default.addObserver(self, selector: #selector(g), name: .init("RootedDevice"), object: nil)';
const OBJC =
  '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(g:) name:@"RootedDevice" object:nil];';
const CORDOVA = "window.broadcaster.addEventListener('RootedDevice', on);";
const HEAR = "emitter.addListener('RootedDevice', on)";
const TELL = "ADDevEvents.registerForDevEvent('RootedDevice');";
const DART = "EventChannel('RootedDevice').receiveBroadcastStream().listen(on)";
const reactNative = (body: string) => `${RN}function f() {\n${TELL}\n${body}\n}`;
const swift = (body: string) => `class A: NSObject { func f() {\n${body}\n} }`;
const dart = (body: string) => `import 'package:flutter/services.dart';\nvoid f() {\n${body}\n}`;
const script = (body: string) => `function f() {\n${body}\n}`;

const outcome = async (file: string, text: string) => (await outcomesOf({ [file]: text }))['RootedDevice'];

describe('never comes there in a release build', () => {
  it.each([
    ['A.java', android(`if (false) { ${JAVA} }`)],
    ['A.java', android(`if (BuildConfig.DEBUG) ${JAVA}`)],
    ['A.java', android(`if (x && BuildConfig.DEBUG) { ${JAVA} }`)],
    ['A.java', android(`if (!BuildConfig.DEBUG) { g(); } else { ${JAVA} }`)],
    ['A.java', android(`if (true) return; ${JAVA}`)],
    ['A.java', android(`return; ${JAVA}`)],
    ['A.java', android(`if (x) { return; } else { throw new Error(); } ${JAVA}`)],
    ['A.java', `class A extends Application { static final boolean ON = false; void f() { if (ON) { ${JAVA} } } }`],
    [
      'A.java',
      android(
        `} void listen(String n) { registerReceiver(r, new IntentFilter(n), 2); } void h() { if (false) listen("RootedDevice");`,
      ),
    ],
    ['A.kt', kotlin(`if (BuildConfig.DEBUG) { ${KOTLIN} }`)],
    ['A.kt', kotlin(`if (true) return\n${KOTLIN}`)],
    ['A.cs', csharp(`if (false) { ${CSHARP} }`)],
    ['A.cs', csharp(`return; ${CSHARP}`)],
    ['A.swift', swift(`if false { ${SWIFT} }`)],
    ['A.swift', swift(`return\n${SWIFT}`)],
    ['A.swift', swift(`guard false else { return }\n${SWIFT}`)],
    ['A.m', objc(`if (NO) { ${OBJC} }`)],
    ['A.m', objc(`return; ${OBJC}`)],
    ['a.js', script(`if (false) { ${CORDOVA} }`)],
    ['a.js', script(`throw new Error(); ${CORDOVA}`)],
    ['a.js', reactNative(`if (__DEV__) { ${HEAR}; }`)],
    ['a.js', reactNative(`__DEV__ && ${HEAR};`)],
    ['a.js', reactNative(`!__DEV__ || ${HEAR};`)],
    ['a.dart', dart(`if (kDebugMode) { ${DART}; }`)],
    ['a.dart', dart(`if (!kReleaseMode) { ${DART}; }`)],
    ['a.dart', dart(`return; ${DART};`)],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('named'));

  it.each([
    ['A.java', android(`if (!BuildConfig.DEBUG) { ${JAVA} }`)],
    ['A.java', android(`if (BuildConfig.DEBUG) { g(); } else { ${JAVA} }`)],
    ['A.java', android(`if (BuildConfig.DEBUG) return; ${JAVA}`)],
    ['A.java', android(`if (x) return; ${JAVA}`)],
    ['A.java', android(`if (on) return; ${JAVA} on = true; } boolean on; void g() {`)],
    ['A.java', android(`if (on) return; ${JAVA} on = true; } boolean on = false; void g() {`)],
    ['A.java', android(`if (BuildConfig.PROTECTED) { ${JAVA} }`)],
    ['A.java', android(`Runnable q = () -> { return; }; ${JAVA}`)],
    ['A.java', android(`{ ${JAVA} return; }`)],
    ['A.kt', kotlin(`if (x == null) return\n${KOTLIN}`)],
    ['A.swift', swift(`guard let x = y else { return }\n${SWIFT}`)],
    ['A.swift', swift(`guard true else { return }\n${SWIFT}`)],
    ['A.m', objc(`if (YES) { ${OBJC} }`)],
    ['a.js', reactNative(`__DEV__ || ${HEAR};`)],
    ['a.dart', dart(`if (kReleaseMode) { ${DART}; }`)],
  ])('but %s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));
});

describe('ends where it is made', () => {
  it.each([
    ['A.java', android(`${JAVA} unregisterReceiver(r);`)],
    ['A.java', android(`this.${JAVA} if (x) { unregisterReceiver(r); }`)],
    ['A.java', android(`Context c = getApplicationContext(); c.${JAVA} c.unregisterReceiver(r);`)],
    [
      'A.java',
      android(`ContextCompat.registerReceiver(this, r, new IntentFilter("RootedDevice"), 2); unregisterReceiver(r);`),
    ],
    ['A.kt', kotlin(`${KOTLIN}\nunregisterReceiver(r)`)],
    ['A.cs', csharp(`${CSHARP} UnregisterReceiver(r);`)],
    ['A.swift', swift(`${SWIFT}\nNotificationCenter.default.removeObserver(self)`)],
    [
      'A.swift',
      swift(
        'let t = NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }\nNotificationCenter.default.removeObserver(t)',
      ),
    ],
    ['A.m', objc(`${OBJC} [[NSNotificationCenter defaultCenter] removeObserver:self];`)],
    ['a.js', script(`${CORDOVA} window.broadcaster.removeEventListener('RootedDevice', on);`)],
    ['a.js', reactNative(`${HEAR}.remove();`)],
    ['a.js', reactNative(`const s = ${HEAR}; s.remove();`)],
    ['a.js', reactNative(`${HEAR}; emitter.removeAllListeners('RootedDevice');`)],
    ['a.dart', dart(`${DART}.cancel();`)],
    ['a.dart', dart(`final s = ${DART}; s.cancel();`)],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('named'));

  it.each([
    ['A.java', android(`try { unregisterReceiver(r); } catch (Exception e) { } ${JAVA}`)],
    ['A.java', android(`${JAVA} } void g() { unregisterReceiver(r);`)],
    [
      'A.java',
      android(`${JAVA} registerReceiver(r, new IntentFilter("Other"), 2); sendBroadcast(new Intent("Other"));`),
    ],
    ['A.java', android(`${JAVA} receivers.add(r); keep(r); } void keep(BroadcastReceiver x) {`)],
    ['A.kt', kotlin(`${KOTLIN}\nonEnd { unregisterReceiver(r) }`)],
    ['A.swift', swift(`NotificationCenter.default.removeObserver(self)\n${SWIFT}`)],
    [
      'A.swift',
      swift(
        `${SWIFT}\nNotificationCenter.default.addObserver(self, selector: #selector(g), name: .other, object: nil)`,
      ),
    ],
    ['a.js', reactNative(`const s = ${HEAR}; return () => s.remove();`)],
    ['a.js', script(`${CORDOVA} window.broadcaster.fireEvent('RootedDevice', on);`)],
    ['a.dart', dart(`final s = ${DART}; s.onError(print); subscriptions.add(s);`)],
  ])('but %s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));
});

describe('asks senders for a permission', () => {
  it.each([
    ['"com.example.SEND", null', 'named'],
    ['getPackageName() + ".deveventspermission", null, 2', 'registered'],
    ['"com.example.deveventspermission", null', 'registered'],
    ['null, null', 'registered'],
    ['null, handler, 2', 'registered'],
    ['Context.RECEIVER_EXPORTED', 'registered'],
  ])('%s', async (more, expected) => {
    const call = `registerReceiver(r, new IntentFilter("RootedDevice"), ${more});`;
    expect(await outcome('A.java', android(call))).toBe(expected);
  });
});
