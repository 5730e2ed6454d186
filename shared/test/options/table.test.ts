import { describe, expect, it } from 'vitest';
import { OUTPUT_NAMES } from '../../src/model/host.ts';
import { parseValue } from '../../src/options/parse-value.ts';
import {
  aliasNames,
  fileVariable,
  inputName,
  officialVariables,
  optionOfInput,
  optionOfVariable,
  ownVariable,
  spell,
} from '../../src/options/spelling.ts';
import { AZURE } from '../../src/options/systems/azure.ts';
import { BITRISE } from '../../src/options/systems/bitrise.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { GITHUB } from '../../src/options/systems/github.ts';
import { JENKINS } from '../../src/options/systems/jenkins.ts';
import { SYSTEMS } from '../../src/options/systems.ts';
import { OPTION_GROUPS, OPTIONS } from '../../src/options/table.ts';

/** The design's list, by hand; connect-timeout and analysis-timeout complete the deadlines. */
const DESIGN = `mode api-key team-id server-url app app-id build-id fusion-set-id platform build-to-test build-logs
  build-overrides context-overrides sign-overrides baseline-profile startup-profile input-mapping cert-pinning-zip
  new-bundle-id new-version new-build-number new-display-name app-icon icon-overlay
  sign keystore keystore-password keystore-alias key-password p12 p12-password provisioning-profiles entitlements
  signing-fingerprint signing-fingerprint-upgrade google-play-signing signing-fingerprint-list
  required-features policy policy-sha256 gate certificate result max-age rehearsal baseline evidence listeners detail
  output-dir output-name second-output deobfuscation-map publish reports datadog-api-key datadog-site firebase-app-id
  timeout upload-timeout build-timeout sign-timeout download-timeout stall-timeout retries poll-min poll-max resume
  reuse-upload proxy ca-file ci github-token comment dry-run verbose durations trace fleet fleet-app
  connect-timeout analysis-timeout`.split(/\s+/);

describe('the option table', () => {
  it('holds every option of the design and no other', () => {
    expect(OPTIONS.map(({ id }) => id).sort()).toEqual([...DESIGN].sort());
  });

  it.each(SYSTEMS)('has on $id no name twice, ignoring case, over inputs, aliases and variables', (system) => {
    const names = OPTIONS.flatMap((option) => [
      inputName(option.id, system),
      ...(option.type.kind === 'secret' ? [inputName(`${option.id}-file`, system), fileVariable(option)] : []),
      ...aliasNames(option, system),
      ...[ownVariable(option, system)].filter((name) => name !== undefined),
    ]).map((name) => name.toLowerCase());
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    expect(twice).toEqual([]);
  });

  it('gives no variable to two options', () => {
    const names = OPTIONS.flatMap((option) => [ownVariable(option, CLI) ?? '', ...officialVariables(option)]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has kebab-case ids, known groups, and texts that fit one line', () => {
    const groups = OPTION_GROUPS.map(({ id }) => id);
    for (const option of OPTIONS) {
      expect(option.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(groups).toContain(option.group);
      expect(option.summary, option.id).toMatch(/^[A-Zi][^\n]{4,90}[^.\n]$/);
      expect(option.modes.length, option.id).toBeGreaterThan(0);
    }
  });

  it('has defaults that its own parsers accept', () => {
    for (const option of OPTIONS) {
      if (option.default === undefined) continue;
      expect(parseValue(option, option.default, CLI), option.id).toMatchObject({ ok: true });
    }
  });

  it('has no default for sign, the fingerprint, the key or the requirements', () => {
    for (const id of ['sign', 'signing-fingerprint', 'api-key', 'required-features', 'keystore']) {
      const option = OPTIONS.find((each) => each.id === id);
      expect(option?.default, id).toBeUndefined();
    }
  });
});

describe('spelling', () => {
  it.each([
    [CLI, '--fusion-set-id'],
    [JENKINS, '--fusion-set-id'],
    [GITHUB, 'fusion-set-id'],
    [AZURE, 'fusionSetId'],
    [BITRISE, 'fusion_set_id'],
  ] as const)('on $0.id is $1', (system, spelled) => {
    expect(spell('fusion-set-id', system)).toBe(spelled);
  });

  it.each([
    [GITHUB, 'FUSION-SET-ID', 'fusion-set-id', false],
    [GITHUB, 'TEAM-ID', 'team-id', false],
    [GITHUB, 'TEAM_ID', 'team-id', true],
    [GITHUB, 'APPDOME_API_TOKEN', 'api-key', true],
    [GITHUB, 'app_file', 'app', true],
    [AZURE, 'FusionSetId', 'fusion-set-id', false],
    [AZURE, 'Token', 'api-key', true],
    [AZURE, 'KeyPass', 'key-password', true],
    [BITRISE, 'sign_method', 'sign', true],
    [BITRISE, 'gp_signing', 'google-play-signing', true],
    [JENKINS, 'keystorePath', 'keystore', true],
    [CLI, 'app', 'app', false],
  ] as const)('$0.id: $1 is $2', (system, name, id, official) => {
    expect(optionOfInput(name, system)).toMatchObject({ option: { id }, official });
  });

  it.each(['APP_FILE', 'Token', 'nonsense', ''])('the CLI does not know %j', (name) => {
    expect(optionOfInput(name, CLI)).toBeUndefined();
  });

  it('does not read on Bitrise what an earlier step wrote as an output', () => {
    for (const option of OPTIONS) {
      const shared = (OUTPUT_NAMES as readonly string[]).includes(option.id);
      expect(ownVariable(option, BITRISE) === undefined, option.id).toBe(shared);
      expect(ownVariable(option, CLI)).toMatch(/^FUSEGATE_[A-Z0-9_]+$/);
    }
  });

  it('finds the option of a variable', () => {
    expect(optionOfVariable('FUSEGATE_STALL_TIMEOUT')?.id).toBe('stall-timeout');
    expect(optionOfVariable('FUSEGATE_API_KEY_FILE')?.id).toBe('api-key');
    expect(optionOfVariable('FUSEGATE_APP_FILE')).toBeUndefined();
  });

  it('gives the Fusion Set variable of the platform', () => {
    const fusionSet = OPTIONS.find(({ id }) => id === 'fusion-set-id');
    if (!fusionSet) throw new Error('no fusion-set-id');
    expect(officialVariables(fusionSet, 'ios')).toEqual(['APPDOME_IOS_FS_ID']);
    expect(officialVariables(fusionSet)).toEqual(['APPDOME_ANDROID_FS_ID', 'APPDOME_IOS_FS_ID']);
  });
});
