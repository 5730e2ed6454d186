/** The entries of a policy as rules: names resolved, groups built, comparisons read. */
import { normaliseName } from '../catalogue/names.ts';
import type { Platform } from '../options/run-request.ts';
import { type BuildKey, factOfBuildKey } from './build-keys.ts';
import type { Declared, DeclaredEntry, MergedPolicy } from './policy-chain.ts';
import type { PolicyProblem } from './policy-file.ts';
import type { BuildOperator, Condition, Rule, SubjectCondition, ThreatEventsRule } from './rule.ts';
import { type Aliases, buildKeyOf, keyCondition, readSubject, subjectId, withMode } from './subjects.ts';

export interface PolicyRules {
  rules: Rule[];
  problems: PolicyProblem[];
  notices: string[];
}

export function rulesOfPolicy(policy: MergedPolicy, aliases: Aliases, platform: Platform | undefined): PolicyRules {
  const made: PolicyRules = { rules: [], problems: [], notices: [] };
  for (const declared of policy.entries) {
    const rule = new EntryReader(declared, aliases, platform, made).read();
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
  return made;
}

interface Named {
  feature?: string | undefined;
  key?: string | undefined;
  'threat-events'?: ThreatEventsRule | undefined;
  'any-of'?: Member[] | undefined;
  'all-of'?: Member[] | undefined;
}
type Member = string | Named;

interface Built {
  condition: Condition;
  id: string;
  /** As reports show it. */
  text: string;
}

class EntryReader {
  readonly #declared: Declared<DeclaredEntry>;
  readonly #aliases: Aliases;
  readonly #platform: Platform | undefined;
  readonly #made: PolicyRules;

  constructor(declared: Declared<DeclaredEntry>, aliases: Aliases, platform: Platform | undefined, made: PolicyRules) {
    this.#declared = declared;
    this.#aliases = aliases;
    this.#platform = platform;
    this.#made = made;
  }

  /** @returns undefined where it has a problem */
  read(): Rule | undefined {
    const { value, source } = this.#declared;
    const built = this.#build(value);
    if (!built) return undefined;
    const severity = typeof value.entry === 'object' && 'severity' in value.entry ? value.entry.severity : undefined;
    const { platform } = value;
    return {
      id: platform === undefined ? built.id : `${built.id}@${platform}`,
      requirement: built.text,
      severity: severity ?? 'error',
      source,
      condition: built.condition,
      ...(platform === undefined ? {} : { platform }),
    };
  }

  #build(declared: DeclaredEntry): Built | undefined {
    switch (declared.section) {
      case 'require':
        return this.#member(declared.entry as Member);
      case 'forbid':
        return this.#forbidden(declared.entry);
      case 'build':
        return this.#fact(declared.key, declared.entry);
    }
  }

  #member(entry: Member): Built | undefined {
    if (typeof entry === 'string') return this.#subject(entry, undefined);
    const { feature, key } = entry;
    if (feature !== undefined) return this.#subject(feature, entry['threat-events']);
    if (key !== undefined) return subjectOf(withMode(keyCondition(key), entry['threat-events']));
    if (entry['any-of']) return this.#group('any-of', entry['any-of']);
    return this.#group('all-of', entry['all-of'] ?? []);
  }

  #subject(name: string, mode: ThreatEventsRule | undefined): Built | undefined {
    const read = readSubject(name, this.#aliases, this.#declared.value.platform ?? this.#platform);
    if ('refusal' in read) return this.#refuse(name, read.refusal.message, read.refusal.allowed);
    if (read.notice !== undefined) this.#made.notices.push(read.notice);
    return subjectOf(withMode(read.condition, mode));
  }

  /** Members sorted, each once: order and repetition of what is written change nothing. */
  #group(kind: 'any-of' | 'all-of', members: readonly Member[]): Built | undefined {
    const read = members.map((member) => this.#member(member));
    const built = read.filter((one) => one !== undefined);
    if (built.length < read.length || built.length === 0) return undefined;
    const byId = new Map(built.map((one) => [one.id, one]));
    const sorted = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return {
      condition: { kind, of: sorted.map((one) => one.condition) },
      id: `${kind}(${sorted.map((one) => one.id).join(',')})`,
      text: `${kind === 'any-of' ? 'any of' : 'all of'}: ${built.map((one) => one.text).join(', ')}`,
    };
  }

  #forbidden(entry: Extract<DeclaredEntry, { section: 'forbid' }>['entry']): Built | undefined {
    const name = typeof entry === 'string' ? entry : (entry.feature ?? `key: ${entry.key ?? ''}`);
    // Under `key:` too: a chip of that name was never seen, so that its absence from the PDF would prove nothing.
    const fact = buildKeyOf(name.replace(/^\s*key\s*:/iu, ''));
    if (fact === 'extended-logs') return DIAGNOSTIC_LOGS;
    if (fact !== undefined) return this.#refuse(name, 'is a build fact, not a protection', `build: { ${fact}: VALUE }`);
    const read = readSubject(name, this.#aliases, this.#declared.value.platform ?? this.#platform);
    if ('refusal' in read) return this.#refuse(name, read.refusal.message, read.refusal.allowed);
    const { id, text } = subjectOf(read.condition);
    return { condition: { kind: 'forbid', subject: read.condition }, id: `forbid:${id}`, text: `forbid: ${text}` };
  }

  #fact(key: BuildKey, entry: Extract<DeclaredEntry, { section: 'build' }>['entry']): Built | undefined {
    const scalar = typeof entry === 'object' ? entry.value : entry;
    const read = readComparison(scalar);
    if ('message' in read) return this.#refuse(String(scalar), read.message, read.allowed);
    const fact = factOfBuildKey(key);
    return {
      condition: { kind: 'build', fact, ...read },
      id: `build:${fact}${read.operator}${read.value.toLowerCase()}`,
      text: `${key}: ${read.operator === '=' ? '' : read.operator}${read.value}`,
    };
  }

  #refuse(value: string, message: string, allowed: string): undefined {
    this.#made.problems.push({ option: this.#declared.place, value, message, allowed });
  }
}

