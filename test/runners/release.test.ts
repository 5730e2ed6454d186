/** A release, made twice, and a job of each system from what is in it and from nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BUNDLES } from '../../scripts/packages.mjs';
import { PUBLISH } from '../../scripts/publish.mjs';
import { filesBelow, SUMS, sumsOf } from '../../scripts/release/files.mjs';
import { commitOf } from '../../scripts/release/git.mjs';
import { makeRelease } from '../../scripts/release/release.mjs';
import { runTask } from '../adapters/support/azure-agent.ts';
import { runBitriseStep } from '../adapters/support/bitrise-cli.ts';
import { ROOT, runChild, TEST_ENVIRONMENT } from '../adapters/support/child-process.ts';
import { runStep } from '../adapters/support/github-runner.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { commandOfPackage } from '../e2e/support/npx.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';

/** Not the version of the sources, so that everything must follow. */
const VERSION = '98.76.54';
const LONG = 900_000;

const first = path.join(temporaryFolder('fusegate-first-'), 'release');
const second = path.join(temporaryFolder('fusegate-second-'), 'made/again');
const file = (name: string) => path.join(first, name);
const read = (name: string) => readFileSync(file(name), 'utf8');
const sums = () => read(SUMS);

let service: Service;
let set: { id: string };

beforeAll(async () => {
  expect(await makeRelease(ROOT, VERSION, first)).toEqual([]);
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
}, LONG);
afterAll(() => service?.stop());

