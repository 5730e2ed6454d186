/** From a written name to what to look for on the certificate: through the catalogue, the policy's aliases, or verbatim. Rule 6. */
import { catalogue } from '../../catalogue/catalogue.ts';
import { lookUpName } from '../../catalogue/name-index.ts';
import {
  actsUnderKey,
  isComponent,
  type KnownProtection,
  type NameResolution,
  normaliseName,
  resolveName,
} from '../../catalogue/names.ts';
import { nearestProtections } from '../../catalogue/nearest-protections.ts';
import { defined } from '../../model/defined.ts';
import { type Platform, platformName } from '../../model/run-request.ts';
import { BUILD_KEYS } from '../file/build-keys.ts';
import type { Declared } from '../file/policy-chain.ts';
import type { PolicyProblem } from '../file/policy-problem.ts';
import { yamlWord } from '../file/yaml-word.ts';
import type { FeatureCondition, KeyCondition, SubjectCondition, ThreatEventsRule } from './rule.ts';

/** Why a name cannot be required, in words that fit after it, and what to write instead. */
export interface NameRefusal {
  message: string;
  allowed: string;
  /** It is written as the opposite of a requirement. If the list means that anyway, the name alone is enough. */
  negated?: true;
}

export type SubjectReading = { condition: SubjectCondition; notice?: string } | { refusal: NameRefusal };

/** The names that a policy pairs with one protection. */
export interface Alias {
  /** The protection, as first written. */
  name: string;
  /** Every paired name, as written: each may be that of a missing listener. */
  printed: string[];
  /** The names that prove presence. A Threat-Event's name never does. */
  proves: string[];
}

/** By the protection's id. */
export type Aliases = ReadonlyMap<string, Alias>;

const EXAMPLE = 'Root Detection, Anti-Debugging';
const KEY_ENTRY = /^\s*key\s*:(.*)$/isu;
export const VERBATIM = '`key: NAME` for a name exactly as the certificate prints it';
const FORBID = 'the name alone; what must not be there goes under `forbid:` in a policy';

/**
 * @param text as written in a list of names: a name, or `key: NAME`
 * @param platform of the app, if known
 */
export function readSubject(text: string, aliases: Aliases = new Map(), platform?: Platform): SubjectReading {
  const verbatim = KEY_ENTRY.exec(text)?.[1];
  if (verbatim !== undefined) {
    const printed = verbatim.trim();
    if (printed === '') return { refusal: { message: 'has no name after key:', allowed: 'key: root_detection' } };
    return { condition: keyCondition(printed) };
  }
  const noName = syntaxRefusal(text);
  if (noName) return { refusal: noName };
  const found = resolveName(text, platform);
  const alias = aliases.get(aliasId(text));
  if (found.kind === 'known') {
    const notice = noticeOf(text, found, platform);
    return { condition: featureCondition(found, alias), ...defined({ notice }) };
  }
  // An alias does not bring back a retired protection: nobody can switch it on.
  if (alias === undefined || found.kind === 'retired') return { refusal: refusalOf(text, found, platform) };
  // The policy knows better than the catalogue how and on which platforms it is printed.
  const anywhere = resolveName(text);
  return { condition: featureCondition(anywhere.kind === 'known' ? anywhere : ofPolicy(alias.name), alias) };
}

function noticeOf(text: string, found: KnownProtection, platform: Platform | undefined): string | undefined {
  const { name } = found.feature;
  const notices = [
    found.otherName ? `'${text.trim()}' is required as ${name}` : undefined,
    found.platformDoubt
      ? `${name} has not been seen on ${platformName(platform)} certificates; it is still required`
      : undefined,
  ].filter((notice) => notice !== undefined);
  return notices.length === 0 ? undefined : notices.join('; ');
}

