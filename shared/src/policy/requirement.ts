/** One rule against the documents: the tree of a condition brought down to one outcome. */
import { normaliseName } from '../catalogue/normalise.ts';
import type { DocumentKind, FactName } from '../certificate/certificate.ts';
import { booleanOf, factValues } from '../certificate/identity.ts';
import { compareVersions } from './policy-rules.ts';
import { lookFor, type Presence, subjectName } from './presence.ts';
import type { BuildOperator, Condition, Rule, SubjectCondition } from './rule.ts';
import type { Sources } from './sources.ts';
import type { EvidenceLocation, RequirementOutcome } from './verdict.ts';

export interface RuleJudgement {
  outcome: RequirementOutcome;
  message: string;
  hint?: string;
  evidence: EvidenceLocation[];
  /** The documents that the proof rests on. */
  basis: DocumentKind[];
  /** A name that one document shows and one denies: whatever the outcome, there is no verdict. */
  conflicts: Array<{
    code: 'certificate.contradiction' | 'certificate.disagreement';
    message: string;
    feature: string;
  }>;
  /** Proven names that a readable list does not show. */
  absent: Array<{ name: string; kind: DocumentKind }>;
  /** Missing listeners that this rule has counted, normalised. */
  listeners: string[];
}

/** @returns every name that a condition speaks of */
export function subjectsOf(condition: Condition): SubjectCondition[] {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return [condition];
    case 'any-of':
    case 'all-of':
      return condition.of.flatMap(subjectsOf);
    case 'forbid':
      return [condition.subject];
    case 'listener':
    case 'build':
      return [];
  }
}

/** @returns the printed names that would have settled it */
export function lookedFor(condition: Condition): string[] {
  const names = subjectsOf(condition).flatMap((one) => (one.kind === 'key' ? [one.printed] : one.proofs));
  return [...new Set(names)];
}

export function judgeRule(rule: Rule, sources: Sources): RuleJudgement {
  const judgement = judge(rule.condition, sources);
  if (judgement.outcome === 'satisfied' || judgement.conflicts.length > 0) return judgement;
  if (rule.waivedBy !== undefined) return { ...judgement, outcome: 'waived' };
  return rule.waiverEnded === undefined
    ? judgement
    : { ...judgement, message: `${judgement.message}; ${rule.waiverEnded}` };
}

function judge(condition: Condition, sources: Sources): RuleJudgement {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return judgeSubject(condition, sources);
    case 'any-of':
      return judgeAnyOf(condition.of.map((one) => judge(one, sources)));
    case 'all-of':
      return judgeAllOf(condition.of.map((one) => judge(one, sources)));
    case 'forbid':
      return judgeForbidden(condition, sources);
    case 'listener':
      return judgeListeners(sources);
    case 'build':
      return judgeFact(condition, sources);
  }
}

function judgement(outcome: RequirementOutcome, message: string, rest: Partial<RuleJudgement> = {}): RuleJudgement {
  return { outcome, message, evidence: [], basis: [], conflicts: [], absent: [], listeners: [], ...rest };
}

export const COMPARE_DOCUMENTS =
  'Compare both certificates in the output folder; do not ship this app until they say the same.';
const SWITCH_ON = 'Switch it on in the Fusion Set at Appdome, save the Fusion Set, and build again.';

function hintFor(subject: SubjectCondition, found: Presence): string | undefined {
  switch (found.outcome) {
    case 'missing':
      return SWITCH_ON;
    case 'denied':
      return subject.threatEvents && found.evidence.some((place) => place.document === 'pdf')
        ? 'Set that Threat-Events mode in the Fusion Set, save it, and build again.'
        : SWITCH_ON;
    case 'no-listener':
      return 'Add the listener to the app, or set the protection to In-App Defense in the Fusion Set; then build again.';
    case 'unproven':
      return 'Look at the certificates in the output folder; a PDF that shows it settles it.';
    default:
      return undefined;
  }
}

function judgeSubject(subject: SubjectCondition, sources: Sources): RuleJudgement {
  const found = lookFor(subject, sources);
  const name = subjectName(subject);
  const hint = found.conflict ? COMPARE_DOCUMENTS : hintFor(subject, found);
  return judgement(found.outcome, found.message, {
    ...(hint === undefined ? {} : { hint }),
    evidence: found.evidence,
    basis: found.basis,
    conflicts: conflictOf(name, found),
    absent: found.absentIn.map((kind) => ({ name, kind })),
    listeners: found.listeners,
  });
}

function conflictOf(feature: string, found: Presence): RuleJudgement['conflicts'] {
  return found.conflict ? [{ code: `certificate.${found.conflict}`, message: found.message, feature }] : [];
}

/** `unproven` leads to `error`, which is over `fail`; then what a person can act on best. */
const WORST: RequirementOutcome[] = ['unproven', 'no-listener', 'denied', 'missing', 'waived', 'not-evaluated'];

function worstOf(unmet: RuleJudgement[]): RuleJudgement {
  const sorted = [...unmet].sort((a, b) => WORST.indexOf(a.outcome) - WORST.indexOf(b.outcome));
  return sorted[0] ?? judgement('missing', 'Nothing is listed', { hint: SWITCH_ON });
}

function judgeAnyOf(of: RuleJudgement[]): RuleJudgement {
  const met = of.filter((one) => one.outcome === 'satisfied');
  const conflicts = of.flatMap((one) => one.conflicts);
  const [first] = met;
  if (first) return { ...first, conflicts };
  const message = of.map((one) => one.message).join('; ');
  return { ...worstOf(of), message, conflicts, evidence: of.flatMap((one) => one.evidence) };
}

