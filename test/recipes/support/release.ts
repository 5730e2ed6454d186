/** The file of a release, and what a job of a recipe is given in tests. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { ROOT, runChild, TEST_ENVIRONMENT } from '../../adapters/support/child-process.ts';
import { settingsApk } from '../../e2e/support/apps.ts';
import { temporaryFolder, UNHURRIED } from '../../e2e/support/cli.ts';

export const APP = 'settings.apk';
const FINGERPRINT = 'd4'.repeat(32);

/** The inputs with which a recipe runs a release file instead of the npm package. */
export function inputsOfRelease(file: string): { 'release-file': string; 'release-sha256': string } {
  return { 'release-file': file, 'release-sha256': createHash('sha256').update(readFileSync(file)).digest('hex') };
}

/** As much of a release as runs, packed without npm, which takes longer than a run. */
export function quickRelease(): ReturnType<typeof inputsOfRelease> {
  const folder = temporaryFolder('fusegate-release-');
  cpSync(path.join(ROOT, 'cli/dist'), path.join(folder, 'package/dist'), { recursive: true });
  execFileSync('tar', ['-czf', 'fusegate.tgz', 'package'], { cwd: folder });
  return inputsOfRelease(path.join(folder, 'fusegate.tgz'));
}

/** A user's workspace: the app that an earlier step has built. */
export function workspace(): string {
  const dir = temporaryFolder('fusegate-recipe-');
  copyFileSync(settingsApk(), path.join(dir, APP));
  return dir;
}

/** A private sealing of the app: the shortest job there is. */
export function protectInputs(fusionSetId: string, required: string): Record<string, string> {
  return {
    app: APP,
    'fusion-set-id': fusionSetId,
    sign: 'private',
    'signing-fingerprint': FINGERPRINT,
    'required-features': required,
  };
}

/** What a script of a recipe did. `files`: below the workspace. */
export async function runScript(
  shell: readonly [string, ...string[]],
  script: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
) {
  const [program, ...words] = shell;
  const end = await runChild(program, [...words, '-c', script], {
    cwd,
    env: { ...TEST_ENVIRONMENT, ...UNHURRIED, ...env },
  });
  return {
    exit: end.exit,
    log: end.stdout + end.stderr,
    files: readdirSync(cwd, { recursive: true, encoding: 'utf8' }),
  };
}

export function resultIn(folder: string): FusegateResult | undefined {
  const file = path.join(folder, 'fusegate-result.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
