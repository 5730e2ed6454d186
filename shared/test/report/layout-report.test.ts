import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCertificateJson } from '../../../emulator/src/certificate/json.ts';
import { JSON_SHAPES } from '../../../emulator/src/certificate/model.ts';
import { sampleModel } from '../../../emulator/src/certificate/sample-model.ts';
import { readJsonCertificate } from '../../src/certificate/json-reader.ts';
import type { RawCertificate } from '../../src/model/certificate.ts';
import { jsonLayout, pdfLayout, placeholder, withoutPersons } from '../../src/report/layout-report.ts';
import { pageOf, runOf } from '../certificate/page-of.ts';
import { pdfOfRuns } from '../certificate/pdf-of.ts';
import { propertyRuns } from '../support/property-runs.ts';

const fixture = readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/certificates/android-aab.pdf'));

const raw = (bytes: Uint8Array | string): RawCertificate => ({
  state: 'present',
  bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
  sha256: 'digest',
});

const runsOf = (...texts: string[]) =>
  withoutPersons({
    pages: [{ width: 596, height: 2000 }],
    runs: texts.map((text, index) => ({
      page: 1,
      x: 64.0004,
      y: 900 - index,
      width: 10,
      size: 9.999,
      font: 'g_d0_f1',
      text,
    })),
  }).map(({ text }) => text);

