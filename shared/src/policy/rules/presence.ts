/**
 * Whether the documents show a protection: rules 2 to 5 and 8 of the verdict, for one name.
 *
 * A protection is there only if a document that counts as proof shows it, and nothing that was not understood mentions it anywhere.
 */

import { isComponent, normaliseName } from '../../catalogue/names.ts';
import { knownMode } from '../../certificate/threat-event-modes.ts';
import type { CertificateDocument, DocumentKind, Fact, FeatureFact, Mention } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import { platformName } from '../../model/run-request.ts';
import type { EvidenceLocation, RequirementOutcome } from '../../model/verdict.ts';
import { yamlWord } from '../file/yaml-word.ts';
import { DROP_DETECTION, writeListeners } from './listener-steps.ts';
import { listenersOf } from './missing-listeners.ts';
import type { Accept, FeatureCondition, SubjectCondition, ThreatEventsRule } from './rule.ts';
import { statedPlatforms } from './rules-of-platform.ts';
import { LET_JSON_PROVE, type Sources } from './sources.ts';
import { isPlain, printedNameSpeaksOf, type SpokenNames, speaksOf } from './spoken-of.ts';
import { mayPairListener } from './subjects.ts';
import { nearestPrinted, printedNames } from './unclaimed-names.ts';
import {
  acceptanceOf,
  acceptHint,
  asMention,
  asText,
  placed,
  quoted,
  saysNoMore,
  someOf,
  textOf,
} from './understood.ts';

/** What the documents say about one subject. */
export interface SubjectJudgement {
  outcome: RequirementOutcome;
  message: string;
  /** What to do next; absent if it is satisfied. */
  hint?: string;
  evidence: EvidenceLocation[];
  /** The documents that show it, whether or not they count as proof here. */
  shownBy: DocumentKind[];
  /** The documents that the proof rests on; empty unless satisfied. */
  basis: DocumentKind[];
  /** One document shows it and one (or the same) denies it, or mentions it in a way that is not understood. Then there is no verdict. */
  conflict?: 'contradiction' | 'disagreement';
  /** A mention that was not understood, whether or not it decides the outcome. The message fits after a colon. */
  objection?: { message: string; hint: string; accept: Partial<Accept> };
  /** Proven, but this readable feature list does not show it. */
  absentIn: DocumentKind[];
  /** Missing listeners that make the outcome `no-listener`, normalised. */
  listeners: string[];
  /** What a policy would have to accept for it to be proven. */
  accept: Partial<Accept>;
  /** Printed names that show it only through the policy's aliases. */
  aliases: string[];
  /** The mode in which it is present, if the service does not enforce it and the rule does not name it. */
  unenforced?: string;
  /** It only detects, and no document shows whether its listener is missing. */
  unheard?: true;
}

/** What one document says about the subject. */
interface Sighting {
  kind: DocumentKind;
  /** Whether it has a list that could show the subject. */
  lists: boolean;
  shown: FeatureFact[];
  /** Beside a PDF: what the JSON lists without proving it, because other parts of the JSON are not understood. Its mode may still object. */
  listed: FeatureFact[];
  denied: FeatureFact[];
  unclear: FeatureFact[];
  mentions: Mention[];
}

export function subjectName(subject: SubjectCondition): string {
  return subject.kind === 'feature' ? subject.name : subject.printed;
}

/** @returns whether a printed name proves the subject */
export function isAbout(subject: SubjectCondition, printed: string): boolean {
  return subject.kind === 'key' ? printed === subject.printed : subject.proofs.includes(normaliseName(printed));
}

/** Names that count against the subject if they are denied or not understood: more names than those that prove it. */
function objectingNames(subject: SubjectCondition): string[] {
  const names =
    subject.kind === 'key'
      ? [normaliseName(subject.printed), ...(subject.actsAs ?? []), ...(subject.events ?? [])]
      : [...subject.proofs, ...subject.mentions, ...subject.events];
  return [...new Set(names)].filter((name) => name !== '');
}

