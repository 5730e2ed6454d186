/** A flag decides for a release build only if nothing can write it. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { outcomesOf, sourceTree } from './tree.ts';

const JAVA = 'registerReceiver(r, new IntentFilter("RootedDevice"), 2);';
const KOTLIN = 'registerReceiver(r, IntentFilter("RootedDevice"), 2)';
const CSHARP = 'RegisterReceiver(new R(), new IntentFilter("RootedDevice"));';
const SWIFT =
  'NotificationCenter.default.addObserver(self, selector: #selector(g), name: .init("RootedDevice"), object: nil)';
const OBJC =
  '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(g:) name:@"RootedDevice" object:nil];';
const CORDOVA = "window.broadcaster.addEventListener('RootedDevice', f);";
const DART = "EventChannel('RootedDevice').receiveBroadcastStream().listen(f)";

const java = (flag: string) =>
  `class A extends Application { BroadcastReceiver r = make(); ${flag} void f() { if (on) { ${JAVA} } } }`;
const kotlin = (flag: string) =>
  `class A : Application() { val r = make()\n${flag}\nfun f() { if (on) { ${KOTLIN} } } }`;
const csharp = (flag: string) => `class A : Application { ${flag} void F() { if (On) { ${CSHARP} } } }`;
const swift = (flag: string) => `class A: NSObject { ${flag}\nfunc f() { if on { ${SWIFT} } } }`;
const objc = (flag: string) => `${flag}\n@implementation A\n- (void)f { if (on) { ${OBJC} } }\n@end`;
const script = (flag: string, condition = 'on') => `${flag}\nfunction s() { if (${condition}) { ${CORDOVA} } }`;
const dart = (flag: string) => `import 'package:flutter/services.dart';\n${flag}\nvoid s() { if (on) { ${DART}; } }`;

const outcome = async (file: string, text: string) => (await outcomesOf({ [file]: text }))['RootedDevice'];

describe('a flag that nothing can write', () => {
  it.each([
    ['A.java', java('static final boolean on = false;')],
    ['A.java', java('private final boolean on = false;')],
    ['A.java', java('@SuppressWarnings("unused") private static final boolean on = false;')],
    ['A.kt', kotlin('val on = false')],
    ['A.kt', kotlin('private val on: Boolean get() = false')],
    ['A.kt', kotlin('companion object { const val on = false }')],
    ['A.cs', csharp('const bool On = false;')],
    ['A.cs', csharp('static readonly bool On = false;')],
    ['A.cs', csharp('bool On => false;')],
    ['A.cs', csharp('bool On { get; } = false;')],
    ['A.swift', swift('let on = false')],
    ['A.swift', swift('static let on = false')],
    ['A.swift', swift('private var on: Bool { false }')],
    ['A.m', objc('static const BOOL on = NO;')],
    ['A.m', objc('#define on NO')],
    ['a.js', script('const on = false;')],
    ['a.js', script('export const on = false;')],
    ['a.js', script('const config = { threats: { enabled: false } };', 'config.threats.enabled')],
    ['a.js', script('const config = { on: false };', '!config.on === false')],
    ['a.dart', dart('const on = false;')],
    ['a.dart', dart('final on = false;')],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('named'));
});

describe('but one that something may write', () => {
  it.each([
    ['A.java', java('boolean on = false;')],
    ['A.java', java('static boolean on = false;')],
    ['A.java', java('@SerializedName("t") private boolean on = false;')],
    ['A.java', java('@Value("x") private final boolean on = false;')],
    ['A.kt', kotlin('var on = false')],
    ['A.kt', kotlin('@Inject @JvmField var on: Boolean = false')],
    ['A.kt', kotlin('open val on = false')],
    ['A.kt', kotlin('val on by preferences')],
    ['A.cs', csharp('[ObservableProperty] bool On = false;')],
    ['A.cs', csharp('public bool On { get; set; } = false;')],
    ['A.cs', csharp('public bool On { get; init; } = false;')],
    ['A.cs', csharp('protected virtual bool On => false;')],
    ['A.swift', swift('var on = false')],
    ['A.swift', swift('@AppStorage("on") var on = false')],
    ['A.swift', swift('var on = false { didSet { f() } }')],
    ['A.swift', swift('@Published private(set) var on: Bool = false')],
    ['A.swift', swift('var on = false; func t() { on.toggle() }')],
    ['A.swift', swift('var on = false; func t() { load(&on) }')],
    ['A.m', objc('static BOOL on = NO;')],
    ['A.m', objc('#ifndef on\n#define on NO\n#endif')],
    ['a.js', script('let on = false;')],
    [
      'a.js',
      'class T { on = false; s() { if (!this.on) return; window.broadcaster.addEventListener("RootedDevice", f); } }',
    ],
    ['a.js', script('let config = { on: false };', 'config.on')],
    ['a.js', script('const config = { on: false }; config.on = true;', 'config.on')],
    ['a.js', script("const config = { on: false }; config['on'] = true;", 'config.on')],
    ['a.js', script('const config = { on: false }; Object.assign(config, remote);', 'config.on')],
    ['a.js', script('const config = { a: { on: false } }; load(config.a);', 'config.a.on')],
    ['a.js', script('const config = { a: { on: false } }; const a = config.a; a.on = true;', 'config.a.on')],
    ['a.js', script('const config = { on: false, ...remote };', 'config.on')],
    ['a.js', script('const config = { on: false }; export default config;', 'config.on')],
    ['a.dart', dart('bool on = false;')],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));

  it('is given as the condition', async () => {
    const root = await sourceTree({ 'A.swift': swift('var on = false') });
    const { events } = await findListenersInSource({ root, events: ['RootedDevice'] });
    expect(events[0]?.places[0]?.detail).toMatch(/condition.*2/u);
  });
});

describe('@Preview of Compose', () => {
  const preview = (more: string) => `import androidx.compose.ui.tooling.preview.Preview
@Preview(showBackground = true)
@Composable
fun P(context: Context) { context.${KOTLIN} }
${more}`;
  it('is not run in the app', async () => expect(await outcome('A.kt', preview(''))).toBe('named'));
  it('unless the app calls it', async () =>
    expect(await outcome('A.kt', preview('fun s(c: Context) = P(c)'))).toBe('registered'));
});

describe('a flag that calls give with the name', () => {
  const android = (body: string, calls: string) =>
    `class A : Application() { val r = make()
fun listen(n: String, on: Boolean = true) { ${body} }
fun f() { ${calls} } }`;
  const OFF = `if (!on) return; ${KOTLIN.replace('"RootedDevice"', 'n')}`;
  const ON = `if (on) { ${KOTLIN.replace('"RootedDevice"', 'n')} }`;
  const broadcast = (calls: string) =>
    `function listen(n, on) { if (on) { window.broadcaster.addEventListener(n, f); } } ${calls}`;
  it.each([
    ['A.kt', android(OFF, 'listen("RootedDevice", false); listen("Other", true)'), 'named'],
    ['A.kt', android(ON, 'listen("RootedDevice", on = false); listen("Other")'), 'named'],
    ['A.kt', android(OFF, 'listen("RootedDevice", true); listen("Other", false)'), 'registered'],
    ['A.kt', android(OFF, 'listen("RootedDevice", false); listen("RootedDevice", true)'), 'registered'],
    ['A.kt', android(ON, 'listen("RootedDevice")'), 'registered'],
    ['A.kt', android(OFF, 'listen("RootedDevice", settings.on)'), 'registered'],
    ['a.js', broadcast("listen('RootedDevice', false); listen('Other', true);"), 'named'],
    ['a.js', broadcast("listen('RootedDevice', null); listen('Other', f);"), 'named'],
    ['a.js', broadcast("listen('RootedDevice', f); listen('Other', null);"), 'registered'],
    ['a.js', broadcast("listen('RootedDevice', false);").replace('{ if', '{ on = x; if'), 'registered'],
  ])('%s %s', async (file, text, expected) => expect(await outcome(file, text)).toBe(expected));
});
