/** One change of a certificate's page, anywhere in its security block: what drift, or a hand, can do to it. */
import { catalogue } from '@fusegate/shared/catalogue/catalogue';
import type { PdfText, TextRun } from '@fusegate/shared/certificate/pdf-text';
import fc from 'fast-check';

export interface Change {
  /** The whole page. */
  page: PdfText;
  kind: 'reword' | 'move' | 'resize' | 'delete' | 'duplicate' | 'insert' | 'swap' | 'reface';
  text: PdfText;
  /** The run as it was; absent where one was inserted. */
  was?: TextRun;
  /** The run as it is now; absent where it is gone. */
  is?: TextRun;
  /** The run that it changed places with. */
  partner?: TextRun;
}

const BLOCK_TITLE = 'APPDOME MOBILE APP SECURITY In ';
const END = 'Optimize Build';

/** Every run of the security block, its title and its last line with them. */
export function blockRuns({ runs }: PdfText): TextRun[] {
  const top = runs.find(({ text }) => text.startsWith(BLOCK_TITLE))?.y ?? 0;
  const bottom = runs.find(({ text }) => text === END)?.y ?? 0;
  return runs.filter(({ y }) => y <= top && y >= bottom);
}

/** Wording that could take a protection back, and wording that is known, in any place. */
const WORDS = [
  'Removed:',
  'Not selected:',
  'Removed',
  'Plugins:',
  'Parameters:',
  'Not Included',
  'Failed to apply',
  'OS Integrity',
  'Secure Communication',
  'NOT INCLUDED In "All Of It In One" FUSION SET',
  'Other In "All Of It In One" FUSION SET',
  'APPLICATION THREAT INTELLIGENCE',
  'APPLICATION THREAT INTELLIGENCE (OFF)',
  'The following implementations for Threat-Events appear to be missing:',
  'The following implementation for Threat-Events appears to be missing:',
  'The following were left out:',
  'In-App Detection',
  'In-App Defense',
  'Off',
  'Failed',
  'not',
  '*',
  '(disabled)',
  'root_detection',
  'Root Detection:',
  'Root Detection: In-App Detection',
  'Root Detection: Off',
  'RootedDevice',
  'Optimize Build',
  '+ 5.44M',
  '© 2026 Appdome',
  'App Signed via API (x) on Appdome with x Fusion Set by x on 17-Jul-25, 15:00 UTC',
  'App Checked by Somebody on 17-Jul-25, 15:00 UTC',
  'Certification',
];

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom(...catalogue.inferredHeadings) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '') },
);

/** Another text made from the one that stands there. */
const rewording = fc.oneof(
  { weight: 2, arbitrary: word.map((text) => () => text) },
  { weight: 1, arbitrary: word.map((text) => (own: string) => `${own} ${text}`) },
  { weight: 1, arbitrary: word.map((text) => (own: string) => `${text} ${own}`) },
  {
    weight: 1,
    arbitrary: fc
      .nat()
      .map((at) => (own: string) => own.slice(0, at % own.length) + own.slice((at % own.length) + 1) || 'x'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (own: string) => own.toUpperCase(),
      (own: string) => own.replaceAll(' ', '_'),
      (own: string) => `no${own}`,
    ),
  },
);

const size = fc.constantFrom(5, 6, 7, 7.4, 8, 8.6, 9, 9.4, 10, 10.6, 11, 12, 14, 0);
const shift = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: -700, max: 700 }),
);

export const ADVANCE = 0.55;
const widthOf = (text: string, points: number) => text.length * points * ADVANCE;

/** @param pages whole ones; each case changes one of them */
export function oneChange(pages: readonly PdfText[]): fc.Arbitrary<Change> {
  return fc
    .record({
      page: fc.constantFrom(...pages),
      kind: fc.constantFrom<Change['kind']>(
        'reword',
        'reword',
        'reword',
        'move',
        'move',
        'resize',
        'delete',
        'duplicate',
        'insert',
        'insert',
        'insert',
        'swap',
        'reface',
      ),
      which: fc.nat(),
      other: fc.nat(),
      reworded: rewording,
      inserted: word,
      size,
      dx: shift,
      dy: shift,
      /** Beside the run that was drawn, or anywhere. */
      near: fc.boolean(),
      x: fc.oneof(fc.constantFrom(65, 68, 89, 93, 152, 167), fc.integer({ min: 10, max: 560 })),
    })
    .map(({ page, ...drawn }) => withSummary(apply(page, drawn)));
}

/** A failing case shows what was changed, and not the page. */
function withSummary(change: Change): Change {
  const { page: _, text: __, ...shown } = change;
  return Object.defineProperty(change, fc.toStringMethod, { value: () => JSON.stringify(shown) });
}

interface Drawn {
  kind: Change['kind'];
  which: number;
  other: number;
  reworded: (own: string) => string;
  inserted: string;
  size: number;
  dx: number;
  dy: number;
  near: boolean;
  x: number;
}

