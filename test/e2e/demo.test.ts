/** `npm run demo`, as it runs without a terminal, and what it draws on one. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plainEnvironment } from '../../scripts/demo/processes.mjs';
import { commandRows, Screen } from '../../scripts/demo/screen.mjs';
import { ROOT, temporaryFolder } from './support/cli.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const ESCAPE = /\u001b/;

describe('the demo', () => {
  it('judges one build twice, and stops an app that does not listen before its upload', async () => {
    const output = path.join(temporaryFolder(), 'demo');
    // Fails if it does not exit with 0.
    const end = await promisify(execFile)(process.execPath, ['scripts/bootstrap.mjs', 'demo', output], { cwd: ROOT });
    expect(end.stderr).toBe('');

    const resultIn = (dir: string) => JSON.parse(readFileSync(path.join(output, dir, 'fusegate-result.json'), 'utf8'));
    const [passing, stopped] = [resultIn('passing'), resultIn('stopped')];
    expect(passing).toMatchObject({ verdict: 'pass', exitCode: 0, missingFeatures: [] });
    const [deaf, listening] = [resultIn('deaf'), resultIn('listening')];
    for (const { findings } of [passing, listening]) {
      const warnings = findings.filter(({ level }: { level: string }) => level === 'warning');
      expect(warnings.map(({ code }: { code: string }) => code)).toEqual(['server.rehearsal']);
    }
    expect(stopped).toMatchObject({ verdict: 'fail', exitCode: 6, missingFeatures: ['Root Detection'] });
    expect(stopped.ids.buildId).toBe(passing.ids.buildId);
    expect(stopped.requirements).toHaveLength(passing.requirements.length + 1);
    expect(stopped.stages.map(({ name }: { name: string }) => name)).not.toContain('upload');

    expect(deaf).toMatchObject({ verdict: 'fail', exitCode: 6, missingFeatures: ['Root Detection'] });
    expect(deaf.ids.appId).toBeUndefined();
    expect(listening).toMatchObject({ verdict: 'pass', exitCode: 0, certificate: { missingListeners: [] } });
    expect([deaf, listening].map((result) => result.listening.events)).toMatchObject([
      [{ name: 'RootedDevice', outcome: 'absent' }],
      [{ name: 'RootedDevice', outcome: 'registered' }],
    ]);

    expect(end.stdout).not.toMatch(ESCAPE);
    expect(end.stdout).not.toContain('NOT AS EXPECTED');
    const commands = end.stdout.split('\n').filter((line) => line.startsWith('$ fusegate'));
    expect(commands).toHaveLength(4);
    for (const command of commands) expect(command.length).toBeLessThanOrEqual(80);
    const report = path.join(output, 'stopped', 'fusegate-report.html');
    expect(existsSync(report)).toBe(true);
    expect(end.stdout.slice(end.stdout.indexOf('What happened'))).toContain(report);
  }, 120_000);

  it('takes no setting of Fusegate and no proxy from its surroundings', () => {
    const surroundings = {
      PATH: '/bin',
      FUSEGATE_GATE: 'warn',
      APPDOME_API_KEY: 'x',
      https_proxy: 'x',
      HTTP_PROXY: 'x',
    };
    expect(plainEnvironment(surroundings)).toEqual({ PATH: '/bin' });
  });
});

describe('its screen', () => {
  function screen({ isTTY = true, columns = 80, ...environment }: Record<string, unknown> = {}) {
    let text = '';
    const stream = { isTTY: isTTY === true, columns: Number(columns), write: (more: string) => (text += more) };
    return { screen: new Screen(stream, environment as Record<string, string>), text: () => text };
  }
  const work = async (told: (how: string) => void) => {
    told('2 of 12 files');
    await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('draws one live line on a terminal: what, how far, how long', async () => {
    const drawn = screen();
    await drawn.screen.during('building', work);
    const frames = drawn
      .text()
      .split('\r')
      .filter((frame) => frame !== '');
    expect(frames[0]).toMatch(/^ {2}building, 0:00/);
    expect(frames[1]).toMatch(/^ {2}building, 2 of 12 files, 0:00/);
    expect(frames.at(-1)).toMatch(/✓.*building, 2 of 12 files, \d\.\d s.*\n$/s);
    expect(drawn.text().split('\n')).toHaveLength(2);
  });

  it('writes two plain lines without a terminal', async () => {
    const plain = screen({ isTTY: false });
    await plain.screen.during('building', work);
    expect(plain.text()).toMatch(/^building …\n✓ building, 2 of 12 files, \d\.\d s\n$/);
  });

  it('says that something stopped', async () => {
    const plain = screen({ isTTY: false });
    const failing = plain.screen.during('building', () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(plain.text()).toMatch(/! building, stopped after/);
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
    [{ isTTY: false }, false],
  ])('%j: colour %s', (changes, colored) => {
    const each = screen(changes);
    each.screen.heading('1  A step');
    each.screen.command(['fusegate run', '--app app.apk']);
    expect(ESCAPE.test(each.text())).toBe(colored);
  });

  it('never cuts a command inside an option', () => {
    const words = ['fusegate run', `--build-id ${'1'.repeat(36)}`, '--policy policy.yml', '--required-features "A B"'];
    expect(commandRows(words, 120)).toEqual([words.join(' ')]);
    const rows = commandRows(words, 60);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(60);
    expect(rows.map((row) => row.replace(/ \\$/, '')).join(' ')).toBe(words.join(' '));
    expect(rows.slice(0, -1).every((row) => row.endsWith(' \\'))).toBe(true);
  });
});
