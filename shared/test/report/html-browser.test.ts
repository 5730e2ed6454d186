/** The HTML report in a real browser. Where Chromium is not installed, the tests say so and pass: nothing can be seen there. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { groupBuilds, judgeArchive } from '../../src/policy/rules/archive.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { pdf, plan } from '../policy/synthetic-evidence.ts';
import {
  archiveResult,
  disabledResult,
  errorResult,
  greenResult,
  hostileResult,
  listeningResult,
  manyResult,
  redResult,
  waivedResult,
} from './sample-results.ts';

/** Debian's, Ubuntu's and others' places. */
const CHROMIUM = [
  process.env.FUSEGATE_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== '' && existsSync(file));

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

type Scheme = 'light' | 'dark';
interface Screen {
  what: string;
  width: number;
  height: number;
  scheme: Scheme;
}
const PHONE = { what: 'phone', width: 360, height: 780 };
const DESKTOP = { what: 'desktop', width: 1400, height: 900 };
const SOME: Screen[] = [
  { ...PHONE, scheme: 'dark' },
  { ...DESKTOP, scheme: 'light' },
];
const ALL: Screen[] = [...SOME, { ...PHONE, scheme: 'light' }, { ...DESKTOP, scheme: 'dark' }];

const SAMPLES: Array<[string, () => FusegateResult, Screen[]]> = [
  ['green', greenResult, ALL],
  ['red', redResult, ALL],
  ['listening', () => listeningResult(12), ALL],
  ['error', errorResult, ALL],
  ['disabled', disabledResult, SOME],
  ['waived', () => ({ ...waivedResult(), baseline: { path: 'last.pdf', gone: '1' } }), ALL],
  ['archive', archiveResult, ALL],
  ['many', manyResult, SOME],
  ['hostile', hostileResult, SOME],
];
const folder = mkdtempSync(path.join(tmpdir(), 'fusegate-report-'));
let browser: Browser | undefined;

