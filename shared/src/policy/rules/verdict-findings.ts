/** The findings of a judged policy: one for each unmet rule, and one for each other thing that a person should know. */
import { actsUnderKey, resolveName } from '../../catalogue/names.ts';
import { nameDistance } from '../../catalogue/nearest-protections.ts';
import type { DocumentKind } from '../../model/certificate.ts';
import type { Finding, Verdict } from '../../model/verdict.ts';
import { normaliseName } from '../../text/normalise.ts';
import { shellWord } from '../../text/shell-word.ts';
import { yamlWord } from '../file/yaml-word.ts';
import { listeningFindings } from './app-listeners.ts';
import { subjectsOf } from './condition.ts';
import { writeListeners } from './listener-steps.ts';
import { isListenerName, listenerAliases, listenerDoubts, missingListeners } from './missing-listeners.ts';
import { isAbout } from './presence.ts';
import type { RuleJudgement } from './requirement.ts';
import type { FeatureCondition, Rule, SubjectCondition } from './rule.ts';
import type { Sources } from './sources.ts';
import { unclaimedNames } from './unclaimed-names.ts';
import { quoted } from './understood.ts';

interface JudgedRule {
  rule: Rule;
  judgement: RuleJudgement;
}

export function findingsOf(judged: JudgedRule[], sources: Sources, evidence: Verdict['evidence']): Finding[] {
  return [
    ...judged.flatMap(({ rule, judgement }) => judgementFindings(rule, judgement)),
    ...notEnforcedFinding(
      judged.flatMap(({ judgement }) => (judgement.outcome === 'satisfied' ? judgement.unenforced : [])),
    ),
    ...listeningFindings(
      sources,
      judged.map(({ rule }) => rule),
    ),
    ...aliasFinding(judged.flatMap(({ judgement }) => judgement.aliases)),
    ...listenerAliasFinding(sources),
    ...absenceFinding(judged.flatMap(({ judgement }) => judgement.absent)),
    ...listenerFinding(
      sources,
      judged.flatMap(({ judgement }) => judgement.listeners),
    ),
    ...listenerDoubtFinding(sources),
    ...unheardFinding(
      sources,
      judged.flatMap(({ judgement }) => (judgement.outcome === 'satisfied' ? judgement.unheard : [])),
    ),
    ...unclaimedFinding(judged, sources),
    ...inferredFinding(evidence),
  ];
}

const CODE_OF = {
  missing: 'feature.missing',
  denied: 'feature.denied',
  unproven: 'feature.unproven',
  'no-listener': 'feature.no-listener',
} as const;

/** The finding for one rule: a conflict between the documents, else why it is not met. */
function judgementFindings(rule: Rule, judgement: RuleJudgement): Finding[] {
  const findings = judgement.conflicts.map((conflict): Finding => ({ ...conflict, level: 'error' }));
  if (findings.length > 0) return findings;
  const known = judgement.outcome in CODE_OF ? CODE_OF[judgement.outcome as keyof typeof CODE_OF] : undefined;
  const code =
    known === 'feature.unproven' && /^(?:listener|app-listens)$/u.test(rule.condition.kind)
      ? 'listener.unproven'
      : known;
  if (code === undefined || judgement.hint === undefined) return findings;
  const feature = rule.condition.kind === 'feature' ? rule.condition.name : rule.requirement;
  const { message, hint } = judgement;
  return [{ code, level: rule.severity === 'error' ? 'error' : 'warning', feature, message, hint }];
}

const ACCEPT_DETECTION = 'To accept this, write `threat-events: in-app-detection` in the policy.';

/** In such a mode only the app itself can stop an attack, if anything tells it. */
function notEnforcedFinding(unenforced: RuleJudgement['unenforced']): Finding[] {
  const silent = unenforced.filter(({ name, mode }) => mode === 'In-App Detection' && hasNoKnownEvent(name));
  const telling = unenforced.filter((one) => !silent.includes(one));
  const namesOf = (some: typeof unenforced) =>
    [...new Set(some.map(({ name, mode }) => `${name} (${mode})`))].join(', ');
  const features = [...new Set(telling.map(({ name }) => name))];
  const finding = (message: string, instead: string): Finding => ({
    code: 'feature.not-enforced',
    level: 'warning',
    message: `Appdome detects and does not enforce, ${message}`,
    hint: `Set the protection to In-App Defense in the Fusion Set, or ${instead}. ${ACCEPT_DETECTION}`,
  });
  const check = `check that the app acts: \`fusegate listeners --source . --features ${shellWord(features.join(','))}\``;
  return [
    ...(telling.length > 0 ? [finding(`so the app must act: ${namesOf(telling)}`, check)] : []),
    ...(silent.length > 0
      ? [
          finding(
            `and no Threat-Event is known that tells the app: ${namesOf(silent)}`,
            'ask Appdome how the app learns of it',
          ),
        ]
      : []),
  ];
}

/** There is no listener to look for. A name that only the policy knows may have one. */
function hasNoKnownEvent(name: string): boolean {
  const known = resolveName(name);
  return known.kind === 'known' && known.events.length === 0 && actsUnderKey(name).events.length === 0;
}

/** Readers must see that the policy, not the certificate, paired the two names. */
function aliasFinding(used: RuleJudgement['aliases']): Finding[] {
  const pairs = [...new Set(used.map(({ name, printed }) => `${name} by ${printed}`))];
  if (pairs.length === 0) return [];
  return [
    {
      code: 'policy.alias-used',
      level: 'note',
      message: `Proven only because the policy pairs the names: ${pairs.join(', ')}`,
      hint: 'Check that both names mean the same protection.',
    },
  ];
}

