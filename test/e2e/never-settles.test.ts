/** A promise that nothing settles: Node then ends the process by itself, and with 0. No entry may be green that way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, temporaryFolder } from './support/cli.ts';

const PRELOAD = `
const files = require('node:fs/promises');
for (const name of ['stat', 'open', 'readFile']) files[name] = () => new Promise(() => {});
`;

describe('an entry whose run never ends', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['cli/dist/fusegate.cjs', ['run', '--app', 'x.apk'], {}],
    ['jenkins-shim/resources/fusegate/fusegate-jenkins.cjs', ['--app', 'x.apk'], {}],
    ['actions/dist/index.cjs', [], { INPUT_APP: 'x.apk', GITHUB_ACTIONS: 'true' }],
    ['bitrise-step/dist/step.cjs', [], { app: 'x.apk' }],
    ['azure-task/dist/task/index.cjs', [], { INPUT_APP: 'x.apk' }],
  ])('%s is red', async (bundle, words, env) => {
    const dir = temporaryFolder();
    const preload = path.join(dir, 'preload.cjs');
    writeFileSync(preload, PRELOAD);
    const runner = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => {
        const file = path.join(dir, name);
        writeFileSync(file, '');
        return [name, file];
      }),
    );
    const child = spawn(process.execPath, ['--require', preload, path.join(ROOT, bundle), ...words], {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', ...runner, RUNNER_TEMP: dir, AGENT_TEMPDIRECTORY: dir, ...env },
      stdio: 'ignore',
    });
    expect(await once(child, 'close')).toEqual([8, null]);
  });
});
