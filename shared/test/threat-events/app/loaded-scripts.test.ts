/** Which scripts of a Cordova or Capacitor app run: what only looks as if the start page loaded it does not count. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findListenersInApp } from '@fusegate/shared/threat-events/app/find-listeners';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { archiveOf } from '../../support/zip.ts';

type Members = Record<string, string>;

async function look(members: Members) {
  const file = path.join(await temporaryFolder(), 'app.zip');
  await writeFile(file, archiveOf({ 'resources.arsc': '', ...members }));
  const { events } = await findListenersInApp({ file, events: ['RootedDevice'] });
  return { outcome: events[0]?.outcome, place: events[0]?.places[0] };
}

const ON = "window.broadcaster.addEventListener('RootedDevice', function () {});";
const T = 'assets/www/js/t.js';
const outcomeOf = async (page: string, more: Members = {}) =>
  (await look({ 'assets/www/index.html': page, [T]: ON, ...more })).outcome;

describe('a script of the start page', () => {
  it.each([
    '<script src="js/t.js"></script>',
    '<SCRIPT SRC=js/t.js></SCRIPT>',
    '<script src="./js/t.js?v=1#x"></script>',
    '<script src="/js/t.js"></script>',
    '<script defer async src="js/t.js"></script>',
    '<script type="text/javascript" src="js/t.js"></script>',
    '<script type="application/javascript" src="js/t.js"></script>',
    '<script type="module" crossorigin src="js/t.js"></script>',
    '<!-- a --><body><div><script src="js/t.js"></script></div>',
    '<base href="js/"><script src="t.js"></script>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'self' data:; style-src 'none'"><script src="js/t.js"></script>`,
    '<meta http-equiv="Content-Security-Policy" content="img-src *"><script src="js/t.js"></script>',
    `<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-a'"><script nonce="a" src="js/t.js"></script>`,
  ])('counts: %s', async (page) => expect(await outcomeOf(page)).toBe('registered'));

  it.each([
    '<!-- <script src="js/t.js"></script> -->',
    '<template><script src="js/t.js"></script></template>',
    '<noscript><script src="js/t.js"></script></noscript>',
    '<textarea><script src="js/t.js"></script></textarea>',
    '<style><script src="js/t.js"></script></style>',
    '<title><script src="js/t.js"></script></title>',
    '<svg><script src="js/t.js"></script></svg>',
    '<iframe srcdoc="<script src=js/t.js></script>"></iframe>',
    '<script>var s = "<script src=js/t.js><\\/script>";</script>',
    '<script>document.write("js/t.js")</script>',
    '<script type="text/template" src="js/t.js"></script>',
    '<script type="text/plain" src="js/t.js"></script>',
    '<script language="vbscript" src="js/t.js"></script>',
    '<script type="importmap">{"imports": {"x": "./js/t.js"}}</script>',
    '<script type="application/json">"js/t.js"</script>',
    '<script nomodule src="js/t.js"></script>',
    '<script for="window" event="onload" src="js/t.js"></script>',
    '<script data-src="js/t.js"></script>',
    '<script src="JS/T.js"></script>',
    '<script src="https://example.com/js/t.js"></script>',
    '<base href="other/"><script src="js/t.js"></script>',
    '<base href="https://example.com/"><script src="js/t.js"></script>',
    '<link rel="prefetch" href="js/t.js">',
    '<link rel="modulepreload" href="js/t.js">',
    '<a href="js/t.js">js/t.js</a>',
    '<a href="other.html">next</a>',
    `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script src="js/t.js"></script>`,
    `<meta http-equiv="content-security-policy" content="default-src https:"><script src="js/t.js"></script>`,
    `<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'strict-dynamic'"><script src="js/t.js"></script>`,
    '<frameset></frameset><script src="js/t.js"></script>',
    `${'<div>'.repeat(1000)}<script src="js/t.js"></script>`,
    '',
  ])('does not count: %s', async (page) =>
    expect(await outcomeOf(page, { 'assets/www/other.html': '<script src="js/t.js"></script>' })).toBe('named'),
  );

  it('says why', async () => {
    const page = '<script type="text/plain" src="js/t.js"></script>';
    const { place } = await look({ 'assets/www/index.html': page, [T]: ON });
    expect(place).toMatchObject({ file: T, what: 'name', detail: expect.stringMatching(/JavaScript/) });
  });
});

describe('code in the start page', () => {
  const own = async (page: string) => (await look({ 'assets/www/index.html': page })).outcome;

  it.each([
    `<script>${ON}</script>`,
    `<script type="module">${ON}</script>`,
    `<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'"><script>${ON}</script>`,
  ])('counts: %s', async (page) => expect(await own(page)).toBe('registered'));

  it.each([
    `<!-- <script>${ON}</script> -->`,
    `<script type="text/x-handlebars">${ON}</script>`,
    `<script src="cordova.js">${ON}</script>`,
    `<template><script>${ON}</script></template>`,
    `<script>if (false) { ${ON} }</script>`,
    `<script>${ON}`,
    `<pre>${ON}</pre>`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'self'"><script>${ON}</script>`,
    `<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline' 'nonce-a'"><script>${ON}</script>`,
  ])('does not count: %s', async (page) => expect(await own(page)).toBe('named'));

  it('has its line in the page', async () => {
    const page = `<html>\r\n<script>\r\n  first();\r\n</script><p>é</p>\r\n<script>\r\n  ${ON}</script>`;
    expect((await look({ 'assets/www/index.html': page })).place).toMatchObject({ line: 6, what: 'registration' });
  });
});

describe('modules', () => {
  const page = '<script type="module" src="main.js"></script>';
  const module = (text: string, more: Members = {}) => outcomeOf(page, { 'assets/www/main.js': text, ...more });

  it.each([
    "import './js/t.js';",
    "import t from './js/t.js'; t();",
    "export * from './js/t.js';",
    "export { x } from '/js/t.js';",
  ])('counts: %s', async (text) => expect(await module(text)).toBe('registered'));

  it.each([
    "if (false) import('./js/t.js');",
    "// import './js/t.js';",
    "var x = './js/t.js';",
    "import './missing.js'; import './js/t.js';",
    "import 'framework'; import './js/t.js';",
    "import './js/t.js'; }}}",
    "import './other.js'; import './js/t.js';",
  ])('does not count: %s', async (text) =>
    expect(await module(text, { 'assets/www/other.js': "import './missing.js';" })).toBe('named'),
  );

  it('of modules, and of code in the page', async () => {
    expect(await module("import './b.js';", { 'assets/www/b.js': "import './main.js'; import './js/t.js';" })).toBe(
      'registered',
    );
    expect(await outcomeOf('<script type="module">import "./js/t.js";</script>')).toBe('registered');
    expect(await outcomeOf('<script>import "./js/t.js";</script>')).toBe('named');
  });
});

describe('a function that another script calls', () => {
  const files = (call: string, page = '<script src="js/t.js"></script><script src="js/b.js"></script>') =>
    outcomeOf(page, { [T]: `function listen() { ${ON} }`, 'assets/www/js/b.js': call });

  it.each(['listen();', "document.addEventListener('deviceready', listen);", 'window.x = () => listen();'])(
    'counts: %s',
    async (call) => expect(await files(call)).toBe('registered'),
  );

  it.each([
    '',
    '// listen();',
    "var x = 'listen()';",
    'if (false) listen();',
    '(function () { function go() { listen(); } })();',
    '(function (listen) { listen(); })(f);',
    'listen;',
  ])('does not count: %s', async (call) => expect(await files(call)).toBe('named'));

  it('is called by a script that runs, or by the page', async () => {
    expect(await files('listen();', '<script src="js/t.js"></script>')).toBe('named');
    expect(await files('', '<script src="js/t.js"></script><script>listen()</script>')).toBe('registered');
  });
});

describe('the start page', () => {
  const start = '<script src="js/t.js"></script>';
  const CONFIG = 'res/xml/config.xml';
  const at = async (members: Members) => (await look(members)).outcome;

  it('is what config.xml says', async () => {
    const files = { 'assets/www/main.html': start, 'assets/www/index.html': '', [T]: ON };
    const config = (src: string) => `<widget><content src="${src}"/></widget>`;
    expect(await at({ ...files, [CONFIG]: config('main.html?a#b') })).toBe('registered');
    for (const src of ['index.html', 'missing.html', 'https://example.com/main.html'])
      expect(await at({ ...files, [CONFIG]: config(src) })).toBe('named');
    expect(await at(files)).toBe('named');
  });

  it('of an .ipa, of an .aab and of Capacitor', async () => {
    const files = (folder: string) => ({ [`${folder}/index.html`]: start, [`${folder}/js/t.js`]: ON });
    for (const folder of ['Payload/A.app/www', 'base/assets/www', 'assets/public', 'Payload/A.app/public'])
      expect(await at(files(folder))).toBe('registered');
    const ipa = {
      ...files('Payload/A.app/www'),
      'Payload/A.app/config.xml': '<widget><content src="x.html"/></widget>',
    };
    expect(await at(ipa)).toBe('named');
    const settings = (text: string) => ({ 'assets/capacitor.config.json': text });
    expect(await at({ ...files('assets/public'), ...settings('{"appId": "x"}') })).toBe('registered');
    expect(await at({ ...files('assets/public'), ...settings('{"server": {"url": "http://x"}}') })).toBe('named');
    expect(await at({ ...files('assets/www'), ...settings('{}') })).toBe('named');
  });

  it('is missing', async () => {
    expect(await at({ [T]: ON })).toBe('named');
    expect(await at({ [T]: ON, 'assets/www/start.html': start })).toBe('named');
  });
});

describe('bundles of React Native', () => {
  const bundle = (body: string) => `__d(function(g,r,i,a,m,e,d){${body}},0,[]);\n__r(0);`;
  const on = bundle(
    "var t=r(9),A=t.NativeModules.ADDevEvents;A.registerForDevEvent('RootedDevice');new t.NativeEventEmitter(A).addListener('RootedDevice',function(){})",
  );

  it('the usual one counts, or the only one', async () => {
    const other = { 'assets/old.bundle': on };
    expect((await look({ 'assets/index.android.bundle': on })).outcome).toBe('registered');
    expect((await look(other)).outcome).toBe('registered');
    expect((await look({ 'assets/index.android.bundle': bundle(''), ...other })).outcome).toBe('named');
  });
});

it('a page that is made to do harm comes to an end', async () => {
  for (const page of [
    '<p><b id=1></p>'.repeat(20_000),
    '<a><b>'.repeat(20_000),
    '<table><td>'.repeat(20_000),
    `<script>${'<!--<script>'.repeat(20_000)}`,
    `${Array.from({ length: 20_000 }, (_, index) => `<b id=${index}><p>`).join('')}`,
  ])
    expect(await outcomeOf(page)).toBe('named');
});
