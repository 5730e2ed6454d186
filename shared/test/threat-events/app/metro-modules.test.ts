/** React Native: which modules of a bundle run, and whether a listener lasts. */
import { findInScript } from '@fusegate/shared/threat-events/app/script/find-in-script';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { codeOf, eventsFor } from '../code/every-event.ts';
import { metroBundle } from './support/metro.ts';

async function outcome(text: string): Promise<string> {
  const { findings } = await findInScript(Buffer.from(text), 'main.jsbundle', ['RootedDevice']);
  const found = findings.filter(({ place }) => place.what === 'registration');
  if (found.length === 0) return 'name';
  return found.every(({ place }) => place.detail !== undefined) ? 'conditional' : 'registration';
}

const module = (id: number, body: string, dependencies: number[] = []) =>
  `__d(function(g,r,i,a,m,e,d){"use strict";${body}},${id},[${dependencies}]);`;
const HEAD = 'var t=r(d[0]),A=t.NativeModules.ADDevEvents,E=new t.NativeEventEmitter(A);';
const TOLD = "A.registerForDevEvent('RootedDevice');";
const HEARD = "E.addListener('RootedDevice',function(x){t.stop()});";
const REACT = module(9, 'm.exports={}');
const bundle = (...modules: string[]) => `var __DEV__=false;\n${[...modules, REACT].join('\n')}\n__r(9);\n__r(0);`;
const LISTENER = module(5, HEAD + TOLD + HEARD, [9]);

describe('a module', () => {
  it.each([
    'r(d[0])',
    'i(d[0])',
    'a(d[0])',
    'var x=r(d[0]);x.go()',
    'r(d[0]),go()',
    'e.go=function(){r(d[0]).go()}',
    'm.exports={get x(){return r(d[0]).x}}',
    "Object.defineProperty(e,'x',{enumerable:!0,get:function(){return r(d[0]).x}})",
    'r(d[1])(d[0],d.paths).then(function(){})',
  ])('is required: %s', async (body) => {
    expect(await outcome(bundle(module(0, body, [5, 9]), LISTENER))).toBe('registration');
    expect(await outcome(bundle(module(0, 'r(d[0])', [4]), module(4, body, [5, 9]), LISTENER))).toBe('registration');
  });

  it.each(['if(x)r(d[0])', 'x&&r(d[0])', 'if(x)return;r(d[0])'])('is required on a condition: %s', async (body) => {
    expect(await outcome(bundle(module(0, body, [5]), LISTENER))).toBe('conditional');
  });

  it.each([
    '',
    'd[0]',
    'r(d[1])',
    '/* r(d[0]) */',
    "var x='r(d[0])'",
    'if(__DEV__)r(d[0])',
    'if(!1)r(d[0])',
    'return;r(d[0])',
    'function x(){r(d[0])}',
    'r.resolveWeak(d[0])',
    'console.log(d[0])',
    '(function(r){r(d[0])})(function(){})',
    '(function(d){r(d[0])})([])',
  ])('is not required: %s', async (body) => {
    expect(await outcome(bundle(module(0, body, [5, 9]), LISTENER))).toBe('name');
  });

  it('is required only by modules that nothing requires', async () => {
    const circle = [module(3, 'r(d[0])', [4]), module(4, 'r(d[0]),r(d[1])', [3, 5])];
    expect(await outcome(bundle(module(0, ''), ...circle, LISTENER))).toBe('name');
  });

  it('is required by one of many, on a condition by another', async () => {
    const first = module(0, 'r(d[0]);r(d[1])', [3, 4]);
    expect(await outcome(bundle(first, module(3, 'x&&r(d[0])', [5]), module(4, 'r(d[0])', [5]), LISTENER))).toBe(
      'registration',
    );
  });

  it('of a bundle that starts nothing', async () => {
    expect(await outcome([module(0, 'r(d[0])', [5]), LISTENER, REACT].join('\n'))).toBe('name');
    expect(await outcome(`${[module(0, 'r(d[0])', [5]), LISTENER, REACT].join('\n')}\n// __r(0);`)).toBe('name');
  });

  it('of a bundle in a single line', async () => {
    const text = (body: string) => `${module(0, body, [5])}${LISTENER}${REACT}__r(0);`;
    expect(await outcome(text('r(d[0])'))).toBe('registration');
    expect(await outcome(text(''))).toBe('name');
  });
});

