import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { json } from '../../shared/test/support/api-server.ts';
import { startBuildService } from '../../shared/test/support/build-service.ts';
import { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const FIXTURE = path.join(import.meta.dirname, '../../test/fixtures/certificates/android-aab.pdf');
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-explain-'));
  const write = (name: string, text: string | Buffer) => writeFileSync(path.join(cwd, name), text);
  write('a.pdf', readFileSync(FIXTURE));
  write('b.pdf', readFileSync(FIXTURE));
  write('broken.pdf', '%PDF-1.7');
  write('c.json', JSON.stringify({ build_id: 'b-1', protected_by: { 'Jane Doe': ['root_detection'] } }));
  write('fusegate-result.json', JSON.stringify({ schemaVersion: 2, verdict: 'pass', requirements: [] }));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function command(...words: string[]) {
  const io = fakeIo({ cwd });
  const exit = await runCommandLine(words, io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

describe('explain --anonymise', () => {
  it('writes a layout report without ids, hashes, names and files', async () => {
    const { exit, out, err } = await command('explain', '--certificate', '*.pdf', '--anonymise');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      layoutReport: 1,
      documents: [
        { kind: 'pdf', shape: 'certified-secure' },
        { kind: 'pdf', shape: 'certified-secure' },
        { kind: 'pdf', problem: 'damaged' },
      ],
    });
    expect(report.documents[0].runs.map(({ text }: { text: string }) => text)).toContain('root_detection');
    const explained = (await command('explain', '--certificate', 'a.pdf', '--json')).out;
    for (const { name, value } of JSON.parse(explained)[0].documents[0].facts) {
      if (['build_id', 'app_name', 'bundle_id', 'fusion_set_name', 'final_sha256', 'signer'].includes(name))
        expect(out).not.toContain(value);
    }
    expect(out).not.toMatch(/a\.pdf|broken/u);
  });

  it('writes the tree of a JSON, and only says so if a file is not a certificate', async () => {
    const { exit, out } = await command('explain', '--certificate', '*.json', '--anonymise');
    expect(exit).toBe(0);
    expect(JSON.parse(out).documents).toMatchObject([
      {
        kind: 'json',
        shape: 'unknown',
        tree: {
          object: [
            ['build_id', 'string'],
            ['xxxxxxxxx_xx', expect.anything()],
          ],
        },
      },
      { kind: 'json', problem: 'own-result' },
    ]);
    expect(out).not.toMatch(/Jane|Doe|c\.json/u);
  });

  it('is in the help, and needs a certificate', async () => {
    expect((await command('explain', '--help')).out).toContain('--anonymise');
    expect(await command('explain', '--anonymise')).toMatchObject({ exit: 2 });
  });
});

describe('explain', () => {
  it('says what a result file is, and what to give instead', async () => {
    const { exit, out } = await command('explain', '--certificate', 'fusegate-result.json');
    expect(exit).toBe(8);
    expect(out).toMatch(/JSON: not read: .*fusegate-result\.json.*--build-id/u);
  });

  it('takes its files with and without the flag, between other options', async () => {
    const flagged = await command('explain', '--certificate', 'a.pdf', '--certificate', 'c.json', '--json');
    expect(flagged.exit).toBe(0);
    for (const words of [
      ['a.pdf', 'c.json', '--json'],
      ['--json', '--verbose', 'a.pdf', '--certificate', 'c.json'],
    ])
      expect(await command('explain', ...words)).toMatchObject({ exit: 0, out: flagged.out });
  });

  it('does not repeat a word that does not name a certificate: it may be part of a secret', async () => {
    const { exit, err } = await command('explain', 'a.pdf', 'tail-of-a-secret');
    expect(exit).toBe(2);
    expect(err).not.toContain('tail-of-a-secret');
  });

  it('shows where a JSON speaks of a name in no understood place', async () => {
    const { out } = await command('explain', '--certificate', 'c.json');
    expect(out).toMatch(/"root_detection" +\$\.protected_by\["Jane Doe"\]\[0\]/u);
  });
});

describe('explain --build-id', () => {
  async function ofBuild(
    prepare: (service: Awaited<ReturnType<typeof startBuildService>>, clock: FakeClock) => void,
    environment: Record<string, string> = {},
  ) {
    const service = await startBuildService();
    onTestFinished(() => service.close());
    const clock = new FakeClock();
    prepare(service, clock);
    const io = fakeIo({ cwd, clock, environment: { FUSEGATE_API_KEY: 'synthetic-explain-key', ...environment } });
    const limits = ['--timeout', '30m', '--stall-timeout', '1h', '--connect-timeout', '1h'];
    const words = [
      'explain',
      '--build-id',
      '11111111-2222-4333-8444-555555555555',
      '--server-url',
      service.url,
      '--json',
      ...limits,
    ];
    return {
      exit: await runCommandLine(words, io),
      out: io.stdout.text,
      err: io.stderr.text,
      service,
      waits: clock.waits,
    };
  }
  const filesOf = (folder: string) => readdirSync(folder, { recursive: true }).sort();

  it('fetches what gate would judge, and writes nothing', async () => {
    const before = filesOf(cwd);
    const { exit, out, service } = await ofBuild(({ outputs }) => {
      outputs.pdf = readFileSync(FIXTURE);
    });
    expect(exit).toBe(0);
    expect(JSON.parse(out)[0].documents).toMatchObject([{ kind: 'pdf', read: true }, { kind: 'json' }]);
    expect([service.count('pdf'), service.count('json')]).toEqual([1, 1]);
    expect(filesOf(cwd)).toEqual(before);
  });

  it('shows certificates that are not there as missing', async () => {
    const { exit, out } = await ofBuild((service) => {
      for (const route of ['pdf', 'json'] as const) service.on(route, (response) => json(response, {}, 404));
    });
    expect(exit).toBe(8);
    expect(JSON.parse(out)[0].documents).toMatchObject([
      { kind: 'pdf', read: false },
      { kind: 'json', read: false },
    ]);
  });

  it.each([
    ['1', 20_000],
    ['0.5', 10_000],
  ])('waits as gate does: FUSEGATE_TIME_SCALE %s', async (scale, waited) => {
    const { exit, waits } = await ofBuild(
      (service) => {
        service.outputs.pdf = readFileSync(FIXTURE);
        service.on('status', (response, nth) => (nth === 1 ? json(response, {}, 503, { 'retry-after': '20' }) : false));
      },
      { FUSEGATE_TIME_SCALE: scale },
    );
    expect(exit).toBe(0);
    expect(waits).toContain(waited);
  });

  it('refuses what gate refuses, and gives the same notices', async () => {
    const wrong = await ofBuild(() => {}, { FUSEGATE_TIME_SCALE: 'slow' });
    expect(wrong).toMatchObject({ exit: 2, out: '', err: expect.stringContaining('FUSEGATE_TIME_SCALE') });
    const misspelt = await ofBuild(() => {}, { FUSEGATE_SERVER_URI: 'https://appdome.example.com' });
    expect(misspelt.err).toContain('FUSEGATE_SERVER_URI');
  });

  it('ends where the key is refused, and at the deadline of a service that does not answer', async () => {
    const refused = await ofBuild((service) => service.on('status', (response) => json(response, {}, 401)));
    expect(refused).toMatchObject({ exit: 3, out: '', err: expect.stringContaining('[auth.rejected]') });
    const silent = await ofBuild((service, clock) => service.on('status', () => clock.advance(31 * 60_000)));
    expect(silent).toMatchObject({ exit: 7, out: '', err: expect.stringContaining('[timeout.run]') });
  });
});
