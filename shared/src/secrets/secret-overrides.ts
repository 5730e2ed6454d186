/** Overrides are a user's own JSON, so that only the name of a key can say that its value is a secret. */
export const SECRET_KEY = /password|passwd|passphrase|secret|token|credential/i;

/** The overrides without what is named like a secret: for a fingerprint of the inputs. */
export function withoutSecrets(overrides: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(overrides).filter(([key]) => !SECRET_KEY.test(key)));
}
