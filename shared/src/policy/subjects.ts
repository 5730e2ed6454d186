/** A written name to what is looked for on the certificate: by the catalogue, by the policy's aliases, or verbatim. Rule 3. */
import { lookUpName } from '../catalogue/name-index.ts';
import { actsUnderKey, type NameResolution, normaliseName, resolveName } from '../catalogue/names.ts';
import type { Platform } from '../options/run-request.ts';
import { BUILD_KEYS } from './build-keys.ts';
import type { Declared } from './policy-chain.ts';
import type { PolicyProblem } from './policy-file.ts';
import type { FeatureCondition, KeyCondition, SubjectCondition, ThreatEventsRule } from './rule.ts';

/** Why a name cannot be required, in words that fit after it, and what to write instead. */
export interface NameRefusal {
  message: string;
  allowed: string;
}

export type SubjectReading = { condition: SubjectCondition; notice?: string } | { refusal: NameRefusal };

/** Printed names that the policy lets prove a protection, by the id of the protection. */
export type Aliases = ReadonlyMap<string, { name: string; printed: string[] }>;

const EXAMPLE = 'Root Detection, Anti-Debugging';
const KEY_ENTRY = /^\s*key\s*:(.*)$/isu;
const VERBATIM = 'or `key: NAME` for a name exactly as the certificate prints it';

/** @param text as written in a list of names: a name, or `key: NAME` */
export function readSubject(text: string, aliases: Aliases = new Map(), platform?: Platform): SubjectReading {
  const verbatim = KEY_ENTRY.exec(text)?.[1];
  if (verbatim !== undefined) {
    const printed = verbatim.trim();
    if (printed === '') return { refusal: { message: 'names nothing after key:', allowed: 'key: root_detection' } };
    return { condition: keyCondition(printed) };
  }
  const found = resolveName(text, platform);
  const alias = aliases.get(aliasId(text));
  if (found.kind === 'known') {
    const condition = featureCondition(found.feature, [...found.proofs, ...(alias?.printed ?? [])], found);
    if (!found.platformDoubt) return { condition };
    return {
      condition,
      notice: `${found.feature.name} has not been seen on ${platform} certificates; it is required all the same`,
    };
  }
  // A retired protection is not brought back by an alias: nobody can switch it on.
  if (alias === undefined || found.kind === 'retired') return { refusal: refusalOf(text, found) };
  const events = found.kind === 'inferred' ? found.events : [];
  return { condition: featureCondition({ name: alias.name }, [alias.name, ...alias.printed], { events, related: [] }) };
}

/** A printed name, verbatim, with what the catalogue knows of how it acts. */
export function keyCondition(printed: string): KeyCondition {
  const { names, events } = actsUnderKey(printed);
  return {
    kind: 'key',
    printed,
    ...(events.length > 0 ? { events: normalised(events), actsAs: normalised(names) } : {}),
  };
}

function featureCondition(
  feature: { name: string; key?: string },
  proofs: string[],
  { events, related }: { events: string[]; related: string[] },
): FeatureCondition {
  const { name, key } = feature;
  const proving = normalised(proofs);
  return {
    kind: 'feature',
    name,
    ...(key === undefined ? {} : { key }),
    proofs: proving,
    events: normalised(events),
    related: normalised(related).filter((one) => !proving.includes(one)),
  };
}

function normalised(names: string[]): string[] {
  return [...new Set(names.map(normaliseName).filter((name) => name !== ''))].sort();
}

/** Stable and independent of spelling: `feature:root_detection`, `key:smali_obfuscation`, with the mode where one is asked for. */
export function subjectId(subject: SubjectCondition): string {
  const id = protectionId(subject);
  return subject.threatEvents === undefined ? id : `${id}:${subject.threatEvents}`;
}

/** What parts an id: in a printed name it would make two rules one, and one of them would not be judged. */
const ID_SIGNS = /[%:,@]/gu;

/** The same without a mode: the protection itself. */
export function protectionId(subject: SubjectCondition): string {
  return subject.kind === 'key'
    ? `key:${subject.printed.replace(ID_SIGNS, encodeURIComponent)}`
    : `feature:${normaliseName(subject.name)}`;
}

