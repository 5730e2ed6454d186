/**
 * The shipped bundles under the Nodes that run them in reality: GitHub's runner brings 24, Azure's agents 24 or 20, and the rest has what
 * is installed. The other tests run them under the Node of the tests.
 */
import { copyFileSync, existsSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packNpmPackage } from '../../scripts/npm-package.mjs';
import { ROOT, runChild, TEST_ENVIRONMENT, whenLogged } from '../adapters/support/child-process.ts';
import { ADAPTERS, type Job, type JobEnd, runJob } from '../adapters/support/every-adapter.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { commandOfPackage } from '../e2e/support/npx.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { FINGERPRINT } from './support/job.ts';

/** Their programs by their major versions, as scripts/runners.mjs has found them; without it there is the one that we run on. */
const NODES: Array<[major: string, program: string]> = Object.entries(
  JSON.parse(process.env.FUSEGATE_RUNNERS_NODES ?? JSON.stringify({ [majorOf(process.version)]: process.execPath })),
);

function majorOf(version: string): string {
  return /^v(\d+)\./.exec(version)?.[1] ?? '';
}

let service: Service;
let options: Job['options'];
let tarball: string;

beforeAll(async () => {
  tarball = packNpmPackage(temporaryFolder());
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('small');
  options = {
    'api-key': API_KEY,
    'server-url': service.url,
    app: settingsApk(),
    'fusion-set-id': set.id,
    sign: 'private',
    'signing-fingerprint': FINGERPRINT,
    // An app that another adapter has uploaded would save this one a stage.
    'reuse-upload': 'false',
  };
});
afterAll(() => service.stop());

const JOBS: Array<{ name: string; more: Job['options']; expected: { red: boolean; exit: number; verdict: string } }> = [
  {
    name: 'pass',
    more: { 'required-features': 'Anti-Debugging' },
    expected: { red: false, exit: 0, verdict: 'pass' },
  },
  {
    name: 'fail',
    more: { 'required-features': 'Detect Developer Options' },
    expected: { red: true, exit: 6, verdict: 'fail' },
  },
  {
    name: 'bad input',
    more: { 'required-features': 'Rot Detection', timeout: '55' },
    expected: { red: true, exit: 2, verdict: 'error' },
  },
];

/** What Node itself complains about, which would stand in everybody's log. */
function complaints(log: string): string[] {
  return log.split('\n').filter((line) => /\(node:\d+\)|DeprecationWarning|ExperimentalWarning/.test(line));
}

describe.each(NODES)('Node %s', (major, node) => {
  it('is that one', async () => {
    const { stdout } = await runChild(node, ['--version'], { cwd: ROOT, env: TEST_ENVIRONMENT });
    expect(majorOf(stdout)).toBe(major);
  });

  describe.each(JOBS)('$name', ({ more, expected }) => {
    const ends = new Map<string, JobEnd>();
    const ranOn = new Map<string, string>();

    beforeAll(async () => {
      const run = async (adapter: string) => {
        const onStart = whenLogged(/./, (child) => {
          // After the first word of its log, a shell that starts Node has become it.
          const link = `/proc/${child.pid}/exe`;
          if (existsSync(link)) ranOn.set(adapter, readlinkSync(link));
        });
        ends.set(adapter, await runJob(adapter, { options: { ...options, ...more }, node, onStart }));
      };
      await Promise.all(ADAPTERS.map(run));
    });

    it.each(ADAPTERS)('%s', (adapter) => {
      const end = ends.get(adapter);
      expect(end?.red, end?.log).toBe(expected.red);
      expect(end?.result, end?.log).toMatchObject({ verdict: expected.verdict, exitCode: expected.exit });
      const app = end?.outputs?.['protected-app'] ?? '';
      expect(app === '' ? 'none' : path.basename(app)).toBe(expected.red ? 'none' : path.basename(settingsApk()));
      expect(complaints(end?.log ?? '')).toEqual([]);
      expect(end?.log).not.toContain(API_KEY);
      // A job that starts nothing may have ended before anybody could look.
      if (expected.exit !== 2 && existsSync('/proc/self/exe')) expect(ranOn.get(adapter)).toBe(realpathSync(node));
    });
  });

  it('builds the very bundles that are committed', async () => {
    const stale =
      "import('./scripts/bundles.mjs').then(async (it) => process.stdout.write(JSON.stringify(await it.staleBundles())))";
    const end = await runChild(node, ['--eval', stale], { cwd: ROOT, env: TEST_ENVIRONMENT });
    expect(end, end.stderr).toMatchObject({ exit: 0, stdout: '[]' });
  });

  it('npx runs the packed CLI in an empty folder with an empty home', async () => {
    const cwd = temporaryFolder();
    copyFileSync(path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf'), path.join(cwd, 'certificate.pdf'));
    const { command, args, env } = commandOfPackage(tarball, node);
    const gate = ['gate', '--certificate', 'certificate.pdf', '--required-features', 'Root Detection'];
    const judged = await runChild(command, [...args, ...gate], { cwd, env });
    expect(judged.exit, judged.stderr).toBe(0);
    expect(judged.stdout).toContain('verdict: pass');
    // The part of the build service.
    const help = await runChild(command, [...args, 'emulator', '--help'], { cwd, env });
    expect(help.exit, help.stderr).toBe(0);
  });

  it('the CLI answers --version and --help', async () => {
    const cli = path.join(ROOT, 'cli/dist/fusegate.cjs');
    for (const flag of ['--version', '--help']) {
      const end = await runChild(node, [cli, flag], { cwd: temporaryFolder(), env: TEST_ENVIRONMENT });
      expect(end).toMatchObject({ exit: 0, stderr: '' });
      expect(end.stdout).not.toBe('');
    }
  });
});
