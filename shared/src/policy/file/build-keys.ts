/**
 * The build facts that a policy can set conditions on: the 13 keys proven for the JSON certificate (appdome-api.md §5.2), and four that the
 * PDF prints (§6.2, real certificates).
 */
import type { FactName } from '../../model/certificate.ts';

const KEYS = [
  { key: 'build-id', fact: 'build_id', meaning: 'The build, a UUID.' },
  { key: 'app-id', fact: 'app_id', meaning: 'The uploaded app, a UUID.' },
  { key: 'app-type', fact: 'app_type', meaning: '`aab` and `ipa` have been seen; others are inferred.' },
  { key: 'bundle-id', fact: 'bundle_id', meaning: 'Package name or bundle identifier.' },
  { key: 'fusion-set-id', fact: 'fusion_set_id', meaning: 'The Fusion Set, a UUID.' },
  { key: 'fusion-set-name', fact: 'fusion_set_name', meaning: 'The name of the Fusion Set.' },
  { key: 'team-id', fact: 'team_id', meaning: 'The team; what a personal workspace states is not known.' },
  { key: 'extended-logs', fact: 'extended_logs', meaning: 'Whether Diagnostic Logs are on.' },
  { key: 'sign-type', fact: 'sign_type', meaning: '`OnAppdome` has been seen; the other words are not known.' },
  { key: 'min-sdk-version', fact: 'min_sdk_version', meaning: 'The lowest OS version that the app runs on.' },
  { key: 'release-type', fact: 'release_type', meaning: 'Its values are not known.' },
  {
    key: 'build-external-api-plugin-name',
    fact: 'build_external_api_plugin_name',
    meaning: 'The client that started the build.',
  },
  { key: 'is-context-api-call', fact: 'is_context_api_call', meaning: 'Whether the context step was run.' },
  { key: 'appdome-version', fact: 'appdome_version', meaning: 'The version of Appdome; the PDF states it.' },
  { key: 'app-version', fact: 'app_version', meaning: 'The version of the app; the PDF states it.' },
  { key: 'app-build-number', fact: 'app_build_number', meaning: 'The build number of the app; the PDF states it.' },
  {
    key: 'signer-certificate-sha256',
    fact: 'signer_certificate_sha256',
    meaning: 'The certificate that signed the app, 64 hex digits with or without colons; the PDF states it.',
  },
] as const satisfies ReadonlyArray<{ key: string; fact: FactName; meaning: string }>;

export type BuildKey = (typeof KEYS)[number]['key'];

export const BUILD_KEYS = KEYS;

const FACT_OF = new Map<string, FactName>(KEYS.map(({ key, fact }) => [key, fact]));

/** @returns the fact for a policy's build key */
export function factOfBuildKey(key: BuildKey): FactName {
  return FACT_OF.get(key) as FactName;
}
