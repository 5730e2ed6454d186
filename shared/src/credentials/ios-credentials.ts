/** Checks iOS signing credentials against each other and against what the user says about them. Pure. */
import type { X509Certificate } from 'node:crypto';
import { CLOCK_SKEW_MS } from '../model/clock.ts';
import { dayOf } from '../text/calendar-day.ts';
import { type CredentialFindings, noFindings, quotedName } from './credential-problem.ts';
import type { OpenedKeystore, StoredKey } from './opened-keystore.ts';
import { doesNotOpen } from './password-slip.ts';
import type { PropertyList } from './property-list.ts';
import {
  coversBundleId,
  type ProvisioningProfile,
  prefixOf,
  type ReadProfile,
  withoutPrefix,
} from './provisioning-profile.ts';

export interface IosCredentials {
  /** `file` is a base name, everywhere. */
  identity?: { file: string; opened: OpenedKeystore };
  profiles: Array<{ file: string; read: ReadProfile }>;
  entitlements: Array<{ file: string; list: PropertyList }>;
  /** Bundle id that the protected app will have; absent = not known. */
  bundleId?: string | undefined;
  /** The app's extensions, as far as their bundle ids are known. */
  extensions?: ReadonlyArray<{ name: string; id: string }>;
}

/** @param now milliseconds since the epoch */
export function checkIosCredentials(given: IosCredentials, now: number): CredentialFindings {
  const findings = noFindings();
  const keys = given.identity ? checkIdentity(given.identity, now, findings) : [];
  checkProfiles(given, keys, now, findings);
  for (const { file, list } of given.entitlements) {
    if (list.state === 'read') {
      findings.warnings.push(...remarksOnEntitlements(file, list.value), ...whoseEntitlements(file, list.value, given));
      continue;
    }
    const message = `${file} is not a property list: ${list.reason}`;
    findings.problems.push({ option: 'entitlements', message, allowed: 'an XML property list with a dictionary' });
  }
  return findings;
}

/** Xcode expands such names when it builds; a file from its project still has them. */
const UNEXPANDED = /\$[({]\w+[)}]/;

function remarksOnEntitlements(file: string, value: Record<string, unknown>): string[] {
  const name = UNEXPANDED.exec(JSON.stringify(value))?.[0];
  if (name === undefined) return [];
  return [
    `The entitlements ${file} hold ${quotedName(name)}, which nothing replaces: use those of the signed app, which codesign -d --entitlements prints.`,
  ];
}

/** A string without such names. */
function expanded(value: unknown): string | undefined {
  return typeof value === 'string' && !UNEXPANDED.test(value) ? value : undefined;
}

/** An app signed with another app's entitlements does not install. An extension may be known by its profile alone. */
function whoseEntitlements(
  file: string,
  value: Record<string, unknown>,
  { bundleId, extensions = [], profiles }: IosCredentials,
): string[] {
  const identifier = expanded(value['application-identifier']);
  if (identifier === undefined) return otherTeam(file, value, profiles);
  const profiled = profiles.flatMap(({ read }) => (read.state === 'read' ? (read.profile.bundleId ?? []) : []));
  const known = [bundleId ?? [], extensions.map(({ id }) => id), profiled.filter((each) => !each.endsWith('*'))].flat();
  const own = withoutPrefix(identifier);
  if (known.length === 0 || known.some((id) => coversBundleId(own, id))) return otherTeam(file, value, profiles);
  const ids = [...new Set(known)].map(quotedName).join(', ');
  return [`The entitlements ${file} are those of ${quotedName(own)}, and what is signed is ${ids}.`];
}

/** The same bundle id may be in use in several teams. A profile that could not be read may be of the other one. */
function otherTeam(file: string, value: Record<string, unknown>, profiles: IosCredentials['profiles']): string[] {
  const read = profiles.flatMap(({ read }) => (read.state === 'read' ? [read.profile] : []));
  const teams = read.flatMap(({ teamIds }) => teamIds);
  if (teams.length === 0 || read.length < profiles.length) return [];
  const team = expanded(value['com.apple.developer.team-identifier']);
  const prefix = prefixOf(expanded(value['application-identifier']) ?? '');
  const prefixes = [...teams, ...read.flatMap(({ prefixes }) => prefixes)];
  const named = team !== undefined && !teams.includes(team) ? team : undefined;
  const other = named ?? (prefix !== '' && !prefixes.includes(prefix) ? prefix : undefined);
  if (other === undefined) return [];
  const own = [...new Set(teams)].map(quotedName).join(', ');
  return [`The entitlements ${file} are of the team ${quotedName(other)}, and the provisioning profiles of ${own}.`];
}