function apply(page: PdfText, drawn: Drawn): Change {
  const block = blockRuns(page);
  const was = block[drawn.which % block.length];
  const other = block[drawn.other % block.length];
  if (was === undefined || other === undefined) throw new Error('an empty block');
  const replaced = (is: TextRun): Change => ({
    kind: drawn.kind,
    page,
    text: { ...page, runs: page.runs.map((run) => (run === was ? is : run)) },
    was,
    is,
  });
  switch (drawn.kind) {
    case 'reword': {
      const text = drawn.reworded(was.text);
      return replaced({ ...was, text, width: (was.width / was.text.length) * text.length });
    }
    case 'move':
      return replaced({ ...was, x: was.x + drawn.dx, y: was.y + drawn.dy });
    case 'resize':
      return replaced({ ...was, size: drawn.size, width: (was.width * drawn.size) / was.size });
    case 'reface':
      return replaced({ ...was, font: `${was.font}x` });
    case 'delete':
      return { kind: 'delete', page, text: { ...page, runs: page.runs.filter((run) => run !== was) }, was };
    case 'duplicate':
      return added(page, { ...was, x: was.x + drawn.dx, y: was.y + drawn.dy }, 'duplicate');
    case 'insert': {
      const x = drawn.near ? was.x + drawn.dx : drawn.x;
      const run = {
        ...was,
        x,
        y: was.y + drawn.dy,
        text: drawn.inserted,
        size: drawn.size,
        width: widthOf(drawn.inserted, drawn.size),
      };
      return added(page, run, 'insert');
    }
    case 'swap': {
      const here = { ...was, x: other.x, y: other.y };
      const there = { ...other, x: was.x, y: was.y };
      const runs = page.runs.map((run) => (run === was ? here : run === other ? there : run));
      return { kind: 'swap', page, text: { ...page, runs }, was, is: here, partner: other };
    }
  }
}

function added(page: PdfText, is: TextRun, kind: Change['kind']): Change {
  return { kind, page, text: { ...page, runs: [...page.runs, is] }, is };
}

/** Wording that is known at no place outside the block. */
const FOREIGN = WORDS.filter((text) => !['Certification', '+ 5.44M'].includes(text));
const foreign = fc.constantFrom(...FOREIGN, 'Root Detection was removed', 'and none of these', '(Root Detection: off)');

/** The runs outside the block that people's words stand in, by the labels and sentences of the page that was made. */
function runsOfPeople({ runs }: PdfText): TextRun[] {
  const labels = runs.filter(({ text }) =>
    ['Annotation:', 'Certificate Creation:', 'Last Modified:', 'App Preview:'].includes(text),
  );
  const first = runs.filter(
    (run) =>
      PEOPLE.test(run.text) ||
      (run.size > 11 && run.x > 120 && run.x < 132) ||
      labels.some(({ x, y }) => run.x > x + 60 && Math.abs(run.y - y) < 4),
  );
  const found = new Set(first);
  for (const run of [...runs].sort((a, b) => b.y - a.y)) {
    if ([...found].some((one) => one.x === run.x && one.size === run.size && one.y > run.y && one.y - run.y < 16.5))
      found.add(run);
  }
  return [...found];
}

const PEOPLE = /^(?:App (?:Added|Secured|Signed|Sealed)|Added Context|This app is signed correctly by owner) /;

/** Set so near that it reads as a part of it: on its line, or as the line above or below it. */
function joins(one: TextRun, other: TextRun): boolean {
  const dx = Math.max(one.x - other.x - other.width, other.x - one.x - one.width);
  const dy = Math.abs(one.y - other.y);
  return (dy < 5 && dx < 16) || (dy < 21 && Math.abs(one.x - other.x) < 4);
}

/** Text that is set anywhere outside the block and in no words of people, or put before or behind what stands there. */
export function textElsewhere(pages: readonly PdfText[]): fc.Arbitrary<Change> {
  return fc
    .record({
      page: fc.constantFrom(...pages),
      which: fc.nat(),
      text: foreign,
      how: fc.constantFrom('insert', 'insert', 'before', 'behind'),
      size,
      near: fc.boolean(),
      dx: shift,
      dy: shift,
      x: fc.integer({ min: 10, max: 560 }),
    })
    .map(({ page, which, text, how, ...drawn }) => {
      const block = blockRuns(page);
      const people = runsOfPeople(page);
      const elsewhere = page.runs.filter((run) => !block.includes(run) && !people.includes(run));
      const was = elsewhere[which % elsewhere.length];
      if (was === undefined) throw new Error('nothing stands outside the block');
      if (how === 'insert') {
        const x = drawn.near ? was.x + drawn.dx : drawn.x;
        const at = { x, y: was.y + drawn.dy, text, size: drawn.size, width: widthOf(text, drawn.size) };
        return withSummary(added(page, { ...was, ...at }, 'insert'));
      }
      const both = how === 'before' ? `${text} ${was.text}` : `${was.text} ${text}`;
      const is = { ...was, text: both, width: (was.width / was.text.length) * both.length };
      const runs = page.runs.map((run) => (run === was ? is : run));
      return withSummary({ kind: 'reword', page, text: { ...page, runs }, was, is });
    })
    .filter(({ page, is }) => {
      const [page1] = page.pages;
      const ys = blockRuns(page).map(({ y }) => y);
      if (is === undefined || page1 === undefined) return false;
      const isInBlock = is.y <= Math.max(...ys) && is.y >= Math.min(...ys);
      return !isInBlock && !runsOfPeople(page).some((run) => joins(run, is));
    });
}

/** Whether it stands above the list of protections. */
export function isAboveBlock({ page, is }: Change): boolean {
  return is !== undefined && is.y > Math.max(...blockRuns(page).map(({ y }) => y));
}
