/** Where the parts of the security block may stand, and in which size: just inside, and just outside of it. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { TextRun } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument } from '../../src/model/certificate.ts';
import { type Page, type PageFields, pageOf, runOf } from './page-of.ts';

function read(disturb: (page: Page) => void = () => {}, changes: Partial<PageFields> = {}): CertificateDocument {
  const document = readCertifiedSecure(pageOf(changes, disturb), 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

const presenceOf = (document: CertificateDocument, name: string) =>
  document.features.filter((fact) => fact.name === name).map(({ presence }) => presence);
const kindsOf = (document: CertificateDocument) => document.unread.map(({ kind }) => kind);
const set = (page: Page, anchor: string, x: number, text: string, size = 8, dy = 0): TextRun => {
  page.y = runOf(page, anchor).y;
  return page.at(x, text, size, 'f1', dy);
};
const drop = (page: Page, text: string) => page.runs.splice(page.runs.indexOf(runOf(page, text)), 1);
/** The label of the row that a chip stands in. */
const labelOf = (page: Page, chip: string) => {
  const { y } = runOf(page, chip);
  const found = page.runs.find((run) => run.y === y && run.text.endsWith(':'));
  if (found === undefined) throw new Error(`no label beside ${chip}`);
  return found;
};

const TITLE = 'APPLICATION THREAT INTELLIGENCE';
const WARNING = 'The following implementations for Threat-Events appear to be missing:';
const OTHER_TITLE = 'Other In "All Of It In One" FUSION SET';
const END = 'Optimize Build';

/** Part, the run that is moved, and what its place decides. */
const COLUMNS: Array<[string, (page: Page) => TextRun, number, number]> = [
  ['a heading', (page) => runOf(page, 'OS Integrity'), 61, 71],
  ['a label', (page) => labelOf(page, 'os_integrity'), 61, 71],
  ['the title of the other components', (page) => runOf(page, OTHER_TITLE), 61, 71],
  ['the last line', (page) => runOf(page, END), 61, 71],
  ['the title of the intelligence', (page) => runOf(page, TITLE), 85, 97],
  ['the warning', (page) => runOf(page, WARNING), 85, 97],
];

describe('the column', () => {
  const cases = COLUMNS.flatMap(([what, run, from, to]) => [
    ...[from, to].map((x) => [what, x, run, true] as const),
    ...[from - 0.1, to + 0.1].map((x) => [what, x, run, false] as const),
  ]);
  it.each(cases)('of %s: %d', (_, x, run, known) => {
    const document = read((page) => {
      run(page).x = x;
    });
    expect(document.complete).toBe(known);
    expect(kindsOf(document).length === 0).toBe(known);
  });
});

describe('the size', () => {
  const cases = [
    ...COLUMNS.slice(0, 5).map(([what, run]) => [what, run, 9.5, 10.5] as const),
    ['a chip', (page: Page) => runOf(page, 'root_detection'), 7.5, 8.5] as const,
    ['the warning', (page: Page) => runOf(page, WARNING), 7.5, 8.5] as const,
    ['the name of a listener', (page: Page) => runOf(page, 'RootedDevice'), 7.5, 8.5] as const,
  ].flatMap(([what, run, from, to]) => [
    ...[from, to].map((size) => [what, size, run, true] as const),
    ...[from - 0.1, to + 0.1].map((size) => [what, size, run, false] as const),
  ]);
  it.each(cases)('of %s: %d', (_, size, run, known) => {
    const document = read((page) => {
      run(page).size = size;
    });
    expect(document.complete).toBe(known);
  });

  it.each([
    [7.5, ['present']],
    [8.5, ['present']],
    [7.4, []],
    [8.6, []],
  ])('of a line: %d', (size, presence) => {
    const document = read((page) => {
      const name = runOf(page, 'Root Detection:');
      for (const run of page.runs) if (run.y === name.y) run.size = size;
    });
    expect(presenceOf(document, 'Root Detection')).toEqual(presence);
  });
});