function subjectOf(subject: SubjectCondition): Built {
  const name = subject.kind === 'key' ? `key: ${subject.printed}` : subject.name;
  const text = subject.threatEvents === undefined ? name : `${name} (threat-events: ${subject.threatEvents})`;
  return { condition: subject, id: subjectId(subject), text };
}

/** Diagnostic Logs are no protection but a build fact, `extended_logs` (appdome-api.md §5.2); a chip of that name would count too. */
const DIAGNOSTIC_LOGS: Built = {
  condition: {
    kind: 'forbid',
    subject: {
      kind: 'feature',
      name: 'Diagnostic Logs',
      key: 'extended_logs',
      proofs: ['diagnostic_logs', 'extended_logs'],
      events: [],
      related: [],
    },
    fact: 'extended_logs',
  },
  id: 'forbid:feature:diagnostic_logs',
  text: 'forbid: Diagnostic Logs',
};

const VERSION_LIKE = /^\d+(?:\.\d+){0,5}$/u;

/** `24`, `true`, `OnAppdome`, `">=24"`. A number with a fraction is refused: YAML has dropped its last zeros by then. */
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
      return { message: 'compares with something that is no version or number', allowed: '">=24" or "<2.1"' };
    return { operator: operator as BuildOperator, value: rest };
  }
  if (normaliseName(text) === '' || /^[=!~]/u.test(text))
    return { message: 'is not a value', allowed: 'the value itself, or ">=24"' };
  return { operator: '=', value: text };
}

/** Component by component; missing components are 0. undefined where either is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  if (!VERSION_LIKE.test(a.trim()) || !VERSION_LIKE.test(b.trim())) return undefined;
  const [left, right] = [a, b].map((text) => text.trim().split('.').map(BigInt)) as [bigint[], bigint[]];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x, y] = [left[index] ?? 0n, right[index] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
