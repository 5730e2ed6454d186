/** Whether a call in JavaScript runs: each trap as it is written, and as a minifier writes it. */
import { findInScript } from '@fusegate/shared/threat-events/app/script/find-in-script';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

async function placesIn(text: string) {
  const { findings } = await findInScript(Buffer.from(text), 'a.js', ['RootedDevice']);
  return findings;
}

/** `conditional`: registered, with the condition in `detail`. */
async function outcome(text: string): Promise<string> {
  const found = (await placesIn(text)).filter(({ place }) => place.what === 'registration');
  const [first] = found;
  if (first === undefined) return 'name';
  if (first.calledBy !== undefined) return `by ${first.calledBy}`;
  return found.every(({ place }) => place.detail !== undefined) ? 'conditional' : 'registration';
}

const minified = (text: string) => transformSync(text, { minify: true, format: 'iife', target: 'es2015' }).code;
const ON = "window.broadcaster.addEventListener('RootedDevice', function (e) { act(e); });";
const OFF = "window.broadcaster.removeEventListener('RootedDevice', h);";
const ready = (body: string) => `document.addEventListener('deviceready', function () { ${body} });`;

const ALWAYS: Array<[string, string]> = [
  ['at the top', ON],
  ['once the device is ready', ready(ON)],
  ['in a function that is called', ready(`go(); function go() { ${ON} }`)],
  ['in a function that is passed on', `function go() { ${ON} } document.addEventListener('deviceready', go);`],
  ['in a method of an object', `var app = { start: function () { this.go(); }, go() { ${ON} } }; app.start();`],
  ['in a method of a class', `class App { start() { ${ON} } } new App().start();`],
  ['in a property of a class', `class App { start = () => { ${ON} } } new App().start();`],
  ['in a promise', `load().then(() => { ${ON} });`],
  ['in an async function', `(async () => { await load(); ${ON} })();`],
  ['if the broadcaster is there', `if (window.broadcaster) { ${ON} }`],
  ['unless it is missing', `(function () { if (!window.broadcaster) return false; ${ON} return true; })();`],
  ['unless it is null', `(function () { if (window.broadcaster == null) return; ${ON} })();`],
  ['with a link of a chain', "window.broadcaster?.addEventListener('RootedDevice', f); function f() {}"],
  ['in both branches', `if (a()) { ${ON} } else { b(); ${ON} }`],
  ['in both branches, the first of which returns', `(function () { if (a()) { ${ON} return; } ${ON} })();`],
  ['in both branches of both branches', `if (a()) { if (b()) { ${ON} } else { ${ON} } } else { ${ON} }`],
  ['under !__DEV__', `if (!__DEV__) { ${ON} }`],
  ['in a release build', `if (process.env.NODE_ENV === 'production') { ${ON} }`],
  ['in a try', `try { ${ON} } catch (e) { log(e); }`],
  [
    'for each of a list',
    `['RootedDevice'].forEach(function (n) { window.broadcaster.addEventListener(n, f); }); function f() {}`,
  ],
  ['in a loop of a list', `for (const n of ['RootedDevice']) window.broadcaster.addEventListener(n, () => {});`],
  [
    'for each of a list that grows',
    `var l = ['RootedDevice']; l.push('x'); l.forEach(function (n) { window.broadcaster.addEventListener(n, () => {}); });`,
  ],
  [
    'removed in another function',
    `${ready(`var h = () => {}; window.broadcaster.addEventListener('RootedDevice', h); window.onunload = function () { ${OFF} };`)}`,
  ],
  ['another is removed', `${ON} window.broadcaster.removeEventListener('EmulatorFound', g); function g() {}`],
  ['removed before it is added', `var h = () => {}; ${OFF} window.broadcaster.addEventListener('RootedDevice', h);`],
  [
    'in a window that is passed on',
    `(function (w) { w.broadcaster.addEventListener('RootedDevice', () => {}); })(window);`,
  ],
];

