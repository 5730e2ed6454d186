/** Event names in plain JavaScript: what each way to register is taken for. */
import { findInScript } from '@fusegate/shared/threat-events/app/script/find-in-script';
import { describe, expect, it } from 'vitest';

const NAMES = ['RootedDevice', 'EmulatorFound', 'FridaDetected', 'OverlayDetected'];

async function outcomes(text: string): Promise<Record<string, string>> {
  const { findings } = await findInScript(Buffer.from(text), 'main.jsbundle', NAMES);
  const found: Record<string, string> = {};
  for (const { name, place } of findings) if (found[name] !== 'registration') found[name] = place.what;
  return found;
}

const HEAD = `__d(function(g,r,i,a,m,e,d){"use strict";var t=r(d[0]);var n=t.NativeModules.ADDevEvents,o=new t.NativeEventEmitter(n);`;
const metro = (body: string, rest = '') => `var __BUNDLE_START_TIME__=1;\n${HEAD}${body}},7,[1,8]);\n${rest}__r(7);\n`;
const both = (name: string) => `n.registerForDevEvent(${name}),o.addListener(${name},function(t){});`;

describe('React Native, bundled by Metro', () => {
  it.each<[string, string, Record<string, string>]>([
    ['a literal', both('"RootedDevice"'), { RootedDevice: 'registration' }],
    ['a template', both('`RootedDevice`'), { RootedDevice: 'registration' }],
    ['a constant', `var c="RootedDevice";${both('c')}`, { RootedDevice: 'registration' }],
    [
      'a list and forEach',
      `["RootedDevice","FridaDetected"].forEach(function(t){${both('t')}});`,
      { RootedDevice: 'registration', FridaDetected: 'registration' },
    ],
    [
      'a list and for of',
      `var l=["RootedDevice","FridaDetected"];for(const c of l){${both('c')}}`,
      { RootedDevice: 'registration', FridaDetected: 'registration' },
    ],
    [
      'an object and its values',
      `var E=Object.freeze({A:"RootedDevice"});Object.values(E).forEach((c)=>{${both('c')}});`,
      { RootedDevice: 'registration' },
    ],
    [
      'handlers and their keys',
      `const h={RootedDevice:function(){}};for(const[c,f]of Object.entries(h)){${both('c')}}`,
      { RootedDevice: 'registration' },
    ],
    [
      'an enum',
      `var E=(function(t){t.A="RootedDevice";t["B"]="FridaDetected";return t})({});${both('E.A')}`,
      { RootedDevice: 'registration', FridaDetected: 'name' },
    ],
    [
      'an older enum',
      `var E;!function(t){t.A="RootedDevice"}(E||(E={}));${both('E.A')}`,
      { RootedDevice: 'registration' },
    ],
    [
      'a function that is given the name',
      `function s(t){${both('t')}}s("RootedDevice");s("FridaDetected");`,
      { RootedDevice: 'registration', FridaDetected: 'registration' },
    ],
    [
      'one index of a list',
      `var l=["RootedDevice","FridaDetected"];${both('l[0]')}`,
      { RootedDevice: 'registration', FridaDetected: 'name' },
    ],
    ['the native module alone', 'n.registerForDevEvent("RootedDevice");', { RootedDevice: 'name' }],
    ['the emitter alone', 'o.addListener("RootedDevice",function(){});', { RootedDevice: 'name' }],
    ['another native module', `var n=t.NativeModules.Other;${both('"RootedDevice"')}`, { RootedDevice: 'name' }],
    [
      'the same letter in another function',
      `var x="RootedDevice";function q(x){${both('x')}}`,
      { RootedDevice: 'name' },
    ],
    [
      'one of two values',
      `var x="RootedDevice";x="FridaDetected";${both('x')}`,
      { RootedDevice: 'name', FridaDetected: 'name' },
    ],
    ['a comment', `/* ${both('"RootedDevice"')} */`, {}],
    ['part of a word', 'g.x="RootedDeviceModel";', {}],
    ['inside a longer string', 'g.x="RootedDevice,EmulatorFound";', { RootedDevice: 'name', EmulatorFound: 'name' }],
  ])('%s', async (_, body, expected) => {
    expect(await outcomes(metro(body))).toEqual(expected);
  });

  it('names that stand in another module', async () => {
    const body = `var s=r(d[1]);${both('s.EMULATOR')}Object.values(s.Looped).forEach(function(t){${both('t')}});`;
    const other = `__d(function(g,r,i,a,m,e,d){Object.defineProperty(e,"__esModule",{value:!0}),e.Looped=e.EMULATOR=void 0;e.EMULATOR="EmulatorFound";e.Looped=(function(t){return t.Frida="FridaDetected",t})({});e.Unused="OverlayDetected"},8,[]);\n`;
    expect(await outcomes(metro(body, other))).toEqual({
      EmulatorFound: 'registration',
      FridaDetected: 'registration',
      OverlayDetected: 'name',
    });
  });

  it('tells the module', async () => {
    const { findings } = await findInScript(Buffer.from(metro(both('"RootedDevice"'))), 'main.jsbundle', NAMES);
    expect(findings.map(({ place }) => place)).toContainEqual({
      file: 'main.jsbundle',
      line: 2,
      where: 'module 7',
      what: 'registration',
    });
  });
});

