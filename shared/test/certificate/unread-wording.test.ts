/** Certificates that say something else than the real ones: each family must stop proving exactly what it touches. */
import { describe, expect, it } from 'vitest';
import type { CertificateDocument } from '../../src/certificate/certificate.ts';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import { isKnownHeading, isKnownMode } from '../../src/certificate/known-wording.ts';
import { type Page, type PageFields, pageOf, runOf } from './page-of.ts';

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
    without(...COMMUNICATION, ...OTHER),
    ['text'],
    false,
  ],
  ...[68, 65, 89, 140, 300].map(
    (x): Family => [
      `the title NOT INCLUDED at ${x}`,
      (page) => beside(page, 'Secure Communication', x, 'NOT INCLUDED In "All Of It In One" FUSION SET', 10, 20),
      without(...COMMUNICATION, ...OTHER),
      ['title'],
    ],
  ),
  [
    'another name in the title Other',
    (page) => reword(page, OTHER_TITLE, 'Other In "Another" FUSION SET'),
    without(...OTHER),
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
      without(...COMMUNICATION, ...OTHER),
      ['text'],
      false,
    ],
  ),
  [
    'a heading without rows below the last one',
    (page) => beside(page, TITLE, 68, 'Not Included', 10, 20),
    ALL,
    ['text'],
    false,
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
    LINES,
    ['text'],
    false,
  ],
  ['text beside the title', (page) => beside(page, 'OS Integrity', 480, 'Draft', 9, 27), LINES, ['text'], false],
  [
    'text in a row of chips',
    (page) => beside(page, 'root_detection', 450, '(pending)', 8),
    without('root_detection', 'unknown_sources_detection', ...COMMUNICATION, ...OTHER),
    ['text'],
    false,
  ],
  [
    'text right below a row of chips',
    (page) => beside(page, 'root_detection', 300, 'pending', 8, -12),
    without('root_detection', 'unknown_sources_detection', ...COMMUNICATION, ...OTHER),
    ['text'],
    false,
  ],
  [
    'a sign behind a chip',
    (page) => reword(page, 'root_detection', 'root_detection*'),
    without('root_detection', 'unknown_sources_detection', ...COMMUNICATION, ...OTHER),
    ['text'],
    false,
  ],
  [
    'a word before a chip, in its frame',
    (page) => beside(page, 'root_detection', 152, 'no', 8),
    without('root_detection', 'unknown_sources_detection', ...COMMUNICATION, ...OTHER),
    ['text'],
    false,
  ],
  [
    'a label that is gone',
    (page) => {
      below(page, 'OS Integrity', 'Parameters:').size = 30;
    },
    without('root_detection', 'unknown_sources_detection', ...COMMUNICATION, ...OTHER),
    ['text', 'text', 'text'],
    false,
  ],
  [
    'a chip in larger type',
    (page) => {
      runOf(page, 'openssl').size = 9;
    },
    without(...OTHER),
    ['text'],
    false,
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
        expect(document.mentions).toContainEqual({ text, document: 'pdf', where });
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

  it('is doubted for text above its part only where there is no warning', () => {
    const text = (page: Page) => beside(page, 'Secure Communication', 200, 'Some text', 10, 20);
    expect(read(text).listenerDoubts).toEqual([]);
    expect(read(text, { missing: [] }).listenerDoubts).toMatchObject([{ kind: 'text', text: 'Some text' }]);
  });
});

describe('what is said outside the block', () => {
  it.each<[string, (page: Page) => void, string]>([
    [
      'below a value',
      (page) => beside(page, 'Security Inside:', 219, 'Root Detection was removed', 9, -12),
      'Root Detection was removed',
    ],
    [
      'in the header',
      (page) => beside(page, 'Certification', 300, 'Without Root Detection', 10, 60),
      'Without Root Detection',
    ],
    ['in a row that nobody knows', (page) => beside(page, 'Final App Size:', 97, 'Left out:', 10, -20), 'Left out:'],
    [
      'in a heading that nobody knows',
      (page) =>
        beside(page, 'Final App Size:', 66, 'Root Detection Removed by Somebody on 3-Feb-26, 09:05 UTC', 10, -50),
      'Root Detection Removed by Somebody on 3-Feb-26, 09:05 UTC',
    ],
  ])('%s is a mention', (_, disturb, text) => {
    const document = read(disturb);
    expect(document.mentions).toMatchObject([{ text, document: 'pdf' }]);
    expect(document).toMatchObject({ complete: true, unread: [] });
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
  });
});
