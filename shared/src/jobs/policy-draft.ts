/** A first policy from what a certificate proves: `fusegate policy init`. */
import { normaliseName } from '../catalogue/names.ts';
import { booleanOf, factValues, readDocuments } from '../certificate/identity.ts';
import { knownMode } from '../certificate/threat-event-modes.ts';
import type { Evidence, FeatureFact, Wording } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { EvidenceMode, Platform } from '../model/run-request.ts';
import type { RequirementResult } from '../model/verdict.ts';
import { BUILD_KEYS } from '../policy/file/build-keys.ts';
import { ACCEPTED } from '../policy/file/policy-chain.ts';
import { yamlWord } from '../policy/file/yaml-word.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { readComparison } from '../policy/rules/policy-rules.ts';
import type { FeatureCondition, PolicyPlan, SubjectCondition, ThreatEventsRule } from '../policy/rules/rule.ts';
import { statedPlatforms } from '../policy/rules/rules-of-platform.ts';
import { readSubject, subjectId, withMode } from '../policy/rules/subjects.ts';
import { acceptListsOf, understand } from '../policy/rules/understood.ts';
import { lastDay } from '../text/calendar-day.ts';
import { plainLine } from '../text/untrusted-text.ts';

export interface PolicyDraft {
  /** YAML with comments, a new line at its end. */
  text: string;
  /** The names that it requires, as written. */
  required: string[];
  /** Names that the certificate shows and that it does not require, each with the reason. */
  leftOut: Array<{
    name: string;
    why: string;
    /** Why a rule for it would not pass; absent for a component, which protects nothing by itself. */
    outcome?: RequirementResult['outcome'];
  }>;
  /** Whether it holds, commented, wording for a person to accept. */
  offersAccept: boolean;
}

export interface DraftSource {
  /** Where it comes from, for the first line: a file's name. */
  label: string;
  /** Address or path of the policy's JSON Schema, for editors. */
  schema: string;
  /** Milliseconds since the epoch, for the day in the example of a waiver. */
  now: number;
  /** Wording that an earlier policy accepts: it counts as understood, and stays in the file. */
  accept?: PolicyPlan['accept'];
}

interface Candidate {
  /** As `required-features` takes it. */
  name: string;
  condition: SubjectCondition;
  category: string;
  /** How it acts, as printed. */
  mode?: string;
  /** Other names on the certificate that are this protection. */
  also: string[];
}

interface Judged {
  candidate: Candidate;
  /** The mode that the certificate proves, too. */
  rule?: ThreatEventsRule;
  outcome: RequirementResult | undefined;
}

/** Pure. This evidence proves every required name: each was judged separately. */
export function draftPolicy(given: Evidence, source: DraftSource): PolicyDraft {
  const { evidence, accepted } = understand(given, source.accept);
  const mode: EvidenceMode = evidence.pdf.ok ? 'pdf' : 'any';
  const found = candidates(evidence);
  const components = found.filter(({ condition }) => condition.component);
  const judged = found.filter(({ condition }) => !condition.component).map((one) => judge(one, evidence, mode));
  const proven = judged.filter(({ outcome }) => outcome?.outcome === 'satisfied');
  const leftOut = [
    ...judged
      .filter(({ outcome }) => outcome?.outcome !== 'satisfied')
      .map(({ candidate, outcome }) => ({
        name: candidate.name,
        why: plainLine(outcome?.message ?? 'no verdict was possible', 200),
        outcome: outcome?.outcome ?? ('unproven' as const),
      })),
    ...components.map(({ name }) => ({ name, why: 'a component: it supports protections but is not one' })),
  ];
  return {
    text: render(proven, leftOut, evidence, accepted, source),
    required: proven.map(({ candidate }) => candidate.name),
    leftOut,
    offersAccept: acceptLines(evidence).length > 0,
  };
}

const NO_CATEGORY = 'Without a category';
/** Of the example: long enough for a release, and far from for ever. */
const WAIVER_DAYS = 90;

