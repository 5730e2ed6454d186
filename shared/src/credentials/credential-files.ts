import type { SignRequest } from '../model/run-request.ts';

/** The part of a signing request that names credentials. */
export type Credentials = Pick<
  SignRequest,
  | 'keystore'
  | 'keystorePassword'
  | 'keystoreAlias'
  | 'keyPassword'
  | 'p12'
  | 'p12Password'
  | 'provisioningProfiles'
  | 'entitlements'
>;

/** Whether there is a file to inspect. */
export function namesCredentials(credentials: Credentials): boolean {
  const { keystore, p12, provisioningProfiles = [], entitlements = [] } = credentials;
  return keystore !== undefined || p12 !== undefined || provisioningProfiles.length + entitlements.length > 0;
}
