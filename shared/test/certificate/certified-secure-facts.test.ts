/** The labelled facts: where a label and its value may stand, what their text may be, and what becomes of everything else. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { TextRun } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument, FactName } from '../../src/model/certificate.ts';
import { fields, type Page, type PageFields, pageOf, runOf } from './page-of.ts';

function read(disturb: (page: Page) => void = () => {}, changes: Partial<PageFields> = {}): CertificateDocument {
  const document = readCertifiedSecure(pageOf(changes, disturb), 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

const valuesOf = (document: CertificateDocument, name: FactName) =>
  (document.facts[name] ?? []).map(({ value }) => value);
const mentionsOf = (document: CertificateDocument) => document.mentions.map(({ text }) => text);
const set = (page: Page, anchor: string, x: number, text: string, size = 10, dy = 0): TextRun => {
  page.y = runOf(page, anchor).y;
  return page.at(x, text, size, 'f1', dy);
};
/** The value on the row of a label, which for one of them stands a point higher. */
const besideOf = (page: Page, label: string): TextRun => {
  const { x, y } = runOf(page, label);
  const found = page.runs.find((run) => run.x > x && Math.abs(run.y - y) <= 1);
  if (found === undefined) throw new Error(`no value of ${label}`);
  return found;
};
const all = fields();
const TIME = '3-Feb-26, 09:05 UTC';

const LABELS: Array<[label: string, name: FactName, value: string]> = [
  ['Certificate Creation:', 'certificate_created', TIME],
  ['Build ID:', 'build_id', all.buildId],
  ['Appdome Version:', 'appdome_version', '9.8.7.6543'],
  ['App ID:', 'app_id', all.appId],
  ['Bundle ID:', 'bundle_id', all.bundleId],
  ['Version:', 'app_version', all.version],
  ['Orig App SHA-256:', 'original_sha256', all.originalSha256],
  ['Orig App Size:', 'original_size', '12.3M'],
  ['Fusion Set ID:', 'fusion_set_id', all.fusionSetId],
  ['Last Modified:', 'fusion_set_modified', '2-Feb-26, 23:59 UTC'],
  ['Annotation:', 'annotation', all.annotation],
  ['Security Inside:', 'security_inside', '- 1.5M'],
  ['Certificate SHA-256:', 'signer_certificate_sha256', all.signerSha256],
  ['Final App SHA-256:', 'final_sha256', all.finalSha256],
  ['Final App Size:', 'final_size', '13.4M'],
];

describe.each(LABELS)('%s', (label, name, value) => {
  it('is read', () => {
    const { facts, mentions } = read();
    expect(facts[name]).toMatchObject([{ value, document: 'pdf', where: expect.stringMatching(/^page 1 at 2\d\d,/u) }]);
    expect(mentions).toEqual([]);
  });

  it.each([
    [109.9, true],
    [110, false],
  ])('as a label at %d', (x, known) => {
    const document = read((page) => {
      runOf(page, label).x = x;
    });
    expect(valuesOf(document, name)).toEqual(known ? [value] : []);
    expect(mentionsOf(document).includes(label)).toBe(!known);
  });

  it.each([
    [205, true],
    [204.9, false],
  ])('as a value at %d', (x, known) => {
    const document = read((page) => {
      const { x: at, y } = besideOf(page, label);
      runOf(page, label).width = 50;
      for (const run of page.runs) if (run.x === at && run.y <= y && run.y >= y - 12) run.x = x;
    });
    expect(valuesOf(document, name)).toEqual(known ? [value] : []);
  });

  it.each([
    [4, true],
    [-4, true],
    [4.1, false],
    [-4.1, false],
  ])('%d off the row of its label', (by, known) => {
    const document = read((page) => {
      // Out of line with the other labels, whose next line it would become.
      Object.assign(runOf(page, label), { x: runOf(page, label).x + 3, y: besideOf(page, label).y + by });
    });
    expect(valuesOf(document, name)).toEqual(known ? [value] : []);
  });

  it('is none in other words, which are a mention', () => {
    const document = read((page) => {
      runOf(page, label).text = `No ${label}`;
    });
    expect([valuesOf(document, name), mentionsOf(document)]).toEqual([[], expect.arrayContaining([`No ${label}`])]);
  });

  it('is none in another section', () => {
    const elsewhere = /^final|^signer/u.test(name) ? 'Certificate Creation:' : 'Final App Size:';
    const document = read((page) => {
      page.y = runOf(page, elsewhere).y - 9;
      page.at(elsewhere === 'Final App Size:' ? 97 : 59, label, 10, 'f1', -9);
      page.at(300, value, 10, 'f1', -9);
      page.runs.splice(page.runs.indexOf(runOf(page, label)), 1);
    });
    expect(valuesOf(document, name)).toEqual([]);
  });
});

