/** Certificates that say something else than the real ones: each family must stop proving exactly what it touches. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import { isKnownHeading, isKnownMode } from '../../src/certificate/known-wording.ts';
import type { CertificateDocument, Mention } from '../../src/model/certificate.ts';
import { fields, type Page, type PageFields, pageOf, runOf } from './page-of.ts';

function read(disturb: (page: Page) => void, changes: Partial<PageFields> = {}): CertificateDocument {
  const document = readCertifiedSecure(pageOf(changes, disturb), 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

const usual = () => read(() => {});
const OS = ['os_integrity', 'root_detection', 'unknown_sources_detection'];
const COMMUNICATION = ['secure_communication'];
const OTHER = ['openssl', 'threat_events'];
const LINES = ['Root Detection', 'Detect Unknown Sources', 'Prevent MiTM Attacks'];
const ALL = [...OS, ...COMMUNICATION, ...OTHER, ...LINES];

function proven(document: CertificateDocument): string[] {
  return document.features.filter(({ presence }) => presence === 'present').map(({ name }) => name);
}

/** Sets a text relative to a run of the page. */
const beside = (page: Page, anchor: string, x: number, text: string, size = 10, dy = 0, font = 'f1') => {
  page.y = runOf(page, anchor).y;
  page.at(x, text, size, font, dy);
};
const reword = (page: Page, text: string, other: string) => {
  runOf(page, text).text = other;
};
/** The run with this text that stands nearest below another one. */
const below = (page: Page, anchor: string, text: string) => {
  const { y } = runOf(page, anchor);
  const found = page.runs.filter((run) => run.text === text && run.y < y).sort((a, b) => b.y - a.y)[0];
  if (found === undefined) throw new Error(`no ${text} below ${anchor}`);
  return found;
};
const WARNING = 'The following implementations for Threat-Events appear to be missing:';
const TITLE = 'APPLICATION THREAT INTELLIGENCE';
const OTHER_TITLE = 'Other In "All Of It In One" FUSION SET';

describe('what is known', () => {
  it.each([
    'OS Integrity',
    'oneshield by  appdome',
    'ONEShield™ by Appdome',
    'Anti Bot',
    'Rate-Limit Connections',
    'Mobile Bot Defense',
    'Geo Compliance',
    'Deepfake Detection',
  ])('the heading %j', (heading) => expect(isKnownHeading(heading)).toBe(true));

  it.each([
    '',
    'Not Included',
    'OS Integrity:',
    'OS-Integrity',
    'OSIntegrity',
    'No OS Integrity',
    'OS Integrity (off)',
    'Ο S Integrity',
    'Other',
  ])('not the heading %j', (heading) => expect(isKnownHeading(heading)).toBe(false));

  it.each(['In-App Detection', 'In-App  Defense', 'Threat-Memory'])('the mode %j', (mode) => {
    expect(isKnownMode(mode)).toBe(true);
  });

  it.each(['', 'Off', 'in-app detection', 'In App Detection', 'In-App Detection.', 'No In-App Detection'])(
    'not the mode %j',
    (mode) => expect(isKnownMode(mode)).toBe(false),
  );

  it('is everything on the usual page', () => {
    expect(proven(usual())).toEqual(ALL);
    expect(usual()).toMatchObject({ bounded: true, complete: true, unread: [], listenerDoubts: [], mentions: [] });
  });
});

const alone = ({ beside: _, ...mention }: Mention) => mention;

type Family = [name: string, disturb: (page: Page) => void, left: string[], kinds: string[], doubted?: boolean];

const without = (...names: string[]) => ALL.filter((name) => !names.includes(name));

