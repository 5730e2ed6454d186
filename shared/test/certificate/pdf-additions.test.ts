import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { additionsOf } from '../../src/certificate/pdf-additions.ts';
import { readPdfCertificate } from '../../src/certificate/pdf-reader.ts';
import { pageOf } from './page-of.ts';
import { type Added, pdfOf, pdfOfRuns } from './pdf-of.ts';

const certificate = (added: Added = {}) => pdfOfRuns(pageOf(), 0.55, added);
const read = (bytes: Uint8Array) => readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
const annotated = (...annotations: string[]): Added => ({ page: `/Annots [${annotations.join(' ')}]` });
const annotation = (subtype: string, more = '') =>
  `<< /Type /Annot /Subtype /${subtype} /Rect [60 780 300 800] /Contents (removed) ${more} >>`;
const link = (more = '') => annotation('Link', `/Border [0 0 0] ${more}`);
const streamOf = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
const secondPage = (content: string): Added => ({
  kids: '3 0 R 5 0 R',
  objects: [
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 596 842] /Contents 6 0 R /Resources << /Font << /F0 7 0 R >> >> >>',
    streamOf(content),
  ],
});

const everything: Added = {
  catalog:
    '/Version /1.7 /Lang (en) /Outlines << >> /PageLayout /OneColumn /PageMode /UseNone /PageLabels << >> /ViewerPreferences << >> /MarkInfo << >> /StructTreeRoot << >> /OutputIntents [] /Dests << >> /Metadata << >>',
  pages: '/Resources << >> /MediaBox [0 0 1 1] /ProcSet [/PDF]',
  page: `/BleedBox [] /TrimBox [] /ArtBox [] /Metadata << >> /Tabs /S /Annots [${link(
    '/QuadPoints [] /Dest [] /H /N /F 4 /P 3 0 R /NM (x) /M (x) /StructParent 0 /Lang (en)',
  )}]`,
};

/** As a table, and with compressed objects: what is found must not depend on how the file is written. */
const FORMS = [{ compressed: false }, { compressed: true }];