function judgeAllOf(of: RuleJudgement[]): RuleJudgement {
  const unmet = of.filter((one) => one.outcome !== 'satisfied');
  const whole = {
    conflicts: of.flatMap((one) => one.conflicts),
    evidence: of.flatMap((one) => one.evidence),
    absent: of.flatMap((one) => one.absent),
    listeners: of.flatMap((one) => one.listeners),
  };
  const message = (unmet.length > 0 || of.length === 0 ? unmet : of).map((one) => one.message).join('; ');
  if (unmet.length > 0 || of.length === 0) return { ...worstOf(unmet), ...whole, message, basis: [] };
  // One proof from the JSON alone makes the whole rest on it, so that the verdict is marked as inferred.
  const jsonAlone = of.find((one) => !one.basis.includes('pdf'));
  return judgement('satisfied', message, { ...whole, basis: (jsonAlone ?? of[0])?.basis ?? [] });
}

function judgeForbidden(condition: Extract<Condition, { kind: 'forbid' }>, sources: Sources): RuleJudgement {
  const { subject, fact } = condition;
  const found = lookFor(subject, sources);
  const name = subjectName(subject);
  const conflicts = conflictOf(name, found);
  if (conflicts.length === 0 && found.shownBy.length > 0) {
    const hint = 'Switch it off in the Fusion Set at Appdome, save the Fusion Set, and build again.';
    return judgement('denied', `${name} is forbidden and on the certificate`, { hint, evidence: found.evidence });
  }
  if (fact !== undefined && conflicts.length === 0) return judgeSwitchedOff(name, fact, sources);
  if (conflicts.length === 0 && sources.pdf?.complete) {
    return judgement('satisfied', `${name} is not on the certificate, whose list is whole`, { basis: ['pdf'] });
  }
  const hint = 'Judge with the PDF certificate, whose list is whole, so that what it does not show is absent.';
  return judgement('unproven', `No document proves that ${name} is absent`, {
    hint,
    conflicts,
    evidence: found.evidence,
  });
}

/**
 * Forbidden things that are build facts: only the fact itself, stated as false by every document that states it, proves absence. The
 * PDF does not print it (appdome-api.md §6.2), so a whole list of protections says nothing about it.
 */
function judgeSwitchedOff(name: string, fact: FactName, sources: Sources): RuleJudgement {
  const facts = sources.readable.flatMap((document) => factValues(document, fact));
  const evidence = facts.map((one) => ({ document: one.document, where: one.where, text: one.value }));
  const values = facts.map((one) => booleanOf(one.value));
  if (values.includes(true)) {
    const hint = `Build without ${name} for a release.`;
    return judgement('denied', `${name} is forbidden, and the certificate states ${fact}: true`, { hint, evidence });
  }
  if (values.length > 0 && values.every((value) => value === false)) {
    return judgement('satisfied', `${fact} is false`, { evidence });
  }
  const hint = 'Judge with the JSON certificate too, which states it.';
  return judgement('unproven', `No document states that ${fact} is false`, { hint, evidence });
}

function judgeListeners(sources: Sources): RuleJudgement {
  const missing = sources.readable.flatMap((document) => document.missingListeners);
  if (missing.length > 0) {
    const names = [...new Set(missing.map((fact) => fact.value))].join(', ');
    return judgement('no-listener', `The app does not listen for ${names}`, {
      hint: 'Add the listeners to the app, or switch these Threat-Events off in the Fusion Set; then build again.',
      evidence: missing.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value })),
      listeners: missing.map((fact) => normaliseName(fact.value)),
    });
  }
  if (sources.pdf?.complete) return judgement('satisfied', 'No listener is listed as missing', { basis: ['pdf'] });
  const hint = 'Judge with the PDF certificate, which lists missing listeners.';
  return judgement('unproven', 'No document shows whether a listener is missing', { hint });
}

function judgeFact(condition: Extract<Condition, { kind: 'build' }>, sources: Sources): RuleJudgement {
  const facts = sources.readable.flatMap((document) => factValues(document, condition.fact));
  const evidence = facts.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value }));
  if (facts.length === 0) {
    const hint = 'Judge with a certificate that states it; the JSON states most build facts.';
    return judgement('unproven', `No document states ${condition.fact}`, { hint });
  }
  const { fact: name, operator, value } = condition;
  const wanted = operator === '=' ? value : `${operator} ${value}`;
  const answers = facts.map((fact) => ({ fact, holds: compares(fact.value, operator, value) }));
  const different = answers.filter(({ holds }) => holds === false).map(({ fact }) => fact.value);
  if (different.length > 0) {
    const hint = 'Change the build settings or the policy, and build again.';
    return judgement('denied', `${name} is ${[...new Set(different)].join(', ')}, not ${wanted}`, { hint, evidence });
  }
  const strange = answers.filter(({ holds }) => holds === undefined).map(({ fact }) => fact.value);
  if (strange.length > 0) {
    const hint = 'Compare with the value as it stands, without an operator.';
    return judgement(
      'unproven',
      `${name} is ${[...new Set(strange)].join(', ')}, which is no version or number to compare with ${wanted}`,
      { hint, evidence },
    );
  }
  // No basis: the JSON's build facts are proven keys (appdome-api.md §5.2), not an inferred shape.
  return judgement('satisfied', `${name} is ${wanted}`, { evidence });
}

/** undefined = the values cannot be compared so. */
function compares(value: string, operator: BuildOperator, wanted: string): boolean | undefined {
  if (operator === '=') return sameFact(value, wanted);
  const order = compareVersions(value, wanted);
  if (order === undefined) return undefined;
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
  }
}

/** `true` and `1` are one value (appdome-api.md §5.2: extended_logs may be a boolean or a string). */
function sameFact(value: string, wanted: string): boolean {
  const form = (text: string) => String(booleanOf(text) ?? text.trim().toLowerCase());
  return form(value) === form(wanted);
}
