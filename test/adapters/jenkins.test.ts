/** The Jenkins script as a child process, and the shared library's step under Groovy, against the embedded service. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { otherChildren, ROOT, runChild, TEST_ENVIRONMENT, whenLogged } from './support/child-process.ts';
import {
  groovyEnvironment,
  type LibraryRun,
  runLibrary,
  runScript,
  SCRIPT,
  type ScriptEnd,
} from './support/jenkins.ts';

let service: Service;
let set: { id: string };
let env: Record<string, string>;

/** The job that passes: many tests look at what one run of it leaves. */
let passed: ScriptEnd;
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  passed = await runScript(words(), env);
});
afterAll(() => service.stop());

const words = (required = 'Anti-Debugging', more: string[] = []) => [
  '--app',
  settingsApk(),
  '--fusion-set-id',
  set.id,
  '--sign',
  'private',
  '--signing-fingerprint',
  'd4'.repeat(32),
  '--required-features',
  required,
  ...more,
];

describe('the script alone, with the flags of run and no command word', () => {
  it('passes', async () => {
    const end = passed;
    expect(end.stderr).toBe('');
    expect(end.exit, end.stdout).toBe(0);
    expect(end.stdout).toMatch(/^verdict: pass$/m);
    const names = OUTPUT_NAMES.map((name) => name.replaceAll('-', '_').toUpperCase());
    expect(Object.keys(end.outputs).sort()).toEqual([...names, 'ARCHIVE', 'JUNIT'].sort());
    expect(end.result).toMatchObject({
      verdict: 'pass',
      ci: { system: 'jenkins', runUrl: 'https://jenkins.example/job/app/7/' },
    });
    expect(end.outputs.JUNIT).toBe('fusegate-output/settings_apk-debug/fusegate-junit.xml');
    const archived = end.outputs.ARCHIVE?.split(',') ?? [];
    expect(archived).toContain('fusegate-output/settings_apk-debug/settings_apk-debug.apk');
    for (const file of archived) {
      expect(file).not.toContain('private');
      expect(existsSync(path.join(end.workspace, file))).toBe(true);
    }
    expect(otherChildren(end.children)).toEqual([]);
  });

  it.each([
    ['fails', () => words('Detect Developer Options'), {}, 6, 'fail'],
    ['warns', () => words('Detect Developer Options', ['--gate', 'warn']), {}, 0, 'fail'],
    ['errs', () => words(), { APPDOME_API_KEY: 'not-the-key-1234' }, 3, 'error'],
  ])('%s', async (_what, args, more, exit, verdict) => {
    const end = await runScript(args(), { ...env, ...more });
    expect(end.exit).toBe(exit);
    expect(end.outputs.VERDICT).toBe(verdict);
    expect(end.stdout).toMatch(new RegExp(`^verdict: ${verdict}$`, 'm'));
    expect(end.outputs.ARCHIVE).not.toContain('rejected');
  });

  it('names everything that is wrong, a command word included', async () => {
    const before = (await service.state()).requests.length;
    const end = await runScript(['run', '--app', 'nowhere.apk', '--sign', 'on-appdom', '--timeout', '55'], env);
    expect(end.exit).toBe(2);
    for (const said of [
      'argument 1 belongs to no option',
      'nowhere.apk',
      'did you mean on-appdome?',
      '--timeout "55"',
    ]) {
      expect(end.stdout).toContain(said);
    }
    expect((await service.state()).requests.length).toBe(before);
  });

  it('judges a build that exists', async () => {
    const built = passed;
    const end = await runScript(
      ['--mode', 'gate', '--build-id', built.outputs.BUILD_ID ?? '', '--required-features', 'Anti-Debugging'],
      env,
    );
    expect(end.exit).toBe(0);
    expect(end.outputs.VERDICT).toBe('pass');
  });

  it('ends by itself on SIGTERM, as an aborted build sends it', async () => {
    const end = await runScript(
      words('Anti-Debugging', ['--poll-min', '5s', '--poll-max', '10s', '--resume', 'new']),
      env,
      {
        onStart: whenLogged(/^building on Appdome/m, (child) => child.kill('SIGTERM')),
      },
    );
    expect(end.exit).toBe(130);
    expect(end.outputs.VERDICT).toBe('error');
  });

  it('takes the field names of the official plugin', async () => {
    const end = await runScript(
      [
        ...['--appPath', settingsApk(), '--fusionSetId', set.id, '--certificateMethod', 'Android_PrivateSign'],
        ...['--fingerprint', 'd4'.repeat(32), '--required-features', 'Anti-Debugging', '--outputLocation', 'output'],
      ],
      env,
    );
    expect(end.exit, end.stdout).toBe(0);
    expect(end.outputs.PROTECTED_APP).toBe(path.join(end.workspace, 'output', 'settings_apk-debug.apk'));
  });

  it('shows its options', async () => {
    const end = await runScript(['--help'], {});
    expect(end.exit).toBe(0);
    expect(end.stdout).toContain('--required-features');
    expect(end.stdout).not.toMatch(/fusegate run/);
  });

  it('is one file: nothing beside it is needed, and no encoding can spoil it', async () => {
    const alone = temporaryFolder();
    copyFileSync(SCRIPT, path.join(alone, 'script.cjs'));
    writeFileSync(path.join(alone, 'policy.yml'), 'version: 1\nrequire:\n  - feature: Anti-Debugging\n');
    const pdf = path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf');
    // The parts for PDF, YAML and policies are all asked for.
    const end = await runChild(
      process.execPath,
      ['script.cjs', '--mode', 'gate', '--certificate', pdf, '--policy', 'policy.yml', '--evidence', 'pdf'],
      { cwd: alone, env: TEST_ENVIRONMENT },
    );
    expect(end.stdout).toContain('verdict: pass');
    expect(end.exit, end.stdout + end.stderr).toBe(0);
    expect(readFileSync(SCRIPT).every((byte) => byte < 0x80)).toBe(true);
  });
});

