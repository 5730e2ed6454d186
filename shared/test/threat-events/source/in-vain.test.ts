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
    ['A.java', android(`while (BuildConfig.DEBUG) { ${JAVA} }`)],
    ['A.java', android(`for (;BuildConfig.DEBUG;) ${JAVA}`)],
    ['A.java', android(`for (String s : all) { if (!BuildConfig.DEBUG) continue; ${JAVA} }`)],
    ['A.java', android(`do { if (!BuildConfig.DEBUG) break; ${JAVA} } while (x);`)],
    ['A.java', android(`if (com.example.BuildConfig.DEBUG == true) { ${JAVA} }`)],
    ['A.java', android(`if (BuildConfig.BUILD_TYPE.equals("debug")) { ${JAVA} }`)],
    ['A.java', android(`if (isDebug()) { ${JAVA} } } boolean isDebug() { return BuildConfig.DEBUG;`)],
    ['A.java', android(`System.exit(1); ${JAVA}`)],
    ['A.java', android(`fail(); ${JAVA} } void fail() { log(); throw new IllegalStateException();`)],
    ['A.java', android(`assert g(() -> { ${JAVA} });`)],
    ['A.kt', kotlin(`while (BuildConfig.DEBUG) { ${KOTLIN} }`)],
    ['A.kt', kotlin(`BuildConfig.DEBUG || return\n${KOTLIN}`)],
    ['A.kt', kotlin(`if (BuildConfig.DEBUG.not().not()) { ${KOTLIN} }`)],
    ['A.kt', kotlin(`val d = x.takeIf { BuildConfig.DEBUG } ?: return\n${KOTLIN}`)],
    ['A.kt', kotlin(`x.takeUnless { true }?.also { y }?.let { ${KOTLIN} }`)],
    ['A.kt', kotlin(`when { BuildConfig.DEBUG -> ${KOTLIN} }`)],
    ['A.kt', kotlin(`error("no")\n${KOTLIN}`)],
    ['A.kt', kotlin(KOTLIN.replace('(r,', '(r.takeIf { false },'))],
    ['A.kt', kotlin(`TODO()\n${KOTLIN}`)],
    ['A.kt', kotlin(`fail()\n${KOTLIN}\n}\nfun fail(): Nothing {\n throw x`)],
    ['A.kt', kotlin(`emptyList<String>().forEach { ${KOTLIN} }`)],
    ['A.kt', kotlin(`for (x in listOf<String>()) { ${KOTLIN} }`)],
    ['A.cs', `class A : Application { [Conditional("DEBUG")] void F() { ${CSHARP} } }`],
    ['A.cs', csharp(`Debug.Assert(${CSHARP.slice(0, -1)} != null);`)],
    ['A.cs', csharp(`if (Debugger.IsAttached) { ${CSHARP} }`)],
    ['A.cs', csharp(`Environment.FailFast("no"); ${CSHARP}`)],
    ['A.swift', swift(`while false { ${SWIFT} }`)],
    ['A.swift', swift(`fatalError()\n${SWIFT}`)],
    ['A.swift', swift(`preconditionFailure("no")\n${SWIFT}`)],
    ['A.swift', swift(`stop()\n${SWIFT}\n}\nfunc stop() -> Never {\nwhile true { }`)],
    ['A.swift', swift(`assert({ ${SWIFT}; return true }())`)],
    ['A.swift', `@available(iOS, unavailable)\n${swift(SWIFT)}`],
    ['A.swift', `class A: NSObject { @available(*, unavailable) func f() { ${SWIFT} } }`],
    ['A.m', objc(`while (NO) { ${OBJC} }`)],
    ['A.m', objc(`if (DEBUG) { ${OBJC} }`)],
    ['A.m', objc(`abort(); ${OBJC}`)],
    [
      'A.m',
      objc(
        'NSAssert([[NSNotificationCenter defaultCenter] addObserverForName:@"RootedDevice" object:nil queue:nil usingBlock:^(NSNotification *n) { g(); }], @"x");',
      ),
    ],
    ['a.js', reactNative(`while (__DEV__) { ${HEAR}; break; }`)],
    ['a.js', reactNative(`if (process.env.NODE_ENV !== 'production') { ${HEAR}; }`)],
    ['a.js', reactNative(`if (Platform.OS === 'web') { ${HEAR}; }`)],
    ['a.js', reactNative(`0 ? ${HEAR} : 0;`)],
    ['a.js', reactNative(`[].forEach(() => { ${HEAR}; });`)],
    ['a.dart', dart(`assert(() { ${DART}; return true; }());`)],
    ['a.dart', dart(`if (kIsWeb) { ${DART}; }`)],
    ['a.dart', dart(`for (;kDebugMode;) { ${DART}; }`)],
    ['a.dart', dart(`exit(1); ${DART};`)],
    ['a.dart', dart(`fail(); ${DART};\n}\nNever fail() { throw x;`)],
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
    ['A.java', android(`if (x) return; else ${JAVA}`)],
    ['A.java', android(`try { g(); return; } catch (Exception e) { ${JAVA} }`)],
    ['A.java', android(`switch (x) { case 1: g(); break; default: ${JAVA} }`)],
    ['A.java', android(`while (x) { ${JAVA} }`)],
    ['A.java', android(`for (String s : all) { if (BuildConfig.DEBUG) continue; ${JAVA} }`)],
    ['A.java', android(`if (!BuildConfig.BUILD_TYPE.equals("debug")) { ${JAVA} }`)],
    ['A.java', android(`if (BuildConfig.BUILD_TYPE.equals("release")) { ${JAVA} }`)],
    ['A.java', android(`if (on()) { ${JAVA} } } boolean on() { return true;`)],
    ['A.java', android(`check(); ${JAVA} } void check() { if (x) return; throw new Error();`)],
    ['A.java', android(`bus.exit(1); ${JAVA}`)],
    ['A.kt', kotlin(`if (x == null) return\n${KOTLIN}`)],
    ['A.kt', kotlin(`if (x) return else ${KOTLIN}`)],
    ['A.kt', kotlin(`val d = x ?: return\n${KOTLIN}`)],
    ['A.kt', kotlin(`val d = x ?: error("no")\n${KOTLIN}`)],
    ['A.kt', kotlin(`x.takeIf { BuildConfig.DEBUG }?.let { g() }\n${KOTLIN}`)],
    ['A.kt', kotlin(`x.takeIf { true }?.let { ${KOTLIN} }`)],
    ['A.kt', kotlin(`when { BuildConfig.DEBUG -> g() ; else -> ${KOTLIN} }`)],
    ['A.kt', kotlin(`onError { error("no") }\n${KOTLIN}`)],
    ['A.kt', kotlin(`error("no")\n${KOTLIN}\n}\nfun error(x: String) {\nlog(x)`)],
    ['A.swift', swift(`precondition(x)\nassert(x)\n${SWIFT}`)],
    ['A.swift', `@available(iOS 13, *)\n${swift(SWIFT)}`],
    ['A.swift', `@available(macOS, unavailable)\n${swift(SWIFT)}`],
    ['A.swift', swift(`guard let x = y else { fatalError() }\n${SWIFT}`)],
    ['A.cs', csharp(`Debug.Assert(x != null); ${CSHARP}`)],
    ['a.js', `const on = 1; g(); throw new Error(); ${script(CORDOVA)}`],
    ['a.js', reactNative(`if (Platform.OS !== 'web') { ${HEAR}; }`)],
    ['a.js', reactNative(`if (process.env.NODE_ENV === 'production') { ${HEAR}; }`)],
    ['a.dart', dart(`if (!kIsWeb) { ${DART}; }`)],
    ['a.dart', dart(`fail(); ${DART};\n}\nFuture<void> fail() async { throw x;`)],
    ['A.swift', swift(`guard let x = y else { return }\n${SWIFT}`)],
    ['A.swift', swift(`guard true else { return }\n${SWIFT}`)],
    ['A.m', objc(`if (YES) { ${OBJC} }`)],
    ['a.js', reactNative(`__DEV__ || ${HEAR};`)],
    ['a.dart', dart(`if (kReleaseMode) { ${DART}; }`)],
  ])('but %s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));
});