export function lookFor(subject: SubjectCondition, sources: Sources): SubjectJudgement {
  const claimed = claimedNames(sources);
  const sightings = besidePdf(sources.readable.map((document) => sighting(subject, document, claimed)));
  const shown = sightings.filter((one) => one.shown.length > 0);
  const objecting = sightings.filter(objects);
  const objection = objecting.length > 0 ? notUnderstood(subject, sources, objecting, shown) : undefined;
  return {
    ...settle(subject, sources, sightings, shown, objection?.settled),
    shownBy: shown.map((one) => one.kind),
    ...(objection ? { objection: objection.told } : {}),
  };
}

/**
 * If a PDF shows it, a "yes" in the JSON that only other parts of the JSON cast doubt on is no contradiction: they take its proof away, but
 * say nothing about it. The Threat-Events mode that the JSON states still counts.
 */
function besidePdf(sightings: Sighting[]): Sighting[] {
  if (!sightings.some((one) => one.kind === 'pdf' && one.shown.length > 0)) return sightings;
  const contradicts = ({ unread }: FeatureFact) => unread === undefined || unread.some(({ elsewhere }) => !elsewhere);
  return sightings.map((one) =>
    one.kind === 'json'
      ? {
          ...one,
          unclear: one.unclear.filter(contradicts),
          listed: one.unclear.filter((fact) => !contradicts(fact)),
        }
      : one,
  );
}

type Settled = Omit<SubjectJudgement, 'shownBy' | 'objection'>;

export const COMPARE_DOCUMENTS =
  'Compare both certificates in the output folder; do not ship this app until they say the same.';
export const SWITCH_ON = 'Switch it on in the Fusion Set at Appdome, save the Fusion Set, and build again.';

function settle(
  subject: SubjectCondition,
  sources: Sources,
  sightings: Sighting[],
  shown: Sighting[],
  objection: Settled | undefined,
): Settled {
  const name = subjectName(subject);
  const denied = sightings.filter((one) => one.denied.length > 0);
  if (shown.length > 0 && denied.length > 0) {
    const inside = shown.find((one) => denied.includes(one));
    return presence('denied', {
      message: inside
        ? `The ${inside.kind.toUpperCase()} both shows ${name} (${places([inside], 'shown')}) and denies it (${places([inside], 'denied')})`
        : `The ${list(shown)} shows ${name} (${places(shown, 'shown')}) and the ${list(denied)} denies it (${places(denied, 'denied')})`,
      hint: COMPARE_DOCUMENTS,
      evidence: [...locate(shown, 'shown'), ...locate(denied, 'denied')],
      conflict: inside ? 'contradiction' : 'disagreement',
    });
  }
  if (denied.length > 0) {
    const values = denied.flatMap((one) => one.denied.map((fact) => `${fact.where}: ${fact.rawValue ?? 'false'}`));
    return presence('denied', {
      message: `The ${list(denied)} says that ${name} is not in the app (${values.join(', ')})`,
      hint: SWITCH_ON,
      evidence: locate(denied, 'denied'),
    });
  }
  // A whole list without the name has already decided, whatever else mentions it.
  const absent = sources.mode !== 'json' && sources.pdf?.complete && !shown.some((one) => one.kind === 'pdf');
  if (objection && !absent) return objection;
  const found = proof(sources, sightings);
  if (found.basis.length === 0) return unproven(subject, sources, sightings, found.partly);
  return acting(subject, sources, sightings, found.basis);
}

function presence(outcome: RequirementOutcome, rest: Partial<Settled> & { message: string }): Settled {
  return { outcome, evidence: [], basis: [], absentIn: [], listeners: [], accept: {}, aliases: [], ...rest };
}

function claimedNames({ claimed = new Set(), aliases = {} }: Sources): ReadonlySet<string> {
  return new Set([...claimed, ...Object.values(aliases).flat()]);
}

