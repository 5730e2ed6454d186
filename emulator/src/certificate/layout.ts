/**
 * The position of each piece of a certificate. The distances were measured on a real certificate (appdome-api.md §6; points). All words
 * except labels are our own, and say that the document is synthetic.
 *
 * Inferred, because no sample shows it: how rows of many chips wrap, long app names, and a private-signing block.
 */
import { certificateDay, certificateTime, expiryTime, megabytes, spacedDelta, tightDelta } from './format.ts';
import { layoutSecurity } from './layout-security.ts';
import type { CertificateModel, CertifiedApp, SecondIdentityKey, Signing } from './model.ts';
import { COLORS, PAGE_WIDTH, PageBuilder } from './page-builder.ts';
import { EMISSION, type Measure, type Page } from './text-run.ts';

/** Pixel width at which hashes wrap: a line of 296.8 fits, one of 302.6 does not (three real hashes). */
const HASH_LIMIT = 300;
/** Titles wrap between 479 and 490, the certifying sentence between 494 and 540, the signer between 457 and 514. */
const TITLE_LIMIT = 485;
const SENTENCE_LIMIT = 500;
const SIGNER_LIMIT = 480;

const DETACHED = { emission: EMISSION.detachedLabel, outlined: true } as const;
const ADDED = { emission: EMISSION.addedBlock } as const;

/** @param measure text widths of the fonts that will be used */
export function layoutCertificate(model: CertificateModel, measure: Measure): Page {
  const page = new PageBuilder(measure);
  layoutHeader(page, model);
  layoutCertification(page, model);
  layoutAdded(page, model);
  layoutSecured(page, model);
  layoutSecurity(page, model);
  page.down(34).text(68, 'Optimize Build');
  page.textRight(548, tightDelta(model.optimizeBuild));
  if (model.context !== undefined) layoutContext(page, model, model.context);
  if (model.signing !== undefined) layoutSigning(page, model, model.signing);
  const height = layoutFooter(page, model);
  return { width: PAGE_WIDTH, height, runs: page.runs, shapes: page.shapes };
}

/** An identity value; and, of a model that contradicts itself, a second one below it. */
function identityLine(
  page: PageBuilder,
  { secondIdentity }: CertificateModel,
  key: SecondIdentityKey,
  value: string,
  write: (value: string) => void,
): void {
  write(value);
  if (secondIdentity?.key !== key) return;
  page.down(18);
  write(secondIdentity.value);
}

function platformName(model: CertificateModel): string {
  return model.platform === 'android' ? 'Android' : 'iOS';
}

function layoutHeader(page: PageBuilder, model: CertificateModel): void {
  page.down(40).text(40, 'SYNTHETIC CERTIFICATE', { size: 14, face: 'bold', color: COLORS.warning });
  const disclaimer = 'Rehearsal of the Fusegate emulator. It certifies nothing.';
  page.down(18).text(40, disclaimer, { size: 9, color: COLORS.warning });
  page.down(64);
  appLines(page, 126, model.app, 20, true);
  page.down(16).text(128, 'For');
}

/** Name, `Version 1.2.3 (45)` and bundle id. */
function appLines(page: PageBuilder, x: number, app: CertifiedApp, lineHeight: number, large: boolean): void {
  page.paragraph(x, app.name, 420, 14, large ? { size: 12, outlined: true } : { outlined: true });
  page.down(lineHeight).text(x, `Version ${app.version} (${app.buildNumber})`);
  page.down(lineHeight).paragraph(x, app.bundleId, 420, 12);
}

function layoutCertification(page: PageBuilder, model: CertificateModel): void {
  const { name, version, buildNumber } = model.app;
  page.down(26).text(57, 'Certification', { size: 12, outlined: true });
  page.down(32);
  const sentence =
    `This certifies that Appdome has secured ${name} Version ${version}, build #${buildNumber} for ` +
    `${platformName(model)} with the security features identified in this certificate on ` +
    `${certificateDay(model.createdAt)}.`;
  page.paragraph(58, sentence, SENTENCE_LIMIT, 14);
  page.down(28).labelled(59, 'Certificate Creation:', 213, `${certificateTime(model.createdAt)} by ${model.user}`);
  identityLine(page.down(18), model, 'build_id', model.buildId, (id) => page.labelled(59, 'Build ID:', 213, id));
  page.down(28).labelled(59, 'Appdome Version:', 213, model.appdomeVersion, DETACHED);
}