/** One for each protection: the display name with the key of the same words, and with the key that prints it where Threat-Events are off. */
function candidates(evidence: Evidence): Candidate[] {
  const found = new Map<string, Candidate>();
  const platform = platformOfEvidence(evidence);
  for (const fact of readDocuments(evidence).flatMap((document) => document.features)) {
    // Unread wording leading to it may be accepted one day; the draft lists it under what is left out.
    const shown = fact.presence === 'present' || fact.unread !== undefined;
    if (!shown || plainLine(fact.name, 1000) !== fact.name || fact.name.length > 200) continue;
    const subject = subjectOf(fact, platform);
    if (subject === undefined) continue;
    const { name, condition } = subject;
    const before = found.get(name);
    const category = before?.category ?? fact.category;
    const mode = before?.mode ?? fact.threatEvents;
    found.set(name, {
      name,
      condition,
      category: category === undefined || category === NO_CATEGORY ? (fact.category ?? NO_CATEGORY) : category,
      ...defined({ mode }),
      also: [...new Set([...(before?.also ?? []), fact.name])],
    });
  }
  const all = [...found.values()].sort((a, b) => compare(a.category, b.category) || compare(a.name, b.name));
  return grouped(all);
}

/** `anti_tampering` is the chip of App Shielding: beside that line it adds no protection. */
function grouped(all: Candidate[]): Candidate[] {
  const joined = new Set<Candidate>();
  for (const one of all) {
    const { condition } = one;
    if (condition.kind !== 'feature') continue;
    const chips = all.filter((other) => other !== one && isChipOf(other, condition));
    for (const chip of chips) {
      joined.add(chip);
      one.also.push(...chip.also);
      if (one.category === NO_CATEGORY) one.category = chip.category;
    }
  }
  return all
    .filter((one) => !joined.has(one))
    .sort((a, b) => compare(a.category, b.category) || compare(a.name, b.name));
}

function isChipOf(chip: Candidate, { elsewhere }: FeatureCondition): boolean {
  // A line of its own says that it is more than a chip.
  return (
    chip.condition.component !== true &&
    chip.mode === undefined &&
    chip.also.every((name) => elsewhere.includes(normaliseName(name)))
  );
}

function subjectOf(
  fact: FeatureFact,
  platform: Platform | undefined,
): { name: string; condition: SubjectCondition } | undefined {
  const known = readSubject(fact.name, undefined, platform);
  if (!('refusal' in known) && known.condition.kind === 'feature') {
    const { condition } = known;
    if (condition.proofs.includes(normaliseName(fact.name))) return { name: condition.name, condition };
  }
  const name = `key: ${fact.name}`;
  const verbatim = readSubject(name);
  return 'refusal' in verbatim ? undefined : { name, condition: verbatim.condition };
}

const MODE_RULES: Partial<Record<string, ThreatEventsRule>> = {
  'In-App Detection': 'in-app-detection',
  'In-App Defense': 'in-app-defense',
};

/** With its mode where that is proven, too; else by itself. */
function judge(candidate: Candidate, evidence: Evidence, evidenceMode: EvidenceMode): Judged {
  const rule = candidate.mode === undefined ? undefined : MODE_RULES[knownMode(candidate.mode) ?? ''];
  const judgeBy = (threatEvents: ThreatEventsRule | undefined) => {
    const condition = withMode(candidate.condition, threatEvents);
    const { name } = candidate;
    const one = {
      id: subjectId(condition),
      requirement: name,
      severity: 'error' as const,
      source: 'policy init',
      condition,
    };
    return evaluate({ rules: [one], resolved: {} }, evidence, { mode: 'gate', evidenceMode, gate: 'enforce' });
  };
  const passed = (verdict: ReturnType<typeof judgeBy>) => verdict.outcome === 'pass';
  const withRule = rule === undefined ? undefined : judgeBy(rule);
  if (rule !== undefined && withRule && passed(withRule)) return { candidate, rule, outcome: withRule.requirements[0] };
  const plain = judgeBy(undefined);
  const [outcome] = plain.requirements;
  if (passed(plain) || outcome === undefined || outcome.outcome !== 'satisfied') return { candidate, outcome };
  // Proven alone, but still not a pass: the documents as a whole say why.
  const why = plain.findings.find(({ level }) => level === 'error')?.message ?? outcome.message;
  return { candidate, outcome: { ...outcome, outcome: 'unproven', message: why } };
}

