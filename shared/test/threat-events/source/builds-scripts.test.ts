/** What no bundle of React Native, of a script or of Flutter has registers nothing in the app. */
import { describe, expect, it } from 'vitest';
import { globOf } from '../../../src/threat-events/source/builds/globs.ts';
import { outcomesIn, sourceTree } from './tree.ts';

const JS = "window.broadcaster.addEventListener('RootedDevice', on);";
const JAVA =
  'class A extends Application { void f(BroadcastReceiver r) { registerReceiver(r, new IntentFilter("RootedDevice"), 2); } }';
const SWIFT =
  'NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }';
const DART = "void main() { EventChannel('RootedDevice').receiveBroadcastStream().listen(print); }";
const PACKAGE = { 'package.json': '{ "dependencies": { "react-native": "0.80.0" } }' };

type Platform = 'android' | 'ios' | undefined;
const outcome = async (files: Record<string, string>, platform?: Platform, own: string[] = []) =>
  (await outcomesIn(await sourceTree(files), ['RootedDevice'], { platform, own }))['RootedDevice'];

describe('the name of a script', () => {
  it.each<[file: string, platform: Platform, expected: string]>([
    ['src/a.ts', undefined, 'registered'],
    ['src/a.android.ts', undefined, 'registered'],
    ['src/a.ios.js', undefined, 'registered'],
    ['src/a.native.tsx', undefined, 'registered'],
    ['src/a.service.ios.ts', undefined, 'registered'],
    ['src/a.android.ts', 'android', 'registered'],
    ['src/a.android.ts', 'ios', 'named'],
    ['src/a.ios.ts', 'android', 'named'],
    ['src/a.native.ts', 'ios', 'registered'],
    ['src/a.web.tsx', undefined, 'named'],
    ['src/a.windows.js', undefined, 'named'],
    ['src/a.macos.tsx', undefined, 'named'],
    ['src/a.tvos.ts', undefined, 'named'],
    ['metro.config.js', undefined, 'named'],
    ['babel.config.cjs', undefined, 'named'],
    ['vite.config.mts', undefined, 'named'],
    ['.eslintrc.js', undefined, 'named'],
    ['scripts/a.js', undefined, 'named'],
    ['packages/x/scripts/deep/a.js', undefined, 'named'],
    ['src/scripts/a.js', undefined, 'registered'],
    // Nothing imports it by that name, so nothing shows that the app has it.
    ['src/a.service.ts', undefined, 'named'],
  ])('%s (%s)', async (file, platform, expected) =>
    expect(await outcome({ ...PACKAGE, 'packages/x/package.json': '{}', [file]: JS }, platform)).toBe(expected),
  );

  it.each([
    ['src/a.service.ts', 'src/main.ts', "import { a } from './a.service';", 'registered'],
    ['src/a.service.ts', 'src/main.ts', "import { a } from '@app/a.service';", 'registered'],
    ['src/a.service.ts', 'src/deep/main.ts', "require('../a.service.ts')", 'registered'],
    ['src/a.web.ts', 'src/main.ts', "import './a.web';", 'registered'],
    ['src/a.web.ts', 'src/main.ts', "import './a';", 'named'],
    ['src/a.web.ts', 'src/other/main.ts', "import './a.web';", 'named'],
    ['src/a.web.ts', 'src/main.web.ts', "import './a.web';", 'named'],
    ['src/a.service.ts', 'src/b.service.ts', "import './a.service';", 'named'],
    ['www/js/a.min.js', 'www/index.html', '<script src="js/a.min.js?v=1"></script>', 'registered'],
    ['src/a.main.js', 'package.json', '{ "main": "src/a.main.js", "scripts": { "x": "y" } }', 'registered'],
    ['metro.config.js', 'package.json', '{ "scripts": { "start": "metro --config ./metro.config.js" } }', 'named'],
    ['app.config.ts', 'src/main.ts', "import config from '../app.config';", 'registered'],
    ['scripts/a.js', 'src/main.ts', "import '../scripts/a';", 'registered'],
    ['scripts/a.js', 'src/main.ts', "import './a';", 'named'],
  ])('%s, with %s: %s', async (file, from, text, expected) =>
    expect(await outcome({ ...PACKAGE, [file]: JS, [from]: text })).toBe(expected),
  );

  it('an import leads on', async () => {
    const files = { ...PACKAGE, 'src/main.ts': "import './b.service';", 'src/b.service.ts': "import './a.service';" };
    expect(await outcome({ ...files, 'src/a.service.ts': JS })).toBe('registered');
  });

  it.each<[others: string[], platform: Platform, expected: string]>([
    [['a.native.ts'], undefined, 'named'],
    [['a.native.js'], undefined, 'registered'],
    [['a.android.ts'], undefined, 'registered'],
    [['a.android.ts'], 'android', 'named'],
    [['a.android.ts'], 'ios', 'registered'],
    [['a.android.ts', 'a.ios.ts'], undefined, 'named'],
    [['a.web.ts'], undefined, 'registered'],
  ])('a.ts beside %j (%s)', async (others, platform, expected) => {
    const around = Object.fromEntries(others.map((name) => [`src/${name}`, '']));
    expect(await outcome({ ...PACKAGE, ...around, 'src/a.ts': JS }, platform)).toBe(expected);
    expect(await outcome({ 'package.json': '{}', ...around, 'src/a.ts': JS }, platform)).toBe('registered');
  });

  it('the user can say that it counts', async () => {
    expect(await outcome({ 'src/a.web.ts': JS }, undefined, ['src/a.web.ts'])).toBe('registered');
  });
});

it.each([
  ['lib/a.dart', 'registered'],
  ['tool/a.dart', 'named'],
  ['scripts/a.dart', 'named'],
  ['packages/x/lib/a.dart', 'registered'],
  ['packages/x/tool/a.dart', 'named'],
])('Flutter: %s', async (file, expected) => {
  expect(await outcome({ 'pubspec.yaml': '', 'packages/x/pubspec.yaml': '', [file]: DART })).toBe(expected);
  expect(await outcome({ [file]: DART })).toBe('registered');
});

it.each([
  ['A.java', JAVA, 'android'],
  ['A.swift', SWIFT, 'ios'],
] as const)('%s is code of one platform', async (file, text, platform) => {
  expect(await outcome({ [file]: text }, platform)).toBe('registered');
  expect(await outcome({ [file]: text }, platform === 'ios' ? 'android' : 'ios')).toBe('named');
});

it.each([
  ['Old/**', 'old/a/b.cs', true],
  ['Old/', 'old/b.cs', true],
  ['**/B.cs', 'B.cs', true],
  ['**/a/**/*.c?', 'x/a/y/z/b.cs', true],
  ['*.cs', 'a/b.cs', false],
  ['a+(b).cs', 'a+(b).cs', true],
  [`${'**/a/'.repeat(200)}b`, `${'a/'.repeat(400)}c`, false],
  [`${'*a'.repeat(200)}b`, 'a'.repeat(250), false],
])('the pattern %.20s', (pattern, file, expected) => expect(globOf(pattern).test(file)).toBe(expected));
