/** The fastlane action, under a stand-in for fastlane's API. Needs Ruby; without it only the text is looked at. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { VERSION } from '@fusegate/shared/model/version';
import { variableOf } from '@fusegate/shared/options/spelling';
import { OPTIONS } from '@fusegate/shared/options/table';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISH } from '../../scripts/publish.mjs';
import { ROOT } from '../adapters/support/child-process.ts';
import { type Service, startService } from '../e2e/support/service.ts';
import { ANDROID_APP, SECRETS, type Workplace, workplace } from './support/workplace.ts';

const ACTION = path.join(ROOT, 'recipes/fastlane/actions/fusegate.rb');
const STAND_IN = path.join(ROOT, 'test/recipes/support/fastlane-stand-in.rb');
const RUBY = spawnSync('sh', ['-c', 'command -v ruby'], { encoding: 'utf8' }).stdout.trim();
if (RUBY === '') console.log('skipped: the fastlane action is not run: there is no Ruby (apt-get install ruby)');

interface Lane {
  ended: Array<{ returned?: string; error?: string }>;
  lane: Record<string, string>;
  options: Array<{ key: string; env_name: string; type: string; sensitive: boolean; optional: boolean }>;
  outputs: string[];
  platforms: string[];
}

interface LaneInput {
  calls?: Array<Record<string, unknown>>;
  lane?: Record<string, string>;
}

function lane(place: Workplace, cwd: string, input: LaneInput, more: Record<string, string> = {}): Promise<Lane> {
  return new Promise((resolve, reject) => {
    const child = spawn(RUBY, [STAND_IN, ACTION], {
      cwd,
      env: { ...place.env, ...more },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let printed = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
    });
    child.once('close', (exit) => {
      if (exit === 0) resolve(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
      else reject(new Error(said));
    });
    child.stdin.end(JSON.stringify(input));
  });
}

describe('the text', () => {
  const text = readFileSync(ACTION, 'utf8');

  it('runs one exact version of the package, and has no shell', () => {
    expect(text).toContain(`PACKAGE = '${PUBLISH.npmPackage}@${VERSION}'`);
    expect(text).not.toMatch(/`[^`\n]*#\{|Actions\.sh|%x|\bsh\(/);
  });

  it('has an option for each of the table that a script can use', () => {
    for (const { id, needs } of OPTIONS) {
      const there = text.includes(`key: :${id.replaceAll('-', '_')},`);
      expect(there, id).toBe(needs === undefined);
    }
  });
});

describe.runIf(RUBY !== '')('under Ruby', () => {
  let service: Service;
  let environment: Record<string, string>;

  beforeAll(async () => {
    service = await startService();
    environment = {
      APPDOME_SERVER_BASE_URL: service.url,
      APPDOME_ANDROID_FS_ID: (await service.fusionSet('all detections')).id,
    };
  });
  afterAll(() => service.stop());

  async function built(place: Workplace) {
    const cwd = place.checkout();
    await place.shell('./gradlew', cwd);
    return { cwd, lane: { GRADLE_AAB_OUTPUT_PATH: path.join(cwd, ANDROID_APP) } };
  }
  const RUN = { sign: 'On-Appdome', required_features: ['Root Detection', 'Detect Developer Options'] };

  it('its options are typed, optional, and have our variables; its outputs are ours', async () => {
    const { options, outputs, platforms } = await lane(workplace(undefined), ROOT, {});
    const byKey = new Map(options.map((option) => [option.key, option]));
    for (const { id, type, needs } of OPTIONS.filter((option) => option.needs === undefined)) {
      const option = byKey.get(id.replaceAll('-', '_'));
      expect(option, `${id} ${needs}`).toMatchObject({
        env_name: variableOf(id),
        optional: true,
        sensitive: type.kind === 'secret',
      });
      if (/list$/.test(type.kind)) expect(option?.type, id).toBe('Array');
      if (type.kind === 'boolean') expect(option?.type, id).toBe('Fastlane::Boolean');
      if (type.kind === 'integer') expect(option?.type, id).toBe('Integer');
    }
    expect(outputs).toEqual(OUTPUT_NAMES.map((name) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`));
    expect(platforms).toEqual(['ios', 'android']);
  });

  it('a lane protects what it built, verifies it, and knows the outputs', async () => {
    const place = workplace(environment);
    const { cwd, lane: context } = await built(place);
    const password = SECRETS.ANDROID_KEYSTORE_PASS;
    const end = await lane(
      place,
      cwd,
      {
        lane: context,
        calls: [
          { ...RUN, keystore: SECRETS.ANDROID_KEYSTORE, keystore_password: password, second_output: false },
          { mode: 'verify', app: ':FUSEGATE_PROTECTED_APP', result: ':FUSEGATE_RESULT', max_age: '24h' },
        ],
      },
      // What is in the environment is left to the command, which reads it only where it has a meaning.
      { ANDROID_KEYSTORE: '', ANDROID_KEYSTORE_PASS: '', FUSEGATE_REPORTS: 'junit,html', FUSEGATE_RETRIES: '3' },
    );
    expect(end.ended.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(end.lane).toMatchObject({
      FUSEGATE_VERDICT: 'pass',
      FUSEGATE_BUILD_ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const app = end.lane['FUSEGATE_PROTECTED_APP'] ?? '';
    expect(end.ended[0]?.returned).toBe(app);
    expect(end.lane['GRADLE_AAB_OUTPUT_PATH']).toBe(app);
    expect(readFileSync(path.resolve(cwd, app)).subarray(0, 2).toString()).toBe('PK');
    const calls = place.calls().join('\n');
    for (const secret of Object.values(SECRETS)) expect(calls).not.toContain(secret);
    expect(calls).not.toMatch(/--(?:reports|retries)/);
  });

  it('a red run stops the lane, which knows why, and has no app for a store', async () => {
    const place = workplace(undefined);
    const { cwd, lane: context } = await built(place);
    const end = await lane(place, cwd, {
      lane: { ...context, FUSEGATE_PROTECTED_APP: 'of an earlier run' },
      calls: [RUN],
    });
    expect(end.ended[0]?.error).toMatch(/exit 6.*verdict: fail/);
    expect(end.lane).toMatchObject({ FUSEGATE_VERDICT: 'fail', GRADLE_AAB_OUTPUT_PATH: null });
    expect(end.lane).not.toHaveProperty('FUSEGATE_PROTECTED_APP');
  });

  it('judges a certificate without a key', async () => {
    const place = workplace({});
    const certificate = [path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf')];
    const end = await lane(
      place,
      place.checkout(),
      { calls: [{ mode: 'gate', certificate, required_features: ['Root Detection'] }] },
      { APPDOME_API_KEY: '' },
    );
    expect(end.ended[0]?.error).toBeUndefined();
    expect(end.lane).toMatchObject({ FUSEGATE_VERDICT: 'pass' });
  });

  it('wrong values are refused before anything is started', async () => {
    const place = workplace(undefined);
    const { cwd } = await built(place);
    const calls = [
      { sign: 'myself' },
      { second_output: 'perhaps' },
      { retries: 'many' },
      { reports: ['junit', 'pdf'] },
      { mode: 'ship' },
      { apps: 'x' },
    ];
    const two = { GRADLE_AAB_OUTPUT_PATH: 'a.aab', GRADLE_APK_OUTPUT_PATH: 'a.apk' };
    const end = await lane(place, cwd, { lane: two, calls: [...calls, RUN] });
    expect(end.ended.map(({ error = '' }) => error)).toEqual([
      expect.stringContaining('sign is myself'),
      expect.stringContaining('second_output'),
      expect.stringContaining('retries'),
      expect.stringContaining('reports is pdf'),
      expect.stringContaining('mode is ship'),
      expect.stringContaining('apps'),
      expect.stringContaining('a.aab and a.apk'),
    ]);
    expect(place.calls()).toEqual([]);
  });

  it('an earlier result is no outcome of a run that could not start', async () => {
    const place = workplace(undefined);
    const { cwd } = await built(place);
    await place.shell('mkdir -p fusegate-output/fastlane/private', cwd);
    writeFileSync(
      path.join(cwd, 'fusegate-output/fastlane/private/fusegate.dotenv'),
      'VERDICT=pass\nPROTECTED_APP=old.aab\n',
    );
    await place.shell(`rm '${place.root}/bin/npx'`, cwd);
    const end = await lane(place, cwd, { calls: [{ ...RUN, app: ANDROID_APP }] }, { PATH: `${place.root}/bin` });
    expect(end.ended[0]?.error).toMatch(/npx/);
    expect(end.lane).not.toHaveProperty('FUSEGATE_VERDICT');
  });
});
