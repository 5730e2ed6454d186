/** Turns the entries of a policy into rules: resolves names, builds groups, parses comparisons. */
import { normaliseName } from '../../catalogue/names.ts';
import { nameDistance, nearestProtections } from '../../catalogue/nearest-protections.ts';
import { defined } from '../../model/defined.ts';
import type { Platform } from '../../model/run-request.ts';
import type { RuleReference } from '../../model/verdict.ts';
import { formatDuration, parseDuration } from '../../text/parse-duration.ts';
import { type BuildKey, factOfBuildKey } from '../file/build-keys.ts';
import type { DeclaredEntry, MergedPolicy, PolicyEntry } from '../file/policy-chain.ts';
import type { PolicyProblem } from '../file/policy-problem.ts';
import type { PolicyPath } from '../file/policy-yaml.ts';
import type { BuildOperator, Condition, Rule, SubjectCondition, ThreatEventsRule } from './rule.ts';
import { type Aliases, buildKeyOf, keyCondition, readSubject, subjectId, VERBATIM, withMode } from './subjects.ts';

export interface PolicyRules {
  rules: Rule[];
  problems: PolicyProblem[];
  notices: string[];
}

export function rulesOfPolicy(policy: MergedPolicy, aliases: Aliases, platform: Platform | undefined): PolicyRules {
  const made: PolicyRules = { rules: [], problems: [], notices: [] };
  const idAt = new Map<string, string>();
  for (const declared of policy.entries) {
    const rule = new EntryReader(declared, aliases, platform, made).read();
    const { id } = referenceOf(declared.value);
    const before = id === undefined ? undefined : idAt.get(id.toLowerCase());
    if (id !== undefined && before === undefined) idAt.set(id.toLowerCase(), declared.source);
    if (id !== undefined && before !== undefined)
      made.problems.push({
        option: declared.place,
        value: id,
        message: `is the id of another rule too (${before}); upper and lower case are the same here`,
        allowed: 'an id of its own for each rule',
      });
    if (rule) made.rules.push(rule);
  }
  const listeners = policy.missingListeners;
  if (listeners?.value === 'fail') {
    made.rules.push({
      id: 'listener',
      requirement: 'missing-threat-event-listeners: fail',
      severity: 'error',
      source: listeners.source,
      condition: { kind: 'listener' },
    });
  }
  const own = policy.appListeners;
  if (own !== undefined) {
    made.rules.push({
      id: 'threat-event-listeners',
      requirement: `threat-event-listeners: ${own.value}`,
      severity: 'error',
      source: own.source,
      condition: { kind: 'app-listens', least: own.value },
    });
  }
  return made;
}

interface Named {
  feature?: string | undefined;
  key?: string | undefined;
  'threat-events'?: ThreatEventsRule | undefined;
  'any-of'?: Member[] | undefined;
  'all-of'?: Member[] | undefined;
  'at-least'?: number | undefined;
  of?: Member[] | undefined;
}
type Member = string | Named;

interface Built {
  condition: Condition;
  id: string;
  /** As shown in reports. */
  text: string;
}

/** What the author says about an entry; a plain name says nothing. */
function referenceOf({ entry }: PolicyEntry): RuleReference {
  if (typeof entry !== 'object' || Array.isArray(entry)) return {};
  const { id, reason, link } = entry;
  return defined({ id, reason: reason?.trim(), link });
}

class EntryReader {
  readonly #declared: DeclaredEntry;
  readonly #aliases: Aliases;
  readonly #platform: Platform | undefined;
  readonly #made: PolicyRules;

  constructor(declared: DeclaredEntry, aliases: Aliases, platform: Platform | undefined, made: PolicyRules) {
    this.#declared = declared;
    this.#aliases = aliases;
    this.#platform = platform;
    this.#made = made;
  }

