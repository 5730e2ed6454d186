/** Which documents can support a verdict, and what to report about those that cannot. Rule 4 of the verdict. */
import type { CertificateDocument, DocumentKind, DocumentReading, Evidence } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { AppListening } from '../../model/listening.ts';
import type { EvidenceMode } from '../../model/run-request.ts';
import type { Finding } from '../../model/verdict.ts';
import { yamlWord } from '../file/yaml-word.ts';
import type { MissingListeners, PolicyPlan } from './rule.ts';
import type { PolicyPlace } from './understood.ts';

/** For when the JSON shows what the PDF would have to prove. */
export const LET_JSON_PROVE =
  'Judge on the PDF certificate, or let the JSON count with `--evidence any` (its shape is inferred, and the verdict will say so).';

/** The documents in the form that the judge uses. */
export interface Sources {
  /** Readable documents of any shape: identity, binding and denials are read from all of them, whichever may prove presence. */
  readable: CertificateDocument[];
  /** The same before the policy's `accept` applied, which proves no absence; absent = it accepts nothing. */
  printed?: CertificateDocument[];
  /** A readable document with a non-empty feature list. */
  pdf?: CertificateDocument;
  json?: CertificateDocument;
  mode: EvidenceMode;
  /** What the policy says about missing listeners; absent = the default (rule 5 of the verdict). */
  missingListeners?: MissingListeners;
  /** The policy's aliases, protection to printed names: they pair listeners too. */
  aliases?: Record<string, string[]>;
  /** Printed names, verbatim, that a rule asks for: they say nothing about another protection. */
  claimed?: ReadonlySet<string>;
  /** What the check of the app found; absent = it was not made. */
  listening?: AppListening | undefined;
  /** Protections whose rules are all waived for this build, by name: whether the app listens for them does not count. */
  waived?: ReadonlySet<string>;
  /** Where to paste a suggested line. */
  policy: PolicyPlace;
  /** Milliseconds since the epoch; absent = the day is unknown. */
  now?: number | undefined;
}

export interface SourcesResult {
  sources: Sources;
  /** Those of level `error` mean that there is no verdict. */
  findings: Finding[];
  usable: boolean;
}

/** The parts of the plan that a judgement needs besides the documents. */
export function settingsOf(plan: PolicyPlan): Omit<Sources, 'readable' | 'pdf' | 'json' | 'mode' | 'now'> {
  const requires = plan.rules.flatMap(({ condition }) => {
    if (condition.kind === 'key') return [`{ key: ${yamlWord(condition.printed)} }`];
    return condition.kind === 'feature' ? [yamlWord(condition.name)] : [];
  });
  return {
    policy: { path: plan.path, requires },
    ...defined({ missingListeners: plan.missingListeners, aliases: plan.aliases }),
  };
}

export const DOCUMENT_NAME: Record<DocumentKind, string> = { pdf: 'PDF certificate', json: 'JSON certificate' };

const READ_AGAIN =
  'Judge the build again with `fusegate gate --build-id ID` when the service has the certificate; nothing has to be built again.';

/**
 * Sorts the evidence by what the `evidence` option accepts.
 *
 * @param expectBoth whether a missing document is worth a warning: yes if the service should have both, not if files were given
 */