const FAMILIES: Family[] = [
  ...['Removed:', 'Not selected:', 'Removed', 'plugins:', 'Plugins', 'Plugins :'].map(
    (label): Family => [
      `the row label ${label}`,
      (page) => {
        below(page, 'OS Integrity', 'Parameters:').text = label;
      },
      without('root_detection', 'unknown_sources_detection'),
      ['label'],
    ],
  ),
  [
    'an unknown label between a row and more chips',
    (page) => {
      beside(page, 'Secure Communication', 65, 'Removed:', 10, 30);
      beside(page, 'Secure Communication', 166.5, 'app_shielding', 8, 30);
    },
    ALL,
    ['label'],
  ],
  [
    'an unknown label without chips',
    (page) => beside(page, 'Secure Communication', 65, 'Removed:', 10, 20),
    ['os_integrity'],
    ['text'],
    true,
  ],
  ...[68, 65, 89, 140, 300].map(
    (x): Family => [
      `the title NOT INCLUDED at ${x}`,
      (page) => beside(page, 'Secure Communication', x, 'NOT INCLUDED In "All Of It In One" FUSION SET', 10, 20),
      without(...COMMUNICATION, ...OTHER, ...LINES),
      ['title'],
    ],
  ),
  [
    'another name in the title Other',
    (page) => reword(page, OTHER_TITLE, 'Other In "Another" FUSION SET'),
    without(...OTHER, ...LINES),
    ['title'],
  ],
  ...['Not Included', 'Failed to apply', 'OS Integrity (failed)'].map(
    (heading): Family => [
      `the heading ${heading} instead of a known one`,
      (page) => reword(page, 'OS Integrity', heading),
      LINES,
      ['heading'],
    ],
  ),
  ...['Not Included', 'Failed to apply'].map(
    (heading): Family => [
      `the heading ${heading} without rows, above a known one`,
      (page) => beside(page, 'Secure Communication', 68, heading, 10, 24),
      ['os_integrity'],
      ['text'],
      true,
    ],
  ),
  [
    'a heading without rows below the last one',
    (page) => beside(page, TITLE, 68, 'Not Included', 10, 20),
    without(...OTHER, ...LINES),
    ['text'],
    true,
  ],
  [
    'a word more in a title',
    (page) => reword(page, TITLE, 'APPLICATION THREAT INTELLIGENCE (OFF)'),
    without(...LINES),
    ['title'],
    true,
  ],
  [
    'text right above the title',
    (page) => beside(page, 'OS Integrity', 66, 'These could not be applied', 9, 44),
    [],
    ['text'],
    true,
  ],
  ['text beside the title', (page) => beside(page, 'OS Integrity', 480, 'Draft', 9, 27), [], ['text'], true],
  [
    'text in a row of chips',
    (page) => beside(page, 'root_detection', 450, '(pending)', 8),
    OS.slice(0, 1),
    ['text'],
    true,
  ],
  [
    'text right below a row of chips',
    (page) => beside(page, 'root_detection', 300, 'pending', 8, -12),
    OS.slice(0, 1),
    ['text'],
    true,
  ],
  ['a sign behind a chip', (page) => reword(page, 'root_detection', 'root_detection*'), OS.slice(0, 1), ['text'], true],
  [
    'a word before a chip, in its frame',
    (page) => beside(page, 'root_detection', 152, 'no', 8),
    OS.slice(0, 1),
    ['text'],
    true,
  ],
  [
    'a label that is gone',
    (page) => {
      below(page, 'OS Integrity', 'Parameters:').size = 30;
    },
    [],
    ['text', 'text', 'text'],
    true,
  ],
  [
    'a chip in larger type',
    (page) => {
      runOf(page, 'openssl').size = 9;
    },
    without(...OTHER, ...LINES),
    ['text'],
    true,
  ],
  [
    'text above the lines',
    (page) => beside(page, 'Root Detection:', 93, 'The following are switched off', 9, 14),
    without(...LINES),
    ['text'],
    true,
  ],
  [
    'text on the row of the lines',
    (page) => beside(page, 'Root Detection:', 500, 'off', 8),
    without(...LINES),
    ['text'],
    true,
  ],
  ...['Failed', 'Turned off', 'Unprotected', 'In-App Detection (ThreatScope)'].map(
    (mode): Family => [
      `the mode ${mode}`,
      (page) => {
        const name = runOf(page, 'Root Detection:');
        const run = page.runs.find(({ x, y }) => y === name.y && Math.abs(x - name.x - name.width - 2.8) < 0.1);
        if (run !== undefined) run.text = mode;
      },
      without('Root Detection', ...(mode.length > 20 ? ['Detect Unknown Sources'] : [])),
      mode.length > 20 ? ['mode', 'text'] : ['mode'],
    ],
  ),
];

