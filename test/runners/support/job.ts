/** The jobs that every runner gets: one that passes, one whose protection is missing, one whose key is refused. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TEST_ENVIRONMENT } from '../../adapters/support/child-process.ts';
import { settingsApk } from '../../e2e/support/apps.ts';
import { temporaryFolder, UNHURRIED } from '../../e2e/support/cli.ts';
import { API_KEY } from '../../e2e/support/service.ts';

export interface RunnerJob {
  required: string;
  apiKey: string;
}

export const PASSES: RunnerJob = { required: 'Anti-Debugging', apiKey: API_KEY };
/** The set does not hold it. */
export const FAILS: RunnerJob = { required: 'Detect Developer Options', apiKey: API_KEY };
export const REFUSED: RunnerJob = { required: 'Anti-Debugging', apiKey: 'not-the-key-1234' };

export const APP = 'settings.apk';
export const FINGERPRINT = 'd4'.repeat(32);

/** Short waits, handed on by the system's own way of setting variables. Unhurried: runners keep a machine busy. */
export const SHORT_WAITS: Record<string, string> = {
  ...Object.fromEntries(Object.entries(TEST_ENVIRONMENT).filter(([name]) => name.startsWith('FUSEGATE_'))),
  ...UNHURRIED,
};

/** What the runner itself is started with: nothing of this process's but PATH, and a home of its own. */
export function runnerEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const home = temporaryFolder('fusegate-home-');
  return { PATH: TEST_ENVIRONMENT.PATH ?? '', HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ...more };
}

/** A user's repository: its files and the app that an earlier step has built. Contents by path; objects as JSON, which is YAML too. */
export function userRepository(files: Record<string, unknown>): string {
  const dir = temporaryFolder('fusegate-repository-');
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  copyFileSync(settingsApk(), path.join(dir, APP));
  return dir;
}
