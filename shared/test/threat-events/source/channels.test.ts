/** Who listens to the stream of a Flutter EventChannel, and where. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const SERVICES = "import 'package:flutter/services.dart';\n";
const STREAM = "const EventChannel('RootedDevice').receiveBroadcastStream()";

const outcome = async (text: string, more: Record<string, string> = {}) =>
  (await outcomesOf({ 'lib/a.dart': text, ...more }))['RootedDevice'];

describe('listens to a channel', () => {
  it.each([
    ['a loop', `Future<void> f() async { await for (final e in ${STREAM}) { print(e); } }`],
    [
      'a loop over a variable',
      `Future<void> f() async { final s = ${STREAM}; await for (final e in s.map((e) => e)) { print(e); } }`,
    ],
    ['forEach', `void f() { ${STREAM}.forEach((e) => print(e)); }`],
    ['a widget', `Widget f() => StreamBuilder(stream: ${STREAM}, builder: (c, s) => Text(''));`],
    [
      'a widget with a type',
      `Widget f() { return StreamBuilder<Map<String, dynamic>>(stream: ${STREAM}, builder: (c, s) => Text('')); }`,
    ],
    [
      'a widget with a channel of its class',
      "class W { static const c = EventChannel('RootedDevice'); Widget f() => StreamBuilder<dynamic>(stream: c.receiveBroadcastStream(), builder: b); }",
    ],
    ['a provider', `Widget f() => StreamProvider<Object?>(create: (_) => ${STREAM}, initialData: null, child: app);`],
    ['a provider of a value', `Widget f() => StreamProvider<Object?>.value(value: ${STREAM}, initialData: null);`],
    [
      'what watches a provider',
      `final p = StreamProvider<dynamic>((ref) => ${STREAM}); Widget f(ref) => Text(ref.watch(p));`,
    ],
    [
      'what watches one that ends',
      `final p = StreamProvider.autoDispose<int>((ref) => ${STREAM}); void f(ref) { ref.listen(p, g); }`,
    ],
    [
      'what has it by a getter',
      `class A { Stream<dynamic> get s => ${STREAM}; void f() { s.map((e) => e).listen(print); } }`,
    ],
    [
      'what has it by a function',
      `Stream<dynamic> s() { return ${STREAM}.map((e) => e); }\nvoid f() { s().listen(print); }`,
    ],
    [
      'what has it by a getter that keeps it',
      `class A { Stream<dynamic>? _s; Stream<dynamic> get s => _s ??= ${STREAM}; void f() { s.listen(print); } }`,
    ],
    [
      'what has it by another object',
      `class R { Stream<dynamic> get s => ${STREAM}; } class A { final R r; A(this.r); void f() { r.s.listen(print); } }`,
    ],
    [
      'what has it by a method of another object',
      `class R { Stream<dynamic> s() => ${STREAM}; } class A { final r = R(); void f() { r.s().listen(print); } }`,
    ],
    [
      'each of a list',
      "const n = ['RootedDevice']; void f() { n.map(EventChannel.new).forEach((c) => c.receiveBroadcastStream().listen(print)); }",
    ],
    [
      'each in a loop',
      "const n = ['RootedDevice']; void f() { for (final c in n.map(EventChannel.new)) { c.receiveBroadcastStream().listen(print); } }",
    ],
    [
      'each channel of a list',
      "const n = [EventChannel('RootedDevice')]; void f() { for (final c in n) { c.receiveBroadcastStream().listen(print); } }",
    ],
    ['a call with a type', `void f() { ${STREAM}.map<int>((e) => e).listen(print); }`],
  ])('%s', async (_, text) => expect(await outcome(SERVICES + text)).toBe('registered'));

  it.each([
    ['a loop that does not wait', `void f() { for (final e in ${STREAM}) { print(e); } }`],
    [
      'a loop over another stream',
      "Future<void> f() async { await for (final e in bus.on('RootedDevice')) { print(e); } }",
    ],
    [
      'a loop in debug builds',
      `Future<void> f() async { if (kDebugMode) { await for (final e in ${STREAM}) { print(e); } } }`,
    ],
    [
      'a widget of the app',
      `class StreamBuilder { StreamBuilder({stream, builder}); }\nfinal w = StreamBuilder(stream: ${STREAM}, builder: b);`,
    ],
    ['a widget without a builder', `Widget f() => StreamBuilder(stream: ${STREAM});`],
    ['another widget', `Widget f() => Other(stream: ${STREAM}, builder: b);`],
    ['a provider that nothing watches', `final p = StreamProvider<dynamic>((ref) => ${STREAM});`],
    [
      'what watches another provider',
      `final p = StreamProvider<dynamic>((ref) => ${STREAM}); Widget f(ref) => ref.watch(q);`,
    ],
    ['a getter', `class A { Stream<dynamic> get s => ${STREAM}; }`],
    [
      'a getter that keeps another',
      `class A { Stream<dynamic>? _s; Stream<dynamic> get s => _s ??= ${STREAM}; void f() { _s = other; s.listen(print); } }`,
    ],
    [
      'what has another one of its name',
      `class R { Stream<dynamic> get s => ${STREAM}; } class A { final Other r; A(this.r); void f() { r.s.listen(print); } }`,
    ],
    [
      'some of a list',
      "const n = ['RootedDevice']; void f() { n.skip(1).map(EventChannel.new).forEach((c) => c.receiveBroadcastStream().listen(print)); }",
    ],
    [
      'a field that the constructor may set',
      "class A { String n = 'RootedDevice'; A(this.n); void f() { EventChannel(n).receiveBroadcastStream().listen(print); } }",
    ],
    ['forEach of the names', "void f() { ['RootedDevice'].forEach(print); }"],
  ])('but not %s', async (_, text) => expect(await outcome(SERVICES + text)).toBe('named'));

  it.each([
    ["import 'b.dart' as b;", 'registered'],
    ["import '../lib/b.dart' as b hide C;", 'registered'],
    ["import 'package:b/b.dart' as b;", 'named'],
  ])('by names of %s', async (line, expected) => {
    const loop = 'void f() { for (final n in b.names) { EventChannel(n).receiveBroadcastStream().listen(print); } }';
    const found = await outcome(`${line}\n${SERVICES}${loop}`, { 'lib/b.dart': "const names = ['RootedDevice'];" });
    expect(found).toBe(expected);
  });

  it('of another file, which imports no services', async () => {
    const more = {
      'lib/b.dart':
        "import 'package:flutter/material.dart';\nimport 'a.dart';\nclass A { final R r; A(this.r); void f() { r.s.listen(print); } }",
    };
    expect(await outcome(`${SERVICES}class R { Stream<dynamic> get s => ${STREAM}; }`, more)).toBe('registered');
    expect(
      await outcome(`import 'package:other/channels.dart';\nclass R { Stream<dynamic> get s => ${STREAM}; }`, more),
    ).toBe('named');
  });

  it('of services with a prefix', async () => {
    const text =
      "import 'package:flutter/services.dart' as s;\nvoid f() { s.EventChannel('RootedDevice').receiveBroadcastStream().listen(print); }";
    expect(await outcome(text)).toBe('registered');
  });
});