/** Where missing listeners only warn, or are ignored, no alias of theirs changes anything. */
function listenerAliasFinding(sources: Sources): Finding[] {
  if (sources.missingListeners === 'warn' || sources.missingListeners === 'ignore') return [];
  const pairs = [...new Set(listenerAliases(sources).map(({ name, printed }) => `${printed} with ${name}`))];
  if (pairs.length === 0) return [];
  return [
    {
      code: 'policy.alias-used',
      level: 'note',
      message: `Missing listeners that the policy pairs with a protection: ${pairs.join(', ')}`,
      hint: 'Check that each is a Threat-Event of that protection.',
    },
  ];
}

/** One warning for all names: a JSON list that is shorter than the PDF's is a single cause. */
function absenceFinding(absent: RuleJudgement['absent']): Finding[] {
  if (absent.length === 0) return [];
  const by = (kind: DocumentKind) => [...new Set(absent.filter((one) => one.kind === kind).map((one) => one.name))];
  const parts = (['pdf', 'json'] as const).flatMap((kind) => {
    const names = by(kind);
    return names.length > 0 ? [`the ${kind.toUpperCase()} does not show ${names.join(', ')}`] : [];
  });
  return [
    {
      code: 'certificate.disagreement',
      level: 'warning',
      message: `Proven by one certificate, but ${parts.join('; ')}`,
      hint: 'Compare both certificates in the output folder. With `evidence: both` this would stop the run.',
    },
  ];
}

function listenerFinding(sources: Sources, counted: string[]): Finding[] {
  if (sources.missingListeners === 'ignore') return [];
  const missing = missingListeners(sources)
    .map((fact) => fact.value)
    .filter((name) => !isListenerName(name) || !counted.includes(normaliseName(name)));
  if (missing.length === 0) return [];
  return [
    {
      code: 'listener.missing',
      level: 'warning',
      message: `The app does not listen for Threat-Events that are switched on: ${[...new Set(missing)].join(', ')}`,
      hint: `Add the listeners to the app (${writeListeners(missing)} writes them), or switch these Threat-Events off in the Fusion Set.`,
    },
  ];
}

/** If the policy lets missing listeners only warn, a doubt about them is worth a warning too. */
function listenerDoubtFinding(sources: Sources): Finding[] {
  const { doubts } = listenerDoubts(sources);
  if (sources.missingListeners !== 'warn' || doubts.length === 0) return [];
  return [
    {
      code: 'listener.unproven',
      level: 'warning',
      message: `Whether a listener is missing cannot be read from the certificate: ${quoted(doubts)}`,
      hint: 'Read the certificate there.',
    },
  ];
}

/** The JSON lists no listeners, so a detection that only the JSON shows may not reach the app. */
function unheardFinding({ missingListeners }: Sources, names: string[]): Finding[] {
  if (missingListeners === 'ignore' || names.length === 0) return [];
  return [
    {
      code: 'listener.unproven',
      level: 'warning',
      message: `The JSON certificate alone cannot show whether the app listens for what only detects: ${[...new Set(names)].join(', ')}`,
      hint: 'Judge with the PDF certificate, which lists missing listeners.',
    },
  ];
}

/** Beyond this distance, two names have nothing to do with each other (catalogue/nearest-protections.ts). */
const NEAR = 0.5;

/** If a name has never been seen on a certificate, a printed name that no rule asks for may be that name. */
function unclaimedFinding(judged: JudgedRule[], sources: Sources): Finding[] {
  const unmet = judged.filter(({ judgement }) => judgement.outcome === 'missing');
  const missing = unmet.flatMap(({ rule }) => subjectsOf(rule.condition)).find(isPrintedUnknown);
  if (missing === undefined) return [];
  const { name } = missing;
  const subjects = judged.flatMap(({ rule }) => subjectsOf(rule.condition));
  const names = unclaimedNames(sources, name, (printed) => subjects.some((subject) => isAbout(subject, printed)));
  const [nearest] = names;
  if (nearest === undefined) return [];
  // A line to paste is a suggestion: if no printed name resembles the missing one, we cannot tell which it is.
  const offered = names.length === 1 || nameDistance(nearest, name) <= NEAR ? nearest : 'NAME';
  return [
    {
      code: 'features.unclaimed',
      level: 'note',
      message: `The certificate also prints names that no rule asks for: ${names.join(', ')}.`,
      hint:
        `If one of them is ${name}, require it as printed (\`key: ${offered}\`),` +
        ` or pair them in a policy: \`aliases: { ${yamlWord(name)}: [${yamlWord(offered)}] }\`.`,
    },
  ];
}

/** An alias may only pair such a name; if a name's printed form is known, no other name stands for it. */
function isPrintedUnknown(subject: SubjectCondition): subject is FeatureCondition {
  return subject.kind === 'feature' && subject.printing === 'not-seen';
}

function inferredFinding(level: Verdict['evidence']): Finding[] {
  if (level !== 'inferred') return [];
  return [
    {
      code: 'evidence.inferred',
      level: 'warning',
      message: 'Judged on the JSON certificate alone, in an unconfirmed shape',
      hint: 'Judge on the PDF, whose layout is verified; `evidence: pdf` refuses anything else.',
    },
  ];
}
