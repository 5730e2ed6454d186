/** Observers that are released at once, and selectors without a method. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const swift = (body: string, more = '') =>
  `class A: NSObject {\n@objc func g(_ n: Notification) { }\nvar kept: Any?\nfunc f() {\n${body}\n}\n${more}\n}`;
const objc = (body: string, more = '') =>
  `@interface A : NSObject\n@end\n@implementation A\n- (void)g:(NSNotification *)n { }\n- (void)f {\n${body}\n}\n${more}\n@end`;

const SWIFT = (observer: string, selector = '#selector(g)') =>
  `NotificationCenter.default.addObserver(${observer}, selector: ${selector}, name: .init("RootedDevice"), object: nil)`;
const OBJC = (observer: string, selector = '@selector(g:)') =>
  `[[NSNotificationCenter defaultCenter] addObserver:${observer} selector:${selector} name:@"RootedDevice" object:nil];`;
const CSHARP = (selector: string) =>
  `class A { void F() { NSNotificationCenter.DefaultCenter.AddObserver(this, ${selector}, "RootedDevice", null); } }`;

const outcome = async (file: string, text: string) => (await outcomesOf({ [file]: text }))['RootedDevice'];

describe('hears nothing', () => {
  it.each([
    ['A.swift', swift(SWIFT('Listener()'))],
    ['A.swift', swift(`let o = A()\n${SWIFT('o')}`)],
    ['A.swift', swift(`weak var o = A.init()\n${SWIFT('o!')}`)],
    ['A.swift', swift(`let o = A()\no.prepare()\n${SWIFT('o')}`)],
    ['A.swift', swift(SWIFT('self', 'Selector(("nosuch:"))'))],
    ['A.swift', swift(SWIFT('self', 'NSSelectorFromString("nosuch:")'))],
    ['A.m', objc(OBJC('[A new]'))],
    ['A.m', objc(OBJC('[[A alloc] init]'))],
    ['A.m', objc(`A *o = [[A alloc] initWithName:@"x"]; ${OBJC('o')}`)],
    ['A.m', objc(OBJC('self', '@selector(nosuch:)'))],
    ['A.m', objc(OBJC('self', 'NSSelectorFromString(@"nosuch:")'))],
    ['A.m', objc(OBJC('self', 'NULL'))],
    ['A.m', objc(OBJC('self', 'nil'))],
    ['A.cs', CSHARP('null')],
    ['A.m', `#define NSNotificationCenter Other\n${objc(OBJC('self'))}`],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('named'));

  it.each([
    ['A.swift', swift(SWIFT('self'))],
    ['A.swift', swift(SWIFT('A.shared'))],
    ['A.swift', swift(SWIFT('makeListener()'))],
    ['A.swift', swift(`let o = A()\nkept = o\n${SWIFT('o')}`)],
    ['A.swift', swift(`let o = A()\n${SWIFT('o')}\nlisteners.append(o)`)],
    ['A.swift', swift(`let o = A()\n${SWIFT('o')}\nlater { o.prepare() }`)],
    ['A.swift', swift(SWIFT('o'), 'let o = Listener()')],
    ['A.swift', swift(SWIFT('A.o'), 'static let o = Listener()')],
    ['main.swift', `let o = Listener()\n${SWIFT('o')}`],
    ['A.swift', swift(SWIFT('self', 'Selector("g:")'))],
    [
      'A.swift',
      swift(
        SWIFT('self', 'Selector("onThreatWithNotification:")'),
        '@objc func onThreat(notification: Notification) { }',
      ),
    ],
    ['A.swift', swift(SWIFT('self', 'Selector("heard:")'), '@objc(heard:) func h(_ n: Notification) { }')],
    ['A.swift', swift(SWIFT('self', 'Selector("nosuch:")')).replace('NSObject', 'SomeLibraryClass')],
    ['A.swift', swift(SWIFT('self', 'Selector(name)'))],
    ['A.m', objc(OBJC('self'))],
    ['A.m', objc(OBJC('[A shared]'))],
    ['A.m', objc(`static A *o; o = [A new]; ${OBJC('o')}`)],
    ['A.m', objc(`A *o = [A new]; self.kept = o; ${OBJC('o')}`)],
    ['A.m', objc(OBJC('self', '@selector(nosuch:)')).replace('NSObject', 'SomeLibraryClass')],
    ['A.m', objc(OBJC('self', '@selector(h:)'), '- (void)h:(NSNotification *)n { }')],
    ['A.cs', CSHARP('new Selector("g:")')],
  ])('but %s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));
});
