/** Judges what the check of the app found: does it listen for the Threat-Events of the required protections? */
import { featureOfPrintedName } from '../../catalogue/names.ts';
import { mayNeedListener } from '../../certificate/threat-event-modes.ts';
import type { AppListening, ListenerOutcome, NeededListening, UnknownListening } from '../../model/listening.ts';
import type { Finding, RequirementOutcome } from '../../model/verdict.ts';
import { yamlWord } from '../file/yaml-word.ts';
import { subjectsOf } from './condition.ts';
import { DROP_DETECTION, searchSources, writeListeners } from './listener-steps.ts';
import type { ListenersRule, Rule } from './rule.ts';
import type { Sources } from './sources.ts';

/** For a rule that asks for In-App Detection, the other mode alone would be the next thing that fails. */
function addListeners(events: readonly NeededListening[]): string {
  const rule = events.some(({ certain }) => certain) ? ` and ${DROP_DETECTION}` : '';
  return `Add the listeners to the app (${writeListeners(eventNames(events))} writes them), or set the protection to In-App Defense in the Fusion Set${rule}; then run again.`;
}

/** With the events that are in doubt, so that the command runs as it stands here. */
function lookAtSource(events: readonly NeededListening[]): string {
  return `Check the source tree, where registrations can be seen: ${searchSources(eventNames(events))}.`;
}

function eventNames(events: readonly NeededListening[]): string[] {
  return events.map(({ name }) => name);
}

/** What is met, and what shows that nobody listens. Everything else is not proven either way. */
const IS_MET: Record<ListenersRule, ReadonlySet<ListenerOutcome>> = {
  registered: new Set(['registered']),
  named: new Set(['registered', 'named']),
};
const NOT_THERE: ReadonlySet<ListenerOutcome> = new Set(['foreign', 'absent']);

interface ListeningJudgement {
  outcome: RequirementOutcome;
  message: string;
  hint?: string;
}

/** @param listening absent = the check was not made, so nothing is proven */
export function judgeListening(listening: AppListening | undefined, least: ListenersRule): ListeningJudgement {
  if (listening === undefined) {
    return {
      outcome: 'unproven',
      message: 'Whether the app listens for Threat-Events was not checked',
      hint: 'The check looks at the app before its upload: judge in the job that uploads it (mode run with `--app`), and leave `--listeners off` out.',
    };
  }
  const { events, unknown = [] } = listening;
  const unmet = unmetEvents(events, least);
  const gone = unmet.filter(({ outcome }) => NOT_THERE.has(outcome));
  if (gone.length > 0) {
    return {
      outcome: 'no-listener',
      message: `The app does not listen for ${namesOf(gone)}`,
      hint: addListeners(gone),
    };
  }
  if (unmet.length > 0) return unproven(unmet);
  if (unknown.length > 0) return unknownEvent(unknown);
  if (events.length === 0) return { outcome: 'satisfied', message: 'No required protection needs a listener' };
  const how = least === 'registered' ? 'has a listener for' : 'names';
  return { outcome: 'satisfied', message: `The app ${how} every Threat-Event that is needed: ${namesOf(events)}` };
}

/** Nothing can be looked for, which proves nothing. */
function unknownEvent(unknown: readonly UnknownListening[]): ListeningJudgement {
  const names = [...new Set(unknown.map(({ protection }) => protection))];
  return {
    outcome: 'unproven',
    message: `It is not proven that the app listens: no Threat-Event of ${names.join(', ')} is known`,
    hint: `Name the event in the policy, as the Fusion Set shows it: \`aliases: { ${yamlWord(names[0] ?? '')}: [EVENT] }\`. Or set the protection to In-App Defense in the Fusion Set, and its rule to \`threat-events: in-app-defense\`.`,
  };
}

/** Those that the app does not listen for, as far as is known. */
export function unmetEvents(events: readonly NeededListening[], least: ListenersRule): NeededListening[] {
  return events.filter(({ outcome }) => !IS_MET[least].has(outcome));
}

function unproven(unmet: NeededListening[]): ListeningJudgement {
  const named = unmet.filter(({ outcome }) => outcome === 'named');
  const dark = unmet.filter(({ outcome }) => outcome === 'unknown');
  const parts = [
    ...(named.length > 0 ? [`no registration is tied to ${namesOf(named)}`] : []),
    ...(dark.length > 0
      ? [`Fusegate could not check whether the app listens for ${namesOf(dark)}: part of the app cannot be read`]
      : []),
  ];
  const accept = dark.length > 0 ? '' : ' `threat-event-listeners: named` in the policy accepts a name alone.';
  return {
    outcome: 'unproven',
    message: `It is not proven that the app listens: ${parts.join('; ')}`,
    hint: `${lookAtSource(unmet)}${accept}`,
  };
}

