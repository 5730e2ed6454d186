/**
 * `fusegate.sarif`: SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0) for GitHub code scanning, Azure's scans tab and Jenkins'
 * warnings-ng. One result for every rule that is not met and every error or warning. Rules that are met have none, because code scanning
 * turns every result into an alert, whatever its `kind`.
 *
 * Limits of code scanning (ci-platforms.md §1.5): 25 000 results, 25 000 rules, 20 tags per rule; a file with more is rejected.
 */
import { createHash } from 'node:crypto';
import type { Log, Result } from 'sarif';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import type { VerdictCode } from '../model/verdict.ts';
import { errorsPageOf } from '../text/errors-page.ts';
import { ADVICE_LIMIT, plainLine, sarifText } from '../text/untrusted-text.ts';
import {
  acceptedSentence,
  closed,
  errorFindings,
  evidenceModeSentence,
  gateSentence,
  headline,
  nextStepOf,
  originSentence,
  type ReportedFinding,
  type ReportedRequirement,
  requirementSentence,
  separateFindings,
  shownVerdict,
  transportSentence,
  waiversSentence,
} from './describe.ts';
import { locationOf, type ReportPlace } from './sarif-location.ts';
import { descriptorOf, findingRule, NO_VERDICT_RULE, requirementRule, type SarifRule } from './sarif-rules.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

export interface SarifOptions extends DetailOption, ReportPlace {}

/** Code scanning keeps the first 5000 of at most 25 000. */
const MOST_RESULTS = 5000;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A result before it is written as one. */
interface Alert {
  rule: SarifRule;
  level: 'error' | 'warning' | 'note';
  text: string;
  /** What to do next. */
  hint?: string | undefined;
  /** What it is about; the same in every run. */
  about: string;
  source?: string;
  waivedBy?: string | undefined;
  properties: Record<string, string>;
}

