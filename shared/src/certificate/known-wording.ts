/**
 * The certificate wording that we understand: the allow-list behind every proof. Everything else is unread, and proves nothing until a
 * policy accepts it.
 *
 * Verified on real certificates (appdome-api.md §6.2), unless noted otherwise.
 */

import { catalogue } from '../catalogue/catalogue.ts';
import { UUID_FORM } from '../model/uuid.ts';
import { foldWhiteSpace } from '../text/white-space.ts';
import { knownMode } from './threat-event-modes.ts';

/** Opens the list of protections. The Fusion Set's name in it is free text. */
export const BLOCK_TITLE = /^APPDOME MOBILE APP SECURITY In "(.*)" FUSION SET$/u;
/** Opens the supporting components; it must name the same Fusion Set. */
export const OTHER_TITLE = /^Other In "(.*)" FUSION SET$/u;
/** The form of every title of the list, known or not. */
export const TITLE_FORM = /^.+ In ".*" FUSION SET$/u;
export const INTELLIGENCE_TITLE = 'APPLICATION THREAT INTELLIGENCE';
/** Above the Threat-Events that the app does not listen for. */
export const LISTENER_WARNING = 'The following implementations for Threat-Events appear to be missing:';
/** @returns whether it is a title of the list, or the warning above listeners */
export function opensKnownPart(text: string): boolean {
  return BLOCK_TITLE.test(text) || OTHER_TITLE.test(text) || text === INTELLIGENCE_TITLE || text === LISTENER_WARNING;
}

/** The last line of the list. */
export const END_OF_BLOCK = 'Optimize Build';

export const ROW_LABELS: ReadonlyMap<string, 'plugin' | 'parameter'> = new Map([
  ['Plugins:', 'plugin'],
  ['Parameters:', 'parameter'],
]);

const PRINTED_HEADINGS = ['OS Integrity', 'Secure Communication', 'ONEShield™ by Appdome'];
let headings: Set<string> | undefined;

/** @returns whether it is a category of protections: one that real certificates print, or (inferred) a section of the console or the KB */
export function isKnownHeading(text: string): boolean {
  headings ??= new Set([...PRINTED_HEADINGS, ...catalogue.inferredHeadings].map(folded));
  return headings.has(folded(text));
}

/** Case, white space and the trademark sign are typography, not wording. */
function folded(heading: string): string {
  return foldWhiteSpace(heading.replaceAll('™', '')).toLowerCase();
}

/** @returns whether certificates use this wording for how a protection acts */
export function isKnownMode(text: string): boolean {
  return knownMode(text) === foldWhiteSpace(text);
}

const CLIENT = String.raw`(?: via API (?:- )?\([\w.-]+\))?`;

/**
 * Opens a part of the page, before ` with … Fusion Set by … on …`. How a certificate opens the part for private signing is unknown; the
 * wording here is the embedded service's.
 */
const PART_OPENINGS = [
  `App Secured${CLIENT}`,
  `Added Context${CLIENT}`,
  `App Signed${CLIENT}(?: on Appdome)?`,
  `App Sealed${CLIENT} for (?:Auto-DEV )?Private Signing`,
].map((opening) => new RegExp(`^${opening}$`, 'u'));

/** @returns whether a dated heading may begin with it, before the names of the Fusion Set and its user */
export function isPartOpening(text: string): boolean {
  return PART_OPENINGS.some((opening) => opening.test(foldWhiteSpace(text)));
}

/** What the JSON's `sign_type` says of an app that is signed after the build: the embedded service's words, as the real ones are unknown. */
const SIGNED_LATER = new Set(['PrivateSigning', 'AutoDevPrivateSigning']);

export function isSignedLater(signType: string): boolean {
  return SIGNED_LATER.has(signType.trim());
}

/** The form of each value; anything else on its row is not a value. */
export const VALUE_FORMS = {
  id: new RegExp(`^${UUID_FORM}$`, 'iu'),
  sha256: /^[\da-f]{64}$/iu,
  size: /^\d+(?:\.\d+)?[KMGT]?B?$/u,
  sizeDelta: /^[+-] ?\d+(?:\.\d+)?[KMGT]?B?$/u,
  /** The embedded service marks its own builds. */
  appdomeVersion: /^\d+(?:\.\d+)+(?:-rehearsal(?:\.\d+)*)?$/u,
  /** `1.0.1`, `2.3-rc.1+45`: an app's version is free text, but several words could say something else. */
  appVersion: /^v?\d[\w.+-]{0,39}$/u,
  appBuild: /^[\w.+-]{1,40}$/u,
  bundleId: /^[\w-]+(?:\.[\w-]+)+$/u,
  coveredOs: /^(?:Android|iOS) \| Appdome OS support policy$/u,
  osVersion: /^(?:Android|iOS) \d+(?:\.\d+)*\+?$/u,
  day: /^\d{1,2}-[A-Z][a-z]{2}-\d{2}$/u,
  expiry: /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}:\d{2}(?: UTC)?$/u,
} as const;

/** The embedded service says on every page that it is a rehearsal. */
const REHEARSAL_BANNER = ['SYNTHETIC CERTIFICATE', 'Rehearsal of the Fusegate emulator. It certifies nothing.'];
const REHEARSAL_FOOTER = [
  'Made by the Fusegate emulator, an embedded build service for rehearsals and tests. It was not issued by',
  'any security service, no app was protected, and nothing may be concluded from it about any app.',
  'Its layout follows the facts known of real certificates, so that readers of those can be rehearsed.',
];

export function isRehearsalBanner(text: string): boolean {
  return REHEARSAL_BANNER.includes(text);
}

/** The key with which the embedded service marks its JSON. */
export const REHEARSAL_KEY = 'synthetic_rehearsal';

/** @returns whether a line of the PDF is one that only the embedded service prints */
export function isRehearsalMark(line: string): boolean {
  const text = foldWhiteSpace(line);
  return (
    isRehearsalBanner(text) || REHEARSAL_FOOTER.includes(text) || (ISSUER.test(text) && text.includes('SYNTHETIC'))
  );
}

/** In the version of Appdome that the embedded service prints. */
export const REHEARSAL_VERSION = '-rehearsal';

const FOOTER =
  'This certificate is intended to provide an Appdome user, in good standing, with a written record of the features added to ' +
  'the subject mobile app by and through the process of using the Appdome Service. It is intended for the recipient only. It ' +
  'cannot be shared with or relied on by any 3rd party. Void if modified, reproduced, or distributed.';
const ISSUER = /^(?:\u00a9|(?:\u00a9 )?\d{4} (?:Appdome - Confidential|SYNTHETIC - rehearsal only)\.)$/u;
/** One or two words of the footer could be about something else. */
const FOOTER_LINE = 40;

/** @returns whether a line is part of the end of the page, wherever its sentences wrap */
export function isFooterLine(line: string): boolean {
  const text = foldWhiteSpace(line);
  if (ISSUER.test(text) || REHEARSAL_FOOTER.includes(text)) return true;
  return (text.length >= FOOTER_LINE && FOOTER.includes(text)) || (text !== '' && FOOTER.endsWith(` ${text}`));
}
