/** The certificate's protections, a dense table for each of its categories. */
import type { FusegateResult } from '../../model/result.ts';
import { normaliseName } from '../../text/normalise.ts';
import { certificateCounts, UNGROUPED } from '../describe.ts';
import { listenersBesides } from '../listening.ts';
import { chip } from './icons.ts';
import { copied, cutNote, dataTable, list, MOST_ROWS, named, type Section } from './pieces.ts';
import { type Html, html } from './template.ts';

const GONE = 'Gone since the baseline';
/** A certificate has about ten categories; a result with more was not written from one, and goes into a single table. */
const MOST_CATEGORIES = 40;

interface Row {
  name: string;
  key?: string | undefined;
  category: string;
  mode?: string | undefined;
  required: boolean;
  /** Absent where there is no baseline. */
  since?: 'same' | 'new' | 'weaker' | 'gone' | undefined;
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
${groups.map(([category, members]) => html`<div>${dataTable(`Protections: ${category}`, columnsOf(category, members), members)}</div>\n`)}</div>
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
  const weaker = new Set(lost.filter(({ outcome }) => outcome === 'denied').map(({ feature }) => feature?.name));
  const shown = certificate.features.map(({ name, key, category, threatEvents }): Row => {
    const names = [name, key ?? name].map(normaliseName);
    const since = weaker.has(name) ? 'weaker' : names.some((one) => added.has(one)) ? 'new' : 'same';
    return {
      name,
      key,
      category: category ?? UNGROUPED,
      mode: threatEvents,
      required: names.some((one) => required.has(one)),
      since: baseline ? since : undefined,
    };
  });
  const gone = lost.filter(({ outcome }) => outcome === 'missing');
  return [
    ...gone.map(({ feature, requirement }) => {
      const name = feature?.name ?? requirement;
      const isRequired = required.has(normaliseName(name));
      return { name, key: feature?.key, category: GONE, required: isRequired, since: 'gone' as const };
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
  if (a === GONE || b === UNGROUPED) return -1;
  if (b === GONE || a === UNGROUPED) return 1;
  return a < b ? -1 : 1;
}
