/** Appdome's orb and its plugin for TeamCity: every name has a new one that the recipe has, or the reason why it has none. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OldName } from '../../scripts/generate/recipes/migrations.ts';
import { ORB_JOBS, ORB_NAMES } from '../../scripts/generate/recipes/migrations-circleci.ts';
import { TEAMCITY_NAMES, TEAMCITY_OUTPUTS } from '../../scripts/generate/recipes/migrations-teamcity.ts';
import { ROOT } from '../adapters/support/child-process.ts';
import { textOf } from '../adapters/support/fenced-blocks.ts';
import { readOrb } from './support/circleci-orb.ts';

const words = (text: string) => text.trim().split(/\s+/);
const orbParameters = () => Object.keys(readOrb().commands['protect']?.parameters ?? {});
const recipeInputs = () =>
  parse(readFileSync(path.join(ROOT, 'recipes/teamcity/fusegate.yml'), 'utf8'))
    .inputs.flatMap(Object.keys)
    .map((name: string) => name.slice('env.input_'.length).replaceAll('_', '-'));

interface Official {
  what: string;
  names: readonly OldName[];
  /** As its sources have them. */
  official: string[];
  page: string;
  known: () => string[];
}

const OFFICIAL: readonly Official[] = [
  {
    what: 'parameters of the orb, src/jobs/appdome_runner.yml and src/commands',
    names: ORB_NAMES,
    official:
      words(`runner appdome-api-token appFile team-id fusion-set-id-ios fusion-set-id-android output second-output sign-overrides
      build-with-logs build-to-test signing-fingerprint google-play-signing keystore-file keystore-password keystore-alias
      keystore-key-password p12-file p12-password P12-password provisioning-profiles entitlements root-dir`),
    page: 'docs/circleci.md',
    known: orbParameters,
  },
  {
    what: 'jobs and commands of the orb',
    names: ORB_JOBS,
    official:
      words(`appdome_runner appdome_android_auto_signing appdome_android_autodev_private_signing appdome_android_private_signing
      appdome_ios_auto_signing appdome_ios_autodev_private_signing appdome_ios_private_signing`),
    page: 'docs/circleci.md',
    known: orbParameters,
  },
  {
    what: "fields of TeamCity's form, EchoRunnerConstants and EchoService",
    names: TEAMCITY_NAMES,
    official:
      words(`platform app_location output_file_name app_id fusion_set team_id sign_type keystore_file_location keystore_pass
      keystore_alias key_pass google_sign google_play_fingerprint fingerprint secondary_output provisioning_file_location
      cert_file_location cert_pass ent_file_location build2test build_logs api_key APPDOME_DEBUG`),
    page: 'docs/teamcity.md',
    known: recipeInputs,
  },
  {
    what: "parameters that TeamCity's plugin sets",
    names: TEAMCITY_OUTPUTS,
    official: words('env.APPDOME_BUILD env.APPDOME_CERT env.APPDOME_BUILD_SO env.APPDOME_CLIENT_HEADER'),
    page: 'docs/teamcity.md',
    known: recipeInputs,
  },
];

describe.each(OFFICIAL)('$what', ({ names, official, page, known }) => {
  it('are all here, once', () => {
    expect(names.map(({ old }) => old).sort()).toEqual([...official].sort());
  });

  it('each leads to what the recipe has, or says why not', () => {
    expect(names.filter(({ option, instead }) => option === undefined && instead === undefined)).toEqual([]);
    expect(names.flatMap(({ option }) => option ?? []).filter((id) => !known().includes(id))).toEqual([]);
  });

  it('are on the page', () => {
    const text = textOf(page);
    for (const { old } of names) expect(text).toContain(`| \`${old}\` |`);
  });
});
