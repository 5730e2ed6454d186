import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toSpans } from '../../src/certificate/page-layout.ts';
import { readPdfCertificate } from '../../src/certificate/pdf-reader.ts';
import { PDF_LIMITS, readPdfText } from '../../src/certificate/pdf-text.ts';
import type { RawCertificate } from '../../src/model/certificate.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { pdfOf } from './pdf-of.ts';

// The same cases on every run: what fails here fails everywhere.

const fixtures = path.join(import.meta.dirname, '../../../test/fixtures/certificates');
const fixture = new Uint8Array(readFileSync(path.join(fixtures, 'android-aab.pdf')));
const expected = JSON.parse(readFileSync(path.join(fixtures, 'android-aab.expected.json'), 'utf8'));

function raw(bytes: Uint8Array): RawCertificate {
  return { state: 'present', bytes, sha256: 'digest' };
}

const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

// The library must not speak past us, nor leave a promise behind that ends the process.
beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', onRejection);
  for (const method of ['log', 'warn', 'error', 'info'] as const) vi.spyOn(console, method);
});

afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
  for (const method of ['log', 'warn', 'error', 'info'] as const) expect(console[method]).not.toHaveBeenCalled();
});

describe('the synthetic certificate', () => {
  it('gives what its page shows, nothing more and nothing less', async () => {
    const reading = await readPdfCertificate(raw(fixture));
    if (!reading.ok) throw new Error(reading.message);
    const { document } = reading;
    const chips = document.features.filter((feature) => feature.role !== 'intelligence');
    const lines = document.features.filter((feature) => feature.role === 'intelligence');
    expect(document).toMatchObject({
      sha256: 'digest',
      shape: 'certified-secure',
      hasFeatureList: true,
      bounded: true,
      complete: true,
      unread: [],
      listenerDoubts: [],
    });
    expect(chips.map(({ category, role, name }) => [category, role, name])).toEqual(expected.chips);
    expect(lines.map(({ name, threatEvents }) => [name, threatEvents])).toEqual(expected.intelligence);
    expect(document.features.every((feature) => feature.presence === 'present')).toBe(true);
    expect(document.missingListeners.map(({ value }) => value)).toEqual(expected.missingListeners);
    const facts = Object.fromEntries(
      Object.entries(document.facts).map(([name, list]) => [name, list.map(({ value }) => value)]),
    );
    expect(facts).toEqual(expected.facts);
    expect(JSON.stringify(document)).not.toContain('Rehearsal User');
  });

  it('leaves the caller its bytes', async () => {
    const bytes = fixture.slice();
    await readPdfCertificate(raw(bytes));
    expect(bytes.byteLength).toBe(fixture.byteLength);
    const buffer = Buffer.from(fixture);
    expect(await readPdfCertificate(raw(buffer))).toMatchObject({ ok: true });
  });

  it('is read twice at once', async () => {
    const [a, b] = await Promise.all([readPdfCertificate(raw(fixture)), readPdfCertificate(raw(fixture))]);
    expect(a).toEqual(b);
  });
});