describe('what the block adds to the size of the app', () => {
  const READ = ['+ 5.44M', '-12.35M', '- 1.5M', '+5', '+1KB', '+1KB', '+ 12G', '+ 1.25'];
  it.each(READ)('%j is read', (text) => {
    expect(read((page) => set(page, 'OS Integrity', 505, text, 10, 14))).toMatchObject({ complete: true, unread: [] });
  });

  const NOT_READ = ['5.44M', '+  5M', '+ .5M', '+ 5.M', '+ 5.44MX', '+ 5.44T', '+ 5.44M off', 'off + 5', '* 5M', '+ M'];
  it.each(NOT_READ)('%j is text', (text) => {
    const document = read((page) => set(page, 'OS Integrity', 505, text, 10, 14));
    expect([kindsOf(document), document.unread[0]?.text]).toEqual([['text'], text]);
  });

  it.each([
    [450, 10, ['text']],
    [450.1, 10, []],
    [505, 8, ['text']],
    [505, 9.5, []],
    [505, 10.6, ['text']],
  ])('at %d in %d points', (x, size, kinds) => {
    expect(kindsOf(read((page) => set(page, 'OS Integrity', x, '+ 5.44M', size, 14)))).toEqual(kinds);
  });

  it('on two lines is text', () => {
    const document = read((page) => {
      set(page, 'OS Integrity', 505, '+ 5.44M', 10, 20);
      set(page, 'OS Integrity', 505, '+ 1M', 10, 7);
    });
    expect(document.unread.map(({ text }) => text)).toEqual(['+ 5.44M + 1M']);
  });
});

describe('a chip', () => {
  /** Right of the row's last chip, at a distance. */
  const beside = (text: string, gap = 41, dy = 0, size = 8) =>
    read((page) => {
      const last = runOf(page, 'unknown_sources_detection');
      last.width = 110;
      set(page, last.text, last.x + 110 + gap, text, size, dy);
    });

  it.each(['a', '9', 'a_b', 'a.b', 'a-b', 'A_', '9-', 'app2'])('is %j', (name) => {
    const document = beside(name);
    expect([presenceOf(document, name), document.complete]).toEqual([['present'], true]);
  });

  it.each(['_a', '-a', '.a', 'a b', 'a*', '*a', 'ä', 'aä', 'a:', '✗'])('is not %j', (name) => {
    const document = beside(name);
    expect(presenceOf(document, name)).toEqual([]);
    expect(document.unread[0]?.text).toContain(name);
    expect(presenceOf(document, 'root_detection')).toEqual(['unknown']);
  });

  it.each([
    [20, ['present']],
    [19.9, []],
  ])('stands %d behind the one before', (gap, presence) => {
    expect(presenceOf(beside('app_name', gap), 'app_name')).toEqual(presence);
  });

  it.each([
    [4, ['present']],
    [-4, ['present']],
    [5, []],
    [-5, []],
  ])('stands on its row, %d off', (dy, presence) => {
    expect(presenceOf(beside('app_name', 41, dy), 'app_name')).toEqual(presence);
  });

  it.each([
    [20, ['present']],
    [19.9, []],
  ])('stands %d behind its label', (gap, presence) => {
    const document = read((page) => {
      const label = labelOf(page, 'os_integrity');
      label.width = 44;
      runOf(page, 'os_integrity').x = label.x + 44 + gap;
    });
    expect(presenceOf(document, 'os_integrity')).toEqual(presence);
  });

  it.each([
    [24, ['present']],
    [32.5, ['present']],
    [23.9, []],
    [32.6, []],
  ])('stands %d below the row before', (pitch, presence) => {
    const document = read((page) => set(page, 'root_detection', 166.5, 'app_name', 8, -pitch));
    expect(presenceOf(document, 'app_name')).toEqual(presence);
    expect(document.complete).toBe(presence.length > 0);
  });

  it.each([
    [4, ['present']],
    [-4, ['present']],
    [4.1, []],
    [-4.1, []],
  ])('of a new line stands at the left edge, %d off', (by, presence) => {
    const document = read((page) => set(page, 'root_detection', 166.5 + by, 'app_name', 8, -29));
    expect(presenceOf(document, 'app_name')).toEqual(presence);
  });

  it('follows on the second line and begins a third at the edge of the first', () => {
    const document = read(
      (page) => {
        set(page, 'root_detection', 166.5, 'first_b', 8, -24);
        set(page, 'root_detection', 300, 'second_b', 8, -24);
        set(page, 'root_detection', 170, 'first_c', 8, -48);
      },
      { categories: [{ heading: 'OS Integrity', plugins: ['os_integrity'], parameters: ['root_detection'] }] },
    );
    expect(document.features.slice(0, 5).map(({ name, role, presence }) => [name, role, presence])).toEqual([
      ['os_integrity', 'plugin', 'present'],
      ['root_detection', 'parameter', 'present'],
      ['first_b', 'parameter', 'present'],
      ['second_b', 'parameter', 'present'],
      ['first_c', 'parameter', 'present'],
    ]);
  });
});