function render(
  proven: Judged[],
  leftOut: PolicyDraft['leftOut'],
  evidence: Evidence,
  accepted: Wording[],
  source: DraftSource,
): string {
  const platform = platformOfEvidence(evidence);
  const lines = [
    `# yaml-language-server: $schema=${plainLine(source.schema)}`,
    '# (`fusegate policy schema > fusegate-policy.schema.json` writes that file, so that editors complete and check this one.)',
    `# What every build must prove. Made from ${plainLine(source.label)}: each name below is proven by that certificate.`,
    '# Remove anything you do not require; `fusegate policy check FILE` reads this file without a run.',
    ...detectionLines(proven),
    'version: 1',
    ...(platform === undefined ? [] : [`platform: ${platform}`]),
    '',
    '# The only build service that may be asked.',
    '# server: https://fusion.appdome.com',
    '# For the first weeks: a red verdict is reported, and the pipeline continues (docs/first-weeks.md).',
    '# gate: warn',
    '# How old a certificate may be when it is judged.',
    '# max-certificate-age: 30d',
    ...evidenceLines(evidence),
    '',
    ...acceptedLines(accepted),
    ...acceptLines(evidence),
    proven.length > 0 ? 'require:' : 'require: [] # nothing can be required by name yet',
  ];
  let category: string | undefined;
  for (const one of proven) {
    const { candidate } = one;
    if (candidate.category !== category) lines.push(`  # ${plainLine(candidate.category, 100)}`);
    category = candidate.category;
    lines.push(...entryLines(one));
  }
  if (leftOut.length > 0) {
    lines.push('', '# On the certificate, and not required here:');
    for (const { name, why } of leftOut) lines.push(`#   ${plainLine(name, 100)}: ${why}`);
  }
  lines.push(
    '',
    ...forbidLines(evidence),
    ...buildLines(evidence),
    '# Any Threat-Event listener that the certificate lists as missing fails, not only those of required protections.',
    '# missing-threat-event-listeners: fail',
    '',
    `# max-waiver-days: ${WAIVER_DAYS}`,
    '# waivers:',
    `#   - features: [${yamlWord(plainLine(proven.at(-1)?.candidate.name ?? 'Proxy Detection', 200))}]`,
    '#     reason: QA lab needs it off until the next release',
    '#     owner: mobile-security',
    '#     ticket: SEC-1',
    `#     expires: ${lastDay(source.now, WAIVER_DAYS)}     # to the end of that day, UTC`,
    '#     scope: { bundle-id: com.example.qa.* }',
  );
  return `${lines.join('\n')}\n`;
}

/** Whoever fixes a missing listener by the other mode, as every hint offers, would fail by this line next. */
function detectionLines(proven: readonly Judged[]): string[] {
  if (!proven.some(({ rule }) => rule === 'in-app-detection')) return [];
  return [
    '# `threat-events: in-app-detection` is what this certificate shows: Appdome reports, and does not enforce. Delete the line to',
    '# accept either mode; if you switch to In-App Defense, delete or change it first.',
  ];
}

/** What one certificate proves is required of apps for its platform, and of no others. The judge compares with this fact alone. */
function platformOfEvidence(evidence: Evidence): Platform | undefined {
  const documents = readDocuments(evidence);
  const [platform, ...more] = statedPlatforms({ readable: documents });
  const printed = documents.flatMap((document) => factValues(document, 'platform'));
  return more.length > 0 || printed.length === 0 ? undefined : platform;
}

