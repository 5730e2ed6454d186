/** Whether the documents show a protection: rules 2, 4, 5 and 8 of the verdict, for one name. */
import { normaliseName } from '../catalogue/names.ts';
import type { CertificateDocument, DocumentKind, FeatureFact } from '../certificate/certificate.ts';
import type { SubjectCondition, ThreatEventsRule } from './rule.ts';
import type { Sources } from './sources.ts';
import type { EvidenceLocation, RequirementOutcome } from './verdict.ts';

/** What the documents say on one subject. */
export interface Presence {
  outcome: RequirementOutcome;
  message: string;
  evidence: EvidenceLocation[];
  /** The documents that show it, whether or not they may prove it here. */
  shownBy: DocumentKind[];
  /** The documents that the proof rests on; empty unless satisfied. */
  basis: DocumentKind[];
  /** One document shows it and one (or the same) denies it: no verdict on this name can be had. */
  conflict?: 'contradiction' | 'disagreement';
  /** Proven, but this readable feature list does not show it. */
  absentIn: DocumentKind[];
  /** Missing listeners that make the outcome `no-listener`, normalised. */
  listeners: string[];
}

/** The facts of one document that are about the subject. */
interface Sighting {
  kind: DocumentKind;
  complete: boolean;
  /** It has a list that could show the subject. */
  lists: boolean;
  shown: FeatureFact[];
  denied: FeatureFact[];
  unclear: FeatureFact[];
}

export function subjectName(subject: SubjectCondition): string {
  return subject.kind === 'feature' ? subject.name : subject.printed;
}

/** @returns whether a printed name is about the subject. */
export function isAbout(subject: SubjectCondition, printed: string): boolean {
  return subject.kind === 'key' ? printed === subject.printed : subject.proofs.includes(normaliseName(printed));
}

export function lookFor(subject: SubjectCondition, sources: Sources): Presence {
  const sightings = sources.readable
    .filter((document) => document.features.length > 0)
    .map((document) => sighting(subject, document));
  const shown = sightings.filter((one) => one.shown.length > 0);
  const denied = sightings.filter((one) => one.denied.length > 0);
  const name = subjectName(subject);
  return { ...settle(subject, sources, sightings, shown, denied, name), shownBy: shown.map((one) => one.kind) };
}

type Settled = Omit<Presence, 'shownBy'>;

function settle(
  subject: SubjectCondition,
  sources: Sources,
  sightings: Sighting[],
  shown: Sighting[],
  denied: Sighting[],
  name: string,
): Settled {
  if (shown.length > 0 && denied.length > 0) {
    const inside = shown.find((one) => denied.includes(one));
    return presence('denied', {
      message: inside
        ? `The ${inside.kind.toUpperCase()} both shows ${name} (${places([inside], 'shown')}) and denies it (${places([inside], 'denied')})`
        : `The ${list(shown)} shows ${name} (${places(shown, 'shown')}) and the ${list(denied)} denies it (${places(denied, 'denied')})`,
      evidence: [...locate(shown, 'shown'), ...locate(denied, 'denied')],
      conflict: inside ? 'contradiction' : 'disagreement',
    });
  }
  if (denied.length > 0) {
    const values = denied.flatMap((one) => one.denied.map((fact) => `${fact.where}: ${fact.rawValue ?? 'false'}`));
    return presence('denied', {
      message: `The ${list(denied)} says that ${name} is not in the app (${values.join(', ')})`,
      evidence: locate(denied, 'denied'),
    });
  }
  const found = proof(sources, sightings);
  if (found.basis.length === 0) return unproven(subject, sources, sightings, found.partly);
  return acting(subject, sources, sightings, found.basis);
}

function presence(outcome: RequirementOutcome, rest: Partial<Settled> & { message: string }): Settled {
  return { outcome, evidence: [], basis: [], absentIn: [], listeners: [], ...rest };
}

function sighting(subject: SubjectCondition, document: CertificateDocument): Sighting {
  const facts = document.features.filter((fact) => isAbout(subject, fact.name));
  return {
    kind: document.kind,
    complete: document.complete,
    lists: document.hasFeatureList,
    shown: facts.filter((fact) => fact.presence === 'present'),
    denied: facts.filter((fact) => fact.presence === 'absent'),
    unclear: facts.filter((fact) => fact.presence === 'unknown'),
  };
}

/** Which documents prove it, under the `evidence` option. */
function proof(sources: Sources, sightings: Sighting[]): { basis: DocumentKind[]; partly: boolean } {
  const shows = (kind: DocumentKind) => sightings.some((one) => one.kind === kind && one.shown.length > 0);
  switch (sources.mode) {
    case 'pdf':
      return { basis: shows('pdf') ? ['pdf'] : [], partly: false };
    case 'json':
      // Here too it cannot add to a whole list, or to ask for the JSON would be weaker than to ask for nothing.
      return { basis: shows('json') && (shows('pdf') || !sources.pdf?.complete) ? ['json'] : [], partly: false };
    case 'both':
      return shows('pdf') && shows('json')
        ? { basis: ['pdf', 'json'], partly: false }
        : { basis: [], partly: shows('pdf') || shows('json') };
    case 'any': {
      if (shows('pdf')) return { basis: ['pdf'], partly: false };
      // Rule 4: beside a PDF that shows a whole list the JSON may confirm and deny, but it cannot add.
      return { basis: shows('json') && !sources.pdf?.complete ? ['json'] : [], partly: false };
    }
  }
}