describe('what unread text touches', () => {
  const touched = (document: CertificateDocument) =>
    document.features.filter(({ presence }) => presence === 'unknown').map(({ name }) => name);
  const LINES = ['Root Detection', 'Detect Unknown Sources', 'Prevent MiTM Attacks'];
  const BELOW = ['secure_communication', 'openssl', 'threat_events', ...LINES];
  const ROW = ['root_detection', 'unknown_sources_detection'];

  it.each([
    [-12, [...ROW, ...BELOW]],
    [-23.9, [...ROW, ...BELOW]],
    // Whatever the distance, nothing that is understood is between them.
    [-24, [...ROW, ...BELOW]],
    [-32.6, [...ROW, ...BELOW]],
    [-50, [...ROW, ...BELOW]],
    [-62, BELOW],
  ])('%d from a row', (dy, names) => {
    expect(touched(read((page) => set(page, 'root_detection', 300, '(of it)', 8, dy)))).toEqual(names);
  });

  it.each([
    [-23.9, true],
    [-26, true],
    [-29, true],
    // Below the line that ends the block.
    [-40, false],
  ])('%d from the last line of intelligence', (dy, isTouched) => {
    const document = read(
      (page) => {
        const last = page.runs.findLast(({ font, x }) => font === 'f2' && x >= 93);
        if (last === undefined) throw new Error('no line');
        set(page, last.text, 200, '(of it)', 9, dy);
      },
      { missing: [] },
    );
    expect(touched(document).includes('Prevent MiTM Attacks')).toBe(isTouched);
  });

  it('is everything below, the lines of the next title too', () => {
    const document = read((page) => set(page, 'openssl', 400, '(of it)'));
    expect(touched(document)).toEqual(['openssl', 'threat_events', ...LINES]);
  });

  const BLOCK = 'APPDOME MOBILE APP SECURITY In "All Of It In One" FUSION SET';
  it.each([
    [BLOCK, 30],
    [BLOCK, -4],
    [BLOCK, -4.1],
    ['Orig App Size:', -25],
    ['For', 30],
  ])('is everything, from above: near %j, %d above it', (anchor, dy) => {
    const document = read((page) => set(page, anchor, 480, '(of it)', 9, dy));
    expect(touched(document)).toEqual(['os_integrity', ...ROW, ...BELOW]);
    expect(document.mentions.map(({ text }) => text)).toEqual(['(of it)']);
  });

  it('is nothing, from below the block', () => {
    const document = read((page) => set(page, 'Final App Size:', 480, '(of it)', 9, -15));
    expect(touched(document)).toEqual([]);
    expect(document.mentions.map(({ text }) => text)).toEqual(['(of it)']);
  });
});