type Documents = Pick<Sources, 'readable' | 'listening' | 'waived'>;

/**
 * Without the events that are not sent in this build, as the certificate shows it: the protection is in In-App Defense, which enforces
 * without the app, or a list that was read whole shows it without a line of its own, so its Threat-Events are off.
 */
export function neededListening({ listening, readable, waived }: Documents): AppListening | undefined {
  if (listening === undefined) return undefined;
  const isSilent = (protection: string) => {
    const shown = shownOf(protection, readable);
    const modes = shown.flatMap(({ threatEvents }) => (threatEvents === undefined ? [] : [threatEvents]));
    if (modes.length > 0) return !modes.some(mayNeedListener);
    return shown.length > 0 && readable.some(({ kind, complete }) => kind === 'pdf' && complete);
  };
  const isNeeded = (protection: string, certain: true | undefined) =>
    !waived?.has(protection) && (certain || !isSilent(protection));
  const events = listening.events.filter(({ certain, protection, others = [] }) =>
    protection === undefined ? true : [protection, ...others].some((one) => isNeeded(one, certain)),
  );
  // Without a mode, only what the certificate shows to detect.
  const unknown = (listening.unknown ?? []).filter(
    ({ certain, protection }) =>
      isNeeded(protection, certain) &&
      (certain || shownOf(protection, readable).some(({ threatEvents }) => threatEvents !== undefined)),
  );
  return { ...listening, events, unknown };
}

/** @returns the protections that only waived rules ask for */
export function waivedProtections(rules: readonly Rule[]): ReadonlySet<string> {
  const namesIn = (some: readonly Rule[]) =>
    some
      .flatMap(({ condition }) => subjectsOf(condition))
      .map((one) => (one.kind === 'feature' ? one.name : (featureOfPrintedName(one.printed)?.name ?? one.printed)));
  const asked = new Set(namesIn(rules.filter(({ waivedBy }) => waivedBy === undefined)));
  return new Set(namesIn(rules.filter(({ waivedBy }) => waivedBy !== undefined)).filter((name) => !asked.has(name)));
}

function shownOf(protection: string, readable: Documents['readable']) {
  return readable
    .flatMap(({ features }) => features)
    .filter(
      ({ name, presence }) =>
        presence !== 'absent' && (name === protection || featureOfPrintedName(name)?.name === protection),
    );
}

/** What is not on the certificate is another rule's business. */
function worthAWarning(documents: Documents): NeededListening[] {
  const { readable } = documents;
  const events = neededListening(documents)?.events ?? [];
  if (readable.length === 0) return events;
  return events.filter(
    ({ certain, protection }) => certain || protection === undefined || shownOf(protection, readable).length > 0,
  );
}

/** What a reader should know where no rule asks for listeners: each class of outcome in one warning. */
export function listeningFindings(documents: Documents, rules: readonly Rule[]): Finding[] {
  const events = worthAWarning(documents);
  if (rules.some(({ condition }) => condition.kind === 'app-listens')) return [];
  const warn = (
    outcomes: ListenerOutcome[],
    code: Finding['code'],
    messageOf: (names: string) => string,
    hintOf: (found: NeededListening[]) => string,
  ): Finding[] => {
    const found = events.filter(({ outcome }) => outcomes.includes(outcome));
    return found.length === 0
      ? []
      : [{ code, level: 'warning', message: messageOf(namesOf(found)), hint: hintOf(found) }];
  };
  return [
    ...warn(
      ['absent', 'foreign'],
      'listener.not-found',
      (names) => `The app does not listen for ${names}`,
      addListeners,
    ),
    ...warn(
      ['named'],
      'listener.not-tied',
      (names) => `The app names these Threat-Events, but no registration is tied to ${names}`,
      lookAtSource,
    ),
    ...warn(
      ['unknown'],
      'listener.unreadable',
      (names) => `Fusegate could not check whether the app listens for ${names}: part of the app cannot be read`,
      lookAtSource,
    ),
  ];
}

/** `RootedDevice (Root Detection), FridaDetected`. */
export function namesOf(events: readonly NeededListening[]): string {
  return events.map(({ name, protection }) => (protection === undefined ? name : `${name} (${protection})`)).join(', ');
}