describe('a placeholder', () => {
  it.each<[string, string]>([
    ['Jane Doe', 'Xxxx Xxx'],
    ['2f470e80-631e', '0x000x00-000x'],
    ['jane@example.com', 'xxxx@xxxxxxx.xxx'],
    ['Zoë Łukasz 日本', 'Xxx Xxxxxx xx'],
    ['a\u200bb\u202ec', 'x?x?x'],
    ['\u{1f600}', '?'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(placeholder(text)).toBe(expected);
  });

  it('is as long as the text, and holds nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const shown = placeholder(text);
        expect(Array.from(shown)).toHaveLength(Array.from(text).length);
        expect(shown).not.toMatch(/[^Xx0 ?!-/:-@[-`{-~]/u);
      }),
      propertyRuns(300),
    );
  });
});

describe('a line of the PDF', () => {
  it.each([
    ...[
      'Plugins:',
      'Parameters:',
      'OS Integrity',
      'ONEShield™ by Appdome',
      'root_detection',
      'openssl',
      'Root Detection',
    ],
    ...[
      'In-App Detection',
      'APPLICATION THREAT INTELLIGENCE',
      'Optimize Build',
      'DeveloperOptionsEnabled',
      'Final App SHA-256:',
    ],
    ...[
      'The following implementations for Threat-Events appear to be missing:',
      'implementations for Threat-Events appear',
    ],
  ])('%j is kept', (text) => {
    expect(runsOf(text)).toEqual([text]);
  });

  it.each<[string, string]>([
    ['Removed:', 'Xxxxxxx:'],
    ['NOT INCLUDED In "Jane’s set" FUSION SET', 'XXX XXXXXXXX In "Xxxx?x xxx" FUSION SET'],
    ['APPDOME MOBILE APP SECURITY In "Acme 7" FUSION SET', 'APPDOME MOBILE APP SECURITY In "Xxxx 0" FUSION SET'],
    ['Root Detection: Turned off', 'Root Detection: Xxxxxx xxx'],
    ['In-App Detection (ThreatScope)', 'In-App Detection (XxxxxxXxxxx)'],
    ['17-Jul-25, 15:00 UTC by Jane Doe', '00-Xxx-00, 00:00 UTC by Xxxx Xxx'],
    ['App Added by Jane Doe on 17-Jul-25, 14:56 UTC', 'App Added by Xxxx Xxx on 00-Xxx-00, 00:00 XXX'],
    ['Version 1.0.1 (5)', 'Version 0.0.0 (0)'],
    ['App Secured via API (Acme) with Acme Set', 'App Secured via API (Xxxx) with Xxxx Xxx'],
    ['Root Detection Demo', 'Xxxx Xxxxxxxxx Xxxx'],
    ['!root_detection', '!xxxx_xxxxxxxxx'],
    ['app', 'xxx'],
    ['be missing', 'xx xxxxxxx'],
    ['com.acme.bank', 'xxx.xxxx.xxxx'],
  ])('%j becomes %j', (text, expected) => {
    expect(runsOf(text)).toEqual([expected]);
  });

  it('keeps its place, rounded, under a font of our own naming', () => {
    const run = { page: 2, x: 1.23456, y: 2, width: 3, size: 9.999, font: 'Jane', text: 'Plugins:' };
    const runs = withoutPersons({ pages: [], runs: [run, { ...run, font: 'Doe' }] });
    expect(runs[0]).toEqual({ page: 2, x: 1.23, y: 2, width: 3, size: 10, font: 'f1', text: 'Plugins:' });
    expect(runs[1]?.font).toBe('f2');
  });
});

/** Words that no certificate prints of itself. */
const person = fc
  .array(
    fc.oneof(
      fc.constantFrom('Gwendolyn', 'Acmebank', 'Zoë', 'O’Hara', 'kröger', 'Tier7Q', 'Übermut', 'quux'),
      fc.stringMatching(/^[Zz]q[a-z]{2,8}$/u),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((words) => words.join(' '));

function holds(report: unknown, texts: readonly string[]): string[] {
  const shown = JSON.stringify(report).toLowerCase();
  const words = texts.flatMap((text) => text.split(/[\s’]+/u)).filter((word) => word.length > 2);
  return words.filter((word) => shown.includes(word.toLowerCase()));
}

describe('a person’s text', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...[
        '*',
        'App Added by * on 17-Jul-25, 14:56 UTC',
        '17-Jul-25, 15:00 UTC by *',
        'Fusion Set by * on *',
        '* Fusion Set by * on *',
      ],
      ...[
        'App Secured via API (*) with *',
        'Added Context via API - (*) with *',
        'App Signed via API (*) on Appdome with *',
      ],
      ...['Other In "*" FUSION SET', '* In "*" FUSION SET', 'This app is signed correctly by owner *', 'Version * (*)'],
      ...['This certifies that Appdome has secured * Version *, build #* for * with the', 'Root Detection: *', '* : *'],
      ...['In-App Detection (*)', '*:', 'Plugins: *', '© 2025 Appdome - Confidential. *', '* Appdome - Confidential.'],
    ),
    fc.constantFrom('Root Detection *', '* Root Detection', 'missing: *', 'Appdome Version: *'),
  );

  it('is in no line of the report', () => {
    fc.assert(
      fc.property(line, person, (template, text) => {
        expect(holds(runsOf(template.replaceAll('*', text)), [text])).toEqual([]);
      }),
      propertyRuns(300),
    );
  });

  it('is in no tree of the report, as key or value, in any shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...JSON_SHAPES), person, person, (shape, one, other) => {
        const model = sampleModel({ user: one, client: other, buildId: `${one}-1`, teamId: other, releaseType: one });
        model.app.name = one;
        model.secured.fusionSetName = other;
        const document = JSON.parse(renderCertificateJson(model, shape));
        const hostile = { ...document, [one]: { [other]: [one, { name: other, [`${one}_id`]: one }] }, user: one };
        expect(holds(jsonLayout(raw(JSON.stringify(hostile))), [one, other])).toEqual([]);
      }),
      propertyRuns(200, 3000),
    );
  });

  it('is replaced even where it is a known name: a Fusion Set named after a protection', () => {
    const personal = withoutPersons(
      { pages: [], runs: [{ page: 1, x: 0, y: 0, width: 1, size: 10, font: 'f', text: ' Root Detection' }] },
      ['Root Detection'],
    );
    expect(personal[0]?.text).toBe(' Xxxx Xxxxxxxxx');
  });
});

describe('the report of a PDF', () => {
  it('has pages, runs and what was found', async () => {
    const report = await pdfLayout(raw(fixture));
    expect(report).toMatchObject({ kind: 'pdf', shape: 'certified-secure', pages: [{ width: expect.any(Number) }] });
    expect(report.facts).toContain('build_id');
    expect(report.names?.present).toBeGreaterThan(5);
    expect(report.runs?.map(({ text }) => text)).toEqual(expect.arrayContaining(['Plugins:', 'root_detection']));
  });

  it('names every place that was not understood, in the list and outside it', async () => {
    const text = pageOf({}, (page) => {
      runOf(page, 'OS Integrity').text = 'Not Included';
      page.at(97, 'Left out:', 10, 'f1', -20);
    });
    const { unread } = await pdfLayout(raw(pdfOfRuns(text, 0.55)));
    expect(unread?.map(({ kind }) => kind)).toEqual(['heading', 'text']);
  });

  it('says that more is drawn than a page, and shows the page all the same', async () => {
    const page = '/Annots [<< /Subtype /Stamp >>]';
    const report = await pdfLayout(raw(pdfOfRuns(pageOf(), 0.55, { page })));
    expect(report).toMatchObject({ problem: 'revised', shape: 'certified-secure' });
    expect(report.runs?.length).toBeGreaterThan(20);
  });

  it('holds no id, no hash and no text of a person', async () => {
    const text = JSON.stringify(await pdfLayout(raw(fixture)));
    expect(text).not.toMatch(/[1-9a-f][0-9a-f]{7}-[0-9a-f]{4}-|[0-9a-f]*[1-9a-f]{3}[0-9a-f]{20}/u);
    expect(text).not.toMatch(/digest|UTC by (?!X)|CN=(?!X)/u);
  });

  it.each<[string, Uint8Array | string, string]>([
    ['no PDF', 'Jane Doe', 'not-pdf'],
    ['nothing', '', 'empty'],
    ['half of one', fixture.subarray(0, 5000), 'damaged'],
  ])('says that there is %s, and nothing else', async (_, bytes, problem) => {
    expect(await pdfLayout(raw(bytes))).toEqual({ kind: 'pdf', problem });
  });

  it('says that there is none', async () => {
    expect(await pdfLayout({ state: 'absent', reason: 'Jane' })).toEqual({ kind: 'pdf', problem: 'absent' });
  });
});

describe('the report of a JSON', () => {
  it('is its tree, with types for values and placeholders for unknown keys', () => {
    const document = {
      build_id: 'b-1',
      fusion_set_name: 'Root Detection',
      features: [{ name: 'root_detection', enabled: true, secret_key: 'x' }, 'removed'],
      'Jane Doe': { appId: null, root_detection: 3 },
    };
    expect(jsonLayout(raw(JSON.stringify(document)))).toMatchObject({
      kind: 'json',
      shape: 'unknown',
      facts: ['build_id', 'fusion_set_name'],
      tree: {
        object: [
          ['build_id', 'string'],
          ['fusion_set_name', 'string'],
          [
            'features',
            {
              array: [
                {
                  object: [
                    ['name', '"root_detection"'],
                    ['enabled', 'true'],
                    ['xxxxxx_xxx', 'string'],
                  ],
                },
                'string',
              ],
            },
          ],
          [
            'Xxxx Xxx',
            {
              object: [
                ['appId', 'null'],
                ['root_detection', 'number'],
              ],
            },
          ],
        ],
      },
    });
  });

  it('says why there is none, and is no certificate itself', () => {
    expect(jsonLayout(raw('<html>Jane'))).toEqual({ kind: 'json', problem: 'not-json' });
    expect(jsonLayout({ state: 'absent', reason: 'Jane' })).toEqual({ kind: 'json', problem: 'absent' });
    const report = { layoutReport: 1, documents: [jsonLayout(raw('{}'))] };
    expect(readJsonCertificate(raw(JSON.stringify(report)))).toMatchObject({ ok: false, problem: 'own-result' });
  });
});
