/** Forms of registration in React Native, Cordova and Flutter, and what only looks like one. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const rn = (body: string, more: Record<string, string> = {}, file = 'src/a.tsx') => ({
  [file]: `import { NativeEventEmitter, NativeModules } from 'react-native';\n${body}`,
  ...more,
});
const both = (name: string, module = 'NativeModules.ADDevEvents', emitter = `new NativeEventEmitter(${module})`) =>
  `${module}.registerForDevEvent(${name}); ${emitter}.addListener(${name}, handle);`;
const cordova = (body: string) => ({ 'www/js/index.js': body });
const dart = (body: string, top = '') => ({ 'lib/main.dart': `${top}\nvoid start() { ${body} }` });

describe('registered', () => {
  it.each<[string, Record<string, string>]>([
    ['React Native: at once', rn(both("'RootedDevice'"))],
    [
      'React Native: as in the articles, in JavaScript',
      rn(
        `const { ADDevEvents } = NativeModules; const e = new NativeEventEmitter(ADDevEvents); ${both("'RootedDevice'", 'ADDevEvents', 'e')}`,
        {},
        'App.js',
      ),
    ],
    [
      'React Native: JSX around it',
      rn(
        `export const A = () => { useEffect(() => { ${both("'RootedDevice'")} }, []); return <View a={1}>{x}</View>; };`,
      ),
    ],
    [
      'React Native: the emitter of another file',
      rn(
        both("'RootedDevice'", 'NativeModules.ADDevEvents', 'emitter').replace(
          /^/u,
          "import { emitter } from './emitter'; ",
        ),
        {
          'src/emitter.ts':
            "import { NativeEventEmitter, NativeModules } from 'react-native'; export const emitter = new NativeEventEmitter(NativeModules.ADDevEvents);",
        },
      ),
    ],
    [
      'React Native: the module of another file',
      {
        'src/a.ts':
          "import { NativeEventEmitter } from 'react-native'; import { ADDevEvents } from './native'; const e = new NativeEventEmitter(ADDevEvents); ADDevEvents.registerForDevEvent('RootedDevice'); e.addListener('RootedDevice', h);",
        'src/native.ts': "import { NativeModules } from 'react-native'; export const { ADDevEvents } = NativeModules;",
      },
    ],
    [
      "React Native: JavaScript with Flow's types",
      rn(
        `// @flow\ntype Props = { a: ?string };\nexport default function App({ a }: Props): Node { ${both("'RootedDevice'")} return <View />; }`,
        {},
        'src/a.js',
      ),
    ],
    [
      'React Native: values of an object',
      rn(`const EVENTS = { root: 'RootedDevice' } as const; Object.values(EVENTS).forEach((n) => { ${both('n')} });`),
    ],
    [
      'React Native: keys of an object',
      rn(`const H = { RootedDevice: stop, other() {} }; for (const n of Object.keys(H)) { ${both('n')} }`),
    ],
    [
      'React Native: entries of an object',
      rn(`const H = { RootedDevice: stop }; Object.entries(H).forEach(([n, h]) => { ${both('n')} });`),
    ],
    [
      'React Native: entries in a loop',
      rn(`const H = { RootedDevice: stop }; for (const [n, h] of Object.entries(H)) { ${both('n')} }`),
    ],
    [
      'React Native: objects in an array',
      rn(`const L = [{ id: 1, name: 'RootedDevice' }]; L.map((one) => { ${both('one.name')} });`),
    ],
    ['React Native: an enum', rn(`enum Threat { Root = 'RootedDevice' }\n${both('Threat.Root')}`)],
    [
      'React Native: a constant by a namespace',
      rn(`import * as N from './names'; ${both('N.ROOT')}`, { 'src/names.ts': "export const ROOT = 'RootedDevice';" }),
    ],
    [
      'React Native: a constant by another name',
      rn(`import { ROOT as R } from './names'; ${both('R')}`, {
        'src/names.ts': "export const ROOT = 'RootedDevice';",
      }),
    ],
    [
      'React Native: a constant that is exported again',
      rn(`import { ROOT } from './index'; ${both('ROOT')}`, {
        'src/index.ts': "import { ROOT } from './names'; export { ROOT };",
        'src/names.ts': "export const ROOT = 'RootedDevice';",
      }),
    ],
    [
      'React Native: require',
      {
        'src/a.js': `const { NativeEventEmitter, NativeModules } = require('react-native'); const { ROOT } = require('./names'); ${both('ROOT')}`,
        'src/names.js': "const ROOT = 'RootedDevice'; module.exports = { ROOT };",
      },
    ],
    [
      'React Native: an arrow function of its own',
      rn(`const listen = (name: string) => { ${both('name')} }; listen('RootedDevice');`),
    ],
    [
      'React Native: a function that forEach gets',
      rn(`function listen(name) { ${both('name')} } ['RootedDevice'].forEach(listen);`),
    ],
    [
      'React Native: a class',
      rn(
        `class Threats { private e = new NativeEventEmitter(NativeModules.ADDevEvents); start() { NativeModules.ADDevEvents.registerForDevEvent('RootedDevice'); this.e.addListener('RootedDevice', this.on); } }`,
      ),
    ],
    [
      'React Native: a class whose constructor makes the emitter',
      rn(
        `class Threats { constructor() { this.e = new NativeEventEmitter(NativeModules.ADDevEvents); } start() { NativeModules.ADDevEvents.registerForDevEvent('RootedDevice'); this.e.addListener('RootedDevice', this.on); } }`,
        {},
        'a.js',
      ),
    ],
    ['Cordova: without window', cordova("broadcaster.addEventListener('RootedDevice', on);")],
    [
      'Cordova: a list and forEach',
      cordova("['RootedDevice'].forEach(function (n) { window.broadcaster.addEventListener(n, on); });"),
    ],
    [
      'Cordova: a constant of another script',
      { ...cordova('window.broadcaster.addEventListener(ROOT, on);'), 'www/js/names.js': "var ROOT = 'RootedDevice';" },
    ],
    [
      'Flutter: a field',
      {
        'lib/a.dart':
          "class A { static const EventChannel _c = EventChannel('RootedDevice'); void start() { _c.receiveBroadcastStream().listen(on); } }",
      },
    ],
    [
      'Flutter: streams that are mapped',
      dart("EventChannel('RootedDevice').receiveBroadcastStream().map((e) => e as Map).listen(on);"),
    ],
    [
      'Flutter: a stream in a variable',
      dart("final s = const EventChannel('RootedDevice').receiveBroadcastStream(); s.listen(on);"),
    ],
    [
      'Flutter: forEach',
      dart(
        'names.forEach((n) { EventChannel(n).receiveBroadcastStream().listen(on); });',
        "const names = ['RootedDevice'];",
      ),
    ],
    [
      'Flutter: channels of an enum',
      dart(
        'for (final t in Threat.values) { EventChannel(t.channel).receiveBroadcastStream().listen(on); }',
        "enum Threat { root('RootedDevice'); const Threat(this.channel); final String channel; }",
      ),
    ],
    [
      'Flutter: names of an enum',
      dart(
        'for (final t in Threat.values) { EventChannel(t.name).receiveBroadcastStream().listen(on); }',
        'enum Threat { RootedDevice, other }',
      ),
    ],
    [
      'Flutter: mapped to channels',
      dart(
        'names.map((n) => EventChannel(n)).forEach((c) => c.receiveBroadcastStream().listen(on));',
        "final names = ['RootedDevice'];",
      ),
    ],
    [
      'Flutter: a method of its own',
      {
        'lib/a.dart':
          "class A { void start() { listen('RootedDevice'); } void listen(String name) { EventChannel(name).receiveBroadcastStream().listen(on); } }",
      },
    ],
    [
      'Flutter: keys of a map',
      dart(
        'handlers.keys.forEach((n) { EventChannel(n).receiveBroadcastStream().listen(handlers[n]); });',
        "final handlers = <String, Function>{'RootedDevice': stop};",
      ),
    ],
  ])('%s', async (_title, files) => {
    expect(await outcomesOf(files)).toEqual({ RootedDevice: 'registered' });
  });
});

describe('only named', () => {
  it.each<[string, Record<string, string>]>([
    ['React Native: some of a list', rn(`['RootedDevice'].forEach((n) => { if (!wanted(n)) return; ${both('n')} });`)],
    [
      'React Native: some of a list, with &&',
      rn(
        `['RootedDevice'].forEach((n) => { wanted(n) && new NativeEventEmitter(NativeModules.ADDevEvents).addListener(n, h); NativeModules.ADDevEvents.registerForDevEvent(n); });`,
      ),
    ],
    [
      'Flutter: some of a list',
      dart(
        'for (final n in names) { if (!wanted(n)) continue; EventChannel(n).receiveBroadcastStream().listen(on); }',
        "const names = ['RootedDevice'];",
      ),
    ],
    [
      'React Native: a class that makes another emitter later',
      rn(
        `class Threats { constructor() { this.e = new NativeEventEmitter(NativeModules.ADDevEvents); this.e = other(); } start() { NativeModules.ADDevEvents.registerForDevEvent('RootedDevice'); this.e.addListener('RootedDevice', this.on); } }`,
        {},
        'a.js',
      ),
    ],
    ['React Native: registerForDevEvent alone', rn("NativeModules.ADDevEvents.registerForDevEvent('RootedDevice');")],
    [
      'React Native: addListener alone',
      rn("new NativeEventEmitter(NativeModules.ADDevEvents).addListener('RootedDevice', h);"),
    ],
    ['React Native: a module that Appdome does not have', rn(both("'RootedDevice'", 'NativeModules.ThreatModule'))],
    [
      'React Native: an emitter of something else',
      rn(both("'RootedDevice'", 'NativeModules.ADDevEvents', 'new NativeEventEmitter(NativeModules.Other)')),
    ],
    ['React Native: DeviceEventEmitter', rn(both("'RootedDevice'", 'NativeModules.ADDevEvents', 'DeviceEventEmitter'))],
    [
      'React Native: no callback',
      rn(
        "NativeModules.ADDevEvents.registerForDevEvent('RootedDevice'); new NativeEventEmitter(NativeModules.ADDevEvents).addListener('RootedDevice');",
      ),
    ],
    [
      'React Native: NativeModules of its own',
      { 'src/a.ts': `const NativeModules = fake(); ${both("'RootedDevice'")}` },
    ],
    [
      'React Native: part of a list',
      rn(`const L = ['RootedDevice', 'B']; L.filter(wanted).forEach((n) => { ${both('n')} });`),
    ],
    ['React Native: a name that is put together', rn(both('`$' + '{p}RootedDevice`'))],
    [
      'React Native: another function of that name',
      rn(`class A { listen(name) { ${both('name')} } } api.listen('RootedDevice');`),
    ],
    ['Cordova: a DOM event', cordova("document.addEventListener('RootedDevice', on);")],
    [
      'Cordova: a broadcaster of its own',
      cordova("var broadcaster = new Bus(); broadcaster.addEventListener('RootedDevice', on);"),
    ],
    ['Cordova: no callback', cordova("window.broadcaster.addEventListener('RootedDevice');")],
    ['Cordova: fired, not heard', cordova("window.broadcaster.fireNativeEvent('RootedDevice', {});")],
    ['Flutter: a stream that nobody listens to', dart("EventChannel('RootedDevice').receiveBroadcastStream();")],
    ['Flutter: a method channel', dart("MethodChannel('RootedDevice').invokeMethod('listen');")],
    ['Flutter: another stream', dart("bus.on('RootedDevice').listen(on);")],
    [
      'Flutter: some of a list',
      dart(
        'names.where(wanted).forEach((n) { EventChannel(n).receiveBroadcastStream().listen(on); });',
        "const names = ['RootedDevice'];",
      ),
    ],
    ...['null', 'undefined', 'never'].flatMap(
      (callback): Array<[string, Record<string, string>]> => [
        [
          `React Native: ${callback} for a callback`,
          rn(
            `let never; NativeModules.ADDevEvents.registerForDevEvent('RootedDevice'); new NativeEventEmitter(NativeModules.ADDevEvents).addListener('RootedDevice', ${callback});`,
          ),
        ],
        [
          `Cordova: ${callback} for a callback`,
          cordova(`let never; window.broadcaster.addEventListener('RootedDevice', ${callback});`),
        ],
      ],
    ),
    [
      'Flutter: an EventChannel of another package',
      dart(
        "EventChannel('RootedDevice').receiveBroadcastStream().listen(on);",
        "import 'package:flutter/services.dart';\nimport 'package:other/other.dart' show EventChannel;",
      ),
    ],
    [
      'Cordova: a window of its own',
      cordova("var window = { broadcaster: new Bus() }; window.broadcaster.addEventListener('RootedDevice', on);"),
    ],
    [
      'Cordova: a broadcaster of its own at the window',
      cordova("window.broadcaster = new Bus(); window.broadcaster.addEventListener('RootedDevice', on);"),
    ],
    ['Flutter: null for a callback', dart("EventChannel('RootedDevice').receiveBroadcastStream().listen(null);")],
    [
      'Flutter: some of a stream',
      dart("EventChannel('RootedDevice').receiveBroadcastStream().where(wanted).listen(on);"),
    ],
  ])('%s', async (_title, files) => {
    expect(await outcomesOf(files)).toEqual({ RootedDevice: 'named' });
  });
});
