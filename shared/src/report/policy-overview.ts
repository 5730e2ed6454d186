/** A policy as it was understood: `fusegate policy check`. */

import { defined } from '../model/defined.ts';
import type { MergedPolicy } from '../policy/file/policy-chain.ts';
import type { PolicyRemark } from '../policy/rules/policy-check.ts';
import type { Accept, PolicyPlan, Rule, Waiver } from '../policy/rules/rule.ts';
import { daysLeft } from '../policy/waivers/waivers.ts';
import { aligned } from '../text/columns.ts';
import { formatDuration } from '../text/parse-duration.ts';
import { plainLine } from '../text/untrusted-text.ts';

export interface PolicyOverview {
  path: string;
  /** The file that extends nothing first. */
  files: string[];
  locked: boolean;
  /** What `policy-sha256` must be if no required-features are added. */
  sha256: string;
  rules: Array<Pick<Rule, 'id' | 'requirement' | 'severity' | 'platform' | 'source' | 'reference'>>;
  settings: Record<string, string>;
  accept: Partial<Accept>;
  /** What the gate will find with any certificate. */
  remarks: PolicyRemark[];
  waivers: Array<
    Pick<Waiver, 'features' | 'expires' | 'owner' | 'reason' | 'ticket' | 'scope' | 'source'> & {
      /** Counting today; 0 or less = expired. */
      daysLeft: number;
    }
  >;
  resolved: Record<string, string[]>;
}

/** @param now milliseconds since the epoch */
export function policyOverview(
  policy: MergedPolicy,
  plan: PolicyPlan,
  { sha256, remarks }: Pick<PolicyOverview, 'sha256' | 'remarks'>,
  now: number,
): PolicyOverview {
  return {
    path: policy.path,
    files: policy.files,
    locked: policy.locked,
    sha256,
    rules: plan.rules.map(({ id, requirement, severity, platform, source, reference }) =>
      defined({ id, requirement, severity, platform, source, reference }),
    ),
    settings: defined({
      gate: policy.gate?.value,
      platform: policy.platform?.value,
      'max-certificate-age': policy.maxCertificateAge && formatDuration(policy.maxCertificateAge.value),
      server: policy.server?.value,
      evidence: policy.evidence?.value,
      'missing-threat-event-listeners': policy.missingListeners?.value,
      'max-waiver-days': policy.maxWaiverDays && String(policy.maxWaiverDays.value),
    }),
    accept: Object.fromEntries(Object.entries(plan.accept ?? {}).filter(([, texts]) => texts.length > 0)),
    remarks,
    waivers: (plan.waivers ?? []).map(({ features, expires, owner, reason, ticket, scope, source }) =>
      defined({
        features,
        expires,
        daysLeft: daysLeft(expires, now),
        owner,
        reason,
        ticket,
        scope: { ...scope },
        source,
      }),
    ),
    resolved: plan.resolved,
  };
}

const HEADING = ['SEVERITY', 'PLATFORM', 'RULE', 'SOURCE'];

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
    platform ?? overview.settings.platform ?? 'android+ios',
    plainLine(reference?.id === undefined ? requirement : `${requirement} [${reference.id}]`),
    plainLine(source),
  ]);
  if (rows.length > 0) lines.push(...aligned([HEADING, ...rows]).map((row) => `  ${row}`));
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
