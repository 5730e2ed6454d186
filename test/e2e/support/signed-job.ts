/** One signed job with every step, and what the service has of it. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeZip } from './apps.ts';
import { type CliEnd, type CliOptions, ROOT, runCli, temporaryFolder } from './cli.ts';
import { KEYSTORE_SECRETS } from './mode-inputs.ts';
import { newTeam } from './received.ts';
import { API_KEY, type Service } from './service.ts';

export interface Build {
  id: string;
  teamId: string;
  stages: Array<{ action: string }>;
  output?: { sha256: string };
}

export interface Workplace {
  dir: string;
  run(words: readonly string[], options?: Pick<CliOptions, 'env' | 'onStart'>): Promise<CliEnd>;
  builds(): Promise<Build[]>;
  /** Key files that are left. */
  keys(): string[];
}

/** Given as text, so that the run has to make a file of it. */
const KEYSTORE = readFileSync(path.join(ROOT, 'test/fixtures/credentials/android.jks')).toString('base64');
export const SIGNING = [
  ...['--sign', 'on-appdome', '--keystore', KEYSTORE, '--keystore-alias', 'release', '--new-version', '2.0'],
  ...['--required-features', 'Root Detection'],
];
/** What the service does in such a job, each once. */
export const ACTIONS = ['fuse', 'context', 'sign'];

/** So large that a transfer can be met in its middle. */
export const HALF = 512 * 1024;

export async function wholeJob(service: Service): Promise<string[]> {
  const app = writeZip(temporaryFolder(), 'rehearsal.aab', {
    'BundleConfig.pb': 'synthetic',
    'base/manifest/AndroidManifest.xml': 'synthetic',
    'base/dex/classes.dex': 'synthetic',
    'base/assets/filler': Buffer.alloc(2 * HALF),
  });
  return ['run', '--app', app, '--fusion-set-id', (await service.fusionSet('all detections')).id, ...SIGNING];
}

/** One machine, on which a job may run several times. */
export function workplace(service: Service, url: string): Workplace {
  const team = newTeam();
  const dir = path.join(temporaryFolder(), 'out');
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'fusegate-e2e-tmp-'));
  const env = {
    APPDOME_API_KEY: API_KEY,
    APPDOME_SERVER_BASE_URL: url,
    FUSEGATE_TEAM_ID: team,
    TMPDIR: temporary,
    ...KEYSTORE_SECRETS,
  };
  return {
    dir,
    run: (words, options = {}) => runCli([...words], { ...options, dir, env: { ...env, ...options.env } }),
    builds: async () => ((await service.state()).tasks as Build[]).filter(({ teamId }) => teamId === team),
    keys: () =>
      readdirSync(temporary, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.jks')),
  };
}
