/** The orb for CircleCI: by the published schema, and each command's script run by bash against the embedded build service. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISH } from '../../scripts/publish.mjs';
import { publishedSchema, schemaProblems } from '../../shared/test/support/json-schema.ts';
import { ROOT } from '../adapters/support/child-process.ts';
import { circleciProblems, orbUses } from '../adapters/support/circleci-problems.ts';
import { CA_FILE, PRESIGNED, serveFiles } from '../adapters/support/file-server.ts';
import { KEYSTORE_SECRETS } from '../e2e/support/mode-inputs.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { readOrb, runSteps, type Values } from './support/circleci-orb.ts';
import { APP, protectInputs, quickRelease, resultIn, runScript, workspace } from './support/release.ts';

const orb = readOrb();
const command = (name: string) => {
  const found = orb.commands[name];
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
};

/** CircleCI-Public/circleci-yaml-language-server, schema.json (Apache-2.0); 190 kB, so it is no part of the repository. */
const schema = publishedSchema('circleci.schema.json');

describe.runIf(schema)('by the published schema, where there is a copy of it', () => {
  // Vitest runs this body even if it skips the tests.
  const problems = schemaProblems(schema ?? {});
  /** An orb is checked as one that stands in a configuration. */
  const inline = (body: unknown) => ({
    version: 2.1,
    orbs: { fusegate: body },
    workflows: { one: { jobs: ['fusegate/protect'] } },
  });
  const { version: _, display: __, ...body } = readOrb() as unknown as Record<string, unknown>;

  it('is an orb', () => {
    expect(problems(inline(body))).toEqual([]);
  });

  it.each(Object.entries(orb.examples))('the example %s is a configuration', (_name, { usage }) => {
    // A namespace has small letters; the placeholder for it has not.
    const { circleciOrb } = PUBLISH;
    expect(problems(JSON.parse(JSON.stringify(usage).replace(circleciOrb, circleciOrb.toLowerCase())))).toEqual([]);
  });

  it('would be refused with a mistake in it', () => {
    const broken = structuredClone(body) as unknown as typeof orb;
    broken.commands['protect']?.steps.push({ store_artifacts: { destination: 'x' } });
    expect(problems(inline(broken))).not.toEqual([]);
  });
});

describe('the examples', () => {
  it.each(Object.entries(orb.examples))('%s uses what the orb has, in this exact version', (_name, { usage }) => {
    expect(orbUses(usage).length).toBeGreaterThan(0);
    expect(circleciProblems(usage)).toEqual([]);
  });
});

describe('the job', () => {
  it('hands every parameter of the command on', () => {
    const job = orb.jobs['protect'];
    const [step] = job?.steps.filter((each) => typeof each === 'object' && each !== null && 'protect' in each) ?? [];
    const passed = Object.keys((step as { protect: object }).protect);
    expect(passed).toEqual(Object.keys(command('protect').parameters));
    expect(Object.keys(job?.parameters ?? {})).toEqual(expect.arrayContaining(passed));
  });
});

describe('secrets', () => {
  it('are named by the orb, never held', () => {
    const { parameters } = command('protect');
    const secret = /(^api-key|password|^keystore|^p12|datadog-api-key)$/;
    for (const [name, { type }] of Object.entries(parameters)) {
      expect(type === 'env_var_name', name).toBe(secret.test(name));
    }
  });
});

