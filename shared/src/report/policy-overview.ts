/** A policy as it was understood: `fusegate policy check`. */

import type { RuleReference } from '../model/verdict.ts';
import type { MergedPolicy } from '../policy/file/policy-chain.ts';
import { checkPolicy, type PolicyRemark } from '../policy/rules/policy-check.ts';
import type { Accept, PolicyPlan } from '../policy/rules/rule.ts';
import { daysLeft } from '../policy/waivers/waivers.ts';
import { formatDuration } from '../text/parse-duration.ts';
import { plainLine } from '../text/untrusted-text.ts';

export interface PolicyOverview {
  path: string;
  /** The file that extends nothing first. */
  files: string[];
  locked: boolean;
  /** What `policy-sha256` must be if no required-features are added. */
  sha256: string;
  rules: Array<{
    id: string;
    requirement: string;
    severity: 'error' | 'warning';
    platform?: 'android' | 'ios';
    source: string;
    reference?: RuleReference;
  }>;
  settings: Record<string, string>;
  accept: Partial<Accept>;
  /** What the gate will find, whatever the certificate says. */
  remarks: PolicyRemark[];
  waivers: Array<{
    features: string[];
    expires: string;
    /** Counting today; 0 or less = expired. */
    daysLeft: number;
    owner: string;
    reason: string;
    ticket?: string;
    scope: Record<string, string>;
    source: string;
  }>;
  resolved: Record<string, string[]>;
}

/** @param now milliseconds since the epoch */
export function policyOverview(policy: MergedPolicy, plan: PolicyPlan, sha256: string, now: number): PolicyOverview {
  return {
    path: policy.path,
    files: policy.files,
    locked: policy.locked,
    sha256,
    rules: plan.rules.map(({ id, requirement, severity, platform, source, reference }) => ({
      id,
      requirement,
      severity,
      ...(platform === undefined ? {} : { platform }),
      source,
      ...(reference === undefined ? {} : { reference }),
    })),
    settings: {
      ...(policy.gate ? { gate: policy.gate.value } : {}),
      ...(policy.platform ? { platform: policy.platform.value } : {}),
      ...(policy.maxCertificateAge ? { 'max-certificate-age': formatDuration(policy.maxCertificateAge.value) } : {}),
      ...(policy.server ? { server: policy.server.value } : {}),
      ...(policy.evidence ? { evidence: policy.evidence.value } : {}),
      ...(policy.missingListeners ? { 'missing-threat-event-listeners': policy.missingListeners.value } : {}),
      ...(policy.maxWaiverDays ? { 'max-waiver-days': String(policy.maxWaiverDays.value) } : {}),
    },
    accept: Object.fromEntries(Object.entries(plan.accept ?? {}).filter(([, texts]) => texts.length > 0)),
    remarks: checkPolicy(policy, plan, now),
    waivers: (plan.waivers ?? []).map(({ features, expires, owner, reason, ticket, scope, source }) => ({
      features,
      expires,
      daysLeft: daysLeft(expires, now),
      owner,
      reason,
      ...(ticket === undefined ? {} : { ticket }),
      scope: { ...scope },
      source,
    })),
    resolved: plan.resolved,
  };
}

export function overviewLines(overview: PolicyOverview): string[] {
  const lines = [
    `${plainLine(overview.path)}: ${isUsable(overview) ? 'valid' : 'not usable as it is'}${overview.locked ? ', locked' : ''}`,
    ...(overview.files.length > 1 ? [`files: ${overview.files.map((file) => plainLine(file)).join(' < ')}`] : []),
    ...overview.remarks.map(({ level, source, message }) => plainLine(`${level}: ${source} ${message}`)),
    ...Object.entries(overview.settings).map(([name, value]) => `${name}: ${plainLine(value)}`),
    ...Object.entries(overview.accept).map(
      ([kind, texts]) => `accept ${kind}: ${plainLine(texts.map((text) => JSON.stringify(text)).join(', '))}`,
    ),
    `rules: ${overview.rules.length}`,
  ];
  const rows = overview.rules.map(({ severity, platform, requirement, source, reference }) => [
    severity,
    platform ?? 'both',
    plainLine(reference?.id === undefined ? requirement : `${requirement} [${reference.id}]`),
    plainLine(source),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  lines.push(
    ...rows.map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    ),
  );
  if (overview.waivers.length > 0) lines.push(`waivers: ${overview.waivers.length}`);
  for (const waiver of overview.waivers) {
    const left = waiver.daysLeft > 0 ? `${waiver.daysLeft} days left` : 'EXPIRED, lifts nothing';
    const scope = Object.entries(waiver.scope).map(([name, value]) => `${name} ${value}`);
    const ticket = waiver.ticket === undefined ? '' : ` (${waiver.ticket})`;
    const only = scope.length > 0 ? `; only ${scope.join(', ')}` : '';
    const why = `${waiver.owner}: ${waiver.reason}${ticket}${only} [${waiver.source}]`;
    lines.push(`  ${plainLine(`${waiver.features.join(', ')}: until ${waiver.expires} (${left}), ${why}`)}`);
  }
  return [...lines, `sha256: ${overview.sha256}`];
}

/** Whether nothing in the policy itself is an error. */
export function isUsable({ remarks }: PolicyOverview): boolean {
  return remarks.every(({ level }) => level !== 'error');
}
