import {
  buildOverrides,
  contextOverrides,
  privateSignOverrides,
  signOnAppdomeOverrides,
} from '@fusegate/shared/api/sign-overrides';
import { Secret } from '@fusegate/shared/model/secret';
import { describe, expect, it } from 'vitest';

describe('signOnAppdomeOverrides', () => {
  const sign = { method: 'on-appdome', keystorePassword: new Secret('a"b'), keystoreAlias: 'k' } as const;
  it('takes the keystore’s password for the key where none is given', () => {
    expect(signOnAppdomeOverrides(sign)).toEqual({
      signing_keystore_password: 'a"b',
      signing_keystore_alias: 'k',
      signing_keystore_key_password: 'a"b',
    });
  });
  it('adds no Google key without Google Play signing', () => {
    const keys = Object.keys(signOnAppdomeOverrides({ ...sign, signingFingerprint: 'AA' }));
    expect(keys.filter((key) => key.includes('google'))).toEqual([]);
  });
});

describe('privateSignOverrides', () => {
  it('sends the fingerprint, or Google’s keys, never both', () => {
    expect(privateSignOverrides({ method: 'private', signingFingerprint: 'AA' })).toEqual({
      signing_sha1_fingerprint: 'AA',
    });
    expect(privateSignOverrides({ method: 'private', signingFingerprint: 'AA', googlePlaySigning: true })).toEqual({
      signing_keystore_use_google_signing: true,
      signing_keystore_google_signing_sha1_key: 'AA',
    });
    expect(
      privateSignOverrides({
        method: 'private',
        signingFingerprint: 'AA',
        signingFingerprintUpgrade: 'BB',
        googlePlaySigning: true,
      }),
    ).toEqual({
      signing_keystore_use_google_signing: true,
      signing_keystore_google_signing_sha1_key: 'AA',
      signing_keystore_google_signing_upgrade: true,
      signing_keystore_google_signing_sha1_key_2nd_cert: 'BB',
    });
  });
});

describe('contextOverrides and buildOverrides', () => {
  it('hold only what is to change', () => {
    expect(contextOverrides({ displayName: 'Shop', bundleId: 'com.example.shop' })).toEqual({
      app_customization_pack_bundle_identifier: 'com.example.shop',
      app_customization_pack_bundle_display_name: 'Shop',
    });
    expect(contextOverrides({})).toEqual({});
    expect(buildOverrides({ buildLogs: false, buildOverrides: {} })).toEqual({});
    expect(buildOverrides({ buildLogs: true, buildOverrides: { a: 1 } })).toEqual({ a: 1, extended_logs: true });
  });
});