describe('a value', () => {
  it.each<[string, FactName, string, string[]]>([
    ['Certificate Creation:', 'certificate_created', `${TIME} by Some One`, [TIME]],
    ['Certificate Creation:', 'certificate_created', `${TIME} of Some One`, []],
    ['Certificate Creation:', 'certificate_created', `on ${TIME}`, []],
    ['Certificate Creation:', 'certificate_created', 'today', []],
    ['Last Modified:', 'fusion_set_modified', TIME, [TIME]],
    ['Final App SHA-256:', 'final_sha256', 'none', []],
    ['Final App SHA-256:', 'final_sha256', `x${'0'.repeat(48)}`, []],
  ])('of %s %s: %j', (label, name, text, read_) => {
    const document = read((page) => {
      besideOf(page, label).text = text;
    });
    expect(valuesOf(document, name)).toEqual(read_);
    if (read_.length === 0) expect(mentionsOf(document).join()).toContain(text);
  });

  it('that wraps is joined with a blank where it is words, and without where it is none', () => {
    const annotation = 'some words of an annotation '.repeat(6).trim();
    const disturb = (page: Page) => {
      for (const label of ['Build ID:', 'Appdome Version:']) {
        const value = besideOf(page, label);
        page.y = value.y - 8;
        page.at(value.x, 'more', 10);
      }
    };
    const document = read(disturb, { annotation });
    expect(valuesOf(document, 'annotation')).toEqual([annotation]);
    expect(valuesOf(document, 'build_id')).toEqual([`${all.buildId}more`]);
    expect(valuesOf(document, 'appdome_version')).toEqual(['9.8.7.6543more']);
  });

  it('that is empty is none', () => {
    expect(
      valuesOf(
        read((page) => {
          besideOf(page, 'Security Inside:').text = ' ';
        }),
        'security_inside',
      ),
    ).toEqual([]);
  });
});

describe('the name of the app', () => {
  it.each<[number, number, string[]]>([
    [126, 12, ['Sample']],
    [120.1, 11.1, ['Sample']],
    [131.9, 12.9, ['Sample']],
    [120, 12, []],
    [132, 12, []],
    [126, 11, []],
    [126, 13, []],
  ])('at %d in %d points', (x, size, names) => {
    const document = read((page) => {
      const name = page.runs[0];
      if (name === undefined) throw new Error('an empty page');
      Object.assign(name, { x, size });
    });
    expect(valuesOf(document, 'app_name')).toEqual(names);
    // Without the name in its place, nothing says where the name and the version in the certifying sentence end.
    const others = ['Sample', 'Version 2.0.1 (7)', expect.stringMatching(/^This certifies .* on 3-Feb-26\.$/u)];
    expect(mentionsOf(document)).toEqual(names.length > 0 ? [] : others);
  });
});