describe('wording that is not known', () => {
  it.each(FAMILIES.filter(([, , , kinds]) => !kinds.includes('mode') || kinds.length === 1))(
    '%s touches exactly what it may speak of',
    (_, disturb, left, kinds, doubted = false) => {
      const document = read(disturb);
      expect(proven(document)).toEqual(left);
      expect(document.unread.map(({ kind }) => kind)).toEqual(kinds);
      expect(document).toMatchObject({ bounded: true, complete: false });
      expect(document.listenerDoubts.length > 0).toBe(doubted);
      for (const fact of document.features) {
        if (fact.presence === 'unknown') expect(fact.unread).not.toEqual([]);
        else expect(fact).not.toHaveProperty('unread');
      }
      for (const { text, where } of document.unread) {
        expect(document.mentions.map(alone)).toContainEqual({ text, document: 'pdf', where });
      }
    },
  );

  it('in a longer mode runs into the next line and proves neither', () => {
    const [, disturb = () => {}] = FAMILIES.find(([name]) => name.includes('ThreatScope')) ?? [];
    expect(proven(read(disturb))).not.toContain('Root Detection');
  });

  it('with rows of its own gives facts that wait for a policy to accept it', () => {
    const document = read((page) => reword(page, 'OS Integrity', 'Not Included'));
    const [first] = document.features;
    expect(first).toMatchObject({ name: 'os_integrity', category: 'Not Included', presence: 'unknown' });
    expect(first?.unread).toMatchObject([{ kind: 'heading', text: 'Not Included', document: 'pdf' }]);
    expect(first?.unread?.[0]?.where).toMatch(/^page 1 at 68,\d+$/);
  });

  it('in an unknown title of lines gives facts that wait for a policy to accept it', () => {
    const document = read((page) => reword(page, TITLE, 'THREAT INTELLIGENCE'));
    expect(document.features.filter(({ role }) => role === 'intelligence').map(({ name }) => name)).toEqual(LINES);
    expect(document.missingListeners.map(({ value }) => value)).toEqual(['RootedDevice']);
    expect(document.unread).toMatchObject([{ kind: 'title', text: 'THREAT INTELLIGENCE' }]);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it('in an unknown label without a heading needs both to be accepted', () => {
    const document = read((page) => {
      runOf(page, 'OS Integrity').text = '+ 1.2M';
      runOf(page, '+ 1.2M').x = 505;
      below(page, '+ 1.2M', 'Plugins:').text = 'Removed:';
    });
    const [first] = document.features;
    expect(first?.unread?.map(({ kind }) => kind).sort()).toEqual(['label', 'text']);
  });

  it('more of it than a certificate has text is no list at all', () => {
    const document = read((page) => {
      page.y = runOf(page, 'OS Integrity').y;
      for (let row = 0; row < 300; row += 1) page.at(200 + ((row * 37) % 300), 'a b', 5, 'f1', -1.2 * row);
    });
    expect(document).toMatchObject({ features: [], complete: false });
  });
});

/** What becomes of the missing listener: still told under some name, or doubted. */
describe('the list of missing listeners', () => {
  const told = (document: CertificateDocument) => document.missingListeners.map(({ value }) => value);

  const DOUBTED: Array<[string, (page: Page) => void]> = [
    ['reworded', (page) => reword(page, WARNING, 'These Threat-Events are not implemented in the app:')],
    [
      'in the singular',
      (page) => reword(page, WARNING, 'The following implementation for Threat-Events appears to be missing:'),
    ],
    ['without its colon', (page) => reword(page, WARNING, WARNING.slice(0, -1))],
    ['in other capitals', (page) => reword(page, WARNING, WARNING.toUpperCase())],
    [
      '1 pt larger',
      (page) => {
        runOf(page, WARNING).size = 9;
      },
    ],
    [
      '2 pt larger',
      (page) => {
        runOf(page, WARNING).size = 10;
      },
    ],
    [
      '1 pt smaller',
      (page) => {
        runOf(page, WARNING).size = 7;
      },
    ],
    [
      '15 pt further right',
      (page) => {
        runOf(page, WARNING).x += 15;
      },
    ],
    [
      '15 pt further left',
      (page) => {
        runOf(page, WARNING).x -= 15;
      },
    ],
    [
      'below Optimize Build',
      (page) => {
        runOf(page, WARNING).y = runOf(page, 'Optimize Build').y - 10;
      },
    ],
    [
      'below Optimize Build, with its names',
      (page) => {
        runOf(page, WARNING).y = runOf(page, 'Optimize Build').y - 10;
        runOf(page, 'RootedDevice').y = runOf(page, 'Optimize Build').y - 25;
      },
    ],
    [
      'above the title of its part',
      (page) => {
        runOf(page, WARNING).y = runOf(page, TITLE).y + 20;
      },
    ],
    [
      'without names',
      (page) => {
        page.runs.splice(page.runs.indexOf(runOf(page, 'RootedDevice')), 1);
      },
    ],
    [
      'gone, and its names still there',
      (page) => {
        page.runs.splice(page.runs.indexOf(runOf(page, WARNING)), 1);
      },
    ],
    [
      'with names in large type',
      (page) => {
        runOf(page, 'RootedDevice').size = 10;
      },
    ],
    [
      'with names further left',
      (page) => {
        runOf(page, 'RootedDevice').x = 66;
      },
    ],
    ['with a note below its names', (page) => beside(page, 'RootedDevice', 93, 'and others', 9, -16)],
    [
      'behind a heading that nobody knows',
      (page) => {
        page.runs.splice(page.runs.indexOf(runOf(page, 'Optimize Build')), 1);
        beside(page, WARNING, 65, 'App Checked by Somebody on 3-Feb-26, 09:05 UTC', 10, 10);
      },
    ],
  ];

  it.each(DOUBTED)('is doubted where the warning is %s', (_, disturb) => {
    expect(read(disturb).listenerDoubts).not.toEqual([]);
  });

  it.each([
    ['wrapped', ['Rooted', 'Device'], ['Rooted', 'Device']],
    ['with underscores', ['rooted_device'], ['rooted_device']],
    ['as a display name', ['Root Detection'], ['Root Detection']],
    ['as a list', ['RootedDevice, AppIntegrityError,Other Name'], ['RootedDevice', 'AppIntegrityError', 'Other Name']],
    ['as a line with a mode', ['RootedDevice: In-App Detection'], ['RootedDevice: In-App Detection']],
    ['as something else', ['(none of yours)'], ['(none of yours)']],
  ] as const)('tells every name as printed: %s', (_, missing, listed) => {
    const document = read(() => {}, { missing: [...missing] });
    expect(told(document)).toEqual(listed);
    expect(document.listenerDoubts).toEqual([]);
  });

  it.each([1, -1, 3, -3])('is told where its name stands %i pt off', (by) => {
    const document = read((page) => {
      runOf(page, 'RootedDevice').x += by;
      runOf(page, 'RootedDevice').y += by;
    });
    expect([told(document), document.listenerDoubts]).toEqual([['RootedDevice'], []]);
  });

  it('is not doubted for a heading, a label or a mode that is not known', () => {
    const document = read(
      (page) => {
        reword(page, 'OS Integrity', 'New Section');
        below(page, 'New Section', 'Plugins:').text = 'Modules:';
      },
      { intelligence: [['Root Detection', 'Failed']], missing: [] },
    );
    expect(document.unread.map(({ kind }) => kind)).toEqual(['heading', 'label', 'mode']);
    expect(document.listenerDoubts).toEqual([]);
  });

  it.each(['with', 'without'])('is doubted for text above its part, %s a warning', (warning) => {
    const text = (page: Page) => beside(page, 'Secure Communication', 200, 'Some text', 10, 20);
    const document = read(text, warning === 'with' ? {} : { missing: [] });
    expect(document.listenerDoubts).toMatchObject([{ kind: 'text', text: 'Some text' }]);
  });

  it.each(['Certification', 'Fusion Set ID:', 'App Preview:', 'Certificate SHA-256:', 'Final App Size:'])(
    'is doubted where warning and name stand near %j',
    (anchor) => {
      const document = read((page) => {
        runOf(page, WARNING).y = runOf(page, anchor).y - 16;
        runOf(page, 'RootedDevice').y = runOf(page, anchor).y - 37;
      });
      expect(told(document)).toEqual([]);
      expect(document.listenerDoubts).toContainEqual(expect.objectContaining({ text: WARNING }));
    },
  );
});

describe('what is said outside the block', () => {
  type Said = [name: string, disturb: (page: Page) => void, text: string | RegExp];
  const replaced = (text: string, other: string, whole: string | RegExp = other): Said => [
    `${other} instead of ${text}`,
    (page) => reword(page, text, other),
    whole,
  ];
  const SENTENCE = /^This certifies/;
  const inSentence = (part: string, other: string): Said => [
    `${other} in the certifying sentence`,
    (page) => {
      const run = page.runs.find(({ text, x }) => x === 58 && text.includes(part));
      if (run === undefined) throw new Error(`no ${part}`);
      run.text = run.text.replace(part, other);
    },
    SENTENCE,
  ];
  const REMOVED = 'Root Detection was removed';
  const TIME = '3-Feb-26, 09:05 UTC';

  const ABOVE: Said[] = [
    ['below a value', (page) => beside(page, 'Security Inside:', 219, REMOVED, 9, -12), REMOVED],
    ['in the header', (page) => beside(page, 'Certification', 300, REMOVED, 10, 60), REMOVED],
    ['above the header', (page) => beside(page, 'Sample', 40, REMOVED, 9, 50), REMOVED],
    ['beside a label', (page) => beside(page, 'Build ID:', 150, REMOVED), REMOVED],
    ['beside an id', (page) => beside(page, 'Build ID:', 450, REMOVED), REMOVED],
    ['beside the annotation', (page) => beside(page, 'First set.', 400, REMOVED), REMOVED],
    ['beside a time', (page) => beside(page, 'Last Modified:', 450, REMOVED), REMOVED],
    [
      'beside a time, as one more',
      (page) => beside(page, 'Last Modified:', 450, `1-Jan-26, 00:00 UTC by ${REMOVED}`),
      `1-Jan-26, 00:00 UTC by ${REMOVED}`,
    ],
    ['beside the OS versions', (page) => beside(page, 'Android 13', 480, 'Removed 15'), 'Removed 15'],
    ['as a second name of the app', (page) => beside(page, 'Sample', 126, REMOVED, 12, 30), REMOVED],
    ['as a second bundle id', (page) => beside(page, 'For', 126, 'root.detection.removed', 10, -10), /removed/],
    ...[
      `Root Detection Removed by Somebody on ${TIME}`,
      `App Added by ${REMOVED} on ${TIME}`,
      `App Signed via API (x) on Appdome with ${REMOVED} Fusion Set by x on ${TIME}`,
    ].map(
      (heading): Said => [
        `in the heading ${heading}`,
        (page) => beside(page, 'Security Inside:', 65, heading, 10, -20),
        heading,
      ],
    ),
    inSentence('with', 'without any of'),
    inSentence('for Android', 'for Android, without Root Detection,'),
    inSentence('Version 2.0.1', 'Version 2.0.1 without Root Detection'),
    inSentence('secured Sample', 'secured nothing of Sample'),
    inSentence('security features', 'features that could not be'),
    inSentence('on 3-Feb-26.', 'on 3-Feb-26. Root Detection was removed.'),
    replaced('Version 2.0.1 (7)', 'Version 2.0.1 Root Detection removed (7)', /removed \(7\)/),
    replaced('2.0.1', '2.0.1 Root Detection removed'),
    replaced('9.8.7.6543', '9.8.7 Root Detection is off', /^9\.8\.7 Root/),
    replaced('12.3M', '12.3M Root Detection removed'),
    replaced('- 1.5M', '- 1.5M (Root Detection was not applied)'),
    replaced('Android | Appdome OS support policy', 'Android | no support policy'),
    replaced(fields().fusionSetId, `${fields().fusionSetId} (off)`),
    replaced(fields().originalSha256.slice(48), 'Root Detection removed', /removed/),
  ];

  const BELOW: Said[] = [
    ['in a row that nobody knows', (page) => beside(page, 'Final App Size:', 97, 'Left out:', 10, -20), 'Left out:'],
    ['on the row App Preview', (page) => beside(page, 'App Preview:', 400, REMOVED), REMOVED],
    ...[
      `Root Detection Removed by Somebody on ${TIME}`,
      `App Secured via API (x) with ${REMOVED} Fusion Set by x on ${TIME}`,
    ].map(
      (heading): Said => [
        `in the heading ${heading}`,
        (page) => beside(page, 'Final App Size:', 66, heading, 10, -50),
        heading,
      ],
    ),
    ['in the footer', (page) => beside(page, 'Final App Size:', 200, `© ${REMOVED}`, 9, -80), `© ${REMOVED}`],
    [
      'as a second owner of the signature',
      (page) => beside(page, 'Final App Size:', 78, `This app is signed correctly by owner ${REMOVED}`, 10, -20),
      `This app is signed correctly by owner ${REMOVED}`,
    ],
    replaced('13.4M', '13.4M Root Detection removed'),
    replaced(
      'The app signature will expire on Feb 3, 2046, 09:06:07',
      'The app signature will expire on removal of Root Detection',
    ),
  ];

  it.each(ABOVE)('%s, above the block, leaves nothing proven', (_, disturb, text) => {
    const document = read(disturb);
    expect(proven(document)).toEqual([]);
    const wording = expect.objectContaining({
      kind: 'text',
      text: typeof text === 'string' ? text : expect.stringMatching(text),
    });
    expect(document.unread).toContainEqual(wording);
    for (const { unread } of document.features) expect(unread).toContainEqual(wording);
    expect(document.listenerDoubts).toEqual(document.unread);
    expect(document.unread.every(({ outside }) => outside)).toBe(true);
    expect(document.mentions.map(alone)).toEqual(
      document.unread.map(({ kind: _, outside: __, ...mention }) => mention),
    );
    expect(document).toMatchObject({ bounded: true, complete: false });
  });

  it.each(BELOW)('%s, below the block, is a mention and a doubt about listeners', (_, disturb, text) => {
    const document = read(disturb);
    expect(proven(document)).toEqual(ALL);
    expect(document).toMatchObject({ complete: true, unread: [] });
    expect(document.mentions).toContainEqual(expect.objectContaining({ text }));
    expect(document.listenerDoubts).toEqual(
      document.mentions.map((mention) => ({ kind: 'text', ...alone(mention), outside: true })),
    );
  });

  const FOOTER = [
    'This certificate is intended to provide an Appdome user, in good standing, with a written record of the features added to',
    'the subject mobile app by and through the process of using the Appdome Service. It is intended for the recipient only. It',
    'cannot be shared with or relied on by any 3rd party. Void if modified, reproduced, or distributed.',
  ];

  it.each<[string, string[]]>([
    ['as real ones print it', FOOTER],
    ['wrapped elsewhere', FOOTER.join(' ').split(/(?<=record of the) /u)],
  ])('is the footer, %s', (_, lines) => {
    const document = read((page) => {
      page.y = runOf(page, 'Final App Size:').y - 120;
      page.at(220, '©', 17);
      page.at(240, '2026 Appdome - Confidential.', 9);
      for (const line of lines) {
        page.down(24);
        page.at(30, line, 9);
      }
    });
    expect(document).toMatchObject({ mentions: [], listenerDoubts: [] });
  });

  it.each(['Void', 'not part of it', 'Void if modified, or where Root Detection was removed', FOOTER.join(' or ')])(
    'is no footer where it says %j',
    (line) => {
      const document = read((page) => {
        page.y = runOf(page, 'Final App Size:').y - 120;
        page.at(220, '©', 17);
        page.down(24);
        page.at(30, line, 9);
      });
      expect(document.mentions).toMatchObject([{ text: line }]);
    },
  );

  it.each(['1.0', '2.3.4-rc.1+build5', 'v2.0', '2026.2.3', '1.0 Beta (internal)', 'x'])(
    'is no mention in the version %j, which every place prints',
    (version) => expect(read(() => {}, { version })).toMatchObject({ complete: true, mentions: [] }),
  );

  it('is no mention where the step that adds the context changed version and bundle id', () => {
    const document = read((page) => {
      const last = (text: string) => page.runs.findLast((run) => run.text === text);
      Object.assign(last('Version 2.0.1 (7)') ?? {}, { text: 'Version 3.0 (8)' });
      Object.assign(last('com.example.sample') ?? {}, { text: 'com.example.other' });
    });
    expect(document).toMatchObject({ complete: true, mentions: [] });
  });

  it('is no mention where it is a value of a person', () => {
    const name = 'Root Detection removed';
    const document = read(() => {}, {
      appName: name,
      annotation: name,
      fusionSetName: name,
      user: name,
      signer: name,
      end: 'sealed',
    });
    expect(document.mentions).toMatchObject([{ text: 'App Sealed via API (SampleClient)' }]);
    expect(document).toMatchObject({ complete: true, unread: [] });
  });
});
