/** The recipes that run the command line in a script: each one as its system runs it, green and red. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCRIPT_SYSTEMS } from '../../scripts/generate/recipes/script-systems.ts';
import { ROOT } from '../adapters/support/child-process.ts';
import { type Service, startService } from '../e2e/support/service.ts';
import { IOS_SECRETS, RUNS, recipeText } from './support/systems.ts';
import { SECRETS, workplace } from './support/workplace.ts';

let service: Service;
let environment: Record<string, string>;

beforeAll(async () => {
  service = await startService();
  environment = {
    APPDOME_SERVER_BASE_URL: service.url,
    APPDOME_ANDROID_FS_ID: (await service.fusionSet('all detections')).id,
    APPDOME_IOS_FS_ID: (await service.fusionSet('ios')).id,
  };
});
afterAll(() => service.stop());

const IDS = Object.keys(RUNS);

it('every recipe that is a script is run, and fastlane has a test of its own', () => {
  expect([...IDS, 'fastlane'].sort()).toEqual(SCRIPT_SYSTEMS.map(({ id }) => id).sort());
});

describe.concurrent('a green run', () => {
  it.for(IDS)('of %s deploys the protected app, and nothing secret is an argument', async (id, { expect }) => {
    const place = workplace(environment);
    const end = await RUNS[id]?.(place);
    expect(end?.exit, end?.log).toBe(0);
    expect(end?.log).toContain('verdict: pass');
    expect(place.deployed()).toEqual([expect.stringMatching(/protected\/(?:app-release\.aab|App\.ipa)$/)]);
    expect(end?.kept.filter((file) => /private|rejected|certificate/.test(file))).toEqual([]);
    const calls = place.calls().join('\n');
    for (const secret of Object.values({ ...SECRETS, ...IOS_SECRETS })) expect(calls).not.toContain(secret);
    expect(calls).toMatch(/ verify --app /);
  });
});

/** By system: a file that it keeps of a red run, and what it shows beside the log. */
const SHOWN: Readonly<Record<string, [kept: string, shown: string]>> = {
  codemagic: ['protected/fusegate-junit.xml', ''],
  appcircle: ['fusegate/fusegate-junit.xml', ''],
  bitbucket: ['protected/fusegate-junit.xml', 'test-results/fusegate-junit.xml'],
  buildkite: ['protected/fusegate-junit.xml', '--style error\nred'],
};

describe.concurrent('a run that the gate stops', () => {
  it.for(IDS)('of %s is red, deploys nothing, and leaves its reports', async (id, { expect }) => {
    const place = workplace(undefined);
    const end = await RUNS[id]?.(place);
    expect(end?.exit).toBe(6);
    expect(place.deployed()).toEqual([]);
    expect(place.calls()).toHaveLength(1);
    expect(end?.kept.filter((file) => /private|rejected/.test(file))).toEqual([]);
    const [kept, shown] = SHOWN[id] ?? [];
    if (kept) expect(end?.kept).toContain(kept);
    if (shown) expect(end?.shown).toContain(shown);
  });

  it('Xcode Cloud: an archive that is not exported is red, and other actions are left alone', async ({ expect }) => {
    const place = workplace(undefined);
    const script = recipeText('xcode-cloud/ci_scripts/ci_post_xcodebuild.sh');
    const run = (action: string) => place.shell(script, place.root, { CI_XCODEBUILD_ACTION: action });
    expect((await run('archive')).exit).toBe(1);
    expect((await run('build-for-testing')).exit).toBe(0);
    expect(place.calls()).toEqual([]);
  });
});

it('no recipe takes the command from what moves', () => {
  const files = readdirSync(path.join(ROOT, 'recipes'), { recursive: true, withFileTypes: true, encoding: 'utf8' });
  for (const file of files.filter((entry) => entry.isFile())) {
    const text = recipeText(path.relative(path.join(ROOT, 'recipes'), path.join(file.parentPath, file.name)));
    expect(text, file.name).not.toMatch(/fusegate@(?:latest|next)|npx (?:--yes )?fusegate[ "']|git clone/);
  }
});