describe.each(FORMS)('a certificate (compressed objects: $compressed)', (form) => {
  it.each<[string, Added]>([
    ['nothing else', {}],
    ['a link', annotated(link())],
    ['links behind references', { page: '/Annots 5 0 R', objects: ['[ 6 0 R 6 0 R ]', link('/A << /S /URI >>')] }],
    ['an empty list of annotations', annotated()],
    ['a list of annotations that is null', { page: '/Annots null' }],
    ['a list of annotations that is not there', { page: '/Annots 99 0 R' }],
    ['boxes, a group and its place in a structure', { page: '/CropBox [0 0 596 2600] /Group << >> /StructParents 0' }],
    ['a page that says it is upright', { page: '/Rotate 0 /UserUnit 1', pages: '/Rotate 0' }],
    ['all that writers add', everything],
    ['names of places', { catalog: '/Names << /Dests << >> >> /Lang (en) /MarkInfo << /Marked true >>' }],
  ])('may have %s', async (_, added) => {
    expect(await read(certificate({ ...added, ...form }))).toMatchObject({ ok: true, document: { complete: true } });
  });

  it.each<[string, string, Added]>([
    ...['FreeText', 'Stamp', 'Text', 'Square', 'Ink', 'Widget', 'Unheard'].map((subtype): [string, string, Added] => [
      `a ${subtype}`,
      subtype,
      annotated(link(), annotation(subtype)),
    ]),
    ['what is only printed', 'Stamp', annotated(annotation('Stamp', '/F 36'))],
    ['a highlight that the library cannot parse', 'Highlight', annotated(annotation('Highlight', '/QuadPoints [1 2]'))],
    ['an answer to what is not there', 'Text', annotated(annotation('Text', '/IRT 99 0 R /RT /Group'))],
    ['a note under another spelling', 'Text', { page: `/#41nnots [${annotation('T#65xt')}]` }],
    ['a note behind references', 'Text', { page: '/Annots 5 0 R', objects: ['[ 6 0 R ]', annotation('Text')] }],
    ['a type behind a reference', 'Stamp', { ...annotated('<< /Subtype 5 0 R >>'), objects: ['/Stamp'] }],
    ['an annotation without a type', 'annotation', annotated('<< /Rect [60 780 300 800] >>')],
    ['a link with a picture', 'Link with AP', annotated(link('/AP << /N 4 0 R >>'))],
    ['a link with a colour', 'Link with C', annotated(link('/C [1 0 0]'))],
    ['a link with a frame', 'Link with Border', annotated(annotation('Link', '/Border [0 0 40]'))],
    ['a link with a dashed frame', 'Link with Border', annotated(annotation('Link', '/Border [0 0 0 [3]]'))],
    ['a link that does not say that it has no frame', 'Link with Border', annotated(annotation('Link'))],
    ['annotations of all pages', 'Annots', { pages: `/Annots [${annotation('Stamp')}]` }],
    ['fields', 'AcroForm', { catalog: '/AcroForm << /XFA (form) /Fields [] >>' }],
    ['attached documents that are shown instead', 'Collection', { catalog: '/Collection << >>' }],
    ['scripts', 'JavaScript', { catalog: '/Names << /JavaScript << >> >>' }],
    ['a script that runs first', 'OpenAction', { catalog: '/OpenAction << /S /JavaScript >>' }],
    [
      'a layer that is hidden',
      'OCProperties',
      {
        catalog: '/OCProperties << /OCGs [5 0 R] /D << /OFF [5 0 R] >> >>',
        objects: ['<< /Type /OCG /Name (x) >>'],
      },
    ],
    ['a page that is turned', 'Rotate', { page: '/Rotate 180' }],
    ['pages that are turned', 'Rotate', { pages: '/Rotate 90' }],
    ['a page that is cut off', 'CropBox', { page: '/CropBox [0 0 596 2599]' }],
    ['pages that are cut off', 'CropBox', { pages: '/CropBox [0 0 596 2600]' }],
    ['a page of another unit', 'UserUnit', { page: '/UserUnit 2' }],
    ['a key that is not known', 'Unheard', { page: '/Unheard true' }],
    ['a second page', '2 pages', secondPage('BT /F0 10 Tf 1 0 0 1 60 700 Tm (Removed) Tj ET')],
    ['a second page that is empty', '2 pages', secondPage('')],
  ])('must not have %s', async (_, name, added) => {
    const reading = await read(certificate({ ...added, ...form }));
    expect(reading).toMatchObject({ ok: false, problem: 'revised', sha256: 'digest' });
    if (!reading.ok) {
      expect(reading.message).toContain(name);
      expect(reading.message).toContain('fusegate gate --build-id');
    }
  });

  it.each<[string, Added]>([
    ['two lists of annotations', { page: `/Annots [] /Annots [${annotation('Stamp')}]` }],
    ['annotations that are no list', { page: `/Annots ${annotation('Stamp')}` }],
    ['an annotation that is no dictionary', annotated('(Stamp)')],
    ['an annotation that is not there', annotated('99 0 R')],
    ['one page twice', { kids: '3 0 R 3 0 R' }],
    ['a page in its place', { kids: '<< /Type /Page /Parent 2 0 R >>' }],
  ])('is damaged if it has %s', async (_, added) => {
    expect(await read(certificate({ ...added, ...form }))).toMatchObject({ ok: false, problem: 'damaged' });
  });
});

it('an ordinary document is reported as no certificate, whatever else is in it', async () => {
  const reading = await read(pdfOf({ pages: [['Invoice'], ['Terms']] }));
  expect(reading).toMatchObject({ ok: false, problem: 'not-certificate' });
});

it('the synthetic certificate has nothing but its page', () => {
  const fixture = path.join(import.meta.dirname, '../../../test/fixtures/certificates/android-aab.pdf');
  expect(additionsOf(new Uint8Array(readFileSync(fixture)))).toMatchObject({ pages: [{}], found: undefined });
});