  /** @returns undefined if it has a problem */
  read(): Rule | undefined {
    const { value, source } = this.#declared;
    const built = this.#build(value);
    if (!built) return undefined;
    const severity = typeof value.entry === 'object' && 'severity' in value.entry ? value.entry.severity : undefined;
    const reference = referenceOf(value);
    const { platform } = value;
    return {
      id: platform === undefined ? built.id : `${built.id}@${platform}`,
      requirement: built.text,
      severity: severity ?? 'error',
      source,
      condition: built.condition,
      ...defined({ platform }),
      ...(Object.keys(reference).length === 0 ? {} : { reference }),
    };
  }

  #build(declared: PolicyEntry): Built | undefined {
    switch (declared.section) {
      case 'require':
        return this.#member(declared.entry as Member, []);
      case 'forbid':
        return this.#forbidden(declared.entry);
      case 'build':
        return this.#fact(declared.key, declared.entry);
    }
  }

  #member(entry: Member, at: PolicyPath): Built | undefined {
    if (typeof entry === 'string') return this.#subject(entry, undefined, at);
    const { feature, key } = entry;
    if (feature !== undefined) return this.#subject(feature, entry['threat-events'], at);
    if (key !== undefined) return this.#standing(withMode(keyCondition(key), entry['threat-events']), at);
    if (entry['any-of']) return this.#group('any-of', entry['any-of'], at);
    if (entry['all-of']) return this.#group('all-of', entry['all-of'], at);
    return this.#atLeast(entry['at-least'] ?? 1, entry.of ?? [], at);
  }

  #subject(name: string, mode: ThreatEventsRule | undefined, at: PolicyPath): Built | undefined {
    const read = readSubject(name, this.#aliases, this.#declared.value.platform ?? this.#platform);
    if ('refusal' in read) return this.#refuse(name, read.refusal.message, read.refusal.allowed, at);
    if (read.notice !== undefined) this.#made.notices.push(read.notice);
    return this.#standing(withMode(read.condition, mode), at);
  }

  /** A component in a group would stand in for a protection that is not there. */
  #standing(subject: SubjectCondition, at: PolicyPath): Built | undefined {
    const built = subjectOf(subject);
    if (at.length === 0 || subject.component !== true) return built;
    return this.#refuse(
      built.text,
      'is a component: it only supports protections, and a group asks for protections',
      `protections only in the group; \`${built.text}\` as a requirement of its own where you need it`,
      at,
    );
  }

  /** Members sorted and unique: order and repetition change nothing. The text keeps them as written. */
  #members(members: readonly Member[], at: PolicyPath): { of: Built[]; text: string } | undefined {
    const read = members.map((member, index) => this.#member(member, [...at, index]));
    const built = read.filter((one) => one !== undefined);
    if (built.length < read.length || built.length === 0) return undefined;
    const byId = new Map(built.map((one) => [one.id, one]));
    return {
      of: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      text: built.map((one) => one.text).join(', '),
    };
  }

  #group(kind: 'any-of' | 'all-of', members: readonly Member[], at: PolicyPath): Built | undefined {
    const read = this.#members(members, [...at, kind]);
    if (read === undefined) return undefined;
    return {
      condition: { kind, of: read.of.map((one) => one.condition) },
      id: `${kind}(${read.of.map((one) => one.id).join(',')})`,
      text: `${kind === 'any-of' ? 'any of' : 'all of'}: ${read.text}`,
    };
  }

  /** One protection under two names would count twice. */
  #atLeast(count: number, members: readonly Member[], at: PolicyPath): Built | undefined {
    const read = this.#members(members, [...at, 'of']);
    if (read === undefined) return undefined;
    const { of } = read;
    const named = of.map(({ condition, text }) => ({
      text,
      proofs: proofsOf(condition),
      elsewhere: elsewhereOf(condition),
    }));
    for (const [index, { text, proofs, elsewhere }] of named.entries()) {
      const other = named
        .slice(0, index)
        .find(
          (before) =>
            proofs.some((proof) => [...before.proofs, ...before.elsewhere].includes(proof)) ||
            elsewhere.some((printed) => before.proofs.includes(printed)),
        )?.text;
      if (other !== undefined)
        return this.#refuse(
          text,
          `shares a protection with ${other}, which would count twice`,
          'each protection in one member',
          at,
        );
    }
    if (count > of.length)
      return this.#refuse(
        `at-least: ${count}`,
        `can never be met: the list names ${of.length === 1 ? '1 protection' : `${of.length} different protections`}`,
        of.length === 1 ? 'at-least: 1, or more protections in the list' : `at-least: ${of.length} or fewer`,
        at,
      );
    return {
      condition: { kind: 'at-least', count, of: of.map((one) => one.condition) },
      id: `at-least-${count}(${of.map((one) => one.id).join(',')})`,
      text: `at least ${count} of: ${read.text}`,
    };
  }

  #forbidden(entry: Extract<PolicyEntry, { section: 'forbid' }>['entry']): Built | undefined {
    const name = typeof entry === 'string' ? entry : (entry.feature ?? `key: ${entry.key ?? ''}`);
    // Under `key:` too: no chip of that name was ever seen, so its absence from the PDF would prove nothing.
    const fact = buildKeyOf(name.replace(/^\s*key\s*:/iu, ''));
    if (fact === 'extended-logs') return DIAGNOSTIC_LOGS;
    if (fact !== undefined) return this.#refuse(name, 'is a build fact, not a protection', `build: { ${fact}: VALUE }`);
    const read = readSubject(name, this.#aliases, this.#declared.value.platform ?? this.#platform);
    if ('refusal' in read) {
      const { message, allowed, negated } = read.refusal;
      const near = nearestProtections(name, this.#declared.value.platform ?? this.#platform);
      const meant = nameDistance(name, LOGS) <= NEAR ? `${[LOGS, ...near].join(', ')}, or ${VERBATIM}` : allowed;
      return this.#refuse(name, message, negated ? DROP_THE_SIGN : meant);
    }
    const { id, text } = subjectOf(read.condition);
    return { condition: { kind: 'forbid', subject: read.condition }, id: `forbid:${id}`, text: `forbid: ${text}` };
  }

  #fact(
    key: BuildKey | 'signature-valid-for',
    entry: Extract<PolicyEntry, { section: 'build' }>['entry'],
  ): Built | undefined {
    const value = typeof entry === 'object' && !Array.isArray(entry) ? entry.value : entry;
    if (key === 'signature-valid-for') return signatureValidity(String(value));
    if (!Array.isArray(value)) return this.#comparison(key, value);
    const read = value.map((one) => this.#comparison(key, one));
    const built = read.filter((one) => one !== undefined);
    if (built.length < read.length) return undefined;
    const compared = value.find((one) => /^\s*[<>]/u.test(String(one)));
    if (compared !== undefined)
      return this.#refuse(
        String(compared),
        'is a comparison, but a list contains plain values',
        'one comparison, or values',
      );
    const of = [...new Map(built.map((one) => [one.id, one])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const [only] = of;
    if (of.length === 1) return only;
    return {
      condition: { kind: 'any-of', of: of.map((one) => one.condition) },
      id: `any-of(${of.map((one) => one.id).join(',')})`,
      text: `${key}: one of ${value.join(', ')}`,
    };
  }

  #comparison(key: BuildKey, scalar: string | number | boolean): Built | undefined {
    const read = key === 'signer-certificate-sha256' ? readSha256(String(scalar)) : readComparison(scalar);
    if ('message' in read) return this.#refuse(String(scalar), read.message, read.allowed);
    const fact = factOfBuildKey(key);
    return {
      condition: { kind: 'build', fact, ...read },
      id: `build:${fact}${read.operator}${idWord(read.value.toLowerCase())}`,
      text: `${key}: ${read.operator === '=' ? '' : read.operator}${read.value}`,
    };
  }

  /** @param at the part of the entry in question */
  #refuse(value: string, message: string, allowed: string, at: PolicyPath = []): undefined {
    this.#made.problems.push({ option: this.#declared.placeOf(at), value, message, allowed });
  }
}

