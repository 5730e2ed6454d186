/** A joined result in a log: every app that does not pass with what it lacks, and how many of each there are. */
import type { FusegateResult } from '../model/result.ts';
import { aligned } from '../text/columns.ts';
import { plainLine } from '../text/untrusted-text.ts';
import { lackSentence } from './archive-page.ts';
import { columnsOf, rowsOf } from './archive-rows.ts';
import { headline, originSentence } from './describe.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

const CELL = 80;
const LINE = 300;
/** For more lines than these, people open the page. */
const MOST_LINES = 200;

/** @returns harmless lines */
export function joinedLines(whole: FusegateResult, { detail }: DetailOption): string[] {
  const shown = shownTo(whole, { detail });
  const rows = rowsOf(shown, whole);
  const columns = columnsOf(whole, rows, detail);
  const red = rows
    .filter(({ build }) => build.verdict !== 'pass')
    .sort((a, b) => (a.build.label < b.build.label ? -1 : 1))
    .map((row) => [
      row.build.verdict,
      plainLine(row.build.label, CELL),
      plainLine(lackSentence(row, columns, detail), LINE),
    ]);
  const origin = originSentence(whole);
  const rest = red.length - MOST_LINES;
  return [
    ...(origin === undefined ? [] : [plainLine(origin)]),
    ...(red.length === 0 ? [] : aligned([['VERDICT', 'APP', 'WHY'], ...red.slice(0, MOST_LINES)])),
    ...(rest > 0 ? [`and ${rest} more, all of them on the page`] : []),
    plainLine(headline(whole)),
  ];
}
