import { readFileSync } from 'node:fs';
import { readCertificate } from '@fusegate/shared';
import { describe, expect, it } from 'vitest';

const PDF = new URL('../../../test/fixtures/certificates/android-aab.pdf', import.meta.url);

describe('reading a certificate', () => {
  it('gives the facts and features of a PDF', async () => {
    const reading = await readCertificate('pdf', readFileSync(PDF));
    if (!reading.ok) throw new Error(reading.message);
    expect(reading.document.kind).toBe('pdf');
    expect(reading.document.facts.build_id?.[0]?.value).toMatch(/^[0-9a-f-]{36}$/);
    const present = reading.document.features.filter(({ presence }) => presence === 'present');
    expect(present.map(({ name }) => name)).toContain('root_detection');
  });

  it('gives the facts of JSON', async () => {
    const reading = await readCertificate('json', Buffer.from('{"build_id":"b","fusion_set_id":"f"}'));
    expect(reading.ok && reading.document.facts.build_id?.[0]?.value).toBe('b');
  });

  it.each([
    ['pdf', ''],
    ['pdf', '<html>'],
    ['json', ''],
    ['json', '[1]'],
    ['json', '{'],
  ] as const)('says why %s %j is none, and throws nothing', async (kind, text) => {
    expect(await readCertificate(kind, Buffer.from(text))).toMatchObject({ ok: false, kind });
  });
});