const DROP_THE_SIGN = 'the name alone: `forbid:` already says that it must not be there';

/** The names that would prove it, or a part of it, normalised. */
function proofsOf(condition: Condition): string[] {
  if (condition.kind === 'key') return [normaliseName(condition.printed)];
  if (condition.kind === 'feature') return condition.proofs;
  return 'of' in condition ? condition.of.flatMap(proofsOf) : [];
}

/** A certificate may print a protection under another's name while its Threat-Events are off: both names are then one protection. */
function elsewhereOf(condition: Condition): string[] {
  if (condition.kind === 'feature') return condition.elsewhere.map(normaliseName);
  return 'of' in condition ? condition.of.flatMap(elsewhereOf) : [];
}

/** In a value, the separators of an id's parts would turn two rules into one. */
function idWord(text: string): string {
  return text.replaceAll(/[%:,@()]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** The schema checks the form. */
function signatureValidity(written: string): Built {
  const minimumMs = parseDuration(written) ?? 0;
  const shortest = formatDuration(minimumMs);
  return {
    condition: { kind: 'signature-validity', minimumMs },
    id: `signature-validity:${shortest}`,
    text: `signature-valid-for: ${shortest}`,
  };
}

/** Tools print it with or without colons, in either case; all mean the same value. */
function readSha256(written: string): { operator: '='; value: string } | { message: string; allowed: string } {
  const value = written.replaceAll(/[:\s]/gu, '').toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(value)) return { operator: '=', value };
  return { message: 'is not a SHA-256', allowed: '64 hex digits, with or without colons, in quotes' };
}

function subjectOf(subject: SubjectCondition): Built {
  const name = subject.kind === 'key' ? `key: ${subject.printed}` : subject.name;
  const text = subject.threatEvents === undefined ? name : `${name} (threat-events: ${subject.threatEvents})`;
  return { condition: subject, id: subjectId(subject), text };
}

const LOGS = 'Diagnostic Logs';
/** Beyond this distance, two names have nothing to do with each other (catalogue/nearest-protections.ts). */
const NEAR = 0.5;

/** Diagnostic Logs are a build fact, `extended_logs` (appdome-api.md §5.2), not a protection; a chip of that name would count too. */
const DIAGNOSTIC_LOGS: Built = {
  condition: {
    kind: 'forbid',
    subject: {
      kind: 'feature',
      name: LOGS,
      key: 'extended_logs',
      proofs: ['diagnostic_logs', 'extended_logs'],
      events: [],
      related: [],
      mentions: ['diagnostic_logs', 'extended_logs'],
      elsewhere: [],
      printing: 'not-seen',
    },
    fact: 'extended_logs',
  },
  id: 'forbid:feature:diagnostic_logs',
  text: `forbid: ${LOGS}`,
};

const VERSION_LIKE = /^\d+(?:\.\d+){0,5}$/u;

/** `24`, `true`, `OnAppdome`, `">=24"`. A number with a fraction is refused, because YAML has already dropped its trailing zeros. */
export function readComparison(
  written: string | number | boolean,
): { operator: BuildOperator; value: string } | { message: string; allowed: string } {
  if (typeof written === 'number' && !Number.isSafeInteger(written)) {
    return { message: 'is a number with a fraction, or too large', allowed: `the value in quotes: "${written}"` };
  }
  const text = String(written).trim();
  const [, operator, rest] = /^(>=|<=|>|<)\s*(.*)$/su.exec(text) ?? [];
  if (operator !== undefined && rest !== undefined) {
    if (!VERSION_LIKE.test(rest))
      return { message: 'compares with something that is not a version or number', allowed: '">=24" or "<2.1"' };
    return { operator: operator as BuildOperator, value: rest };
  }
  if (normaliseName(text) === '' || /^[=!~]/u.test(text))
    return { message: 'is not a value', allowed: 'the value itself, or ">=24"' };
  return { operator: '=', value: text };
}

/** Component by component; missing components are 0. undefined if either is not a version. */
export function compareVersions(a: string, b: string): number | undefined {
  if (!VERSION_LIKE.test(a.trim()) || !VERSION_LIKE.test(b.trim())) return undefined;
  const [left, right] = [a, b].map((text) => text.trim().split('.').map(BigInt)) as [bigint[], bigint[]];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x, y] = [left[index] ?? 0n, right[index] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