describe('what is no certificate', () => {
  const text = (words: string) => new TextEncoder().encode(words);
  const half = fixture.slice(0, fixture.length / 2);
  const flipped = fixture.map((byte, index) => (index > 100 ? byte ^ 0x5a : byte));

  it('absence gives its reason', async () => {
    const reading = await readPdfCertificate({ state: 'absent', reason: 'HTTP 404' });
    expect(reading).toEqual({ ok: false, kind: 'pdf', problem: 'absent', message: 'HTTP 404' });
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'empty'],
    ['an HTML page', text('<!doctype html><html><body>%PDF</body></html>'), 'not-pdf'],
    ['a JSON document', text('{"build_id":"x"}'), 'not-pdf'],
    ['a header and nothing else', text('%PDF-1.7\n'), 'damaged'],
    ['a header and garbage', text(`%PDF-1.4\n${'x9 0 obj << /Broken '.repeat(500)}`), 'damaged'],
    ['garbage behind a real header', flipped, 'damaged'],
    ['a certificate cut in half', half, 'damaged'],
    ['a PDF that is encrypted', pdfOf({ pages: [['secret']], encrypted: true }), 'damaged'],
    ['a PDF without pages', pdfOf({ pages: [] }), 'damaged'],
    ['an ordinary PDF', pdfOf({ pages: [['Invoice', 'Plugins: root_detection', 'Certification']] }), 'not-certificate'],
    ['an empty page', pdfOf({ pages: [[]] }), 'not-certificate'],
    ['text above its page', pdfOf({ pages: [['Plugins']], at: '60 90071992547409920' }), 'not-certificate'],
    ['a page without a beginning', pdfOf({ pages: [['Plugins']], mediaBox: '-90071992547409920 0 9 9' }), 'damaged'],
    ['a page without an end', pdfOf({ pages: [['Plugins']], mediaBox: '0 0 596 90071992547409920' }), 'damaged'],
    ['too many pages', pdfOf({ pages: Array.from({ length: PDF_LIMITS.pages + 1 }, () => ['x']) }), 'too-large'],
  ])('%s', async (_, bytes, problem) => {
    const reading = await readPdfCertificate(raw(bytes));
    expect(reading).toMatchObject({ ok: false, kind: 'pdf', problem, sha256: 'digest' });
    if (!reading.ok) expect(reading.message).toMatch(/^[A-Z]/);
  });

  it('too many bytes are not even looked at', async () => {
    const huge = new Uint8Array(PDF_LIMITS.bytes + 1);
    huge.set(text('%PDF-1.4'));
    expect(await readPdfCertificate(raw(huge))).toMatchObject({ ok: false, problem: 'too-large' });
  });

  it('rows of any size are joined in bounded time', () => {
    for (const y of [2 ** 53, -(2 ** 60), 1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
      const run = { page: 1, x: 10, y, width: 20, size: 10, font: 'f', text: 'Plugins' };
      expect(toSpans({ pages: [{ width: 596, height: 842 }], runs: [run, { ...run, x: 31 }] }).length).toBeGreaterThan(
        0,
      );
    }
  });

  it('too much text ends at the cap', async () => {
    const lines = Array.from({ length: PDF_LIMITS.items + 10 }, (_, index) => `line ${index}`);
    expect(await readPdfCertificate(raw(pdfOf({ pages: [lines] })))).toMatchObject({ ok: false, problem: 'too-large' });
  });

  it('too many characters in few pieces end at the cap', async () => {
    const lines = Array.from({ length: PDF_LIMITS.characters / 40 + 1 }, () => 'i'.repeat(40));
    expect(lines.length).toBeLessThan(PDF_LIMITS.items);
    expect(await readPdfCertificate(raw(pdfOf({ pages: [lines] })))).toMatchObject({ ok: false, problem: 'too-large' });
  });

  it('a document that takes too long is given up', async () => {
    const setTimer = (_: number, fire: () => void) => {
      fire();
      return () => {};
    };
    const clock = { now: () => 0, monotonic: () => 0, setTimer };
    expect(await readPdfText(fixture, clock)).toMatchObject({
      ok: false,
      problem: 'damaged',
      message: 'Reading took longer than 30 s',
    });
  });

  it('no cut of a certificate throws, nor proves what the whole does not', async () => {
    const whole = await readPdfCertificate(raw(fixture));
    if (!whole.ok) throw new Error(whole.message);
    const names = new Set(whole.document.features.map(({ name }) => name));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: fixture.length }), async (length) => {
        const reading = await readPdfCertificate(raw(fixture.slice(0, length)));
        if (!reading.ok) return;
        for (const { name } of reading.document.features) expect(names).toContain(name);
        if (reading.document.complete) expect(reading.document.features).toEqual(whole.document.features);
      }),
      propertyRuns(25, 500),
    );
  });

  it('no flipped byte throws', async () => {
    // Some make the library wait for what never comes, and the time limit ends it; here after a second instead of thirty.
    const setTimer: Clock['setTimer'] = (ms, fire) => systemClock.setTimer(ms / 30, fire);
    const clock = { ...systemClock, setTimer };
    const positions = fc.array(fc.tuple(fc.nat(fixture.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(positions, async (changes) => {
        const bytes = fixture.slice();
        for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
        const reading = await readPdfCertificate(raw(bytes), { clock });
        expect(reading.ok || reading.message !== '').toBe(true);
      }),
      propertyRuns(25, 500),
    );
  });
});
