/** Evidence made by hand: what the certificate readers would have reported, without a document behind it. */
import type {
  CertificateDocument,
  DocumentKind,
  DocumentReading,
  Evidence,
  FactName,
  Facts,
  FeatureFact,
  Mention,
  Presence,
  ReadingProblem,
  Wording,
} from '../../src/model/certificate.ts';
import type { RequiredFeature } from '../../src/model/run-request.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import type { PolicyPlan } from '../../src/policy/rules/rule.ts';

export const BUILD_ID = '11111111-1111-11f0-8111-111111111111';
export const FUSION_SET_ID = '22222222-2222-11f0-8222-222222222222';
export const APP_ID = '33333333-3333-11f0-8333-333333333333';
export const TEAM_ID = '44444444-4444-11f0-8444-444444444444';
export const OTHER_ID = '99999999-9999-11f0-8999-999999999999';
export const ORIGINAL = 'a'.repeat(64);
export const FINAL = 'b'.repeat(64);
export const OTHER_HASH = 'c'.repeat(64);

/** One line of a feature list. */
export interface Line {
  name: string;
  presence?: Presence;
  value?: string;
  mode?: string;
  role?: FeatureFact['role'];
  category?: string;
  /** The text leading to it that is not understood; then it is `unknown`. */
  unread?: Wording[];
}

export interface DocumentSpec {
  lines?: Array<string | Line>;
  facts?: Partial<Record<FactName, string | string[]>>;
  /** The text above a fact that is not understood. */
  above?: Partial<Record<FactName, Wording>>;
  listeners?: string[];
  shape?: string;
  hasFeatureList?: boolean;
  /** Has a beginning and an end; as `complete` where a case does not say. */
  bounded?: boolean;
  /** Absent = bounded, and nothing unread. */
  complete?: boolean;
  unread?: Wording[];
  listenerDoubts?: Wording[];
  signing?: CertificateDocument['signing'];
  rehearsal?: true;
  /** What is spoken of, each at a place of its own. */
  mentions?: Array<string | Pick<Mention, 'text' | 'where'>>;
  topLevel?: Array<{ key: string; type: string }>;
}

const IDENTITY = { build_id: BUILD_ID, fusion_set_id: FUSION_SET_ID, app_id: APP_ID };

export function pdf(spec: DocumentSpec = {}): DocumentReading {
  const facts = { ...IDENTITY, original_sha256: ORIGINAL, final_sha256: FINAL, signer: 'CN=Synthetic', ...spec.facts };
  return reading('pdf', { shape: 'certified-secure', bounded: true, ...spec, facts });
}

export function json(spec: DocumentSpec = {}): DocumentReading {
  const facts = { ...IDENTITY, team_id: TEAM_ID, sign_type: 'OnAppdome', ...spec.facts };
  return reading('json', { shape: 'A', bounded: false, ...spec, facts });
}

/** A JSON that is valid, with the proven identity keys and no shape that is known. */
export function unknownJson(facts: NonNullable<DocumentSpec['facts']> = {}): DocumentReading {
  return json({
    facts,
    lines: [],
    hasFeatureList: false,
    shape: 'unknown',
    topLevel: [
      { key: 'build_id', type: 'string' },
      { key: 'stuff', type: 'object' },
    ],
  });
}

export function unreadable(kind: DocumentKind, problem: ReadingProblem = 'absent'): DocumentReading {
  return { ok: false, kind, problem, message: `synthetic: ${problem}` };
}