describe('the certifying sentence', () => {
  const certified = (sentence: string, x = 58) =>
    readCertifiedSecure(
      pageOf({}, (page) => {
        const first = page.runs.findIndex(({ text }) => text.startsWith('This certifies'));
        const last = page.runs.findIndex(({ text }) => text === 'Certificate Creation:');
        page.y = page.runs[first]?.y ?? 0;
        page.runs.splice(first, last - first);
        page.paragraph(x, sentence, 500, 14);
      }),
      'digest',
    );
  const whole = (app: string, end: string) => `This certifies that Appdome has secured ${app}${end}`;
  const END = ', build #7 for Android with the security features identified in this certificate on 3-Feb-26.';

  const APP = 'Sample Version 2.0.1';
  it.each<[string, string, string[], string[], boolean]>([
    ['as it is printed', whole(APP, END), ['7'], ['Android'], true],
    ['for iOS', whole(APP, END.replace('Android', 'iOS')), ['7'], ['iOS'], true],
    ['with its own words in the name', whole('a, build #8 for iOS', END), ['7'], ['Android'], false],
    ['of another app than the header', whole('Other Version 2.0.1', END), ['7'], ['Android'], false],
    ['of another version than the header', whole('Sample Version 2.0.2', END), ['7'], ['Android'], false],
    ['of another build than the header', whole(APP, END.replace('#7', '#8')), ['8'], ['Android'], false],
    ['on another day than a day', whole(APP, END.replace('3-Feb-26', 'paper')), ['7'], ['Android'], false],
    ['for another system', whole(APP, END.replace('Android', 'HarmonyOS')), [], [], false],
    ['without a build', whole(APP, END.replace('#7', '#')), [], [], false],
    ['without its end', whole(APP, END.slice(0, -1)), [], [], false],
    ['with more behind', whole(APP, `${END} Not.`), [], [], false],
    ['with other words', whole(APP, END.replace('with the', 'without the')), [], [], false],
  ])('%s', (_, sentence, build, platform, understood) => {
    const document = certified(sentence);
    if (typeof document === 'string') throw new Error(document);
    expect([valuesOf(document, 'app_build_number'), valuesOf(document, 'platform')]).toEqual([build, platform]);
    expect(mentionsOf(document)).toEqual(understood ? [] : ['Sample', 'Version 2.0.1 (7)', sentence]);
  });

  it.each<[string, string, number]>([
    ['in other words', 'This does not certify that Appdome has secured Sample', 58],
    ['behind other words', `No. ${whole('Sample', END)}`, 58],
    ['in another column', whole('Sample', END), 64],
  ])('%s certifies nothing', (_, sentence, x) => {
    expect(certified(sentence, x)).toBe('not-certificate');
  });
});

describe('a dated heading', () => {
  const NAMES: Array<[FactName, RegExp]> = [
    ['app_added', /^App Added/u],
    ['app_secured', /^App Secured/u],
    ['context_added', /^Added Context/u],
    ['app_signed', /^App Signed/u],
  ];
  it.each(NAMES)('gives %s', (name) => {
    expect(read().facts[name]).toMatchObject([{ value: TIME, where: expect.stringMatching(/^page 1 at 6\d,/u) }]);
  });

  const heading = (text: string, of = 'App Secured') =>
    read(
      (page) => {
        const first = page.runs.find((run) => run.text.startsWith(of));
        if (first === undefined) throw new Error(of);
        page.runs.splice(
          page.runs.findIndex(({ y, x }) => y === first.y - 14 && x === first.x),
          1,
        );
        first.text = text;
      },
      { user: 'Some Longer Name Of A User', fusionSetName: 'All of it in one' },
    );

  it.each<[string, string[], string[], string[]]>([
    ['App Secured via API (Client) with All of it in one Fusion Set by X', ['Client'], ['All of it in one'], []],
    ['App Secured via API - (Client) with All of it in one Fusion Set by X', ['Client'], ['All of it in one'], []],
    ['App Secured with All of it in one Fusion Set by X', [], ['All of it in one'], []],
    ['App Secured with ALL of it inone Fusion Set by X', [], ['ALL of it inone'], []],
    ['App Secured with Another Fusion Set by X', [], [], ['App Secured with Another Fusion Set by X']],
    ['App Secured by X', [], [], ['App Secured by X']],
    ['App Secured partly with All of it in one Fusion Set by X', [], [], ['App Secured partly']],
    [
      'App Secured via API ((Client)) with All of it in one Fusion Set by X',
      [],
      [],
      ['App Secured via API ((Client))'],
    ],
  ])('%j', (text, client, name, mentions) => {
    const document = heading(`${text} on ${TIME}`);
    expect(valuesOf(document, 'app_secured')).toEqual([TIME]);
    expect(valuesOf(document, 'build_external_api_plugin_name')).toEqual(client);
    expect(valuesOf(document, 'fusion_set_name')).toEqual(name);
    expect(mentionsOf(document).map((one) => one.replace(` on ${TIME}`, ''))).toEqual(mentions);
  });

  it('gives the name of the client and of the Fusion Set in one section only', () => {
    const document = read();
    expect(valuesOf(document, 'build_external_api_plugin_name')).toEqual(['SampleClient']);
    expect(valuesOf(document, 'fusion_set_name')).toEqual(['All of it in one']);
  });
});

