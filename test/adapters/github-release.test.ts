/** The folders that are pushed as repositories of their own, run from there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReleaseLayouts } from '../../scripts/release-layouts.mjs';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runStep } from './support/github-runner.ts';

let service: Service;
let dir: string;
let made: ReturnType<typeof writeReleaseLayouts>;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  dir = temporaryFolder('fusegate-release-');
  made = writeReleaseLayouts(dir);
});
afterAll(() => service.stop());

it('has no problem, and both manifests at the root', () => {
  expect(made.problems).toEqual([]);
  expect(existsSync(path.join(dir, 'github-action/action.yml'))).toBe(true);
  expect(existsSync(path.join(dir, 'bitrise-step/step.yml'))).toBe(true);
});

describe('the Marketplace repository', () => {
  const root = () => path.join(dir, 'github-action');

  it('holds one action.yml, a README, a licence, and no workflow', () => {
    const names = readdirSync(root(), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /action\.ya?ml$/.test(name))).toEqual(['action.yml']);
    expect(names).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist']));
    expect(names.some((name) => name.startsWith('.github'))).toBe(false);
  });

  it('protects an app from there', async () => {
    const set = await service.fusionSet('small');
    const end = await runStep({
      action: root(),
      with: {
        'api-key': API_KEY,
        'server-url': service.url,
        app: settingsApk(),
        'fusion-set-id': set.id,
        sign: 'private',
        'signing-fingerprint': 'd4'.repeat(32),
        'required-features': 'Anti-Debugging',
      },
    });
    expect(end.exit).toBe(0);
    expect(end.outputs.verdict).toBe('pass');
  });
});

describe('the Bitrise step repository', () => {
  it('starts from there, and says what is missing', () => {
    const root = path.join(dir, 'bitrise-step');
    expect(statSync(path.join(root, 'step.sh')).mode & 0o111).not.toBe(0);
    const done = spawnSync('bash', [path.join(root, 'step.sh')], {
      cwd: temporaryFolder(),
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', BITRISE_STEP_SOURCE_DIR: root },
      encoding: 'utf8',
    });
    expect(done.status).toBe(2);
    expect(done.stdout).toContain('fusion_set_id');
  });
});

it('does not write over what is there', () => {
  const taken = temporaryFolder();
  mkdirSync(path.join(taken, 'github-action'));
  writeFileSync(path.join(taken, 'github-action', 'mine.txt'), 'mine');
  expect(writeReleaseLayouts(taken).problems.join('\n')).toContain('github-action is not empty');
  expect(readdirSync(path.join(taken, 'github-action'))).toEqual(['mine.txt']);
});
