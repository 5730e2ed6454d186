/** step.yml by the rules of stepman's audit and of the step library. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { inputName, isOn, ownVariable } from '@fusegate/shared/options/spelling';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { OPTIONS } from '@fusegate/shared/options/table';
import { describe, expect, it } from 'vitest';
import { entryOf, readStepManifest, STEP, type StepManifest } from './support/bitrise-cli.ts';

const TOP_KEYS = new Set([
  ...['title', 'summary', 'description', 'website', 'source_code_url', 'support_url', 'published_at', 'host_os_tags'],
  ...['project_type_tags', 'type_tags', 'dependencies', 'toolkit', 'deps', 'is_requires_admin_user', 'is_always_run'],
  ...['is_skippable', 'run_if', 'timeout', 'no_output_timeout', 'inputs', 'outputs', 'meta', 'asset_urls', 'source'],
]);
/** models.EnvironmentItemOptionsModel of envman. */
const OPTS = new Set([
  ...['title', 'summary', 'description', 'category', 'value_options', 'is_required', 'is_expand', 'is_sensitive'],
  ...['is_dont_change_value', 'is_template', 'skip_if_empty', 'unset', 'meta'],
]);

/** @returns what stepman's audit, or the library's reviewers, would refuse */
function issuesOf(step: StepManifest): string[] {
  const issues: string[] = [];
  for (const key of Object.keys(step)) if (!TOP_KEYS.has(key)) issues.push(`unknown key ${key}`);
  if (!step.title) issues.push('no title');
  if (!step.summary || step.summary.length > 100) issues.push('no summary, or one longer than 100 characters');
  if (!/^https:\/\//.test(step.website ?? '')) issues.push('no website');
  const seen = new Set<string>();
  for (const [kind, entries] of [
    ['input', step.inputs],
    ['output', step.outputs],
  ] as const) {
    for (const entry of entries) {
      const [name, value, opts] = entryOf(entry);
      const about = `${kind} ${name}`;
      if (Object.keys(entry).length !== 2 || !opts) issues.push(`${about}: not a name and opts`);
      if (seen.has(name)) issues.push(`${about}: twice`);
      seen.add(name);
      for (const key of Object.keys(opts ?? {})) if (!OPTS.has(key)) issues.push(`${about}: unknown opts ${key}`);
      if (!opts?.title) issues.push(`${about}: no title`);
      const pattern = kind === 'input' ? /^[a-z][a-z0-9_]*$/ : /^[A-Z][A-Z0-9_]*$/;
      if (!pattern.test(name)) issues.push(`${about}: not the case of an ${kind}`);
      if (opts?.is_sensitive && opts.is_expand !== true) issues.push(`${about}: sensitive and not expanded`);
      if (opts?.value_options && !opts.value_options.includes(value))
        issues.push(`${about}: the default is no value option`);
      if (opts?.value_options && value === '') issues.push(`${about}: a choice without a default cannot be shared`);
      if (opts?.value_options?.some((each) => typeof each !== 'string'))
        issues.push(`${about}: a value option is no text`);
    }
  }
  return issues;
}

it('has nothing to say against step.yml', () => {
  expect(issuesOf(readStepManifest())).toEqual([]);
});

describe('the rules see', () => {
  const broken: Array<[string, (step: StepManifest) => void, RegExp]> = [
    ['an unknown key', (step) => Object.assign(step, { colour: 'green' }), /unknown key colour/],
    ['a long summary', (step) => Object.assign(step, { summary: 'x'.repeat(101) }), /summary/],
    ['no website', (step) => Object.assign(step, { website: '' }), /website/],
    ['an unknown opts key', (step) => Object.assign(step.inputs[0]?.opts ?? {}, { is_secret: true }), /is_secret/],
    ['a name twice', (step) => step.inputs.push(structuredClone(step.inputs[0] as never)), /twice/],
    [
      'a name in the wrong case',
      (step) => step.inputs.push({ camelCase: '', opts: { title: 'x' } }),
      /case of an input/,
    ],
    [
      'a sensitive input that is not expanded',
      (step) => step.inputs.push({ secret_input: '', opts: { title: 'x', is_sensitive: true } }),
      /sensitive and not expanded/,
    ],
    [
      'a choice without a default, which stepman share refuses',
      (step) => step.inputs.push({ choice: '', opts: { title: 'x', value_options: ['', 'a'] } }),
      /cannot be shared/,
    ],
    [
      'a default that cannot be chosen',
      (step) => Object.assign(step.inputs[0] ?? {}, { mode: 'ran' }),
      /no value option/,
    ],
  ];
  it.each(broken)('%s', (_what, change, said) => {
    const step = readStepManifest();
    change(step);
    expect(issuesOf(step).join('\n')).toMatch(said);
  });
});

describe('step.yml', () => {
  const step = readStepManifest();
  const inputs = new Map(step.inputs.map((entry) => [entryOf(entry)[0], entryOf(entry)]));

  it('has every option of this version, and every output', () => {
    const options = OPTIONS.filter((option) => isOn(option, BITRISE));
    expect([...inputs.keys()]).toEqual(expect.arrayContaining(options.map(({ id }) => inputName(id, BITRISE))));
    const outputs = step.outputs.map((entry) => entryOf(entry)[0]);
    expect(outputs).toEqual(
      expect.arrayContaining(OUTPUT_NAMES.map((name) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`)),
    );
  });

  it('takes every input of both official steps', () => {
    const android = [
      'app_location',
      'output_filename',
      'fusion_set_id',
      'team_id',
      'sign_method',
      'android_keystore_url_env',
    ];
    const more = ['multiple_trusted_signing_certs_path', 'gp_signing', 'google_fingerprint', 'fingerprint'];
    const outputs = ['download_deobfuscation', 'crashlytics_app_id', 'datadog_api_key', 'secondary_output'];
    const builds = ['build_logs', 'build_to_test', 'workflow_output_logs'];
    const ios = ['certificate_file', 'provisioning_profiles', 'entitlements'];
    for (const name of [...android, ...more, ...outputs, ...builds, ...ios])
      expect([...inputs.keys()], name).toContain(name);
  });

  it('has no default but what Bitrise itself knows, and the own variable of a choice', () => {
    const preset = [...inputs.values()].filter(([, value]) => value !== '').map(([name, value]) => [name, value]);
    const choices = OPTIONS.filter((option) => inputs.get(inputName(option.id, BITRISE))?.[2].value_options);
    expect(choices.map(({ id }) => id)).toEqual(expect.arrayContaining(['mode', 'sign', 'gate']));
    expect(Object.fromEntries(preset)).toEqual({
      app: '$BITRISE_AAB_PATH|$BITRISE_APK_PATH|$BITRISE_IPA_PATH',
      api_key: '$APPDOME_API_KEY',
      ...Object.fromEntries(choices.map((o) => [inputName(o.id, BITRISE), `$${ownVariable(o, BITRISE)}`])),
    });
  });

  it('starts a file that is there', () => {
    expect(existsSync(path.join(STEP, 'step.sh'))).toBe(true);
  });
});
