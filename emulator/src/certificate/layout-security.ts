/** The part of a certificate that lists protections: chips by category, then the threat intelligence lines. */
import { spacedDelta } from './format.ts';
import type { CertificateModel, Chip } from './model.ts';
import { COLORS, type PageBuilder } from './page-builder.ts';
import { EMISSION } from './text-run.ts';

export function layoutSecurity(page: PageBuilder, model: CertificateModel): void {
  const { fusionSetName } = model.secured;
  page.down(43);
  sectionTitle(page, `APPDOME MOBILE APP SECURITY In "${titleCase(fusionSetName)}" FUSION SET`);
  for (const [index, { heading, plugins, parameters }] of model.categories.entries()) {
    if (index > 0) page.rule(30);
    page.down(index === 0 ? 27 : 59).text(68, heading, { outlined: true });
    chipRow(page, 'Plugins:', 167.5, 37, plugins, 43);
    chipRow(page, 'Parameters:', 166.5, plugins.length > 0 ? 34 : 37, parameters, 41);
  }
  if (model.other !== undefined) {
    page.rule(30);
    page.down(56);
    sectionTitle(page, `Other In "${titleCase(fusionSetName)}" FUSION SET`);
    page.down(27).textRight(548, spacedDelta(model.other.size));
    chipRow(page, 'Plugins:', 152, 37, model.other.plugins, 27);
  }
  if (model.intelligence.length > 0) layoutIntelligence(page, model);
  if (model.missingListeners.length > 0) layoutMissing(page, model.missingListeners);
}

function sectionTitle(page: PageBuilder, title: string): void {
  page.paragraph(65, title, 485, 14, { color: COLORS.pale, outlined: true });
}

/** The section titles print the Fusion Set's name with capitals: `in` becomes `In` (one real sample). */
function titleCase(name: string): string {
  return name.replace(/(^|\s)(\p{Ll})/gu, (_, space: string, letter: string) => space + letter.toUpperCase());
}

function chipRow(page: PageBuilder, label: string, x: number, distance: number, chips: Chip[], gap: number): void {
  if (chips.length === 0) return;
  page.down(distance).text(65, label);
  page.chips(
    chips.map(({ key, mode, marked }) => ({
      pieces: [{ text: key, face: 'regular' }],
      marked: marked ?? mode !== undefined,
    })),
    { x, size: 8, gap, rowHeight: 29 },
  );
}

function layoutIntelligence(page: PageBuilder, model: CertificateModel): void {
  page.rule(30);
  page.down(57).text(89, 'APPLICATION THREAT INTELLIGENCE', { emission: EMISSION.detachedLabel, outlined: true });
  page.down(31).chips(
    model.intelligence.map(({ name, mode }) => ({
      pieces: [
        { text: `${name}:`, face: 'bold' },
        { text: mode, face: 'regular' },
      ],
      marked: false,
    })),
    { x: 93, size: 8, gap: 16, rowHeight: 29 },
  );
}

function layoutMissing(page: PageBuilder, events: string[]): void {
  const style = { size: 8, face: 'bold', color: COLORS.warning } as const;
  page.down(29).text(89, 'The following implementations for Threat-Events appear to be missing:', style);
  page.down(21).chips(
    events.map((text) => ({ pieces: [{ text, face: 'bold' }], marked: false })),
    { x: 93, size: 8, gap: 16, rowHeight: 21, color: COLORS.warning },
  );
}
