/** What the signing and context requests carry. Pure. */
import type { Overrides } from '../api/tasks.ts';
import type { ContextRequest, SignRequest } from '../options/run-request.ts';

/**
 * Overrides of `action=sign` for Android. The key's password defaults to the keystore's, as keytool does.
 * Holds passwords: it goes into the request and nowhere else.
 * @see appdome-api.md §3.9, verified
 */
export function signOnAppdomeOverrides(sign: SignRequest): Overrides {
  const keystorePassword = sign.keystorePassword?.reveal() ?? '';
  return {
    signing_keystore_password: keystorePassword,
    signing_keystore_alias: sign.keystoreAlias ?? '',
    signing_keystore_key_password: sign.keyPassword?.reveal() ?? keystorePassword,
    ...(sign.googlePlaySigning ? googlePlayOverrides(sign) : {}),
  };
}

/**
 * Overrides of `action=seal` for Android: the fingerprint of the certificate that the app will be signed with (SHA-1 or SHA-256, despite
 * the name), or Google Play's. Never both: with Google Play signing the official client sends only Google's keys.
 * @see appdome-api.md §3.10, verified
 */
export function privateSignOverrides(sign: SignRequest): Overrides {
  if (sign.googlePlaySigning) return googlePlayOverrides(sign);
  return sign.signingFingerprint === undefined ? {} : { signing_sha1_fingerprint: sign.signingFingerprint };
}

/** Google Play App Signing, with the second certificate of an upgraded key (§3.9, verified). */
function googlePlayOverrides(sign: SignRequest): Overrides {
  return {
    signing_keystore_use_google_signing: true,
    ...(sign.signingFingerprint === undefined
      ? {}
      : { signing_keystore_google_signing_sha1_key: sign.signingFingerprint }),
    ...(sign.signingFingerprintUpgrade === undefined
      ? {}
      : {
          signing_keystore_google_signing_upgrade: true,
          signing_keystore_google_signing_sha1_key_2nd_cert: sign.signingFingerprintUpgrade,
        }),
  };
}

/** Overrides of `action=context`: only what is to change (appdome-api.md §3.8, verified). */
export function contextOverrides(context: ContextRequest): Overrides {
  const entries: Array<[string, string | undefined]> = [
    ['app_customization_pack_bundle_identifier', context.bundleId],
    ['app_customization_pack_bundle_version', context.version],
    ['app_customization_pack_bundle_build_number', context.buildNumber],
    ['app_customization_pack_bundle_display_name', context.displayName],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
