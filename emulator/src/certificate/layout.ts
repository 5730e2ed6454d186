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
import { EMISSION, type Measure, type Page, wrapCharacters } from './text-run.ts';

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
  const hashLines = (hash: string) => wrapCharacters(hash, 'regular', 10, HASH_LIMIT, measure);
  layoutHeader(page, model);
  layoutCertification(page, model);
  layoutAdded(page, model, hashLines);
  layoutSecured(page, model);
  layoutSecurity(page, model);
  page.down(34);
  page.text(68, 'Optimize Build');
  page.textRight(548, tightDelta(model.optimizeBuild));
  if (model.context !== undefined) layoutContext(page, model, model.context);
  if (model.signing !== undefined) layoutSigning(page, model, model.signing, hashLines);
  const height = layoutFooter(page, model);
  return { width: PAGE_WIDTH, height, runs: page.runs, shapes: page.shapes };
}

/** The second line of a model that contradicts itself. */
function contradict(page: PageBuilder, model: CertificateModel, key: SecondIdentityKey, line: () => void): void {
  if (model.secondIdentity?.key !== key) return;
  page.down(18);
  line();
}

function secondValue(model: CertificateModel): string {
  return model.secondIdentity?.value ?? '';
}

function platformName(model: CertificateModel): string {
  return model.platform === 'android' ? 'Android' : 'iOS';
}

function layoutHeader(page: PageBuilder, model: CertificateModel): void {
  page.down(40);
  page.text(40, 'SYNTHETIC CERTIFICATE', { size: 14, face: 'bold', color: COLORS.warning });
  page.down(18);
  page.text(40, 'Rehearsal of the Fusegate emulator. It certifies nothing.', { size: 9, color: COLORS.warning });
  page.down(64);
  appLines(page, 126, model.app, 20, true);
  page.down(16);
  page.text(128, 'For');
}

/** Name, `Version 1.2.3 (45)` and bundle id. */
function appLines(page: PageBuilder, x: number, app: CertifiedApp, lineHeight: number, large: boolean): void {
  page.paragraph(x, app.name, 420, 14, large ? { size: 12, outlined: true } : { outlined: true });
  page.down(lineHeight);
  page.text(x, `Version ${app.version} (${app.buildNumber})`);
  page.down(lineHeight);
  page.paragraph(x, app.bundleId, 420, 12);
}

function layoutCertification(page: PageBuilder, model: CertificateModel): void {
  const { name, version, buildNumber } = model.app;
  page.down(26);
  page.text(57, 'Certification', { size: 12, outlined: true });
  page.down(32);
  const sentence =
    `This certifies that Appdome has secured ${name} Version ${version}, build #${buildNumber} for ` +
    `${platformName(model)} with the security features identified in this certificate on ` +
    `${certificateDay(model.createdAt)}.`;
  page.paragraph(58, sentence, SENTENCE_LIMIT, 14);
  page.down(28);
  page.labelled(59, 'Certificate Creation:', 213, `${certificateTime(model.createdAt)} by ${model.user}`);
  page.down(18);
  page.labelled(59, 'Build ID:', 213, model.buildId);
  contradict(page, model, 'build_id', () => page.labelled(59, 'Build ID:', 213, secondValue(model)));
  page.down(28);
  page.labelled(59, 'Appdome Version:', 213, model.appdomeVersion, DETACHED);
}

function layoutAdded(page: PageBuilder, model: CertificateModel, hashLines: (hash: string) => string[]): void {
  page.down(71);
  const title = `App Added by ${model.user} on ${certificateTime(model.added.at)}`;
  page.paragraph(64, title, TITLE_LIMIT, 14, { ...ADDED, outlined: true });
  page.down(25);
  page.labelled(65, 'App ID:', 218, model.appId, ADDED);
  contradict(page, model, 'app_id', () => page.labelled(65, 'App ID:', 218, secondValue(model), ADDED));
  page.down(19);
  page.labelled(65, 'Bundle ID:', 218, model.app.bundleId, ADDED);
  contradict(page, model, 'bundle_id', () => page.labelled(65, 'Bundle ID:', 218, secondValue(model), ADDED));
  page.down(19);
  page.labelled(65, 'Version:', 218, model.app.version, ADDED);
  page.down(21);
  page.text(80, 'Orig App SHA-256:', DETACHED);
  page.lines(218, hashLines(model.added.sha256), 12, ADDED);
  page.down(24);
  page.text(80, 'Orig App Size:', DETACHED);
  page.text(218, megabytes(model.added.size), ADDED);
}