/** @returns the text of a SARIF log with one run */
export function renderSarif(whole: FusegateResult, options: SarifOptions): string {
  const result = shownTo(whole, options);
  const alerts = alertsOf(result).slice(0, MOST_RESULTS);
  const rules = rulesOf(alerts);
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Fusegate',
            fullName: 'Fusegate, the gate for Appdome Certified Secure certificates',
            ...versionOf(result),
            rules: rules.map(descriptorOf),
          },
        },
        automationDetails: { id: `fusegate/${encodeURIComponent(appIdentity(result))}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository' } } },
        invocations: [
          {
            executionSuccessful: ['pass', 'fail'].includes(shownVerdict(result)),
            exitCode: result.exitCode,
            ...timeOf('startTimeUtc', result.startedAt),
            ...timeOf('endTimeUtc', result.finishedAt),
          },
        ],
        results: resultsOf(alerts, rules, result, options),
        properties: runProperties(result),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function versionOf(result: FusegateResult): { version: string; semanticVersion?: string } {
  const version = plainLine(result.tool.version, 60) || 'unknown';
  return /^\d+\.\d+\.\d+/u.test(version) ? { version, semanticVersion: version } : { version };
}

function timeOf<K extends string>(key: K, time: string | null): { [P in K]?: string } {
  const known = time !== null && Number.isFinite(Date.parse(time));
  return (known ? { [key]: new Date(Date.parse(time)).toISOString() } : {}) as { [P in K]?: string };
}

function runProperties(result: FusegateResult): Record<string, string | boolean> {
  return {
    verdict: result.verdict,
    gate: gateSentence(result) ?? result.gate,
    ...plainProperties({
      evidenceMode: evidenceModeSentence(result),
      transport: transportSentence(result),
      waivers: waiversSentence(result),
      accepted: acceptedSentence(result),
    }),
    evidence: result.evidence,
    binding: result.binding.level,
    rehearsal: result.rehearsal,
    ...plainProperties({ origin: originSentence(result), policySha256: result.policy.sha256 }),
  };
}

function plainProperties(texts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, plainLine(text)]])),
  );
}

function alertsOf(result: FusegateResult): Alert[] {
  const disabled = result.verdict === 'not-evaluated';
  const alerts = [
    ...(disabled ? [] : result.requirements.flatMap(requirementAlert)),
    ...findingsOf(result).flatMap(findingAlert),
  ];
  const open = alerts.some((alert) => alert.waivedBy === undefined && alert.level === 'error');
  // Without a result, the alerts of earlier runs would close as if all were well.
  const verdict = shownVerdict(result);
  if (verdict !== 'pass' && !open) alerts.push(verdictAlert(result, verdict));
  return result.gate === 'warn' ? alerts.map(softened) : alerts;
}

function findingsOf(result: FusegateResult): ReportedFinding[] {
  const errors = new Set(errorFindings(result));
  return separateFindings(result).filter((finding) => errors.has(finding) || finding.level === 'warning');
}

function requirementAlert(rule: ReportedRequirement): Alert[] {
  if (rule.outcome === 'satisfied') return [];
  const waived = rule.outcome === 'waived';
  return [
    {
      rule: requirementRule(rule),
      level: waived ? 'note' : rule.severity,
      text: `${rule.requirement}: ${closed(requirementSentence(rule))}`,
      hint: nextStepOf(rule),
      // If names are withheld, this is a number: a digest of a guessable name would reveal it.
      about: rule.id,
      source: rule.source,
      ...(waived ? { waivedBy: rule.waivedBy ?? 'no reason is recorded' } : {}),
      properties: {
        outcome: rule.outcome,
        requirement: plainLine(rule.requirement),
        ...plainProperties(rule.reference),
      },
    },
  ];
}

function findingAlert(finding: ReportedFinding): Alert {
  return {
    rule: findingRule(finding),
    level: finding.waivedBy === undefined ? finding.level : 'note',
    text: closed(finding.message),
    hint: nextStepOf(finding),
    about: `${finding.code} ${finding.feature ?? ''}`,
    waivedBy: finding.waivedBy,
    properties: { code: plainLine(finding.code), help: errorsPageOf(finding.code) },
  };
}

function verdictAlert(result: FusegateResult, verdict: Exclude<FusegateResult['verdict'], 'pass'>): Alert {
  const code: VerdictCode = `verdict.${verdict}`;
  // A disabled gate is worth a warning; a dry run and the check of a signed app judge nothing by design.
  const off = result.dryRun || result.mode === 'validate' ? 'note' : 'warning';
  return {
    rule: NO_VERDICT_RULE,
    level: result.verdict === 'not-evaluated' ? off : 'error',
    text: headline(result),
    about: 'verdict',
    properties: { code, help: errorsPageOf(code) },
  };
}

/** With gate: warn the job continues, and an alert of level `error` would fail a pull request's check after all. */
function softened(alert: Alert): Alert {
  return alert.level === 'error' ? { ...alert, level: 'warning' } : alert;
}

/** Each once, by id. */
function rulesOf(alerts: Alert[]): SarifRule[] {
  const byId = new Map(alerts.map(({ rule }) => [rule.id, rule]));
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

function resultsOf(alerts: Alert[], rules: SarifRule[], result: FusegateResult, place: ReportPlace): Result[] {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return alerts.map((alert) => {
    const { id: ruleId } = alert.rule;
    const same = `${ruleId} ${alert.about}`;
    const ordinal = seen.get(same) ?? 0;
    seen.set(same, ordinal + 1);
    const fingerprint = digest(`${appIdentity(result)}\n${same}\n${ordinal}`);
    return {
      ruleId,
      ruleIndex: indexes.get(ruleId) ?? -1,
      level: alert.level,
      message: { text: textOf(alert) },
      locations: [locationOf(alert.source, place)],
      // Code scanning uses only the first, which other tools derive from the source line; ours stays the same when lines move.
      partialFingerprints: {
        primaryLocationLineHash: `${fingerprint.slice(0, 16)}:1`,
        'fusegateSubject/v1': fingerprint,
      },
      ...defined({ suppressions: suppressionsOf(alert) }),
      properties: alert.properties,
    };
  });
}

function suppressionsOf({ waivedBy }: Alert): Result['suppressions'] {
  if (waivedBy === undefined) return undefined;
  return [{ kind: 'external', status: 'accepted', justification: plainLine(waivedBy) || 'no reason is recorded' }];
}

/** The hint separately, so that a long message does not cut off a line to paste. */
function textOf({ text, hint, rule }: Alert): string {
  const message = sarifText(text) || rule.id;
  return hint === undefined ? message : `${message} What to do: ${sarifText(hint, ADVICE_LIMIT)}`;
}

/** The app's stable identity: never a build id, a version or a time. */
function appIdentity(result: FusegateResult): string {
  const { app } = result;
  const name = app?.bundleId ?? app?.path?.split(/[\\/]/u).at(-1) ?? 'app';
  return plainLine([name, app?.platform].filter(Boolean).join('-'), 200) || 'app';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
