/** The site in a real browser, from a folder. Where Chromium is not installed, the tests say so and pass: nothing can be seen there. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtSite } from './built-site.ts';

/** Debian's, Ubuntu's and others' places. */
const CHROMIUM = [
  process.env.FUSEGATE_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== '' && existsSync(file));

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 780 }, colorScheme: 'dark', hasTouch: true };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1400, height: 900 }, colorScheme: 'light' };

const folder = mkdtempSync(path.join(tmpdir(), 'fusegate-site-'));
let browser: Browser | undefined;

beforeAll(async () => {
  if (CHROMIUM === undefined) {
    console.log('skipped: the documentation in a browser, for Chromium is not installed (apt-get install chromium)');
    return;
  }
  for (const [address, content] of await builtSite()) {
    mkdirSync(path.dirname(path.join(folder, address)), { recursive: true });
    writeFileSync(path.join(folder, address), content);
  }
  const { chromium } = await import('playwright-core');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Open {
  page: Page;
  /** Requests that leave the folder, and what the browser complained of. */
  complaints: string[];
}

async function open(chromium: Browser, address: string, options: BrowserContextOptions): Promise<Open> {
  const page = await (await chromium.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(pathToFileURL(folder).href)) complaints.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(path.join(folder, address)).href);
  return { page, complaints };
}

describe.each([
  ['phone, dark', PHONE],
  ['desktop, light', DESKTOP],
])('%s', (_, options) => {
  it.each(['index.html', 'docs/github.html', 'docs/architecture.html'])(
    '%s passes axe, fits, and loads nothing from elsewhere',
    async (address) => {
      if (!browser) return;
      const { page, complaints } = await open(browser, address, options);
      expect(complaints).toEqual([]);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
      // Preloading would fetch the styles once more, which a page in a folder may not.
      const { violations } = await page.evaluate<AxeResults>('axe.run({ preload: false })');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    },
  );
});

it('finds a section with the keyboard alone', async () => {
  if (!browser) return;
  const { page, complaints } = await open(browser, 'docs/reference/outputs.html', DESKTOP);
  await page.keyboard.press('/');
  await page.keyboard.type('waivers');
  await page.locator('#found a').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/docs\/policy\.html#waivers$/);
  expect(complaints).toEqual([]);
});

it('finds what a reader would look for among the first few', async () => {
  if (!browser) return;
  const { page } = await open(browser, 'index.html', DESKTOP);
  for (const [words, address] of [
    ['root detection missing', 'docs/troubleshooting.html'],
    ['exit 6', 'docs/first-weeks.html#what-to-do-about-each-exit-code'],
    ['GitLab', 'docs/gitlab.html'],
    ['fleet', 'docs/fleets.html'],
    ['emulator', 'emulator/'],
  ] as const) {
    await page.fill('#query', words);
    const first = page.locator(`#found li:nth-child(-n+5) a[href*="${address}"]`);
    await first.first().waitFor({ state: 'attached', timeout: 10_000 });
  }
});

it('says when it finds nothing, and closes with Escape', async () => {
  if (!browser) return;
  const { page } = await open(browser, 'index.html', PHONE);
  await page.fill('#query', 'zzzzqqqq');
  await page.locator('#found').waitFor();
  expect(await page.locator('#found [role=status]').textContent()).toMatch(/nothing/i);
  await page.keyboard.press('Escape');
  expect(await page.locator('#found').isVisible()).toBe(false);
});

it('opens the menu on a phone, and keeps the colours that a reader chose', async () => {
  if (!browser) return;
  const { page } = await open(browser, 'index.html', PHONE);
  expect(await page.locator('#pages').isVisible()).toBe(false);
  await page.click('#menu');
  expect(await page.getAttribute('#menu', 'aria-expanded')).toBe('true');
  await page.click('#theme');
  await page.click('#pages a[href="docs/policy.html"]');
  await page.waitForURL(/policy\.html$/);
  expect(await page.getAttribute('html', 'data-theme')).toBe('light');
});

it('can be read without JavaScript', async () => {
  if (!browser) return;
  const { page } = await open(browser, 'index.html', { ...PHONE, javaScriptEnabled: false });
  expect(await page.locator('#pages').isVisible()).toBe(true);
  expect(await page.locator('#search').isVisible()).toBe(false);
});