/** The characters that protection names are written with. Normalising a name drops everything else, and a sign may mean "not". */
const NAME_SIGNS = /^[\p{L}\p{M}\p{N}\s\u2122\u00ae\u00a9'"\u2018\u2019\u201c\u201d_/&(),.+:>-]*$/u;

/** Finds what looks like a list, or like the opposite of a requirement, before normalising turns it into a name. */
function syntaxRefusal(text: string): NameRefusal | undefined {
  if (normaliseName(text) === '') return { message: 'is not a name', allowed: EXAMPLE };
  if (/[;|]/u.test(text)) {
    return { message: 'contains a separator that lists do not use', allowed: `use commas between names: ${EXAMPLE}` };
  }
  const first = [...text.replace(/^[\s'"\u2018\u201c(]+/u, '')][0] ?? '';
  if (!/[\p{L}\p{N}]/u.test(first)) return { message: `begins with "${first}"`, allowed: FORBID, negated: true };
  if (!NAME_SIGNS.test(text)) {
    const sign = [...text].find((one) => !NAME_SIGNS.test(one)) ?? '';
    const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      message: `contains a character that names do not have (${code})`,
      allowed: `letters, digits and - _ / & , or ${VERBATIM}`,
    };
  }
  const negated = /^\s*(?:not|no|without|except)\s+(.+)$/isu.exec(text)?.[1];
  if (negated !== undefined && lookUpName(text) === undefined && lookUpName(negated) !== undefined) {
    return { message: 'says that something must not be there', allowed: FORBID, negated: true };
  }
  return undefined;
}

/** A printed name, verbatim, with what the catalogue knows about how it acts. */
export function keyCondition(printed: string): KeyCondition {
  const { names, events } = actsUnderKey(printed);
  return {
    kind: 'key',
    printed,
    ...(events.length > 0 ? { events: normalised(events), actsAs: normalised(names) } : {}),
    ...(isComponent(printed) ? { component: true } : {}),
  };
}

type Looked = Omit<KnownProtection, 'kind' | 'otherName' | 'platformDoubt'>;

/** A name that only the policy knows. */
function ofPolicy(name: string): Looked {
  return {
    feature: { name },
    proofs: [name],
    events: [],
    related: [],
    elsewhere: [],
    mentions: [name],
    printing: 'not-seen',
    component: false,
  };
}

function featureCondition(known: Looked, alias: Alias | undefined): FeatureCondition {
  const { name, key } = known.feature;
  const own = normalised(known.proofs);
  const proofs = normalised([...known.proofs, ...(alias?.proves ?? [])]);
  const aliased = proofs.filter((one) => !own.includes(one));
  const unproven = (names: string[]) => normalised(names).filter((one) => !proofs.includes(one));
  return {
    kind: 'feature',
    name,
    ...defined({ key }),
    proofs,
    events: normalised([...known.events, ...(alias?.printed.filter((one) => !alias.proves.includes(one)) ?? [])]),
    related: unproven(known.related),
    mentions: normalised([...proofs, ...known.mentions, ...(alias === undefined ? [] : [alias.name])]),
    elsewhere: unproven(known.elsewhere),
    printing: known.printing,
    ...defined({ onlyOn: known.onlyOn }),
    ...(known.component ? { component: true } : {}),
    ...(aliased.length === 0 ? {} : { aliased }),
  };
}

function normalised(names: string[]): string[] {
  return [...new Set(names.map(normaliseName).filter((name) => name !== ''))].sort();
}

/** Stable and independent of spelling: `feature:root_detection`, `key:smali_obfuscation`, with the mode if one is required. */
export function subjectId(subject: SubjectCondition): string {
  const id = protectionId(subject);
  return subject.threatEvents === undefined ? id : `${id}:${subject.threatEvents}`;
}

/**
 * Free text as part of an id. An id's own separators could turn two rules into one, and one of them would not be judged. So every ASCII
 * sign except `_`, `-` and `.` is escaped, control characters too.
 */
export function idPart(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}_.\u0080-\u{10ffff} -]/gu, (sign) => {
    return `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** The same without a mode: the protection itself. */
export function protectionId(subject: SubjectCondition): string {
  return subject.kind === 'key' ? `key:${idPart(subject.printed)}` : `feature:${normaliseName(subject.name)}`;
}

export function withMode<T extends SubjectCondition>(subject: T, threatEvents: ThreatEventsRule | undefined): T {
  return threatEvents === undefined ? subject : { ...subject, threatEvents };
}

function refusalOf(text: string, found: Exclude<NameResolution, { kind: 'known' }>, platform?: Platform): NameRefusal {
  const fact = buildKeyOf(text);
  if (fact !== undefined) {
    return { message: 'is a build fact, not a protection', allowed: `build: { ${fact}: VALUE } in a policy` };
  }
  switch (found.kind) {
    case 'unknown':
      return { message: 'is not a known protection', allowed: `${nearest(text, platform)}or ${VERBATIM}` };
    case 'choice':
      return {
        message: `may mean one of several protections: ${found.why}`,
        allowed:
          found.names.length === 0
            ? `or ${VERBATIM}`
            : `the one that you mean: ${found.names.join(', ')}; or ${VERBATIM}`,
      };
    case 'other-platform': {
      const platforms = found.platforms.map(platformName).join(' and ');
      const section = `under \`${found.platforms[0]}: { require: [${yamlWord(found.feature.name)}] }\` in a policy`;
      const counterpart =
        found.counterpart === undefined
          ? ''
          : `${found.counterpart}, its counterpart on ${platformName(platform)}; ${found.feature.name} itself `;
      return {
        message: `is known for ${platforms} alone, and it is required for ${platformName(platform)}`,
        allowed: `${counterpart}${section}, or ${VERBATIM}`,
      };
    }
    case 'retired': {
      const successor = found.successor ? `${found.successor} is its successor, ` : '';
      return { message: `was retired by Appdome on ${found.date}`, allowed: `${successor}or ${VERBATIM}` };
    }
  }
}

function nearest(text: string, platform: Platform | undefined): string {
  const suggestions = nearestProtections(text, platform);
  return suggestions.length > 0 ? `${suggestions.join(', ')}, ` : 'a name that `fusegate features` lists, ';
}

/** @returns the policy's build key that a name means, if it is a build fact */
export function buildKeyOf(text: string): string | undefined {
  const name = normaliseName(text);
  if (name === 'diagnostic_logs') return 'extended-logs';
  return BUILD_KEYS.find(({ fact }) => fact === name)?.key;
}

