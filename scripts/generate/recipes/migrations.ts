/** What earlier integrations call things, and what they are called here. Facts from appdome-api.md §10 and the integrations' own sources. */
import { officialVariables, spell, variableOf } from '../../../shared/src/options/spelling.ts';
import { CLI } from '../../../shared/src/options/systems/cli.ts';
import { type OptionId, optionById } from '../../../shared/src/options/table.ts';

/** `option`: the option that means it. `instead`: why there is none, or what is different about it. At least one of them. */
export interface OldName {
  old: string;
  option?: OptionId;
  /** It keeps its name: the command or the recipe reads it, or the recipe sets it. */
  same?: true;
  instead?: string;
}

export interface Migration {
  /** The rest of "Coming from". */
  from: string;
  /** What is known of it, and from where. */
  source: string;
  tables: ReadonlyArray<{ title: string; names: readonly OldName[] }>;
  notes?: readonly string[];
}

/** The flags of Appdome's Python client (`appdome_api.py`), which Codemagic's page and hand-written lanes call. Its short flags mean the same. */
export const CLIENT_FLAGS: readonly OldName[] = [
  { old: '--app', option: 'app' },
  { old: '--app_id', option: 'app-id' },
  {
    old: '--api_key',
    option: 'api-key',
    instead: 'only from the variable: every process on the machine can read arguments',
  },
  { old: '--team_id', option: 'team-id' },
  { old: '--fusion_set_id', option: 'fusion-set-id' },
  { old: '--build_overrides', option: 'build-overrides' },
  { old: '--context_overrides', option: 'context-overrides' },
  { old: '--sign_overrides', option: 'sign-overrides' },
  { old: '--diagnostic_logs', option: 'build-logs' },
  { old: '--build_to_test_vendor', option: 'build-to-test' },
  { old: '--cert_pinning_zip', option: 'cert-pinning-zip' },
  { old: '--sign_on_appdome', option: 'sign', instead: 'the value on-appdome' },
  { old: '--private_signing', option: 'sign', instead: 'the value private' },
  { old: '--auto_dev_private_signing', option: 'sign', instead: 'the value auto-dev' },
  { old: '--keystore', option: 'keystore', instead: 'for an .ipa: --p12' },
  { old: '--keystore_pass', option: 'keystore-password', instead: 'for an .ipa: p12-password; only from variables' },
  { old: '--keystore_alias', option: 'keystore-alias' },
  { old: '--key_pass', option: 'key-password', instead: 'only from the variable' },
  { old: '--signing_fingerprint', option: 'signing-fingerprint' },
  { old: '--signing_fingerprint_upgrade', option: 'signing-fingerprint-upgrade' },
  { old: '--google_play_signing', option: 'google-play-signing' },
  { old: '--provisioning_profiles', option: 'provisioning-profiles', instead: 'separated by commas' },
  { old: '--entitlements', option: 'entitlements', instead: 'separated by commas' },
  { old: '--output', option: 'output-dir', instead: 'with --output-name for another file name' },
  { old: '--certificate_output', instead: 'always in private/ of the output folder' },
  { old: '--certificate_json', instead: 'always in private/ of the output folder' },
  {
    old: '--deobfuscation_script_output',
    option: 'deobfuscation-map',
    instead: 'on by default; in private/ of the output folder',
  },
  { old: '--sign_second_output', option: 'second-output' },
  { old: '--firebase_app_id', option: 'firebase-app-id' },
  { old: '--datadog_api_key', option: 'datadog-api-key', instead: 'only from the variable' },
];

export const CODEMAGIC_NAMES: readonly OldName[] = [
  { old: 'APPDOME_API_TOKEN', option: 'api-key', instead: 'rename it' },
  { old: 'APPDOME_FUSION_SET_ID', option: 'fusion-set-id', instead: 'or rename it: APPDOME_ANDROID_FS_ID' },
  { old: 'APPDOME_FUSION_SET_ID_IOS', option: 'fusion-set-id', instead: 'or rename it: APPDOME_IOS_FS_ID' },
  { old: 'APPDOME_TEAM_ID', option: 'team-id', same: true },
  { old: 'IOS_P12_PASSWORD', option: 'p12-password', same: true },
  { old: 'CM_KEYSTORE_PATH', option: 'keystore' },
  {
    old: 'CM_KEYSTORE_PASSWORD',
    option: 'keystore-password',
    instead: 'the recipe hands it on',
  },
  { old: 'CM_KEY_ALIAS', option: 'keystore-alias' },
  { old: 'CM_KEY_PASSWORD', option: 'key-password', instead: 'the recipe hands it on' },
  { old: 'CERTIFICATE_PATH', option: 'p12' },
  { old: 'PROVISIONING_PROFILE_PATH', option: 'provisioning-profiles' },
  { old: 'APPDOME_CLIENT_VERSION', instead: 'gone: the version stands in the command, and nothing is cloned' },
];

