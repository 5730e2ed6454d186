import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRequest } from '../../src/intake/read-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { chromeTrace } from '../../src/pipeline/chrome-trace.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK } from '../support/zip.ts';

const RUN = {
  app: 'in/App.apk',
  'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab',
  sign: 'private',
  'signing-fingerprint': 'a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90:01:12:23:34',
  'required-features': 'Root Detection',
  'output-dir': 'out',
};

let cwd = '';

beforeEach(async () => {
  cwd = await temporaryFolder();
  await mkdir(path.join(cwd, 'in'));
  await writeFile(path.join(cwd, RUN.app), APK);
});

const read = (inputs: Record<string, string>) =>
  readRequest(
    { inputs: Object.entries({ ...RUN, ...inputs }).map(([name, value]) => ({ name, value })) },
    { APPDOME_API_KEY: 'synthetic-key' },
    CLI,
    { cwd, now: Date.now() },
  );

describe('the option trace', () => {
  it('is resolved against the working directory', async () => {
    expect(await read({ trace: 'traces/new.json' })).toMatchObject({
      ok: true,
      request: { trace: path.join(cwd, 'traces/new.json') },
    });
  });

  it('may name the trace of an earlier run', async () => {
    const earlier = JSON.stringify(chromeTrace({ spans: [], dropped: 0 }, 'run', (text) => text));
    await writeFile(path.join(cwd, 'trace.json'), earlier);
    expect(await read({ trace: 'trace.json' })).toMatchObject({ ok: true });
  });

  it.each([
    ['an input', { trace: 'in/App.apk' }],
    ['another file', { trace: 'notes.json' }],
    ['an empty file', { trace: 'empty' }],
    ['a folder', { trace: 'in' }],
    ['the file of durations', { trace: 'new.json', durations: './new.json' }],
    ['the result of the run', { trace: 'out/fusegate-result.json' }],
    ['the protected app', { trace: 'out/app.apk' }],
    ['the app of a red run', { trace: 'out/rejected/App.apk' }],
    ['the output folder', { trace: 'out' }],
  ])('is refused where it names %s', async (_what, inputs) => {
    await writeFile(path.join(cwd, 'notes.json'), '{"otherData":{"format":"notes"}}');
    await writeFile(path.join(cwd, 'empty'), '');
    const refused = await read(inputs);
    expect(refused).toMatchObject({ ok: false, error: { exitCode: 2 } });
    expect(refused.ok ? [] : refused.error.problems).toEqual([
      {
        option: '--trace',
        value: path.join(cwd, inputs.trace),
        message: expect.any(String),
        allowed: expect.any(String),
      },
    ]);
    expect(await readFile(path.join(cwd, RUN.app))).toEqual(APK);
  });
});