describe('a listener', () => {
  const of = (body: string) => outcome(bundle(module(0, HEAD + body, [9])));

  it.each([
    `t.useEffect(function(){${TOLD}var s=E.addListener('RootedDevice',f);return function(){s.remove()}},[])`,
    `${TOLD}var s=E.addListener('RootedDevice',f);setTimeout(function(){s.remove()},1e5)`,
    `${TOLD}${HEARD}E.removeAllListeners('EmulatorFound')`,
    `E.removeAllListeners('RootedDevice');${TOLD}${HEARD}`,
    `if(A){${TOLD}${HEARD}}`,
    `A&&(${TOLD.slice(0, -1)},${HEARD.slice(0, -1)})`,
    `if(x){${TOLD}}else{${TOLD}}${HEARD}`,
    `null!=A&&A.registerForDevEvent('RootedDevice');${HEARD}`,
    `A?.registerForDevEvent('RootedDevice');E?.addListener('RootedDevice',f)`,
    `['RootedDevice'].map(function(n){return A.registerForDevEvent(n),E.addListener(n,f)})`,
    `function on(n,f){A&&(A.registerForDevEvent(n),E.addListener(n,f))}on('RootedDevice',function(){})`,
    `e.default=function(){t.useEffect(function(){${TOLD}${HEARD}},[])}`,
  ])('lasts: %s', async (body) => expect(await of(body)).toBe('registration'));

  it.each([`if(x){${TOLD}}${HEARD}`, `${TOLD}x&&${HEARD}`, `if(x)return;${TOLD}${HEARD}`])(
    'depends: %s',
    async (body) => expect(await of(body)).toBe('conditional'),
  );

  it.each([
    `${TOLD}${HEARD.slice(0, -1)}.remove();`,
    `${TOLD}var s=${HEARD}s.remove()`,
    `${TOLD}var s=${HEARD}s&&s.remove()`,
    `${TOLD}var s;s=${HEARD}s.remove()`,
    `${TOLD}var s=${HEARD}s?.remove()`,
    `${TOLD}${HEARD}E.removeAllListeners('RootedDevice')`,
    `${TOLD}${HEARD}E.removeAllListeners()`,
    `${TOLD}${HEARD}new t.NativeEventEmitter(A).removeAllListeners('RootedDevice')`,
    `${TOLD}var F=E;${HEARD}F.removeAllListeners('RootedDevice')`,
    `${TOLD}E.addListener('RootedDevice',h);E.removeListener('RootedDevice',h);function h(){}`,
    `${TOLD}var s=${HEARD}E.removeSubscription(s)`,
    `if(__DEV__){${TOLD}}${HEARD}`,
    `${TOLD}if(__DEV__){${HEARD}}`,
    `${TOLD}E.once('RootedDevice',function(){})`,
    `${TOLD}E.addListener('RootedDevice',null)`,
    `${TOLD}E.addListener('RootedDevice',h);var h`,
    `var A={registerForDevEvent:function(){}};${TOLD}${HEARD}`,
    `var N={ADDevEvents:{}},A=N.ADDevEvents;${TOLD}${HEARD}`,
    `class Q{addListener(){}}var E=new Q(A);${TOLD}${HEARD}`,
    `function NativeEventEmitter(){}var F=new NativeEventEmitter(A);${TOLD}F.addListener('RootedDevice',f)`,
  ])('does not last: %s', async (body) => expect(await of(body)).toBe('name'));
});

describe('what threat-events --code writes, minified', () => {
  const minify = (text: string) => transformSync(text, { minify: true, target: 'es2015' }).code;
  const outcomes = async (text: string, names: string[]) => {
    const { findings } = await findInScript(Buffer.from(text), 'a.js', names);
    return names.filter((name) =>
      findings.some((each) => each.name === name && each.place.what === 'registration' && !each.place.detail),
    );
  };

  it('for React Native', async () => {
    const names = eventsFor('react-native').map(({ name }) => name);
    const text = metroBundle(codeOf('react-native')[0]?.text ?? '');
    expect(await outcomes(text, names)).toEqual(names);
    const short = text.split(/^(?=__[dr]\()/m).map((line) => `${minify(line).trim()}\n`);
    expect(await outcomes(short.join(''), names)).toEqual(names);
  });

  it('for Cordova', async () => {
    const names = eventsFor('cordova').map(({ name }) => name);
    const text = codeOf('cordova')[0]?.text ?? '';
    for (const each of [text, minify(text), minify(`(function () {${text} listenToThreatEvents(print); })();`)])
      expect(await outcomes(each, names)).toEqual(names);
  });
});

it('of a bundle with very many modules, each required by the next', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) =>
    module(index + 10, 'r(d[0])', [index === 0 ? 5 : index + 9]),
  );
  expect(await outcome(bundle(module(0, ''), LISTENER, ...many))).toBe('name');
  expect(await outcome(bundle(module(0, 'r(d[0])', [2009]), LISTENER, ...many.slice(0, 2000)))).toBe('registration');
});
