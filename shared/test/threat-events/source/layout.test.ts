/** Whose code it is, and what does not count. */
import { describe, expect, it } from 'vitest';
import { outcomesIn, sourceTree } from './tree.ts';

const JAVA = 'package com.example; class B { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }';
const JS = "window.broadcaster.addEventListener('RootedDevice', on);";
const SWIFT =
  'NotificationCenter.default.addObserver(forName: .init("RootedDevice"), object: nil, queue: nil) { _ in }';
const DART = "void main() { EventChannel('RootedDevice').receiveBroadcastStream().listen(print); }";

describe('by its place in the tree', () => {
  it.each([
    ['app/src/main/java/com/example/B.java', JAVA, 'registered'],
    ['app/src/free/java/com/example/B.java', JAVA, 'registered'],
    ['app/src/androidMain/kotlin/B.kt', 'fun f() { registerReceiver(r, IntentFilter("RootedDevice")) }', 'registered'],
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
    ['App.Tests/A.cs', 'class A { void F() { RegisterReceiver(r, new IntentFilter("RootedDevice")); } }', 'absent'],
    ['src/__tests__/a.js', JS, 'absent'],
    ['src/a.spec.ts', JS, 'absent'],
    ['test/a_test.dart', DART, 'absent'],
    ['lib/a_test.dart', DART, 'absent'],
    ['app/build/generated/B.java', JAVA, 'absent'],
    ['obj/Debug/B.java', JAVA, 'absent'],
    ['sample/src/main/java/B.java', JAVA, 'absent'],
    ['examples/a.js', JS, 'absent'],
    ['docs/a.js', JS, 'absent'],
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
      'namespace Sdk.Identity; class A { void F() { RegisterReceiver(r, new IntentFilter("RootedDevice")); } }',
      ['Sdk'],
      'foreign',
    ],
  ])('%s', async (_title, file, content, owners, outcome) => {
    const root = await sourceTree({ [file]: content });
    expect(await outcomesIn(root, ['RootedDevice'], { owners })).toEqual({ RootedDevice: outcome });
  });
});

it('what is registered in own code is registered, whoever else has the name', async () => {
  const root = await sourceTree({ 'node_modules/x/a.js': JS, 'www/a.js': JS, 'www/index.html': 'RootedDevice' });
  expect(await outcomesIn(root, ['RootedDevice'])).toEqual({ RootedDevice: 'registered' });
});
