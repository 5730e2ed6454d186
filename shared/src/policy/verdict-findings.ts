/** What a judged policy gives to say: one finding for each unmet rule, and one for each thing that a person should know besides. */
import { nameDistance } from '../catalogue/nearest-names.ts';
import { normaliseName } from '../catalogue/normalise.ts';
import type { DocumentKind } from '../certificate/certificate.ts';
import { isAbout } from './presence.ts';
import { COMPARE_DOCUMENTS, type RuleJudgement, subjectsOf } from './requirement.ts';
import type { Rule } from './rule.ts';
import type { Sources } from './sources.ts';
import { unclaimedNames } from './unclaimed-names.ts';
import type { Finding, Verdict } from './verdict.ts';
import { yamlWord } from './yaml-word.ts';

interface JudgedRule {
  rule: Rule;
  judgement: RuleJudgement;
}

export function findingsOf(judged: JudgedRule[], sources: Sources, evidence: Verdict['evidence']): Finding[] {
  return [
    ...judged.flatMap(({ rule, judgement }) => judgementFindings(rule, judgement)),
    ...absenceFinding(judged.flatMap(({ judgement }) => judgement.absent)),
    ...listenerFinding(
      sources,
      judged.flatMap(({ judgement }) => judgement.listeners),
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

/** What is to be said about one rule: a conflict of the documents, else why it is not met. */
function judgementFindings(rule: Rule, judgement: RuleJudgement): Finding[] {
  const findings = judgement.conflicts.map(
    ({ code, message, feature }): Finding => ({
      code,
      level: 'error',
      feature,
      message,
      hint: COMPARE_DOCUMENTS,
    }),
  );
  if (findings.length > 0) return findings;
  const code = judgement.outcome in CODE_OF ? CODE_OF[judgement.outcome as keyof typeof CODE_OF] : undefined;
  if (code === undefined || judgement.hint === undefined) return findings;
  const feature = rule.condition.kind === 'feature' ? rule.condition.name : rule.requirement;
  const { message, hint } = judgement;
  return [{ code, level: rule.severity === 'error' ? 'error' : 'warning', feature, message, hint }];
}

/** One warning for all names, not one each: a JSON list that is shorter than the PDF is one cause. */
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
  const missing = sources.readable
    .flatMap((document) => document.missingListeners.map((fact) => fact.value))
    .filter((name) => !counted.includes(normaliseName(name)));
  if (missing.length === 0) return [];
  return [
    {
      code: 'listener.missing',
      level: 'warning',
      message: `The app does not listen for Threat-Events that are switched on: ${[...new Set(missing)].join(', ')}`,
      hint: 'Add the listeners to the app, or switch these Threat-Events off in the Fusion Set.',
    },
  ];
}

/** Farther apart, two names have nothing to do with each other (catalogue/nearest-names.ts). */
const NEAR = 0.5;

/** Where a name was not found, what the certificate prints and nobody asked for may be that very name. */
function unclaimedFinding(judged: JudgedRule[], sources: Sources): Finding[] {
  const missing = judged.find(
    ({ rule, judgement }) =>
      judgement.outcome === 'missing' && rule.condition.kind !== 'key' && rule.condition.kind !== 'forbid',
  );
  if (!missing) return [];
  const { condition, requirement } = missing.rule;
  const name = condition.kind === 'feature' ? condition.name : requirement;
  const subjects = judged.flatMap(({ rule }) => subjectsOf(rule.condition));
  const names = unclaimedNames(sources, name, (printed) => subjects.some((subject) => isAbout(subject, printed)));
  const [nearest] = names;
  if (nearest === undefined) return [];
  // A line to paste is an offer: among names that have nothing in common with the one that is missing, nobody can say which it is.
  const offered = names.length === 1 || nameDistance(nearest, name) <= NEAR ? nearest : 'NAME';
  return [
    {
      code: 'features.unclaimed',
      level: 'note',
      message: `The certificate also prints names that nothing claimed: ${names.join(', ')}.`,
      hint:
        `If one of them is ${name}, require it as printed (\`key: ${offered}\`),` +
        ` or pair them in a policy: \`aliases: { ${yamlWord(name)}: [${yamlWord(offered)}] }\`.`,
    },
  ];
}

function inferredFinding(level: Verdict['evidence']): Finding[] {
  if (level !== 'inferred') return [];
  return [
    {
      code: 'evidence.inferred',
      level: 'warning',
      message: 'Judged on what the JSON certificate alone shows, in a shape that nobody has confirmed',
      hint: 'Judge on the PDF, whose layout is verified; `evidence: pdf` refuses anything else.',
    },
  ];
}
