/** Judges one rule against the documents: reduces the tree of a condition to one outcome. */

import { catalogue } from '../../catalogue/catalogue.ts';
import { booleanOf, factValues, JSON_FACT_NAMES } from '../../certificate/identity.ts';
import { printedTime } from '../../certificate/printed-time.ts';
import type { DocumentKind, Fact, FactName, Wording } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { EvidenceLocation, RequirementOutcome } from '../../model/verdict.ts';
import { DAY_MS } from '../../text/calendar-day.ts';
import { normaliseName } from '../../text/normalise.ts';
import { judgeListening, neededListening } from './app-listeners.ts';
import { lookedFor } from './condition.ts';
import { writeListeners } from './listener-steps.ts';
import { listenerDoubts, missingListeners } from './missing-listeners.ts';
import { compareVersions } from './policy-rules.ts';
import { COMPARE_DOCUMENTS, lookFor, type SubjectJudgement, SWITCH_ON, subjectName } from './presence.ts';
import type { Accept, BuildOperator, Condition, ListenersRule, Rule, SubjectCondition } from './rule.ts';
import type { Sources } from './sources.ts';
import { speaksOf } from './spoken-of.ts';
import { aliasRefusal } from './subjects.ts';
import { acceptanceOf, acceptHint, together as acceptTogether, asText, doubtsAbout, quoted } from './understood.ts';

export interface RuleJudgement {
  outcome: RequirementOutcome;
  message: string;
  hint?: string;
  evidence: EvidenceLocation[];
  /** The printed names that would have settled what is not met; for a rule that is met, all of its names. */
  lookedFor: string[];
  /** The documents that the proof rests on. */
  basis: DocumentKind[];
  /** A name that one document shows and another denies. Then there is no verdict, whatever the outcome. */
  conflicts: Array<{
    code: 'certificate.contradiction' | 'certificate.disagreement';
    message: string;
    feature: string;
    hint: string;
  }>;
  /** Proven names that a readable list does not show. */
  absent: Array<{ name: string; kind: DocumentKind }>;
  /** Missing listeners that this rule already counted, normalised. */
  listeners: string[];
  /** What a policy would have to accept for it to be proven. */
  accept: Partial<Accept>;
  /** Printed names that proved something only through the policy's aliases. */
  aliases: Array<{ name: string; printed: string }>;
  /** Names that are present in a mode that the service does not enforce, unless their rule names it. */
  unenforced: Array<{ name: string; mode: string }>;
  /** Names that only detect, where no document shows whether their listeners are missing. */
  unheard: string[];
}

export function judgeRule(rule: Rule, sources: Sources): RuleJudgement {
  const judged = judge(rule.condition, sources);
  const whole = judged.outcome === 'satisfied' || judged.lookedFor.length === 0;
  const message = `${judged.message}${nameInPolicy(rule)}`;
  const judgement = { ...judged, message, ...(whole ? { lookedFor: lookedFor(rule.condition) } : {}) };
  if (judgement.outcome === 'satisfied' || judgement.conflicts.length > 0) return judgement;
  if (rule.waivedBy !== undefined) {
    // Nothing is to be done before the waiver ends.
    const { hint: _, ...waived } = judgement;
    return { ...waived, outcome: 'waived' };
  }
  return rule.waiverNote === undefined
    ? judgement
    : { ...judgement, message: `${judgement.message}; ${rule.waiverNote}` };
}

/** Where the rule calls the protection by another name than the catalogue, so that nobody takes the two for two. */
function nameInPolicy({ condition, requirement }: Rule): string {
  if (condition.kind !== 'feature' || normaliseName(requirement) === normaliseName(condition.name)) return '';
  return `; it is required as ${requirement}`;
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
    case 'at-least':
      return judgeAtLeast(
        condition.count,
        condition.of.map((one) => judge(one, sources)),
      );
    case 'forbid':
      return judgeForbidden(condition, sources);
    case 'listener':
      return judgeListeners(sources);
    case 'app-listens':
      return judgeAppListens(condition.least, sources);
    case 'build':
      return judgeFact(condition, sources);
    case 'signature-validity':
      return judgeSignature(condition.minimumMs, sources);
  }
}

function judgement(outcome: RequirementOutcome, message: string, rest: Partial<RuleJudgement> = {}): RuleJudgement {
  return {
    outcome,
    message,
    evidence: [],
    lookedFor: [],
    basis: [],
    conflicts: [],
    absent: [],
    listeners: [],
    accept: {},
    aliases: [],
    unenforced: [],
    unheard: [],
    ...rest,
  };
}