const CONDITIONAL: Array<[string, string]> = [
  ['if', `if (localStorage.x) { ${ON} }`],
  ['else', `if (localStorage.x) { go(); } else { ${ON} }`],
  ['&&', `localStorage.x && ${ON}`],
  ['||', `localStorage.x || ${ON}`],
  ['?:', `localStorage.x ? ${ON.slice(0, -1)} : 0;`],
  ['one of && is the broadcaster', `if (window.broadcaster && localStorage.x) { ${ON} }`],
  ['a case', `switch (localStorage.x) { case 'a': ${ON} }`],
  ['a catch', `try { go(); } catch (e) { ${ON} }`],
  ['a rejection', `go().catch(() => { ${ON} });`],
  ['while', `while (go()) { ${ON} }`],
  ['for', `for (var i = 0; i < x.length; i++) { ${ON} }`],
  ['for in', `for (var i in x) { ${ON} }`],
  ['for of', `for (var i of x) { ${ON} }`],
  ['for each of an unknown list', `x.forEach(function () { ${ON} });`],
  ['after a return', `(function () { if (localStorage.x) return; ${ON} })();`],
  ['after a return in a loop', `(function () { for (var i of x) { if (i) return; } ${ON} })();`],
  ['after a throw', `(function () { if (localStorage.x) { throw new Error('x'); } ${ON} })();`],
  ['after a return in a switch', `(function () { switch (x) { case 1: return; } ${ON} })();`],
  ['in a function that is called under a condition', `function go() { ${ON} } if (localStorage.x) { go(); }`],
  [
    'with a name that is passed under a condition',
    "function on(n) { window.broadcaster.addEventListener(n, f); } on('x'); if (y) on('RootedDevice'); function f() {}",
  ],
  ['two unrelated conditions', `if (a()) { ${ON} } if (b()) { ${ON} }`],
  ['a link of a chain', `x?.go(${ON.slice(0, -1)});`],
  ['a default', `function go(x = ${ON.slice(0, -1)}) {} go();`],
];

