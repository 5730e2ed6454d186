/**
 * Which build a certificate is about: compares facts within a document, between documents and with the request. Pure; `policy/` decides
 * what a difference means.
 */

import type { CertificateDocument, Evidence, Fact, FactName } from '../model/certificate.ts';
import { FACT_NAMES } from '../model/certificate.ts';
import type { ServiceIds } from '../model/errors.ts';
import { PLATFORM_OF_KIND, type Platform } from '../model/run-request.ts';
import { isUuid } from '../model/uuid.ts';

/** The 13 keys that are proven for the JSON (appdome-api.md §5.2). */
export const JSON_FACT_NAMES = FACT_NAMES.slice(0, 13) as readonly FactName[];

/** Facts for which the PDF can have only one value. Others may differ for good reasons: the context step renames the app. */
const SINGLE_IN_PDF: readonly FactName[] = [
  'build_id',
  'app_id',
  'fusion_set_id',
  'platform',
  'original_sha256',
  'signer_certificate_sha256',
  'final_sha256',
];

/** @returns every value found under a name, in reading order; empty if there is none */
export function factValues(document: CertificateDocument, name: FactName): Fact[] {
  return document.facts[name] ?? [];
}

/** @returns the readable documents, the PDF first */
export function readDocuments(evidence: Evidence): CertificateDocument[] {
  return [evidence.pdf, evidence.json].flatMap((reading) => (reading.ok ? [reading.document] : []));
}

/** @returns whether an embedded build service issued one of them: design, rule 16 */
export function isRehearsal(evidence: Evidence): boolean {
  return readDocuments(evidence).some(({ rehearsal }) => rehearsal === true);
}

/** Ids are compared ignoring case and surrounding blanks. */
export function sameId(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Reads a boolean as the service writes it: true, false, their strings, 1 and 0 (appdome-api.md §7.2). */
export function booleanOf(value: string): boolean | undefined {
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  return undefined;
}

/** A .zip contains an iOS framework or anything else, so its name does not decide. */
const { zip: _, ...APPS } = PLATFORM_OF_KIND;
const PLATFORM_OF_APP_TYPE: Record<string, Platform> = {
  ...APPS,
  android: 'android',
  ios: 'ios',
};

/** @returns the platform that an `app_type` or a printed platform stands for */
export function platformOf(value: string): Platform | undefined {
  return PLATFORM_OF_APP_TYPE[value.trim().toLowerCase()];
}

/** Makes equal values compare equal: ids and hashes in any case, `true` and `1` as booleans. */
function comparable(name: FactName, value: string): string {
  const text = value.trim();
  if (name === 'extended_logs' || name === 'is_context_api_call') return String(booleanOf(text) ?? text.toLowerCase());
  if (name.endsWith('_id') || name.endsWith('_sha256') || name === 'app_type' || name === 'platform')
    return text.toLowerCase();
  return text;
}

function distinct(name: FactName, facts: readonly Fact[]): number {
  return new Set(facts.map((fact) => comparable(name, fact.value))).size;
}

export interface Contradiction {
  name: FactName;
  /** All of them, including repeated values. */
  facts: Fact[];
}

/** @returns the identity facts for which one document shows more than one value (design, rule 8) */
export function contradictions(document: CertificateDocument): Contradiction[] {
  const names = document.kind === 'pdf' ? SINGLE_IN_PDF : JSON_FACT_NAMES;
  return names.flatMap((name) => {
    const facts = factValues(document, name);
    return distinct(name, facts) > 1 ? [{ name, facts }] : [];
  });
}

export interface Disagreement {
  name: FactName;
  pdf: Fact[];
  json: Fact[];
}

/** Facts that both documents print in a comparable form. Freely chosen names wrap on the page, so they are left out. */
const IN_BOTH: readonly FactName[] = ['build_id', 'app_id', 'fusion_set_id', 'bundle_id'];

/** @returns facts on which the PDF and the JSON have no value in common; empty unless both were read */
export function disagreements(evidence: Evidence): Disagreement[] {
  if (!evidence.pdf.ok || !evidence.json.ok) return [];
  const pdf = evidence.pdf.document;
  const json = evidence.json.document;
  const found: Disagreement[] = [];
  for (const name of IN_BOTH) {
    const ours = factValues(pdf, name);
    const theirs = factValues(json, name);
    if (ours.length === 0 || theirs.length === 0) continue;
    const values = new Set(ours.map((fact) => comparable(name, fact.value)));
    if (!theirs.some((fact) => values.has(comparable(name, fact.value)))) found.push({ name, pdf: ours, json: theirs });
  }
  return [...found, ...platformDisagreement(pdf, json)];
}

/** The PDF prints a platform, the JSON a file type. */
function platformDisagreement(pdf: CertificateDocument, json: CertificateDocument): Disagreement[] {
  const printed = factValues(pdf, 'platform');
  const types = factValues(json, 'app_type');
  const platforms = new Set(printed.map((fact) => platformOf(fact.value)).filter((platform) => platform !== undefined));
  const differs = types.some((fact) => {
    const platform = platformOf(fact.value);
    return platform !== undefined && platforms.size > 0 && !platforms.has(platform);
  });
  return differs ? [{ name: 'platform', pdf: printed, json: types }] : [];
}

/** `unproven`: no readable document states it. */
export type IdentityOutcome = 'match' | 'mismatch' | 'unproven';

export interface IdentityCheck {
  name: 'build_id' | 'app_id' | 'fusion_set_id' | 'team_id';
  asked: string;
  outcome: IdentityOutcome;
  /** The facts that were compared. */
  facts: Fact[];
}

/**
 * Compares the request with every value that any document shows: a single different value is a mismatch (design, rule 9). The team is
 * compared only UUID against UUID, since it is unknown what a certificate states for a personal workspace (appdome-api.md §5.2); if it
 * cannot be compared, it is not checked.
 */
export function checkIdentity(asked: ServiceIds, evidence: Evidence): IdentityCheck[] {
  const documents = readDocuments(evidence);
  const check = (name: IdentityCheck['name'], id: string | undefined): IdentityCheck[] => {
    if (id === undefined) return [];
    const facts = documents.flatMap((document) => factValues(document, name));
    if (name === 'team_id') {
      const teams = facts.filter((fact) => isUuid(fact.value.trim()));
      return isUuid(id.trim()) && teams.length > 0
        ? [{ name, asked: id, outcome: outcomeOf(id, teams), facts: teams }]
        : [];
    }
    return [{ name, asked: id, outcome: outcomeOf(id, facts), facts }];
  };
  return [
    ...check('build_id', asked.buildId),
    ...check('app_id', asked.appId),
    ...check('fusion_set_id', asked.fusionSetId),
    ...check('team_id', asked.teamId),
  ];
}

function outcomeOf(asked: string, facts: readonly Fact[]): IdentityOutcome {
  if (facts.length === 0) return 'unproven';
  return facts.every((fact) => sameId(fact.value, asked)) ? 'match' : 'mismatch';
}
