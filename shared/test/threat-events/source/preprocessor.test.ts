/** What stands inside a preprocessor's condition: only some builds have it. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { outcomesOf, sourceTree } from './tree.ts';

/** `X` registers. Some trees hold a name for it elsewhere: `N`. */
const LANGUAGES: Record<string, (body: string) => Record<string, string>> = {
  Swift: (body) => ({
    'A.swift': `class A { func f() {\n${body
      .replaceAll(
        'X',
        'NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }',
      )
      .replaceAll('#elif', '#elseif')}\n} }`,
  }),
  'Objective-C': (body) => ({
    'A.m': `@implementation A\n- (void)f {\n${body.replaceAll(
      'X',
      '[[NSNotificationCenter defaultCenter] addObserver:self selector:@selector(g:) name:@"RootedDevice" object:nil];',
    )}\n}\n@end`,
  }),
  'C#': (body) => ({
    'A.cs': `class A : Application { void F() {\n${body.replaceAll('X', 'RegisterReceiver(new R(), new IntentFilter("RootedDevice"));')}\n} }`,
  }),
};

describe.each(Object.entries(LANGUAGES))('%s', (_language, tree) => {
  it.each([
    ['none', 'X', 'registered'],
    ['one that is not around it', '#if DEBUG\nlog();\n#endif\nX', 'registered'],
    ['both branches', '#if A\nX\n#else\nX\n#endif', 'registered'],
    ['every branch', '#if A\nX\n#elif B\nX\n#else\nX\n#endif', 'registered'],
    ['every branch of one in a branch', '#if A\n#if B\nX\n#else\nX\n#endif\n#else\nX\n#endif', 'registered'],
    ['one that is outside as well', '#if A\nX\n#endif\nX', 'registered'],
    ['in a comment', '/*\n#if A\n*/\nX\n/*\n#endif\n*/', 'registered'],
    ['#if', '#if A\nX\n#endif', 'named'],
    ['with a space', '# if A\nX\n# endif', 'named'],
    ['the other branch', '#if A\n#else\nX\n#endif', 'named'],
    ['no branch for the rest', '#if A\nX\n#elif B\nX\n#endif', 'named'],
    ['a branch without', '#if A\nX\n#elif B\n#else\nX\n#endif', 'named'],
    ['a branch with a condition', '#if A\nX\n#else\n#if B\nX\n#endif\n#endif', 'named'],
    ['both branches inside another', '#if A\n#if B\nX\n#else\nX\n#endif\n#endif', 'named'],
  ])('%s', async (_title, body, outcome) => {
    expect(await outcomesOf(tree(body))).toEqual({ RootedDevice: outcome });
  });
});

it('says which condition', async () => {
  const root = await sourceTree(LANGUAGES['C#']?.('log();\n#if DEBUG\nX\n#endif') ?? {});
  const [event] = (await findListenersInSource({ root, events: ['RootedDevice'] })).events;
  expect(event?.places).toEqual([
    { file: 'A.cs', line: 4, what: 'name', detail: expect.stringContaining('condition of line 3') },
  ]);
});

const observe = (name: string) =>
  `@implementation A\n- (void)f { [[NSNotificationCenter defaultCenter] addObserverForName:${name} object:nil queue:nil usingBlock:^(id n){ stop(); }]; }\n@end`;

it.each([
  ['a constant', { 'A.m': `#if 0\nstatic NSString *const EV = @"RootedDevice";\n#endif\n${observe('EV')}` }, 'named'],
  ['a macro', { 'A.m': `#ifdef DEBUG\n#define EV @"RootedDevice"\n#endif\n${observe('EV')}` }, 'named'],
  [
    'an element of a list',
    {
      'A.cs':
        'class A : Application { string[] E = {\n#if DEBUG\n"RootedDevice",\n#endif\n"B" }; void F() { foreach (var n in E) RegisterReceiver(new R(), new IntentFilter(n)); } }',
    },
    'named',
  ],
  [
    'an action of a filter',
    {
      'A.cs':
        'class A : Application { void F() { var f = new IntentFilter("B");\n#if DEBUG\nf.AddAction("RootedDevice");\n#endif\nRegisterReceiver(new R(), f); } }',
    },
    'named',
  ],
  [
    'a call of a function that registers',
    {
      'A.cs':
        'class A : Application { void Go() {\n#if DEBUG\nListen("RootedDevice");\n#endif\n} void Listen(string n) { RegisterReceiver(new R(), new IntentFilter(n)); } }',
    },
    'named',
  ],
  [
    "a header's include guard",
    {
      'Ev.h': '#ifndef EV_H\n#define EV_H\nstatic NSString *const EV = @"RootedDevice";\n#endif\n',
      'A.m': `#import "Ev.h"\n${observe('EV')}`,
    },
    'registered',
  ],
])('%s', async (_title, files, outcome) => {
  expect(await outcomesOf(files as Record<string, string>)).toEqual({ RootedDevice: outcome });
});