describe('Cordova', () => {
  it.each<[string, string, Record<string, string>]>([
    [
      'a literal',
      'window.broadcaster.addEventListener("RootedDevice", function (u) {});',
      { RootedDevice: 'registration' },
    ],
    [
      'a short name',
      'var b = window.broadcaster; b.addEventListener("RootedDevice", f);',
      { RootedDevice: 'registration' },
    ],
    ['the document', 'document.addEventListener("RootedDevice", function () {});', { RootedDevice: 'name' }],
    ['no callback', 'window.broadcaster.addEventListener("RootedDevice");', { RootedDevice: 'name' }],
    ['a comment', '// window.broadcaster.addEventListener("RootedDevice", f);\n', {}],
    [
      'a module',
      'import x from "y"; window.broadcaster.addEventListener("RootedDevice", x);',
      { RootedDevice: 'registration' },
    ],
  ])('%s', async (_, text, expected) => {
    expect(await outcomes(text)).toEqual(expected);
  });
});

describe('what may not come to the call is only named', () => {
  const on = (name: string) => `window.broadcaster.addEventListener(${name},f);`;
  const LIST = "['EmulatorFound','RootedDevice']";
  it.each([
    on("flag?'RootedDevice':'x'"),
    on("other||'RootedDevice'"),
    `${LIST}.slice(0,1).forEach(function(n){${on('n')}})`,
    `${LIST}.filter(function(n){return n[0]==='E'}).forEach(function(n){${on('n')}})`,
    `${LIST}.some(function(n){${on('n')};return true})`,
    `${LIST}.forEach(function(n){if(n[0]==='E'){${on('n')}}})`,
    `${LIST}.forEach(function(n){if(n[0]!=='E')return;${on('n')}})`,
    `${LIST}.forEach(function(n){n[0]==='E'&&${on('n').slice(0, -1)}})`,
    `for(const n of ${LIST}){${on('n')}break}`,
    `for(const n of ${LIST}){if(n[0]!=='E')continue;${on('n')}}`,
    `function s(n){if(n!=='EmulatorFound')return;${on('n')}}s('RootedDevice')`,
  ])('%s', async (text) => expect((await outcomes(text))['RootedDevice']).toBe('name'));

  it('one name that is registered very often has few places', async () => {
    const { findings } = await findInScript(Buffer.from(on("'RootedDevice'").repeat(500)), 'a.js', NAMES);
    expect(findings.filter(({ place }) => place.what === 'registration').length).toBeLessThan(50);
  });
});

describe('hostile scripts', () => {
  it.each([
    ['a name a million times', 'RootedDevice '.repeat(1_000_000)],
    ['a name in many strings', `var a = [${'"RootedDevice",'.repeat(100_000)}];`],
    ['broken', 'var a = {"RootedDevice": ;'],
    ['nested deeply', `var a = ${'['.repeat(50_000)}"RootedDevice"${']'.repeat(50_000)};`],
    ['a long sum', `var a = "RootedDevice"${'+b'.repeat(200_000)};`],
    [
      'a circle',
      `var a=b,b=a;window.broadcaster.addEventListener(a,f);window.broadcaster.addEventListener("RootedDevice"+a,f);`,
    ],
  ])('%s: the name is told', async (_, text) => {
    expect(await outcomes(text)).toEqual({ RootedDevice: 'name' });
  });
});

describe('what only looks like a listener', () => {
  const module = (id: number, callback: string) =>
    `__d(function(g,r,i,a,m,e,d){var t=r(d[0]),A=t.NativeModules.ADDevEvents;A.registerForDevEvent('RootedDevice');new t.NativeEventEmitter(A).addListener('RootedDevice',${callback})},${id},[1]);`;
  const whats = async (text: string) => {
    const { findings } = await findInScript(Buffer.from(text), 'a.js', ['RootedDevice']);
    return findings.map(({ place }) => place.what);
  };

  it.each(['null', 'undefined', 'void 0', '0', "'handler'"])('a callback that is %s', async (callback) => {
    expect(await whats(`window.broadcaster.addEventListener('RootedDevice', ${callback})`)).not.toContain(
      'registration',
    );
    expect(await whats(`var f = ${callback}; window.broadcaster.addEventListener('RootedDevice', f)`)).not.toContain(
      'registration',
    );
    expect(await whats(`${module(999, callback)}\n__r(999);`)).not.toContain('registration');
  });

  it('a module that nothing requires', async () => {
    const main = '__d(function(g,r,i,a,m,e,d){r(d[0])},0,[DEPENDENCIES]);\n';
    const tail = `${module(999, 'function(){}')}\n__r(0);`;
    expect(await whats(main.replace('DEPENDENCIES', '') + tail)).not.toContain('registration');
    expect(await whats(main.replace('DEPENDENCIES', '999') + tail)).toContain('registration');
  });
});
