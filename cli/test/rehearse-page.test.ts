/** docs/rehearse.md as it stands there: its green run, and every failure of its table. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@fusegate/shared/model/clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleApp } from '../../emulator/src/apps/sample/sample-app.ts';
import { type Emulator, startEmulator } from '../../emulator/src/emulator.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/rehearse.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'fusegate-rehearse-'));
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ timeScale: 0, dataDir: path.join(folder, 'rehearsal') });
  await writeSampleApp(path.join(folder, 'rehearsal'));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const [, command = ''] = /^fusegate (run .*)$/m.exec(page) ?? [];
const WORDS = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
/** What the page adds for another run. */
const AGAIN = /run the job again, with `(--resume new)`/.exec(page)?.[1]?.split(' ') ?? [];

/** A run of the page: one after the other in one folder, as its reader has them. */
async function run(words: readonly string[]) {
  const io = fakeIo({
    cwd: folder,
    clock: systemClock,
    environment: {
      APPDOME_SERVER_BASE_URL: emulator.url,
      APPDOME_API_KEY: emulator.apiKey,
      FUSEGATE_TIME_SCALE: '0.001',
      FUSEGATE_STALL_TIMEOUT: '500m',
      FUSEGATE_CONNECT_TIMEOUT: '500m',
      FUSEGATE_POLL_MIN: '20ms',
      FUSEGATE_POLL_MAX: '50ms',
    },
  });
  const exit = await runCommandLine(words, io);
  const { verdict, findings, error } = JSON.parse(
    readFileSync(path.join(folder, 'fusegate-output/app/fusegate-result.json'), 'utf8'),
  );
  const codes = [...findings, ...(error ? [error] : [])].map(({ code }: { code: string }) => code);
  return { exit, verdict, codes, text: io.stdout.text + io.stderr.text };
}

const [, type = ''] = /^curl .*-H 'content-type: (.*?)'/m.exec(page) ?? [];

async function send(what: 'faults' | 'reset', body?: string) {
  const request = body === undefined ? {} : { headers: { 'content-type': type }, body };
  const answer = await fetch(`${emulator.url}/__emulator/${what}`, { method: 'POST', ...request });
  expect(answer.ok, await answer.text()).toBe(true);
}

const rows = [...page.matchAll(/^\| ([^|]+) \| `(\{[^|]+)` \| (\d+) \| (?:\[(.+?)\].*)?\|$/gm)].map(
  ([, what = '', fault = '', exit, code]) => ({ what, fault, exit: Number(exit), code }),
);

it('the green run is green, and says that it is a rehearsal', async () => {
  const { text, ...end } = await run(WORDS);
  expect(end).toMatchObject({ exit: 0, verdict: 'pass' });
  expect(text).toContain('REHEARSAL');
});

it('the fault that the page sends is one of its table', () => {
  const [, sent = ''] = /^echo '\[(.*)\]' > faults\.json$/m.exec(page) ?? [];
  expect(rows.map(({ fault }) => fault)).toContain(sent);
  expect(rows.length).toBeGreaterThan(8);
});

describe('the table of failures', () => {
  it.each(rows)('$what: exit $exit', async ({ fault, exit, code }) => {
    await send('reset');
    await send('faults', `[${fault}]`);
    const end = await run([...WORDS, ...AGAIN]);
    expect(end.exit, end.text).toBe(exit);
    if (code === undefined) expect(end.verdict).toBe('pass');
    else expect(end.codes).toContain(code);
    const { faults } = await (await fetch(`${emulator.url}/__emulator/state`)).json();
    expect(
      faults.every(({ remaining }: { remaining: unknown }) => remaining !== 1),
      'the fault happened',
    ).toBe(true);
  });
});

it('an app that does not listen is red', async () => {
  await send('reset');
  const [, set = ''] = /\*\*The app does not listen\*\*: the Fusion Set `([^`]+)`/.exec(page) ?? [];
  const words = WORDS.map((word) => (word.startsWith('a0000001-') ? set : word));
  const asked = words.map((word) => (word === 'Root Detection' ? 'Detect Developer Options' : word));
  expect(await run(asked)).toMatchObject({ exit: 6, codes: expect.arrayContaining(['feature.no-listener']) });
});
