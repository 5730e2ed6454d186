/**
 * Understood, or not proven: after any one change of the security block, a name is proven only where the change left its whole way
 * known. What may prove is said in `page-oracle.ts`, independently of the reader.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { layoutCertificate } from '@fusegate/emulator/certificate/layout';
import type { CertificateModel } from '@fusegate/emulator/certificate/model';
import { sampleModel } from '@fusegate/emulator/certificate/sample-model';
import { catalogue } from '@fusegate/shared/catalogue/catalogue';
import { readCertifiedSecure } from '@fusegate/shared/certificate/certified-secure-layout';
import { readPdfCertificate } from '@fusegate/shared/certificate/pdf-reader';
import { type PdfText, readPdfText, type TextRun } from '@fusegate/shared/certificate/pdf-text';
import type { CertificateDocument } from '@fusegate/shared/model/certificate';
import { evaluate } from '@fusegate/shared/policy/rules/evaluate';
import type { PolicyPlan } from '@fusegate/shared/policy/rules/rule';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../shared/test/certificate/page-of.ts';
import { pdfOfRuns } from '../../shared/test/certificate/pdf-of.ts';
import { plan } from '../../shared/test/policy/synthetic-evidence.ts';
import { propertyRuns } from '../../shared/test/support/property-runs.ts';
import { modelOf, type Security, security } from './certificate-arbitraries.ts';
import { ADVANCE, blockRuns, type Change, isAboveBlock, oneChange, textElsewhere } from './page-changes.ts';
import { PageOracle } from './page-oracle.ts';

function positioned(model: CertificateModel): PdfText {
  const measure = (text: string, _: unknown, size: number) => text.length * size * ADVANCE;
  const { width, height, runs } = layoutCertificate(model, measure);
  const placed = runs.map(({ x, y, size, face, text }) => ({
    page: 1,
    x,
    y: height - y,
    width: measure(text, face, size),
    size,
    font: face,
    text,
  }));
  return { pages: [{ width, height }], runs: placed };
}

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../shared');
const real = path.join(shared, 'certificates', 'android-aab-2025-07.pdf');

/** With names of the catalogue: the real distances by hand, and the embedded service's. */
const namedMade = [
  pageOf(),
  pageOf({ missing: ['RootedDevice', 'UnknownSourcesEnabled'] }),
  pageOf({ missing: [] }),
  pageOf({ optimize: false, intelligence: [['Root Detection', 'In-App Detection']] }),
  positioned(sampleModel()),
  positioned(sampleModel({ missingListeners: [] })),
  positioned(sampleModel({ signing: { method: 'private', at: '2026-11-20T10:04:00Z' } })),
  positioned(sampleModel({ signing: { method: 'auto-dev', at: '2026-11-20T10:04:00Z' } })),
  positioned(sampleModel({ appdomeVersion: '0.0.0-rehearsal.0.1.0' })),
];

/** And those of the real certificate, where it lies beside the clone. */
async function realPages(): Promise<PdfText[]> {
  if (!existsSync(real)) {
    console.log('skipped: changes of the real certificate (android-aab-2025-07.pdf is not here)');
    return [];
  }
  const text = await readPdfText(new Uint8Array(readFileSync(real)));
  if (!text.ok) throw new Error(text.message);
  return [text.text];
}

/** As many categories as real certificates have; more make a case slow and say no more. */
function smaller(one: Security): Security {
  return { ...one, categories: one.categories.slice(0, 4), intelligence: one.intelligence.slice(0, 8) };
}

function isWhole(page: PdfText): boolean {
  const document = readCertifiedSecure(page, 'digest');
  return typeof document !== 'string' && document.complete && document.features.length > 0;
}

const drawn = fc.sample(security, { numRuns: 60, seed: 1 }).map((one) => positioned(modelOf(smaller(one))));
const madePages = [...namedMade, ...drawn.slice(0, 12)].filter(isWhole);
const namedPages = [...(await realPages()), ...namedMade].filter(isWhole);
const wholePages = [...namedPages, ...drawn.filter(isWhole)];