describe('the OS versions', () => {
  it('are listed left to right, row by row', () => {
    const document = read((page) => {
      set(page, 'Android 15', 317, 'Android 11', 10, -20);
      set(page, 'Android 15', 229, 'Android 12.1+', 10, -20);
    });
    expect(valuesOf(document, 'covered_os')).toEqual(['Android 15, Android 14, Android 13, Android 12.1+, Android 11']);
    expect(document.mentions).toEqual([]);
    expect(document.facts.covered_os?.[0]?.where).toMatch(/^page 1 at 233,/u);
  });

  it.each([
    ['Android', 300, -12],
    ['Android 12 off', 300, -12],
    ['No Android 12', 300, -12],
    ['12', 300, -12],
    ['Android 12', 205, -12],
  ])('not %j at %d', (text, x, dy) => {
    const document = read((page) => set(page, 'Android 15', x, text, 10, dy));
    expect(valuesOf(document, 'covered_os')).toEqual(['Android 15, Android 14, Android 13']);
    expect(mentionsOf(document)).toEqual([text]);
  });

  it.each([
    [228, false],
    [228.1, true],
  ])('begin behind the edge: %d', (x, counted) => {
    const document = read((page) => set(page, 'Android 15', x, 'Android 12', 10, -12));
    expect(valuesOf(document, 'covered_os')[0]?.includes('Android 12')).toBe(counted);
  });

  it('count below their label alone', () => {
    const document = read((page) => set(page, 'Covered OS:', 450, 'Android 12', 10, -4));
    expect(valuesOf(document, 'covered_os')).toEqual(['Android 15, Android 14, Android 13']);
    const without = read((page) => {
      runOf(page, 'Covered OS:').x = 300;
    });
    expect(valuesOf(without, 'covered_os')).toEqual([]);
    expect(mentionsOf(without)).toContain('Covered OS:');
    const none = read((page) => {
      for (const run of page.runs) if (run.text.startsWith('Android 1')) run.text = 'none';
    });
    expect(none.facts).not.toHaveProperty('covered_os');
  });

  it.each([
    ['Android | Appdome OS support policy', []],
    ['iOS | Appdome OS support policy', []],
    ['Other | Appdome OS support policy', ['Other | Appdome OS support policy']],
    ['Android | Appdome OS support policy off', ['Android | Appdome OS support policy off']],
    ['not Android | Appdome OS support policy', ['not Android | Appdome OS support policy']],
  ])('stand beside %j', (text, mentions) => {
    const document = read((page) => {
      besideOf(page, 'Covered OS:').text = text;
    });
    expect(mentionsOf(document)).toEqual(mentions);
  });
});

describe('the signer', () => {
  it('and the end of the signature are read', () => {
    const document = read();
    expect(valuesOf(document, 'signer')).toEqual([all.signer]);
    expect(valuesOf(document, 'signature_expires')).toEqual(['Feb 3, 2046, 09:06:07']);
  });

  const EXPIRY = 'The app signature will expire on Feb 3, 2046, 09:06:07';
  it.each<[number, string[], boolean]>([
    [109.9, ['Feb 3, 2046, 09:06:07'], false],
    [110, ['Feb 3, 2046, 09:06:07'], true],
    [110.1, [], true],
  ])('at %d', (x, values, mentioned) => {
    const document = read((page) => {
      runOf(page, EXPIRY).x = x;
    });
    expect(valuesOf(document, 'signature_expires')).toEqual(values);
    expect(mentionsOf(document)).toEqual(mentioned ? [EXPIRY] : []);
  });

  it.each([`No. ${EXPIRY}`, EXPIRY.replace('will', 'may')])('not from %j', (text) => {
    const document = read((page) => {
      runOf(page, EXPIRY).text = text;
    });
    expect([valuesOf(document, 'signature_expires'), mentionsOf(document)]).toEqual([[], [text]]);
  });

  it('is read in its own section alone', () => {
    const document = read((page) => set(page, 'Build ID:', 78, EXPIRY.replace('2046', '2099'), 10, -13));
    expect(valuesOf(document, 'signature_expires')).toEqual(['Feb 3, 2046, 09:06:07']);
    expect(mentionsOf(document)).toEqual([EXPIRY.replace('2046', '2099')]);
  });
});

