import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument, FactName } from '../../src/model/certificate.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { fields, Page, type PageFields, pageOf, runOf } from './page-of.ts';

// The same cases on every run: what fails here fails everywhere.

function read(text: PdfText): CertificateDocument {
  const document = readCertifiedSecure(text, 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

function values(document: CertificateDocument, name: FactName): string[] {
  return (document.facts[name] ?? []).map((fact) => fact.value);
}

function present(document: CertificateDocument): string[] {
  return document.features.filter((feature) => feature.presence === 'present').map((feature) => feature.name);
}

/** Read once: thousands of checks compare with it. */
const USUAL = read(pageOf());

describe('a page with the real distances', () => {
  it('is read whole', () => {
    expect(USUAL).toMatchObject({
      kind: 'pdf',
      sha256: 'digest',
      shape: 'certified-secure',
      hasFeatureList: true,
      complete: true,
    });
    expect(
      USUAL.features.map(({ name, role, category, threatEvents }) => [role, category, name, threatEvents]),
    ).toEqual([
      ['plugin', 'OS Integrity', 'os_integrity', undefined],
      ['parameter', 'OS Integrity', 'root_detection', undefined],
      ['parameter', 'OS Integrity', 'unknown_sources_detection', undefined],
      ['plugin', 'Secure Communication', 'secure_communication', undefined],
      ['plugin', 'Other', 'openssl', undefined],
      ['plugin', 'Other', 'threat_events', undefined],
      ['intelligence', undefined, 'Root Detection', 'In-App Detection'],
      ['intelligence', undefined, 'Detect Unknown Sources', 'In-App Detection'],
      ['intelligence', undefined, 'Prevent MiTM Attacks', 'In-App Defense'],
    ]);
    expect(USUAL.missingListeners.map((fact) => fact.value)).toEqual(['RootedDevice']);
  });

  it('gives every fact once, and no name of a user', () => {
    const facts = Object.fromEntries(
      Object.entries(USUAL.facts).map(([name, list]) => [name, list.map((fact) => fact.value)]),
    );
    const time = '3-Feb-26, 09:05 UTC';
    expect(facts).toEqual({
      app_name: ['Sample'],
      app_build_number: ['7'],
      platform: ['Android'],
      certificate_created: [time],
      build_id: [fields().buildId],
      appdome_version: ['9.8.7.6543'],
      app_added: [time],
      app_id: [fields().appId],
      bundle_id: ['com.example.sample'],
      app_version: ['2.0.1'],
      original_sha256: [fields().originalSha256],
      original_size: ['12.3M'],
      app_secured: [time],
      build_external_api_plugin_name: ['SampleClient'],
      fusion_set_id: [fields().fusionSetId],
      fusion_set_name: ['All of it in one'],
      fusion_set_modified: ['2-Feb-26, 23:59 UTC'],
      covered_os: ['Android 15, Android 14, Android 13'],
      annotation: ['First set.'],
      security_inside: ['- 1.5M'],
      context_added: [time],
      app_signed: [time],
      signer: ['CN=Sample Signer, O=Example, C=US'],
      signature_expires: ['Feb 3, 2046, 09:06:07'],
      signer_certificate_sha256: [fields().signerSha256],
      final_sha256: [fields().finalSha256],
      final_size: ['13.4M'],
    });
    expect(JSON.stringify(USUAL)).not.toContain('Rehearsal User');
  });

  it('says where each fact stands', () => {
    const page = new Page();
    expect(USUAL.facts.build_id?.[0]?.where).toMatch(/^page 1 at 213,\d+$/);
    expect(USUAL.features[0]?.where).toMatch(/^page 1 at 168,\d+$/);
    expect(page.text().pages).toHaveLength(1);
  });

  it('is the same in any order of its text objects', () => {
    const text = pageOf();
    fc.assert(
      fc.property(fc.shuffledSubarray(text.runs, { minLength: text.runs.length }), (runs) => {
        expect(read({ ...text, runs })).toEqual(USUAL);
      }),
      propertyRuns(50),
    );
  });

  it.each([1, 2, 15, 16, 17, 32, 45, 47, 48, 49, 63, 64])('reads hashes that wrap after %i digits', (hashSplit) => {
    const document = read(pageOf({ hashSplit }));
    expect(values(document, 'original_sha256')).toEqual([fields().originalSha256]);
    expect(values(document, 'signer_certificate_sha256')).toEqual([fields().signerSha256]);
    expect(values(document, 'final_sha256')).toEqual([fields().finalSha256]);
  });

  it.each([
    ['63 digits', '0123456789abcdef'.repeat(4).slice(1)],
    ['65 digits', `${'0123456789abcdef'.repeat(4)}0`],
    ['no hex', 'g'.repeat(64)],
  ])('reads no hash from %s', (_, finalSha256) => {
    expect(values(read(pageOf({ finalSha256 })), 'final_sha256')).toEqual([]);
  });

  const key = fc.stringMatching(/^[a-z][a-z0-9_]{2,30}$/);
  const category = fc.record({
    heading: fc.constantFrom(
      'OS Integrity',
      'Secure Communication',
      'ONEShield™ by Appdome',
      ...catalogue.inferredHeadings,
    ),
    plugins: fc.uniqueArray(key, { minLength: 1, maxLength: 14 }),
    parameters: fc.uniqueArray(key, { maxLength: 14 }),
  });

  it('reads any number of categories and wrapped rows of chips', () => {
    fc.assert(
      fc.property(fc.array(category, { minLength: 1, maxLength: 12 }), (categories) => {
        const document = read(pageOf({ categories }));
        expect(document.complete).toBe(true);
        const chips = document.features.filter(
          (feature) => feature.category !== 'Other' && feature.role !== 'intelligence',
        );
        expect(chips.map(({ category: heading, role, name }) => [heading, role, name])).toEqual(
          categories.flatMap(({ heading, plugins, parameters }) => [
            ...plugins.map((name) => [heading, 'plugin', name]),
            ...parameters.map((name) => [heading, 'parameter', name]),
          ]),
        );
      }),
      propertyRuns(60),
    );
  });

  it('ends a block at the next one where Optimize Build is absent', () => {
    expect(read(pageOf({ optimize: false }))).toMatchObject({ complete: true });
  });

  it('does not end a block for sure at a heading that is not known', () => {
    const document = read(pageOf({ optimize: false, context: false, end: 'sealed' }));
    expect(document).toMatchObject({ complete: false, unread: [{ text: 'App Sealed via API (SampleClient)' }] });
  });

  it('is not complete without an end', () => {
    const document = read(pageOf({ optimize: false, context: false, end: 'nothing' }));
    expect(document.complete).toBe(false);
    expect(present(document)).toEqual(present(USUAL));
  });

  it('reads no signer and no final hash from a block that it does not know', () => {
    const document = read(pageOf({ end: 'sealed' }));
    expect(document.complete).toBe(true);
    expect([values(document, 'signer'), values(document, 'final_sha256'), values(document, 'app_signed')]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('has no list where there is no block, and is refused where there are two', () => {
    const without = pageOf();
    const runs = without.runs.filter((run) => !run.text.startsWith('APPDOME MOBILE APP SECURITY'));
    expect(read({ ...without, runs })).toMatchObject({ hasFeatureList: false, complete: false, features: [] });
    const twice = pageOf({}, (page) => {
      page.down(60);
      page.at(65, 'APPDOME MOBILE APP SECURITY In "Second" FUSION SET');
      page.down(27);
      page.at(68, 'OS Integrity');
      page.down(37);
      page.chips('Plugins:', 167.5, ['smuggled'], 43);
    });
    expect(readCertifiedSecure(twice, 'digest')).toBe('two-blocks');
  });

  it('is not complete over more than one page', () => {
    const text = pageOf();
    expect(read({ ...text, pages: [...text.pages, { width: 596, height: 800 }] })).toMatchObject({ complete: false });
  });

  it.each([
    ['an empty page', { pages: [{ width: 596, height: 800 }], runs: [] }],
    ['a page that only talks about certificates', pageOfWords()],
  ])('does not take %s for a certificate', (_, text) => {
    expect(readCertifiedSecure(text, 'digest')).toBe('not-certificate');
  });
});

function pageOfWords(): PdfText {
  const page = new Page();
  page.at(57, 'Certification', 12);
  page.down(30);
  page.at(58, 'This page certifies nothing. Plugins: root_detection');
  return page.text();
}

describe('what is not understood in the security block', () => {
  type Disturbance = [string, (page: Page) => void];
  const beside = (page: Page, anchor: string, x: number, text: string, size: number, dy = 0) => {
    page.y = runOf(page, anchor).y;
    page.at(x, text, size, 'f1', dy);
  };
  const disturbances: Disturbance[] = [
    ['text in the size of labels in a row of chips', (page) => beside(page, 'os_integrity', 300, 'evil_key', 10)],
    ['a chip of two words', (page) => beside(page, 'os_integrity', 300, 'evil key', 8)],
    ['a chip with other characters', (page) => beside(page, 'os_integrity', 300, 'evil:key', 8)],
    ['a chip between two rows', (page) => beside(page, 'os_integrity', 300, 'evil_key', 8, -9)],
    [
      'a chip left of the chips in a row below',
      (page) => beside(page, 'secure_communication', 120, 'evil_key', 8, -29),
    ],
    ['a chip far below its row', (page) => beside(page, 'openssl', 152, 'evil_key', 8, -40)],
    ['small text in the label column', (page) => beside(page, 'os_integrity', 66, 'Plugins:', 8, -17)],
    ['a chip without a row', (page) => beside(page, 'OS Integrity', 167.5, 'evil_key', 8, -10)],
    ['text that is not upright', (page) => beside(page, 'os_integrity', 300, 'evil_key', 0)],
    [
      'a second intelligence title',
      (page) => beside(page, 'Optimize Build', 89, 'APPLICATION THREAT INTELLIGENCE', 10, 17),
    ],
    ['text after the end', (page) => beside(page, 'Optimize Build', 167.5, 'evil_key', 8, -20)],
    ['a line of intelligence without a mode', (page) => beside(page, 'Root Detection:', 400, 'Evil Feature', 8)],
    [
      'a line of intelligence with two colons',
      (page) => beside(page, 'Root Detection:', 400, 'Evil: Feature: In-App Detection', 8),
    ],
    [
      'a line of intelligence in large type',
      (page) => beside(page, 'Root Detection:', 400, 'Evil: In-App Detection', 10),
    ],
    ['a line of intelligence with an unknown mode', (page) => beside(page, 'Root Detection:', 400, 'Evil: Perhaps', 8)],
  ];

  it.each(disturbances)('%s makes the list incomplete and adds nothing', (_, disturb) => {
    const document = read(pageOf({}, disturb));
    expect(document.complete).toBe(false);
    expect(present(document).filter((name) => !present(USUAL).includes(name))).toEqual([]);
  });

  it('a row without chips makes the list incomplete', () => {
    const text = pageOf();
    expect(read({ ...text, runs: text.runs.filter((run) => run.text !== 'os_integrity') }).complete).toBe(false);
  });

  it('a title without lines makes the list incomplete', () => {
    const text = pageOf();
    const runs = text.runs.filter((run) => !(run.size === 8 && /Detection|MiTM|Unknown|Defense/.test(run.text)));
    expect(read({ ...text, runs })).toMatchObject({ complete: false });
  });
});

describe('intelligence lines', () => {
  const lines = (intelligence: PageFields['intelligence'], disturb?: (page: Page) => void) =>
    read(pageOf({ intelligence, missing: [] }, disturb)).features.filter((feature) => feature.role === 'intelligence');

  it.each(['In-App Detection', 'In-App Defense', 'Threat-Memory', 'Enforce Connection Only'])(
    'knows the mode %s',
    (mode) => {
      expect(lines([['Root Detection', mode]])).toMatchObject([
        { name: 'Root Detection', presence: 'present', threatEvents: mode },
      ]);
    },
  );

  it.each([
    'Failed',
    'Turned off',
    'Unprotected',
    'Off',
    'none',
    'Something',
    'In-App Detection (ThreatScope)',
    'in-app detection',
    'In App Detection',
    'In-App Detection: off',
  ])('takes a line with %j for nothing', (mode) => {
    const document = read(pageOf({ intelligence: [['Root Detection', mode]], missing: [] }));
    expect(present(document)).not.toContain('Root Detection');
    expect(document.complete).toBe(false);
    expect(document.unread).not.toEqual([]);
  });

  it('keeps the words of a mode that it does not know', () => {
    const document = read(
      pageOf({
        intelligence: [
          ['Root Detection', 'Failed'],
          ['App Shielding', 'In-App Detection'],
        ],
      }),
    );
    expect(document.features.filter(({ role }) => role === 'intelligence')).toMatchObject([
      {
        name: 'Root Detection',
        presence: 'unknown',
        threatEvents: 'Failed',
        unread: [{ kind: 'mode', text: 'Failed' }],
      },
      { name: 'App Shielding', presence: 'present' },
    ]);
    expect(document.unread).toMatchObject([{ kind: 'mode', text: 'Failed' }]);
    expect(document.listenerDoubts).toEqual([]);
  });

  it.each([
    ['a mode', ['Root Detection', 'In-App'], 'Detection', -14],
    ['a name', ['Emulators', 'In-App Detection'], 'Prevent Running on', 14],
  ] as const)('reads no line where %s wraps', (_, line, rest, dy) => {
    const wrapped = lines([[...line]], (page) => {
      page.y = runOf(page, `${line[0]}:`).y + dy;
      page.at(93, rest, 8, 'f2');
    });
    expect(wrapped.filter(({ presence }) => presence === 'present')).toEqual([]);
  });

  it('takes a word in another type beside a name for no part of it', () => {
    const beside = lines([['Root Detection', 'In-App Detection']], (page) => {
      page.y = runOf(page, 'Root Detection:').y;
      page.at(80, 'not', 8, 'f1');
    });
    expect(beside).toEqual([]);
  });

  it('reads a line that is one run', () => {
    const single = lines([['Root Detection', 'In-App Detection']], (page) => {
      page.y = runOf(page, 'Root Detection:').y - 29;
      page.at(93, 'App Shielding: In-App Detection', 8);
    });
    expect(single.map(({ name, threatEvents }) => [name, threatEvents])).toEqual([
      ['Root Detection', 'In-App Detection'],
      ['App Shielding', 'In-App Detection'],
    ]);
  });

  it('works without the block and without the warning', () => {
    const document = read(pageOf({ intelligence: [], missing: [] }));
    expect(document).toMatchObject({ complete: true, missingListeners: [] });
  });

  it('reads every missing listener, several on a row too', () => {
    const document = read(
      pageOf({ missing: ['RootedDevice', 'UnknownSourcesEnabled', 'AppIntegrityError'] }, (page) => {
        page.y = runOf(page, 'RootedDevice').y;
        page.at(200, 'EmulatorFound', 8, 'f2');
      }),
    );
    expect(document.missingListeners.map((fact) => fact.value)).toEqual([
      'RootedDevice',
      'EmulatorFound',
      'UnknownSourcesEnabled',
      'AppIntegrityError',
    ]);
    expect(document.complete).toBe(true);
  });
});

describe("people's texts", () => {
  const OTHER_ID = '99999999-9999-11f0-8000-999999999999';
  const HOSTILE = [
    'Plugins: evil_key',
    `Build ID: ${OTHER_ID}`,
    'X" FUSION SET Plugins: evil_key',
    'x APPLICATION THREAT INTELLIGENCE Evil Feature: In-App Detection',
    'y Optimize Build APPDOME MOBILE APP SECURITY In "z" FUSION SET',
    `z App ID: ${OTHER_ID} Fusion Set ID: ${OTHER_ID} Final App SHA-256: ${'9'.repeat(64)}`,
    'App Signed via API (x) on Appdome with y Fusion Set by z on 1-Jan-20, 00:00 UTC',
    'a Version 9.9, build #99 for iOS with the security features identified in this certificate on 1-Jan-20.',
    'The following implementations for Threat-Events appear to be missing: EvilListener',
    'This app is signed correctly by owner CN=Evil',
    `${'long words that wrap '.repeat(12)}Plugins: evil_key`,
    'Plugins:\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0evil_key',
  ];
  const FREE_FIELDS = ['appName', 'fusionSetName', 'annotation', 'signer', 'version', 'bundleId', 'user'] as const;
  const IDENTITY = [
    'build_id',
    'app_id',
    'fusion_set_id',
    'original_sha256',
    'final_sha256',
    'signer_certificate_sha256',
    'platform',
  ] as const;

  const adds = (document: CertificateDocument) => present(document).filter((name) => !present(USUAL).includes(name));

  const check = (changes: Partial<PageFields>) => {
    const document = readCertifiedSecure(pageOf(changes), 'digest');
    if (typeof document === 'string') return;
    expect(adds(document)).toEqual([]);
    expect(document.missingListeners.filter((fact) => fact.value !== 'RootedDevice')).toEqual([]);
    for (const name of IDENTITY) {
      for (const value of values(document, name)) expect(values(USUAL, name)).toContain(value);
    }
  };

  for (const field of FREE_FIELDS) {
    it.each(HOSTILE)(`${field} %j adds no protection and no identity`, (text) => {
      check({ [field]: text });
    });
  }

  it('add nothing in any mixture, and nothing is lost as long as the layout holds', () => {
    const word = fc.constantFrom(
      ...HOSTILE,
      ...'Plugins: Parameters: root_detection evil_key In-App Detection: " FUSION SET on 1-Jan-20, 00:00 UTC by'.split(
        ' ',
      ),
    );
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const changes = fc.record({ appName: text, fusionSetName: text, annotation: text, signer: text, user: text });
    fc.assert(
      fc.property(changes, (mixture) => {
        check(mixture);
      }),
      propertyRuns(100),
    );
  });

  it('stay whole in their own fact', () => {
    const document = read(pageOf({ annotation: 'Plugins: evil_key', appName: `Build ID: ${OTHER_ID}` }));
    expect(values(document, 'annotation')).toEqual(['Plugins: evil_key']);
    expect(values(document, 'app_name')).toEqual([`Build ID: ${OTHER_ID}`]);
    expect(document.complete).toBe(true);
  });

  it('an annotation that runs over the block adds nothing and makes it incomplete', () => {
    const document = read(
      pageOf({}, (page) => {
        page.y = runOf(page, 'First set.').y;
        for (let line = 0; line < 30; line += 1) {
          page.down(14);
          page.at(219, `evil_key_${line}`);
        }
      }),
    );
    expect(adds(document)).toEqual([]);
    expect(document.complete).toBe(false);
  });

  it.each([
    ['Other In "All Of It In One" FUSION SET', true],
    ['Other In "All Of It In One" FUSION SET', false],
    ['OS Integrity', true],
    ['OS Integrity', false],
  ])('a copyright sign beside %j ends nothing (footer: %j)', (beside, footer) => {
    // A Fusion Set's name is printed in that title; with blanks before it the sign stands as a text of its own.
    const end = footer ? ('nothing' as const) : ('signed' as const);
    const sign = (page: Page) => {
      const bottom = page.y;
      page.y = runOf(page, beside).y;
      page.at(420, '© 2026 Appdome');
      page.y = bottom - 120;
      if (footer) page.at(250, '© 2026 Appdome', 9);
    };
    const document = read(pageOf({ end, context: false }, sign));
    expect(document.features.map(({ name }) => name)).toEqual(USUAL.features.map(({ name }) => name));
    expect(document.missingListeners.map(({ value }) => value)).toEqual(['RootedDevice']);
    expect(document.complete).toBe(false);
    expect(document.mentions).toContainEqual(expect.objectContaining({ text: '© 2026 Appdome' }));
  });

  it('a second value on the row of an id is a second fact', () => {
    const document = read(
      pageOf({}, (page) => {
        page.y = runOf(page, 'Build ID:').y;
        page.at(450, OTHER_ID);
      }),
    );
    expect(values(document, 'build_id')).toEqual([fields().buildId, OTHER_ID]);
  });

  it('a Fusion Set name that holds the words around it is read by the quoted title', () => {
    const fusionSetName = 'Base Fusion Set by QA';
    expect(values(read(pageOf({ fusionSetName })), 'fusion_set_name')).toEqual([fusionSetName]);
    const text = pageOf({ fusionSetName });
    const runs = text.runs.filter((run) => !run.text.startsWith('APPDOME MOBILE APP SECURITY'));
    expect(values(read({ ...text, runs }), 'fusion_set_name')).toEqual([]);
  });
});

describe('very much text', () => {
  it('on one row is read in bounded time', () => {
    const document = read(
      pageOf({}, (page) => {
        page.y = runOf(page, 'os_integrity').y;
        for (let index = 0; index < 5000; index += 1) page.at(300 + index * 60, `k${index}`, 10);
      }),
    );
    expect(document.complete).toBe(false);
  });
});
