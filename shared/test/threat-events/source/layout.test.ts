/** Whose code it is, and what does not count. */
import { describe, expect, it } from 'vitest';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { outcomesIn, sourceTree } from './tree.ts';

const JAVA =
  'package com.example; class B extends Application { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }';
const JS = "window.broadcaster.addEventListener('RootedDevice', on);";
const SWIFT =
  'NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }';
const DART = "void main() { EventChannel('RootedDevice').receiveBroadcastStream().listen(print); }";

describe('by its place in the tree', () => {
  it.each([
    ['app/src/main/java/com/example/B.java', JAVA, 'registered'],
    ['app/src/free/java/com/example/B.java', JAVA, 'registered'],
    [
      'app/src/androidMain/kotlin/B.kt',
      'fun Context.f() { registerReceiver(r, IntentFilter("RootedDevice")) }',
      'registered',
    ],
    // `example` and `test` are parts of packages here.
    ['app/src/main/java/com/test/sample/B.java', JAVA, 'registered'],
    ['packages/app/src/a.js', JS, 'registered'],
    ['ios/App/A.swift', SWIFT, 'registered'],
    ['lib/main.dart', DART, 'registered'],
    ['app/src/test/java/com/example/B.java', JAVA, 'absent'],
    ['app/src/androidTest/java/com/example/B.java', JAVA, 'absent'],
    ['app/src/testDebug/java/com/example/B.java', JAVA, 'absent'],
    ['shared/src/commonTest/kotlin/B.kt', JAVA, 'absent'],
    ['app/src/main/java/com/example/ListenerTest.java', JAVA, 'absent'],
    ['App/AppUITests/A.swift', SWIFT, 'absent'],
    [
      'App.Tests/A.cs',
      'class A : Application { void F() { RegisterReceiver(r, new IntentFilter("RootedDevice")); } }',
      'absent',
    ],
    ['src/__tests__/a.js', JS, 'absent'],
    ['src/a.spec.ts', JS, 'absent'],
    ['test/a_test.dart', DART, 'absent'],
    ['lib/a_test.dart', DART, 'absent'],
    ['app/build/generated/B.java', JAVA, 'absent'],
    ['obj/Debug/B.java', JAVA, 'absent'],
    ['sample/src/main/java/B.java', JAVA, 'absent'],
    ['examples/a.js', JS, 'absent'],
    ['docs/a.js', JS, 'absent'],
    ['app/src/debug/java/com/example/B.java', JAVA, 'absent'],
    ['app/src/freeDebug/java/com/example/B.java', JAVA, 'absent'],
    ['benchmark/src/main/java/com/example/B.java', JAVA, 'absent'],
    ['demo/src/main/java/com/example/B.java', JAVA, 'absent'],
    ['app/src/main/java/com/example/demo/B.java', JAVA, 'registered'],
    ['mocks/a.js', JS, 'absent'],
    ['src/a.stories.tsx', JS, 'absent'],
    ['jest.setup.js', JS, 'absent'],
    ['platforms/android/app/src/main/assets/www/js/a.js', JS, 'absent'],
    ['Platforms/Android/a.js', JS, 'registered'],
    ['plugins/sdk/www/a.js', JS, 'foreign'],
    ['.git/B.java', JAVA, 'absent'],
    ['README.md', JAVA, 'absent'],
    ['src/events.json', '["RootedDevice"]', 'absent'],
    ['node_modules/x/a.js', JS, 'foreign'],
    ['app/node_modules/x/a.js', JS, 'foreign'],
    ['ios/Pods/X/A.swift', SWIFT, 'foreign'],
    ['Carthage/Checkouts/X/A.swift', SWIFT, 'foreign'],
    ['.build/checkouts/x/A.swift', SWIFT, 'foreign'],
    ['.pub-cache/hosted/x/lib/a.dart', DART, 'foreign'],
    ['vendor/x/a.js', JS, 'foreign'],
    // There is no grammar for these: whether they listen is not known.
    ['www/index.html', `<script>${JS}</script>`, 'unknown'],
    ['src/App.vue', JS, 'unknown'],
    ['app/src/main/AndroidManifest.xml', '<action android:name="RootedDevice" />', 'unknown'],
    ['node_modules/x/index.html', JS, 'absent'],
  ])('%s', async (file, text, outcome) => {
    expect(await outcomesIn(await sourceTree({ [file]: text }), ['RootedDevice'])).toEqual({ RootedDevice: outcome });
  });
});

