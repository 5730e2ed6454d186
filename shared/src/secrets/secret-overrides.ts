/** Overrides are the user's own JSON, so only a key's name can tell that its value is secret. */
export const SECRET_KEY = /password|passwd|passphrase|secret|token|credential/i;

/** The overrides without keys that are named like secrets, for a fingerprint of the inputs. */
export function withoutSecrets(overrides: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(overrides).filter(([key]) => !SECRET_KEY.test(key)));
}