/** The protection that an alias is for: known ones by their name in the catalogue, others by their own. */
function aliasId(name: string): string {
  const found = resolveName(name);
  return found.kind === 'known' ? normaliseName(found.feature.name) : normaliseName(name);
}

/**
 * The policy's aliases: names that prove a protection whose key is unknown, and event names of missing listeners. A name that belongs to
 * another protection or to a component would let one thing stand for another (rule 6).
 */
export function readAliases(declared: ReadonlyArray<Declared<{ name: string; printed: string[] }>>): {
  aliases: Aliases;
  problems: PolicyProblem[];
} {
  const aliases = new Map<string, Alias>();
  const problems: PolicyProblem[] = [];
  const claimedBy = new Map<string, string>();
  for (const { value, place } of declared) {
    const noName = syntaxRefusal(value.name);
    if (noName) {
      problems.push({ option: place, value: value.name, ...noName });
      continue;
    }
    const id = aliasId(value.name);
    for (const printed of value.printed) {
      const form = normaliseName(printed);
      const wrong = aliasRefusal(value.name, printed, claimedBy.get(form));
      if (wrong) problems.push({ option: place, value: printed, ...wrong });
      else {
        claimedBy.set(form, id);
        const before = aliases.get(id) ?? { name: value.name.trim(), printed: [], proves: [] };
        const proves = provesPresence(value.name, printed) ? [printed] : [];
        aliases.set(id, { ...before, printed: [...before.printed, printed], proves: [...before.proves, ...proves] });
      }
    }
  }
  return { aliases, problems };
}

/** The way Threat-Events are written: `RootedDevice`. Chips are in lower case, and display names of several words have blanks. */
const EVENT_LIKE = /^\p{Lu}[\p{L}\p{N}_-]*$/u;

function isKnownEvent(printed: string): boolean {
  const as = lookUpName(printed)?.as;
  return as === 'event' || as === 'inferred-event';
}

/** Whether a policy may pair a missing listener with its protection, whichever that is: those with a known key allow the least. */
export function mayPairListener(printed: string): boolean {
  return catalogue.entries.every(
    ({ name, key, retired }) =>
      name === undefined || key === undefined || retired !== undefined || aliasRefusal(name, printed) === undefined,
  );
}

/** If the key is known, an alias pairs only a listener. */
function provesPresence(name: string, printed: string): boolean {
  return !isKnownEvent(printed) && keyOf(name) === undefined;
}

function keyOf(name: string): string | undefined {
  const found = resolveName(name);
  return found.kind === 'known' ? found.feature.key : undefined;
}

/**
 * @param claimedBy the id of the protection that another alias pairs it with
 * @returns why a policy may not pair a printed name with a protection; undefined if it may
 */
export function aliasRefusal(name: string, printed: string, claimedBy?: string): NameRefusal | undefined {
  const id = aliasId(name);
  if (normaliseName(printed) === '')
    return { message: 'is not a name', allowed: 'a name as the certificate prints it' };
  if (claimedBy !== undefined && claimedBy !== id) {
    return { message: 'is an alias of two protections', allowed: 'each printed name for one protection' };
  }
  const own = resolveName(name);
  // Nobody can switch it on, so no name can prove it.
  if (own.kind === 'retired') return refusalOf(name, own);
  // It never proves presence, and letting more protections wait for one listener is stricter.
  if (isKnownEvent(printed)) return undefined;
  const owner = resolveName(printed);
  if (isComponent(printed)) {
    return {
      message: 'is a supporting component of protections, whose presence proves none',
      allowed: 'a plugin, parameter or display name of the protection itself',
    };
  }
  if (own.kind === 'known' && owner.kind === 'choice' && !owner.names.includes(own.feature.name)) {
    return refusalOf(printed, owner);
  }
  const other = owner.kind === 'known' || owner.kind === 'retired' ? owner.feature.name : undefined;
  if (other !== undefined && normaliseName(other) !== id && !mayStandFor(own, printed)) {
    return {
      message: `is the name of another protection, ${other}, and cannot prove ${name.trim()}`,
      allowed: `require ${other} itself`,
    };
  }
  return alreadyProven(name, own, printed);
}

/**
 * A printed key without a display name may be what certificates print for a protection from its area, or for a name that only the policy
 * knows.
 */
function mayStandFor(own: NameResolution, printed: string): boolean {
  const found = lookUpName(printed);
  if (found?.as !== 'key' || found.entry.keyPairing === 'lexical') return false;
  if (own.kind === 'known') return normalised(own.related).includes(normaliseName(printed));
  return found.entry.name === undefined;
}

function alreadyProven(name: string, own: NameResolution, printed: string): NameRefusal | undefined {
  if (own.kind !== 'known' || own.feature.key === undefined) return undefined;
  if (normalised(own.proofs).includes(normaliseName(printed)) || EVENT_LIKE.test(printed.trim())) return undefined;
  return {
    message: `cannot prove ${name.trim()}, whose own key is known: ${own.feature.key}`,
    allowed: 'the event name of a missing listener, such as SomethingDetected; or no alias',
  };
}