function unproven(subject: SubjectCondition, sources: Sources, sightings: Sighting[], partly: boolean): Settled {
  const name = subjectName(subject);
  const shown = sightings.filter((one) => one.shown.length > 0);
  if (partly) {
    return presence('unproven', {
      message: `Only the ${list(shown)} shows ${name}, and \`evidence: both\` asks for both documents`,
      evidence: locate(shown, 'shown'),
    });
  }
  const unclear = sightings.filter((one) => one.unclear.length > 0);
  const pdfDecides = sources.mode !== 'json' && sources.pdf?.complete === true;
  if (unclear.length > 0 && !pdfDecides) {
    const values = unclear.flatMap((one) => one.unclear.map((fact) => `${fact.where}: ${fact.rawValue ?? 'no value'}`));
    return presence('unproven', {
      message: `The ${list(unclear)} names ${name} with a value that proves nothing (${values.join(', ')})`,
      evidence: locate(unclear, 'unclear'),
    });
  }
  return presence('missing', {
    message: `${name} is not on the certificate (${list(sightings)})${shownInVain(sources, shown)}${nearby(subject, sources)}`,
    evidence: locate(shown, 'shown'),
  });
}

/** Why what one document shows is no proof here. */
function shownInVain(sources: Sources, shown: Sighting[]): string {
  if (shown.length === 0) return '';
  const rightful = sources.mode === 'any' || (sources.mode === 'json' && shown.some(({ kind }) => kind === 'json'));
  return rightful
    ? `; only the ${list(shown)} shows it, which cannot add to a PDF whose list is whole`
    : `; only the ${list(shown)} shows it, and \`evidence: ${sources.mode}\` rests on the other`;
}

/** A printed name of the same area is what people would take for the protection; it proves nothing (rule 3). */
function nearby(subject: SubjectCondition, sources: Sources): string {
  if (subject.kind === 'key') return '';
  const printed = sources.readable.flatMap((document) =>
    document.features.filter(
      (fact) => fact.presence === 'present' && subject.related.includes(normaliseName(fact.name)),
    ),
  );
  if (printed.length === 0) return '';
  return `; ${[...new Set(printed.map((fact) => fact.name))].join(', ')} is of the same area and does not prove it`;
}

/** It is there. Does it act, and as it was asked to? */
function acting(subject: SubjectCondition, sources: Sources, sightings: Sighting[], basis: DocumentKind[]): Settled {
  const name = subjectName(subject);
  const shown = sightings.filter((one) => one.shown.length > 0);
  const evidence = locate(shown, 'shown');
  const modes = shown.flatMap((one) => one.shown.flatMap((fact) => (fact.threatEvents ? [fact.threatEvents] : [])));
  const detects = [...modes, ...modesUnderOtherNames(subject, sources)].some(
    (mode) => normaliseName(mode) === 'in_app_detection',
  );

  const listeners =
    detects && sources.missingListeners !== 'warn' && sources.missingListeners !== 'ignore'
      ? missingListenersOf(subject, sources)
      : [];
  if (listeners.length > 0) {
    return presence('no-listener', {
      message: `${name} only detects, and the app does not listen for ${listeners.map((fact) => fact.value).join(', ')}`,
      evidence: [
        ...evidence,
        ...listeners.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value })),
      ],
      listeners: listeners.map((fact) => normaliseName(fact.value)),
    });
  }
  const wrongMode = subject.threatEvents && modeProblem(name, subject.threatEvents, modes);
  if (wrongMode) return presence(wrongMode.outcome, { message: wrongMode.message, evidence });
  const absentIn = sightings.filter((one) => one.lists && one.shown.length === 0).map((one) => one.kind);
  return presence('satisfied', { message: `${name} is on the certificate`, evidence, basis, absentIn });
}

function missingListenersOf(subject: SubjectCondition, sources: Sources) {
  const missing = sources.readable.flatMap((document) => document.missingListeners);
  return missing.filter((fact) => subject.events?.includes(normaliseName(fact.value)));
}

/** A chip prints no mode; the line of its display name does. So `key: NAME` cannot be a way around rule 8. */
function modesUnderOtherNames(subject: SubjectCondition, sources: Sources): string[] {
  if (subject.kind !== 'key' || subject.actsAs === undefined) return [];
  const { actsAs } = subject;
  return sources.readable.flatMap((document) =>
    document.features
      .filter((fact) => fact.presence === 'present' && actsAs.includes(normaliseName(fact.name)))
      .flatMap((fact) => (fact.threatEvents ? [fact.threatEvents] : [])),
  );
}

function modeProblem(name: string, asked: ThreatEventsRule, modes: string[]) {
  if (modes.length === 0) {
    return {
      outcome: 'unproven' as const,
      message: `No document shows in which Threat-Events mode ${name} acts, and \`threat-events: ${asked}\` needs it`,
    };
  }
  const wanted = normaliseName(asked);
  if (asked === 'any' || modes.every((mode) => normaliseName(mode) === wanted)) return undefined;
  return {
    outcome: 'denied' as const,
    message: `${name} acts as ${[...new Set(modes)].join(' and ')}, not as \`threat-events: ${asked}\` asks`,
  };
}

function list(sightings: Sighting[]): string {
  return sightings.map((one) => one.kind.toUpperCase()).join(' and ');
}

function places(sightings: Sighting[], which: 'shown' | 'denied'): string {
  return locate(sightings, which)
    .map((place) => place.where)
    .join(', ');
}

function locate(sightings: Sighting[], which: 'shown' | 'denied' | 'unclear'): EvidenceLocation[] {
  return sightings.flatMap((one) =>
    one[which].map((fact) => ({ document: fact.document, where: fact.where, text: fact.name })),
  );
}