function reading(kind: DocumentKind, spec: DocumentSpec): DocumentReading {
  const lines = (spec.lines ?? ['root_detection', 'anti_debugging']).map((line) =>
    typeof line === 'string' ? { name: line } : line,
  );
  const features = lines.map((line, index) => featureOf(kind, line, index));
  const unread = spec.unread ?? features.flatMap((fact) => fact.unread ?? []);
  const bounded = spec.bounded ?? spec.complete ?? false;
  const document: CertificateDocument = {
    kind,
    sha256: (kind === 'pdf' ? 'd' : 'e').repeat(64),
    shape: spec.shape ?? 'A',
    hasFeatureList: spec.hasFeatureList ?? true,
    bounded,
    complete: spec.complete ?? (bounded && unread.length === 0),
    unread,
    listenerDoubts: spec.listenerDoubts ?? [],
    mentions: (spec.mentions ?? []).map((mention, index) => ({
      document: kind,
      ...(typeof mention === 'string' ? { text: mention, where: place(kind, 700 + index) } : mention),
    })),
    facts: factsOf(kind, spec.facts ?? {}, spec.above),
    ...(spec.signing === undefined ? {} : { signing: spec.signing }),
    ...(spec.rehearsal ? { rehearsal: true } : {}),
    features,
    missingListeners: (spec.listeners ?? []).map((value) => ({ value, document: kind, where: place(kind, 900) })),
    topLevel: spec.topLevel ?? [],
  };
  return { ok: true, document };
}

function factsOf(
  kind: DocumentKind,
  facts: NonNullable<DocumentSpec['facts']>,
  above: DocumentSpec['above'] = {},
): Facts {
  const entries = Object.entries(facts).map(([name, value]) => {
    const wording = above[name as FactName];
    const doubt = wording === undefined ? {} : { unread: [wording] };
    return [
      name,
      [value].flat().map((one, index) => ({ value: one, document: kind, where: place(kind, index), ...doubt })),
    ];
  });
  return Object.fromEntries(entries.filter(([, list]) => (list?.length ?? 0) > 0));
}

function featureOf(kind: DocumentKind, line: Line, index: number): FeatureFact {
  const fact: FeatureFact = {
    name: line.name,
    role: line.role ?? (kind === 'json' ? 'json' : 'parameter'),
    presence: line.presence ?? (line.unread === undefined ? 'present' : 'unknown'),
    document: kind,
    where: place(kind, 100 + index),
  };
  if (line.value !== undefined) fact.rawValue = line.value;
  if (line.mode !== undefined) fact.threatEvents = line.mode;
  if (line.unread !== undefined) fact.unread = line.unread;
  if (line.category !== undefined) fact.category = line.category;
  return fact;
}

function place(kind: DocumentKind, index: number): string {
  return kind === 'pdf' ? `page 1 at 213,${index}` : `$.x[${index}]`;
}

/** Wording that no certificate has shown. */
export function wording(kind: Wording['kind'], text: string, where = 'page 1 at 64,950'): Wording {
  return { kind, text, document: 'pdf', where };
}

export const EXPECTED: Expectation = {
  mode: 'run',
  buildId: BUILD_ID,
  fusionSetId: FUSION_SET_ID,
  appId: APP_ID,
  originalSha256: ORIGINAL,
  finalSha256: FINAL,
  sign: 'on-appdome',
  kind: 'apk',
  evidenceMode: 'any',
  gate: 'enforce',
};

export function required(...names: string[]): RequiredFeature[] {
  return names.map((name) => ({ name, origin: { option: '--required-features' } }));
}

/** @throws when a name of the test is not one that the catalogue knows */
export function plan(...names: string[]): PolicyPlan {
  const { plan: made, problems } = planPolicy({ required: required(...names), gate: 'warn', platform: 'android' });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return made;
}

export interface Case {
  pdf?: DocumentReading;
  json?: DocumentReading;
  require?: string[];
  expect?: Partial<Expectation>;
}

/** Judges a good build, changed in what a case names. Required by default: Root Detection. */
export function judge(given: Case = {}): Verdict {
  const evidence: Evidence = { pdf: given.pdf ?? pdf(), json: given.json ?? json() };
  return evaluate(plan(...(given.require ?? ['Root Detection'])), evidence, { ...EXPECTED, ...given.expect });
}
