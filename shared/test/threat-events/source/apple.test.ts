/** Forms of registration in Swift, Objective-C and C# on iOS, and what only looks like one. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const swift = (body: string, members = '', top = '') => ({
  'App/A.swift': `import Foundation
${top}
final class A: NSObject {
  ${members}
  func start() {
    ${body}
  }
}`,
});
const objc = (body: string, top = '', members = '') => ({
  'App/A.m': `${top}
@implementation A
${members}
- (void)start {
  ${body}
}
@end`,
});
const csharp = (body: string) => ({ 'A.cs': `class A : AppDelegate { public void Start() { ${body} } }` });
const observe = (name: string) =>
  `NotificationCenter.default.addObserver(forName: ${name}, object: nil, queue: nil) { _ in }`;
const observeObjc = (name: string) =>
  `[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(on:) name:${name} object:nil];`;

describe('registered', () => {
  it.each<[string, Record<string, string>]>([
    ['Swift: NSNotification.Name', swift(observe('NSNotification.Name("RootedDevice")'))],
    ['Swift: rawValue', swift(observe('Notification.Name(rawValue: "RootedDevice")'))],
    ['Swift: .init', swift(observe('.init("RootedDevice")'))],
    ['Swift: .init(rawValue:)', swift(observe('.init(rawValue: "RootedDevice")'))],
    [
      'Swift: a selector',
      swift(
        'NotificationCenter.default.addObserver(self, selector: #selector(on), name: NSNotification.Name("RootedDevice"), object: nil)',
      ),
    ],
    [
      'Swift: the center in a property',
      swift(
        'center.addObserver(forName: Notification.Name("RootedDevice"), object: nil, queue: nil) { _ in }',
        'private let center = NotificationCenter.default',
      ),
    ],
    [
      'Swift: a name in an extension of another file',
      {
        ...swift(observe('.rooted')),
        'App/Names.swift': 'extension NSNotification.Name { static let rooted = NSNotification.Name("RootedDevice") }',
      },
    ],
    [
      'Swift: the same with its type',
      {
        ...swift(observe('Notification.Name.rooted')),
        'App/Names.swift': 'extension Notification.Name { static let rooted = Self("RootedDevice") }',
      },
    ],
    [
      'Swift: a static constant',
      swift(observe('Notification.Name(Names.rooted)'), '', 'enum Names { static let rooted = "RootedDevice" }'),
    ],
    [
      'Swift: a loop over an array',
      swift(`for name in names { ${observe('Notification.Name(name)')} }`, 'let names = ["RootedDevice", "B"]'),
    ],
    [
      'Swift: forEach and $0',
      swift(
        `Names.all.forEach { ${observe('Notification.Name($0)')} }`,
        '',
        'struct Names { static let all: [String] = ["RootedDevice"] }',
      ),
    ],
    [
      'Swift: names mapped by init',
      swift(`["RootedDevice"].map(Notification.Name.init(rawValue:)).forEach { ${observe('$0')} }`),
    ],
    [
      'Swift: names mapped by a closure',
      swift(`["RootedDevice"].map { Notification.Name($0) }.forEach { ${observe('$0')} }`),
    ],
    [
      'Swift: an enum whose names are its values',
      swift(
        `for e in Threat.allCases { ${observe('Notification.Name(e.rawValue)')} }`,
        '',
        'enum Threat: String, CaseIterable { case RootedDevice, Other }',
      ),
    ],
    [
      'Swift: a computed property of an enum',
      swift(
        `Threat.allCases.forEach { ${observe('$0.notification')} }`,
        '',
        'enum Threat: String, CaseIterable { case rooted = "RootedDevice"\n var notification: Notification.Name { Notification.Name(rawValue) } }',
      ),
    ],
    [
      'Swift: cases of an enum in an array',
      swift(
        `let all: [Threat] = [.rooted]\nfor e in all { ${observe('Notification.Name(e.rawValue)')} }`,
        '',
        'enum Threat: String { case rooted = "RootedDevice" }',
      ),
    ],
    [
      'Swift: keys of a dictionary',
      swift(
        `for (name, _) in handlers { ${observe('Notification.Name(name)')} }`,
        'let handlers = ["RootedDevice": 1]',
      ),
    ],
    [
      'Swift: a method of its own',
      swift('listen(to: "RootedDevice")', `func listen(to name: String) { ${observe('Notification.Name(name)')} }`),
    ],
    [
      'Swift: a publisher with a sink',
      swift(
        'NotificationCenter.default.publisher(for: Notification.Name("RootedDevice")).map { $0 }.sink { _ in }.store(in: &bag)',
      ),
    ],
    [
      'Swift: onReceive',
      swift('view.onReceive(NotificationCenter.default.publisher(for: Notification.Name("RootedDevice"))) { _ in }'),
    ],
    [
      'Swift: a sink in a property',
      swift(
        'c = NotificationCenter.default.publisher(for: Notification.Name("RootedDevice")).receive(on: queue).sink { _ in }',
        'var c: AnyCancellable?',
      ),
    ],
    ['C#: no object', csharp('NSNotificationCenter.DefaultCenter.AddObserver((NSString)"RootedDevice", On, null);')],
    [
      'C#: a queue',
      csharp('NSNotificationCenter.DefaultCenter.AddObserver((NSString)"RootedDevice", null, null, On);'),
    ],
    [
      'Objective-C: a static constant',
      objc(observeObjc('kRooted'), 'static NSString *const kRooted = @"RootedDevice";'),
    ],
    [
      'Objective-C: nullability for all of a file',
      objc(
        observeObjc('@"RootedDevice"'),
        '@import UIKit;\nNS_ASSUME_NONNULL_BEGIN\n@interface A () <P>\n@property (nonatomic, nullable) NSArray<NSString *> *names;\n@end\nNS_ASSUME_NONNULL_END',
      ),
    ],
    [
      'Objective-C: a local name that a property has too',
      objc(
        'NSString *event_name = @"RootedDevice"; [[NSNotificationCenter defaultCenter] addObserverForName: event_name object:nil queue:nil usingBlock:^(NSNotification *note) { self.event_name = event_name; }];',
        '@interface A () @property NSString *event_name; @end',
      ),
    ],
    [
      'Objective-C: a list in a property',
      objc(`self.names = @[@"RootedDevice"]; for (NSString *name in self.names) { ${observeObjc('name')} }`),
    ],
    ['Objective-C: a macro', objc(observeObjc('ROOTED'), '#define ROOTED @"RootedDevice"')],
    [
      'Objective-C: the center by a dot',
      objc(
        '[NSNotificationCenter.defaultCenter addObserver:self selector:@selector(on:) name:@"RootedDevice" object:nil];',
      ),
    ],
    [
      'Objective-C: the center in a variable',
      objc(
        'NSNotificationCenter *c = [NSNotificationCenter defaultCenter]; [c addObserver:self selector:@selector(on:) name:@"RootedDevice" object:nil];',
      ),
    ],
    [
      'Objective-C: a block',
      objc(
        '[@[@"RootedDevice"] enumerateObjectsUsingBlock:^(NSString *name, NSUInteger i, BOOL *stop) { [[NSNotificationCenter defaultCenter] addObserverForName:name object:nil queue:nil usingBlock:^(NSNotification *n) {}]; }];',
      ),
    ],
    [
      'Objective-C: arrayWithObjects',
      objc(`for (NSString *name in [NSArray arrayWithObjects:@"RootedDevice", nil]) { ${observeObjc('name')} }`),
    ],
    [
      'Objective-C: keys of a dictionary',
      objc(`NSDictionary *d = @{ @"RootedDevice": @1 }; for (NSString *name in d.allKeys) { ${observeObjc('name')} }`),
    ],
    [
      'Objective-C: a counted loop',
      objc(`NSArray *a = @[@"RootedDevice"]; for (int i = 0; i < a.count; i++) { ${observeObjc('a[i]')} }`),
    ],
    [
      'Objective-C: a method of its own',
      objc('[self listen:@"RootedDevice"];', '', `- (void)listen:(NSString *)name { ${observeObjc('name')} }`),
    ],
    [
      'Objective-C: a constant for Swift',
      {
        ...swift(observe('Notification.Name(RootedName)')),
        'App/N.m': 'NSString *const RootedName = @"RootedDevice";',
      },
    ],
    [
      'C#: an observer and a selector',
      csharp(
        'NSNotificationCenter.DefaultCenter.AddObserver(this, new Selector("on:"), (NSString)"RootedDevice", null);',
      ),
    ],
    [
      'C#: a variable for the center',
      csharp('var c = NSNotificationCenter.DefaultCenter; c.AddObserver(new NSString("RootedDevice"), On);'),
    ],
  ])('%s', async (_title, files) => {
    expect(await outcomesOf(files)).toEqual({ RootedDevice: 'registered' });
  });
});

describe('only named', () => {
  it.each<[string, Record<string, string>]>([
    [
      'Swift: a guard over the name',
      swift(
        `for name in names { guard wanted(name) else { continue }\n${observe('Notification.Name(name)')} }`,
        'let names = ["RootedDevice"]',
      ),
    ],
    [
      'Swift: a switch over the case',
      swift(
        `Threat.allCases.forEach { switch $0 { case .other: ${observe('Notification.Name($0.rawValue)')}\n default: break } }`,
        '',
        'enum Threat: String, CaseIterable { case RootedDevice, other }',
      ),
    ],
    [
      'Swift: a center of its own by that name',
      swift(
        observe('.init("RootedDevice")'),
        '',
        'class NotificationCenter { static let `default` = NotificationCenter() }',
      ),
    ],
    [
      'Swift: another center',
      swift(
        'DistributedNotificationCenter.default.addObserver(forName: Notification.Name("RootedDevice"), object: nil, queue: nil) { _ in }',
      ),
    ],
    [
      'Swift: a center of its own',
      swift(
        'NotificationCenter().addObserver(forName: Notification.Name("RootedDevice"), object: nil, queue: nil) { _ in }',
      ),
    ],
    [
      'Swift: a center from outside',
      swift(
        'center.addObserver(forName: Notification.Name("RootedDevice"), object: nil, queue: nil) { _ in }',
        'let center: NotificationCenter',
      ),
    ],
    [
      'Swift: posted, not observed',
      swift('NotificationCenter.default.post(name: Notification.Name("RootedDevice"), object: nil)'),
    ],
    [
      'Swift: removed',
      swift('NotificationCenter.default.removeObserver(self, name: Notification.Name("RootedDevice"), object: nil)'),
    ],
    [
      'Swift: a publisher without a sink',
      swift('let p = NotificationCenter.default.publisher(for: Notification.Name("RootedDevice"))'),
    ],
    ['Swift: one of two values', swift(observe('Notification.Name(x ? "RootedDevice" : "B")'))],
    ['Swift: a name that is put together', swift(observe('Notification.Name("\\(prefix)RootedDevice")'))],
    [
      'Swift: an object, not a name',
      swift('NotificationCenter.default.addObserver(forName: nil, object: "RootedDevice", queue: nil) { _ in }'),
    ],
    [
      'Swift: an enum that nothing loops over',
      swift(observe('.other'), '', 'enum Threat: String { case rooted = "RootedDevice" }'),
    ],
    [
      'Swift: part of an array',
      swift(
        `for name in names.dropFirst() { ${observe('Notification.Name(name)')} }`,
        'let names = ["RootedDevice", "B"]',
      ),
    ],
    [
      'Swift: two constants of that name',
      swift(
        observe('.rooted'),
        '',
        'extension Notification.Name { static let rooted = Notification.Name("RootedDevice") }\nextension NSNotification.Name { static let rooted = NSNotification.Name("B") }',
      ),
    ],
    [
      'Objective-C: another object',
      objc('[bus addObserver:self selector:@selector(on:) name:@"RootedDevice" object:nil];'),
    ],
    [
      'Objective-C: key-value observing',
      objc('[self addObserver:self forKeyPath:@"RootedDevice" options:0 context:nil];'),
    ],
    ['C#: another center', csharp('CFNotificationCenter.Local.AddObserver("RootedDevice", null, On);')],
    ...[
      'addObserver(forName: N, object: self, queue: nil) { _ in }',
      'addObserver(forName: N, object: nil, queue: nil, using: nil)',
      'addObserver(self, selector: #selector(h), name: N, object: thing)',
      'publisher(for: N, object: self).sink { _ in }.store(in: &bag)',
      'publisher(for: N).filter { _ in false }.sink { _ in }.store(in: &bag)',
      'publisher(for: N).sink { _ in }',
    ].map((call): [string, Record<string, string>] => [
      `Swift: ${call}`,
      swift(`NotificationCenter.default.${call.replace('N', 'Notification.Name("RootedDevice")')}`),
    ]),
    [
      'Swift: a sink in a local variable',
      swift('let c = NotificationCenter.default.publisher(for: Notification.Name("RootedDevice")).sink { _ in }'),
    ],
    ...[
      'addObserverForName:N object:self queue:nil usingBlock:^(id n) {}',
      'addObserverForName:N object:nil queue:nil usingBlock:nil',
      'addObserver:nil selector:@selector(h:) name:N object:nil',
      'addObserver:self selector:@selector(h:) name:N object:thing',
    ].map((call): [string, Record<string, string>] => [
      `Objective-C: ${call}`,
      objc(`[[NSNotificationCenter defaultCenter] ${call.replace('N', '@"RootedDevice"')}];`),
    ]),
    ...['N, On, this', 'N, null', 'N, thing, null, On', 'this, new Selector("h:"), N, thing'].map(
      (given): [string, Record<string, string>] => [
        `C#: ${given}`,
        csharp(`NSNotificationCenter.DefaultCenter.AddObserver(${given.replace('N', '(NSString)"RootedDevice"')});`),
      ],
    ),
  ])('%s', async (_title, files) => {
    expect(await outcomesOf(files)).toEqual({ RootedDevice: 'named' });
  });
});

describe('a closure after the call, where a variable is declared', () => {
  const made =
    'NotificationCenter.default.addObserver(forName: Notification.Name("RootedDevice"), object: nil, queue: .main)';
  it.each([
    [`let t = ${made} { n in act(n) }\nkeep(t)`, 'registered'],
    [`let t = ${made} { _ in }`, 'registered'],
    [`let t = ${made} { n in act(n) }\nNotificationCenter.default.removeObserver(t)`, 'named'],
    [`let t = ${made}`, 'named'],
    [`let t = ${made.replace('.default', '.other')} { _ in }`, 'named'],
  ])('%s', async (text, expected) => {
    expect(await outcomesOf({ 'A.swift': `class A { func f() {\n${text}\n} }` })).toEqual({ RootedDevice: expected });
  });
});
