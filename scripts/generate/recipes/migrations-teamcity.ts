/**
 * Appdome's plugin for TeamCity, 1.1.6: the fields of its form (Appdome/Teamcity_Build-2Secure, editEchoRunnerParameters.jsp and EchoService;
 * appdome-api.md §10.7), and what it sets.
 */
import type { OldName } from './migrations.ts';

export const TEAMCITY_NAMES: readonly OldName[] = [
  { old: 'api_key', option: 'api-key', instead: 'as a variable: rename it to `APPDOME_API_KEY`' },
  { old: 'platform', option: 'platform', instead: 'leave it out: the app tells its platform' },
  { old: 'app_location', option: 'app' },
  { old: 'output_file_name', option: 'output-name' },
  { old: 'app_id', option: 'firebase-app-id' },
  { old: 'fusion_set', option: 'fusion-set-id' },
  { old: 'team_id', option: 'team-id' },
  { old: 'sign_type', option: 'sign', instead: '`on-appdome`, `private` or `auto-dev`' },
  { old: 'keystore_file_location', option: 'keystore' },
  { old: 'keystore_pass', option: 'keystore-password' },
  { old: 'keystore_alias', option: 'keystore-alias' },
  { old: 'key_pass', option: 'key-password' },
  { old: 'google_sign', option: 'google-play-signing' },
  { old: 'google_play_fingerprint', option: 'signing-fingerprint', instead: 'with `google-play-signing`' },
  { old: 'fingerprint', option: 'signing-fingerprint' },
  { old: 'secondary_output', option: 'second-output' },
  { old: 'provisioning_file_location', option: 'provisioning-profiles' },
  { old: 'cert_file_location', option: 'p12' },
  { old: 'cert_pass', option: 'p12-password' },
  { old: 'ent_file_location', option: 'entitlements' },
  { old: 'build2test', option: 'build-to-test', instead: 'the same vendors in small letters' },
  { old: 'build_logs', option: 'build-logs' },
  { old: 'APPDOME_DEBUG', option: 'verbose', instead: 'no secret is printed' },
];

export const TEAMCITY_OUTPUTS: readonly OldName[] = [
  { old: 'env.APPDOME_BUILD', instead: '`fusegate.protected-app`; empty unless the run is green' },
  { old: 'env.APPDOME_BUILD_SO', instead: '`fusegate.second-output`' },
  { old: 'env.APPDOME_CERT', instead: '`fusegate.certificate-pdf`' },
  { old: 'env.APPDOME_CLIENT_HEADER', instead: 'nothing: the client says who it is by itself' },
];
