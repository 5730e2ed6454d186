/**
 * Compares a certificate with an earlier one: anything gone or weaker fails; anything else new or changed is reported.
 *
 * It compares what the earlier certificate proved, by printed names: the same service printed both, and a renamed protection is worth a
 * look. Waivers do not apply here; to remove a protection on purpose, take a new baseline.
 */
import { normaliseName, resolveName } from '../../catalogue/names.ts';
import type { Fact } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { Finding, RequirementResult } from '../../model/verdict.ts';
import { isListenerName } from '../rules/missing-listeners.ts';
import { isAbout, lookFor } from '../rules/presence.ts';
import type { Baseline, BaselineFeature, FeatureCondition, MissingListeners } from '../rules/rule.ts';
import { provingDocuments, type Sources } from '../rules/sources.ts';
import { idPart } from '../rules/subjects.ts';
import { baselineNews, modesOf } from './baseline-news.ts';

export interface BaselineComparison {
  requirements: RequirementResult[];
  findings: Finding[];
  /** For the result. */
  record: Record<string, string>;
}

export function compareWithBaseline(
  baseline: Baseline,
  sources: Sources,
  missingListeners: MissingListeners | undefined,
): BaselineComparison {
  const subjects = baseline.features.map((feature) => ({ feature, subject: subjectOf(feature) }));
  const failures = [
    ...subjects.flatMap(({ feature, subject }) => protectionFailure(baseline, feature, subject, sources)),
    ...listenerFailures(baseline, sources, missingListeners),
  ];
  const failed = new Set(failures.map(({ finding }) => finding.feature));
  const requirements = failures.length > 0 ? failures.map(({ requirement }) => requirement) : [allThere(baseline)];
  const count = (code: Finding['code']) => String(failures.filter(({ finding }) => finding.code === code).length);
  const added = addedNames(
    subjects.map(({ subject }) => subject),
    sources,
  );
  return {
    requirements,
    findings: [
      ...failures.map(({ finding }) => finding),
      ...baselineNews(
        baseline,
        subjects.filter(({ feature }) => !failed.has(feature.name)),
        added,
        sources,
      ),
    ],
    record: {
      path: baseline.path,
      sha256: baseline.sha256,
      kind: baseline.kind,
      ...defined({
        buildId: baseline.facts.build_id,
        certificateCreated: baseline.facts.certificate_created,
        appdomeVersion: baseline.facts.appdome_version,
        fusionSetModified: baseline.facts.fusion_set_modified,
      }),
      protections: String(baseline.features.length),
      gone: count('baseline.gone'),
      weakened: count('baseline.weakened'),
      newlyMissingListeners: count('baseline.no-listener'),
      added: String(added.length),
      ...(added.length > 0 ? { addedNames: added.join(', ') } : {}),
    },
  };
}

interface Failure {
  requirement: RequirementResult;
  finding: Finding;
}

function subjectOf({ name, key }: BaselineFeature): FeatureCondition {
  const known = resolveName(name);
  const proofs = [...new Set([name, ...(key === undefined ? [] : [key])].map(normaliseName))];
  return {
    kind: 'feature',
    name,
    ...defined({ key }),
    proofs,
    events: known.kind === 'known' ? known.events.map(normaliseName) : [],
    related: [],
    mentions: proofs,
    elsewhere: [],
    printing: 'seen',
  };
}