function sighting(subject: SubjectCondition, document: CertificateDocument, claimed: ReadonlySet<string>): Sighting {
  const names: SpokenNames = { own: objectingNames(subject), claimed };
  const printed: SpokenNames = {
    own: subject.kind === 'key' ? [normaliseName(subject.printed)] : subject.proofs,
    claimed,
  };
  const { features } = document;
  const speaks = (fact: FeatureFact) => isAbout(subject, fact.name) || names.own.includes(normaliseName(fact.name));
  const shows = (fact: FeatureFact) =>
    fact.presence === 'present' && isAbout(subject, fact.name) && (subject.kind === 'key' || isPlain(fact.name));
  const shown = features.filter(shows);
  return {
    kind: document.kind,
    lists: document.hasFeatureList && features.length > 0,
    shown,
    listed: [],
    denied: features.filter((fact) => fact.presence === 'absent' && speaks(fact)),
    unclear: features.filter((fact) => fact.presence === 'unknown' && speaks(fact)),
    mentions: [
      // What the JSON lists under a name that is not in the catalogue is a mention at its own place, not a doubt about itself.
      ...document.mentions.filter(
        (mention) => speaksOf(mention, names) && !shown.some(({ where }) => where === mention.where),
      ),
      // For the JSON, the reader has already reported them.
      ...features
        .filter(
          (fact) =>
            document.kind === 'pdf' && !fact.accepted && !shows(fact) && printedNameSpeaksOf(fact.name, printed),
        )
        .map(({ name: text, document: kind, where }): Mention => ({ text, document: kind, where })),
    ],
  };
}

function objects(one: Sighting): boolean {
  return one.unclear.length > 0 || one.mentions.length > 0;
}

/** Which documents prove it under the `evidence` option. */
function proof(sources: Sources, sightings: Sighting[]): { basis: DocumentKind[]; partly: boolean } {
  const shows = (kind: DocumentKind) => sightings.some((one) => one.kind === kind && one.shown.length > 0);
  switch (sources.mode) {
    case 'pdf':
      return { basis: shows('pdf') ? ['pdf'] : [], partly: false };
    case 'json':
      // Here too it cannot add to a whole list, or asking for the JSON would be weaker than asking for nothing.
      return { basis: shows('json') && (shows('pdf') || !sources.pdf?.complete) ? ['json'] : [], partly: false };
    case 'both':
      return shows('pdf') && shows('json')
        ? { basis: ['pdf', 'json'], partly: false }
        : { basis: [], partly: shows('pdf') || shows('json') };
    case 'any': {
      if (shows('pdf')) return { basis: ['pdf'], partly: false };
      // If the PDF shows a whole list, the JSON may confirm or deny, but it cannot add.
      return { basis: shows('json') && !sources.pdf?.complete ? ['json'] : [], partly: false };
    }
  }
}

/** Something that was not understood mentions it: quotes it, with its place and the line that accepts it. */
function notUnderstood(
  subject: SubjectCondition,
  sources: Sources,
  objecting: Sighting[],
  shown: Sighting[],
): { settled: Settled; told: NonNullable<SubjectJudgement['objection']> } {
  const name = subjectName(subject);
  const besidePdf = shown.some((one) => one.kind === 'pdf');
  const contradicted = besidePdf && objecting.some((one) => one.kind === 'json');
  const unclear = objecting.flatMap((one) => one.unclear);
  const mentions = objecting.flatMap((one) => one.mentions);
  const wordings = unclear.flatMap((fact) => fact.unread ?? []);
  const values = unclear.filter(saysNoMore);
  const others = mentions.filter((one) => !values.some(({ where }) => one.document === 'json' && one.where === where));
  const says = [
    ...(wordings.length > 0 ? [`the text leading to it is not understood: ${quoted(distinct(wordings))}`] : []),
    ...values.map((fact) => `the JSON says ${placed(asMention(fact))}, which proves nothing`),
    ...others.map((one) =>
      one.document === 'json'
        ? `the JSON says ${placed(one)}, which speaks of it and is not understood`
        : `${one.where} speaks of it in words that are not understood ("${textOf(one)}"${besideIt(one)})`,
    ),
  ];
  const toAccept = [
    ...wordings,
    ...others.flatMap((one) => [asText(one), ...(one.beside ?? [])]),
    // Without a PDF that decides, accepting a value in the JSON would leave nothing that proves.
    ...(besidePdf || sources.pdf?.complete ? values.map((fact) => asText(asMention(fact))) : []),
  ];
  const accept = acceptanceOf(toAccept);
  const settles = 'Look at the certificates in the output folder; a PDF that shows it settles it.';
  const seen = besidePdf ? `The PDF shows ${name} (${places(shown, 'shown')}), and ` : `${name} is not proven: `;
  const canAccept = Object.keys(accept).length > 0 || toAccept.some(({ outside }) => outside);
  const hint = canAccept ? acceptHint(toAccept, sources.policy) : settles;
  const message = someOf(says, '; ');
  const settled = presence('unproven', {
    message: `${seen}${message}`,
    hint,
    evidence: [...locate(shown, 'shown'), ...locate(objecting, 'unclear'), ...mentions.map(placeOfMention)],
    accept,
    ...(contradicted ? { conflict: 'contradiction' as const } : {}),
  });
  return { settled, told: { message, hint, accept } };
}