beforeAll(async () => {
  if (CHROMIUM === undefined) {
    console.log('skipped: the HTML report in a browser, for Chromium is not installed (apt-get install chromium)');
    return;
  }
  const { chromium } = await import('playwright-core');
  browser = await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Open {
  page: Page;
  /** What the page asked for besides itself. */
  requests: string[];
  /** What the browser complained of, breaches of the page's own policy among it. */
  complaints: string[];
}

async function open(
  chromium: Browser,
  name: string,
  result: FusegateResult,
  options: { width?: number; height?: number; scheme?: Scheme } = {},
): Promise<Open> {
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, renderHtml(result, { detail: 'full' }));
  const context = await chromium.newContext({
    // Axe is put into the page from outside, which the page's own policy would refuse.
    bypassCSP: true,
    viewport: { width: options.width ?? 1400, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, requests, complaints };
}

describe.concurrent.each(SAMPLES)('the page of a %s result', (name, make, screens) => {
  for (const screen of screens) {
    it(`passes axe, fits and loads nothing: ${screen.what}, ${screen.scheme}`, { timeout: 60_000 }, async ({
      expect,
    }) => {
      if (!browser) return;
      const opened = await open(browser, `${name}-${screen.what}-${screen.scheme}`, make(), screen);
      const { page } = opened;
      const wider = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect(wider).toBeLessThanOrEqual(0);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
      const { violations, passes } = (await page.evaluate(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
      )) as AxeResults;
      const told = violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html)
            .join(' | ')}`,
      );
      expect(told).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
      expect(opened.requests).toEqual([]);
      expect(opened.complaints).toEqual([]);
      await page.context().close();
    });
  }
});

it('is walked through by keyboard in reading order, and the focus is seen', { timeout: 60_000 }, async () => {
  if (!browser) return;
  const { page } = await open(browser, 'keyboard', greenResult());
  const walk: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const at = (await page.evaluate(`(() => {
      const active = document.activeElement;
      if (!active || active === document.body) return null;
      const style = getComputedStyle(active);
      return { href: active.getAttribute('href') ?? active.parentElement.id, outline: style.outlineStyle + ' ' + style.outlineWidth };
    })()`)) as { href: string; outline: string } | null;
    if (at === null) break;
    expect(at.outline).toBe('solid 3px');
    walk.push(at.href);
  }
  expect(walk).toEqual([
    '#main',
    greenResult().ci.runUrl,
    'notes',
    'evidence',
    'stages',
    'files',
    'identity',
    'policy',
  ]);
  await page.context().close();
});

it('keeps its styles under its own policy, and would run no script', { timeout: 60_000 }, async () => {
  if (!browser) return;
  const context = await browser.newContext();
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => refused.push(message.text()));
  const markup = renderHtml(redResult(), { detail: 'full' });
  const file = path.join(folder, 'policy.html');
  // As if an escape had failed.
  writeFileSync(
    file,
    markup.replace('</main>', '<script>document.title="owned"</script><img src="https://x.example/a"></main>'),
  );
  await page.goto(pathToFileURL(file).href);
  expect(await page.title()).toMatch(/^FAIL/u);
  expect(refused.join('\n')).toMatch(/script/u);
  expect(await page.evaluate('getComputedStyle(document.querySelector(".tiles")).display')).toBe('grid');
  await context.close();
});

it('of a red run is two screens on a desktop, and short on a phone', { timeout: 60_000 }, async () => {
  if (!browser) return;
  for (const [width, most] of [
    [1280, 2200],
    [390, 4500],
  ] as const) {
    for (const [name, result] of [
      ['red', redResult()],
      ['listening', listeningResult(1)],
    ] as const) {
      const { page } = await open(browser, `height-${name}-${width}`, result, { width });
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(most);
      await page.context().close();
    }
  }
});

it('breaks no name of an event or a protection within a word', { timeout: 60_000 }, async () => {
  if (!browser) return;
  for (const width of [1280, 390]) {
    const { page } = await open(browser, `words-${width}`, listeningResult(12), { width });
    const broken = await page.evaluate(`(() => {
      const linesOf = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getClientRects().length;
      };
      const texts = [...document.querySelectorAll('#listening > table tbody :is(.term code, td:not([class]))')]
        .map(({ firstChild }) => firstChild)
        .filter((node) => node !== null);
      return texts.filter((node) => linesOf(node) > node.data.split(' ').length).map(({ data }) => data);
    })()`);
    expect(broken).toEqual([]);
    await page.context().close();
  }
});

it('of an archive hides the builds that pass on request', { timeout: 60_000 }, async () => {
  if (!browser) return;
  const { page } = await open(browser, 'filter', archiveResult());
  const rows = () =>
    page.evaluate('[...document.querySelectorAll(".matrix tbody tr")].filter((row) => row.offsetHeight > 0).length');
  const all = await rows();
  await page.check('#unmet');
  expect(all).toBe(archiveResult().builds?.filter(({ name }) => name !== undefined).length);
  expect(await rows()).toBe(archiveResult().builds?.filter(({ verdict }) => verdict === 'fail').length);
  await page.context().close();
});

it('prints on paper with its details open', { timeout: 60_000 }, async () => {
  if (!browser) return;
  const { page } = await open(browser, 'print', redResult(), { scheme: 'dark' });
  // Checked in the next frame: before it, Chromium may answer for the medium before.
  const seen = () =>
    page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(document.querySelector("#files table").checkVisibility({ contentVisibilityAuto: true })))))',
    );
  expect(await seen()).toBe(false);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await seen()).toBe(true);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  const paper = await page.pdf({ format: 'A4' });
  expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  await page.context().close();
});

it('gives the names of protections room on a phone, whatever else their tables show', { timeout: 60_000 }, async () => {
  if (!browser) return;
  const result = { ...redResult(), baseline: { path: 'last.pdf', gone: '0' } };
  const { page } = await open(browser, 'baseline-phone', result, { width: 390 });
  const widths = (await page.evaluate(
    `[...document.querySelectorAll('#protections tbody th')].map((cell) => cell.getBoundingClientRect().width)`,
  )) as number[];
  expect(widths.length).toBeGreaterThan(0);
  expect(Math.min(...widths)).toBeGreaterThan(140);
  await page.context().close();
});

it('says on a phone that the table of an archive goes on sideways, where it does', { timeout: 60_000 }, async () => {
  if (!browser) return;
  for (const count of [4, 8, 12, 30]) {
    const names = Array.from({ length: count }, (_, index) => `key: name_${index}`);
    const documents = ['a.pdf', 'b.pdf'].map((label) => ({ label, reading: pdf({ facts: { build_id: label } }) }));
    const archive = judgeArchive(plan(...names), groupBuilds(documents), {
      mode: 'gate',
      evidenceMode: 'pdf',
      gate: 'enforce',
    });
    for (const width of [390, 1280]) {
      const { page } = await open(browser, `sideways-${count}-${width}`, archiveResult(archive), { width });
      const [scrolls, told] = (await page.evaluate(`(() => {
        const box = document.querySelector('.scroll');
        const note = document.querySelector('.sideways');
        return [box.scrollWidth > box.clientWidth, note !== null && getComputedStyle(note).display !== 'none'];
      })()`)) as [boolean, boolean];
      expect([count, width, told]).toEqual([count, width, scrolls]);
      await page.context().close();
    }
  }
});
