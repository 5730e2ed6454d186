/** What earlier integrations call things: every name has a new one, or the reason why it has none. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { officialVariables, variableOf } from '@fusegate/shared/options/spelling';
import { optionById } from '@fusegate/shared/options/table';
import { describe, expect, it } from 'vitest';
import {
  APPCIRCLE_ANDROID,
  APPCIRCLE_IOS,
  CLIENT_FLAGS,
  CODEMAGIC_FLAGS,
  CODEMAGIC_NAMES,
  newName,
  type OldName,
} from '../../scripts/generate/recipes/migrations.ts';
import { ROOT } from '../adapters/support/child-process.ts';
import { textOf } from '../adapters/support/fenced-blocks.ts';
import { recipeText } from './support/systems.ts';

const words = (text: string) => text.trim().split(/\s+/);

/** As their sources had them: component.yaml and main.sh of the two components, Codemagic's page, appdome_api.py of the Python client. */
const OFFICIAL: ReadonlyArray<[what: string, names: readonly OldName[], official: string[], page: string]> = [
  [
    "Appcircle's component for Android",
    APPCIRCLE_ANDROID,
    words(`AC_APPDOME_APP_PATH AC_APPDOME_API_KEY APPDOME_API_KEY AC_APPDOME_FUSION_SET_ID AC_APPDOME_TEAM_ID AC_APPDOME_SIGN_METHOD
      AC_APPDOME_GP_SIGNING AC_GOOGLE_SIGN_FINGERPRINT AC_SIGN_FINGERPRINT SIGN_FINGERPRINT AC_APPDOME_BUILD_LOGS
      AC_ANDROID_KEYSTORE_PATH AC_ANDROID_KEYSTORE_PASSWORD AC_ANDROID_ALIAS AC_ANDROID_ALIAS_PASSWORD
      AC_APPDOME_SECURED_APK_PATH AC_APPDOME_SECURED_AAB_PATH AC_APPDOME_SECURED_ABB_PATH AC_APPDOME_PRIVATE_SIGN_SCRIPT_PATH
      AC_APPDOME_CERTIFICATE_PATH`),
    'docs/appcircle.md',
  ],
  [
    "Appcircle's component for iOS",
    APPCIRCLE_IOS,
    words(`AC_APPDOME_IPA_PATH AC_APPDOME_API_KEY AC_APPDOME_FUSION_SET_ID AC_APPDOME_TEAM_ID AC_APPDOME_SIGN_METHOD AC_IOS_ENTITLEMENTS
      AC_APPDOME_IOS_ENTITLEMENTS AC_APPDOME_PROVISIONING_PROFILES AC_PROVISIONING_PROFILES AC_APPDOME_CERTIFICATES AC_CERTIFICATES
      AC_APPDOME_CERTIFICATES_PASS AC_APPDOME_BUILD_LOGS AC_APPDOME_SECURED_IPA_PATH AC_APPDOME_PRIVATE_SIGN_SCRIPT_PATH
      AC_APPDOME_CERTIFICATE_PATH`),
    'docs/appcircle.md',
  ],
  [
    "Codemagic's variables",
    CODEMAGIC_NAMES,
    words(`APPDOME_API_TOKEN APPDOME_FUSION_SET_ID APPDOME_FUSION_SET_ID_IOS APPDOME_TEAM_ID IOS_P12_PASSWORD CM_KEYSTORE_PATH
      CM_KEYSTORE_PASSWORD CM_KEY_ALIAS CM_KEY_PASSWORD CERTIFICATE_PATH PROVISIONING_PROFILE_PATH APPDOME_CLIENT_VERSION`),
    'docs/codemagic.md',
  ],
  ["Codemagic's own flags", CODEMAGIC_FLAGS, words('--private_sign --auto_dev_sign'), 'docs/codemagic.md'],
  [
    "the client's flags, with those of Codemagic's page",
    CLIENT_FLAGS,
    words(`--app --app_id --api_key --team_id --fusion_set_id --build_overrides --context_overrides --sign_overrides --diagnostic_logs
      --build_to_test_vendor --cert_pinning_zip --sign_on_appdome --private_signing --auto_dev_private_signing --keystore --keystore_pass
      --keystore_alias --key_pass --signing_fingerprint --signing_fingerprint_upgrade --google_play_signing --provisioning_profiles
      --entitlements --output --certificate_output --certificate_json --deobfuscation_script_output --sign_second_output
      --firebase_app_id --datadog_api_key`),
    'docs/shell.md',
  ],
];

describe.each(OFFICIAL)('%s', (_, names, official, page) => {
  it('are all here, once', () => {
    expect(names.map(({ old }) => old).sort()).toEqual([...official].sort());
  });

  it('each leads to an option, keeps its name, or says why not', () => {
    expect(names.filter(({ option, same, instead }) => !option && !same && !instead)).toEqual([]);
  });

  it('are on the page', () => {
    const text = textOf(page);
    for (const name of names) expect(text).toContain(`| \`${name.old}\` | ${newName(name)} |`);
  });
});

it('a name that stays is read by the command, or stands in the recipe', () => {
  const recipes = recipeText('appcircle/protect.sh') + recipeText('codemagic/codemagic.yaml');
  for (const [, names] of OFFICIAL) {
    for (const { old, option } of names.filter(({ same }) => same)) {
      const read = option === undefined ? [] : [variableOf(option), ...officialVariables(optionById(option))];
      expect(read.includes(old) || recipes.includes(old), old).toBe(true);
    }
  }
});

it('a secret never leads to a flag', () => {
  for (const [, names] of OFFICIAL) {
    for (const name of names.filter(({ option }) => option && optionById(option).type.kind === 'secret'))
      expect(newName(name), name.old).not.toContain('--');
  }
});

const reference = path.join(ROOT, '../shared/reference/appdome-api.md');
if (!existsSync(reference)) console.log('skipped: the variables of the reference (appdome-api.md is not here)');

it.skipIf(!existsSync(reference))('the reference names no variable of a component that is not here', () => {
  const text = readFileSync(reference, 'utf8').split('### 10.8 ')[1]?.split('### 10.9 ')[0] ?? '';
  const known = [...APPCIRCLE_ANDROID, ...APPCIRCLE_IOS].map(({ old }) => old);
  const named = [...text.matchAll(/(?<!…)\bAC_[A-Z]+_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
