/**
 * A policy and the files that it extends, as one. Rules of every file hold; of two rules about the same thing both are judged, and of
 * two severities the stricter one counts. So extending a file can only add to what is required.
 *
 * What is not a rule can be set anew by the extending file, unless a file below it says `locked: true`. Then
 *
 * | key | below a lock |
 * | --- | --- |
 * | require, forbid, build, android, ios | may add |
 * | evidence | may be stricter (any < pdf, json < both) |
 * | missing-threat-event-listeners | may be stricter (ignore < warn < absent < fail) |
 * | max-waiver-days | may be set or lowered |
 * | server | may be set, not changed |
 * | aliases, waivers | may not be added: both turn a failure into a pass |
 * | locked | may not be undone |
 */
import type { EvidenceMode, Platform } from '../options/run-request.ts';
import { type PolicyFile, type PolicyProblem, policyProblem } from './policy-file.ts';
import type { BuildEntries, ForbidEntry, RequireEntry } from './policy-schema.ts';
import type { PolicyPath } from './policy-yaml.ts';
import type { MissingListeners } from './rule.ts';

/** Something that a file says, and where. */
export interface Declared<T> {
  value: T;
  /** `file:line`, for reports. */
  source: string;
  /** `file:line:column`, for problems. */
  place: string;
}

export type DeclaredEntry =
  | { section: 'require'; entry: RequireEntry; platform?: Platform }
  | { section: 'forbid'; entry: ForbidEntry; platform?: Platform }
  | {
      section: 'build';
      key: keyof BuildEntries;
      entry: NonNullable<BuildEntries[keyof BuildEntries]>;
      platform?: Platform;
    };

export interface DeclaredWaiver {
  feature: string;
  reason: string;
  owner: string;
  /** YYYY-MM-DD. */
  expires: string;
  scope: { bundleId?: string; fusionSetId?: string; platform?: Platform };
}

/** A policy with everything that it extends. */
export interface MergedPolicy {
  /** Label of the file that was named. */
  path: string;
  /** Labels of all files, the one that extends nothing first. */
  files: string[];
  entries: Array<Declared<DeclaredEntry>>;
  aliases: Array<Declared<{ name: string; printed: string[] }>>;
  waivers: Array<Declared<DeclaredWaiver>>;
  server?: Declared<string>;
  evidence?: Declared<EvidenceMode>;
  missingListeners?: Declared<MissingListeners>;
  maxWaiverDays?: Declared<number>;
  locked: boolean;
}

export interface MergeResult {
  policy: MergedPolicy;
  problems: PolicyProblem[];
}

/** @param files the one that extends nothing first; at least one */
export function mergePolicies(files: readonly PolicyFile[]): MergeResult {
  const policy: MergedPolicy = {
    path: files.at(-1)?.label ?? '',
    files: files.map((file) => file.label),
    entries: [],
    aliases: [],
    waivers: [],
    locked: false,
  };
  const problems: PolicyProblem[] = [];
  for (const file of files) {
    if (policy.locked) problems.push(...loosenings(policy, file));
    policy.entries.push(...entriesOf(file));
    policy.aliases.push(...aliasesOf(file));
    policy.waivers.push(...waiversOf(file));
    setAnew(policy, file);
  }
  return { policy, problems };
}

function declared<T>(file: PolicyFile, path: PolicyPath, value: T): Declared<T> {
  const { line, column } = file.placeOf(path);
  return { value, source: `${file.label}:${line}`, place: `${file.label}:${line}:${column}` };
}

function entriesOf(file: PolicyFile): Array<Declared<DeclaredEntry>> {
  const { document } = file;
  const sections = [
    { at: [] as string[], section: document },
    { at: ['android'], section: document.android ?? {}, platform: 'android' as const },
    { at: ['ios'], section: document.ios ?? {}, platform: 'ios' as const },
  ];
  return sections.flatMap(({ at, section, platform }) => {
    const of = platform === undefined ? {} : { platform };
    return [
      ...(section.require ?? []).map((entry, index) =>
        declared<DeclaredEntry>(file, [...at, 'require', index], { section: 'require', entry, ...of }),
      ),
      ...(section.forbid ?? []).map((entry, index) =>
        declared<DeclaredEntry>(file, [...at, 'forbid', index], { section: 'forbid', entry, ...of }),
      ),
      ...Object.entries(section.build ?? {}).flatMap(([key, entry]) =>
        entry === undefined
          ? []
          : [
              declared<DeclaredEntry>(file, [...at, 'build', key], {
                section: 'build',
                key: key as keyof BuildEntries,
                entry,
                ...of,
              }),
            ],
      ),
    ];
  });
}