function protectionFailure(
  baseline: Baseline,
  feature: BaselineFeature,
  subject: FeatureCondition,
  sources: Sources,
): Failure[] {
  // Listeners are compared separately: one that was already missing is not news.
  const found = lookFor(subject, { ...sources, missingListeners: 'ignore' });
  const id = `baseline:${normaliseName(feature.name) || feature.name}`;
  const place = { evidence: found.evidence, lookedFor: subject.proofs };
  if (found.outcome !== 'satisfied') {
    const outcome = found.outcome === 'no-listener' ? 'missing' : found.outcome;
    const message = `${feature.name} was on the baseline (${baseline.path}) and is not proven now: ${found.message}`;
    // If the documents do not say, or contradict each other, the app does not fail: there is no verdict.
    if (outcome === 'unproven' || found.conflict) {
      const code = found.conflict ? (`certificate.${found.conflict}` as const) : 'feature.unproven';
      const hint = found.hint ?? '';
      return [failure(code, { id, outcome, feature, message, hint, ...place }, baseline)];
    }
    return [failure('baseline.gone', { id, outcome, feature, message, ...place }, baseline)];
  }
  const modes = modesOf(subject, sources);
  const weaker = feature.mode !== undefined && isDefence(feature.mode) && !(modes.length > 0 && modes.every(isDefence));
  if (!weaker) return [];
  const now = modes.length > 0 ? [...new Set(modes)].join(' and ') : 'in no mode that a document shows';
  const message = `${feature.name} acted as ${feature.mode} on the baseline (${baseline.path}) and acts as ${now} now`;
  return [failure('baseline.weakened', { id, outcome: 'denied', feature, message, ...place }, baseline)];
}

function isDefence(mode: string): boolean {
  return normaliseName(mode) === 'in_app_defense';
}

function listenerFailures(
  baseline: Baseline,
  sources: Sources,
  missingListeners: MissingListeners | undefined,
): Failure[] {
  if (missingListeners === 'ignore') return [];
  // A sign beside a name may mean something, so only a plain name is compared ignoring its spelling.
  const formOf = (listed: string) => (isListenerName(listed) ? normaliseName(listed) : listed);
  const before = new Set(baseline.missingListeners.map(formOf));
  const missing = new Map<string, Fact>();
  for (const fact of sources.readable.flatMap((document) => document.missingListeners)) {
    const name = formOf(fact.value);
    if (!before.has(name) && !missing.has(name)) missing.set(name, fact);
  }
  return [...missing].map(([name, fact]) =>
    failure(
      'baseline.no-listener',
      {
        id: `baseline:listener:${idPart(name)}`,
        outcome: 'no-listener',
        feature: { name: fact.value },
        message: `The app does not listen for ${fact.value}, which was not missing on the baseline (${baseline.path})`,
        evidence: [{ document: fact.document, where: fact.where, text: fact.value }],
        lookedFor: [],
        severity: missingListeners === 'warn' ? 'warning' : 'error',
      },
      baseline,
    ),
  );
}

const HINT: Partial<Record<Finding['code'], string>> = {
  'baseline.gone':
    'Switch it on again in the Fusion Set, save it and build again; or take this certificate as the new baseline.',
  'baseline.weakened':
    'Set In-App Defense again in the Fusion Set, save it and build again; or take this certificate as the new baseline.',
  'baseline.no-listener': 'Add the listener to the app, or take this certificate as the new baseline.',
};

function failure(
  code: Finding['code'],
  about: Pick<RequirementResult, 'id' | 'outcome' | 'message' | 'evidence' | 'lookedFor'> & {
    feature: BaselineFeature;
    severity?: 'error' | 'warning';
    hint?: string;
  },
  baseline: Baseline,
): Failure {
  const { feature, severity = 'error', hint = HINT[code] ?? '', ...rest } = about;
  const { name, key } = feature;
  return {
    requirement: {
      ...rest,
      rule: 'baseline',
      requirement: `baseline: ${name}`,
      feature: key === undefined ? { name } : { name, key },
      reference: {},
      severity,
      source: baseline.path,
      hint,
    },
    finding: { code, level: severity, feature: name, message: rest.message, hint },
  };
}

function allThere(baseline: Baseline): RequirementResult {
  return {
    id: 'baseline',
    rule: 'baseline',
    requirement: 'baseline',
    feature: null,
    reference: {},
    severity: 'error',
    outcome: 'satisfied',
    evidence: [],
    lookedFor: [],
    source: baseline.path,
    message: `All ${baseline.features.length} protections of the baseline are still there, none weaker, and no listener is newly missing`,
  };
}

function addedNames(before: FeatureCondition[], sources: Sources): string[] {
  const printed = provingDocuments(sources).flatMap((document) =>
    document.features.filter((fact) => fact.presence === 'present').map((fact) => fact.name),
  );
  return [...new Set(printed)].filter((name) => !before.some((subject) => isAbout(subject, name))).sort();
}
