/** The page of an archive: many builds against one policy, the newest first. */
import type { FusegateResult } from '../../model/result.ts';
import {
  type Build,
  buildWords,
  type Column,
  columnsOf,
  isoDay,
  isUnreadable,
  lackingOf,
  type Row,
  rowsOf,
  shownTimes,
  splitLabel,
  unreadableFinding,
} from '../archive-rows.ts';
import { isAboutRequirement, outcomeWord, type ReportedFinding, type ReportedRequirement } from '../describe.ts';
import { alikeSteps } from '../red-block.ts';
import { chip, icon } from './icons.ts';
import { copied, cutNote, dataTable, list, MOST_ROWS, named, type Section } from './pieces.ts';
import { details, findingList, toneOf, waivers } from './sections.ts';
import { type Html, html } from './template.ts';
import { stepMarkup, TONE } from './verdict.ts';

/** @param whole the result with its names, which say to which build a row belongs even where they are not shown */
export function archiveSections(shown: FusegateResult, whole: FusegateResult, detail: 'full' | 'counts'): Section[] {
  const rows = rowsOf(shown, whole);
  const columns = columnsOf(whole, rows, detail);
  const judged = rows.filter((row) => !isUnreadable(row));
  const sections: Array<Section | undefined> = [
    lacking(judged, columns),
    grid(judged, columns),
    waivers({ ...shown, waivers: distinctWaivers(shown) }),
    others(judged),
    findingList(
      'unreadable',
      'Files that could not be read',
      rows.map(unreadableFinding).filter((one) => one !== undefined),
    ),
    ids(judged),
    ...details(shown, []),
  ];
  return sections.filter((section) => section !== undefined);
}

/** What builds lack, by name and outcome, because each outcome has its own next step. */
function lacking(rows: readonly Row[], columns: readonly Column[]): Section | undefined {
  const unmet = columns.flatMap(({ id, title }) => {
    const byOutcome = new Map<string, Array<{ rule: ReportedRequirement; build: Build }>>();
    for (const row of rows) {
      for (const [own, rule] of lackingOf(row)) {
        if (own !== id || rule.outcome === 'not-evaluated') continue;
        const word = outcomeWord(rule);
        byOutcome.set(word, [...(byOutcome.get(word) ?? []), { rule, build: row.build }]);
      }
    }
    return [...byOutcome].flatMap(([word, lack]) => (lack[0] ? [{ title, word, count: lack.length, ...lack[0] }] : []));
  });
  if (unmet.length === 0) return undefined;
  const items = unmet
    .sort((a, b) => b.count - a.count)
    .map(({ title, word, count, rule, build }) => ({
      name: named(title),
      message: undefined,
      mark: chip(toneOf(rule), word),
      about: html`in ${count} of ${rows.length} builds, the newest of them ${buildWords(build)} ${copied(rule.source)}`,
      hint: rule.hint,
    }));
  return { id: 'missing', title: 'What builds lack', body: list(alikeSteps(items), stepMarkup, 'steps') };
}

/** Columns beside the build on a narrow phone. */
const FIT_A_PHONE = 8;

function grid(rows: readonly Row[], columns: readonly Column[]): Section | undefined {
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, MOST_ROWS);
  const timeOf = shownTimes(rows);
  const canFilter =
    shown.some(({ build }) => build.verdict === 'pass') !== shown.every(({ build }) => build.verdict === 'pass');
  const body = html`${trend(shown)}${
    canFilter &&
    html`<p class="filter"><input type="checkbox" id="unmet"> <label for="unmet">Only builds that do not pass</label></p>\n`
  }${columns.length > FIT_A_PHONE && html`<p class="note sideways">Scroll the table sideways for all ${columns.length} requirements.</p>\n`}<div class="scroll" role="region" aria-label="Builds by requirement" tabindex="0">
<table class="matrix">
<caption class="unseen">Every build with its verdict, and what it says to each requirement</caption>
<thead><tr><th scope="col">Build</th>${columns.map(({ title }) => html`<th scope="col" class="tall"><span>${named(title)}</span></th>`)}</tr></thead>
<tbody>
${shown.map((row) => rowMarkup(row, columns, timeOf(row.build)))}</tbody>
<tfoot><tr><th scope="row">Proven in</th>${columns.map(({ id }) => html`<td>${rows.filter(({ rules }) => rules.get(id)?.outcome === 'satisfied').length}</td>`)}</tr></tfoot>
</table>
</div>
${cutNote(rows.length)}`;
  return { id: 'builds', title: 'Builds', body };
}