function aliasesOf(file: PolicyFile): MergedPolicy['aliases'] {
  return Object.entries(file.document.aliases ?? {}).map(([name, printed]) =>
    declared(file, ['aliases', name], { name, printed }),
  );
}

function waiversOf(file: PolicyFile): MergedPolicy['waivers'] {
  return (file.document.waivers ?? []).map(({ feature, reason, owner, expires, scope }, index) => {
    const bundleId = scope?.['bundle-id'];
    const fusionSetId = scope?.['fusion-set-id'];
    const platform = scope?.platform;
    return declared(file, ['waivers', index], {
      feature,
      reason,
      owner,
      expires,
      scope: {
        ...(bundleId === undefined ? {} : { bundleId }),
        ...(fusionSetId === undefined ? {} : { fusionSetId }),
        ...(platform === undefined ? {} : { platform }),
      },
    });
  });
}

function setAnew(policy: MergedPolicy, file: PolicyFile): void {
  const { document } = file;
  const listeners = document['missing-threat-event-listeners'];
  const days = document['max-waiver-days'];
  if (document.server !== undefined) policy.server = declared(file, ['server'], document.server);
  if (document.evidence !== undefined) policy.evidence = declared(file, ['evidence'], document.evidence);
  if (listeners !== undefined) policy.missingListeners = declared(file, ['missing-threat-event-listeners'], listeners);
  if (days !== undefined) policy.maxWaiverDays = declared(file, ['max-waiver-days'], days);
  policy.locked ||= document.locked === true;
}

const LISTENERS_RANK = { ignore: 0, warn: 1, default: 2, fail: 3 } as const;

/** The documents that each mode asks for; a mode is as strict as another where it asks for all of its documents. */
const ASKS_FOR: Record<EvidenceMode, ReadonlyArray<'pdf' | 'json'>> = {
  any: [],
  pdf: ['pdf'],
  json: ['json'],
  both: ['pdf', 'json'],
};

/** @returns the mode that asks for what either asks for */
export function stricterEvidence(a: EvidenceMode, b: EvidenceMode): EvidenceMode {
  const asked = new Set([...ASKS_FOR[a], ...ASKS_FOR[b]]);
  if (asked.size === 2) return 'both';
  return [...asked][0] ?? 'any';
}

/** What a file does that a locked one below it does not allow. */
function loosenings(below: MergedPolicy, file: PolicyFile): PolicyProblem[] {
  const { document, label } = file;
  const problems: PolicyProblem[] = [];
  const refuse = (key: string, message: string, allowed: string) =>
    problems.push(policyProblem(label, file.placeOfKey([], key), message, { value: key, allowed }));

  for (const key of ['aliases', 'waivers'] as const) {
    const value = document[key];
    const some = Array.isArray(value) ? value.length > 0 : Object.keys(value ?? {}).length > 0;
    if (some)
      refuse(key, 'may not be added: a file that this one extends is locked', 'in the locked file, by its owners');
  }
  if (document.locked === false)
    refuse('locked', 'may not be undone: a file that this one extends is locked', 'leave it out');
  if (document.server !== undefined && below.server !== undefined && document.server !== below.server.value) {
    refuse('server', 'may not be changed: a file that this one extends is locked', below.server.value);
  }
  if (document.evidence !== undefined && below.evidence !== undefined) {
    const together = stricterEvidence(document.evidence, below.evidence.value);
    if (together !== document.evidence)
      refuse('evidence', 'may not be weaker: a file that this one extends is locked', together);
  }
  const listeners = document['missing-threat-event-listeners'];
  if (listeners !== undefined) {
    const before = below.missingListeners?.value ?? 'default';
    if (LISTENERS_RANK[listeners] < LISTENERS_RANK[before]) {
      refuse(
        'missing-threat-event-listeners',
        'may not be weaker: a file that this one extends is locked',
        before === 'default' ? 'fail, or leave it out' : before,
      );
    }
  }
  const days = document['max-waiver-days'];
  if (days !== undefined && below.maxWaiverDays !== undefined && days > below.maxWaiverDays.value) {
    refuse(
      'max-waiver-days',
      'may not be raised: a file that this one extends is locked',
      `at most ${below.maxWaiverDays.value}`,
    );
  }
  return problems;
}