function judgeSubject(subject: SubjectCondition, sources: Sources): RuleJudgement {
  const found = lookFor(subject, sources);
  const name = subjectName(subject);
  return judgement(found.outcome, found.message, {
    lookedFor: lookedFor(subject),
    ...defined({ hint: found.hint }),
    evidence: found.evidence,
    basis: found.basis,
    conflicts: conflictOf(name, found),
    absent: found.absentIn.map((kind) => ({ name, kind })),
    listeners: found.listeners,
    accept: found.accept,
    aliases: found.aliases.map((printed) => ({ name, printed })),
    unenforced: found.unenforced === undefined ? [] : [{ name, mode: found.unenforced }],
    unheard: found.unheard ? [name] : [],
  });
}

function conflictOf(feature: string, found: SubjectJudgement): RuleJudgement['conflicts'] {
  if (found.conflict === undefined) return [];
  const { message, hint = COMPARE_DOCUMENTS } = found;
  return [{ code: `certificate.${found.conflict}`, message, feature, hint }];
}

/** `unproven` leads to `error`, which outranks `fail`; then comes what people can act on best. */
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
  return {
    ...worstOf(of),
    message,
    conflicts,
    evidence: of.flatMap((one) => one.evidence),
    lookedFor: together(of).lookedFor,
    accept: acceptTogether(of.map((one) => one.accept)),
  };
}

function judgeAllOf(of: RuleJudgement[]): RuleJudgement {
  const unmet = of.filter((one) => one.outcome !== 'satisfied');
  if (unmet.length > 0 || of.length === 0) return failed(of, unmet, unmet.map((one) => one.message).join('; '));
  const message = of.map((one) => one.message).join('; ');
  return judgement('satisfied', message, { ...together(of), basis: weakestBasis(of) });
}

/** A member that is met needs nothing more: places and names come from the rest. */
function failed(of: RuleJudgement[], unmet: RuleJudgement[], message: string): RuleJudgement {
  const { evidence, lookedFor } = together(unmet);
  return { ...worstOf(unmet), ...together(of), evidence, lookedFor, message, basis: [] };
}

/** Members that the PDF proves count first, so that a verdict is not marked as inferred for a member that is not needed. */
function judgeAtLeast(count: number, of: RuleJudgement[]): RuleJudgement {
  const met = of.filter((one) => one.outcome === 'satisfied');
  if (met.length < count || count < 1) {
    const unmet = of.filter((one) => one.outcome !== 'satisfied');
    const proven = met.length === 0 ? 'None is proven' : `Only ${met.length} ${met.length === 1 ? 'is' : 'are'} proven`;
    return failed(of, unmet, `${proven}, and ${count} must be: ${unmet.map((one) => one.message).join('; ')}`);
  }
  const counted = [...met].sort((a, b) => Number(restsOnPdf(b)) - Number(restsOnPdf(a))).slice(0, count);
  return judgement('satisfied', counted.map((one) => one.message).join('; '), {
    ...together(counted),
    conflicts: of.flatMap((one) => one.conflicts),
    basis: weakestBasis(counted),
  });
}

function together(of: RuleJudgement[]): Omit<RuleJudgement, 'outcome' | 'message' | 'basis' | 'hint'> {
  return {
    conflicts: of.flatMap((one) => one.conflicts),
    evidence: of.flatMap((one) => one.evidence),
    lookedFor: [...new Set(of.flatMap((one) => one.lookedFor))],
    absent: of.flatMap((one) => one.absent),
    listeners: of.flatMap((one) => one.listeners),
    accept: acceptTogether(of.map((one) => one.accept)),
    aliases: of.flatMap((one) => one.aliases),
    unenforced: of.flatMap((one) => one.unenforced),
    unheard: of.flatMap((one) => one.unheard),
  };
}

function restsOnPdf({ basis }: RuleJudgement): boolean {
  return basis.includes('pdf');
}

/** One proof from the JSON alone makes everything rest on it, so the verdict is marked as inferred. */
function weakestBasis(of: RuleJudgement[]): DocumentKind[] {
  return (of.find((one) => !restsOnPdf(one)) ?? of[0])?.basis ?? [];
}

/**
 * Absence is proven by a list read whole, for a name whose printed form is known. Nothing else may mention it, and no other name that
 * stands for it may be there.
 */
