/** JavaScript: names that patterns, parameters and other names for `window` bind. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const RN = `import { NativeEventEmitter, NativeModules } from 'react-native';
const { ADDevEvents } = NativeModules; const emitter = new NativeEventEmitter(ADDevEvents);
const L = [{ event: 'RootedDevice', title: 'Root', on: x }, { event: 'Other', title: 'O', on: x }];\n`;
const both = (name: string) => `ADDevEvents.registerForDevEvent(${name}); emitter.addListener(${name}, f);`;
const BROADCAST = "addEventListener('RootedDevice', f)";

const outcome = async (text: string) => (await outcomesOf({ 'a.js': text }))['RootedDevice'];

it.each([
  `L.forEach(({ event, title }) => { ${both('event')} });`,
  `L.forEach(({ event: name }) => { ${both('name')} });`,
  `L.map(function ({ event }) { ${both('event')} });`,
  `for (const { event } of L) { ${both('event')} }`,
  `function listen({ event, title }) { ${both('event')} } listen({ event: 'RootedDevice', title: 'x' });`,
])('React Native: %s', async (text) => expect(await outcome(RN + text)).toBe('registered'));

it.each([
  `L.forEach(({ event, on }) => { if (on) { ${both('event')} } });`,
  `L.forEach(({ event, on }) => { if (!on) return; ${both('event')} });`,
  `for (const { event, on } of L) { if (on) { ${both('event')} } }`,
  `for (const [e, on] of Object.entries({ RootedDevice: false, X: true })) { if (on) { ${both('e')} } }`,
  `for (const [e, g] of Object.entries({ RootedDevice: null, X: f })) { if (g) { ${both('e')} } }`,
  `L.forEach(({ title }) => { ${both('title')} });`,
  `L.forEach(({ event = 'x' }) => { ${both('event')} });`,
  `L.forEach(({ event }) => { event = 'x'; ${both('event')} });`,
])('React Native, not: %s', async (text) => expect(await outcome(RN + text)).toBe('named'));

describe('Cordova', () => {
  it.each([
    `const { broadcaster } = window; broadcaster.${BROADCAST};`,
    `const { broadcaster: b } = window; b.${BROADCAST};`,
    `const b = window.broadcaster; b.${BROADCAST};`,
    `window['broadcaster'].${BROADCAST};`,
    `const w = window; w.broadcaster.${BROADCAST};`,
    `(function (w) { w.broadcaster.${BROADCAST}; })(window);`,
    `(function (d, w) { function init() { w.broadcaster.${BROADCAST}; } }(document, window));`,
    `((w) => { const { broadcaster } = w; broadcaster.${BROADCAST}; })(window);`,
  ])('%s', async (text) => expect(await outcome(text)).toBe('registered'));

  it.each([
    `const { broadcaster } = app; broadcaster.${BROADCAST};`,
    `const { other: broadcaster } = window; broadcaster.${BROADCAST};`,
    `window['other'].${BROADCAST};`,
    `(function (w) { w.broadcaster.${BROADCAST}; })(app);`,
    `(function (w) { w = app; w.broadcaster.${BROADCAST}; })(window);`,
    `(function (w) { w.broadcaster.${BROADCAST}; });`,
    `function f(w) { w.broadcaster.${BROADCAST}; } f(app);`,
  ])('not: %s', async (text) => expect(await outcome(text)).toBe('named'));
});
