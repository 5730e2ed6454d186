/** A first policy from what a certificate proves: `fusegate policy init`. */
import { normaliseName, resolveName } from '../catalogue/names.ts';
import type { Evidence, FeatureFact } from '../certificate/certificate.ts';
import { factValues, readDocuments } from '../certificate/identity.ts';
import { plainLine } from '../report/untrusted-text.ts';
import { BUILD_KEYS } from './build-keys.ts';
import { evaluate } from './evaluate.ts';
import { planPolicy } from './plan.ts';
import type { RequirementResult } from './verdict.ts';
import { yamlWord } from './yaml-word.ts';

export interface PolicyDraft {
  /** YAML with comments, a new line at its end. */
  text: string;
  /** The names that it requires, as written. */
  required: string[];
  /** Names that the certificate shows and that it does not require, each with the reason. */
  leftOut: Array<{ name: string; why: string }>;
}

export interface DraftSource {
  /** Where it comes from, for the first line: a file's name. */
  label: string;
  /** Address or path of the policy's JSON Schema, for editors. */
  schema: string;
}

interface Candidate {
  /** As `required-features` takes it. */
  name: string;
  category: string;
  mode?: string;
}

/** Pure. Every name that is required is proven by this very evidence: each was judged by itself. */
export function draftPolicy(evidence: Evidence, source: DraftSource): PolicyDraft {
  const judged = candidates(evidence).map((candidate) => ({ candidate, outcome: judge(candidate.name, evidence) }));
  const proven = judged.filter(({ outcome }) => outcome?.outcome === 'satisfied').map(({ candidate }) => candidate);
  const leftOut = judged
    .filter(({ outcome }) => outcome?.outcome !== 'satisfied')
    .map(({ candidate, outcome }) => ({
      name: candidate.name,
      why: plainLine(outcome?.message ?? 'no verdict could be had', 200),
    }));
  return { text: render(proven, leftOut, evidence, source), required: proven.map(({ name }) => name), leftOut };
}

const NO_CATEGORY = 'Without a category';

/** One for each protection: its display name where the catalogue joins them by their words, else the name as printed. */
function candidates(evidence: Evidence): Candidate[] {
  const found = new Map<string, Candidate>();
  const facts = readDocuments(evidence).flatMap((document) => document.features);
  for (const fact of facts) {
    if (fact.presence !== 'present' || plainLine(fact.name, 1000) !== fact.name || fact.name.length > 200) continue;
    const name = writtenName(fact);
    const before = found.get(name);
    const category = before?.category ?? fact.category;
    const mode = before?.mode ?? fact.threatEvents;
    found.set(name, {
      name,
      category: category === undefined || category === NO_CATEGORY ? (fact.category ?? NO_CATEGORY) : category,
      ...(mode === undefined ? {} : { mode }),
    });
  }
  return [...found.values()].sort((a, b) => compare(a.category, b.category) || compare(a.name, b.name));
}

function writtenName(fact: FeatureFact): string {
  const known = resolveName(fact.name);
  const provesItself = known.kind === 'known' && known.proofs.map(normaliseName).includes(normaliseName(fact.name));
  return provesItself ? known.feature.name : `key: ${fact.name}`;
}

function judge(name: string, evidence: Evidence): RequirementResult | undefined {
  const { plan, problems } = planPolicy({ required: [{ name, origin: { option: 'policy init' } }], gate: 'warn' });
  if (problems.length > 0) return undefined;
  return evaluate(plan, evidence, { mode: 'gate', evidenceMode: 'any', gate: 'enforce' }).requirements[0];
}

function render(proven: Candidate[], leftOut: PolicyDraft['leftOut'], evidence: Evidence, source: DraftSource): string {
  const lines = [
    `# yaml-language-server: $schema=${plainLine(source.schema)}`,
    '# (`fusegate policy schema > fusegate-policy.schema.json` writes that file, so that editors complete and check this one.)',
    `# What every build must prove. Made from ${plainLine(source.label)}: each name below is proven by that certificate.`,
    '# Take out what is not a requirement of yours; `fusegate policy check FILE` reads this file without a run.',
    'version: 1',
    '',
    '# The only build service that may be asked.',
    '# server: https://fusion.appdome.com',
    '',
    proven.length > 0 ? 'require:' : 'require: [] # the certificate proves nothing that can be required by name',
  ];
  let category: string | undefined;
  for (const candidate of proven) {
    if (candidate.category !== category) lines.push(`  # ${plainLine(candidate.category, 100)}`);
    category = candidate.category;
    lines.push(...entryLines(candidate));
  }
  if (leftOut.length > 0) {
    lines.push('', '# On the certificate, and not required here:');
    for (const { name, why } of leftOut) lines.push(`#   ${plainLine(name, 100)}: ${why}`);
  }
  lines.push(
    '',
    '# What must not be there; absence must be proven, too.',
    '# forbid: [Diagnostic Logs]',
    '',
    ...buildLines(evidence),
    '# Any Threat-Event listener that the certificate lists as missing fails, not only those of required protections.',
    '# missing-threat-event-listeners: fail',
    '',
    '# max-waiver-days: 90',
    '# waivers:',
    '#   - feature: Proxy Detection',
    '#     reason: QA lab needs a proxy until the next release',
    '#     owner: mobile-security',
    '#     expires: 2030-01-31     # to the end of that day, UTC',
    '#     scope: { bundle-id: com.example.qa }',
  );
  return `${lines.join('\n')}\n`;
}

function entryLines({ name, mode }: Candidate): string[] {
  const key = /^key: (.*)$/su.exec(name)?.[1];
  const shown = mode === undefined ? '' : ` # ${plainLine(mode, 60)}`;
  return [key === undefined ? `  - ${yamlWord(name)}${shown}` : `  - key: ${yamlWord(key)}${shown}`];
}

/** As comments: a value that holds for one build need not be a requirement. */
function buildLines(evidence: Evidence): string[] {
  const documents = readDocuments(evidence);
  const stated = BUILD_KEYS.filter(({ key }) => !/-id$/u.test(key) || key === 'bundle-id').flatMap(({ key, fact }) => {
    const value = documents.flatMap((document) => factValues(document, fact))[0]?.value;
    return value === undefined ? [] : [`#   ${key}: ${yamlWord(plainLine(value, 100))}`];
  });
  return stated.length > 0 ? ['# As this certificate states it:', '# build:', ...stated, ''] : [];
}

/** By code point, so that the file does not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
