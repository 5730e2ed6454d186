/**
 * `fusegate-predicate.json` and `fusegate-statement.json`: the verdict as an in-toto attestation, for `actions/attest` and its like to
 * sign. The predicate is a Verification Summary (https://slsa.dev/spec/v1.0/verification_summary), which is what policy engines read.
 *
 * A statement is about one file, by its digest, so there is one only if the certificate is bound to that file. There is none for a
 * rehearsal: what an embedded service issues must never look like a release's evidence (design, rule 16).
 */

import type { FusegateResult } from '../model/result.ts';
import type { RuleReference } from '../model/verdict.ts';
import { plainLine } from '../text/untrusted-text.ts';
import { policyRequirements } from './describe.ts';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://slsa.dev/verification_summary/v1';
/** Names, not addresses: nothing is fetched from them. */
const URN = 'urn:fusegate';

interface ResourceDescriptor {
  uri: string;
  digest: { sha256: string };
}

export interface Statement {
  _type: typeof STATEMENT_TYPE;
  subject: Array<{ name: string; digest: { sha256: string } }>;
  predicateType: typeof PREDICATE_TYPE;
  predicate: ReturnType<typeof verificationSummary>;
}

export type Attestation = { statement: Statement } | { refused: string };

const SHA256 = /^[0-9a-f]{64}$/u;

/** @returns the statement, or one sentence on why this result gets none */
export function attestationOf(result: FusegateResult): Attestation {
  const refused = refusal(result);
  if (refused !== undefined) return { refused };
  const file = boundFile(result);
  const { finishedAt } = result;
  if (!file || finishedAt === null) return { refused: 'the run has not ended' };
  return {
    statement: {
      _type: STATEMENT_TYPE,
      subject: [{ name: plainLine(file.name), digest: { sha256: file.sha256 } }],
      predicateType: PREDICATE_TYPE,
      predicate: verificationSummary(result, finishedAt, file.sha256),
    },
  };
}

function verificationSummary(result: FusegateResult, timeVerified: string, sha256: string) {
  const passed = result.verdict === 'pass';
  const { pdf, json } = result.certificate.sha256;
  const { buildId, fusionSetId, appId } = result.ids;
  return {
    verifier: { id: `${URN}:gate`, version: { fusegate: plainLine(result.tool.version) } },
    timeVerified,
    resourceUri: resourceUri(result, sha256),
    policy: { uri: `${URN}:policy:${result.policy.sha256}`, digest: { sha256: result.policy.sha256 } },
    // The certificate's documents, by digest; they are confidential and have no address.
    inputAttestations: [...document('pdf', pdf), ...document('json', json)],
    verificationResult: passed ? 'PASSED' : 'FAILED',
    // This is not an SLSA level, so we use our own value (the specification reserves only `SLSA_`).
    verifiedLevels: passed ? ['APPDOME_CERTIFIED_SECURE'] : ['FAILED'],
    // Extension fields must have URIs as names.
    'urn:fusegate:verdict': {
      binding: result.binding.level,
      evidence: result.evidence,
      gate: result.gate,
      server: result.server === null ? null : plainLine(result.server),
      // What was between the run and the service: either could let another server pose as the service.
      transport: plainValues(result.transport),
      // `validatedAt`: when the service checked the signed file, if it did.
      ...plainValues({ buildId, fusionSetId, appId, validatedAt: result.validation?.at }),
      required: policyRequirements(result).length,
      waived: result.requirements.filter((rule) => rule.outcome === 'waived').length,
      accepted: result.accepted.length,
      ...referencedRules(result),
    },
  };
}

function refusal(result: FusegateResult): string | undefined {
  if (result.rehearsal) return 'a rehearsal gets none';
  if (result.server === null) return 'the certificate was given as a file, so nothing shows that the service issued it';
  if (result.gate !== 'enforce') return `the gate is not enforced (gate: ${result.gate})`;
  const consistent =
    (result.verdict === 'pass' && result.exitCode === 0) || (result.verdict === 'fail' && result.exitCode !== 0);
  if (!consistent) return `there is no verdict to state (${result.verdict}, exit ${result.exitCode})`;
  if (!['file', 'content', 'service'].includes(result.binding.level)) {
    return `the certificate is not bound to the file (binding: ${result.binding.level})`;
  }
  if (!boundFile(result)) return 'there is no file to state it for';
  if (!SHA256.test(result.policy.sha256)) return 'the policy has no digest';
  const { pdf, json } = result.certificate.sha256;
  if (pdf === undefined && json === undefined) return 'no certificate was read';
  return undefined;
}

/** The file that the certificate is bound to, by its digest: the protected app (held back or not), the signed app, or the given one. */
function boundFile({ binding, files, app }: FusegateResult): { name: string; sha256: string } | undefined {
  const { sha256 } = binding;
  if (sha256 === undefined || !SHA256.test(sha256)) return undefined;
  const path = files.find((file) => file.sha256 === sha256)?.path ?? app?.path;
  return { name: path?.split(/[\\/]/u).at(-1) || 'app', sha256 };
}

function document(kind: 'pdf' | 'json', sha256: string | undefined): ResourceDescriptor[] {
  return sha256 === undefined ? [] : [{ uri: `${URN}:certificate:${kind}:${sha256}`, digest: { sha256 } }];
}

/** What an auditor looks for: which of the team's own controls are met, in their author's words. Protections are named nowhere else. */
function referencedRules({ requirements }: FusegateResult): { rules?: Array<RuleReference & { outcome: string }> } {
  const rules = requirements
    .map(({ reference, outcome }) => ({ ...plainValues<keyof RuleReference>(reference), outcome }))
    .filter((rule) => Object.keys(rule).length > 1);
  return rules.length === 0 ? {} : { rules };
}

/** The ones that exist, each on one harmless line. */
function plainValues<K extends string>(texts: Partial<Record<K, string | undefined>>): Partial<Record<K, string>> {
  const there = Object.entries<string | undefined>(texts).flatMap(([key, text]) =>
    text ? [[key, plainLine(text)]] : [],
  );
  return Object.fromEntries(there);
}

/** `pkg:generic/com.example.app@1.2.3?platform=android` (package URL), else a name by digest. */
function resourceUri({ app }: FusegateResult, sha256: string): string {
  if (!app?.bundleId) return `urn:sha256:${sha256}`;
  const part = (text: string) => encodeURIComponent(plainLine(text));
  const version = app.version ? `@${part(app.version)}` : '';
  const platform = app.platform ? `?platform=${part(app.platform)}` : '';
  return `pkg:generic/${part(app.bundleId)}${version}${platform}`;
}