describe('by its owner', () => {
  const java = 'sdk/src/main/java/com/withpersona/sdk2/B.java';
  const text = JAVA.replace('com.example', 'com.withpersona.sdk2');
  it.each([
    ['a package', java, text, ['com.withpersona'], 'foreign'],
    ['a folder', java, text, ['sdk'], 'foreign'],
    ['a folder, with a slash', java, text, ['./sdk/'], 'foreign'],
    ['a package that a file declares elsewhere', 'app/B.java', text, ['com.withpersona'], 'foreign'],
    ['another package that begins alike', java, text, ['com.with'], 'registered'],
    ['another folder that begins alike', java, text, ['sd'], 'registered'],
    ['nothing', java, text, ['', '.', '/'], 'registered'],
    [
      'a namespace',
      'A.cs',
      'namespace Sdk.Identity; class A : Application { void F() { RegisterReceiver(r, new IntentFilter("RootedDevice")); } }',
      ['Sdk'],
      'foreign',
    ],
  ])('%s', async (_title, file, content, foreign, outcome) => {
    const root = await sourceTree({ [file]: content });
    expect(await outcomesIn(root, ['RootedDevice'], { foreign })).toEqual({ RootedDevice: outcome });
  });
});

describe('by what the user names as own', () => {
  const own = ['com.acme', 'vendor/acme', 'node_modules/@acme'];
  it.each([
    ['vendor/acme/a.js', JS, [], 'registered'],
    ['vendor/other/a.js', JS, [], 'foreign'],
    ['app/node_modules/@acme/a.js', JS, [], 'registered'],
    ['Pods/Kit/com/acme/B.java', JAVA, [], 'registered'],
    ['Pods/Kit/B.java', JAVA.replace('com.example', 'com.acme.kit'), [], 'registered'],
    ['vendor/acme/a.js', JS, ['vendor'], 'foreign'],
  ])('%s (foreign: %3$j)', async (file, text, foreign, outcome) => {
    const root = await sourceTree({ [file]: text });
    expect(await outcomesIn(root, ['RootedDevice'], { own, foreign })).toEqual({ RootedDevice: outcome });
  });
});

it('Cordova copies and plugins are known in a folder of a repository too', async () => {
  const app = { 'apps/one/config.xml': '', 'apps/one/www/index.css': '' };
  const outcome = async (files: Record<string, string>) =>
    (await outcomesIn(await sourceTree(files), ['RootedDevice']))['RootedDevice'];
  expect(await outcome({ ...app, 'apps/one/plugins/sdk/www/a.js': JS })).toBe('foreign');
  expect(await outcome({ ...app, 'apps/one/platforms/android/app/src/main/assets/www/js/a.js': JS })).toBe('absent');
  expect(await outcome({ ...app, 'apps/one/www/js/a.js': JS })).toBe('registered');
  expect(await outcome({ 'apps/two/src/plugins/a.js': JS })).toBe('registered');
});

it('tells how many files in a language that is read there are', async () => {
  const read = async (files: Record<string, string>) =>
    (await findListenersInSource({ root: await sourceTree(files), events: ['RootedDevice'] })).filesRead;
  expect(await read({})).toBe(0);
  expect(await read({ 'index.html': '', 'README.md': '', 'src/test/A.java': JAVA })).toBe(0);
  expect(await read({ 'A.java': JAVA, 'B.kt': '', 'c/d.js': '', 'node_modules/x/a.js': JS, 'large.swift': '' })).toBe(
    5,
  );
});

it("the reports of an earlier run are not the app's", async () => {
  const html = {
    'fusegate-output/app/fusegate-report.html': 'RootedDevice',
    'fusegate-output/app/fusegate-junit.xml': '<x>RootedDevice</x>',
  };
  const listening = { ...html, 'fusegate-output/app/fusegate-result.json': '{}', 'fusegate-output/app/page.txt': '' };
  expect(await outcomesIn(await sourceTree(listening), ['RootedDevice'])).toEqual({ RootedDevice: 'absent' });
  // A page of the app beside them still counts, and so does a file that only has the name of a report.
  const page = { ...listening, 'fusegate-output/app/index.html': 'RootedDevice' };
  expect(await outcomesIn(await sourceTree(page), ['RootedDevice'])).toEqual({ RootedDevice: 'unknown' });
  expect(await outcomesIn(await sourceTree(html), ['RootedDevice'])).toEqual({ RootedDevice: 'unknown' });
});

it('what is registered in own code is registered, whoever else has the name', async () => {
  const root = await sourceTree({ 'node_modules/x/a.js': JS, 'www/a.js': JS, 'www/index.html': 'RootedDevice' });
  expect(await outcomesIn(root, ['RootedDevice'])).toEqual({ RootedDevice: 'registered' });
});