function entryLines({ candidate: { name, mode, also }, rule }: Judged): string[] {
  const key = /^key: (.*)$/su.exec(name)?.[1];
  const printed = also.filter((one) => one !== name && one !== key).sort(compare);
  const word = key === undefined ? yamlWord(name) : yamlWord(key);
  const notes = [
    ...(mode === undefined || rule !== undefined ? [] : [plainLine(mode, 60)]),
    ...(printed.length === 0 ? [] : [`printed as ${printed.map((one) => plainLine(one, 100)).join(', ')}`]),
  ];
  const note = notes.length === 0 ? '' : ` # ${notes.join('; ')}`;
  if (rule === undefined) return [key === undefined ? `  - ${word}${note}` : `  - key: ${word}${note}`];
  return [`  - ${key === undefined ? 'feature' : 'key'}: ${word}${note}`, `    threat-events: ${rule}`];
}

/** JSON proves only where somebody says that it may: its shape is known from no real document. */
function evidenceLines({ pdf, json }: Evidence): string[] {
  if (pdf.ok || !json.ok) return [];
  return [
    '# This certificate is JSON alone, and its form is inferred: without this line it proves nothing. Take the line out once',
    '# the PDF certificate is at hand, which proves more.',
    'evidence: any',
  ];
}

/** What an earlier policy accepts, and this certificate holds. */
function acceptedLines(accepted: readonly Wording[]): string[] {
  if (accepted.length === 0) return [];
  return ['# Wording that is not known, and that was accepted before.', 'accept:', ...wordingLines(accepted, '  '), ''];
}

/** Commented: a person reads the certificate at each place before the wording counts as understood. */
function acceptLines(evidence: Evidence): string[] {
  // Text outside the list of protections is a doubt about listeners.
  const unread = readDocuments(evidence).flatMap((document): Wording[] => [
    ...new Set([...document.unread, ...document.listenerDoubts]),
  ]);
  if (unread.length === 0) return [];
  return [
    '# Wording that is not known. Names below it prove nothing until it counts as understood: read the certificate at each place,',
    '# and take out the # of `accept:`, of the list and of the words where they do not withdraw a protection. Then run',
    '# `fusegate policy init` with --force: it writes this file again, with the accepted wording and the names it then proves.',
    '# accept:',
    ...wordingLines(unread, '#   '),
    '',
  ];
}

/** The lists of `accept`, each entry with its places. */
function wordingLines(wording: readonly Wording[], indent: string): string[] {
  const lists = acceptListsOf(wording);
  return ACCEPTED.flatMap((list) => {
    const texts = lists[list] ?? [];
    if (texts.length === 0) return [];
    const lines = texts.map((text) => {
      const places = wording
        .filter((one) => acceptListsOf([one])[list]?.includes(text))
        .map(({ where }) => plainLine(where, 60));
      return `${indent}  - ${yamlWord(text)} # ${places.join('; ')}`;
    });
    return [`${indent}${list}:`, ...lines];
  });
}

/** As a comment. A build with Diagnostic Logs could not meet it, and would say so here. */
function forbidLines(evidence: Evidence): string[] {
  const logs = readDocuments(evidence).flatMap((document) => factValues(document, 'extended_logs'));
  if (logs.some(({ value }) => booleanOf(value) === true)) return [];
  return ['# What must not be there; absence must be proven too.', '# forbid: [Diagnostic Logs]', ''];
}

/** As comments: a value that holds for one build need not be a requirement. */
function buildLines(evidence: Evidence): string[] {
  const documents = readDocuments(evidence);
  const stated = BUILD_KEYS.filter(({ key }) => !/-id$/u.test(key) || key === 'bundle-id').flatMap(({ key, fact }) => {
    const value = documents.flatMap((document) => factValues(document, fact))[0]?.value;
    // Text that would be read as a comparison cannot be a plain value.
    const read = readComparison(plainLine(value ?? '', 100));
    return value === undefined || 'message' in read || read.operator !== '='
      ? []
      : [`#   ${key}: ${yamlWord(plainLine(value, 100))}`];
  });
  return stated.length > 0 ? ['# As this certificate states it:', '# build:', ...stated, ''] : [];
}

/** By code point, so that the file does not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