export function withMode<T extends SubjectCondition>(subject: T, threatEvents: ThreatEventsRule | undefined): T {
  return threatEvents === undefined ? subject : { ...subject, threatEvents };
}

function refusalOf(text: string, found: Exclude<NameResolution, { kind: 'known' }>): NameRefusal {
  const fact = buildKeyOf(text);
  if (fact !== undefined) {
    return { message: 'is a build fact, not a protection', allowed: `build: { ${fact}: VALUE } in a policy` };
  }
  switch (found.kind) {
    case 'unknown':
      if (normaliseName(text) === '') return { message: 'is not a name', allowed: EXAMPLE };
      return { message: 'is not a known protection', allowed: `${nearest(found.suggestions)}${VERBATIM}` };
    case 'inferred':
      return { message: found.message, allowed: `${nearest(found.suggestions)}${VERBATIM}` };
    case 'retired': {
      const successor = found.successor ? `${found.successor} is its successor, ` : '';
      return { message: `was retired by Appdome on ${found.date}`, allowed: `${successor}${VERBATIM}` };
    }
  }
}

function nearest(suggestions: string[]): string {
  return suggestions.length > 0 ? `${suggestions.join(', ')}, ` : 'a name that `fusegate features` lists, ';
}

/** @returns the policy's build key that a name means, where it is a build fact */
export function buildKeyOf(text: string): string | undefined {
  const name = normaliseName(text);
  if (name === 'diagnostic_logs') return 'extended-logs';
  return BUILD_KEYS.find(({ fact }) => fact === name)?.key;
}

/** The protection that an alias is for: known ones by the catalogue's name, others by their own. */
function aliasId(name: string): string {
  const found = resolveName(name);
  return found.kind === 'known' ? normaliseName(found.feature.name) : normaliseName(name);
}

/**
 * The policy's own pairings. A Threat-Event's name proves nothing (rule 2), and a name that is another protection's own would let
 * one protection stand for another.
 */
export function readAliases(declared: ReadonlyArray<Declared<{ name: string; printed: string[] }>>): {
  aliases: Aliases;
  problems: PolicyProblem[];
} {
  const aliases = new Map<string, { name: string; printed: string[] }>();
  const problems: PolicyProblem[] = [];
  const claimedBy = new Map<string, string>();
  for (const { value, place } of declared) {
    const id = aliasId(value.name);
    if (id === '') {
      problems.push({ option: place, value: value.name, message: 'is not a name', allowed: EXAMPLE });
      continue;
    }
    for (const printed of value.printed) {
      const form = normaliseName(printed);
      const wrong = aliasProblem(value.name, id, printed, claimedBy.get(form));
      if (wrong) problems.push({ option: place, value: printed, ...wrong });
      else {
        claimedBy.set(form, id);
        const before = aliases.get(id);
        aliases.set(id, { name: before?.name ?? value.name.trim(), printed: [...(before?.printed ?? []), printed] });
      }
    }
  }
  return { aliases, problems };
}

function aliasProblem(name: string, id: string, printed: string, claimed: string | undefined): NameRefusal | undefined {
  if (normaliseName(printed) === '')
    return { message: 'is not a name', allowed: 'a name as the certificate prints it' };
  if (claimed !== undefined && claimed !== id) {
    return { message: 'is an alias of two protections', allowed: 'each printed name for one protection' };
  }
  const found = lookUpName(printed);
  if (found?.as === 'event' || found?.as === 'inferred-event') {
    return {
      message: 'is a Threat-Event, which never proves a protection',
      allowed: 'a plugin, parameter or display name',
    };
  }
  const owner = found?.entry.name;
  const lexical = found?.as === 'display' || (found?.as === 'key' && found.entry.keyPairing === 'lexical');
  if (lexical && owner !== undefined && aliasId(owner) !== id) {
    return {
      message: `is the name of another protection, ${owner}, and cannot prove ${name}`,
      allowed: `require ${owner} itself`,
    };
  }
  return undefined;
}
