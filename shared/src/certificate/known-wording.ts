/**
 * The wording of certificates that is understood: the allow-list behind every proof. Everything else is unread, and proves nothing until
 * a policy accepts it.
 *
 * Verified on real certificates (appdome-api.md §6.2), unless it says otherwise.
 */
import { catalogue } from '../catalogue/catalogue.ts';

/** Opens the list of protections. The Fusion Set's name in it is free text. */
export const BLOCK_TITLE = /^APPDOME MOBILE APP SECURITY In "(.*)" FUSION SET$/u;
/** Opens the supporting components; it must name the same Fusion Set. */
export const OTHER_TITLE = /^Other In "(.*)" FUSION SET$/u;
/** What every title of the list looks like, known or not. */
export const TITLE_FORM = /^.+ In ".*" FUSION SET$/u;
export const INTELLIGENCE_TITLE = 'APPLICATION THREAT INTELLIGENCE';
/** Above the Threat-Events that the app does not listen for. */
export const LISTENER_WARNING = 'The following implementations for Threat-Events appear to be missing:';
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

/** Case, white space and the trademark sign are how a heading is set, not what it says. */
function folded(heading: string): string {
  return oneLine(heading.replaceAll('™', '')).toLowerCase();
}

/** Only In-App Detection has been seen on a certificate; the other modes are known from the KB. */
const MODES = new Set(catalogue.modes.map(({ mode }) => mode));

/** @returns whether a certificate says with it how a protection acts */
export function isKnownMode(text: string): boolean {
  return MODES.has(oneLine(text));
}

const FOOTER =
  'This certificate is intended to provide an Appdome user, in good standing, with a written record of the features added to ' +
  'the subject mobile app by and through the process of using the Appdome Service. It is intended for the recipient only. It ' +
  'cannot be shared with or relied on by any 3rd party. Void if modified, reproduced, or distributed.';

/** @returns whether a text is part of the end of the page; its lines are centred, so that they may stand apart */
export function isFooter(text: string): boolean {
  return /^\d{4} Appdome - Confidential\.$/u.test(text) || FOOTER.includes(oneLine(text));
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