function rowMarkup({ build, rules }: Row, columns: readonly Column[], time: string): Html {
  const { label, name, version, duplicates = [], verdict } = build;
  const count = duplicates.length;
  const copies = count > 0 && html` (+ ${count} ${count === 1 ? 'copy' : 'copies'})`;
  const app = [name, version].filter(Boolean).join(' ');
  return html`<tr class="${TONE[verdict]}"><th scope="row">${chip(TONE[verdict], verdict === 'error' ? 'no verdict' : verdict)} <span class="day">${time}</span> ${named(app || label)} <small>${app && label}${copies}</small></th>${columns.map(
    ({ id }) => {
      const rule = rules.get(id);
      if (!rule) return html`<td></td>`;
      return html`<td class="mark ${toneOf(rule)}">${icon(toneOf(rule))}<span class="unseen">${outcomeWord(rule)}</span></td>`;
    },
  )}</tr>
`;
}

const HEIGHT = 60;
/** Bars that are narrower show nothing. */
const MOST_BARS = 300;

/** Proven requirements of each build, the oldest first. */
function trend(rows: readonly Row[]): Html | undefined {
  const dated = rows.filter(({ build }) => isoDay(build.created) !== '').slice(0, MOST_BARS);
  const bars = dated.reverse().map(({ build, rules }) => {
    const asked = [...rules.values()].filter(({ severity }) => severity === 'error');
    const count = (wanted: ReportedRequirement['outcome']) => asked.filter(({ outcome }) => outcome === wanted).length;
    return { build, of: asked.length, proven: count('satisfied'), waived: count('waived') };
  });
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last || bars.length < 2) return undefined;
  const words = ({ build, of, proven, waived }: typeof first) =>
    `${waived === 0 ? proven : `${proven} proven, ${waived} waived`} of ${of} on ${isoDay(build.created)}`;
  const width = 100 / bars.length;
  return html`<svg class="trend" role="img" aria-labelledby="trend-text" width="100%" height="${HEIGHT}">
<title id="trend-text">Proven requirements, from the oldest build to the newest: ${words(first)}, ${words(last)}</title>
${bars.map(({ of, proven, waived }, index) => {
  const at = html`x="${(index * width).toFixed(2)}%" width="${(width * 0.8).toFixed(2)}%"`;
  const part = (look: string, from: number, count: number) => {
    const [top, bottom] = [from, from + count].map((edge) => (of === 0 ? 0 : (HEIGHT * edge) / of));
    return (
      count > 0 &&
      html`<rect class="${look}" ${at} y="${(top ?? 0).toFixed(1)}" height="${((bottom ?? 0) - (top ?? 0)).toFixed(1)}"/>`
    );
  };
  const lost = of - proven - waived;
  return html`${part('lost', 0, lost)}${part('lifted', lost, waived)}${part('met', lost + waived, proven)}
`;
})}</svg>
<p class="note">Proven requirements, from the oldest build to the newest: ${words(first)}, ${words(last)}</p>
`;
}

/** What else is to be said of builds that were judged, each kind of finding once. */
function others(rows: readonly Row[]): Section | undefined {
  const kinds = new Map<string, ReportedFinding[]>();
  for (const finding of rows.flatMap(({ findings }) => findings.filter((one) => !isAboutRequirement(one)))) {
    const kind = `${finding.code} ${finding.level} ${finding.hint}`;
    const same = kinds.get(kind);
    if (same) same.push(finding);
    else kinds.set(kind, [finding]);
  }
  const told = [...kinds.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    return [rest.length === 0 ? first : { ...first, message: `${first.message} (and ${rest.length} more like it)` }];
  });
  return findingList('findings', 'Worth a look', told);
}

function distinctWaivers(result: FusegateResult): FusegateResult['waivers'] {
  const labels = new Set(result.builds?.map(({ label }) => label));
  const own = result.waivers.map((one) => ({ ...one, source: splitLabel(one.source, labels)?.rest ?? one.source }));
  return [...new Map(own.map((one) => [JSON.stringify(one), one])).values()];
}

function ids(rows: readonly Row[]): Section | undefined {
  if (rows.length === 0) return undefined;
  const body = dataTable(
    'The ids that the certificates state',
    [
      { head: 'Build', cell: ({ build }) => named(buildWords(build)) },
      { head: 'Build id', cell: ({ build }) => copied(build.buildId) },
      { head: 'Fusion Set', cell: ({ build }) => copied(build.fusionSetId) },
      { head: 'Same bytes', cell: ({ build }) => build.duplicates?.join(', ') },
    ],
    rows,
  );
  return { id: 'ids', title: 'Ids', body, folded: true };
}
