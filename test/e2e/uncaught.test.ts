/** An error that nothing catches: Node prints it with everything in it, of a request that failed the key that was sent. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from './support/cli.ts';

const KEY = 'canary-key-0123456789';
/** From nowhere in particular, while the program waits for a file. */
const preload = (how: string) => `
const files = require('node:fs/promises');
const fail = () => Object.assign(new Error('Request failed with ${KEY}'), { code: 'ERR_BAD_REQUEST', config: { headers: { Authorization: '${KEY}' } } });
for (const name of ['stat', 'open', 'readFile']) files[name] = () => new Promise(() => { ${how} setTimeout(() => {}, 60000); });
`;

const WAYS: Array<[string, string]> = [
  ['is thrown', 'setImmediate(() => { throw fail(); });'],
  ['rejects', 'Promise.reject(fail());'],
];
const ENTRIES: Array<[string, string[], Record<string, string>, number]> = [
  ['cli/dist/fusegate.cjs', ['run', '--app', 'x.apk'], {}, 8],
  ['jenkins-shim/resources/fusegate/fusegate-jenkins.cjs', ['--app', 'x.apk'], {}, 8],
  ['actions/dist/index.cjs', [], { INPUT_APP: 'x.apk', GITHUB_ACTIONS: 'true' }, 8],
  ['bitrise-step/dist/step.cjs', [], { app: 'x.apk' }, 8],
  ['azure-task/dist/task/index.cjs', [], { INPUT_APP: 'x.apk' }, 8],
];

describe.each(WAYS)('an error that nothing catches, which %s', (_, how) => {
  it.each(ENTRIES)('in %s is red and tells its code alone', async (bundle, words, env, exit) => {
    const dir = temporaryFolder();
    const file = path.join(dir, 'preload.cjs');
    writeFileSync(file, preload(how));
    const runner = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => {
        writeFileSync(path.join(dir, name), '');
        return [name, path.join(dir, name)];
      }),
    );
    mkdirSync(path.join(dir, 'work'));
    const end = await runChild(process.execPath, ['--require', file, path.join(ROOT, bundle), ...words], {
      cwd: path.join(dir, 'work'),
      env: {
        PATH: process.env['PATH'] ?? '',
        ...runner,
        RUNNER_TEMP: dir,
        AGENT_TEMPDIRECTORY: dir,
        AGENT_WORKFOLDER: dir,
        ...env,
      },
    });
    expect(end.exit, end.stdout + end.stderr).toBe(exit);
    expect(end.stdout + end.stderr).toContain('Fusegate could not go on: ERR_BAD_REQUEST');
    expect(end.stdout + end.stderr).not.toContain(KEY);
    if (bundle.startsWith('azure')) expect(end.stdout).toMatch(/##vso\[task\.complete result=Failed;done=true;?\]/);
  });
});
