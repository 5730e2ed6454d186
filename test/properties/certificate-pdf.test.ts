/**
 * What must hold for every certificate that can be printed: the reader gives exactly what the page was made from, or says that it did
 * not understand all of it, and never more. The pages come from the embedded service's own renderer, in any order of text objects.
 */
import type { CertificateModel } from '@fusegate/emulator/certificate/model';
import { renderCertificatePdf } from '@fusegate/emulator/certificate/pdf';
import { readPdfCertificate } from '@fusegate/shared/certificate/pdf-reader';
import type { CertificateDocument } from '@fusegate/shared/model/certificate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../shared/test/support/property-runs.ts';
import { freeTexts, honestTexts, modelOf, type Security, security } from './certificate-arbitraries.ts';

// The same cases on every run: what fails here fails everywhere.

/**
 * One case sets a page, writes it as a PDF and reads that with a PDF library: tenths of a second. So where ten thousand cases are asked
 * for, these take 100 to 400; the reader's own properties in shared/test/certificate/ take all of them, on pages of positioned text.
 */
const RUNS = propertyRuns(15, 400);

async function read(model: CertificateModel, shuffleSeed?: number): Promise<CertificateDocument | undefined> {
  const bytes = await renderCertificatePdf(model, shuffleSeed === undefined ? {} : { shuffleSeed });
  const reading = await readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
  if (reading.ok) return reading.document;
  expect(reading.problem).toBe('not-certificate');
  return undefined;
}

type Shown = Array<[category: string, role: string, name: string]>;

function chipsOf(model: CertificateModel): Shown {
  const shown: Shown = [];
  for (const { heading, plugins, parameters } of model.categories) {
    for (const { key } of plugins) shown.push([heading, 'plugin', key]);
    for (const { key } of parameters) shown.push([heading, 'parameter', key]);
  }
  for (const { key } of model.other?.plugins ?? []) shown.push(['Other', 'plugin', key]);
  return shown;
}

const chipsRead = ({ features }: CertificateDocument): Shown =>
  features
    .filter(({ role, presence }) => role !== 'intelligence' && presence === 'present')
    .map(({ category, role, name }) => [category ?? '', role, name]);

const linesRead = ({ features }: CertificateDocument) =>
  features
    .filter(({ role, presence }) => role === 'intelligence' && presence === 'present')
    .map(({ name, threatEvents }) => [name, threatEvents]);

const values = ({ facts }: CertificateDocument, name: keyof CertificateDocument['facts']) =>
  facts[name]?.map(({ value }) => value);

/** Ids and hashes that no text of a person is part of. */
function identityOf(model: CertificateModel) {
  const signed = model.signing?.method === 'on-appdome' ? model.signing : undefined;
  return {
    build_id: [model.buildId],
    app_id: [model.appId],
    fusion_set_id: [model.secured.fusionSetId],
    original_sha256: [model.added.sha256],
    final_sha256: signed && [signed.finalSha256],
    signer_certificate_sha256: signed && [signed.signerCertificateSha256.toUpperCase()],
  };
}

function identityRead(document: CertificateDocument): ReturnType<typeof identityOf> {
  const names = Object.keys(identityOf(modelOf(EMPTY))) as Array<keyof ReturnType<typeof identityOf>>;
  return Object.fromEntries(names.map((name) => [name, values(document, name)])) as ReturnType<typeof identityOf>;
}

const EMPTY: Security = {
  categories: [],
  other: undefined,
  intelligence: [],
  missingListeners: [],
  securityInside: 0,
  optimizeBuild: 0,
  hashes: ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)],
  ids: [
    'aaaaaaaa-0000-4000-8000-000000000001',
    'aaaaaaaa-0000-4000-8000-000000000002',
    'aaaaaaaa-0000-4000-8000-000000000003',
  ],
  signing: 'on-appdome',
  context: false,
  coveredOs: [],
};

describe('every certificate that the layout can print', { timeout: 600_000 }, () => {
  it('is read as what it was printed from, or as incomplete, and never as more', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(security, honestTexts, fc.option(fc.nat(), { nil: undefined }), async (drawn, texts, seed) => {
        const model = modelOf(drawn, texts);
        const document = await read(model, seed);
        if (document === undefined) throw new Error('an honest certificate was not recognised');
        expect(identityRead(document)).toEqual(identityOf(model));
        const lines = model.intelligence.map(({ name, mode }) => [name, mode]);
        if (document.complete) {
          whole += 1;
          expect(chipsRead(document)).toEqual(chipsOf(model));
          expect(linesRead(document)).toEqual(lines);
          expect(document.missingListeners.map(({ value }) => value)).toEqual(model.missingListeners);
        }
        for (const chip of chipsRead(document)) expect(chipsOf(model)).toContainEqual(chip);
        for (const line of linesRead(document)) expect(lines).toContainEqual(line);
      }),
      RUNS,
    );
    // Incomplete is for pages that cannot be understood; these all can, but for a row that is too long to be sure of.
    expect(whole).toBeGreaterThan(RUNS.numRuns * 0.5);
  });

  it('is the same in every order of its text objects', async () => {
    await fc.assert(
      fc.asyncProperty(security, honestTexts, fc.nat(), fc.nat(), async (drawn, texts, one, other) => {
        const model = modelOf(drawn, texts);
        expect(await read(model, one)).toEqual(await read(model, other));
      }),
      propertyRuns(6, 100),
    );
  });
});

describe('texts of people', { timeout: 600_000 }, () => {
  it('never add a protection, a mode, an id or a hash, whatever they say', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(security, freeTexts, fc.option(fc.nat(), { nil: undefined }), async (drawn, texts, seed) => {
        const model = modelOf(drawn, texts);
        const document = await read(model, seed);
        if (document === undefined) return;
        const lines = model.intelligence.map(({ name, mode }) => [name, mode]);
        // Where a text lies over a heading, a chip may lose its category; the page then counts as incomplete.
        const printed = chipsOf(model).map(([, role, name]) => `${role} ${name}`);
        for (const [, role, name] of chipsRead(document)) expect(printed).toContain(`${role} ${name}`);
        for (const line of linesRead(document)) expect(lines).toContainEqual(line);
        const own: Record<string, string[] | undefined> = identityOf(model);
        for (const [name, found] of Object.entries(identityRead(document))) {
          // Another value may only stand beside the page's own: two values are a contradiction, and red.
          if (found !== undefined) expect(found).toEqual(expect.arrayContaining(own[name] ?? ['nothing was printed']));
        }
        if (!document.complete) return;
        whole += 1;
        expect(chipsRead(document)).toEqual(chipsOf(model));
        expect(linesRead(document)).toEqual(lines);
        expect(document.missingListeners.map(({ value }) => value)).toEqual(model.missingListeners);
      }),
      propertyRuns(12, 300),
    );
    expect(whole).toBeGreaterThan(0);
  });

  it('never take a listener that is missing off the page', async () => {
    await fc.assert(
      fc.asyncProperty(security, freeTexts, async (drawn, texts) => {
        const model = modelOf({ ...drawn, missingListeners: ['RootedDevice', ...drawn.missingListeners] }, texts);
        const document = await read(model);
        if (document === undefined || linesRead(document).length === 0) return;
        expect(document.missingListeners.map(({ value }) => value)).toContain('RootedDevice');
      }),
      propertyRuns(6, 100),
    );
  });
});
