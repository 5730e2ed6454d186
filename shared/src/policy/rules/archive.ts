/**
 * Judges many certificates at once: groups documents by build, with a verdict for each build and one over all of them.
 *
 * A PDF and a JSON with the same build id are one build's evidence. Two documents of one kind with the same build id are judged separately,
 * unless they are byte for byte the same. A document without a build id is judged alone.
 */

import { pairOf } from '../../certificate/document-pair.ts';
import { factValues } from '../../certificate/identity.ts';
import { quotableFacts } from '../../certificate/outside-text.ts';
import type { DocumentReading, Evidence } from '../../model/certificate.ts';
import type { Finding, Verdict, VerdictOutcome } from '../../model/verdict.ts';
import { type Expectation, evaluate } from './evaluate.ts';
import type { PolicyPlan } from './rule.ts';

/** One certificate file of the archive, as read. */
export interface ArchivedDocument {
  /** The name on the page; unique. */
  label: string;
  reading: DocumentReading;
}

export interface ArchivedBuild {
  /** The labels of its files, joined. */
  label: string;
  files: Array<{ label: string; sha256?: string }>;
  evidence: Evidence;
  /** Files left out because they have the same bytes. */
  duplicates: string[];
}

export interface JudgedBuild extends Omit<ArchivedBuild, 'evidence'> {
  /** As the certificate states them; untrusted text. */
  facts: Record<
    'build_id' | 'fusion_set_id' | 'app_name' | 'app_version' | 'bundle_id' | 'certificate_created',
    string | undefined
  >;
  verdict: Verdict;
}

export interface JudgedArchive {
  builds: JudgedBuild[];
  verdict: Verdict;
}

/** Sorted by label, whatever the order of the files. */
export function groupBuilds(documents: readonly ArchivedDocument[]): ArchivedBuild[] {
  const sorted = [...documents].sort((a, b) => (a.label < b.label ? -1 : 1));
  const first = new Map<string, ArchivedDocument>();
  const duplicates = new Map<ArchivedDocument, string[]>();
  for (const document of sorted) {
    const bytes = sha256Of(document.reading);
    const before = bytes === undefined ? undefined : first.get(bytes);
    if (before) duplicates.set(before, [...(duplicates.get(before) ?? []), document.label]);
    else first.set(bytes ?? `no bytes: ${document.label}`, document);
  }
  const distinct = [...first.values()];
  const pdfs = distinct.filter(({ reading }) => kindOf(reading) === 'pdf');
  const jsons = distinct.filter(({ reading }) => kindOf(reading) === 'json');
  const paired = new Set<ArchivedDocument>();
  const build = (pdf: ArchivedDocument | undefined, json: ArchivedDocument | undefined): ArchivedBuild => {
    const own = [pdf, json].filter((one) => one !== undefined);
    return {
      label: own.map(({ label }) => label).join(' + '),
      files: own.map(({ label, reading }) => {
        const sha256 = sha256Of(reading);
        return sha256 === undefined ? { label } : { label, sha256 };
      }),
      evidence: pairOf(pdf?.reading ?? absent('pdf'), json?.reading ?? absent('json')),
      duplicates: own.flatMap((one) => duplicates.get(one) ?? []),
    };
  };
  const withPdf = pdfs.flatMap((pdf) => {
    const id = buildIdOf(pdf.reading);
    const partners = id === undefined ? [] : jsons.filter((json) => buildIdOf(json.reading) === id);
    for (const partner of partners) paired.add(partner);
    return partners.length === 0 ? [build(pdf, undefined)] : partners.map((json) => build(pdf, json));
  });
  const alone = jsons.filter((json) => !paired.has(json)).map((json) => build(undefined, json));
  return [...withPdf, ...alone].sort((a, b) => (a.label < b.label ? -1 : 1));
}

function sha256Of(reading: DocumentReading): string | undefined {
  return reading.ok ? reading.document.sha256 : reading.sha256;
}

