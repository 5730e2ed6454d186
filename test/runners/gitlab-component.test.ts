/** The GitLab components under gitlab-ci-local, included as a project includes them; the command line from a registry or a release file. */
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packNpmPackage } from '../../scripts/npm-package.mjs';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { KEYSTORE_SECRETS } from '../e2e/support/mode-inputs.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { type PackageRegistry, startRegistry } from '../recipes/support/package-registry.ts';
import { inputsOfRelease, protectInputs } from '../recipes/support/release.ts';
import { makeClone } from './support/git.ts';
import { APP, runnerEnvironment, SHORT_WAITS, userRepository } from './support/job.ts';

const GITLAB_CI_LOCAL = path.join(
  path.dirname(createRequire(import.meta.url).resolve('gitlab-ci-local/package.json')),
  'dist/index.js',
);
/** What ends a quotation, a block of YAML, a line of shell. No `$NAME`: GitLab replaces that in a variable. */
const NAME = `It's "A": #1 \`touch stolen\` $(touch stolen) & more`;

let service: Service;
let registry: PackageRegistry;
let release: Record<string, string>;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  release = inputsOfRelease(packNpmPackage(temporaryFolder('fusegate-release-')));
  registry = await startRegistry(release['release-file'] ?? '');
});
afterAll(async () => {
  await service.stop();
  await registry.stop();
});