function layoutAdded(page: PageBuilder, model: CertificateModel): void {
  page.down(71);
  const title = `App Added by ${model.user} on ${certificateTime(model.added.at)}`;
  page.paragraph(64, title, TITLE_LIMIT, 14, { ...ADDED, outlined: true });
  identityLine(page.down(25), model, 'app_id', model.appId, (id) => page.labelled(65, 'App ID:', 218, id, ADDED));
  identityLine(page.down(19), model, 'bundle_id', model.app.bundleId, (id) =>
    page.labelled(65, 'Bundle ID:', 218, id, ADDED),
  );
  page.down(19).labelled(65, 'Version:', 218, model.app.version, ADDED);
  page.down(21).text(80, 'Orig App SHA-256:', DETACHED);
  page.characters(218, model.added.sha256, HASH_LIMIT, 12, ADDED);
  page.down(24).text(80, 'Orig App Size:', DETACHED);
  page.text(218, megabytes(model.added.size), ADDED);
}

function layoutSecured(page: PageBuilder, model: CertificateModel): void {
  const { secured } = model;
  page.down(58);
  const title = `App Secured via API (${model.client}) with ${byFusionSet(model, secured.at)}`;
  page.paragraph(64, title, TITLE_LIMIT, 14, { outlined: true });
  identityLine(page.down(25), model, 'fusion_set_id', secured.fusionSetId, (id) =>
    page.labelled(65, 'Fusion Set ID:', 218, id),
  );
  page.down(41).labelled(74, 'Last Modified:', 217, `${certificateTime(secured.fusionSetModifiedAt)} by ${model.user}`);
  page.down(38).labelled(65, 'Covered OS:', 245, `${platformName(model)} | Appdome OS support policy`);
  const columns = [233, 317, 400];
  for (const [index, name] of secured.coveredOs.entries()) {
    if (index % columns.length === 0) page.down(index === 0 ? 28 : 31);
    page.text(columns[index % columns.length] ?? 233, name);
  }
  if (secured.annotation !== undefined) {
    page.down(28).labelled(80, 'Annotation:', 219, secured.annotation, DETACHED);
  }
  page.down(22).labelled(80, 'Security Inside:', 219, spacedDelta(secured.securityInside), DETACHED);
}

function byFusionSet(model: CertificateModel, at: string): string {
  return `${model.secured.fusionSetName} Fusion Set by ${model.user} on ${certificateTime(at)}`;
}

function layoutContext(page: PageBuilder, model: CertificateModel, context: { at: string; app: CertifiedApp }): void {
  page.down(54);
  const title = `Added Context via API - (${model.client}) with ${byFusionSet(model, context.at)}`;
  page.paragraph(65, title, TITLE_LIMIT, 14, { outlined: true });
  page.down(44).text(66, 'App Preview:');
  appLines(page, 212, context.app, 17, false);
}

/** Titles of our own for private and auto-dev signing (inferred: no sample). */
const SIGNING_TITLES: Record<Signing['method'], string> = {
  'on-appdome': 'App Signed via API ({client}) on Appdome with',
  private: 'App Sealed via API ({client}) for Private Signing with',
  'auto-dev': 'App Sealed via API ({client}) for Auto-DEV Private Signing with',
};

function layoutSigning(page: PageBuilder, model: CertificateModel, signing: Signing): void {
  page.down(57);
  const title = `${SIGNING_TITLES[signing.method].replace('{client}', () => model.client)} ${byFusionSet(model, signing.at)}`;
  page.paragraph(66, title, TITLE_LIMIT, 14, { outlined: true });
  if (signing.method !== 'on-appdome') return;
  page.down(35).paragraph(78, `This app is signed correctly by owner ${signing.owner}`, SIGNER_LIMIT, 15);
  page.down(20).text(78, `The app signature will expire on ${expiryTime(signing.expiresAt)}`);
  page.down(18).text(95, 'Certificate SHA-256:', DETACHED);
  page.y -= 2;
  page.characters(233, signing.signerCertificateSha256.toUpperCase(), HASH_LIMIT, 12);
  page.down(52).text(97, 'Final App SHA-256:', DETACHED);
  page.characters(235, signing.finalSha256.toLowerCase(), HASH_LIMIT, 12);
  page.down(24).text(97, 'Final App Size:', DETACHED);
  page.text(235, megabytes(signing.finalSize));
}

/** @returns the height of the page */
function layoutFooter(page: PageBuilder, model: CertificateModel): number {
  const style = { size: 9, emission: EMISSION.footer, color: '#ffffff' } as const;
  const top = page.y + 82;
  page.shapes.push({ kind: 'box', x: 0, y: top, width: PAGE_WIDTH, height: 113, fill: '#2b3f52', radius: 0 });
  const lines = [
    [123, `© ${new Date(model.createdAt).getUTCFullYear()} SYNTHETIC - rehearsal only.`],
    [24, 'Made by the Fusegate emulator, an embedded build service for rehearsals and tests. It was not issued by'],
    [13, 'any security service, no app was protected, and nothing may be concluded from it about any app.'],
    [13, 'Its layout follows the facts known of real certificates, so that readers of those can be rehearsed.'],
  ] as const;
  for (const [distance, text] of lines) page.down(distance).textCentred(text, style);
  return page.y + 22;
}
