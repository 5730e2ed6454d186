/**
 * Merges a policy with the files that it extends. The rules of every file apply; two rules about the same thing are both judged, and of two
 * severities the stricter one counts. So extending a file can only add requirements.
 *
 * The extending file may change anything but rules, unless a file below it says `locked: true`. Then:
 *
 * | key | below a lock |
 * | --- | --- |
 * | require, forbid, build, android, ios | may add |
 * | evidence | may be stricter (any < pdf, json < both; absent is pdf) |
 * | missing-threat-event-listeners | may be stricter (ignore < warn < absent < fail) |
 * | threat-event-listeners | may be set or be stricter (named < registered) |
 * | gate | may be stricter (warn < enforce, which is what absent means) |
 * | max-certificate-age, max-waiver-days | may be set or lowered; absent, max-waiver-days is 365 |
 * | server, platform | may be set, not changed |
 * | aliases, accept, waivers | may not be added: each can turn a failure into a pass |
 * | locked | may not be undone |
 */

import { defined } from '../../model/defined.ts';
import type { EvidenceMode, Platform } from '../../model/run-request.ts';
import { formatDuration, parseDuration } from '../../text/parse-duration.ts';
import { foldWhiteSpace } from '../../text/white-space.ts';
import type { Accept, DeclaredWaiver, ListenersRule, MissingListeners } from '../rules/rule.ts';
import type { PolicyFile } from './policy-file.ts';
import { type PolicyProblem, placeText, policyProblem } from './policy-problem.ts';
import type { BuildEntries, BuildEntry, ForbidEntry, PolicyDocument, RequireEntry } from './policy-schema.ts';
import type { PolicyPath } from './policy-yaml.ts';

/** A value from a file, and where it was written. */
export interface Declared<T> {
  value: T;
  /** `file:line`, for reports. */
  source: string;
  /** `file:line:column`, for problems. */
  place: string;
}

/** A value of several parts, each of which can have its own problem. */
export interface DeclaredEntry extends Declared<PolicyEntry> {
  /** `file:line:column` of a part. */
  placeOf(part: PolicyPath): string;
}

export type PolicyEntry =
  | { section: 'require'; entry: RequireEntry; platform?: Platform }
  | { section: 'forbid'; entry: ForbidEntry; platform?: Platform }
  | {
      section: 'build';
      key: keyof BuildEntries;
      entry: BuildEntry;
      platform?: Platform;
    };

/** The gate that a policy can pin; it cannot switch the gate off. */
type PinnedGate = NonNullable<PolicyDocument['gate']>;

/** A policy merged with everything that it extends. */
export interface MergedPolicy {
  /** Label of the file that was named. */
  path: string;
  /** Labels of all files, starting with the one that extends nothing. */
  files: string[];
  entries: DeclaredEntry[];
  aliases: Array<Declared<{ name: string; printed: string[] }>>;
  accept: Array<Declared<{ kind: keyof Accept; text: string }>>;
  waivers: Array<Declared<DeclaredWaiver>>;
  gate?: Declared<PinnedGate>;
  platform?: Declared<Platform>;
  /** Milliseconds. */
  maxCertificateAge?: Declared<number>;
  server?: Declared<string>;
  evidence?: Declared<EvidenceMode>;
  missingListeners?: Declared<MissingListeners>;
  appListeners?: Declared<ListenersRule>;
  maxWaiverDays?: Declared<number>;
  locked: boolean;
}

export interface MergeResult {
  policy: MergedPolicy;
  problems: PolicyProblem[];
}

/** @param files starting with the one that extends nothing; at least one */
export function mergePolicies(files: readonly PolicyFile[]): MergeResult {
  const policy: MergedPolicy = {
    path: files.at(-1)?.label ?? '',
    files: files.map((file) => file.label),
    entries: [],
    aliases: [],
    accept: [],
    waivers: [],
    locked: false,
  };
  const problems: PolicyProblem[] = [];
  for (const file of files) {
    if (policy.locked) problems.push(...loosenings(policy, file));
    policy.entries.push(...entriesOf(file));
    policy.aliases.push(...aliasesOf(file));
    policy.accept.push(...acceptedOf(file));
    policy.waivers.push(...waiversOf(file));
    applySettings(policy, file);
  }
  return { policy, problems };
}

