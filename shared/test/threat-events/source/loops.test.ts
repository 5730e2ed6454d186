/** Loops that certainly take every element of a list, and those that may not. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const java = (body: string) => ({
  'A.java': `class A extends Application { static final String[] N = {"B", "RootedDevice"}; int count; void f(boolean on) { IntentFilter f = new IntentFilter(); ${body} registerReceiver(r, f); } }`,
});
const kotlin = (body: string) => ({
  'A.kt': `val N = listOf("B", "RootedDevice")\nclass A : Application() { fun f() { val f = IntentFilter()\n${body}\nregisterReceiver(r, f) } }`,
});
const swift = (body: string) => ({
  'A.swift': `class A { let names = ["B", "RootedDevice"]\nfunc f() { ${body.replaceAll('X', 'NotificationCenter.default.addObserver(forName: .init(n), object: nil, queue: nil) { _ in return }')} } }`,
});
const js = (body: string) => ({
  'a.js': `const N = ['B', 'RootedDevice']; ${body.replaceAll('X', 'window.broadcaster.addEventListener(n, () => { return; });')}`,
});
const dart = (body: string) => ({
  'a.dart': `const N = ['B', 'RootedDevice'];\nvoid f() { ${body.replaceAll('X', 'EventChannel(n).receiveBroadcastStream().listen((e) { return; });')} }`,
});
const objc = (body: string) => ({
  'A.m': `@implementation A\n- (void)f { NSArray *a = @[@"B", @"RootedDevice"]; ${body.replaceAll('X', '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(g:) name:n object:nil];')} }\n@end`,
});

describe.each<[string, Array<Record<string, string>>]>([
  [
    'registered',
    [
      java('for (String n : N) { f.addAction(n); }'),
      java('if (!on) return; for (String n : N) { f.addAction(n); }'),
      java('for (String n : N) { if (Build.VERSION.SDK_INT > 3) f.addAction(n); }'),
      java('for (int i = 0; i < N.length; ++i) { f.addAction(N[i]); }'),
      java('for (int i = 0; i < N.length; i += 1) { f.addAction(N[i]); }'),
      kotlin('for (n in N) { f.addAction(n) }'),
      swift('for n in names { X }'),
      js('N.forEach((n) => { X });'),
      js('for (const n of N) { X }'),
      dart('for (final n in N) { X }'),
      objc('for (NSString *n in a) { X }'),
    ],
  ],
  [
    'named',
    [
      java('for (String n : N) { f.addAction(n); break; }'),
      java('for (String n : N) { f.addAction(n); if (on) return; }'),
      java('for (String n : N) { boolean ok = wanted(n); if (ok) f.addAction(n); }'),
      java('for (String n : N) { boolean ok = wanted(n); if (!ok) continue; f.addAction(n); }'),
      java('int i = 0; for (String n : N) { if (i++ < 1) f.addAction(n); }'),
      java('for (String n : N) { if (count < 1) f.addAction(n); count = count + 1; }'),
      java('for (int i = 0; i < N.length - 1; i++) { f.addAction(N[i]); }'),
      java('for (int i = 0; i < N.length; i += 2) { f.addAction(N[i]); }'),
      java('for (int i = 0; i < N.length; i++) { f.addAction(N[i]); i++; }'),
      java('for (int i = 0; i < Math.min(1, N.length); i++) { f.addAction(N[i]); }'),
      java('for (int i = 0; i < other.N.length; i++) { f.addAction(N[i]); }'),
      kotlin('for (n in N) { f.addAction(n)\nbreak }'),
      kotlin('N.forEach { f.addAction(it)\nreturn }'),
      kotlin('N.forEach { val ok = wanted(it)\nif (ok) f.addAction(it) }'),
      swift('for n in names { X; break }'),
      swift('for n in names where n.count > 3 { X }'),
      swift('for n in names { let ok = wanted(n); guard ok else { continue }; X }'),
      js('for (const n of N) { X break; }'),
      js('N.some((n) => { X return true; });'),
      js('for (const n of N) { const on = wanted(n); if (!on) continue; X }'),
      dart('for (final n in N) { X break; }'),
      objc('for (NSString *n in a) { X break; }'),
      objc('[a enumerateObjectsUsingBlock:^(NSString *n, NSUInteger i, BOOL *stop) { X *stop = YES; }];'),
    ],
  ],
])('%s', (outcome, trees) => {
  it.each(trees.map((tree) => [Object.values(tree).join(), tree] as const))('%s', async (_title, tree) => {
    expect(await outcomesOf(tree)).toEqual({ RootedDevice: outcome });
  });
});

it.each([
  ['a condition on what is made of the parameter', 'String l = n.toLowerCase(); if (l.isEmpty()) return;', 'named'],
  ['a condition on something else', 'String l = other(); if (l.isEmpty()) return;', 'registered'],
])('a method of its own: %s', async (_title, before, outcome) => {
  const text = `class A extends Application { void f() { listen("RootedDevice"); } void listen(String n) { ${before} registerReceiver(r, new IntentFilter(n)); } }`;
  expect(await outcomesOf({ 'A.java': text })).toEqual({ RootedDevice: outcome });
});