describe('a row', () => {
  it('without a category is unread', () => {
    const document = read((page) => drop(page, 'OS Integrity'));
    expect(document.features[0]).toMatchObject({ name: 'os_integrity', presence: 'unknown' });
    expect(document.features[0]).not.toHaveProperty('category');
    expect(document.unread[0]).toMatchObject({ kind: 'text', text: 'Plugins:' });
  });

  it('with two labels is unread', () => {
    const document = read((page) => {
      labelOf(page, 'os_integrity').width = 1;
      set(page, 'os_integrity', 69.9, 'Removed:', 10);
    });
    expect(presenceOf(document, 'os_integrity')).not.toEqual(['present']);
  });

  it('is of the heading above it, known or not', () => {
    const document = read((page) => {
      runOf(page, 'Secure Communication').text = 'New Section';
    });
    expect(document.features.slice(0, 5).map(({ category, presence }) => [category, presence])).toEqual([
      ['OS Integrity', 'present'],
      ['OS Integrity', 'present'],
      ['OS Integrity', 'present'],
      ['New Section', 'unknown'],
      ['Other', 'unknown'],
    ]);
  });

  it('of an unknown label is a parameter, and of a known one what the label says', () => {
    const document = read((page) => {
      labelOf(page, 'os_integrity').text = 'Modules:';
    });
    expect(document.features.slice(0, 2).map(({ name, role, presence }) => [name, role, presence])).toEqual([
      ['os_integrity', 'parameter', 'unknown'],
      ['root_detection', 'parameter', 'present'],
    ]);
  });
});

describe('the title of the other components', () => {
  it.each([
    ['Other In "AllOf It In One" FUSION SET', true],
    ['Other In "All Of It In one" FUSION SET', false],
    ['Other In "" FUSION SET', false],
    ['Others In "All Of It In One" FUSION SET', false],
    ['other In "All Of It In One" FUSION SET', false],
  ])('%j', (title, known) => {
    const document = read((page) => {
      runOf(page, OTHER_TITLE).text = title;
    });
    expect(document.complete).toBe(known);
    expect(presenceOf(document, 'openssl')).toEqual([known ? 'present' : 'unknown']);
  });
});

