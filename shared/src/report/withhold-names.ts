/**
 * `detail: counts`: the same result without the names of protections, for repositories whose logs and summaries are public. An attacker
 * would like to read there how an app is protected, and how it is not.
 *
 * It keeps what is known to contain no such name and replaces the rest, so that a new finding is withheld until someone decides that it may
 * be shown.
 */

import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import type { ReportedFinding, ReportedRequirement } from './describe.ts';

const SHOWN_FINDINGS =
  /^(usage|input|secret|auth|network|api|download|upload|build|service|timeout|run|output|identity|binding|server|dry-run|validation|result|gate|fleet)\./u;
const SHOWN_CERTIFICATE_FINDINGS = new Set([
  'certificate.none',
  'certificate.pdf-unreadable',
  'certificate.json-unreadable',
  'certificate.no-feature-list',
  'certificate.empty-feature-list',
  'certificate.too-old',
  'evidence.inferred',
]);
/** Facts that are ids, hashes, sizes or fixed words; the others are free text. */
const SHOWN_FACTS =
  /^(?:.*_id|.*_sha256|.*_size|app_type|sign_type|platform|extended_logs|min_sdk_version|certificate_created)$/u;
const WITHHELD = 'Names are withheld (detail: counts); they are in fusegate-result.json.';

export interface DetailOption {
  /** `counts` hides the names of protections. */
  detail: 'full' | 'counts';
}

/** The result as a report may show it. */
export function shownTo(result: FusegateResult, { detail }: DetailOption): FusegateResult {
  return detail === 'counts' ? withholdNames(result) : result;
}

export function withholdNames(result: FusegateResult): FusegateResult {
  return {
    ...result,
    requirements: result.requirements.map(withheldRequirement),
    findings: result.findings.map(withheldFinding),
    missingFeatures: result.missingFeatures.map((_, index) => `protection ${index + 1}`),
    certificate: {
      ...result.certificate,
      features: result.certificate.features.map((feature, index) => ({
        name: `protection ${index + 1}`,
        source: feature.source,
      })),
      missingListeners: result.certificate.missingListeners.map((_, index) => `listener ${index + 1}`),
      facts: Object.fromEntries(Object.entries(result.certificate.facts).filter(([name]) => SHOWN_FACTS.test(name))),
    },
    waivers: result.waivers.map((waiver, index) => ({
      ...waiver,
      features: [`protection ${index + 1}`],
      reason: 'withheld',
      ...(waiver.mismatch && { mismatch: 'withheld' }),
    })),
    ...defined({
      listening: result.listening && {
        ...result.listening,
        events: result.listening.events.map(({ outcome }, index) => ({
          name: `event ${index + 1}`,
          outcome,
          places: [],
        })),
        unreadable: [],
      },
    }),
    accepted: result.accepted.map((wording) => ({ ...wording, text: 'withheld' })),
    baseline: result.baseline && withoutNames(result.baseline),
    policy: { ...result.policy, resolved: { require: ['...'] } },
  };
}

function withoutNames({ addedNames: _, ...record }: Record<string, string>): Record<string, string> {
  return record;
}

function withheldRequirement(rule: ReportedRequirement, index: number): ReportedRequirement {
  const { rule: kind, component, severity, outcome, source, hint, waivedBy } = rule;
  return {
    id: `rule:${index + 1}`,
    rule: kind,
    requirement: `Protection ${index + 1}`,
    feature: null,
    // Its wording may name what the rule is about.
    reference: {},
    severity,
    outcome,
    evidence: [],
    lookedFor: [],
    source,
    message: `protection ${index + 1} of the policy`,
    // A hint may quote a name to paste.
    ...defined({ component, hint: hint && WITHHELD, waivedBy: waivedBy && 'a waiver' }),
  };
}

function withheldFinding(finding: ReportedFinding): ReportedFinding {
  const shown = SHOWN_FINDINGS.test(finding.code) || SHOWN_CERTIFICATE_FINDINGS.has(finding.code);
  if (shown && finding.feature === undefined) return finding;
  return { code: finding.code, level: finding.level, message: `A finding of the kind ${finding.code}`, hint: WITHHELD };
}