function besideIt({ beside = [] }: Mention): string {
  return beside.length === 0 ? '' : `, beside ${quoted(beside)}`;
}

function distinct<T extends { where: string; text: string }>(wordings: readonly T[]): T[] {
  return [...new Map(wordings.map((one) => [`${one.where} ${one.text}`, one])).values()];
}

function placeOfMention(mention: Mention): EvidenceLocation {
  const { document, where, text, outside } = mention;
  return { document, where, text: outside ? textOf(mention) : text };
}

function unproven(subject: SubjectCondition, sources: Sources, sightings: Sighting[], partly: boolean): Settled {
  const name = subjectName(subject);
  const shown = sightings.filter((one) => one.shown.length > 0);
  if (partly) {
    return presence('unproven', {
      message: `Only the ${list(shown)} shows ${name}, and \`evidence: both\` asks for both documents`,
      hint: 'Look at the certificates in the output folder; judge on the PDF alone with `--evidence pdf`.',
      evidence: locate(shown, 'shown'),
    });
  }
  const vain = shownInVain(sources, shown);
  const other = vain ?? whyNotThere(subject, sources);
  return presence('missing', {
    message: `${name} is not on the certificate (${list(sightings.filter((one) => one.lists))})${other.message}`,
    hint: other.hint,
    evidence: locate(shown, 'shown'),
  });
}

interface Explanation {
  /** Appended to the message; empty if there is nothing to add. */
  message: string;
  hint: string;
}

/** Why one document's evidence proves nothing here, and which option would let it count. */
function shownInVain(sources: Sources, shown: Sighting[]): Explanation | undefined {
  if (shown.length === 0) return undefined;
  const { mode, pdf } = sources;
  const only = `; only the ${list(shown)} shows it`;
  const rightful = mode === 'any' || (mode === 'json' && shown.some(({ kind }) => kind === 'json'));
  if (rightful) return { message: `${only}, which cannot add to a PDF whose list is whole`, hint: SWITCH_ON };
  const hint = mode === 'json' ? 'Judge on the PDF with `--evidence pdf`.' : pdf?.complete ? SWITCH_ON : LET_JSON_PROVE;
  return { message: `${only}, and \`evidence: ${mode}\` rests on the other`, hint };
}