it('has the same bytes in another folder, at another place on earth, for another user', { timeout: LONG }, async () => {
  const { TZ, LANG, HOME } = process.env;
  Object.assign(process.env, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', HOME: temporaryFolder() });
  try {
    expect(await makeRelease(ROOT, VERSION, second)).toEqual([]);
  } finally {
    for (const [name, value] of Object.entries({ TZ, LANG, HOME }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
  expect(filesBelow(second)).toEqual(filesBelow(first));
  expect(readFileSync(path.join(second, SUMS), 'utf8').split('\n')).toEqual(sums().split('\n'));
});

describe('what is in it', () => {
  it('has sums that hold, of every file', () => {
    expect(sums()).toBe(sumsOf(first));
    if (process.platform === 'linux') execFileSync('sha256sum', ['--check', '--quiet', SUMS], { cwd: first });
  });

  it('is what each system needs, with one version', () => {
    expect(readdirSync(first)).toEqual(
      expect.arrayContaining([
        ...[`fusegate-${VERSION}.tgz`, `fusegate-shared-${VERSION}.tgz`, `fusegate-docs-${VERSION}.zip`, 'orb.yml'],
        ...['github-action', 'bitrise-step', 'bitrise-steplib', 'jenkins-library', 'gitlab-component'],
        ...['fastlane-action', 'teamcity-recipes', 'bundles', 'RELEASE_NOTES.md', 'release.json', SUMS],
      ]),
    );
    for (const { name } of BUNDLES) {
      const { metadata } = JSON.parse(read(`bundles/${name}.cdx.json`));
      expect(metadata.component.version, name).toBe(VERSION);
    }
    for (const name of ['orb.yml', 'gitlab-component/templates/gate.yml', 'jenkins-library/vars/fusegateFleet.groovy'])
      expect(read(name), name).toContain(`@${VERSION}`);
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const named = new RegExp(`fusegate[\\w./-]*[@:-]v?${version.replaceAll('.', '\\.')}(?!\\.?\\d)`, 'i');
    const texts = filesBelow(first).filter((name) => /\.(?:md|ya?ml|json|groovy|rb|txt|sh)$/.test(name));
    expect(texts.filter((name) => named.test(read(name)))).toEqual([]);
  });

  it('says on the first line of its notes whether it is for publishing', () => {
    expect(read('RELEASE_NOTES.md').split('\n')[0]?.includes('publish.json')).toBe(PUBLISH.placeholder);
    expect(JSON.parse(read('release.json'))).toMatchObject({ version: VERSION, placeholder: PUBLISH.placeholder });
  });

  it('has a StepLib entry that names the commit of the step repository', () => {
    const [name = ''] = filesBelow(file('bitrise-steplib'));
    expect(name).toMatch(new RegExp(`^steps/[\\w-]+/${VERSION.replaceAll('.', '\\.')}/step\\.yml$`));
    const { date } = JSON.parse(read('release.json'));
    const { source, published_at, ...manifest } = parse(read(`bitrise-steplib/${name}`), { schema: 'core' });
    expect(source).toEqual({
      git: PUBLISH.bitriseStep,
      commit: commitOf(file('bitrise-step'), { message: VERSION, date }),
    });
    expect(published_at).toBe(date);
    expect(manifest).toEqual(parse(read('bitrise-step/step.yml')));
    // What `stepman audit` and `stepman share create` ask for beyond that (models_methods.go, share_create.go).
    expect(source.git).toMatch(/^https:\/\/.+\.git$/);
    expect(manifest.summary.length).toBeLessThanOrEqual(100);
    const entries: Array<Record<string, unknown> & { opts: { value_options?: string[] } }> = manifest.inputs;
    for (const { opts, ...named } of entries) if (opts.value_options) expect(Object.values(named)).not.toContain('');
  });
});

describe('a job from there', () => {
  const job = () => ({ app: settingsApk(), sign: 'private' });

  it('by npm', async () => {
    const { command, args, env } = commandOfPackage(file(`fusegate-${VERSION}.tgz`));
    const inputs = { ...job(), 'fusion-set-id': set.id, 'server-url': service.url };
    const flags = Object.entries({ ...inputs, 'signing-fingerprint': 'd4'.repeat(32) }).map(([n, v]) => `--${n}=${v}`);
    const end = await runChild(command, [...args, 'run', ...flags, '--required-features=Anti-Debugging'], {
      cwd: temporaryFolder(),
      env: { ...TEST_ENVIRONMENT, ...env, APPDOME_API_KEY: API_KEY },
    });
    expect(end.exit, end.stdout + end.stderr).toBe(0);
    expect(end.stdout).toContain('verdict: pass');
  });

  it('on GitHub', async () => {
    const end = await runStep({
      action: file('github-action'),
      with: {
        ...job(),
        'api-key': API_KEY,
        'server-url': service.url,
        'fusion-set-id': set.id,
        'signing-fingerprint': 'd4'.repeat(32),
        'required-features': 'Anti-Debugging',
      },
    });
    expect(end.outputs.verdict, end.stdout).toBe('pass');
    expect(end.result?.tool.version).toBe(VERSION);
  });

  it('on Azure', async () => {
    const [vsix = ''] = readdirSync(first).filter((name) => name.endsWith(`${VERSION}.vsix`));
    const folder = temporaryFolder('fusegate-vsix-');
    for (const [name, content] of Object.entries(unzipSync(readFileSync(file(vsix))))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const end = await runTask({
      task: path.join(folder, 'dist/task'),
      inputs: {
        ...job(),
        apiKey: API_KEY,
        serverUrl: service.url,
        fusionSetId: set.id,
        signingFingerprint: 'd4'.repeat(32),
        requiredFeatures: 'Anti-Debugging',
      },
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.result).toMatchObject({ verdict: 'pass', tool: { version: VERSION } });
  });

  it('on Bitrise', async () => {
    const end = await runBitriseStep({
      step: file('bitrise-step'),
      inputs: {
        ...job(),
        server_url: service.url,
        fusion_set_id: set.id,
        signing_fingerprint: 'd4'.repeat(32),
        required_features: 'Anti-Debugging',
      },
      env: { APPDOME_API_KEY: API_KEY },
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.result).toMatchObject({ verdict: 'pass', tool: { version: VERSION } });
  });
});
