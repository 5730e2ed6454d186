/** A policy as it was understood: `fusegate policy check`. */
import type { MergedPolicy } from '../policy/policy-chain.ts';
import type { PolicyPlan } from '../policy/rule.ts';
import { daysLeft } from '../policy/waivers.ts';
import { plainLine } from './untrusted-text.ts';

export interface PolicyOverview {
  path: string;
  /** The file that extends nothing first. */
  files: string[];
  locked: boolean;
  /** What `policy-sha256` must be where no required-features are added. */
  sha256: string;
  rules: Array<{
    id: string;
    requirement: string;
    severity: 'error' | 'warning';
    platform?: 'android' | 'ios';
    source: string;
  }>;
  settings: Record<string, string>;
  waivers: Array<{
    feature: string;
    expires: string;
    /** Counting today; 0 or less = expired. */
    daysLeft: number;
    owner: string;
    reason: string;
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
    rules: plan.rules.map(({ id, requirement, severity, platform, source }) => ({
      id,
      requirement,
      severity,
      ...(platform === undefined ? {} : { platform }),
      source,
    })),
    settings: {
      ...(policy.server ? { server: policy.server.value } : {}),
      ...(policy.evidence ? { evidence: policy.evidence.value } : {}),
      ...(policy.missingListeners ? { 'missing-threat-event-listeners': policy.missingListeners.value } : {}),
      ...(policy.maxWaiverDays ? { 'max-waiver-days': String(policy.maxWaiverDays.value) } : {}),
    },
    waivers: (plan.waivers ?? []).map(({ feature, expires, owner, reason, scope, source }) => ({
      feature,
      expires,
      daysLeft: daysLeft(expires, now),
      owner,
      reason,
      scope: { ...scope },
      source,
    })),
    resolved: plan.resolved,
  };
}

export function overviewLines(overview: PolicyOverview): string[] {
  const lines = [
    `${plainLine(overview.path)}: valid${overview.locked ? ', locked' : ''}`,
    ...(overview.files.length > 1 ? [`files: ${overview.files.map((file) => plainLine(file)).join(' < ')}`] : []),
    ...Object.entries(overview.settings).map(([name, value]) => `${name}: ${plainLine(value)}`),
    `rules: ${overview.rules.length}`,
  ];
  const rows = overview.rules.map(({ severity, platform, requirement, source }) => [
    severity,
    platform ?? 'both',
    plainLine(requirement),
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
    lines.push(
      plainLine(
        `  ${waiver.feature}: until ${waiver.expires} (${left}), ${waiver.owner}: ${waiver.reason}${scope.length > 0 ? `; only ${scope.join(', ')}` : ''} [${waiver.source}]`,
      ).replace(/^/u, '  '),
    );
  }
  return [...lines, `sha256: ${overview.sha256}`];
}