/** The three reasons why a name is not found, each with its next step. */
function whyNotThere(subject: SubjectCondition, sources: Sources): Explanation {
  const printed = printedNames(sources);
  if (subject.kind === 'key') {
    const near = nearestPrinted(sources, subject.printed);
    const message = near.length > 0 ? `; the nearest printed names are ${near.join(', ')}` : '';
    return { message, hint: `${SWITCH_ON} Or write the name as printed: \`fusegate explain FILE\` lists them all.` };
  }
  const other = ofOtherPlatform(subject, sources);
  if (other !== undefined) return other;
  const elsewhere = printed.find((name) => subject.elsewhere.includes(normaliseName(name)) && !isComponent(name));
  if (elsewhere !== undefined) {
    return {
      message: `; ${elsewhere} is, which certificates print for it while its Threat-Events are off`,
      hint:
        'Switch its Threat-Events on in the Fusion Set and build again,' +
        ` or require what is printed: \`key: ${yamlWord(elsewhere)}\`.`,
    };
  }
  const message = nearby(subject, printed);
  if (subject.printing === 'seen' || subject.aliased !== undefined) return { message, hint: SWITCH_ON };
  return {
    message: `${message}; how certificates print it has not been seen`,
    hint:
      `${SWITCH_ON} If it is on, find out how it is printed: \`fusegate explain FILE\` on a certificate of an app that has it;` +
      ` then require it as printed (\`key: NAME\`), or pair them in a policy: \`aliases: { ${yamlWord(subject.name)}: [NAME] }\`.`,
  };
}

/** It cannot be switched on for this app, so the usual advice would lead nowhere. */
function ofOtherPlatform({ name, onlyOn, aliased }: FeatureCondition, sources: Sources): Explanation | undefined {
  const [platform, ...more] = statedPlatforms(sources);
  if (onlyOn === undefined || aliased !== undefined || platform === undefined || more.length > 0) return undefined;
  if (onlyOn.platforms.includes(platform)) return undefined;
  const own = onlyOn.platforms.map(platformName).join(' and ');
  const instead =
    onlyOn.counterpart === undefined ? '' : `Require ${onlyOn.counterpart} on ${platformName(platform)}. `;
  return {
    message: `; it is known for ${own} alone, and this certificate is of an app for ${platformName(platform)}`,
    hint: `${instead}What is meant for ${own} alone goes under \`${onlyOn.platforms[0]}: { require: [${yamlWord(name)}] }\` in a policy.`,
  };
}

/** People might take a printed name from the same area for the protection; it proves nothing. */
function nearby(subject: FeatureCondition, printed: string[]): string {
  const related = printed.filter((name) => subject.related.includes(normaliseName(name)));
  return related.length === 0 ? '' : `; ${related.join(', ')} is in the same area and does not prove it`;
}

/** It is there. Does it act, and in the required way? */
function acting(subject: SubjectCondition, sources: Sources, sightings: Sighting[], basis: DocumentKind[]): Settled {
  const name = subjectName(subject);
  const shown = sightings.filter((one) => one.shown.length > 0);
  const evidence = locate(shown, 'shown');
  const modes = sightings
    .flatMap((one) => [...one.shown, ...one.listed])
    .flatMap(({ threatEvents }) => (threatEvents ? [threatEvents] : []));
  const every = [...modes, ...modesUnderOtherNames(subject, sources)];
  const accepted = acceptedLines(subject, sources);
  const pdfMode = shown.some((one) => one.kind === 'pdf' && one.shown.some(({ threatEvents }) => threatEvents));
  // If no document says how it acts, a missing listener of its own shows that it reports to the app.
  const detects = every.some(onlyDetects) || accepted.length > 0;
  const unlistened = detects || every.length === 0 ? listenerObjection(subject, sources, evidence, detects) : undefined;
  if (unlistened) return unlistened;
  const modeless = modelessLine(name, accepted, sources, evidence);
  if (modeless) return modeless;
  const wrongMode =
    subject.threatEvents &&
    modeProblem(
      name,
      subject.threatEvents,
      modes,
      // Outside the list of protections it need not be its line.
      accepted.filter(({ inList }) => inList || !pdfMode),
    );
  if (wrongMode) return presence(wrongMode.outcome, { ...wrongMode, evidence });
  const facts = shown.flatMap((one) => one.shown);
  const aliased = subject.kind === 'feature' ? (subject.aliased ?? []) : [];
  return presence('satisfied', {
    message: `${name} is on the certificate`,
    evidence,
    basis,
    absentIn: sightings
      .filter(({ lists, shown: by, listed }) => lists && by.length + listed.length === 0)
      .map(({ kind }) => kind),
    aliases: [...new Set(facts.filter((fact) => aliased.includes(normaliseName(fact.name))).map(({ name: by }) => by))],
    ...defined({ unenforced: unenforcedMode(subject, every, detects) }),
    ...(detects && sources.pdf === undefined ? { unheard: true } : {}),
  });
}