function declared<T>(file: PolicyFile, path: PolicyPath, value: T): Declared<T> {
  const at = file.placeOf(path);
  return { value, source: `${file.label}:${at.line}`, place: placeText(file.label, at) };
}

function entriesOf(file: PolicyFile): DeclaredEntry[] {
  const { document } = file;
  const entry = (path: PolicyPath, value: PolicyEntry): DeclaredEntry => {
    const placeOf = (part: PolicyPath) => declared(file, [...path, ...part], part).place;
    return { ...declared(file, path, value), placeOf };
  };
  const sections = [
    { at: [] as string[], section: document },
    { at: ['android'], section: document.android ?? {}, platform: 'android' as const },
    { at: ['ios'], section: document.ios ?? {}, platform: 'ios' as const },
  ];
  return sections.flatMap(({ at, section, platform }) => {
    const of = defined({ platform });
    return [
      ...(section.require ?? []).map((one, index) =>
        entry([...at, 'require', index], { section: 'require', entry: one, ...of }),
      ),
      ...(section.forbid ?? []).map((one, index) =>
        entry([...at, 'forbid', index], { section: 'forbid', entry: one, ...of }),
      ),
      ...Object.entries(section.build ?? {}).flatMap(([key, one]) =>
        one === undefined
          ? []
          : [entry([...at, 'build', key], { section: 'build', key: key as keyof BuildEntries, entry: one, ...of })],
      ),
    ];
  });
}

function aliasesOf(file: PolicyFile): MergedPolicy['aliases'] {
  return Object.entries(file.document.aliases ?? {}).map(([name, printed]) =>
    declared(file, ['aliases', name], { name, printed }),
  );
}

function acceptedOf(file: PolicyFile): MergedPolicy['accept'] {
  return ACCEPTED.flatMap((kind) =>
    (file.document.accept?.[kind] ?? []).map((text, index) =>
      declared(file, ['accept', kind, index], { kind, text: foldWhiteSpace(text) }),
    ),
  );
}

export const ACCEPTED = ['titles', 'headings', 'labels', 'modes', 'texts'] as const satisfies Array<keyof Accept>;

function waiversOf(file: PolicyFile): MergedPolicy['waivers'] {
  return (file.document.waivers ?? []).map((waiver, index) => {
    const { feature, features = [], reason, owner, ticket, expires, scope } = waiver;
    const bundleId = scope?.['bundle-id'];
    const fusionSetId = scope?.['fusion-set-id'];
    const platform = scope?.platform;
    return declared(file, ['waivers', index], {
      features: [...(feature === undefined ? [] : [feature]), ...features],
      reason,
      owner,
      ...defined({ ticket }),
      expires,
      scope: defined({ bundleId, fusionSetId, platform }),
    });
  });
}

function applySettings(policy: MergedPolicy, file: PolicyFile): void {
  const { document } = file;
  const listeners = document['missing-threat-event-listeners'];
  const days = document['max-waiver-days'];
  const age = ageOf(document);
  if (document.gate !== undefined) policy.gate = declared(file, ['gate'], document.gate);
  if (document.platform !== undefined) policy.platform = declared(file, ['platform'], document.platform);
  if (age !== undefined) policy.maxCertificateAge = declared(file, ['max-certificate-age'], age);
  if (document.server !== undefined) policy.server = declared(file, ['server'], document.server);
  if (document.evidence !== undefined) policy.evidence = declared(file, ['evidence'], document.evidence);
  if (listeners !== undefined) policy.missingListeners = declared(file, ['missing-threat-event-listeners'], listeners);
  const own = document['threat-event-listeners'];
  if (own !== undefined) policy.appListeners = declared(file, ['threat-event-listeners'], own);
  if (days !== undefined) policy.maxWaiverDays = declared(file, ['max-waiver-days'], days);
  policy.locked ||= document.locked === true;
}

/** The schema checks the form. */
function ageOf(document: PolicyDocument): number | undefined {
  return parseDuration(document['max-certificate-age'] ?? '');
}

/** Days. Without this key, a policy still does not allow a waiver for ever. */
export const DEFAULT_WAIVER_DAYS = 365;