describe('fusegate(...) of the shared library', () => {
  const groovy = groovyEnvironment();
  const available = typeof groovy !== 'string';
  const skip = () => console.log(`skipped: ${groovy}`);

  const library = (args: Record<string, unknown>, run: Partial<LibraryRun> = {}) =>
    runLibrary(groovy as Record<string, string>, {
      ...run,
      arguments: {
        app: settingsApk(),
        fusionSetId: set.id,
        sign: 'private',
        signingFingerprint: 'd4'.repeat(32),
        requiredFeatures: ['Anti-Debugging'],
        serverUrl: service.url,
        credentials: { apiKey: 'appdome' },
        ...args,
      },
      credentials: { appdome: API_KEY, ...run.credentials },
    });

  it('passes: publishes, archives, returns the outputs', async () => {
    if (!available) return skip();
    const end = await library({});
    expect(end.error, end.log).toBeNull();
    expect(end.unstable).toBeNull();
    expect(end.returned).toMatchObject({ verdict: 'pass', rejectedApp: '' });
    expect(Object.keys(end.returned ?? {})).not.toContain('ARCHIVE');
    expect(end.steps.find(({ step }) => step === 'junit')).toMatchObject({
      testResults: 'fusegate-output/settings_apk-debug/fusegate-junit.xml',
      skipMarkingBuildUnstable: true,
    });
    expect(end.steps.find(({ step }) => step === 'archiveArtifacts')?.artifacts).toContain('settings_apk-debug.apk');
    expect(readdirSync(`${end.workspace}@tmp`)).toEqual([]);
  });

  it('fails the build, with what is missing', async () => {
    if (!available) return skip();
    const end = await library({ requiredFeatures: ['Detect Developer Options'] });
    expect(end.error).toMatch(/verdict fail \(exit 6\), not proven: Detect Developer Options/);
    expect(end.steps.map(({ step }) => step)).toContain('junit');
  });

  it('marks it unstable where that is asked for, but only for a gate that failed', async () => {
    if (!available) return skip();
    const end = await library({ requiredFeatures: ['Detect Developer Options'], unstable: true });
    expect(end.error).toBeNull();
    expect(end.unstable).toMatch(/verdict fail/);
    expect(end.returned).toMatchObject({ verdict: 'fail', protectedApp: '' });
    const refused = await library(
      { unstable: true, credentials: { apiKey: 'wrong' } },
      { credentials: { wrong: 'not-the-key-1234' } },
    );
    expect(refused.error).toMatch(/verdict error \(exit 3\)/);
  });

  it('says what to do where there is no Node', async () => {
    if (!available) return skip();
    const end = await library({ node: '/nowhere/node' });
    expect(end.error).toMatch(/did not run \(exit 127\).*Node 20\.20/);
  });

  it('passes nothing through a shell: hostile names arrive as they are', async () => {
    if (!available) return skip();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell or Groovy would expand
    const name = 'it\'s "$HOME" `id` $(touch owned) ${APPDOME} %PATH%';
    const end = await library({ app: `${name}.apk`, newDisplayName: name });
    expect(end.error).toMatch(/exit 2/);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell or Groovy would expand
    expect(end.log).toContain('$(touch owned) ${APPDOME} %PATH%.apk" matches no file');
    const scripts = end.steps.filter(({ step }) => step === 'sh').map(({ script }) => script);
    expect(scripts).toEqual(['"$FUSEGATE_JENKINS_NODE" "$FUSEGATE_JENKINS_SCRIPT"']);
    expect(existsSync(path.join(end.workspace, 'owned'))).toBe(false);
  });

  it('binds secrets and files by withCredentials, and refuses a secret as an argument', async () => {
    if (!available) return skip();
    const end = await library(
      {
        sign: 'on-appdome',
        signingFingerprint: null,
        keystoreAlias: 'release',
        credentials: { apiKey: 'appdome', keystorePassword: 'store', keyPassword: 'key' },
        fileCredentials: { keystore: 'jks' },
      },
      {
        credentials: { store: 'store pass', key: 'key pass' },
        fileCredentials: { jks: path.join(ROOT, 'test/fixtures/credentials/android.jks') },
      },
    );
    expect(end.error, end.log).toBeNull();
    const told = JSON.stringify(end.steps);
    for (const secret of ['store pass', 'key pass', API_KEY]) expect(told).not.toContain(secret);
    const plain = await library({ apiKey: 'cnry-plain-7Kq9x', credentials: {} });
    expect(plain.error).toMatch(/exit 2/);
    expect(plain.log).toMatch(/apiKey is a secret.*credentials: \[apiKey: 'ID'\]/);
    expect(plain.log).not.toContain('cnry-plain-7Kq9x');
  });

  it('parses as Groovy of Jenkins, examples included', async () => {
    if (!available) return skip();
    const dir = temporaryFolder();
    for (const name of ['Jenkinsfile.declarative', 'Jenkinsfile.scripted']) {
      expect(existsSync(path.join(ROOT, 'jenkins-shim/examples', name))).toBe(true);
    }
    const { spawnSync } = await import('node:child_process');
    // Compiled, not run: a name that only a controller knows is no mistake.
    const script = `new GroovyShell().parse(new File(args[0]).getText('UTF-8').replaceAll(/@Library\\(.*\\) _/, ''))`;
    for (const name of ['vars/fusegate.groovy', 'examples/Jenkinsfile.declarative', 'examples/Jenkinsfile.scripted']) {
      const done = spawnSync('groovy', ['-e', script, path.join(ROOT, 'jenkins-shim', name)], {
        cwd: dir,
        env: groovy as Record<string, string>,
        encoding: 'utf8',
      });
      expect(done.stderr, name).toBe('');
      expect(done.status, name).toBe(0);
    }
  });
});