/** A rule that names the mode says that it is meant. */
function unenforcedMode({ threatEvents }: SubjectCondition, modes: string[], detects: boolean): string | undefined {
  if (threatEvents !== undefined && threatEvents !== 'any') return undefined;
  if (detects) return 'In-App Detection';
  return modes.some((mode) => knownMode(mode) === 'Threat-Memory') ? 'Threat-Memory' : undefined;
}

/** Where the PDF speaks of it in words that only the policy makes understood. They may be its line, without a mode that is understood. */
function acceptedLines(subject: SubjectCondition, sources: Sources): AcceptedLine[] {
  const names: SpokenNames = { own: objectingNames(subject), claimed: claimedNames(sources) };
  const { pdf } = sources;
  return (pdf?.accepted ?? []).filter((mention) => speaksOf(mention, names));
}

/** Its mode may be anywhere among the unread text of the list. */
function modelessLine(
  name: string,
  accepted: readonly AcceptedLine[],
  { pdf, policy }: Sources,
  evidence: EvidenceLocation[],
): Settled | undefined {
  const own = accepted.filter(({ inList }) => inList);
  const rest = (pdf?.unread ?? []).filter(({ outside }) => !outside);
  if (own.length === 0 || rest.length === 0) return undefined;
  return presence('unproven', {
    message: `${name} appears in words without a mode that is understood (${quoted(own.map(asText))}), and the text that may be its mode is not understood: ${quoted(rest)}`,
    hint: acceptHint(rest, policy),
    accept: acceptanceOf(rest),
    evidence,
  });
}

type AcceptedLine = NonNullable<CertificateDocument['accepted']>[number];

/** An unknown mode that a policy accepts counts as the weaker one. */
function onlyDetects(mode: string): boolean {
  const known = knownMode(mode);
  return known === undefined || known === 'In-App Detection';
}

/** Two ways out. The second one is the next failure where the rule itself asks for In-App Detection. */
function addListener(subject: SubjectCondition, missing: readonly Fact[]): string {
  const rule = subject.threatEvents === 'in-app-detection' ? ` and ${DROP_DETECTION}` : '';
  const write = writeListeners(missing.map(({ value }) => value));
  return `Add the listener to the app (${write} writes it), or set ${subjectName(subject)} to In-App Defense in the Fusion Set${rule}`;
}