/** @returns the keys to compare profiles with */
function checkIdentity(
  { file, opened }: { file: string; opened: OpenedKeystore },
  now: number,
  { problems, warnings, notChecked }: CredentialFindings,
): StoredKey[] {
  const refuse = (message: string, allowed: string) => {
    problems.push({ option: 'p12', message, allowed });
  };
  if (opened.state === 'wrong-password') {
    const wanted = 'the password that was chosen when the identity was exported';
    problems.push({ option: 'p12-password', ...doesNotOpen(file, opened.slip, wanted) });
    return [];
  }
  if (opened.state === 'unreadable') {
    notChecked.push(
      `The signing identity ${file} was not checked, because ${opened.reason}. It goes to the service as it is.`,
    );
    return [];
  }
  const { format, keys } = opened.keystore;
  if (format !== 'PKCS#12') {
    refuse(`is a ${format} keystore: ${file}`, 'a PKCS#12 file');
    return [];
  }
  if (keys.length === 0) {
    const allowed = 'the identity, exported from Keychain Access together with its key';
    refuse(`has no private key: ${file} contains only certificates`, allowed);
    return [];
  }
  const reasons = keys.flatMap(
    ({ ownPassword, notCheckable }) => notCheckable ?? (ownPassword ? 'it has a password of its own' : []),
  );
  for (const reason of new Set(reasons)) {
    notChecked.push(`The key of ${file} was not checked, because ${reason}. It goes to the service as it is.`);
  }
  const wrong = keys.flatMap(({ certificate }) => (certificate && whyNotValid(certificate, now)) ?? []);
  if (wrong.length === keys.length) {
    const allowed = 'a valid signing identity; Apple accepts no other';
    for (const why of new Set(wrong)) refuse(`has a certificate that ${why}: ${file}`, allowed);
  } else {
    for (const why of new Set(wrong)) {
      warnings.push(`One of the ${keys.length} identities in ${file} has a certificate that ${why}. Remove it.`);
    }
  }
  return keys;
}

function whyNotValid({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (Date.parse(validTo) < now) return `expired on ${dayOf(Date.parse(validTo))}`;
  return Date.parse(validFrom) > now + CLOCK_SKEW_MS
    ? `is not valid before ${dayOf(Date.parse(validFrom))}`
    : undefined;
}

function checkProfiles(
  { profiles, bundleId, extensions = [] }: IosCredentials,
  keys: readonly StoredKey[],
  now: number,
  { problems, notChecked }: CredentialFindings,
): void {
  const refuse = (message: string, allowed: string) => {
    problems.push({ option: 'provisioning-profiles', message, allowed });
  };
  const read: ProvisioningProfile[] = [];
  for (const { file, read: outcome } of profiles) {
    if (outcome.state === 'unreadable') {
      notChecked.push(
        `The provisioning profile ${file} was not checked, because ${outcome.reason}. It goes to the service as it is.`,
      );
      continue;
    }
    const { profile } = outcome;
    read.push(profile);
    const title = `${file} (${quotedName(profile.name)})`;
    if (profile.expires !== undefined && profile.expires < now) {
      const allowed = 'a profile that was renewed in the developer account';
      refuse(`has a profile that expired on ${dayOf(profile.expires)}: ${title}`, allowed);
    }
    if (profile.platforms.length > 0 && !profile.platforms.includes('iOS')) {
      const allowed = 'a profile for iOS';
      refuse(`has a profile for ${profile.platforms.map(quotedName).join(', ')}: ${title}`, allowed);
    }
    const own = keys.flatMap(({ certificate }) => certificate?.raw ?? []);
    const named = profile.certificates.some((each) => own.some((raw) => each.equals(raw)));
    // A certificate that could not be read may be the one.
    if (own.length > 0 && own.length === keys.length && profile.certificates.length > 0 && !named) {
      const allowed = 'a profile that was made for this signing identity';
      refuse(`has a profile that does not name the certificate of the p12: ${title}`, allowed);
    }
  }
  const teams = [...new Set(read.flatMap(({ teamIds }) => teamIds))];
  if (teams.length > 1) {
    refuse(`belong to different teams: ${teams.map(quotedName).join(', ')}`, 'profiles of one team');
  }
  // One profile is the app's own; the others belong to its extensions. An unreadable profile may be the right one.
  const patterns = read.flatMap((profile) => profile.bundleId ?? []);
  const everyOneRead = patterns.length > 0 && patterns.length === profiles.length;
  if (bundleId !== undefined && everyOneRead && !patterns.some((each) => coversBundleId(each, bundleId))) {
    const allowed = 'a profile whose bundle id is that of the app, or a wildcard that covers it';
    refuse(
      `have none for the bundle id ${quotedName(bundleId)}, only for ${patterns.map(quotedName).join(', ')}`,
      allowed,
    );
  }
  const uncovered = extensions.filter(({ id }) => !patterns.some((each) => coversBundleId(each, id)));
  if (everyOneRead && uncovered.length > 0) {
    const names = uncovered.map(({ name, id }) => `${quotedName(name)} (${quotedName(id)})`).join(', ');
    refuse(`have none for the app's extensions ${names}`, 'a profile for the app and for each of its extensions');
  }
}