describe('a block without', () => {
  it('rows says so by its title', () => {
    const document = read(undefined, { categories: [], other: [], intelligence: [], missing: [] });
    expect(document).toMatchObject({ features: [], complete: false });
    expect(document.unread).toMatchObject([{ kind: 'title', where: expect.stringMatching(/^page 1 at 65,/u) }]);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it('lines below their title says so, and doubts the listeners', () => {
    const document = read(
      (page) => {
        page.y = runOf(page, 'Optimize Build').y + 17;
        page.at(89, TITLE);
      },
      { intelligence: [], missing: [] },
    );
    expect(document.unread).toMatchObject([{ kind: 'title', text: TITLE }]);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it('names below its warning says so, and doubts the listeners', () => {
    const document = read((page) => drop(page, 'RootedDevice'));
    expect(document.unread).toMatchObject([{ kind: 'text', text: WARNING }]);
    expect(document.listenerDoubts).toEqual(document.unread);
  });
});

it('tells unread text from top to bottom', () => {
  const document = read((page) => {
    set(page, 'openssl', 400, '(third)');
    set(page, 'os_integrity', 400, '(first)');
    set(page, 'secure_communication', 400, '(second)');
  });
  expect(document.unread.map(({ text }) => text)).toEqual(['(first)', '(second)', '(third)']);
});

describe('behind the last line', () => {
  it.each([
    [END, 'text'],
    ['OS Integrity', 'text'],
    [TITLE, 'text'],
    ['Extra In "All Of It In One" FUSION SET', 'title'],
  ])('%j is unread, and may speak of listeners', (text, kind) => {
    const document = read((page) => {
      page.y = runOf(page, END).y - 20;
      page.at(text === TITLE ? 89 : 66, text);
    });
    expect(document.unread).toMatchObject([{ kind, text }]);
    expect(document.listenerDoubts).toEqual(document.unread);
    expect(document.features.every(({ presence }) => presence === 'present')).toBe(true);
  });

  it('a row belongs to nothing', () => {
    const document = read((page) => {
      page.y = runOf(page, END).y - 20;
      page.chips('Plugins:', 167.5, ['behind'], 43);
    });
    expect(presenceOf(document, 'behind')).toEqual([]);
    expect(document.bounded).toBe(true);
  });
});

describe('below the title of the intelligence', () => {
  it.each(['OS Integrity', 'Plugins:', 'New Section', OTHER_TITLE])('%j begins nothing', (text) => {
    const document = read((page) => set(page, 'Root Detection:', 66, text, 10, 12));
    expect(document.unread.map(({ text: one }) => one)).toEqual([text]);
    expect(presenceOf(document, 'Root Detection')).toEqual(['unknown']);
    expect(presenceOf(document, 'openssl')).toEqual(['present']);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it.each([
    [85, ['present']],
    [84.9, []],
  ])('a line begins at %d', (x, presence) => {
    const document = read((page) => set(page, 'Root Detection:', x, 'App Shielding: In-App Defense', 8, 20));
    expect(presenceOf(document, 'App Shielding')).toEqual(presence);
  });

  it.each([
    [0, []],
    [-4, []],
    [-4.1, ['present']],
  ])('a line stands %d from its row', (dy, presence) => {
    const document = read((page) => set(page, TITLE, 400, 'App Shielding: In-App Defense', 8, dy));
    expect(presenceOf(document, 'App Shielding')).toEqual(presence);
  });

  it.each([
    [85, ['RootedDevice']],
    [84.9, []],
  ])('the name of a listener begins at %d', (x, names) => {
    const document = read((page) => {
      runOf(page, 'RootedDevice').x = x;
    });
    expect(document.missingListeners.map(({ value }) => value)).toEqual(names);
  });

  it('names of listeners are told apart by commas, without the blanks between', () => {
    const document = read(undefined, { missing: [' One , ,, Two,'] });
    expect(document.missingListeners.map(({ value }) => value)).toEqual(['One', 'Two']);
    expect(document.missingListeners[0]?.where).toMatch(/^page 1 at 93,\d+$/u);
  });

  it('a line that is a chip’s neighbour above the title is text', () => {
    const document = read((page) => set(page, 'openssl', 400, 'App Shielding: In-App Defense'));
    expect(presenceOf(document, 'App Shielding')).toEqual([]);
    expect(kindsOf(document)).toEqual(['text']);
  });
});

describe('a heading that nobody knows', () => {
  /** Rows of small text between it and the first label. */
  const above = (rows: number) =>
    read((page) => {
      runOf(page, 'OS Integrity').text = 'New Section';
      for (let row = 1; row <= rows; row += 1) set(page, 'New Section', 300 + 20 * row, 'a b', 5, -6 * row);
    });
  it.each([
    [0, 'heading'],
    [3, 'heading'],
    [4, 'text'],
  ])('with %d rows above its first label is a %s', (rows, kind) => {
    expect(above(rows).unread[0]).toMatchObject({ kind, text: 'New Section' });
  });

  it.each(['New Section:', 'Removed:'])('is none where it ends like a label: %j', (text) => {
    const document = read((page) => {
      runOf(page, 'OS Integrity').text = text;
    });
    expect(document.unread[0]).toMatchObject({ kind: 'text', text });
  });

  it('is none above another heading', () => {
    const document = read((page) => set(page, 'Secure Communication', 68, 'New Section', 10, 22));
    expect(document.unread).toMatchObject([{ kind: 'text', text: 'New Section' }]);
  });

  it('leaves its name to its chips', () => {
    const document = read((page) => {
      runOf(page, 'Secure Communication').text = 'New Section';
    });
    expect(document.features.find(({ name }) => name === 'secure_communication')?.category).toBe('New Section');
  });
});

describe('a title that nobody knows', () => {
  const titled = (title: string, x = 65) =>
    read((page) => {
      Object.assign(runOf(page, OTHER_TITLE), { text: title, x });
    });

  it.each([65, 89, 300])('at %d names what stands below it, and has rows of its own', (x) => {
    const document = titled('Missing In "All Of It In One" FUSION SET', x);
    const [plugin] = document.features.filter(({ name }) => name === 'openssl');
    expect(plugin).toMatchObject({
      category: 'Missing In "All Of It In One" FUSION SET',
      presence: 'unknown',
      unread: [{ kind: 'title' }],
    });
    // Below a title with rows the listeners are not meant.
    expect(document.listenerDoubts).toEqual([]);
  });

  it('without rows may speak of listeners', () => {
    const document = read(
      (page) => {
        page.y = runOf(page, END).y + 20;
        page.at(89, 'NEW TITLE');
      },
      { missing: [] },
    );
    expect(document.unread).toMatchObject([{ kind: 'title', text: 'NEW TITLE' }]);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it('over a heading with rows is over rows, over another title it is not', () => {
    const over = (anchor: string, dy: number) =>
      read((page) => set(page, anchor, 65, 'New In "x" FUSION SET', 10, dy), { missing: [] });
    expect(over('Secure Communication', 22).listenerDoubts).toEqual([]);
    expect(over(OTHER_TITLE, 22).listenerDoubts).toMatchObject([{ kind: 'title' }]);
  });
});

describe('so much unread text', () => {
  const beside = (count: number) =>
    read((page) => {
      for (let index = 0; index < count; index += 1) set(page, 'OS Integrity', 400 + 60 * index, '(x)', 8).width = 1;
    });
  it('as a list can hold leaves the facts, and one more leaves none', () => {
    expect(beside(200).features.length).toBeGreaterThan(0);
    expect(beside(201)).toMatchObject({ features: [], bounded: true });
    // The title of the block too, which has no rows.
    expect(beside(201).unread).toHaveLength(202);
  });
});

describe('text near the title of the intelligence', () => {
  it.each([
    [20, 'off', 8],
    [20, 'off', 10],
    [66, 'OS Integrity', 10],
    [66, 'Plugins:', 10],
    [400, 'off', 9],
  ])('at %d touches the lines: %j', (x, text, size) => {
    const document = read((page) => {
      set(page, TITLE, x, text, size).width = 1;
    });
    expect(document.unread.map(({ text: one }) => one)).toEqual([text]);
    expect(presenceOf(document, 'Root Detection')).toEqual(['unknown']);
    expect(document.listenerDoubts).toEqual(document.unread);
  });

  it.each([
    [TITLE, 4],
    [TITLE, 5],
    // As does text anywhere else.
    ['For', 30],
    ['OS Integrity', 0],
    ['Final App Size:', -15],
  ])('doubts the listeners: at %j, %d above it', (anchor, dy) => {
    const document = read((page) => set(page, anchor, 400, 'off', 9, dy));
    expect(document.listenerDoubts.map(({ text }) => text)).toEqual(['off']);
  });
});

describe('text on two lines', () => {
  const wrapped = (anchor: string, more: string) =>
    read((page) => {
      const { x, size } = runOf(page, anchor);
      set(page, anchor, x, more, size, -12);
    });

  it('is no chip', () => {
    const document = wrapped('root_detection', 'off');
    expect(presenceOf(document, 'root_detection')).toEqual([]);
    expect(document.unread[0]).toMatchObject({ kind: 'text', text: 'root_detection off' });
  });

  it('is no line', () => {
    const document = read((page) => {
      set(page, 'Root Detection:', 93, 'App Shielding: In-App Defense', 8, -29);
      set(page, 'Root Detection:', 93, 'no', 8, -41);
    });
    expect(presenceOf(document, 'App Shielding')).toEqual([]);
  });

  it('is no label that a policy could accept', () => {
    const document = read((page) => {
      labelOf(page, 'os_integrity').text = 'Removed';
      set(page, 'os_integrity', 65, 'these:', 10, -12);
    });
    expect(kindsOf(document)).not.toContain('label');
    expect(presenceOf(document, 'os_integrity')).toEqual([]);
  });
});

describe('a label', () => {
  const relabelled = (disturb: (page: Page) => void) =>
    read((page) => {
      labelOf(page, 'os_integrity').text = 'Removed:';
      labelOf(page, 'os_integrity').width = 1;
      disturb(page);
    });

  it.each([
    ['alone', () => {}, true],
    ['beside small text', (page: Page) => set(page, 'os_integrity', 68, 'small', 8), true],
    ['beside text elsewhere', (page: Page) => set(page, 'os_integrity', 400, 'text', 10), true],
    [
      'beside another one',
      (page: Page) => {
        Object.assign(labelOf(page, 'os_integrity'), { x: 61, width: 14 });
        set(page, 'os_integrity', 70, 'Not:', 10);
      },
      false,
    ],
  ])('that nobody knows, %s', (_, disturb, isLabel) => {
    expect(kindsOf(relabelled(disturb)).includes('label')).toBe(isLabel);
  });

  it.each([
    ['a chip left of it', (page: Page) => Object.assign(runOf(page, 'os_integrity'), { x: 10, width: 1 })],
    ['text right of it', (page: Page) => Object.assign(runOf(page, 'os_integrity'), { text: '(x)' })],
  ])('with %s alone is text', (_, disturb) => {
    const document = read((page) => {
      disturb(page);
    });
    expect(document.unread.filter(({ kind }) => kind === 'text').map(({ text }) => text)).toContain('Plugins:');
    expect(presenceOf(document, 'os_integrity')).toEqual([]);
  });
});

describe('a heading that nobody knows, above its row', () => {
  it.each([
    [66, 5],
    [300, 10],
  ])('stays one over text at %d in %d points', (x, size) => {
    const document = read((page) => {
      runOf(page, 'OS Integrity').text = 'New Section';
      set(page, 'New Section', x, 'a b', size, -18);
    });
    expect(document.unread[0]).toMatchObject({ kind: 'heading', text: 'New Section' });
  });

  it('is text over other text in its column', () => {
    const document = read((page) => {
      runOf(page, 'OS Integrity').text = 'New Section';
      set(page, 'New Section', 70, 'a b', 10, -18);
    });
    expect(document.unread[0]).toMatchObject({ kind: 'text', text: 'New Section' });
  });
});

describe('what is of other sections', () => {
  const BLOCK = 'APPDOME MOBILE APP SECURITY In "All Of It In One" FUSION SET';

  it.each(['OS Integrity', 'Optimize Build', 'Plugins:'])('begins nothing: %j above the title', (text) => {
    const document = read((page) => set(page, BLOCK, 66, text, 10, 20));
    expect(document.unread).toMatchObject([{ kind: 'text', text }]);
    expect(presenceOf(document, 'os_integrity')).toEqual(['unknown']);
    expect(document.missingListeners).toHaveLength(1);
  });

  it('is told line by line where it runs over the block', () => {
    const document = read((page) => {
      page.y = runOf(page, 'First set.').y;
      for (let line = 0; line < 12; line += 1) {
        page.down(14);
        page.at(219, `over_${line}`);
      }
    });
    const texts = document.unread.map(({ text }) => text);
    expect(texts).toContain('over_10');
    expect(texts).toContain('over_11');
    expect(presenceOf(document, 'os_integrity')).toEqual(['unknown']);
  });
});

describe('the end of the block', () => {
  const alone = (disturb?: (page: Page) => void, optimize = true) =>
    read(disturb, { context: false, end: 'nothing', optimize });

  it('is its last line, where nothing follows', () => {
    expect(alone().bounded).toBe(true);
    expect(alone(undefined, false).bounded).toBe(false);
  });

  it('is not known where there is too much unread text', () => {
    const document = alone((page) => {
      for (let index = 0; index < 201; index += 1) set(page, 'OS Integrity', 400 + 60 * index, '(x)', 8).width = 1;
    });
    expect(document.bounded).toBe(false);
  });

  it('ends the lines below an unknown title too', () => {
    const document = read((page) => {
      runOf(page, TITLE).text = 'NEW TITLE';
      page.y = runOf(page, END).y - 12;
      page.at(93, 'App Shielding: In-App Defense', 8);
    });
    expect(presenceOf(document, 'App Shielding')).toEqual([]);
  });
});

describe('doubts about listeners', () => {
  it('come from a row without a category', () => {
    const document = read((page) => drop(page, 'OS Integrity'), { missing: [] });
    expect(document.listenerDoubts).toMatchObject([{ text: 'Plugins:' }, { text: 'Parameters:' }]);
  });

  it('come from the warning above its part', () => {
    const document = read((page) => {
      runOf(page, WARNING).y = runOf(page, 'Secure Communication').y + 20;
    });
    expect(document.unread[0]).toMatchObject({ kind: 'text', text: WARNING });
    expect(document.listenerDoubts).toContainEqual(document.unread[0]);
  });

  it('come from all of the block where the warning has no names', () => {
    const document = read((page) => {
      drop(page, 'RootedDevice');
      set(page, 'openssl', 400, '(above)');
    });
    expect(document.listenerDoubts.map(({ text }) => text)).toEqual(['(above)', WARNING]);
  });

  it('and the title of a block without rows stand in order', () => {
    const document = read(
      (page) => {
        page.y = runOf(page, END).y + 10;
        page.at(300, '(below)', 8);
      },
      { categories: [], other: [], intelligence: [], missing: [] },
    );
    expect(document.unread.map(({ kind }) => kind)).toEqual(['title', 'text']);
  });
});

it('text below the second line of a row speaks of the whole row', () => {
  const document = read((page) => {
    set(page, 'root_detection', 166.5, 'app_name', 8, -24);
    set(page, 'root_detection', 400, '(of it)', 8, -36);
  });
  expect(['root_detection', 'app_name'].map((name) => presenceOf(document, name)[0])).toEqual(['unknown', 'unknown']);
});

it('text below the third line of a row speaks of the whole row', () => {
  const document = read((page) => {
    const { y } = runOf(page, 'root_detection');
    for (const run of page.runs) if (run.y < y) run.y -= 60;
    set(page, 'root_detection', 166.5, 'app_name', 8, -29);
    set(page, 'root_detection', 166.5, 'app_version', 8, -58);
    set(page, 'root_detection', 400, '(of it)', 8, -88);
  });
  const row = ['root_detection', 'app_name', 'app_version'];
  expect(row.map((name) => presenceOf(document, name)[0])).toEqual(['unknown', 'unknown', 'unknown']);
});

describe('text that may be outside the block', () => {
  const outside = (disturb: (page: Page) => void, changes: Partial<PageFields> = {}) =>
    read(disturb, { missing: [], ...changes }).unread.map((one) => [one.kind, one.text, one.outside ?? false]);

  it('is below the line that ends it, or below all that is understood', () => {
    const low = (page: Page) => set(page, 'Prevent MiTM Attacks:', 200, 'by somebody', 10, -60);
    expect(outside(low)).toEqual([['text', 'by somebody', true]]);
    expect(outside(low, { optimize: false })).toEqual([['text', 'by somebody', true]]);
    expect(outside((page) => set(page, 'openssl', 400, 'by somebody'))).toEqual([['text', 'by somebody', false]]);
  });

  it('is neither a mode nor a bare title', () => {
    const last: PageFields['intelligence'] = [['Root Detection', 'Off']];
    expect(outside(() => {}, { intelligence: last, optimize: false })).toEqual([['mode', 'Off', false]]);
    const bare = outside((page) => set(page, 'Optimize Build', 89, 'APPLICATION THREAT INTELLIGENCE', 10, 20), {
      intelligence: [],
    });
    expect(bare).toEqual([['title', 'APPLICATION THREAT INTELLIGENCE', false]]);
  });
});