it('follows no chain of calls without an end', async () => {
  const calls = Array.from({ length: 3000 }, (_, index) => `fun f${index}() { f${index + 1}() }`).join('\n');
  const text = kotlin(`f0()\n${KOTLIN}\n}\n${calls}\nfun f3000() {\nf0()`);
  expect(await outcome('A.kt', text)).toBe('registered');
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
    ['A.java', android(`${JAVA} BroadcastReceiver q = r; unregisterReceiver(q);`)],
    ['A.java', android(`BroadcastReceiver q = this.r; ${JAVA} getApplicationContext().unregisterReceiver(q);`)],
    ['A.java', android(`Context c = getBaseContext(); Context d = c; c.${JAVA} d.unregisterReceiver(this.r);`)],
    ['A.kt', kotlin(`${KOTLIN}\nval r2 = r\nunregisterReceiver(r2)`)],
    ['A.kt', kotlin(`${KOTLIN}\nunregisterReceiver(r)`)],
    ['A.swift', swift(`defer { NotificationCenter.default.removeObserver(self) }\n${SWIFT}`)],
    ['A.swift', swift(`if x { defer { NotificationCenter.default.removeObserver(self) }\n${SWIFT} }`)],
    [
      'A.swift',
      swift(
        'let t = NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }\nlet u = t\ndefer { NotificationCenter.default.removeObserver(u) }',
      ),
    ],
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
    ['A.java', android(`${JAVA} BroadcastReceiver q = other; unregisterReceiver(q);`)],
    ['A.swift', swift(`NotificationCenter.default.removeObserver(self)\n${SWIFT}`)],
    ['A.swift', swift(`do { defer { NotificationCenter.default.removeObserver(self) }\ng() }\n${SWIFT}`)],
    ['A.swift', swift(`defer { lock.unlock() }\n${SWIFT}`)],
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

describe('ends in another branch', () => {
  const DART_ON = `s = ${DART};`;
  it.each([
    ['A.java', android(`if (x) { ${JAVA} } else { unregisterReceiver(r); }`)],
    ['A.java', android(`if (x) ${JAVA} else if (y) unregisterReceiver(r);`)],
    ['A.java', android(`if (x) { ${JAVA} return; } unregisterReceiver(r);`)],
    ['A.java', android(`switch (x) { case 1: ${JAVA} break; case 2: unregisterReceiver(r); }`)],
    ['A.java', android(`switch (x) { case 1: { ${JAVA} break; } default: { unregisterReceiver(r); } }`)],
    ['A.java', android(`switch (x) { case 1 -> { ${JAVA} } default -> unregisterReceiver(r); }`)],
    ['A.kt', kotlin(`if (x) { ${KOTLIN} } else { unregisterReceiver(r) }`)],
    ['A.kt', kotlin(`if (x) ${KOTLIN} else unregisterReceiver(r)`)],
    ['A.kt', kotlin(`if (x) {\n${KOTLIN}\nreturn\n}\nunregisterReceiver(r)`)],
    ['A.kt', kotlin(`when (x) {\n1 -> ${KOTLIN}\nelse -> unregisterReceiver(r)\n}`)],
    ['A.cs', csharp(`if (x) { ${CSHARP} } else { UnregisterReceiver(r); }`)],
    ['A.cs', csharp(`switch (x) { case 1: ${CSHARP} break; default: UnregisterReceiver(r); break; }`)],
    ['A.swift', swift(`if x { ${SWIFT} } else { NotificationCenter.default.removeObserver(self) }`)],
    ['A.swift', swift(`switch x {\ncase .on: ${SWIFT}\ndefault: NotificationCenter.default.removeObserver(self)\n}`)],
    ['A.m', objc(`if (x) { ${OBJC} } else { [[NSNotificationCenter defaultCenter] removeObserver:self]; }`)],
    [
      'A.m',
      objc(
        `switch (x) { case 1: ${OBJC} break; default: [[NSNotificationCenter defaultCenter] removeObserver:self]; }`,
      ),
    ],
    ['a.js', script(`if (x) { ${CORDOVA} } else { window.broadcaster.removeEventListener('RootedDevice', on); }`)],
    [
      'a.js',
      script(
        `switch (x) { case 1: ${CORDOVA} break; default: window.broadcaster.removeEventListener('RootedDevice', on); }`,
      ),
    ],
    ['a.dart', dart(`if (x) { ${DART_ON} } else { s.cancel(); }`)],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));

  it.each([
    ['A.java', android(`if (x) { ${JAVA} } else { g(); } unregisterReceiver(r);`)],
    ['A.java', android(`if (x) { ${JAVA} } if (y) { unregisterReceiver(r); }`)],
    ['A.java', android(`if (x) { ${JAVA} unregisterReceiver(r); } else { g(); }`)],
    ['A.java', android(`if (x) { ${JAVA} } else { unregisterReceiver(r); } unregisterReceiver(r);`)],
    ['A.java', android(`switch (x) { case 1: ${JAVA} case 2: unregisterReceiver(r); }`)],
    ['A.java', android(`try { if (x) { ${JAVA} return; } } finally { unregisterReceiver(r); }`)],
    ['A.java', android(`try { ${JAVA} return; } finally { unregisterReceiver(r); }`)],
    ['A.kt', kotlin(`all.forEach {\n${KOTLIN}\nreturn@forEach\n}\nunregisterReceiver(r)`)],
    ['A.swift', swift(`defer { NotificationCenter.default.removeObserver(self) }\nif x { ${SWIFT}; return }\ng()`)],
    [
      'A.swift',
      swift(`switch x {\ncase .on: ${SWIFT}\nfallthrough\ndefault: NotificationCenter.default.removeObserver(self)\n}`),
    ],
    [
      'a.js',
      script(`all.forEach(() => { ${CORDOVA} return; }); window.broadcaster.removeEventListener('RootedDevice', on);`),
    ],
  ])('but %s %s', async (file, text) => expect(await outcome(file, text)).toBe('named'));
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