/** Flags that Codemagic's page has and the client does not know. */
export const CODEMAGIC_FLAGS: readonly OldName[] = [
  { old: '--private_sign', option: 'sign', instead: 'the value private; the client never knew this flag' },
  { old: '--auto_dev_sign', option: 'sign', instead: 'the value auto-dev; the client never knew this flag' },
];

const APPCIRCLE_BOTH: readonly OldName[] = [
  { old: 'AC_APPDOME_API_KEY', option: 'api-key', instead: 'rename it' },
  { old: 'AC_APPDOME_FUSION_SET_ID', option: 'fusion-set-id' },
  { old: 'AC_APPDOME_TEAM_ID', option: 'team-id', instead: 'or rename it: APPDOME_TEAM_ID' },
  {
    old: 'AC_APPDOME_SIGN_METHOD',
    option: 'sign',
    instead: 'takes the same three values',
  },
  { old: 'AC_APPDOME_BUILD_LOGS', option: 'build-logs' },
];

const APPCIRCLE_OUTPUTS: readonly OldName[] = [
  {
    old: 'AC_APPDOME_PRIVATE_SIGN_SCRIPT_PATH',
    same: true,
    instead: 'the script of auto-dev signing; the component declares it and never sets it',
  },
  { old: 'AC_APPDOME_CERTIFICATE_PATH', same: true, instead: 'the PDF, in private/ of the run' },
];

export const APPCIRCLE_ANDROID: readonly OldName[] = [
  {
    old: 'AC_APPDOME_APP_PATH',
    option: 'app',
    instead: 'the recipe takes it if it is set, else AC_AAB_PATH or AC_APK_PATH',
  },
  { old: 'APPDOME_API_KEY', option: 'api-key', same: true },
  ...APPCIRCLE_BOTH,
  { old: 'AC_APPDOME_GP_SIGNING', option: 'google-play-signing' },
  { old: 'AC_GOOGLE_SIGN_FINGERPRINT', option: 'signing-fingerprint', instead: 'with google-play-signing' },
  {
    old: 'AC_SIGN_FINGERPRINT',
    option: 'signing-fingerprint',
    instead: "the component's form names it and its script never reads it",
  },
  { old: 'SIGN_FINGERPRINT', option: 'signing-fingerprint', instead: 'without google-play-signing' },
  { old: 'AC_ANDROID_KEYSTORE_PATH', option: 'keystore', same: true },
  { old: 'AC_ANDROID_KEYSTORE_PASSWORD', option: 'keystore-password', same: true },
  { old: 'AC_ANDROID_ALIAS', option: 'keystore-alias', same: true },
  { old: 'AC_ANDROID_ALIAS_PASSWORD', option: 'key-password', same: true },
  { old: 'AC_APPDOME_SECURED_APK_PATH', same: true, instead: 'empty unless the run is green' },
  { old: 'AC_APPDOME_SECURED_AAB_PATH', same: true, instead: 'empty unless the run is green' },
  {
    old: 'AC_APPDOME_SECURED_ABB_PATH',
    instead: 'misspelt in older forms of the component, and never set: use …AAB_PATH',
  },
  ...APPCIRCLE_OUTPUTS,
];

export const APPCIRCLE_IOS: readonly OldName[] = [
  { old: 'AC_APPDOME_IPA_PATH', option: 'app' },
  ...APPCIRCLE_BOTH,
  { old: 'AC_IOS_ENTITLEMENTS', option: 'entitlements' },
  { old: 'AC_APPDOME_IOS_ENTITLEMENTS', option: 'entitlements', instead: 'as older versions of the component call it' },
  { old: 'AC_APPDOME_PROVISIONING_PROFILES', option: 'provisioning-profiles', instead: 'commas instead of |' },
  { old: 'AC_PROVISIONING_PROFILES', option: 'provisioning-profiles', instead: 'commas instead of |' },
  { old: 'AC_APPDOME_CERTIFICATES', option: 'p12' },
  { old: 'AC_CERTIFICATES', option: 'p12', instead: 'of a list, the one that signs' },
  { old: 'AC_APPDOME_CERTIFICATES_PASS', option: 'p12-password', instead: 'hand it on, as under Signing' },
  { old: 'AC_APPDOME_SECURED_IPA_PATH', same: true, instead: 'empty unless the run is green' },
  ...APPCIRCLE_OUTPUTS,
];

/** What a user writes instead, in a cell. */
export function newName({ option, same }: OldName): string {
  if (same) return 'the same';
  if (option === undefined) return '–';
  const found = optionById(option);
  // A secret is never a flag.
  return found.type.kind === 'secret'
    ? `\`${officialVariables(found)[0] ?? variableOf(option)}\``
    : `\`${spell(option, CLI)}\``;
}

export const CLIENT_FLAGS_LINK =
  "[what the client's flags are called here](shell.md#coming-from-appdomes-python-and-bash-clients)";

/** Where Appdome offers nothing of its own. */
export const NO_OFFICIAL: Migration = {
  from: "Appdome's clients",
  source: `We know of no plugin by Appdome for this system. Scripts call its command-line clients: their variables are read, and see ${CLIENT_FLAGS_LINK}.`,
  tables: [],
};
