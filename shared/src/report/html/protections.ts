/** The certificate's protections, a dense table for each of its categories. */
import type { FusegateResult } from '../../model/result.ts';
import { normaliseName } from '../../text/normalise.ts';
import { certificateCounts, type ReportedRequirement, UNGROUPED } from '../describe.ts';
import { listenersBesides } from '../listening.ts';
import { chip } from './icons.ts';
import { copied, cutNote, dataTable, list, MOST_ROWS, named, type Section } from './pieces.ts';
import { type Html, html } from './template.ts';

const GONE = 'Gone since the baseline';
const NOT_PROVEN = 'No longer proven since the baseline';
/** A certificate has about ten categories; a result with more was not written from one, and goes into a single table. */
const MOST_CATEGORIES = 40;

interface Row {
  name: string;
  key?: string | undefined;
  category: string;
  mode?: string | undefined;
  required: boolean;
  /** Absent where there is no baseline. */
  since?: 'same' | 'new' | 'weaker' | 'not proven' | 'gone' | undefined;
}

export function protections(result: FusegateResult): Section | undefined {
  const rows = rowsOf(result);
  if (rows.length === 0) return undefined;
  const columnsOf = (category: string, members: readonly Row[]) => [
    {
      // Its category, which saves a line for each of them.
      head: named(category),
      look: 'wide' as const,
      cell: ({ name, key }: Row) => html`${named(name)}${key !== name && html` <small>${key}</small>`}`,
    },
    { head: 'Mode', cell: ({ mode }: Row) => mode ?? 'none shown', look: 'narrow' as const },
    ...(members.some(({ required }) => required)
      ? [{ head: 'Policy', cell: ({ required }: Row) => required && 'required', look: 'narrow' as const }]
      : []),
    ...(result.baseline ? [{ head: 'Since', cell: sinceMark, look: 'narrow' as const }] : []),
  ];
  const groups = groupsOf(rows.slice(0, MOST_ROWS));
  const body = html`<div class="grid">
${groups.map(([category, members]) => {
  const columns = columnsOf(category, members);
  // More columns leave a phone no room for names.
  const look = columns.length > 3 ? 'stack' : undefined;
  return html`<div>${dataTable(`Protections: ${category}`, columns, members, look)}</div>\n`;
})}</div>
${cutNote(rows.length)}${listeners(result)}`;
  const count = result.certificate.features.length;
  return {
    id: 'protections',
    title: `${count} ${count === 1 ? 'protection' : 'protections'} on the certificate`,
    body,
  };
}

function sinceMark({ since }: Row): Html | string {
  if (since === undefined || since === 'same') return 'same';
  return chip(since === 'new' ? 'good' : 'bad', since);
}

export function protectionCount(result: FusegateResult): Section | undefined {
  const counts = certificateCounts(result);
  if (counts === undefined) return undefined;
  const body = html`<p>${counts}</p>\n`;
  return { id: 'protections', title: 'On the certificate', body };
}

function rowsOf({ certificate, requirements, baseline }: FusegateResult): Row[] {
  const required = new Set(
    requirements
      .filter(({ rule }) => !['baseline', 'forbid', 'build', 'signature-validity'].includes(rule))
      .flatMap(({ feature, evidence }) => [feature?.name, feature?.key, ...evidence.map(({ text }) => text)])
      .flatMap((name) => (name === undefined ? [] : [normaliseName(name)])),
  );
  const added = new Set((baseline?.addedNames ?? '').split(', ').map(normaliseName));
  const lost = requirements.filter(
    ({ rule, outcome, feature }) => rule === 'baseline' && feature && outcome !== 'no-listener',
  );
  const namesOf = (word: ReportedRequirement['outcome']) =>
    new Set(
      lost
        .filter(({ outcome }) => outcome === word)
        .flatMap(({ feature }) => (feature ? [feature.name, feature.key ?? feature.name].map(normaliseName) : [])),
    );
  const [weaker, unproven] = [namesOf('denied'), namesOf('unproven')];
  const shown = certificate.features.map(({ name, key, category, threatEvents }): Row => {
    const names = [name, key ?? name].map(normaliseName);
    const isIn = (some: Set<string>) => names.some((one) => some.has(one));
    const since = isIn(weaker) ? 'weaker' : isIn(unproven) ? 'not proven' : isIn(added) ? 'new' : 'same';
    return {
      name,
      key,
      category: category ?? UNGROUPED,
      mode: threatEvents,
      required: names.some((one) => required.has(one)),
      since: baseline ? since : undefined,
    };
  });
  const listed = new Set(shown.flatMap(({ name, key }) => [name, key ?? name].map(normaliseName)));
  const unlisted = lost.filter(
    ({ outcome, feature }) =>
      outcome === 'missing' ||
      (outcome === 'unproven' &&
        feature &&
        ![feature.name, feature.key ?? feature.name].map(normaliseName).some((name) => listed.has(name))),
  );
  return [
    ...unlisted.map(({ feature, requirement, outcome }): Row => {
      const name = feature?.name ?? requirement;
      const isRequired = required.has(normaliseName(name));
      const [category, since] = outcome === 'missing' ? [GONE, 'gone' as const] : [NOT_PROVEN, 'not proven' as const];
      return { name, key: feature?.key, category, required: isRequired, since };
    }),
    ...shown,
  ];
}

function groupsOf(rows: readonly Row[]): Array<[string, Row[]]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.category, [...(groups.get(row.category) ?? []), row]);
  if (groups.size > MOST_CATEGORIES) return [['All categories', byName(rows)]];
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([category, members]) => [category, byName(members)]);
}

function byName(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => Number(b.required) - Number(a.required) || compare(a.name, b.name));
}

function listeners(result: FusegateResult): Html | undefined {
  const missing = listenersBesides(result);
  if (missing.length === 0) return undefined;
  return html`<h3>Threat-Events without a listener in the app</h3>
${list(missing, (name) => copied(name), 'names')}`;
}

/** By code point, so that the page does not depend on the machine's language; what is gone comes first, what has no category last. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  for (const first of [GONE, NOT_PROVEN]) {
    if (a === first) return -1;
    if (b === first) return 1;
  }
  if (b === UNGROUPED) return -1;
  if (a === UNGROUPED) return 1;
  return a < b ? -1 : 1;
}
