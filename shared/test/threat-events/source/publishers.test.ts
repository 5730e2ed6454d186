/** Publishers of Combine, sequences of notifications and observables of RxSwift: who subscribes, and where. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { outcomesOf, sourceTree } from './tree.ts';

const PUBLISHER = 'NotificationCenter.default.publisher(for: .init("RootedDevice"))';
const SEQUENCE = 'NotificationCenter.default.notifications(named: .init("RootedDevice"))';
const EACH = 'NotificationCenter.default.publisher(for: Notification.Name($0))';
const NAMES = 'let names = ["RootedDevice", "EmulatorFound"]';

const inFunction = (body: string, members = '') =>
  `class A {\nvar bag = Set<AnyCancellable>()\n${members}\nfunc f() {\n${body}\n}\n}`;
const inView = (body: string, members = '') => `struct V: View {\n${members}\nvar body: some View {\n${body}\n}\n}`;

const outcome = async (text: string, more: Record<string, string> = {}) =>
  (await outcomesOf({ 'A.swift': text, ...more }))['RootedDevice'];

describe('is subscribed to', () => {
  it.each([
    ['a property of a view', inView('Text("a").onReceive(p) { _ in }', `let p = ${PUBLISHER}`)],
    ['one by self', inView('Text("a").onReceive(self.p) { _ in }', `private let p = ${PUBLISHER}`)],
    ['one with operators', inView('Text("a").onReceive(p.receive(on: q)) { _ in }', `let p = ${PUBLISHER}.map { $0 }`)],
    [
      'one that the initializer sets',
      inFunction('p.sink { _ in }.store(in: &bag)', `let p: P\ninit() { p = ${PUBLISHER} }`),
    ],
    ['a local variable', inFunction(`let p = ${PUBLISHER}\np.sink { _ in }.store(in: &bag)`)],
    [
      'a computed property',
      inFunction('p.sink { _ in }.store(in: &bag)', `var p: P { ${PUBLISHER}.eraseToAnyPublisher() }`),
    ],
    [
      'a function',
      inFunction('p().sink { _ in }.store(in: &bag)', `func p() -> P { return ${PUBLISHER}.eraseToAnyPublisher() }`),
    ],
    [
      'a function that gets the name',
      inFunction(
        'p("RootedDevice").sink { _ in }.store(in: &bag)',
        'func p(_ name: String) -> P { NotificationCenter.default.publisher(for: .init(name)).eraseToAnyPublisher() }',
      ),
    ],
    [
      'a property of another object',
      `class M { let p = ${PUBLISHER} }\n${inView('Text("a").onReceive(model.p) { _ in }', '@StateObject var model = M()')}`,
    ],
    [
      'a property of an object of a declared type',
      `class M { let p = ${PUBLISHER} }\n${inView('Text("a").onReceive(model.p) { _ in }', 'let model: M')}`,
    ],
    ['each of a list', inFunction(`${NAMES}\nnames.map { ${EACH} }.forEach { $0.sink { _ in }.store(in: &bag) }`)],
    [
      'each of a list, by name',
      inFunction(`${NAMES}\nnames.map { ${EACH} }.forEach { p in p.receive(on: q).sink { _ in }.store(in: &bag) }`),
    ],
    ['each in a loop', inFunction(`${NAMES}\nfor p in names.map({ ${EACH} }) { p.sink { _ in }.store(in: &bag) }`)],
    [
      'a list in a variable',
      inFunction(`${NAMES}\nlet all = names.map { ${EACH} }\nall.forEach { $0.sink { _ in }.store(in: &bag) }`),
    ],
    ['many as one', inFunction(`Publishers.MergeMany(["RootedDevice"].map { ${EACH} }).sink { _ in }.store(in: &bag)`)],
    ['a list of them as one', inFunction(`Publishers.MergeMany([${PUBLISHER}, other]).sink { _ in }.store(in: &bag)`)],
    ['two as one', inFunction(`Publishers.Merge(${PUBLISHER}, other).sink { _ in }.store(in: &bag)`)],
    ['another one with it', inFunction(`other.merge(with: ${PUBLISHER}).sink { _ in }.store(in: &bag)`)],
    [
      'what the list returns is kept',
      inFunction(`subs = ["RootedDevice"].map { ${EACH}.sink { _ in } }`, 'var subs = [C]()'),
    ],
    [
      'a bag that something else keeps',
      inFunction(`var b = Set<C>()\n${PUBLISHER}.sink { _ in }.store(in: &b)\nkeep(b)`),
    ],
    ['a loop in a task', inFunction(`Task { for await n in ${SEQUENCE} { print(n) } }`)],
    ['a task that is kept', inFunction(`task = Task { for await n in ${SEQUENCE} { print(n) } }`, 'var task: T?')],
    ['a loop of a view', inView(`Text("a").task { for await _ in ${SEQUENCE} { stop() } }`)],
    ['a loop in an asynchronous function', `func f() async { for await n in ${SEQUENCE}.map({ $0 }) { print(n) } }`],
    ['a loop that may throw', `func f() async throws { for try await n in ${SEQUENCE} { print(n) } }`],
    ['a sequence in a variable', `func f() async { let all = ${SEQUENCE}\nfor await n in all { print(n) } }`],
    ['values of a publisher', `func f() async { for await n in ${PUBLISHER}.values { print(n) } }`],
    [
      'RxSwift',
      inFunction(
        'NotificationCenter.default.rx.notification(.init("RootedDevice")).subscribe(onNext: { _ in }).disposed(by: bag)',
      ),
    ],
    [
      'RxSwift with operators',
      inFunction(
        'NotificationCenter.default.rx.notification(.init("RootedDevice")).observe(on: s).bind { _ in }.disposed(by: bag)',
      ),
    ],
  ])('%s', async (_, text) => expect(await outcome(text)).toBe('registered'));

  it.each([
    ['a property', inView('Text("a")', `let p = ${PUBLISHER}`)],
    ['a variable that is set again', inFunction(`var p = ${PUBLISHER}\np = other\np.sink { _ in }.store(in: &bag)`)],
    ['a variable with a sink that ends', inFunction(`let p = ${PUBLISHER}\np.sink { _ in }`)],
    [
      'another variable of its name',
      `class B { let p = ${PUBLISHER} }\n${inView('Text("a").onReceive(p) { _ in }', 'let p = other')}`,
    ],
    [
      'a property of an object of an unknown type',
      `class M { let p = ${PUBLISHER} }\n${inView('Text("a").onReceive(model.p) { _ in }', 'let model: Other')}`,
    ],
    ['an argument of onReceive that is not its publisher', inView(`Text("a").onReceive(timer, perform: ${PUBLISHER})`)],
    ['a computed property', inFunction('', `var p: P { ${PUBLISHER} }`)],
    [
      'one of the calls of a function that gets the name',
      inFunction(
        'p("EmulatorFound").sink { _ in }.store(in: &bag)\nlet unused = p("RootedDevice")',
        'func p(_ name: String) -> P { NotificationCenter.default.publisher(for: .init(name)) }',
      ),
    ],
    [
      'some of a list',
      inFunction(`${NAMES}\nnames.map { ${EACH} }.forEach { if wanted($0) { $0.sink { _ in }.store(in: &bag) } }`),
    ],
    [
      'a list less the first',
      inFunction(`${NAMES}\nnames.map { ${EACH} }.dropFirst().forEach { $0.sink { _ in }.store(in: &bag) }`),
    ],
    ['a bag of the function', inFunction(`var b = Set<C>()\n${PUBLISHER}.sink { _ in }.store(in: &b)`)],
    ['a bag of the function by insert', inFunction(`var b = Set<C>()\nb.insert(${PUBLISHER}.sink { _ in })`)],
    ['a sink that ends at once', inFunction(`c = ${PUBLISHER}.sink { _ in }\nc?.cancel()`, 'var c: C?')],
    ['an operator that is not known', inFunction(`${PUBLISHER}.swallow().sink { _ in }.store(in: &bag)`)],
    [
      'a filter that nothing passes',
      inFunction(`let p = ${PUBLISHER}.filter { _ in false }\np.sink { _ in }.store(in: &bag)`),
    ],
    ['merged by something else', inFunction(`Other.Merge(${PUBLISHER}, other).sink { _ in }.store(in: &bag)`)],
    ['a subject', inFunction(`${PUBLISHER}.subscribe(subject)`)],
    ['a sequence', `func f() async { let all = ${SEQUENCE} }`],
    [
      'the sequence of one object',
      `func f() async { for await n in NotificationCenter.default.notifications(named: .init("RootedDevice"), object: self) { } }`,
    ],
    [
      'the sequence of another center',
      `func f() async { for await n in other.notifications(named: .init("RootedDevice")) { } }`,
    ],
    ['a loop that does not wait', inFunction(`for n in ${SEQUENCE} { }`)],
    ['a task that is cancelled', inFunction(`let t = Task { for await n in ${SEQUENCE} { } }\nt.cancel()`)],
    ['a loop in code of debug builds', inFunction(`if false { Task { for await n in ${SEQUENCE} { } } }`)],
    [
      'RxSwift without a subscription',
      inFunction('_ = NotificationCenter.default.rx.notification(.init("RootedDevice"))'),
    ],
    [
      'RxSwift with a bag of the function',
      inFunction(
        'let b = DisposeBag()\nNotificationCenter.default.rx.notification(.init("RootedDevice")).subscribe { _ in }.disposed(by: b)',
      ),
    ],
    [
      'RxSwift of another center',
      inFunction('other.rx.notification(.init("RootedDevice")).subscribe { _ in }.disposed(by: bag)'),
    ],
    ['a preview', `#Preview { Text("a").onReceive(${PUBLISHER}) { _ in } }`],
    [
      'a preview with a name',
      `@available(iOS 17, *)\n#Preview("a", traits: .x) { Text("a").onReceive(${PUBLISHER}) { _ in } }`,
    ],
    [
      'a type for previews',
      `struct P: PreviewProvider { static var previews: some View { Text("a").onReceive(${PUBLISHER}) { _ in } } }`,
    ],
    [
      'a preview that has a publisher of the app',
      `let p = ${PUBLISHER}\nstruct P: PreviewProvider { static var previews: some View { Text("a").onReceive(p) { _ in } } }`,
    ],
    [
      'a preview that adds an observer',
      '#Preview { NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in } }',
    ],
  ])('but not %s', async (_, text) => expect(await outcome(text)).toBe('named'));

  it.each([
    [
      'the line of a subscription elsewhere',
      inFunction(`let p = ${PUBLISHER}\np.sink { _ in }.store(in: &bag)`),
      6,
      false,
    ],
    ['a filter', inFunction(`${PUBLISHER}.filter { wanted($0) }.sink { _ in }.store(in: &bag)`), 5, true],
    ['a loop with where', `func f() async {\nfor await n in ${SEQUENCE} where wanted(n) { print(n) } }`, 2, true],
    ['a condition', inFunction(`let p = ${PUBLISHER}\nif wanted { p.sink { _ in }.store(in: &bag) }`), 6, true],
  ])('tells %s', async (_, text, line, isConditional) => {
    const { events } = await findListenersInSource({
      root: await sourceTree({ 'A.swift': text }),
      events: ['RootedDevice'],
    });
    const [place] = events[0]?.places ?? [];
    expect([place?.what, place?.line, place?.detail !== undefined]).toEqual(['registration', line, isConditional]);
  });

  it('in another file', async () =>
    expect(
      await outcome(`extension A { static let p = ${PUBLISHER} }\nclass A { }`, {
        'V.swift': inView('Text("a").onReceive(A.p) { _ in }'),
      }),
    ).toBe('registered'));
});

describe('a center that is handed in', () => {
  const centre = (init: string, more = '', value = 'center') =>
    `class A {\nlet center: NotificationCenter\n${init}\nfunc f() { ${value}.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in } }\n}\n${more}`;

  it.each([
    ['by default', centre('init(center: NotificationCenter = .default) { self.center = center }', 'let a = A()')],
    ['by name', centre('init(center c: NotificationCenter = NotificationCenter.default) { center = c }')],
    [
      'and is the default one',
      centre('init(center: NotificationCenter = .default) { self.center = center }', 'A(center: .default)'),
    ],
    [
      'to a property',
      centre('', '', 'own').replace('let center:', 'let own: NotificationCenter = .default\nlet center:'),
    ],
  ])('counts %s', async (_, text) => expect(await outcome(text)).toBe('registered'));

  it.each([
    ['without a default', centre('init(center: NotificationCenter) { self.center = center }')],
    ['with another default', centre('init(center: NotificationCenter = .own) { self.center = center }')],
    [
      'as another one',
      centre('init(center: NotificationCenter = .default) { self.center = center }', 'A(center: own)'),
    ],
    [
      'as another one by init',
      centre('init(center: NotificationCenter = .default) { self.center = center }', 'A.init(center: own)'),
    ],
    ['as another type', centre('init(center: Other = .default) { self.center = center }')],
    [
      'but is set again',
      centre('init(center: NotificationCenter = .default) { self.center = center }\nfunc g() { self.center = own }'),
    ],
  ])('does not %s', async (_, text) => expect(await outcome(text)).toBe('named'));
});

describe('a switch that adds and removes an observer', () => {
  const add =
    'NotificationCenter.default.addObserver(self, selector: #selector(g), name: .init("RootedDevice"), object: nil)';
  const remove = 'NotificationCenter.default.removeObserver(self, name: .init("RootedDevice"), object: nil)';
  const set = (body: string) => `class A: NSObject {\n@objc func g() { }\nfunc set(_ on: Bool) {\n${body}\n}\n}`;

  it.each([
    [`if on { ${add} } else { ${remove} }`, 'registered'],
    [`guard on else { ${remove}; return }\n${add}`, 'registered'],
    [`if on { ${add} } else { stop() }\n${remove}`, 'named'],
  ])('%s', async (body, expected) => expect(await outcome(set(body))).toBe(expected));
});
