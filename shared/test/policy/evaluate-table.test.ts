/** The table of the verdict, row by row: as `evaluate` says it, as docs/verdict.md shows it, and as the code does it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DocumentReading, Wording } from '../../src/model/certificate.ts';
import type { AppListening, ListenerOutcome, NeededListening } from '../../src/model/listening.ts';
import type { RequirementOutcome, VerdictOutcome } from '../../src/model/verdict.ts';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import { exitCodeOf } from '../../src/policy/rules/exit-code.ts';
import type { Accept, Baseline, Condition, FeatureCondition, PolicyPlan, Rule } from '../../src/policy/rules/rule.ts';
import { judgedBy, NOW } from './policy-text.ts';
import {
  EXPECTED,
  json,
  ORIGINAL,
  OTHER_HASH,
  OTHER_ID,
  pdf,
  plan,
  unknownJson,
  unreadable,
  wording,
} from './synthetic-evidence.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const read = (file: string) => readFileSync(path.resolve(here, '../../..', file), 'utf8');
const rowsOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^ \* /u, '').trim())
    .filter((line) => /^\| .* \|$/u.test(line) && !/^\| (?:---|what is found)/u.test(line));

interface Case {
  pdf?: DocumentReading;
  json?: DocumentReading;
  plan?: Partial<PolicyPlan>;
  /** Judged first; the good build's Anti-Debugging is required beside it where it asks for no protection. */
  condition?: Condition;
  expect?: { [Name in keyof Expectation]?: Expectation[Name] | undefined };
  outcome: VerdictOutcome;
  /** Of the rule that the row is about. */
  rule?: RequirementOutcome;
  /** Code and level; null = nothing is found. */
  finding?: string | null;
  exit?: number;
  inferred?: true;
}

const feature = (name: string, rest: Partial<FeatureCondition> = {}): FeatureCondition => {
  const condition = plan(name).rules[0]?.condition;
  if (condition?.kind !== 'feature') throw new Error(name);
  return { ...condition, ...rest };
};
const root = feature('Root Detection');
const proxy = feature('Proxy Detection');
const debugging = feature('Anti-Debugging');
const rule = (condition: Condition, rest: Partial<Rule> = {}): Rule => ({
  id: 'the-rule',
  requirement: 'the rule',
  severity: 'error',
  source: 'policy.yml:3',
  condition,
  ...rest,
});
const detects = { name: 'Root Detection', mode: 'In-App Detection' };
const noPdf = unreadable('pdf');
const noJson = unreadable('json');
const denied = [{ name: 'root_detection', presence: 'absent' as const }, 'anti_debugging'];
const unclear = [{ name: 'root_detection', presence: 'unknown' as const, value: 'null' }, 'anti_debugging'];
const heading = wording('heading', 'Not Included');
const doubt = wording('text', 'Some implementations are missing');
const stray = (text: string): Wording => ({ ...wording('text', text), outside: true });
const inRemoved = (text: string): Wording => ({ kind: 'text', text, document: 'json', where: '$.removed.x' });
const logsOff: Condition = {
  kind: 'forbid',
  subject: { ...root, name: 'Diagnostic Logs', proofs: ['extended_logs'], mentions: [], events: [] },
  fact: 'extended_logs',
};
const accepting = (...texts: string[]): Accept => ({ titles: [], headings: [], labels: [], modes: [], texts });
const days = (count: number) => count * 24 * 60 * 60 * 1000;
const created = (value: string | string[]) => pdf({ facts: { certificate_created: value } });
const baseline: Baseline = {
  path: 'release-1.pdf',
  sha256: 'f'.repeat(64),
  kind: 'certificate',
  features: [{ name: 'Root Detection', key: 'root_detection' }],
  missingListeners: [],
  facts: {},
};

const listening = (outcome: ListenerOutcome, more: Partial<NeededListening> = {}): AppListening => ({
  events: [{ name: 'RootedDevice', protection: 'Root Detection', outcome, places: [], ...more }],
  unreadable: [],
});

function judge(given: Case) {
  const condition = given.condition ?? root;
  const beside = ['feature', 'key', 'any-of', 'all-of', 'at-least'].includes(condition.kind)
    ? []
    : plan('Anti-Debugging').rules;
  const made: PolicyPlan = { rules: [rule(condition), ...beside], resolved: {}, ...given.plan };
  const evidence = { pdf: given.pdf ?? pdf(), json: given.json ?? unknownJson() };
  return evaluate(made, evidence, { ...EXPECTED, now: NOW, ...given.expect } as Expectation);
}