/** A protection that only detects relies on the app: is it proven that the app listens? undefined = nothing says otherwise. */
function listenerObjection(
  subject: SubjectCondition,
  sources: Sources,
  evidence: EvidenceLocation[],
  detects: boolean,
): Settled | undefined {
  if (sources.missingListeners === 'warn' || sources.missingListeners === 'ignore') return undefined;
  const name = subjectName(subject);
  const { own, unpaired: all, likely, doubts, unbounded } = listenersOf(subject, sources);
  if (own.length > 0) {
    return presence('no-listener', {
      message: `${name} ${detects ? 'only detects' : 'acts in a mode that no document shows'}, and the app does not listen for ${own.map((fact) => fact.value).join(', ')}`,
      hint: `${addListener(subject, own)}; then build again.`,
      evidence: [...evidence, ...own.map((fact) => ({ document: fact.document, where: fact.where, text: fact.value }))],
      listeners: own.map((fact) => normaliseName(fact.value)),
    });
  }
  const unpaired = detects ? all : likely;
  const or = 'Or let missing listeners only warn: `missing-threat-event-listeners: warn`';
  if (detects && (doubts.length > 0 || unbounded)) {
    const why = doubts.length > 0 ? quoted(distinct(doubts)) : 'the list of protections has no end';
    const accept = acceptanceOf(doubts);
    const hint = doubts.length > 0 ? `${acceptHint(doubts, sources.policy)}. ${or}` : or;
    return presence('unproven', {
      message: `${name} only detects, and whether the app listens cannot be read from the certificate: ${why}`,
      hint,
      accept,
      evidence,
    });
  }
  if (unpaired.length === 0) return undefined;
  const names = [...new Set(unpaired.map((fact) => fact.value))];
  const acts = detects ? 'only detects' : 'acts in a mode that no document shows';
  // No alias takes a listener away from the protection whose event it resembles.
  const canPair = !unpaired.some((fact) => likely.includes(fact)) && names.every(mayPairListener);
  const step = canPair
    ? `Pair it in the policy with the protection that it belongs to: \`aliases: { PROTECTION: [${names.map(yamlWord).join(', ')}] }\`.`
    : `${addListener(subject, unpaired)}; then build again.`;
  return presence('unproven', {
    message:
      `${name} ${acts}, and the app does not listen for ${unpaired.map((fact) => `${fact.value} (${fact.where})`).join(', ')},` +
      ' which may be its listener: no protection is known for it',
    hint: `${step} ${or}`,
    evidence: [...evidence, ...unpaired.map(({ document, where, value }) => ({ document, where, text: value }))],
  });
}

/**
 * A chip shows no mode; the line of its display name does. So `key: NAME` is not a way around rule 5. Nor is a line whose name a policy
 * accepts as text.
 */
function modesUnderOtherNames(subject: SubjectCondition, sources: Sources): string[] {
  const actsAs = (subject.kind === 'key' ? subject.actsAs : undefined) ?? [];
  const names: SpokenNames = { own: objectingNames(subject), claimed: claimedNames(sources) };
  const isOwn = ({ accepted, name, role }: FeatureFact) =>
    actsAs.includes(normaliseName(name)) ||
    (accepted === true && role === 'intelligence' && printedNameSpeaksOf(name, names));
  return sources.readable.flatMap((document) =>
    document.features
      .filter((fact) => fact.presence === 'present' && isOwn(fact))
      .flatMap((fact) => (fact.threatEvents ? [fact.threatEvents] : [])),
  );
}

function modeProblem(name: string, asked: ThreatEventsRule, modes: string[], accepted: readonly AcceptedLine[]) {
  if (modes.length === 0) {
    return {
      outcome: 'unproven' as const,
      message: `No document shows in which Threat-Events mode ${name} acts, and \`threat-events: ${asked}\` needs it`,
      hint: 'Look at the certificates in the output folder; a PDF that shows its mode settles it.',
    };
  }
  if (accepted.length > 0) {
    return {
      outcome: 'unproven' as const,
      message: `${name} appears in words without a mode that is understood: ${quoted(accepted.map(asText))}; \`threat-events: ${asked}\` needs a mode`,
      hint: 'Look at the certificate there: what `accept` lists shows no mode. Require it without `threat-events` if that is enough.',
    };
  }
  const wanted = normaliseName(asked);
  if (asked === 'any' || modes.every((mode) => normaliseName(mode) === wanted)) return undefined;
  return {
    outcome: 'denied' as const,
    message: `${name} acts as ${[...new Set(modes)].join(' and ')}, not as \`threat-events: ${asked}\` asks`,
    hint: isStricter(asked, modes)
      ? 'The build is stricter than the policy: change the rule to `threat-events: in-app-defense`, or remove the line.'
      : 'Set that Threat-Events mode in the Fusion Set, save it, and build again.',
  };
}

/** Appdome enforces where the rule asks that it only reports: to weaken the build would be the wrong step. */
function isStricter(asked: ThreatEventsRule, modes: readonly string[]): boolean {
  return asked === 'in-app-detection' && modes.every((mode) => knownMode(mode) === 'In-App Defense');
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
