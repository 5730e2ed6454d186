/** One tree per language: the same events with the same outcomes in each. */
import { expect, it } from 'vitest';
import { fixtureTree, outcomesIn } from './tree.ts';

const EVENTS = {
  RootedDevice: 'registered',
  EmulatorFound: 'registered',
  FridaDetected: 'registered',
  MagiskManagerDetected: 'registered',
  OverlayDetected: 'named',
  // In a comment.
  UnknownSourcesEnabled: 'absent',
  NetworkProxyConfigured: 'foreign',
  // In a test, or in what a build writes.
  ZygiskDetected: 'absent',
  DeveloperOptionsEnabled: 'absent',
};

it.each([
  ['java', ['com.withpersona']],
  ['kotlin', ['identity-sdk']],
  ['swift', []],
  ['objective-c', []],
  ['react-native', []],
  ['cordova', []],
  ['csharp-android', ['Sdk.Identity']],
  ['csharp-ios', ['Sdk.Identity']],
  ['flutter', []],
])('%s', async (language, foreign) => {
  expect(await outcomesIn(await fixtureTree(language), Object.keys(EVENTS), { foreign })).toEqual(EVENTS);
});
