/** The overrides of build, signing and context requests. Pure. */

import { defined } from '../model/defined.ts';
import type { AppKind, ContextRequest, Platform, RunRequest, SignRequest } from '../model/run-request.ts';
import type { Overrides } from './task-request.ts';

/**
 * Overrides of `action=sign` for Android. The key's password defaults to the keystore's, as in keytool. Contains passwords: it goes into
 * the request and nowhere else.
 * @see appdome-api.md §3.9, verified
 */
export function signOnAppdomeOverrides(sign: SignRequest): Overrides {
  const keystorePassword = sign.keystorePassword?.reveal() ?? '';
  return {
    signing_keystore_password: keystorePassword,
    signing_keystore_alias: sign.keystoreAlias ?? '',
    signing_keystore_key_password: sign.keyPassword?.reveal() ?? keystorePassword,
    ...trustedOverrides(sign),
    ...(sign.googlePlaySigning ? googlePlayOverrides(sign) : {}),
  };
}

/**
 * Overrides of `action=seal` for Android: the fingerprint of the certificate that the app will be signed with (SHA-1 or SHA-256, despite
 * the name), or Google Play's. Never both: with Google Play signing the official client sends only Google's keys.
 * @see appdome-api.md §3.10, verified
 */
export function privateSignOverrides(sign: SignRequest): Overrides {
  if (sign.trustedFingerprints !== undefined) return trustedOverrides(sign);
  if (sign.googlePlaySigning) return googlePlayOverrides(sign);
  return defined({ signing_sha1_fingerprint: sign.signingFingerprint });
}

/** Google Play App Signing, with the second certificate of an upgraded key (§3.9, verified). */
function googlePlayOverrides(sign: SignRequest): Overrides {
  return {
    signing_keystore_use_google_signing: true,
    ...defined({
      signing_keystore_google_signing_sha1_key: sign.signingFingerprint,
      signing_keystore_google_signing_upgrade: sign.signingFingerprintUpgrade === undefined ? undefined : true,
      signing_keystore_google_signing_sha1_key_2nd_cert: sign.signingFingerprintUpgrade,
    }),
  };
}

/** Instead of one certificate, all certificates that the app trusts (§3.9, verified). */
function trustedOverrides({ trustedFingerprints }: SignRequest): Overrides {
  return defined({
    trusted_signing_fingerprint_list: trustedFingerprints?.map(({ sha, trustedStoreSigning }) => ({
      SHA: sha,
      TrustedStoreSigning: trustedStoreSigning,
    })),
  });
}

/**
 * The overrides that follow from the signing options, for any method and platform, without the user's own overrides.
 * @see appdome-api.md §3.9 to §3.11, verified
 */
export function signOverrides(sign: SignRequest, platform: Platform, kind: AppKind | undefined): Overrides {
  if (sign.method === 'none') return {};
  if (platform === 'android') {
    return sign.method === 'on-appdome' ? signOnAppdomeOverrides(sign) : privateSignOverrides(sign);
  }
  return {
    ...(sign.method === 'on-appdome' ? { signing_p12_password: sign.p12Password?.reveal() ?? '' } : {}),
    // An SDK has no entitlements to match.
    ...(kind !== 'zip' && (sign.entitlements?.length ?? 0) > 0 ? { manual_entitlements_matching: true } : {}),
  };
}

/**
 * The overrides sent with a signing request: the user's own, then those from the options. If both set a key, they agree:
 * intake/override-rules.ts refuses anything else.
 */
export function mergedSignOverrides(sign: SignRequest, request: Pick<RunRequest, 'app' | 'platform'>): Overrides {
  const kind = request.app?.kind;
  const platform = request.app?.platform ?? request.platform ?? 'android';
  const own: Overrides = sign.overrides === undefined ? {} : JSON.parse(sign.overrides.reveal());
  // The Python client always sends it, the bash client only when it is true (§3.9).
  const matching = platform === 'ios' && kind !== 'zip' ? { manual_entitlements_matching: false } : {};
  return { ...matching, ...own, ...signOverrides(sign, platform, kind) };
}

/** The overrides sent with a build: the user's own, and Diagnostic Logs if requested (`extended_logs`, documented). */
export function buildOverrides(request: Pick<RunRequest, 'buildLogs' | 'buildOverrides'>): Overrides {
  return { ...request.buildOverrides, ...(request.buildLogs ? { extended_logs: true } : {}) };
}

/** The overrides sent with a context step, merged in the same order. */
export function mergedContextOverrides(context: ContextRequest): Overrides {
  return { ...context.overrides, ...contextOverrides(context) };
}

/** Overrides of `action=context`: only what changes (appdome-api.md §3.8, verified). */
export function contextOverrides(context: ContextRequest): Overrides {
  return defined({
    app_customization_pack_bundle_identifier: context.bundleId,
    app_customization_pack_bundle_version: context.version,
    app_customization_pack_bundle_build_number: context.buildNumber,
    app_customization_pack_bundle_display_name: context.displayName,
    icon_overlay: context.iconOverlay === undefined ? undefined : true,
  });
}