describe('what has a place of its own', () => {
  /** Near which text, at which place, what, and whether it is a mention there. */
  it.each<[string, number, string, boolean]>([
    ['For', 126, 'Version 2.0.1 (7)', false],
    ['For', 126, all.bundleId, false],
    // Not those of the app.
    ['For', 126, 'Version 1 (2)', true],
    ['For', 126, 'com.example.other-app', true],
    ['For', 120.1, 'For', false],
    ['For', 131.9, 'For', false],
    ['For', 120, 'For', true],
    ['For', 132, 'For', true],
    ['For', 126, 'For you', true],
    ['For', 126, 'Version 1', true],
    ['For', 126, 'No Version 1 (2)', true],
    ['For', 126, 'Version 1 (2) off', true],
    ['For', 126, 'nodots', true],
    ['For', 126, 'com.example off', true],
    ['App Preview:', 212, 'Version 1 (2)', true],
    ['App Preview:', 205, 'Version 1 (2)', true],
    ['App Preview:', 205.1, 'Version 1 (2)', true],
    ['App Preview:', 66, 'App Preview:', false],
    ['App Preview:', 66, 'App Previews:', true],
    ['App Preview:', 300, 'App Preview:', true],
    ['Build ID:', 126, 'For', true],
    ['Final App Size:', 233, 'Android 12', true],
  ])('below %j at %d: %j', (anchor, x, text, mentioned) => {
    const document = read((page) => set(page, anchor, x, text, 9, -11));
    expect(mentionsOf(document)).toEqual(mentioned ? [text] : []);
  });

  it('is the text beside the preview, and no second one', () => {
    const beside = (dy: number) => mentionsOf(read((page) => set(page, 'App Preview:', 400, 'anything', 9, dy)));
    expect([beside(4), beside(-4), beside(5), beside(-5)]).toEqual([
      ['anything', 'Sample'],
      ['Sample', 'anything'],
      ['anything'],
      ['anything'],
    ]);
  });

  const FOOTER = 'It is intended for the recipient only. It cannot be shared with or relied on by any 3rd party.';
  it.each([
    [FOOTER, []],
    ['2026 Appdome - Confidential.', []],
    [`${FOOTER} Root Detection is off.`, [`${FOOTER} Root Detection is off.`]],
    ['26 Appdome - Confidential.', ['26 Appdome - Confidential.']],
    ['2026 Appdome - Confidential. Off', ['2026 Appdome - Confidential. Off']],
    ['No 2026 Appdome - Confidential.', ['No 2026 Appdome - Confidential.']],
  ])('is the footer: %j', (text, mentions) => {
    const document = read((page) => {
      page.down(80);
      page.at(250, '© 2026 Appdome - Confidential.', 9);
      page.down(30);
      page.at(40, text, 8);
    });
    expect(mentionsOf(document)).toEqual(mentions);
  });
});

describe('in another section', () => {
  it.each<[string, (page: Page) => void, FactName, string[]]>([
    [
      'the certifying sentence',
      (page) => {
        page.y = runOf(page, 'Orig App Size:').y - 22;
        const end = 'build #99 for iOS with the security features identified in this certificate on 1-Jan-20.';
        page.paragraph(58, `This certifies that Appdome has secured A, ${end}`, 500, 14);
      },
      'platform',
      ['Android'],
    ],
    ['the name of an app', (page) => set(page, 'Orig App Size:', 126, 'Other', 12, -22), 'app_name', ['Sample']],
    [
      'the OS versions',
      (page) => {
        for (const run of page.runs) if (run.text.startsWith('Android 1') || run.text === 'Covered OS:') run.text = 'x';
        set(page, 'Final App Size:', 97, 'Covered OS:', 10, -20);
        set(page, 'Final App Size:', 233, 'Android 9', 10, -40);
      },
      'covered_os',
      [],
    ],
  ])('%s is a mention and no fact', (_, disturb, name, values) => {
    const document = read(disturb);
    expect(valuesOf(document, name)).toEqual(values);
    expect(document.mentions).not.toEqual([]);
  });
});