const LISTENERS_RANK = { ignore: 0, warn: 1, default: 2, fail: 3 } as const;

/** The documents that each mode requires. A mode is at least as strict as another if it requires all of its documents. */
const ASKS_FOR: Record<EvidenceMode, ReadonlyArray<'pdf' | 'json'>> = {
  any: [],
  pdf: ['pdf'],
  json: ['json'],
  both: ['pdf', 'json'],
};

/** @returns the mode that requires what either requires */
export function stricterEvidence(a: EvidenceMode, b: EvidenceMode): EvidenceMode {
  const asked = new Set([...ASKS_FOR[a], ...ASKS_FOR[b]]);
  if (asked.size === 2) return 'both';
  return [...asked][0] ?? 'any';
}

/**
 * The weakest evidence that an option may ask for: what the policy names, or the PDF if it names none but is locked or pins the gate.
 * @returns undefined if an option may ask for any
 */
export function weakestEvidence(
  policy: Pick<MergedPolicy, 'evidence' | 'gate' | 'locked' | 'path'>,
): { value: EvidenceMode; source: string; why: string } | undefined {
  const { evidence, gate, locked, path } = policy;
  if (evidence) return { ...evidence, why: `the policy asks for evidence ${evidence.value} (${evidence.source})` };
  const value = 'pdf';
  if (gate) {
    const why = `the policy pins gate ${gate.value} (${gate.source}), and with it evidence ${value}`;
    return { value, source: gate.source, why };
  }
  return locked
    ? { value, source: path, why: `the policy is locked (${path}), and with it evidence ${value}` }
    : undefined;
}

/** What a file does although a locked file below it forbids it. */
function loosenings(below: MergedPolicy, file: PolicyFile): PolicyProblem[] {
  const { document, label } = file;
  const problems: PolicyProblem[] = [];
  const refuse = (key: string, message: string, allowed: string) =>
    problems.push(policyProblem(label, file.placeOfKey([], key), message, { value: key, allowed }));

  const locked = 'a file that this one extends is locked';
  for (const key of ['aliases', 'accept', 'waivers'] as const) {
    if (holdsSomething(document[key])) refuse(key, `may not be added: ${locked}`, 'in the locked file, by its owners');
  }
  if (document.locked === false) refuse('locked', `may not be undone: ${locked}`, 'leave it out');
  for (const key of ['server', 'platform'] as const) {
    const before = below[key]?.value;
    if (document[key] !== undefined && before !== undefined && document[key] !== before)
      refuse(key, `may not be changed: ${locked}`, before);
  }
  if (document.gate === 'warn' && below.gate?.value !== 'warn')
    refuse('gate', `may not be weaker: ${locked}`, 'enforce, or leave it out');
  if (document.evidence !== undefined) {
    // If nothing sets it, it is the PDF.
    const together = stricterEvidence(document.evidence, below.evidence?.value ?? 'pdf');
    if (together !== document.evidence) refuse('evidence', `may not be weaker: ${locked}`, together);
  }
  const listeners = document['missing-threat-event-listeners'];
  if (listeners !== undefined) {
    const before = below.missingListeners?.value ?? 'default';
    if (LISTENERS_RANK[listeners] < LISTENERS_RANK[before]) {
      const allowed = before === 'default' ? 'fail, or leave it out' : before;
      refuse('missing-threat-event-listeners', `may not be weaker: ${locked}`, allowed);
    }
  }
  if (document['threat-event-listeners'] === 'named' && below.appListeners?.value === 'registered')
    refuse('threat-event-listeners', `may not be weaker: ${locked}`, 'registered, or leave it out');
  const age = ageOf(document);
  const oldest = below.maxCertificateAge?.value;
  if (age !== undefined && oldest !== undefined && age > oldest)
    refuse('max-certificate-age', `may not be raised: ${locked}`, `at most ${formatDuration(oldest)}`);
  const days = document['max-waiver-days'];
  const most = below.maxWaiverDays?.value ?? DEFAULT_WAIVER_DAYS;
  if (days !== undefined && days > most) refuse('max-waiver-days', `may not be raised: ${locked}`, `at most ${most}`);
  return problems;
}

/** An empty list says nothing, nor does a map of empty lists. */
function holdsSomething(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some(holdsSomething);
}