function layoutSecured(page: PageBuilder, model: CertificateModel): void {
  const { secured } = model;
  page.down(58);
  const title = `App Secured via API (${model.client}) with ${byFusionSet(model, secured.at)}`;
  page.paragraph(64, title, TITLE_LIMIT, 14, { outlined: true });
  page.down(25);
  page.labelled(65, 'Fusion Set ID:', 218, secured.fusionSetId);
  contradict(page, model, 'fusion_set_id', () => page.labelled(65, 'Fusion Set ID:', 218, secondValue(model)));
  page.down(41);
  page.labelled(74, 'Last Modified:', 217, `${certificateTime(secured.fusionSetModifiedAt)} by ${model.user}`);
  page.down(38);
  page.labelled(65, 'Covered OS:', 245, `${platformName(model)} | Appdome OS support policy`);
  const columns = [233, 317, 400];
  for (const [index, name] of secured.coveredOs.entries()) {
    if (index % columns.length === 0) page.down(index === 0 ? 28 : 31);
    page.text(columns[index % columns.length] ?? 233, name);
  }
  if (secured.annotation !== undefined) {
    page.down(28);
    page.labelled(80, 'Annotation:', 219, secured.annotation, DETACHED);
  }
  page.down(22);
  page.labelled(80, 'Security Inside:', 219, spacedDelta(secured.securityInside), DETACHED);
}

function byFusionSet(model: CertificateModel, at: string): string {
  return `${model.secured.fusionSetName} Fusion Set by ${model.user} on ${certificateTime(at)}`;
}

function layoutContext(page: PageBuilder, model: CertificateModel, context: { at: string; app: CertifiedApp }): void {
  page.down(54);
  const title = `Added Context via API - (${model.client}) with ${byFusionSet(model, context.at)}`;
  page.paragraph(65, title, TITLE_LIMIT, 14, { outlined: true });
  page.down(44);
  page.text(66, 'App Preview:');
  appLines(page, 212, context.app, 17, false);
}

/** Titles of our own for private and auto-dev signing (inferred: no sample). */
const SIGNING_TITLES: Record<Signing['method'], string> = {
  'on-appdome': 'App Signed via API ({client}) on Appdome with',
  private: 'App Sealed via API ({client}) for Private Signing with',
  'auto-dev': 'App Sealed via API ({client}) for Auto-DEV Private Signing with',
};

function layoutSigning(
  page: PageBuilder,
  model: CertificateModel,
  signing: Signing,
  hashLines: (hash: string) => string[],
): void {
  page.down(57);
  const title = `${SIGNING_TITLES[signing.method].replace('{client}', () => model.client)} ${byFusionSet(model, signing.at)}`;
  page.paragraph(66, title, TITLE_LIMIT, 14, { outlined: true });
  if (signing.method !== 'on-appdome') return;
  page.down(35);
  page.paragraph(78, `This app is signed correctly by owner ${signing.owner}`, SIGNER_LIMIT, 15);
  page.down(20);
  page.text(78, `The app signature will expire on ${expiryTime(signing.expiresAt)}`);
  page.down(18);
  page.text(95, 'Certificate SHA-256:', DETACHED);
  page.y -= 2;
  page.lines(233, hashLines(signing.signerCertificateSha256.toUpperCase()), 12);
  page.down(52);
  page.text(97, 'Final App SHA-256:', DETACHED);
  page.lines(235, hashLines(signing.finalSha256.toLowerCase()), 12);
  page.down(24);
  page.text(97, 'Final App Size:', DETACHED);
  page.text(235, megabytes(signing.finalSize));
}

/** @returns the height of the page */
function layoutFooter(page: PageBuilder, model: CertificateModel): number {
  const style = { size: 9, emission: EMISSION.footer, color: '#ffffff' } as const;
  const top = page.y + 82;
  page.shapes.push({ kind: 'box', x: 0, y: top, width: PAGE_WIDTH, height: 113, fill: '#2b3f52', radius: 0 });
  page.down(123);
  page.textCentred(`© ${new Date(model.createdAt).getUTCFullYear()} SYNTHETIC - rehearsal only.`, style);
  page.down(24);
  page.textCentred(
    'Made by the Fusegate emulator, an embedded build service for rehearsals and tests. It was not issued by',
    style,
  );
  page.down(13);
  page.textCentred(
    'any security service, no app was protected, and nothing may be concluded from it about any app.',
    style,
  );
  page.down(13);
  page.textCentred(
    'Its layout follows the facts known of real certificates, so that readers of those can be rehearsed.',
    style,
  );
  return page.y + 22;
}