/** First column of the table to what it means; every one of them with the other side where there is one. */
const ROWS: Record<string, Case[]> = {
  'gate disabled': [
    { expect: { gate: 'disabled' }, outcome: 'not-evaluated', finding: 'gate.weakened warning', exit: 0 },
  ],
  'gate disabled or warn, and the policy pins a stricter one': [
    { plan: { gate: 'enforce' }, expect: { gate: 'disabled' }, outcome: 'pass', finding: null },
    { plan: { gate: 'enforce' }, condition: proxy, expect: { gate: 'disabled' }, outcome: 'fail' },
    { plan: { gate: 'enforce' }, expect: { gate: 'warn' }, outcome: 'pass', finding: null },
    {
      plan: { gate: 'warn' },
      condition: proxy,
      expect: { gate: 'disabled' },
      outcome: 'fail',
      finding: 'gate.weakened warning',
    },
    { plan: { gate: 'warn' }, expect: { gate: 'enforce' }, outcome: 'pass', finding: null },
  ],
  'gate warn': [
    { condition: proxy, expect: { gate: 'warn' }, outcome: 'fail', finding: 'gate.weakened warning', exit: 0 },
    { pdf: noPdf, expect: { gate: 'warn' }, outcome: 'error', finding: 'gate.weakened warning', exit: 0 },
  ],
  'no enforceable rule asks for a protection on this platform': [
    { plan: { rules: [] }, outcome: 'error', finding: 'usage.invalid error' },
    { plan: { rules: [rule(root, { severity: 'warning' })] }, outcome: 'error', finding: 'usage.invalid error' },
    { plan: { rules: [rule({ kind: 'forbid', subject: proxy })] }, outcome: 'error', finding: 'usage.invalid error' },
    { plan: { rules: [rule({ kind: 'listener' })] }, outcome: 'error', finding: 'usage.invalid error' },
    {
      plan: { rules: [rule({ kind: 'signature-validity', minimumMs: 0 })] },
      outcome: 'error',
      finding: 'usage.invalid error',
    },
    {
      plan: { rules: [rule({ kind: 'build', fact: 'sign_type', operator: '=', value: 'x' })] },
      outcome: 'error',
      finding: 'usage.invalid error',
    },
    {
      plan: { rules: [rule({ kind: 'key', printed: 'openssl', component: true })] },
      outcome: 'error',
      finding: 'usage.invalid error',
    },
    {
      condition: { kind: 'any-of', of: [root, { ...debugging, component: true }] },
      outcome: 'error',
      finding: 'usage.invalid error',
    },
    {
      condition: { kind: 'at-least', count: 1, of: [root, { ...debugging, component: true }] },
      outcome: 'error',
      finding: 'usage.invalid error',
    },
    { condition: { kind: 'at-least', count: 2, of: [root, { ...debugging, component: true }] }, outcome: 'pass' },
    { condition: { kind: 'all-of', of: [root, { ...debugging, component: true }] }, outcome: 'pass' },
    {
      plan: { rules: [rule(root, { platform: 'ios' })] },
      pdf: pdf({ facts: { platform: 'Android' } }),
      outcome: 'error',
      finding: 'usage.invalid error',
    },
  ],
  'every such rule is waived, and none of them holds without its waiver': [
    {
      plan: { rules: [rule(proxy, { waivedBy: 'QA' })] },
      outcome: 'error',
      rule: 'waived',
      finding: 'policy.all-waived error',
    },
    { plan: { rules: [rule(proxy, { waivedBy: 'QA' }), ...plan('Root Detection').rules] }, outcome: 'pass' },
    {
      plan: { rules: [rule(proxy, { waivedBy: 'QA' })], baseline },
      outcome: 'error',
      finding: 'policy.all-waived error',
    },
  ],
  'neither document readable': [
    { pdf: noPdf, json: noJson, outcome: 'error', rule: 'not-evaluated', finding: 'certificate.none error', exit: 8 },
  ],
  'PDF U; JSON absent, HTML, array, null, damaged, list empty': [
    { json: noJson, outcome: 'pass', finding: 'certificate.json-unreadable warning' },
    { json: unreadable('json', 'not-json'), outcome: 'pass', finding: 'certificate.json-unreadable warning' },
    { json: unreadable('json', 'not-object'), outcome: 'pass', finding: 'certificate.json-unreadable warning' },
    { json: json({ lines: [] }), outcome: 'pass', finding: 'certificate.empty-feature-list warning' },
  ],
  'PDF U; JSON valid, of unknown shape': [{ outcome: 'pass', finding: 'certificate.json-shape-unknown note' }],
  '`evidence: any`; PDF absent, damaged or without a list; JSON U': [
    { pdf: noPdf, json: json(), outcome: 'pass', finding: 'evidence.inferred warning', inferred: true },
    {
      pdf: unreadable('pdf', 'damaged'),
      json: json(),
      outcome: 'pass',
      finding: 'evidence.inferred warning',
      inferred: true,
    },
    {
      pdf: pdf({ lines: [], hasFeatureList: false }),
      json: json(),
      outcome: 'pass',
      finding: 'evidence.inferred warning',
      inferred: true,
    },
  ],
  'no document U': [
    { pdf: noPdf, outcome: 'error', finding: 'certificate.json-shape-unknown error' },
    { pdf: pdf({ lines: [] }), json: noJson, outcome: 'error', finding: 'certificate.empty-feature-list error' },
  ],
  '`evidence: pdf` (the default) or `json`, that one not U': [
    {
      pdf: noPdf,
      json: json(),
      expect: { evidenceMode: 'pdf' },
      outcome: 'error',
      finding: 'evidence.insufficient error',
    },
    { expect: { evidenceMode: 'json' }, outcome: 'error', finding: 'evidence.insufficient error' },
    { pdf: noPdf, json: json(), plan: { evidence: 'pdf' }, outcome: 'error', finding: 'evidence.insufficient error' },
  ],
  '`evidence: both`, one not U': [
    { expect: { evidenceMode: 'both' }, outcome: 'error', finding: 'evidence.insufficient error' },
  ],
  'wording in the PDF that is neither known nor accepted, wherever it is': [
    { pdf: pdf({ unread: [heading] }), outcome: 'pass', finding: 'certificate.unread warning' },
    { pdf: pdf({ listenerDoubts: [doubt] }), outcome: 'pass', finding: 'certificate.unread warning' },
    { outcome: 'pass', finding: null },
  ],
  "wording that only the policy's `accept` makes understood": [
    {
      pdf: pdf({ lines: [{ name: 'root_detection', unread: [heading] }] }),
      plan: { accept: { titles: [], headings: [heading.text], labels: [], modes: [], texts: [] } },
      outcome: 'pass',
      finding: 'policy.accepted note',
    },
  ],
  'an id in two values in one document': [
    {
      pdf: pdf({ facts: { fusion_set_id: [OTHER_ID, OTHER_ID.replace('9', '8')] } }),
      outcome: 'error',
      finding: 'certificate.contradiction error',
    },
  ],
  'an id that differs between the documents': [
    { json: json({ facts: { app_id: OTHER_ID } }), outcome: 'error', finding: 'certificate.disagreement error' },
  ],
  'build, Fusion Set, app or team id other than asked': [
    { expect: { buildId: OTHER_ID }, outcome: 'error', rule: 'not-evaluated', finding: 'identity.mismatch error' },
    { expect: { fusionSetId: OTHER_ID }, outcome: 'error', finding: 'identity.mismatch error' },
    { expect: { appId: OTHER_ID }, outcome: 'error', finding: 'identity.mismatch error' },
    { json: json(), expect: { teamId: OTHER_ID }, outcome: 'error', finding: 'identity.mismatch error' },
  ],
  'build or Fusion Set id asked, stated nowhere': [
    { pdf: pdf({ facts: { build_id: [] } }), json: noJson, outcome: 'error', finding: 'identity.unproven error' },
    { pdf: pdf({ facts: { fusion_set_id: [] } }), json: noJson, outcome: 'error', finding: 'identity.unproven error' },
  ],
  'build id asked, not stated in the very document that proves': [
    { pdf: pdf({ facts: { build_id: [] } }), json: json(), outcome: 'error', finding: 'identity.unproven error' },
  ],
  'app id asked, stated nowhere (the build id holds)': [
    { pdf: pdf({ facts: { app_id: [] } }), json: noJson, outcome: 'pass', finding: 'identity.unproven warning' },
  ],
  "an app given for a build that it did not start, and no document prints the original's hash": [
    {
      pdf: noPdf,
      json: json(),
      expect: { claimedOriginalSha256: ORIGINAL },
      outcome: 'error',
      finding: 'identity.unproven error',
    },
    { expect: { claimedOriginalSha256: ORIGINAL }, outcome: 'pass' },
  ],
  "the original's hash is another app's": [
    { expect: { originalSha256: OTHER_HASH }, outcome: 'error', finding: 'binding.mismatch error' },
    { expect: { claimedOriginalSha256: OTHER_HASH }, outcome: 'error', finding: 'binding.mismatch error' },
  ],
  'the hash of the original or the final app is ours, and text above it, outside the list, is not known': [
    {
      pdf: pdf({ above: { final_sha256: stray('The signature was revoked') } }),
      outcome: 'error',
      finding: 'binding.unconfirmed error',
    },
    {
      pdf: pdf({ above: { original_sha256: stray('Not this app') } }),
      outcome: 'error',
      finding: 'binding.unconfirmed error',
    },
    {
      pdf: pdf({ above: { final_sha256: stray('Signing scheme') } }),
      plan: { accept: accepting('Signing scheme') },
      outcome: 'pass',
    },
    {
      pdf: pdf({ above: { final_sha256: stray('The signature was revoked') } }),
      expect: { finalSha256: OTHER_HASH },
      outcome: 'error',
      finding: 'binding.mismatch error',
    },
    {
      pdf: pdf({ above: { final_sha256: stray('The signature was revoked') } }),
      expect: { finalSha256: undefined, originalSha256: undefined, mode: 'gate', sign: undefined },
      outcome: 'pass',
    },
  ],
  "the final hash is another file's, and this run did not ask for private or auto-dev signing": [
    { expect: { finalSha256: OTHER_HASH }, outcome: 'error', finding: 'binding.mismatch error' },
    {
      json: json({ facts: { sign_type: 'Sealed' } }),
      expect: { finalSha256: OTHER_HASH },
      outcome: 'error',
      finding: 'binding.mismatch error',
    },
    {
      expect: { finalSha256: OTHER_HASH, sign: undefined, mode: 'gate' },
      outcome: 'error',
      finding: 'binding.mismatch error',
    },
  ],
  'the protected app is byte for byte the original': [
    { expect: { finalSha256: ORIGINAL, sign: 'private' }, outcome: 'error', finding: 'binding.mismatch error' },
  ],
  'an app given to mode gate, and no document prints a hash to compare it with': [
    {
      pdf: pdf({ facts: { original_sha256: [], final_sha256: [] } }),
      json: noJson,
      expect: { finalSha256: OTHER_HASH, sign: undefined, originalSha256: undefined, mode: 'gate' },
      outcome: 'error',
      rule: 'not-evaluated',
      finding: 'binding.unconfirmed error',
    },
    {
      pdf: pdf({ facts: { final_sha256: [] } }),
      json: noJson,
      expect: { finalSha256: OTHER_HASH, sign: undefined, originalSha256: undefined, mode: 'gate' },
      outcome: 'error',
      finding: 'binding.unconfirmed error',
    },
    {
      pdf: pdf({ facts: { final_sha256: [] } }),
      json: noJson,
      expect: { finalSha256: ORIGINAL, sign: undefined, originalSha256: undefined, mode: 'gate' },
      outcome: 'error',
      finding: 'binding.mismatch error',
    },
  ],
  'signed on Appdome by this run, or an app given to mode gate, and the PDF shows no final hash that is understood': [
    ...(['on-appdome', undefined] as const).map(
      (sign): Case => ({
        pdf: pdf({ facts: { final_sha256: [] } }),
        expect: { sign, mode: sign === undefined ? 'gate' : 'run' },
        outcome: 'error',
        rule: 'not-evaluated',
        finding: 'binding.unconfirmed error',
        exit: 8,
      }),
    ),
    {
      pdf: pdf({ facts: { final_sha256: [] } }),
      json: unknownJson({ sign_type: 'Sealed' }),
      expect: { sign: undefined, mode: 'gate' },
      outcome: 'error',
      finding: 'binding.unconfirmed error',
    },
    // The JSON alone is judged as inferred, and prints no such hash.
    { pdf: noPdf, json: json(), outcome: 'pass', finding: 'binding.unconfirmed warning', inferred: true },
  ],
  'an app given to mode gate, no final hash, and all that the PDF says is understood, its part about signing being the one for private or auto-dev':
    [
      ...['PrivateSigning', 'AutoDevPrivateSigning'].map(
        (sign_type): Case => ({
          pdf: pdf({ facts: { final_sha256: [] }, signing: 'later' }),
          json: unknownJson({ sign_type }),
          expect: { sign: undefined, mode: 'gate' },
          outcome: 'pass',
          finding: 'binding.unconfirmed warning',
        }),
      ),
      // A run that asked Appdome to sign, what the JSON says alone, and unread text.
      ...[
        { sign: 'on-appdome' as const, mode: 'run' as const, spec: { signing: 'later' as const } },
        { sign: undefined, mode: 'gate' as const, spec: {} },
        { sign: undefined, mode: 'gate' as const, spec: { signing: 'later' as const, mentions: ['App Resigned'] } },
      ].map(
        ({ sign, mode, spec }): Case => ({
          pdf: pdf({ facts: { final_sha256: [] }, ...spec }),
          json: unknownJson({ sign_type: 'PrivateSigning' }),
          expect: { sign, mode },
          outcome: 'error',
          finding: 'binding.unconfirmed error',
        }),
      ),
    ],
  'an SDK given to mode gate, no final hash, and all that the PDF says is understood, with no part about signing': [
    {
      pdf: pdf({ facts: { final_sha256: [] }, signing: 'none' }),
      json: noJson,
      expect: { sign: undefined, originalSha256: undefined, mode: 'gate', kind: 'aar' },
      outcome: 'pass',
      finding: 'binding.unconfirmed warning',
    },
    {
      pdf: pdf({ facts: { final_sha256: [] }, signing: 'none' }),
      json: noJson,
      expect: { sign: undefined, originalSha256: undefined, finalSha256: ORIGINAL, mode: 'gate', kind: 'aar' },
      outcome: 'error',
      finding: 'binding.mismatch error',
    },
    {
      pdf: pdf({ facts: { final_sha256: [] } }),
      json: noJson,
      expect: { sign: undefined, originalSha256: undefined, mode: 'gate', kind: 'aar' },
      outcome: 'error',
      finding: 'binding.unconfirmed error',
    },
  ],
  'private or auto-dev signing': [
    {
      json: unknownJson({ sign_type: 'Sealed' }),
      expect: { finalSha256: OTHER_HASH, sign: 'private' },
      outcome: 'pass',
      finding: 'binding.unconfirmed warning',
    },
    {
      json: unknownJson({ sign_type: 'Sealed' }),
      expect: { finalSha256: OTHER_HASH, sign: 'auto-dev' },
      outcome: 'pass',
    },
  ],
  'older than `max-certificate-age`, or of an age that cannot be read': [
    {
      pdf: pdf({
        facts: { certificate_created: '20-Nov-26, 12:00 UTC' },
        above: { certificate_created: stray('Not to be used') },
      }),
      plan: { maxCertificateAgeMs: days(1) },
      outcome: 'error',
      finding: 'certificate.too-old error',
    },
    { pdf: created('20-Nov-26, 12:00 UTC'), plan: { maxCertificateAgeMs: days(1) }, outcome: 'pass' },
    {
      pdf: created('20-Nov-26, 11:59 UTC'),
      plan: { maxCertificateAgeMs: days(1) },
      outcome: 'error',
      rule: 'not-evaluated',
      finding: 'certificate.too-old error',
    },
    {
      pdf: created(['21-Nov-26, 11:59 UTC', '01-Nov-26, 11:59 UTC']),
      plan: { maxCertificateAgeMs: days(1) },
      outcome: 'error',
      finding: 'certificate.too-old error',
    },
    {
      pdf: created('yesterday'),
      plan: { maxCertificateAgeMs: days(1) },
      outcome: 'error',
      finding: 'certificate.too-old error',
    },
    {
      pdf: created('01-Dec-26, 12:00 UTC'),
      plan: { maxCertificateAgeMs: days(1) },
      outcome: 'error',
      finding: 'certificate.too-old error',
    },
    { plan: { maxCertificateAgeMs: days(1) }, outcome: 'error', finding: 'certificate.too-old error' },
    {
      pdf: created('20-Nov-26, 12:00 UTC'),
      plan: { maxCertificateAgeMs: days(1) },
      expect: { now: undefined },
      outcome: 'error',
      finding: 'certificate.too-old error',
    },
  ],
  'a certificate of an embedded build service, and the policy pins another': [
    ...[{ pdf: pdf({ rehearsal: true }) }, { json: json({ rehearsal: true }) }].map(
      (documents): Case => ({
        ...documents,
        plan: { server: 'https://fusion.appdome.com' },
        outcome: 'error',
        rule: 'not-evaluated',
        finding: 'server.rehearsal error',
      }),
    ),
    { pdf: pdf({ rehearsal: true }), plan: { server: 'http://127.0.0.1:8080' }, outcome: 'pass' },
    {
      pdf: pdf({ rehearsal: true }),
      plan: { server: 'https://eu.appdome.com' },
      expect: { mode: 'gate', buildId: undefined },
      outcome: 'error',
      finding: 'server.rehearsal error',
    },
    // It was asked, and may be an embedded one.
    { pdf: pdf({ rehearsal: true }), plan: { server: 'https://eu.appdome.com' }, outcome: 'pass' },
    { pdf: pdf({ rehearsal: true }), outcome: 'pass' },
    { plan: { server: 'https://fusion.appdome.com' }, outcome: 'pass' },
  ],
  'rules of one platform, and no document states the platform': [
    {
      plan: { rules: [rule(root), rule(proxy, { platform: 'ios' })] },
      outcome: 'error',
      finding: 'identity.unproven error',
    },
  ],
  'the app is of another platform than the certificate states': [
    {
      plan: { platform: 'ios' },
      pdf: pdf({ facts: { platform: 'Android' } }),
      outcome: 'error',
      finding: 'identity.platform error',
    },
  ],
  'shown by the PDF, its whole way understood': [{ outcome: 'pass', rule: 'satisfied' }],
  'shown by the PDF, in the JSON absent': [
    {
      json: json({ lines: ['anti_debugging'] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'certificate.disagreement warning',
    },
  ],
  'shown by the PDF, below or beside wording that is not known': [
    {
      pdf: pdf({ lines: [{ name: 'root_detection', unread: [heading] }] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
      exit: 8,
    },
  ],
  'shown by the PDF, and its line names a mode that is not known': [
    {
      pdf: pdf({
        lines: ['root_detection', { name: 'Root Detection', mode: 'Failed', unread: [wording('mode', 'Failed')] }],
      }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'shown by the PDF, and the PDF speaks of it in words that are not understood': [
    {
      pdf: pdf({ mentions: ['Root Detection was removed'] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'shown by the PDF, and another printed name holds its name': [
    {
      pdf: pdf({ lines: ['root_detection', 'Root Detection Off'] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'the same, and a rule asks for that very name as printed, or `accept` holds it': [
    {
      pdf: pdf({ lines: ['root_detection', 'Root Detection Off'] }),
      plan: { accept: { titles: [], headings: [], labels: [], modes: [], texts: ['Root Detection Off'] } },
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'policy.accepted note',
    },
    {
      pdf: pdf({ lines: ['root_detection', 'root_detection_v2', 'anti_debugging'] }),
      plan: {
        rules: [rule(root), rule({ kind: 'key', printed: 'root_detection_v2' }, { id: 'key:root_detection_v2' })],
      },
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  'shown by the PDF, and the JSON speaks of it without an understood yes': [
    { json: json({ lines: unclear }), outcome: 'error', rule: 'unproven', finding: 'certificate.contradiction error' },
    {
      json: json({ mentions: [{ text: '!root_detection', where: '$.x' }] }),
      expect: { evidenceMode: 'pdf' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'certificate.contradiction error',
    },
  ],
  'the same: the JSON lists it under a heading, or in a list with a word, that is not known': [
    {
      json: json({ lines: [{ name: 'root_detection', unread: [heading] }] }),
      expect: { evidenceMode: 'pdf' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'certificate.contradiction error',
    },
  ],
  'shown by the PDF, and listed by the JSON, which has something that is not known in another part': [
    {
      json: json({ lines: [{ name: 'root_detection', unread: [{ ...heading, elsewhere: true }] }] }),
      expect: { evidenceMode: 'pdf' },
      outcome: 'pass',
      rule: 'satisfied',
    },
    {
      json: json({ lines: [{ name: 'root_detection', unread: [heading, { ...heading, elsewhere: true }] }] }),
      expect: { evidenceMode: 'pdf' },
      outcome: 'error',
      rule: 'unproven',
    },
  ],
  'shown by one, denied by the other': [
    {
      json: json({ lines: denied }),
      expect: { evidenceMode: 'pdf' },
      outcome: 'error',
      rule: 'denied',
      finding: 'certificate.disagreement error',
    },
  ],
  'shown and denied by the same document': [
    {
      pdf: noPdf,
      json: json({ lines: [...denied, 'Root Detection'] }),
      outcome: 'error',
      rule: 'denied',
      finding: 'certificate.contradiction error',
    },
  ],
  'only denied': [
    {
      pdf: noPdf,
      json: json({ lines: denied }),
      outcome: 'fail',
      rule: 'denied',
      finding: 'feature.denied error',
      exit: 6,
    },
  ],
  'shown by the JSON alone under `evidence: pdf`': [
    {
      pdf: pdf({ lines: ['anti_debugging'], complete: false }),
      json: json(),
      expect: { evidenceMode: 'pdf' },
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
  ],
  'shown by the JSON, not in a PDF whose list is whole': [
    {
      pdf: pdf({ lines: ['anti_debugging'] }),
      json: json(),
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
    {
      pdf: pdf({ lines: ['anti_debugging'] }),
      json: json(),
      expect: { evidenceMode: 'json' },
      outcome: 'fail',
      rule: 'missing',
    },
  ],
  'shown by the JSON, not in a PDF whose list is not whole, under `evidence: any` or `json`': [
    {
      pdf: pdf({ lines: ['anti_debugging'], complete: false }),
      json: json(),
      outcome: 'pass',
      finding: 'evidence.inferred warning',
      inferred: true,
    },
    {
      pdf: pdf({ lines: ['anti_debugging'], complete: false }),
      json: json(),
      expect: { evidenceMode: 'json' },
      outcome: 'pass',
      inferred: true,
    },
  ],
  'the same, in In-App Detection, and no PDF that lists missing listeners': [
    {
      pdf: unreadable('pdf'),
      json: json({ lines: [{ name: 'Root Detection', mode: 'In-App Detection' }, 'anti_debugging'] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'listener.unproven warning',
      inferred: true,
    },
  ],
  'shown by the JSON alone, and a value outside its lists is not a known fact': [
    {
      pdf: unreadable('pdf'),
      json: json({
        lines: [{ name: 'root_detection', unread: [{ ...wording('text', 'revoked', '$.status'), document: 'json' }] }],
      }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'named by the JSON without an understood yes, and no PDF with a whole list': [
    {
      pdf: noPdf,
      json: json({ lines: unclear }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'the same beside a whole PDF list without it': [
    {
      pdf: pdf({ lines: ['anti_debugging'] }),
      json: json({ lines: unclear }),
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
  ],
  'shown by one under `evidence: both`': [
    {
      json: json({ lines: ['anti_debugging'] }),
      expect: { evidenceMode: 'both' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'not found, and it is known how it is printed': [
    { condition: proxy, outcome: 'fail', rule: 'missing', finding: 'feature.missing error' },
  ],
  'not found, and how it is printed has not been seen': [
    {
      condition: feature('Rate-Limit Connections'),
      pdf: pdf({ lines: ['own'] }),
      outcome: 'fail',
      rule: 'missing',
      finding: 'features.unclaimed note',
    },
  ],
  'not found, and what is printed with its Threat-Events off is there': [
    {
      condition: feature('App Shielding', { elsewhere: ['anti_tampering'] }),
      pdf: pdf({ lines: ['anti_tampering'] }),
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
  ],
  "shown by a name that only the policy's `aliases` pair with it": [
    {
      condition: { ...proxy, proofs: ['proxy_detection', 'own'], aliased: ['own'] },
      pdf: pdf({ lines: ['own'] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'policy.alias-used note',
    },
  ],
  'shown in In-App Detection, or in no mode, and its listener missing': [
    {
      pdf: pdf({ lines: [detects], listeners: ['RootedDevice'] }),
      outcome: 'fail',
      rule: 'no-listener',
      finding: 'feature.no-listener error',
      exit: 6,
    },
    {
      pdf: pdf({ lines: ['root_detection'], listeners: ['RootedDevice'] }),
      outcome: 'fail',
      rule: 'no-listener',
      finding: 'feature.no-listener error',
    },
  ],
  'shown in In-App Detection, and a missing listener pairs with nothing, or is not in the form of a name': [
    {
      pdf: pdf({ lines: [detects], listeners: ['DeveloperOptionsEnabled (+)'] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      pdf: pdf({ lines: [detects], listeners: ['SomethingNew'] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    { pdf: pdf({ lines: [{ ...detects, mode: 'In-App Defense' }], listeners: ['SomethingNew'] }), outcome: 'pass' },
  ],
  "the same, and only the policy's `aliases` pair the listener with another protection": [
    {
      pdf: pdf({ lines: [detects], listeners: ['SomethingNew'] }),
      plan: { aliases: { 'Proxy Detection': ['SomethingNew'] } },
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'policy.alias-used note',
    },
  ],
  'shown in In-App Detection, and a missing listener resembles its own, whatever `aliases` says': [
    {
      pdf: pdf({ lines: [detects], listeners: ['RootedDevice.'] }),
      plan: { aliases: { 'Proxy Detection': ['RootedDevice.'] } },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      pdf: pdf({ lines: ['root_detection'], listeners: ['RootedDevice.'] }),
      plan: { aliases: { 'Proxy Detection': ['RootedDevice.'] } },
      outcome: 'error',
      rule: 'unproven',
    },
  ],
  'shown, and its line counts as understood only because `accept` holds it': [
    {
      pdf: pdf({ mentions: ['Root Detection:'], listeners: ['SomethingNew'] }),
      plan: { accept: accepting('Root Detection:') },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      pdf: pdf({ mentions: ['Root Detection:'] }),
      plan: { accept: accepting('Root Detection:') },
      condition: { ...root, threatEvents: 'any' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    { pdf: pdf({ mentions: ['Root Detection:'] }), plan: { accept: accepting('Root Detection:') }, outcome: 'pass' },
  ],
  'the same, and other text in the list is unread': [
    {
      pdf: pdf({
        unread: [wording('text', 'Root Detection:', 'page 1 at 213,700'), wording('text', 'Failed')],
        mentions: ['Root Detection:'],
      }),
      plan: { accept: accepting('Root Detection:'), missingListeners: 'warn' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      pdf: pdf({
        unread: [wording('text', 'Root Detection:', 'page 1 at 213,700'), wording('text', 'Failed')],
        mentions: ['Root Detection:'],
      }),
      plan: { accept: accepting('Root Detection:', 'Failed'), missingListeners: 'warn' },
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  'shown in In-App Detection, and whether a listener is missing cannot be read': [
    {
      pdf: pdf({ lines: [detects], listenerDoubts: [doubt] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      pdf: pdf({ lines: [detects], bounded: false }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'the same under `missing-threat-event-listeners: warn` or `ignore`': [
    {
      pdf: pdf({ lines: [detects], listenerDoubts: [doubt] }),
      plan: { missingListeners: 'warn' },
      outcome: 'pass',
      finding: 'listener.unproven warning',
    },
    {
      pdf: pdf({ lines: [detects], listeners: ['SomethingNew'] }),
      plan: { missingListeners: 'warn' },
      outcome: 'pass',
      finding: 'listener.missing warning',
    },
    {
      pdf: pdf({ lines: [detects], listeners: ['X'], listenerDoubts: [doubt] }),
      plan: { missingListeners: 'ignore' },
      outcome: 'pass',
      finding: 'certificate.unread warning',
    },
    {
      pdf: pdf({ lines: [detects], listeners: ['X'] }),
      plan: { missingListeners: 'ignore' },
      outcome: 'pass',
      finding: 'feature.not-enforced warning',
    },
  ],
  'shown in In-App Detection or Threat-Memory, and the rule does not name that mode': [
    {
      pdf: pdf({ lines: [{ ...detects, mode: 'Threat-Memory' }] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: 'feature.not-enforced warning',
    },
    { pdf: pdf({ lines: [detects] }), outcome: 'pass', rule: 'satisfied', finding: 'feature.not-enforced warning' },
    {
      condition: { ...root, threatEvents: 'in-app-detection' },
      pdf: pdf({ lines: [detects] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: null,
    },
    {
      pdf: pdf({ lines: [{ ...detects, mode: 'In-App Defense' }] }),
      outcome: 'pass',
      rule: 'satisfied',
      finding: null,
    },
  ],
  'a listener of another protection missing': [
    {
      pdf: pdf({ lines: [detects], listeners: ['DeveloperOptionsEnabled'] }),
      outcome: 'pass',
      finding: 'listener.missing warning',
    },
  ],
  '`missing-threat-event-listeners: fail`, and one is missing': [
    {
      condition: { kind: 'listener' },
      pdf: pdf({ listeners: ['AnyEvent'] }),
      outcome: 'fail',
      rule: 'no-listener',
      finding: 'feature.no-listener error',
    },
  ],
  '`missing-threat-event-listeners: fail`, and whether one is missing cannot be read': [
    {
      condition: { kind: 'listener' },
      pdf: pdf({ listenerDoubts: [doubt] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'listener.unproven error',
    },
  ],
  'the same, since the JSON names a Threat-Event without an understood yes': [
    {
      condition: { kind: 'listener' },
      json: json({ mentions: [{ text: 'MagiskManagerDetected', where: '$.missing_listeners[0]' }] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'listener.unproven error',
    },
    {
      condition: { kind: 'listener' },
      json: json({ mentions: [{ text: 'MagiskManagerDetected', where: '$.missing_listeners[0]' }] }),
      plan: { accept: accepting('$.missing_listeners[*]: MagiskManagerDetected') },
      outcome: 'pass',
      rule: 'satisfied',
    },
    {
      condition: { kind: 'listener' },
      json: json({ mentions: [{ text: 'made by night', where: '$.note' }] }),
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  '`threat-event-listeners`, and the app does not listen for a needed event, by the check before the upload': [
    ...(['absent', 'foreign'] as const).map(
      (outcome): Case => ({
        condition: { kind: 'app-listens', least: 'named' },
        pdf: pdf({ lines: [detects, { name: 'anti_debugging', role: 'plugin' }] }),
        expect: { listening: listening(outcome) },
        outcome: 'fail',
        rule: 'no-listener',
        finding: 'feature.no-listener error',
        exit: 6,
      }),
    ),
    ...(
      [
        ['registered', 'registered'],
        ['registered', 'named'],
        ['named', 'named'],
      ] as const
    ).map(
      ([found, least]): Case => ({
        condition: { kind: 'app-listens', least },
        expect: { listening: listening(found) },
        outcome: 'pass',
        rule: 'satisfied',
        finding: null,
      }),
    ),
    ...['Threat-Memory', 'Enforce Connection Only'].map(
      (mode): Case => ({
        condition: { kind: 'app-listens', least: 'registered' },
        pdf: pdf({
          lines: [
            { ...detects, mode },
            { name: 'anti_debugging', role: 'plugin' },
          ],
        }),
        expect: { listening: listening('absent') },
        outcome: 'pass',
        rule: 'satisfied',
      }),
    ),
    // Another protection that sends the same event still needs the listener.
    {
      condition: { kind: 'app-listens', least: 'registered' },
      pdf: pdf({
        lines: [
          { ...detects, mode: 'In-App Defense' },
          { name: 'Anti-Debugging', role: 'intelligence', mode: 'In-App Detection' },
        ],
      }),
      expect: { listening: listening('absent', { others: ['Anti-Debugging'] }) },
      outcome: 'fail',
      rule: 'no-listener',
    },
    // A waiver of the protection is one of its listeners too.
    {
      condition: { kind: 'app-listens', least: 'registered' },
      pdf: pdf({ lines: [detects, { name: 'anti_debugging', role: 'plugin' }] }),
      plan: {
        rules: [rule({ kind: 'app-listens', least: 'registered' }), rule(root), ...plan('Anti-Debugging').rules],
        waivers: [
          {
            features: ['Root Detection'],
            reason: 'the listener ships in 3.2',
            owner: 'mobile-security',
            expires: '2026-12-20',
            scope: {},
            subjects: ['feature:root_detection'],
            orphans: [],
            source: 'policy.yml:9',
          },
        ],
      },
      expect: { listening: listening('absent', { certain: true }) },
      outcome: 'pass',
      rule: 'satisfied',
    },
    // Without a line of its own in a list that was read whole, its Threat-Events are off.
    {
      condition: { kind: 'app-listens', least: 'registered' },
      expect: { listening: listening('absent') },
      outcome: 'pass',
      rule: 'satisfied',
    },
    {
      condition: { kind: 'app-listens', least: 'registered' },
      pdf: pdf({
        lines: [
          { ...detects, mode: 'In-App Defense' },
          { name: 'anti_debugging', role: 'plugin' },
        ],
      }),
      expect: { listening: listening('absent') },
      outcome: 'pass',
      rule: 'satisfied',
    },
    {
      condition: { kind: 'app-listens', least: 'registered' },
      pdf: pdf({
        lines: [
          { ...detects, mode: 'In-App Defense' },
          { name: 'anti_debugging', role: 'plugin' },
        ],
      }),
      expect: { listening: listening('absent', { certain: true }) },
      outcome: 'fail',
      rule: 'no-listener',
    },
  ],
  'the same, and the check cannot tell, or was not made': [
    // No Threat-Event of it is known, so nothing was looked for.
    ...[{ certain: true as const }, {}].map(
      (certain): Case => ({
        condition: { kind: 'app-listens', least: 'named' },
        pdf: pdf({ lines: [detects, { name: 'anti_debugging', role: 'plugin' }] }),
        expect: { listening: { events: [], unreadable: [], unknown: [{ protection: 'Root Detection', ...certain }] } },
        outcome: 'error',
        rule: 'unproven',
        finding: 'listener.unproven error',
      }),
    ),
    ...(['named', 'unknown'] as const).map(
      (outcome): Case => ({
        condition: { kind: 'app-listens', least: 'registered' },
        pdf: pdf({ lines: [detects, { name: 'anti_debugging', role: 'plugin' }] }),
        expect: { listening: listening(outcome) },
        outcome: 'error',
        rule: 'unproven',
        finding: 'listener.unproven error',
        exit: 8,
      }),
    ),
    {
      condition: { kind: 'app-listens', least: 'named' },
      pdf: pdf({ lines: [detects, { name: 'anti_debugging', role: 'plugin' }] }),
      expect: { listening: listening('unknown') },
      outcome: 'error',
      rule: 'unproven',
    },
    {
      condition: { kind: 'app-listens', least: 'named' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'listener.unproven error',
    },
  ],
  'asked for a Threat-Events mode that no document shows': [
    {
      condition: { ...root, threatEvents: 'any' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'another mode than asked for': [
    {
      condition: { ...root, threatEvents: 'in-app-defense' },
      pdf: pdf({ lines: [detects] }),
      outcome: 'fail',
      rule: 'denied',
      finding: 'feature.denied error',
    },
    // Nothing else in the JSON silences it.
    ...[undefined, [{ ...heading, elsewhere: true as const }]].map(
      (unread): Case => ({
        condition: { ...root, threatEvents: 'in-app-defense' },
        pdf: pdf({ lines: [{ ...detects, mode: 'In-App Defense' }] }),
        json: json({ lines: [{ ...detects, ...(unread ? { unread } : {}) }] }),
        outcome: 'fail',
        rule: 'denied',
        finding: 'feature.denied error',
      }),
    ),
  ],
  '`any-of`, one proven': [{ condition: { kind: 'any-of', of: [proxy, root] }, outcome: 'pass', rule: 'satisfied' }],
  '`all-of`, one not proven': [
    {
      condition: { kind: 'all-of', of: [proxy, root] },
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
  ],
  '`at-least`, fewer proven than asked': [
    {
      condition: { kind: 'at-least', count: 2, of: [proxy, root] },
      outcome: 'fail',
      rule: 'missing',
      finding: 'feature.missing error',
    },
    { condition: { kind: 'at-least', count: 1, of: [proxy, root] }, outcome: 'pass', rule: 'satisfied' },
  ],
  'forbidden, shown': [
    { condition: { kind: 'forbid', subject: root }, outcome: 'fail', rule: 'denied', finding: 'feature.denied error' },
  ],
  'forbidden, no whole list without it, or something speaks of it, accepted or not': [
    {
      condition: { kind: 'forbid', subject: proxy },
      pdf: pdf({ unread: [heading] }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      condition: { kind: 'forbid', subject: proxy },
      pdf: pdf({ mentions: ['Proxy Detection: see notes'] }),
      outcome: 'error',
      rule: 'unproven',
    },
    {
      condition: { kind: 'forbid', subject: proxy },
      pdf: pdf({ mentions: ['Proxy Detection: see notes'] }),
      plan: { accept: accepting('Proxy Detection: see notes') },
      outcome: 'error',
      rule: 'unproven',
    },
    { condition: { kind: 'forbid', subject: proxy }, outcome: 'pass', rule: 'satisfied' },
    {
      condition: { kind: 'forbid', subject: proxy },
      pdf: pdf({ unread: [heading] }),
      plan: { accept: { titles: [], headings: [heading.text], labels: [], modes: [], texts: [] } },
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  'a build fact other than asked for': [
    {
      condition: { kind: 'build', fact: 'appdome_version', operator: '>=', value: '5.17' },
      pdf: pdf({ facts: { appdome_version: '5.16.1' } }),
      outcome: 'fail',
      rule: 'denied',
      finding: 'feature.denied error',
    },
    {
      condition: { kind: 'build', fact: 'signer_certificate_sha256', operator: '=', value: 'ab' },
      pdf: pdf({ facts: { signer_certificate_sha256: 'AB' } }),
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  'a build fact or the end of the signature as asked for, and text above it, outside the list, is not known': [
    ...(['is not signed', 'is not signed correctly'] as const).map(
      (text): Case => ({
        condition: { kind: 'build', fact: 'app_version', operator: '=', value: '1' },
        pdf: pdf({ facts: { app_version: '1' }, above: { app_version: stray(text) } }),
        plan: text === 'is not signed' ? {} : { accept: accepting('is not signed') },
        outcome: 'error',
        rule: 'unproven',
        finding: 'feature.unproven error',
      }),
    ),
    {
      condition: { kind: 'build', fact: 'app_version', operator: '=', value: '1' },
      pdf: pdf({ facts: { app_version: '1' }, above: { app_version: stray('is signed') } }),
      plan: { accept: accepting('is signed') },
      outcome: 'pass',
      rule: 'satisfied',
    },
    {
      condition: { kind: 'build', fact: 'app_version', operator: '=', value: '2' },
      pdf: pdf({ facts: { app_version: '1' }, above: { app_version: stray('is signed') } }),
      outcome: 'fail',
      rule: 'denied',
    },
    {
      condition: { kind: 'signature-validity', minimumMs: days(30) },
      pdf: pdf({
        facts: { signature_expires: 'Jul 24, 2045, 15:02:50' },
        above: { signature_expires: stray('It was revoked') },
      }),
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
  ],
  'a build fact as asked for, or a forbidden one stated as false, and the JSON states it outside the known parts of its record, or with another kind of value beside it':
    [
      {
        condition: { kind: 'build', fact: 'min_sdk_version', operator: '>=', value: '24' },
        json: json({ facts: { min_sdk_version: '26' }, above: { min_sdk_version: inRemoved('26') } }),
        outcome: 'error',
        rule: 'unproven',
        finding: 'feature.unproven error',
      },
      {
        condition: { kind: 'build', fact: 'min_sdk_version', operator: '>=', value: '24' },
        json: json({ facts: { min_sdk_version: '26' } }),
        outcome: 'pass',
        rule: 'satisfied',
      },
      {
        condition: logsOff,
        json: json({ facts: { extended_logs: 'false' }, above: { extended_logs: inRemoved('false') } }),
        outcome: 'error',
        rule: 'unproven',
        finding: 'feature.unproven error',
      },
      {
        condition: logsOff,
        json: json({ facts: { extended_logs: 'false' } }),
        outcome: 'pass',
        rule: 'satisfied',
      },
    ],
  'a build fact that no document states, or that cannot be compared': [
    {
      condition: { kind: 'build', fact: 'app_version', operator: '=', value: '1' },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      condition: { kind: 'build', fact: 'app_version', operator: '<', value: '1' },
      pdf: pdf({ facts: { app_version: 'beta' } }),
      outcome: 'error',
      rule: 'unproven',
    },
  ],
  'the signature ends sooner than asked for': [
    {
      condition: { kind: 'signature-validity', minimumMs: days(30) },
      pdf: pdf({ facts: { signature_expires: 'Dec 1, 2026, 10:00:00' } }),
      outcome: 'fail',
      rule: 'denied',
      finding: 'feature.denied error',
    },
    {
      condition: { kind: 'signature-validity', minimumMs: days(30) },
      pdf: pdf({ facts: { signature_expires: 'Jul 24, 2045, 15:02:50' } }),
      outcome: 'pass',
      rule: 'satisfied',
    },
  ],
  'when the signature ends is not stated, or cannot be read': [
    {
      condition: { kind: 'signature-validity', minimumMs: 0 },
      outcome: 'error',
      rule: 'unproven',
      finding: 'feature.unproven error',
    },
    {
      condition: { kind: 'signature-validity', minimumMs: 0 },
      pdf: pdf({ facts: { signature_expires: 'never' } }),
      outcome: 'error',
      rule: 'unproven',
    },
  ],
  'a rule that a waiver lifts today for this very build': [],
  'gone, weaker, or a listener newly missing since the baseline': [
    {
      condition: debugging,
      pdf: pdf({ lines: ['anti_debugging'] }),
      plan: { baseline },
      outcome: 'fail',
      finding: 'baseline.gone error',
    },
    {
      plan: {
        baseline: {
          ...baseline,
          features: [{ name: 'Root Detection', key: 'root_detection', mode: 'In-App Defense' }],
        },
      },
      outcome: 'fail',
      finding: 'baseline.weakened error',
    },
    {
      pdf: pdf({ listeners: ['RootedDevice'] }),
      plan: { baseline },
      outcome: 'fail',
      finding: 'baseline.no-listener error',
    },
  ],
  'in the baseline, and not understood now': [
    {
      condition: debugging,
      pdf: pdf({ lines: ['anti_debugging', { name: 'root_detection', unread: [heading] }] }),
      plan: { baseline },
      outcome: 'error',
      finding: 'feature.unproven error',
    },
    {
      condition: debugging,
      json: json({ lines: unclear }),
      plan: { baseline },
      outcome: 'error',
      finding: 'certificate.contradiction error',
    },
  ],
};

describe('the table of the verdict', () => {
  const documented = rowsOf(
    /\/\*\*\n \* Judges\.[\s\S]*?\*\//u.exec(read('shared/src/policy/rules/evaluate.ts'))?.[0] ?? '',
  );

  it('is the same in the code and in the documentation', () => {
    expect(documented.length).toBeGreaterThan(60);
    expect(rowsOf(read('docs/verdict.md'))).toEqual(documented);
  });

  it('has a test for every row', () => {
    expect(documented.map((row) => row.split(' | ')[0]?.replace(/^\| /u, ''))).toEqual(Object.keys(ROWS));
  });

  const cases = Object.entries(ROWS).flatMap(([row, list]) =>
    list.map((given, index): [string, number, Case] => [row, index + 1, given]),
  );
  it.each(cases)('%s (%i)', (_, __, given) => {
    const verdict = judge(given);
    const found = verdict.findings.map(({ code, level }) => `${code} ${level}`);
    expect([verdict.outcome, found.join('; ')]).toEqual([given.outcome, expect.any(String)]);
    if (given.rule !== undefined) expect(verdict.requirements[0]?.outcome).toBe(given.rule);
    if (given.finding) expect(found).toContain(given.finding);
    if (given.finding === null)
      expect(found.filter((one) => one !== 'certificate.json-shape-unknown note')).toEqual([]);
    if (given.outcome === 'pass') expect(verdict.evidence).toBe(given.inferred ? 'inferred' : 'verified');
    if (given.exit !== undefined) expect(exitCodeOf(given.outcome, given.expect?.gate ?? 'enforce')).toBe(given.exit);
    // What blocks a verdict is the headline.
    if (given.outcome === 'error') expect(verdict.findings[0]?.level).toBe('error');
  });

  it('a rule that a waiver lifts today for this very build', async () => {
    const waiver = (expires: string) =>
      `require: [Root Detection, Proxy Detection]\nwaivers: [{ features: [Proxy Detection], reason: QA lab needs a proxy, owner: mobile-security, expires: ${expires} }]`;
    const lifted = await judgedBy(waiver('2026-11-30'));
    expect(lifted).toMatchObject({ outcome: 'pass', waivers: [{ state: 'active', features: ['Proxy Detection'] }] });
    expect(lifted.findings.map(({ code }) => code)).toContain('waiver.expires-soon');
    expect(await judgedBy(waiver('2026-11-20'))).toMatchObject({ outcome: 'fail', waivers: [{ state: 'expired' }] });
  });
});

it('says who weakened the gate', () => {
  const message = (given: Partial<Case>) =>
    judge({ outcome: 'pass', ...given }).findings.find(({ code }) => code === 'gate.weakened')?.message;
  const by = { gate: 'disabled', gateSetBy: 'the environment variable FUSEGATE_GATE' } as const;
  expect(message({ expect: by })).toMatch(/set to disabled by the environment variable FUSEGATE_GATE/u);
  expect(message({ expect: { gate: 'warn' } })).toMatch(/set to warn by the option gate/u);
  expect(message({ expect: { gate: 'disabled' }, plan: { gate: 'warn', path: 'p.yml' } })).toMatch(
    /by the policy \(p\.yml\)/u,
  );
});