function judgeForbidden(condition: Extract<Condition, { kind: 'forbid' }>, sources: Sources): RuleJudgement {
  const { subject, fact } = condition;
  const found = lookFor(subject, sources);
  const name = subjectName(subject);
  const conflicts = conflictOf(name, found);
  if (conflicts.length === 0 && found.shownBy.length > 0) {
    const hint = 'Switch it off in the Fusion Set at Appdome, save the Fusion Set, and build again.';
    return judgement('denied', `${name} is forbidden and on the certificate`, { hint, evidence: found.evidence });
  }
  if (fact !== undefined && conflicts.length === 0) return judgeSwitchedOff(subject, fact, sources);
  const unproven = (why: string, hint: string, accept: Partial<Accept> = {}) =>
    judgement('unproven', `No document proves that ${name} is absent${why}`, {
      hint,
      accept,
      conflicts,
      evidence: found.evidence,
    });
  if (conflicts.length > 0) return unproven(`: ${found.message}`, COMPARE_DOCUMENTS);
  const objection = spokenOf(subject, sources);
  if (objection !== undefined) return unproven(`: ${objection.message}`, lookAt(name));
  const { pdf } = sources;
  if (!pdf?.complete) {
    const unread = pdf?.unread ?? [];
    if (unread.length > 0) {
      const hint = acceptHint(unread, sources.policy, `mean that ${name} is in the app`);
      return unproven(`: the list holds ${quoted(unread)}`, hint, acceptanceOf(unread));
    }
    return unproven(
      '',
      'Judge with the PDF certificate, whose list is whole, so that what it does not show is absent.',
    );
  }
  if (subject.kind === 'feature') {
    const standIn = pdf.features.find(({ name: printed }) => subject.elsewhere.includes(normaliseName(printed)));
    if (standIn !== undefined) {
      return unproven(
        `: ${standIn.name} is there (${standIn.where}), which certificates print for it`,
        `Switch it off in the Fusion Set, or forbid what is printed: \`key: ${standIn.name}\`.`,
      );
    }
    // Its printed form is unknown, so it could be any name that the catalogue does not assign to another protection.
    const couldBe = pdf.features.find(({ name: printed }) => aliasRefusal(name, printed) === undefined);
    if (subject.printing === 'not-seen' && subject.aliased === undefined && couldBe !== undefined) {
      return unproven(
        `: how certificates print it has not been seen, and ${couldBe.name} (${couldBe.where}) could be it`,
        'Forbid it as printed (`key: NAME`): `fusegate explain FILE` lists the names of a certificate that has it.',
      );
    }
  }
  return judgement('satisfied', `${name} is not on the certificate, whose list is whole`, { basis: ['pdf'] });
}

/**
 * What speaks of the name, whether or not the policy accepts it: accepted text denies nothing, and does not prove absence either. Nor does a
 * rule, or an alias, for a longer name that contains it.
 */
function spokenOf(subject: SubjectCondition, sources: Sources): SubjectJudgement['objection'] {
  const { printed = sources.readable } = sources;
  return lookFor(subject, { ...sources, readable: printed, claimed: new Set(), aliases: {} }).objection;
}

function lookAt(name: string): string {
  return `Look at the certificate there (\`fusegate explain FILE\` prints all of it) and at the Fusion Set. If ${name} is on, switch it off and build again; no \`accept\` line proves that it is absent.`;
}

/**
 * For forbidden build facts, only the fact itself proves absence, stated as false by every document that states it. The PDF does not print
 * it (appdome-api.md §6.2), so a whole list of protections says nothing about it.
 */
function judgeSwitchedOff(subject: SubjectCondition, fact: FactName, sources: Sources): RuleJudgement {
  const name = subjectName(subject);
  const facts = sources.readable.flatMap((document) => factValues(document, fact));
  const evidence = facts.map((one) => ({ document: one.document, where: one.where, text: one.value }));
  const values = facts.map((one) => booleanOf(one.value));
  if (values.includes(true)) {
    const hint = `Build without ${name} for a release.`;
    return judgement('denied', `${name} is forbidden, and the certificate states ${fact}: true`, { hint, evidence });
  }
  if (values.length > 0 && values.every((value) => value === false)) {
    const objection = spokenOf(subject, sources);
    if (objection === undefined)
      return inDoubt(facts, fact, sources) ?? judgement('satisfied', `${fact} is false`, { evidence });
    return judgement('unproven', `${fact} is false, but ${objection.message}`, { hint: lookAt(name), evidence });
  }
  const hint = 'Judge with the JSON certificate too, which states it.';
  return judgement('unproven', `No document states that ${fact} is false`, { hint, evidence });
}

function judgeAppListens(least: ListenersRule, sources: Sources): RuleJudgement {
  const { outcome, message, hint } = judgeListening(neededListening(sources), least);
  return judgement(outcome, message, defined({ hint }));
}