function provenBy(document: CertificateDocument): string[] {
  return document.features.filter(({ presence }) => presence === 'present').map(({ name }) => name);
}

/** The runs of the titles that print the Fusion Set's name: it may wrap, and its second line stands right below. */
function titlesOf(page: PdfText): TextRun[] {
  const block = blockRuns(page);
  const titles = block.filter(({ text }) => /^(?:APPDOME MOBILE APP SECURITY|Other) In "/.test(text));
  const continues = (run: TextRun) =>
    titles.some(({ x, y, size }) => x === run.x && size === run.size && y > run.y && y - run.y < 20);
  return [...titles, ...block.filter(continues)];
}

/** The names that a page proves and that the oracle does not let it prove. */
function wrongly(change: Change, document: CertificateDocument): string[] {
  const oracle = new PageOracle(change.text, titlesOf(change.page));
  return provenBy(document).filter((name) => !oracle.mayProve(name));
}

/** Whether each listener of the page is still told, or its list is in doubt. */
function listenersKept(change: Change, document: CertificateDocument): boolean {
  if (document.listenerDoubts.length > 0 || !document.bounded) return true;
  const before = readCertifiedSecure(change.page, 'digest');
  if (typeof before === 'string') throw new Error(before);
  const told = document.missingListeners.map(({ value }) => value);
  const touched = [change.was?.text, change.partner?.text];
  // One of several that is gone, or that has become another, leaves a page as the service could have printed it.
  return before.missingListeners.every(
    ({ value }) => told.some((name) => name.includes(value)) || (touched.includes(value) && told.length > 0),
  );
}

/** A listener became another name, or changed places with one. */
function ofListeners(change: Change): boolean {
  const before = readCertifiedSecure(change.page, 'digest');
  if (typeof before === 'string') throw new Error(before);
  return before.missingListeners.some(({ value }) => value === change.was?.text || value === change.partner?.text);
}

/** A mode became another one that is known. */
function ofModes({ was, is }: Change): boolean {
  const modes = catalogue.modes.map(({ mode }) => mode);
  return modes.some((mode) => was?.text.endsWith(mode)) && modes.some((mode) => is?.text.endsWith(mode));
}

const NO_JSON = { ok: false, kind: 'json', problem: 'absent', message: 'none' } as const;

function passes(document: CertificateDocument, policy: PolicyPlan): boolean {
  const evidence = { pdf: { ok: true, document } as const, json: NO_JSON };
  return evaluate(policy, evidence, { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce' }).outcome === 'pass';
}

/** Protections that the pages with real names show, each with the names that prove it. */
const REQUIRED = [
  ['Root Detection', 'root_detection'],
  ['Detect Unknown Sources', 'unknown_sources_detection'],
  ['Detect Developer Options', 'developer_options_detection'],
  ['Prevent MiTM Attacks'],
  ['App Shielding'],
  ['Anti-Debugging', 'anti_debugging'],
].map((names) => ({ names, policy: plan(names[0] ?? '') }));

/** Twice as many as other properties: 20,000 in CI. */
const RUNS = { numRuns: 2 * propertyRuns(100).numRuns };
const PDF_RUNS = propertyRuns(10, 200);

describe('any one change of the security block', { timeout: 900_000 }, () => {
  it('proves nothing that it touches', () => {
    expect(wholePages.length).toBeGreaterThan(20);
    let proving = 0;
    let stopped = 0;
    fc.assert(
      fc.property(oneChange(wholePages), (change) => {
        const document = readCertifiedSecure(change.text, 'digest');
        if (typeof document === 'string') return;
        if (provenBy(document).length > 0) proving += 1;
        if (!document.complete) stopped += 1;
        expect(wrongly(change, document)).toEqual([]);
        expect(listenersKept(change, document)).toBe(true);
      }),
      RUNS,
    );
    // Neither everything nor nothing is red.
    expect(proving).toBeGreaterThan(RUNS.numRuns * 0.2);
    expect(stopped).toBeGreaterThan(RUNS.numRuns * 0.2);
  });

  it('makes no gate green that its page does not, and none that it touches', () => {
    let green = 0;
    const required = fc.constantFrom(...REQUIRED);
    fc.assert(
      fc.property(oneChange(namedPages), required, (change, { names, policy }) => {
        const document = readCertifiedSecure(change.text, 'digest');
        if (typeof document === 'string' || !passes(document, policy)) return;
        green += 1;
        const oracle = new PageOracle(change.text, titlesOf(change.page));
        expect(names.some((name) => oracle.mayProve(name))).toBe(true);
        expect(listenersKept(change, document)).toBe(true);
        const before = readCertifiedSecure(change.page, 'digest');
        if (typeof before === 'string' || passes(before, policy)) return;
        // Red before: a word of the list of listeners became another, or the mode another one that is known.
        expect(ofListeners(change) || ofModes(change)).toBe(true);
      }),
      RUNS,
    );
    expect(green).toBeGreaterThan(RUNS.numRuns * 0.05);
  });

  it('proves nothing that it touches in the bytes of a PDF either', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(oneChange(madePages).filter(isOnPaper), async (change) => {
        const bytes = pdfOfRuns(change.text, ADVANCE);
        const reading = await readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
        if (!reading.ok) return;
        read += 1;
        expect(wrongly(change, reading.document)).toEqual([]);
        expect(listenersKept(change, reading.document)).toBe(true);
      }),
      PDF_RUNS,
    );
    expect(read).toBeGreaterThan(PDF_RUNS.numRuns * 0.5);
  });
});

describe('text that nobody knows, anywhere outside the block', { timeout: 900_000 }, () => {
  it('leaves nothing below it proven, and no listener', () => {
    let read = 0;
    fc.assert(
      fc.property(textElsewhere(wholePages), (change) => {
        const document = readCertifiedSecure(change.text, 'digest');
        if (typeof document === 'string') return;
        read += 1;
        if (isAboveBlock(change)) expect(provenBy(document)).toEqual([]);
        expect(document.listenerDoubts).not.toEqual([]);
        expect(document.mentions.length).toBeGreaterThanOrEqual(document.listenerDoubts.length);
      }),
      RUNS,
    );
    expect(read).toBeGreaterThan(RUNS.numRuns * 0.5);
  });

  it('makes no gate green that depends on a listener', () => {
    const required = fc.constantFrom(...REQUIRED);
    fc.assert(
      fc.property(textElsewhere(namedPages), required, (change, { names, policy }) => {
        const document = readCertifiedSecure(change.text, 'digest');
        if (typeof document === 'string') return;
        const depends = document.features.some(
          ({ name, threatEvents }) => names.includes(name) && threatEvents === 'In-App Detection',
        );
        if (depends || isAboveBlock(change)) expect(passes(document, policy)).toBe(false);
      }),
      RUNS,
    );
  });
});

/** The PDF library leaves out what lies beside the page, where nobody sees it, and the end of what reaches beyond its edge. */
function isOnPaper({ is, text }: Change): boolean {
  const [page] = text.pages;
  return (
    is === undefined ||
    page === undefined ||
    (is.x > 0 && is.x + is.width < page.width && is.y > 0 && is.y < page.height)
  );
}

describe('a page without a change', () => {
  it.each(madePages.map((page, index) => [index, page] as const))(
    '%i is read whole from its bytes',
    async (_, page) => {
      const bytes = pdfOfRuns(page, ADVANCE);
      const reading = await readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
      const nothing = { unread: [], listenerDoubts: [], mentions: [] };
      expect(reading).toMatchObject({ ok: true, document: { complete: true, ...nothing } });
    },
  );

  it('lets every name be proven', () => {
    for (const page of wholePages) {
      const document = readCertifiedSecure(page, 'digest');
      if (typeof document === 'string') throw new Error(document);
      const oracle = new PageOracle(page, titlesOf(page));
      for (const name of provenBy(document)) expect(oracle.mayProve(name), name).toBe(true);
    }
  });
});