describe('its scripts', () => {
  let service: Service;
  let set: string;
  let release: Values;
  const cwd = workspace();

  beforeAll(async () => {
    service = await startService(['--shape', 'A']);
    set = (await service.fusionSet('small')).id;
    release = quickRelease();
  });
  afterAll(() => service.stop());

  /** The first step, and the later ones that run whatever became of it. */
  async function run(name: string, given: Values, env: Record<string, string> = {}) {
    const [first, ...later] = runSteps(command(name), { ...release, ...given });
    if (first === undefined) throw new Error(`${name} runs nothing`);
    const shell = ['/bin/bash', '-eo', 'pipefail'] as const;
    expect(first.shell).toBe(shell.join(' '));
    const job = (step: typeof first) => ({ cwd, env: { CIRCLECI: 'true', ...env, ...step.environment } });
    const end = await runScript(shell, first.command, job(first));
    let { files } = end;
    for (const step of later.filter(({ when }) => when === 'always')) {
      const collected = await runScript(shell, step.command, job(step));
      expect(collected.exit, collected.log).toBe(0);
      files = collected.files;
    }
    return { ...end, published: files.filter((file) => file.startsWith('fusegate-published/')) };
  }
  const address = () => ({ APPDOME_SERVER_BASE_URL: service.url });

  it('protect: red without the protection, with the reports and no app to see', async () => {
    const given = protectInputs(set, 'Detect Developer Options');
    const end = await run('protect', { ...given, 'api-key': 'TEAM_A_KEY' }, { TEAM_A_KEY: API_KEY, ...address() });
    expect(end.exit, end.log).toBe(6);
    expect(resultIn(path.join(cwd, 'fusegate-output'))).toMatchObject({ verdict: 'fail', ci: { system: 'circleci' } });
    expect(end.published).toContain('fusegate-published/fusegate-junit.xml');
    expect(end.published.filter((file) => /\.(?:apk|pdf)$|certificate/.test(file))).toEqual([]);
    expect(end.log).not.toContain(API_KEY);
  });

  it('protect, validate, verify: green, with secrets in the variables that the parameters name', async () => {
    const signing = {
      ...{ sign: 'on-appdome', 'signing-fingerprint': '', 'keystore-alias': 'release', verbose: true },
      ...{ 'api-key': 'TEAM_A_KEY', keystore: 'TEAM_A_KEYSTORE', 'keystore-password': 'TEAM_A_STORE_PASSWORD' },
      'key-password': 'TEAM_A_KEY_PASSWORD',
    };
    const end = await run(
      'protect',
      { ...protectInputs(set, 'Anti-Debugging'), ...signing },
      {
        TEAM_A_KEY: API_KEY,
        // What the parameter names wins.
        FUSEGATE_API_KEY: 'not-the-key-1234',
        TEAM_A_KEYSTORE: readFileSync(path.join(ROOT, 'test/fixtures/credentials/android.jks')).toString('base64'),
        TEAM_A_STORE_PASSWORD: KEYSTORE_SECRETS.ANDROID_KEYSTORE_PASS,
        TEAM_A_KEY_PASSWORD: KEYSTORE_SECRETS.ANDROID_KEY_PASS,
        ...address(),
      },
    );
    expect(end.exit, end.log).toBe(0);
    expect(end.published).toContain(`fusegate-published/${APP}`);
    const files = { app: `fusegate-published/${APP}`, result: 'fusegate-published/fusegate-result.json' };
    const verified = await run('verify', { ...files, rehearsal: true });
    expect(verified.exit, verified.log).toBe(0);
    const validated = await run('validate', files, { APPDOME_API_KEY: API_KEY, ...address() });
    expect(validated.exit, validated.log).toBe(0);
  });

  it('gate: judges a certificate, without a key; the release file may come from an address', async () => {
    const files = await serveFiles({ 'fusegate.tgz': readFileSync(String(release['release-file'])) });
    const address = { 'release-file': files.address('fusegate.tgz') };
    const trust = { NODE_EXTRA_CA_CERTS: CA_FILE };
    const certificate = path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf');
    const given = { ...address, certificate, 'required-features': 'Root Detection' };
    const end = await run('gate', given, trust);
    const changed = await run('gate', { ...given, 'release-sha256': '0'.repeat(64) }, trust);
    await files.close();
    expect(end.exit, end.log).toBe(0);
    expect(end.published).toContain('fusegate-published/fusegate-result.json');
    expect(changed.exit).toBe(2);
    expect(changed.log).toContain('release-sha256');
    expect(changed.log).not.toContain(PRESIGNED);
  });
});