function judgeListeners(sources: Sources): RuleJudgement {
  const missing = missingListeners(sources);
  if (missing.length > 0) {
    const names = [...new Set(missing.map((fact) => fact.value))].join(', ');
    return judgement('no-listener', `The app does not listen for ${names}`, {
      hint: `Add the listeners to the app (${writeListeners(missing.map(({ value }) => value))} writes them), or switch these Threat-Events off in the Fusion Set; then build again.`,
      evidence: missing.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value })),
      listeners: missing.map((fact) => normaliseName(fact.value)),
    });
  }
  const { doubts: unread, unbounded } = listenerDoubts(sources);
  const doubts = [...unread, ...eventsInJson(sources)];
  if (sources.pdf !== undefined && doubts.length === 0 && !unbounded) {
    return judgement('satisfied', 'No listener is listed as missing', { basis: ['pdf'] });
  }
  const why = doubts.length > 0 ? `: ${quoted(doubts)}` : '';
  const hint =
    doubts.length > 0
      ? acceptHint(doubts, sources.policy)
      : 'Judge with the PDF certificate, which lists missing listeners.';
  const message = `No document shows whether a listener is missing${why}`;
  return judgement('unproven', message, { hint, accept: acceptanceOf(doubts) });
}

/** The JSON has no list of listeners that is known, so wherever it names a Threat-Event it may say that its listener is missing. */
function eventsInJson({ readable }: Sources): Wording[] {
  const own = catalogue.entries.flatMap(({ events }) => events.map(({ name }) => normaliseName(name)));
  return readable
    .filter(({ kind }) => kind === 'json')
    .flatMap(({ mentions }) => mentions.filter((mention) => speaksOf(mention, { own, claimed: new Set() })))
    .map(asText);
}

/** The certificate prints no time zone. People ask for days, so an hour more or less decides nothing. */
function judgeSignature(minimumMs: number, sources: Sources): RuleJudgement {
  const facts = sources.readable.flatMap((document) => factValues(document, 'signature_expires'));
  const evidence = facts.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value }));
  const days = (ms: number) => `${Math.floor(ms / DAY_MS)} days`;
  const { now } = sources;
  const ends = facts.map((fact) => printedTime(fact.value));
  if (now === undefined || facts.length === 0 || ends.includes(undefined)) {
    const why =
      facts.length === 0 ? 'No document states when the signature ends' : `When the signature ends cannot be read`;
    const hint = 'Judge with the PDF certificate of an app that Appdome has signed, which prints it.';
    return judgement('unproven', why, { hint, evidence });
  }
  const left = Math.min(...ends.map((end) => (end ?? 0) - now));
  const stated = [...new Set(facts.map((fact) => fact.value))].join(', ');
  if (left < minimumMs) {
    const hint = 'Sign with a certificate that is valid for longer, or ask for less in the policy.';
    return judgement('denied', `The signature ends on ${stated}, in less than ${days(minimumMs)}`, { hint, evidence });
  }
  return (
    inDoubt(facts, 'When the signature ends', sources) ??
    judgement('satisfied', `The signature holds until ${stated}`, { evidence })
  );
}

function judgeFact(condition: Extract<Condition, { kind: 'build' }>, sources: Sources): RuleJudgement {
  const facts = sources.readable.flatMap((document) => factValues(document, condition.fact));
  const evidence = facts.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value }));
  if (facts.length === 0) {
    const by = JSON_FACT_NAMES.includes(condition.fact) ? 'JSON' : 'PDF';
    const hint = `Judge with the ${by} certificate too, which states it.`;
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
      `${name} is ${[...new Set(strange)].join(', ')}, which is not a version or number to compare with ${wanted}`,
      { hint, evidence },
    );
  }
  // No basis: the JSON's build facts are proven keys (appdome-api.md §5.2), not an inferred shape.
  return inDoubt(facts, name, sources) ?? judgement('satisfied', `${name} is ${wanted}`, { evidence });
}

/** What is not understood on the way to a fact may take it back. */
function inDoubt(facts: readonly Fact[], what: string, sources: Sources): RuleJudgement | undefined {
  const doubts = doubtsAbout(facts);
  if (doubts.length === 0) return undefined;
  const message = `${what} is not proven: what leads to it is not understood: ${quoted(doubts)}`;
  const evidence = facts.map(({ document, where, value }) => ({ document, where, text: value }));
  return judgement('unproven', message, {
    hint: acceptHint(doubts, sources.policy),
    evidence,
    accept: acceptanceOf(doubts),
  });
}

/** undefined = the values cannot be compared this way. */
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