const NEVER: Array<[string, string]> = [
  ['if (false)', `if (false) { ${ON} }`],
  ['!1 &&', `!1 && ${ON}`],
  ['0 ? :', `0 ? ${ON.slice(0, -1)} : go();`],
  ['true ||', `true || ${ON}`],
  ['if (true) else', `if (true) { go(); } else { ${ON} }`],
  ['while (false)', `while (false) { ${ON} }`],
  ['a constant', `var debug = false; if (debug) { ${ON} }`],
  ['void 0', `if (void 0) { ${ON} }`],
  ['__DEV__', `if (__DEV__) { ${ON} }`],
  ['__DEV__ &&', `__DEV__ && ${ON}`],
  ['unless __DEV__', `(function () { if (!__DEV__) return; ${ON} })();`],
  ['a development build', `if (process.env.NODE_ENV !== 'production') { ${ON} }`],
  ['if the broadcaster is missing', `if (!window.broadcaster) { ${ON} }`],
  ['after return', `(function () { return; ${ON} })();`],
  ['after throw', `(function () { throw x; ${ON} })();`],
  ['after a block that returns', `(function () { { return; } ${ON} })();`],
  ['after both branches return', `(function () { if (x) return 1; else throw x; ${ON} })();`],
  ['after break', `for (;;) { break; ${ON} }`],
  ['after an endless loop', `for (;;) { go(); } ${ON}`],
  ['inside a function in dead code', `if (false) { document.addEventListener('deviceready', function () { ${ON} }); }`],
  ['a function that only dead code calls', `(function () { function go() { ${ON} } if (false) go(); })();`],
  ['a function that nothing calls', `(function () { function go() { ${ON} } })();`],
  ['a function that only calls itself', `(function () { function go() { ${ON} go(); } })();`],
  ['two functions that call each other', `(function () { function a() { ${ON} b(); } function b() { a(); } })();`],
  ['a variable that nothing calls', `(function () { var go = function () { ${ON} }; })();`],
  ['an object that nothing uses', `(function () { var app = { go: function () { ${ON} } }; })();`],
  ['a class that nothing uses', `(function () { class App { go() { ${ON} } } })();`],
  ['an expression that is not called', `(function () { ${ON} });`],
  ['for each of nothing', `[].forEach(function () { ${ON} });`],
  [
    'a list that is emptied',
    `var l = ['RootedDevice']; l.length = 0; l.forEach(function (n) { window.broadcaster.addEventListener(n, () => {}); });`,
  ],
  [
    'a list that is cut',
    `var l = ['RootedDevice']; l.pop(); l.forEach(function (n) { window.broadcaster.addEventListener(n, () => {}); });`,
  ],
  [
    'a name that only dead code passes',
    "(function () { function on(n) { window.broadcaster.addEventListener(n, f); } on('x'); if (false) on('RootedDevice'); function f() {} })();",
  ],
  ['removed', `var h = function () {}; window.broadcaster.addEventListener('RootedDevice', h); ${OFF}`],
  [
    'removed under another name',
    `var b = window.broadcaster, h = function () {}; window.broadcaster.addEventListener('RootedDevice', h); b.removeEventListener('RootedDevice', h);`,
  ],
  [
    'removed by a loop',
    `var l = ['RootedDevice'], h = () => {}; l.forEach(n => { window.broadcaster.addEventListener(n, h); }); l.forEach(n => window.broadcaster.removeEventListener(n, h));`,
  ],
  [
    'null through a function',
    "function on(n, f) { window.broadcaster.addEventListener(n, f); } on('RootedDevice', null);",
  ],
  [
    'no callback through a function',
    "function on(n, f) { window.broadcaster.addEventListener(n, f); } on('RootedDevice');",
  ],
  ['null in an object', "var hs = { a: null }; window.broadcaster.addEventListener('RootedDevice', hs.a);"],
  ['null by destructuring', "var { a } = { a: null }; window.broadcaster.addEventListener('RootedDevice', a);"],
  [
    'another window',
    "var window = { broadcaster: { addEventListener() {} } }; window.broadcaster.addEventListener('RootedDevice', () => {});",
  ],
  [
    'another broadcaster',
    "window.broadcaster = { addEventListener() {} }; window.broadcaster.addEventListener('RootedDevice', () => {});",
  ],
  ['a broadcaster of something else', "app.broadcaster.addEventListener('RootedDevice', () => {});"],
];

describe.each<[string, Array<[string, string]>]>([
  ['registration', ALWAYS],
  ['conditional', CONDITIONAL],
  ['name', NEVER],
])('%s', (expected, cases) => {
  it.each(cases)('%s', async (_, text) => {
    expect(await outcome(text)).toBe(expected);
    // A minifier leaves out what never runs.
    const short = minified(text);
    if (short.includes('RootedDevice')) expect(await outcome(short)).toBe(expected);
  });
});

it('a function of a classic script has to be called by another', async () => {
  expect(await outcome(`function go() { ${ON} }`)).toBe('by go');
  expect(await outcome(`export function go() { ${ON} }`)).toBe('registration');
  expect(await outcome(`const go = () => { ${ON} }; export default go;`)).toBe('registration');
  expect(await outcome(`import x from './x.js'; function go() { ${ON} }`)).toBe('name');
});

it('tells the line of the condition', async () => {
  const [, place] = [
    0,
    (await placesIn(`\nif (x) {\n  ${ON}\n}`)).find((each) => each.place.what === 'registration')?.place,
  ];
  expect(place).toMatchObject({ line: 3, detail: 'inside a condition, line 2' });
});

it('very many conditions come to an end', async () => {
  const each = (index: number) => `if (a${index}) { if (b${index}) { ${ON} } else { ${ON} } }`;
  expect(await outcome(Array.from({ length: 300 }, (_, index) => each(index)).join('\n'))).toBe('conditional');
  expect(await outcome(`${'if (a) {'.repeat(300)}${ON}${'}'.repeat(300)}`)).toBe('conditional');
});