const component = (name: string, inputs: Record<string, unknown>) => ({
  component: `$CI_SERVER_FQDN/$CI_PROJECT_PATH/${name}@$CI_COMMIT_SHA`,
  inputs,
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function gitlabCiLocal(dir: string): Promise<{ exit: number | null; log: string }> {
  const node = process.env.FUSEGATE_RUNNERS_NODE ?? process.execPath;
  const options = { cwd: dir, env: runnerEnvironment() };
  const end = await runChild(node, [GITLAB_CI_LOCAL, '--force-shell-executor', '--no-color'], options);
  return { exit: end.exit, log: end.stdout + end.stderr };
}

/** A pipeline whose first job protects the app; the second deploys it. */
async function pipeline(required: string, given: Record<string, unknown>) {
  const set = await service.fusionSet('small');
  const files = { app: `fusegate-output/${APP}`, result: 'fusegate-output/fusegate-result.json' };
  const dir = userRepository({
    '.gitlab-ci.yml': {
      stages: ['test', 'deploy', 'told'],
      variables: { ...SHORT_WAITS, SET: set.id },
      include: [
        component('fusegate', { ...protectInputs('$SET', required), ...given }),
        component('verify', { ...files, ...release, rehearsal: true }),
      ],
      told: {
        stage: 'told',
        needs: ['fusegate', 'fusegate-verify'],
        script: ['echo "deploying $(basename "$PROTECTED_APP"), the verdict is $VERDICT"'],
      },
    },
    '.gitlab-ci-local-variables.yml': {
      APPDOME_API_KEY: API_KEY,
      APPDOME_SERVER_BASE_URL: service.url,
      npm_config_registry: registry.url,
      // PKCS#12: gitlab-ci-local takes a text that begins with a slash, as a JKS does in base64, for the path of a file variable.
      ANDROID_KEYSTORE: readFileSync(path.join(ROOT, 'test/fixtures/credentials/android-modern.p12')).toString(
        'base64',
      ),
      ANDROID_KEYSTORE_PASS: KEYSTORE_SECRETS.ANDROID_KEYSTORE_PASS,
    },
    '.gitignore': '.gitlab-ci-local*\n',
  });
  cpSync(path.join(ROOT, 'recipes/gitlab/templates'), path.join(dir, 'templates'), { recursive: true });
  makeClone(dir);
  const end = await gitlabCiLocal(dir);
  const kept = path.join(dir, '.gitlab-ci-local/artifacts/fusegate/fusegate-output');
  return {
    ...end,
    dir,
    artifacts: existsSync(kept) ? readdirSync(kept, { recursive: true, encoding: 'utf8' }) : [],
    read: (name: string) => readFileSync(path.join(kept, name), 'utf8'),
  };
}

it('protects, verifies and tells the next job, with the package of exactly this version', async () => {
  const end = await pipeline('Anti-Debugging', {
    ...{ sign: 'on-appdome', 'signing-fingerprint': '', 'keystore-alias': 'release', 'new-display-name': NAME },
  });
  expect(end.exit, end.log).toBe(0);
  expect(end.log).toMatch(/> deploying settings\.apk, the verdict is pass$/m);
  expect(registry.paths).toContain('/fusegate.tgz');
  expect(end.artifacts).toEqual(expect.arrayContaining([APP, 'fusegate-result.json', 'fusegate-junit.xml']));
  expect(end.artifacts.filter((name) => /^(?:private|rejected|previous)\//.test(name))).toEqual([]);
  expect(end.log).not.toContain(API_KEY);
  // The value went through two interpolations, YAML and a shell, and is what it was.
  const { requests } = await service.state();
  const overrides = { app_customization_pack_bundle_display_name: NAME };
  expect(requests.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ action: 'context', overrides }),
  );
  expect(readdirSync(end.dir)).not.toContain('stolen');
});

it('is red where a protection is not proven: the reports are kept, the app is not', async () => {
  const end = await pipeline('Detect Developer Options', release);
  expect(end.exit, end.log).toBe(1);
  expect(end.log).toMatch(/FAIL +fusegate/);
  expect(end.log).not.toMatch(/> deploying \S+\.apk/);
  expect(JSON.parse(end.read('fusegate-result.json'))).toMatchObject({ verdict: 'fail', exitCode: 6 });
  expect(end.read('fusegate-junit.xml')).toContain('<failure');
  const issues: Array<{ description: string }> = JSON.parse(end.read('gl-code-quality-report.json'));
  expect(issues.map(({ description }) => description).join()).toContain('Detect Developer Options');
  expect(end.artifacts).not.toContain(APP);
  expect(end.artifacts.filter((name) => /^(?:private|rejected|previous)\//.test(name))).toEqual([]);
});

it.each([
  ['green', 'a0000001', 0, 'pass'],
  ['red', 'a0000003', 1, 'fail'],
])('rehearses as docs/gitlab.md says: %s, and ends although the stand-in still runs', async (_, set, exit, verdict) => {
  const page = readFileSync(path.join(ROOT, 'docs/gitlab.md'), 'utf8').split('## Rehearse it\n')[1] ?? '';
  const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const file = release['release-file'] ?? '';
  const start = `npx --yes --package ./${path.basename(file)} fusegate`;
  expect(text).toContain(start);
  const config = text
    .replace('SHA256_OF_IT', release['release-sha256'] ?? '')
    .replace(`release-file: ${path.basename(file)}`, `release-file: ${file}`)
    .replace(start, `${process.execPath} ${path.join(ROOT, 'cli/dist/fusegate.cjs')}`)
    .replace('2>&1 &', '2>&1 & echo $! > emulator.pid')
    .replaceAll('8080', String(await freePort()))
    .replace('a0000001', set);
  const dir = userRepository({ '.gitlab-ci.yml': config, '.gitignore': '.gitlab-ci-local*\n' });
  cpSync(path.join(ROOT, 'recipes/gitlab/templates'), path.join(dir, 'templates'), { recursive: true });
  makeClone(dir);
  try {
    const end = await gitlabCiLocal(dir);
    expect(end.exit, end.log).toBe(exit);
    expect(end.log).toMatch(new RegExp(`> verdict: ${verdict}$`, 'm'));
  } finally {
    process.kill(Number(readFileSync(path.join(dir, 'emulator.pid'), 'utf8')));
  }
});

it('refuses an input of the wrong form before any job runs', async () => {
  const end = await pipeline('Anti-Debugging', { sign: 'on-apdome', ...release });
  expect(end.exit).not.toBe(0);
  expect(end.log).toContain('on-apdome');
  expect(end.artifacts).toEqual([]);
});