export function selectSources(evidence: Evidence, mode: EvidenceMode, expectBoth: boolean): SourcesResult {
  const sources: Sources = { readable: [], mode, policy: { requires: [] } };
  if (evidence.pdf.ok) sources.readable.push(evidence.pdf.document);
  if (evidence.json.ok) sources.readable.push(evidence.json.document);
  const pdf = carriesFeatures(evidence.pdf);
  const json = carriesFeatures(evidence.json);
  if (pdf) sources.pdf = pdf;
  if (json) sources.json = json;

  const needed: DocumentKind[] = mode === 'both' ? ['pdf', 'json'] : mode === 'any' ? [] : [mode];
  const usable = mode === 'any' ? Boolean(pdf ?? json) : needed.every((kind) => sources[kind] !== undefined);
  const anyReadable = evidence.pdf.ok || evidence.json.ok;
  const findings: Finding[] = [];
  for (const reading of [evidence.pdf, evidence.json]) {
    const kind = reading.ok ? reading.document.kind : reading.kind;
    if (sources[kind]) continue;
    if (isNotGiven(reading)) continue;
    const fatal = !usable && (needed.length === 0 || needed.includes(kind) || !anyReadable);
    findings.push(shortcoming(reading, fatal, expectBoth));
  }
  if (!anyReadable) {
    findings.unshift({
      code: 'certificate.none',
      level: 'error',
      message: 'No certificate could be read, so nothing is proven',
      hint: READ_AGAIN,
    });
  } else if (!usable && needed.length > 0) {
    const other = pdf ?? json;
    const lacking = needed.filter((kind) => !sources[kind]).map((kind) => DOCUMENT_NAME[kind]);
    findings.unshift({
      code: 'evidence.insufficient',
      level: 'error',
      message: `\`evidence: ${mode}\` needs the ${lacking.join(' and the ')}, and none that can be judged was found`,
      hint: other
        ? `${READ_AGAIN} ${mode === 'pdf' ? LET_JSON_PROVE : 'Or judge on the PDF with `--evidence pdf`.'}`
        : READ_AGAIN,
    });
  }
  return { sources, findings, usable };
}

/** The documents that presence rests on under the `evidence` option. */
export function provingDocuments(sources: Sources): CertificateDocument[] {
  const { pdf, json, mode } = sources;
  const chosen = mode === 'pdf' ? [pdf] : mode === 'json' ? [json] : mode === 'both' ? [pdf, json] : [pdf ?? json];
  return chosen.filter((document) => document !== undefined);
}

function carriesFeatures(reading: DocumentReading): CertificateDocument | undefined {
  if (!reading.ok || !reading.document.hasFeatureList) return undefined;
  return reading.document.features.length > 0 ? reading.document : undefined;
}

/** Nothing to report: the user chose the files. */
function isNotGiven(reading: DocumentReading): boolean {
  return !reading.ok && reading.problem === 'not-given';
}

/** Why one document cannot support a verdict. */
function shortcoming(reading: DocumentReading, fatal: boolean, expectBoth: boolean): Finding {
  const level = fatal ? 'error' : 'warning';
  if (!reading.ok) {
    const name = DOCUMENT_NAME[reading.kind];
    const expected = fatal || reading.problem !== 'absent' || expectBoth;
    return {
      code: reading.kind === 'pdf' ? 'certificate.pdf-unreadable' : 'certificate.json-unreadable',
      level: expected ? level : 'note',
      message: `The ${name} could not be read: ${reading.message}`,
      hint: fatal ? READ_AGAIN : `Judged on the other document alone. Look at the ${name}.`,
    };
  }
  const document = reading.document;
  const name = DOCUMENT_NAME[document.kind];
  if (document.hasFeatureList) {
    return {
      code: 'certificate.empty-feature-list',
      level,
      message: `The ${name} has a feature list (shape ${document.shape}) that is empty`,
      hint: fatal
        ? 'Check that the Fusion Set has protections switched on and was saved, then build again.'
        : 'Judged on the other document alone. Compare both certificates in the output folder.',
    };
  }
  if (document.kind === 'json') {
    const keys = document.topLevel.map(({ key, type }) => `${key}: ${type}`).join(', ');
    return {
      code: 'certificate.json-shape-unknown',
      // With a good PDF this is what today's service is expected to give (rule 4), so only a note, to avoid fatigue.
      level: fatal ? 'error' : 'note',
      message: `The JSON certificate does not show its protections in a known shape; its top-level keys are ${keys || 'none'}`,
      hint: 'Report these keys and types (they contain no values) to the project, so that it can learn the shape.',
    };
  }
  return {
    code: 'certificate.no-feature-list',
    level,
    message: 'The PDF certificate shows no list of protections that is known here',
    hint: fatal ? READ_AGAIN : 'Judged on the JSON certificate alone. Look at the PDF in the output folder.',
  };
}