describe('text that is not understood, outside the list of protections', () => {
  const doubted = ({ facts }: CertificateDocument) =>
    Object.entries(facts)
      .filter(([, values]) => values?.some(({ unread }) => unread?.some(({ text }) => text === 'Not this app')))
      .map(([name]) => name);
  const everyFact = Object.keys(read().facts);

  it('casts doubt on what is below it and beside it, and on nothing above', () => {
    const inSigningPart = (dy: number) =>
      doubted(read((page) => void set(page, 'Certificate SHA-256:', 68, 'Not this app', 10, dy)));
    expect(inSigningPart(12)).toEqual(expect.arrayContaining(['signer_certificate_sha256', 'final_sha256']));
    expect(inSigningPart(12)).not.toContain('build_id');
    expect(inSigningPart(-200)).toEqual([]);
    // Between the end of the list and the next part.
    expect(doubted(read((page) => void set(page, 'Optimize Build', 68, 'Not this app', 10, -25)))).toContain(
      'final_sha256',
    );
    expect(doubted(read((page) => void set(page, 'Plugins:', 65, 'Not this app', 10, 40)))).toEqual([]);
    expect(
      doubted(read((page) => void set(page, 'Plugins:', 65, 'Not this app', 10, 40), { optimize: false })),
    ).toContain('final_sha256');
    expect(doubted(read((page) => void set(page, 'Final App Size:', 400, 'Not this app')))).toEqual(['final_size']);
    const onTop = doubted(read((page) => void set(page, 'Certification', 300, 'Not this app', 10, 60)));
    expect(everyFact.filter((name) => !onTop.includes(name))).toEqual(['app_name']);
  });

  it('casts no doubt where all is understood', () => expect(doubted(read())).toEqual([]));
});

describe('the mark of the embedded service', () => {
  it('is its banner, its footer, or its version, and nothing that people write', () => {
    const marked = (disturb: (page: Page) => void, changes: Partial<PageFields> = {}) =>
      read(disturb, changes).rehearsal;
    const rewritten = (from: string, to: string) => (page: Page) => {
      for (const run of page.runs) run.text = run.text.replace(from, to);
    };
    expect(marked(() => {})).toBeUndefined();
    expect(marked(rewritten('9.8.7.6543', '9.8.7-rehearsal'))).toBe(true);
    expect(marked((page) => void set(page, 'Certification', 300, 'SYNTHETIC CERTIFICATE', 10, 60))).toBe(true);
    expect(marked((page) => void set(page, 'Final App Size:', 200, '2026 SYNTHETIC - rehearsal only.', 9, -80))).toBe(
      true,
    );
    expect(
      marked((page) => void set(page, 'Final App Size:', 200, '2026 Appdome - Confidential.', 9, -80)),
    ).toBeUndefined();
    for (const changes of [{ version: '2.0.1-rehearsal' }, { annotation: '1.2-rehearsal' }])
      expect(marked(() => {}, changes)).toBeUndefined();
  });
});

describe('a place outside the list of protections', () => {
  it('does not belong to text that begins above its row', () => {
    const document = read(
      (page) => void set(page, 'Annotation:', besideOf(page, 'Annotation:').x, 'Not this set', 10, 12),
    );
    expect(mentionsOf(document)).toEqual(expect.arrayContaining([expect.stringContaining('Not this set')]));
  });

  it("has the app's version only in the row Version:", () => {
    const document = read((page) => {
      besideOf(page, 'Orig App Size:').text = all.version;
    });
    expect(mentionsOf(document)).toEqual([all.version]);
  });

  it('has each heading once', () => {
    const second = `Added Context via API with ${all.fusionSetName} Fusion Set by ${all.user} on ${TIME}`;
    const document = read((page) => void set(page, 'App Preview:', 65, second, 10, -62));
    expect(mentionsOf(document)).toEqual(expect.arrayContaining([expect.stringContaining('Added Context')]));
  });

  it.each(['All (of) it', 'A+B [x] $1 ^2 |3| {4} \\5 /6/', '.*'])(
    'has a Fusion Set of any name: %s',
    (fusionSetName) => {
      const document = read(() => {}, { fusionSetName });
      expect(mentionsOf(document)).toEqual([]);
      expect(valuesOf(document, 'fusion_set_name')).toEqual([fusionSetName]);
    },
  );
});
