/** The certificate's protections, a table for each of its categories. */
import type { FusegateResult } from '../../model/result.ts';
import { copied, dataTable, list, named, type Section } from './pieces.ts';
import { html } from './template.ts';

const UNGROUPED = 'Without a category';
/** A certificate has about ten categories; a result with more was not written from one, and goes into a single table. */
const MOST_CATEGORIES = 40;

type Feature = FusegateResult['certificate']['features'][number];

const COLUMNS = [
  { head: 'Protection', cell: (feature: Feature) => named(feature.name) },
  { head: 'Key', cell: (feature: Feature) => copied(feature.key) },
  {
    head: 'Threat-Events',
    cell: (feature: Feature) => feature.threatEvents ?? html`<span class="note">no mode shown</span>`,
  },
  { head: 'Source', cell: (feature: Feature) => feature.source },
];

export function protections(result: FusegateResult): Section | undefined {
  const { features } = result.certificate;
  if (features.length === 0) return undefined;
  const groups = groupsOf(features);
  const body = html`<p>${features.length} names in ${groups.length === 1 ? '1 category' : `${groups.length} categories`}, as the certificate prints them.</p>
${groups.map(([category, members]) => html`<h3>${named(category)}</h3>\n${dataTable(`Protections: ${category}`, COLUMNS, members, 'even')}`)}${listeners(result)}`;
  return { id: 'protections', title: 'On the certificate', body };
}

export function protectionCount(result: FusegateResult): Section | undefined {
  const { features, missingListeners } = result.certificate;
  if (features.length === 0) return undefined;
  const body = html`<p>${features.length} names, ${missingListeners.length} missing listeners (detail: counts).</p>\n`;
  return { id: 'protections', title: 'On the certificate', body };
}

function groupsOf(features: readonly Feature[]): Array<[string, Feature[]]> {
  const groups = new Map<string, Feature[]>();
  for (const feature of features) {
    const category = feature.category ?? UNGROUPED;
    groups.set(category, [...(groups.get(category) ?? []), feature]);
  }
  if (groups.size > MOST_CATEGORIES) return [['All categories', byName(features)]];
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([category, members]) => [category, byName(members)]);
}

function byName(features: readonly Feature[]): Feature[] {
  return [...features].sort((a, b) => compare(a.name, b.name));
}

function listeners(result: FusegateResult) {
  const missing = result.certificate.missingListeners;
  if (missing.length === 0) return undefined;
  return html`<h3>Threat-Events without a listener in the app</h3>
${list(missing, (name) => copied(name), 'names')}`;
}

/** By code point, so that the page does not depend on the machine's language; entries without a category come last. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  if (a === UNGROUPED) return 1;
  if (b === UNGROUPED) return -1;
  return a < b ? -1 : 1;
}
