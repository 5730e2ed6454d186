import type { Secret } from '../model/secret.ts';

/** The part of a signing request that names credentials; all paths are absolute. */
export interface Credentials {
  keystore?: string;
  keystorePassword?: Secret;
  keystoreAlias?: string;
  keyPassword?: Secret;
  p12?: string;
  p12Password?: Secret;
  provisioningProfiles?: readonly string[];
  entitlements?: readonly string[];
}

/** Whether there is a file to inspect. */
export function namesCredentials(credentials: Credentials): boolean {
  const { keystore, p12, provisioningProfiles = [], entitlements = [] } = credentials;
  return keystore !== undefined || p12 !== undefined || provisioningProfiles.length + entitlements.length > 0;
}
