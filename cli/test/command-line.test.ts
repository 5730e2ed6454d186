import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTimeScale } from '@fusegate/shared/model/clock';
import { defined } from '@fusegate/shared/model/defined';
import { FusegateError } from '@fusegate/shared/model/errors';
import type { Host } from '@fusegate/shared/model/host';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { VERSION } from '@fusegate/shared/model/version';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { APK } from '../../shared/test/support/zip.ts';
import { runCommandLine } from '../src/command-line.ts';
import { reportUnexpected } from '../src/report-unexpected.ts';
import { fakeIo } from './fake-io.ts';

/** The job itself has its own tests; here it is what the command hands over that counts. */
const run = vi.hoisted(() => vi.fn());
vi.mock('@fusegate/shared/jobs/run-job', () => ({ runJob: run }));

const cwd = mkdtempSync(join(tmpdir(), 'fusegate-cli-'));
writeFileSync(join(cwd, 'app.apk'), APK);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const KEY = 'synthetic-Key-4711';
const ENVIRONMENT = { APPDOME_API_KEY: KEY };
const RUN = [
  'run',
  ...['--app', 'app.apk', '--fusion-set-id', '11111111-631e-11f0-811d-012fa289ddab'],
  ...['--sign', 'private', '--signing-fingerprint', 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334'],
  ...['--required-features', 'Root Detection'],
];

beforeEach(() => {
  run.mockReset();
  run.mockResolvedValue({ exitCode: 0, result: { verdict: 'pass' } });
});

async function command(words: string[], environment: Record<string, string> = ENVIRONMENT) {
  const io = fakeIo({ cwd, environment });
  const exit = await runCommandLine(words, io);
  return { exit, out: io.stdout.text, err: io.stderr.text, io };
}

describe('run', () => {
  it('hands over the request, ends with the verdict on standard output', async () => {
    const { exit, out, err, io } = await command(RUN);
    expect({ exit, out, err }).toEqual({ exit: 0, out: 'verdict: pass\n', err: '' });
    const [request, plan, , deps, context] = run.mock.calls[0] ?? [];
    expect(request).toMatchObject({ mode: 'run', app: { name: 'app.apk' }, sign: { method: 'private' } });
    expect(plan.rules).toHaveLength(1);
    expect(deps).toMatchObject({ clock: io.clock, retryClock: io.clock, signal: io.signal });
    expect(context.ci.system).toBe('local');
    expect(request.ci).toBe(false);
    expect(context.mask(`x ${KEY}`)).toBe('x ***');
  });

  it('prints no command that stands in the text of an error', () => {
    const io = fakeIo({ cwd, environment: {} });
    const error = new FusegateError(
      'service.refused',
      'the service answered 404: ##vso[task.complete result=Succeeded]',
      {
        hint: '::set-output name=verdict::pass\u001b[2K',
      },
    );
    expect(reportUnexpected(error, io, { verbose: false, mask: (text) => text })).toBe(5);
    expect(io.stderr.text).toContain('404: # #vso[task.complete');
    expect(io.stderr.text).toContain('\n: :set-output');
    expect(io.stderr.text).not.toContain('\u001b');
  });

  it.each([
    [['--ci', 'teamcity'], {}, { ci: true, ciSystem: 'teamcity' }],
    [[], { FUSEGATE_CI: 'GitLab' }, { ci: true, ciSystem: 'gitlab' }],
    [['--ci=false'], { FUSEGATE_CI: 'gitlab' }, { ci: false }],
    [['--ci'], {}, { ci: true }],
    [[], {}, { ci: true }],
  ])(
    'shows the job to the system that `ci` names (%j, %j), and records the one that it runs on',
    async (words, environment, asked) => {
      const job = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '7', CI_PIPELINE_ID: '8' };
      await command([...RUN, ...words], { ...ENVIRONMENT, ...job, ...environment });
      const [request, , , , context] = run.mock.calls[0] ?? [];
      expect({ ci: request.ci, ...defined({ ciSystem: request.ciSystem }) }).toEqual(asked);
      expect(context.ci).toMatchObject({ system: 'github', runId: '7' });
    },
  );

  it.each([6, 8, 130])('passes exit %d on', async (exitCode) => {
    run.mockResolvedValue({ exitCode, result: { verdict: 'fail' } });
    expect(await command(RUN)).toMatchObject({ exit: exitCode, out: 'verdict: fail\n' });
  });

  it('gives the job a host that masks', async () => {
    run.mockImplementation(async (_request: RunRequest, _plan: unknown, host: Host) => {
      host.log('info', `key ${KEY} and ${Buffer.from(KEY).toString('base64')}\n##[error]x`);
      host.setOutput('result', '/somewhere/fusegate-result.json');
      host.setOutput('report-html', '/somewhere/fusegate-report.html');
      return { exitCode: 0, result: { verdict: 'pass' } };
    });
    const { out } = await command(RUN);
    expect(out).toContain('key *** and ***');
    expect(out).not.toContain('##[');
    expect(out).toMatch(
      /result: \/somewhere\/fusegate-result\.json\nreport: \/somewhere\/fusegate-report\.html\nverdict: pass\n$/,
    );
  });

  it('scales what repeats, not the deadlines', async () => {
    await command(RUN, { ...ENVIRONMENT, FUSEGATE_TIME_SCALE: '0.01' });
    const deps = run.mock.calls[0]?.[3];
    const clock = deps.clock as FakeClock;
    const fired: string[] = [];
    deps.clock.setTimer(1000, () => fired.push('deadline'));
    deps.retryClock.setTimer(1000, () => fired.push('retry'));
    clock.advance(10);
    expect(fired).toEqual(['retry']);
  });

  it.each([
    [undefined, 1],
    ['', 1],
    ['0.5', 0.5],
    ['1', 1],
    ['0', undefined],
    ['-1', undefined],
    ['2', undefined],
    ['fast', undefined],
    ['NaN', undefined],
  ])('time scale %j is %s', (text, scale) => {
    expect(readTimeScale(text)).toBe(scale);
  });

  it('prints help instead of running', async () => {
    const { exit, out } = await command([...RUN, '--help']);
    expect(exit).toBe(0);
    expect(out).toContain('Usage: fusegate run');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('wrong options', () => {
  it('all at once, on standard error, exit 2, nothing run, nothing written', async () => {
    const { exit, out, err } = await command(
      [
        'run',
        '--app',
        'missing.apk',
        '--api-key',
        KEY,
        '--verbos',
        '--timeout',
        '55',
        '--sign',
        'private',
        '--fusion-set-id',
        KEY,
      ],
      {},
    );
    expect(exit).toBe(2);
    expect(out).toBe('');
    for (const option of [
      '--app',
      '--api-key',
      '--verbos',
      '--timeout',
      '--signing-fingerprint',
      '--fusion-set-id',
      '--required-features',
    ]) {
      expect(err).toMatch(new RegExp(`^ {2}${option} `, 'm'));
    }
    expect(err).toMatch(/^error: 7 problems with the options:\n/);
    expect(err).toMatch(/\nHelp: fusegate run --help\n$/);
    expect(err).toContain('Nothing was sent.');
    expect(err).not.toContain('undefined');
    expect(run).not.toHaveBeenCalled();
    expect(readdirSync(cwd)).toEqual(['app.apk']);
  });

  it.each([['verify'], ['threat-events', '--code'], ['listeners'], ['policy', 'check']])(
    'say nothing of sending where the command never sends: %s',
    async (...words) => {
      const { exit, err } = await command(words);
      expect(exit).toBe(2);
      expect(err).not.toMatch(/sent/u);
    },
  );

  it('shows no known secret, also not where it was given as something else', async () => {
    const { err } = await command(['run', '--fusion-set-id', KEY, '--app', `${KEY}.apk`]);
    expect(err).toContain('--fusion-set-id "***" is not a UUID');
    expect(err).not.toContain(KEY);
  });

  it('forms no command of a CI system', async () => {
    const { err } = await command(['run', '--app', '##vso[task.complete]\n::error::x', '--gate', '\u001b[31m::x']);
    for (const line of err.split('\n')) {
      expect(line).not.toMatch(/^\s*::|##vso\[/);
      expect(line).not.toContain('\u001b');
    }
  });

  it('a wrong time scale is one of them', async () => {
    const { exit, err } = await command(RUN, { ...ENVIRONMENT, FUSEGATE_TIME_SCALE: 'fast' });
    expect(exit).toBe(2);
    expect(err).toContain('FUSEGATE_TIME_SCALE');
  });

  it('the gate on files needs no key', async () => {
    writeFileSync(join(cwd, 'app.apk'), APK);
    const { exit, err } = await command(
      ['gate', '--certificate', 'missing.pdf', '--required-features', 'Root Detection'],
      {},
    );
    expect(exit).toBe(2);
    expect(err).toMatch(/^error: One problem/);
    expect(err).toContain('--certificate "missing.pdf" does not exist');
  });
});

describe('unexpected errors', () => {
  it('are one line and a hint, exit 8, without a stack', async () => {
    run.mockRejectedValue(new TypeError(`cannot read ${KEY}`));
    const { exit, err, out } = await command(RUN);
    expect(exit).toBe(8);
    expect(err).toMatch(
      /^error: Unexpected: cannot read \*\*\* \[internal\.unexpected\]\n.*--verbose.*\n.*errors\.md#internal-unexpected\n$/,
    );
    expect(out).not.toContain('verdict');
  });

  it('show the stack when asked to, masked', async () => {
    run.mockRejectedValue(new TypeError(`cannot read ${KEY}`));
    const { exit, err } = await command([...RUN, '--verbose']);
    expect(exit).toBe(8);
    expect(err).toMatch(/\n\s+at /);
    expect(err).not.toContain(KEY);
  });

  it('typed ones keep their exit', async () => {
    run.mockRejectedValue(
      new FusegateError('output.unwritable', 'The folder cannot be written.', { hint: 'Choose another one.' }),
    );
    expect(await command(RUN)).toMatchObject({ exit: 2, err: expect.stringContaining('Choose another one.') });
  });
});

describe('other commands', () => {
  it.each([[['--version']], [['-V']], [['version']]])('%j', async (words) => {
    expect(await command(words)).toMatchObject({ exit: 0, out: `fusegate ${VERSION}\n` });
  });

  it.each([
    [['--help'], /Commands/],
    [['-h'], /Commands/],
    [['help'], /Exit codes/],
    [['help', 'run'], /Usage: fusegate run/],
    [['help', 'gate'], /Usage: fusegate gate/],
    [['gate', '--help'], /Usage: fusegate gate/],
    [['validate', '--help'], /Usage: fusegate validate/],
    [['help', 'verify'], /Usage: fusegate verify/],
    [['help', 'features'], /Usage: fusegate features/],
    [['features', '--help'], /Usage: fusegate features/],
  ])('%j is help', async (words, text) => {
    expect(await command(words, {})).toMatchObject({ exit: 0, out: expect.stringMatching(text), err: '' });
  });

  it.each([
    [[], /Usage: fusegate/],
    [['rn'], /did you mean run\?/],
    [['--app', 'x.apk'], /command is missing/],
    [['help', 'gat'], /did you mean gate\?/],
    [['constructor'], /not a command/],
    [['features', '--nope'], /--nope is not an option/],
    [['features', '--platform', 'windows'], /android, ios/],
  ])('%j is exit 2', async (words, text) => {
    expect(await command(words)).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(text) });
  });
});

describe('features', () => {
  it('finds a protection by name and by key', async () => {
    for (const words of [['root', 'detection'], ['root_detection']]) {
      const { exit, out } = await command(['features', ...words], {});
      expect(exit).toBe(0);
      expect(out.split('\n')[0]).toMatch(/^NAME +KEY +PLATFORM +KNOWN FROM$/);
      expect(out.split('\n')[1]).toMatch(/^Root Detection +root_detection +/);
    }
  });

  it('filters by platform and prints JSON', async () => {
    const rows = JSON.parse((await command(['features', '--platform=ios', '--json'], {})).out);
    expect(rows.length).toBeGreaterThan(0);
    const names = rows.map((row: { name: string }) => row.name);
    expect(names).toContain('Jailbreak Detection');
    expect(names).not.toContain('Root Detection');
  });

  it.each([
    [['zzzzqqqq'], /zzzzqqqq.*key: NAME/],
    [['zzzzqqqq', '--json'], /^\[\]$/m],
  ])('%j ends with 1, as grep does', async (words, out) => {
    expect(await command(['features', ...words], {})).toMatchObject({ exit: 1, out: expect.stringMatching(out) });
  });

  it.each([
    [['Code', 'Obfuscation'], 0, /^"Code Obfuscation" could mean several protections: .*: smali_obfuscation\.$/mu],
    [['RASP'], 0, /: Anti-Tampering, App Shielding, Checksum Validation\.$/mu],
    [['RASP', '--platform', 'android'], 0, /: Anti-Tampering, App Shielding, Checksum Validation\.$/mu],
    [['Block Xposed Framework'], 0, /: Root Detection, Detect Hooking Frameworks\.$/mu],
    [['Code Obfuscation', '--platform', 'ios'], 1, /None is known for this platform\..*key: NAME/u],
  ])('%j answers with the choice that the gate asks for', async (words, exit, out) => {
    expect(await command(['features', ...words], {})).toMatchObject({ exit, out: expect.stringMatching(out) });
  });

  it('shows no key that does not prove, and says so', async () => {
    const { out } = await command(['features', 'Prevent MiTM Attacks'], {});
    expect(out.split('\n')[1]).toMatch(/^Prevent MiTM Attacks +- /);
    expect(out).toMatch(/secure_communication near it, which does not prove it/);
  });
});