function kindOf(reading: DocumentReading): 'pdf' | 'json' {
  return reading.ok ? reading.document.kind : reading.kind;
}

/** undefined if it states none, or more than one. */
function buildIdOf(reading: DocumentReading): string | undefined {
  if (!reading.ok) return undefined;
  const ids = new Set(factValues(reading.document, 'build_id').map((fact) => fact.value.trim().toLowerCase()));
  return ids.size === 1 ? [...ids][0] : undefined;
}

function absent(kind: 'pdf' | 'json'): DocumentReading {
  return { ok: false, kind, problem: 'not-given', message: `no .${kind} file of this build was given` };
}

/** Judges every build separately. */
export function judgeArchive(
  plan: PolicyPlan,
  builds: readonly ArchivedBuild[],
  expectation: Expectation,
): JudgedArchive {
  const judged = builds.map(({ evidence, ...build }): JudgedBuild => {
    const fact = (name: keyof JudgedBuild['facts']) =>
      [evidence.pdf, evidence.json].flatMap((reading) =>
        reading.ok ? (quotableFacts(reading.document)[name] ?? []) : [],
      )[0]?.value;
    return {
      ...build,
      facts: {
        build_id: fact('build_id'),
        fusion_set_id: fact('fusion_set_id'),
        app_name: fact('app_name'),
        app_version: fact('app_version'),
        bundle_id: fact('bundle_id'),
        certificate_created: fact('certificate_created'),
      },
      verdict: evaluate(plan, evidence, expectation),
    };
  });
  return { builds: judged, verdict: overAll(judged) };
}

/** Worst first. If nothing was judged, that is not a pass either. */
const WORST: VerdictOutcome[] = ['error', 'fail', 'not-evaluated', 'pass'];

/** One verdict from many, as bad as the worst: rows and findings say which certificate they are about. */
function overAll(builds: readonly JudgedBuild[]): Verdict {
  const verdicts = builds.map(({ verdict }) => verdict);
  const outcome = WORST.find((one) => verdicts.some((verdict) => verdict.outcome === one)) ?? 'error';
  const evidence = (['none', 'inferred'] as const).find((level) =>
    verdicts.some((verdict) => verdict.evidence === level),
  );
  const duplicates = builds.flatMap(({ label, duplicates: same }) => same.map((file) => ({ label, file })));
  return {
    outcome,
    requirements: builds.flatMap(({ label, verdict }) =>
      verdict.requirements.map((one) => ({
        ...one,
        id: `${label}: ${one.id}`,
        requirement: `${label}: ${one.requirement}`,
        message: `${label}: ${one.message}`,
      })),
    ),
    findings: [
      // Notes are shown per build on the archive page: a thousand of them in one report would hide what matters.
      ...builds.flatMap(({ label, verdict }) =>
        verdict.findings
          .filter(({ level }) => level !== 'note')
          .map((one) => ({ ...one, message: `${label}: ${one.message}` })),
      ),
      ...duplicates.map(
        ({ label, file }): Finding => ({
          code: 'archive.duplicate',
          level: 'note',
          message: `${file} has the same content as ${label} and was judged once`,
          hint: 'Nothing.',
        }),
      ),
    ],
    missingFeatures: [...new Set(verdicts.flatMap((verdict) => verdict.missingFeatures))].sort(),
    binding: { level: 'none', message: 'Certificates of several builds were judged; no file was compared with them.' },
    evidence: builds.length === 0 ? 'none' : (evidence ?? 'verified'),
    waivers: builds.flatMap(({ label, verdict }) =>
      verdict.waivers.map((one) => ({ ...one, source: `${label}: ${one.source}` })),
    ),
    accepted: builds.flatMap(({ label, verdict }) =>
      verdict.accepted.map((one) => ({ ...one, where: `${label}: ${one.where}` })),
    ),
  };
}
