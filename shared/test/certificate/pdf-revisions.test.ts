import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPdfCertificate } from '../../src/certificate/pdf-reader.ts';
import { revisionsOf } from '../../src/certificate/pdf-revisions.ts';
import { pdfOf } from './pdf-of.ts';

const fixture = new Uint8Array(
  readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/certificates/android-aab.pdf')),
);

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const small = latin(pdfOf({ pages: [['one']] }));
const startOf = (file: string) => Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)?.[1]);

/** As a signer or an editor does it: another object, its cross-reference table, and a trailer that names the one before. */
function updated(file: string, previous = `/Prev ${startOf(file)}`): string {
  const object = file.length;
  const body = `${file}9 0 obj\n<< /Note (another revision) >>\nendobj\n`;
  const table = `xref\n9 1\n${String(object).padStart(10, '0')} 00000 n \n`;
  return `${body}${table}trailer << /Size 10 /Root 1 0 R ${previous} >>\nstartxref\n${body.length}\n%%EOF\n`;
}

/** The same with a cross-reference stream, whose dictionary is its trailer. */
function updatedByStream(file: string, previous = `/Prev ${startOf(file)}`): string {
  const stream = `10 0 obj\n<< /Type /XRef /Size 11 /Root 1 0 R ${previous} /Length 4 >>\nstream\nabcd\nendstream\nendobj\n`;
  return `${file}${stream}startxref\n${file.length}\n%%EOF\n`;
}

/** One revision in two parts, the first page's before the rest (annex F); the length is written into the first object. */
function linearised(
  changes: { length?: number; prevOfMain?: string; prevOfFirst?: string; before?: string; padding?: string } = {},
): string {
  const build = (length: string, main: string, first: string) => {
    const head = `%PDF-1.5\n${changes.padding ?? ''}1 0 obj\n<< ${changes.before ?? ''}/Linearized 1 /L ${length} /H [ 500 20 ] /O 3 /E 900 /N 1 /T 800 >>\nendobj\n`;
    const firstTable = `xref\n1 1\n0000000009 00000 n \ntrailer << /Size 9 /Root 2 0 R ${changes.prevOfFirst ?? `/Prev ${main}`} >>\nstartxref\n0\n%%EOF\n`;
    const pages = '2 0 obj\n<< /Type /Catalog >>\nendobj\n';
    const mainTable = `xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 ${changes.prevOfMain ?? ''} >>\nstartxref\n${first}\n%%EOF\n`;
    return {
      file: head + firstTable + pages + mainTable,
      main: (head + firstTable + pages).length,
      first: head.length,
    };
  };
  const wide = (value: number) => String(value).padStart(10, '0');
  const measured = build(wide(0), wide(0), wide(0));
  return build(wide(changes.length ?? measured.file.length), wide(measured.main), wide(measured.first)).file;
}

describe('the revisions of a PDF', () => {
  it.each([
    ['the synthetic certificate', latin(fixture)],
    ['a small file', small],
    ['a file behind other bytes', `GET / HTTP\n${small}`],
    ['a linearised file', linearised()],
    ['a small file with blanks around its end', small.replace(/startxref\n(\d+)/, 'startxref \r\n  $1')],
    ['an end that leads to the blank before', small.replace(/startxref\n\d+/, `startxref\n${startOf(small) - 1}`)],
    ['words behind the end', `${small}% /Prev 9\n`],
    [
      'a linearised file with blanks',
      linearised()
        .replace(/\/Prev 00/, '/Prev   ')
        .replace(/\/L 00/, '/L   '),
    ],
    ['a linearised file that says more before', linearised({ before: '/Version 1 ' })],
    [
      'a cross-reference stream with blanks and a generation',
      `%PDF-1.5\n${updatedByStream('', '')
        .replace('10 0 obj', '10  12  obj')
        .replace(/startxref\n0/, 'startxref\n9')}`,
    ],
    ['a cross-reference stream', `%PDF-1.5\n${updatedByStream('', '').replace(/startxref\n0/, 'startxref\n9')}`],
  ])('%s: one', (_, file) => {
    expect(revisionsOf(bytesOf(file))).toBe('one');
  });

  it.each([
    ['an update of the synthetic certificate', updated(latin(fixture))],
    ['an update', updated(small)],
    ['two updates', updated(updated(small))],
    ['an update that does not name what it updates', updated(small, '')],
    ['an update by a cross-reference stream', updatedByStream(small)],
    ['an update of a linearised file', updated(linearised())],
    [
      'an update that hides the end before it',
      updated(small.replace('startxref', 'startxxxx').replace('%%EOF', '%%EOX'), '/Prev 100'),
    ],
    [
      'the name of the key in other letters',
      updated(small.replace('startxref', 'startxxxx').replace('%%EOF', '%%EOX'), '/#50r#65v 100'),
    ],
    [
      'a key that names no place',
      updated(small.replace('startxref', 'startxxxx').replace('%%EOF', '%%EOX'), '/Prev (x)'),
    ],
    ['an update without a word of the end before', updated(small.replace('%%EOF', '%%EOX'), '')],
    ['a file that says so late that it is linearised', linearised({ padding: `% ${'x'.repeat(1024)}\n` })],
    ['a linearised file of another length', linearised({ length: 1 })],
    ['a linearised file without its other part', linearised({ prevOfFirst: '' })],
    ['a linearised file whose other part updates a third', linearised({ prevOfMain: '/Prev 9' })],
    ['an end of file in the middle', small.replace('xref\n0', '%%EOF\nxref\n0')],
  ])('%s: several', (_, file) => {
    expect(revisionsOf(bytesOf(file))).toBe('several');
  });

  it.each([
    ['nothing', ''],
    ['no end', small.replace('startxref', '')],
    ['an end that leads nowhere', small.replace(/startxref\n\d+/, 'startxref\n999999')],
    ['an end that leads to another word', small.replace('xref\n0', 'yref\n0')],
    [
      'an end that leads to a longer word',
      small.replace(/startxref\n\d+/, `startxref\n${startOf(small) - 2}`).replace('\nxref\n0', 'Zxref\n0'),
    ],
    ['an end that leads into the middle', small.replace(/startxref\n\d+/, 'startxref\n20')],
    ['a linearised file whose other part is elsewhere', linearised({ prevOfFirst: '/Prev 3' })],
  ])('%s: lost', (_, file) => {
    expect(revisionsOf(bytesOf(file))).toBe('lost');
  });

  it('are said where a certificate has several, with the way out', async () => {
    const bytes = bytesOf(updated(latin(fixture)));
    const reading = await readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
    expect(reading).toMatchObject({ ok: false, kind: 'pdf', problem: 'revised', sha256: 'digest' });
    if (!reading.ok) expect(reading.message).toContain('fusegate gate --build-id');
  });
});
