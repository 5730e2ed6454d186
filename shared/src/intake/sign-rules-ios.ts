/** What signing an iOS app or SDK needs: identity, profiles, entitlements. Pure. */
import { defined } from '../model/defined.ts';
import { Secret } from '../model/secret.ts';
import type { OptionId } from '../options/table.ts';
import { fileWithoutPassword, missing } from './required.ts';
import { type SignInputs, type SignPart, unused } from './sign-inputs.ts';

/**
 * - .ipa: provisioning profiles with every method, entitlements optional; signing on Appdome takes the identity, too.
 * - iOS SDK (.zip): the identity alone, or nothing (appdome-api.md §3.9, §3.26).
 */
export function iosCredentials({ options, files, method, kind, withheld, override }: SignInputs): SignPart {
  const overridden = override('signing_p12_password');
  const p12Password = options.get('p12-password') ?? (overridden === undefined ? undefined : new Secret(overridden));
  const onAppdome = method === 'on-appdome';
  const required = (id: OptionId, why: string) => missing(options, id, why, withheld);
  const password = () =>
    files.withoutPassword
      ? [fileWithoutPassword(options, 'p12-password')]
      : required('p12-password', 'sign is on-appdome');
  const identity = unused(options, onAppdome ? [] : ['p12', 'p12-password'], {
    message: `is given, but with sign ${method} no signing identity leaves this machine`,
    allowed: 'leave it out, or sign on-appdome',
    because: `sign is ${method}`,
  });
  const profiles = unused(options, kind === 'zip' ? ['provisioning-profiles', 'entitlements'] : [], {
    message: 'is given, but an iOS SDK is signed without profiles and entitlements',
    allowed: 'leave it out',
    because: 'an iOS SDK is signed without it',
  });
  const some = (list: string[]) => (list.length > 0 ? list : undefined);
  const part = defined({
    ...(onAppdome ? { p12: files.p12, p12Password } : {}),
    provisioningProfiles: some(files.provisioningProfiles),
    entitlements: some(files.entitlements),
  });
  return {
    part,
    problems: [
      ...(onAppdome ? required('p12', 'sign is on-appdome') : []),
      ...(onAppdome && overridden === undefined ? password() : []),
      ...identity.problems,
      ...(kind === 'ipa' ? required('provisioning-profiles', 'an .ipa is signed with them') : []),
      ...profiles.problems,
    ],
    notices: [...identity.notices, ...profiles.notices],
  };
}
