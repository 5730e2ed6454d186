/** Names whose value is not certain: it is changed, replaced, or made of parts. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const java = (body: string, members = '', more: Record<string, string> = {}) => ({
  'A.java': `class A extends Application { ${members} void f() { ${body} } }`,
  ...more,
});
const LIST = 'List<String> N = new ArrayList<>(List.of("B", "RootedDevice"));';
const all = 'IntentFilter f = new IntentFilter(); for (String n : N) f.addAction(n); registerReceiver(r, f);';
const one = (name: string) => `registerReceiver(r, new IntentFilter(${name}));`;
const js = (top: string, body: string) => ({ 'a.js': `${top} ${body}` });
const hear = (name: string) => `window.broadcaster.addEventListener(${name}, on);`;
const swift = (top: string, body: string) => ({
  'A.swift': `${top}\nclass A { func f() { ${body.replaceAll(/X\((.*?)\)Y/gu, 'NotificationCenter.default.addObserver(forName: $1, object: nil, queue: nil) { _ in }')} } }`,
});
const dart = (list: string) => ({
  'a.dart': `void f() { final l = ${list}; for (final n in l) { EventChannel(n).receiveBroadcastStream().listen(on); } }`,
});

describe.each<[string, Array<Record<string, string>>]>([
  [
    'registered',
    [
      java(`${LIST} log(N.size()); if (N.contains(x)) g(); ${all}`),
      java(`${LIST} show(N); ${all}`, 'void show(List<String> x) { for (String n : x) log(n); }'),
      java(one('N'), 'static final String N = "RootedDevice";', { 'B.java': 'class B { void g(C c) { c.N = "x"; } }' }),
      js("const E = { root: 'RootedDevice' };", `log(E.root); ${hear('E.root')}`),
      dart("['B', 'RootedDevice']"),
    ],
  ],
  [
    'named',
    [
      ...[
        'List<String> M = N; M.remove("RootedDevice");',
        'clean(N);',
        'Other.clean(N);',
        'Iterator<String> it = N.iterator(); it.next(); it.remove();',
        'Collections.swap(N, 0, 1);',
      ].map((change) => java(`${LIST} ${change} ${all}`, 'void clean(List<String> x) { x.remove("RootedDevice"); }')),
      java(`String[] N = {"RootedDevice"}; Arrays.fill(N, "x"); ${all}`),
      java(one('N'), 'static String N = "RootedDevice";', { 'B.java': 'class B { static { A.N = "x"; } }' }),
      {
        'A.kt': `class A : Application() { var n = "RootedDevice"\nfun f() { registerReceiver(r, IntentFilter(n)) } }`,
        'B.kt': 'fun z(a: A) { a.n = "x" }',
      },
      java('listen("RootedDevice");', `void listen(String n) { n = n + "2"; ${one('n')} }`),
      java(`for (T t : T.values()) ${one('t.label')}`, '', {
        'T.java':
          'enum T { A("RootedDevice"); final String name; final String label; T(String n) { name = n; label = "x"; } }',
      }),
      ...[
        "E.root = 'x';",
        "E['root'] = 'x';",
        "Object.assign(E, { root: 'x' });",
        'delete E.root;',
        "const F = E; F.root = 'x';",
        'change(E);',
      ].map((change) => js("const E = { root: 'RootedDevice' };", `${change} ${hear('E.root')}`)),
      js("const E = { root: 'RootedDevice', root: 'x' };", hear('E.root')),
      js("const E = { root: 'RootedDevice', ...more };", hear('E.root')),
      js("const L = ['B', 'RootedDevice']; L.length = 1;", `L.forEach((n) => { ${hear('n')} });`),
      swift(
        'extension Notification.Name { init(ev: String) { self.init("x." + ev) } }',
        'X(.init(ev: "RootedDevice"))Y',
      ),
      swift(
        'enum T: String, CaseIterable { case RootedDevice\nvar name: Notification.Name { Notification.Name("x." + rawValue) } }',
        'for t in T.allCases { X(t.name)Y }',
      ),
      swift(
        'enum T: String, CaseIterable { case RootedDevice, B\nstatic var allCases: [T] { [.B] } }',
        'for t in T.allCases { X(Notification.Name(t.rawValue))Y }',
      ),
      swift(
        'enum T: CaseIterable { case RootedDevice\nvar rawValue: String { "x" } }',
        'for t in T.allCases { X(Notification.Name(t.rawValue))Y }',
      ),
      dart("['B', 'RootedDevice']..removeAt(1)"),
      dart("['B', 'RootedDevice']..clear()"),
    ],
  ],
])('%s', (outcome, trees) => {
  it.each(trees.map((tree) => [Object.values(tree).join(' '), tree] as const))('%s', async (_title, tree) => {
    expect(await outcomesOf(tree)).toEqual({ RootedDevice: outcome });
  });
});
