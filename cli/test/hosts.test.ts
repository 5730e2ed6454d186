import type { Progress } from '@fusegate/shared/model/host';
import { describe, expect, it } from 'vitest';
import { chooseHost } from '../src/choose-host.ts';
import { CiHost } from '../src/ci-host.ts';
import { ErrorHost } from '../src/error-host.ts';
import { TerminalHost } from '../src/terminal-host.ts';
import { FakeStream, fakeIo, standingClock } from './fake-io.ts';
import { screenOf } from './screen.ts';

const around = { log: { commands: [] }, environment: {}, cwd: '/', now: () => 0, run: () => undefined };
const ciHost = (stdout: FakeStream, verbose = false) => new CiHost({ stdout, verbose, around });

const MB = 1_000_000;
const JOB: Progress[] = [
  { stage: 'upload', kind: 'start', elapsedMs: 0, totalBytes: 4 * MB, detail: 'app.apk' },
  { stage: 'upload', kind: 'bytes', elapsedMs: 1000, bytes: MB, totalBytes: 4 * MB },
  { stage: 'upload', kind: 'bytes', elapsedMs: 3900, bytes: 4 * MB, totalBytes: 4 * MB },
  { stage: 'upload', kind: 'finish', elapsedMs: 4000 },
  { stage: 'build', kind: 'start', elapsedMs: 0 },
  { stage: 'build', kind: 'poll', elapsedMs: 2000, detail: 'progress' },
  { stage: 'build', kind: 'message', elapsedMs: 3000, detail: 'Adding protections' },
  { stage: 'build', kind: 'heartbeat', elapsedMs: 60_000, detail: 'Adding protections' },
  { stage: 'build', kind: 'finish', elapsedMs: 90_000 },
];

describe('CI host', () => {
  it('writes plain lines: start, heartbeat, end; no polls, no messages', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    for (const progress of JOB) host.progress(progress);
    expect(stdout.lines).toEqual([
      'uploading app.apk, 4.0 MB',
      'uploading app.apk: done after 4.0 s, 4.0 MB at 1.0 MB/s',
      'building on Appdome',
      'building on Appdome, 1:00 so far: Adding protections',
      'building on Appdome: done after 1:30',
    ]);
  });

  it('shows no amount and no rate for a stage that moved nothing', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    host.progress({ stage: 'checksum', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'checksum', kind: 'bytes', elapsedMs: 100, bytes: 4 * MB, totalBytes: 4 * MB });
    host.progress({ stage: 'checksum', kind: 'finish', elapsedMs: 200 });
    host.progress({ stage: 'upload', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 100, bytes: 4 * MB, totalBytes: 4 * MB });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 300, bytes: 0, totalBytes: 4 * MB });
    host.progress({ stage: 'upload', kind: 'finish', elapsedMs: 400 });
    expect(stdout.lines).toEqual([
      'checking whether Appdome has the app',
      'checking whether Appdome has the app: done after 0.2 s',
      'uploading the app',
      'uploading the app: done after 0.4 s',
    ]);
  });

  it('says that a stage failed, how far a transfer is, and that a build waits in the queue', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    host.progress({ stage: 'download', kind: 'bytes', elapsedMs: 100, bytes: 41 * MB, totalBytes: 120 * MB });
    host.progress({ stage: 'download', kind: 'heartbeat', elapsedMs: 60_000, detail: 'protected-app' });
    host.progress({ stage: 'build', kind: 'poll', elapsedMs: 100, detail: 'queued' });
    host.progress({ stage: 'build', kind: 'heartbeat', elapsedMs: 60_000, detail: 'queued' });
    host.progress({ stage: 'build', kind: 'finish', elapsedMs: 72_000, failed: true });
    expect(stdout.lines).toEqual([
      'downloading, 1:00 so far, 41 of 120 MB',
      'building on Appdome, 1:00 so far: queued',
      'building on Appdome: stopped after 1:12',
    ]);
  });

  it('says that a build exists already', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0, attached: true });
    host.progress({ stage: 'build', kind: 'poll', elapsedMs: 0, detail: 'progress' });
    host.progress({ stage: 'build', kind: 'finish', elapsedMs: 1000 });
    expect(stdout.text).not.toContain('building');
  });

  it('keeps what the service said when polls say only that it is still working', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'Adding protections' });
    host.progress({ stage: 'build', kind: 'poll', elapsedMs: 0, detail: 'progress' });
    host.progress({ stage: 'build', kind: 'heartbeat', elapsedMs: 60_000, detail: 'progress' });
    expect(stdout.lines).toEqual(['building on Appdome, 1:00 so far: Adding protections']);
  });

  it('shows messages and debug lines when asked to', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout, true);
    for (const progress of JOB) host.progress(progress);
    host.log('debug', 'GET /status 200');
    expect(stdout.lines).toContain('build: Adding protections');
    expect(stdout.lines).toContain('GET /status 200');
  });

  it('marks levels of single lines and leaves blocks alone', () => {
    const stdout = new FakeStream();
    const host = ciHost(stdout);
    host.log('info', 'one');
    host.log('warning', 'two');
    host.log('error', 'three');
    host.log('error', 'Fusegate fail\nApp: x');
    host.log('debug', 'hidden');
    host.log('notice', 'four');
    expect(stdout.lines).toEqual(['one', 'warning: two', 'error: three', 'Fusegate fail', 'App: x', 'note: four']);
  });

  it('writes no escape, whatever happens', () => {
    const stdout = new FakeStream({ isTTY: true });
    const host = ciHost(stdout, true);
    for (const progress of JOB) host.progress(progress);
    host.log('error', 'x');
    host.close();
    expect(stdout.text).not.toContain('\u001b');
  });

  it('keeps the outputs', () => {
    const host = ciHost(new FakeStream());
    host.setOutput('verdict', 'pass');
    expect([...host.outputs]).toEqual([['verdict', 'pass']]);
  });
});

function terminal({ columns = 100, verbose = false, color = false } = {}) {
  const stdout = new FakeStream({ isTTY: true, columns });
  const clock = standingClock();
  const host = new TerminalHost({ stdout, verbose, color, clock });
  return { host, clock, stdout, screen: () => screenOf(stdout.text, columns) };
}

describe('terminal host', () => {
  it('redraws one line for a running transfer: bar, bytes, speed, time', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'upload', kind: 'start', elapsedMs: 0, totalBytes: 4 * MB, detail: 'app.apk' });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 0, bytes: 0, totalBytes: 4 * MB });
    for (let step = 1; step <= 20; step++) {
      clock.advance(100);
      host.progress({
        stage: 'upload',
        kind: 'bytes',
        elapsedMs: step * 100,
        bytes: (step * MB) / 10,
        totalBytes: 4 * MB,
      });
    }
    host.log('info', 'a line of the log draws again');
    expect(screen()).toEqual([
      'a line of the log draws again',
      '  uploading app.apk, 2.0 of 4.0 MB, 1.0 MB/s, 0:02  [##########----------]',
    ]);
  });

  it('moves the clock of a quiet stage once a second', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'Adding protections' });
    clock.advance(64_900);
    expect(screen()).toEqual(['  building on Appdome, 1:04: Adding protections']);
  });

  it('shows the word of the service until the next one', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'Adding protections' });
    clock.advance(200);
    host.progress({ stage: 'build', kind: 'poll', elapsedMs: 200, detail: 'progress' });
    clock.advance(1000);
    expect(screen().join()).toContain('Adding protections');
  });

  it('keeps the log above and a line for each running stage below', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'download', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'certify', kind: 'start', elapsedMs: 0 });
    clock.advance(150);
    host.log('warning', 'first');
    host.log('info', 'second\nthird');
    expect(screen()).toEqual([
      'warning: first',
      'second',
      'third',
      '  downloading, 0:00',
      '  waiting for the certificate, 0:00',
    ]);
    host.progress({ stage: 'certify', kind: 'finish', elapsedMs: 300 });
    expect(screen().at(-2)).toBe('✓ waiting for the certificate, 0.3 s');
    expect(screen().at(-1)).toMatch(/^ {2}downloading/);
  });

  it('leaves finished stages and nothing live behind', () => {
    const { host, clock, screen } = terminal();
    for (const progress of JOB) {
      host.progress(progress);
      clock.advance(500);
    }
    host.progress({ stage: 'sign', kind: 'start', elapsedMs: 0 });
    clock.advance(500);
    host.close();
    expect(screen()).toEqual(['✓ uploading app.apk, 4.0 s, 4.0 MB at 1.0 MB/s', '✓ building on Appdome, 1:30', '']);
    expect(clock.pending).toBe(0);
  });

  it.each([10, 20, 40, 79])('never wraps on %d columns', (columns) => {
    const { host, clock, screen } = terminal({ columns });
    for (const progress of JOB.slice(0, 2)) {
      host.progress(progress);
      clock.advance(200);
    }
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 1, detail: 'x'.repeat(500) });
    clock.advance(200);
    for (const line of screen()) expect(line.length).toBeLessThan(columns);
  });

  it('draws at most ten times a second', () => {
    const { host, clock, stdout } = terminal();
    for (let step = 0; step < 1000; step++) {
      host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: step, bytes: step, totalBytes: 1000 });
      clock.advance(1);
    }
    expect(stdout.text.split('\r').length).toBeLessThanOrEqual(11);
  });

  it('shows no negative speed when a transfer starts again', () => {
    const { host, clock, screen } = terminal();
    for (const bytes of [0, 3 * MB, 0, MB]) {
      host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 1, bytes, totalBytes: 4 * MB });
      clock.advance(1000);
    }
    expect(screen().join()).not.toMatch(/-\d/);
  });

  it('marks a stage that failed', () => {
    const { host, screen } = terminal();
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'build', kind: 'finish', elapsedMs: 12_000, failed: true });
    expect(screen()).toEqual(['! building on Appdome, stopped after 0:12', '']);
  });

  it('erases live lines that a narrower window has wrapped', () => {
    const { host, clock, stdout } = terminal({ columns: 60 });
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'x'.repeat(100) });
    stdout.columns = 20;
    stdout.text = '';
    clock.advance(1000);
    // 59 columns were drawn: three rows of 20.
    expect(stdout.text.startsWith('\r\u001b[2A')).toBe(true);
  });

  it('changes the screen with one write, which never empties a line that is drawn again', () => {
    const { host, clock, stdout } = terminal();
    const writes: string[] = [];
    stdout.write = (text) => writes.push(text) > 0;
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0 });
    clock.advance(1000);
    host.log('info', 'a line');
    expect(writes).toHaveLength(3);
    expect(writes[1]).toMatch(/^\r {2}building/);
  });

  describe('colours', () => {
    const RED_BLOCK = [
      'Fusegate FAIL: 1 of 3 required protections not met',
      'App: x',
      '- missing: Rate-Limit Connections is not on the certificate',
      '- missing: Rate-Limit is not on the certificate',
      '- not proven: Root Detection, because of Rate-Limit',
      '- missing: c1.pdf: Rate-Limit is not on the certificate',
      'Fix: switch Rate-Limit on',
      'Evidence: verified layout',
    ].join('\n');

    function lines(level: Parameters<TerminalHost['log']>[0], text: string, color = true) {
      const { host, stdout } = terminal({ color });
      host.setOutput('missing-features', 'Rate-Limit,Rate-Limit Connections');
      host.log(level, text);
      return stdout.lines;
    }

    it('red is the verdict, and the names of what is missing', () => {
      expect(lines('error', RED_BLOCK)).toEqual([
        '\u001b[1;31mFusegate FAIL\u001b[0m\u001b[1m: 1 of 3 required protections not met\u001b[0m',
        'App: x',
        '- missing: \u001b[31mRate-Limit Connections\u001b[0m is not on the certificate',
        '- missing: \u001b[31mRate-Limit\u001b[0m is not on the certificate',
        '- not proven: Root Detection, because of Rate-Limit',
        '- missing: c1.pdf: \u001b[31mRate-Limit\u001b[0m is not on the certificate',
        '\u001b[36mFix:\u001b[0m switch Rate-Limit on',
        '\u001b[2mEvidence: verified layout\u001b[0m',
      ]);
    });

    it.each([
      ['notice', 'Fusegate PASS: 3 proven\nx', '\u001b[1;32mFusegate PASS'],
      ['warning', 'Fusegate FAIL: 1 (gate: warn, the job continues)\nx', '\u001b[1;33mFusegate FAIL'],
      ['warning', 'Fusegate NOT EVALUATED: x\nx', '\u001b[1;33mFusegate NOT EVALUATED'],
      ['error', 'Fusegate ERROR: no verdict\nx', '\u001b[1;31mFusegate ERROR'],
      ['warning', 'a retry', '\u001b[33mwarning:\u001b[0m a retry'],
      ['notice', 'a policy file is read', '\u001b[2mnote: a policy file is read'],
    ] as const)('%s %j', (level, text, start) => {
      expect(lines(level, text)[0]?.startsWith(start)).toBe(true);
    });

    it('no colour under NO_COLOR', () => {
      expect(lines('error', RED_BLOCK, false)).toEqual(RED_BLOCK.split('\n'));
      const { host, stdout } = terminal();
      for (const progress of JOB.slice(0, 4)) host.progress(progress);
      expect(stdout.text).not.toMatch(COLOUR);
    });
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const COLOUR = /\u001b\[[\d;]*m/u;

describe('long lines of the log', () => {
  const shown = (text: string, color = false) => {
    const { host, stdout } = terminal({ columns: 40, color });
    host.setOutput('missing-features', 'Detect Unknown Sources And More');
    host.log('error', text);
    return stdout.lines;
  };

  it('break between words', () => {
    const text = `${'- missing: word '.repeat(6).trim()}\nnext`;
    const lines = shown(text);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text.replace('\n', ' '));
  });

  it('keep a command in one piece, on a line of its own', () => {
    const command = `fusegate gate --build-id ${'1'.repeat(36)} --required-features 'A B'`;
    expect(shown(`x\nJudge again: ${command}`)).toEqual(['x', 'Judge again:', `  ${command}`]);
  });

  it('keep what stands between backticks in one piece', () => {
    const quoted = '`aliases: { Rate-Limit Connections: [NAME] }`';
    expect(shown(`x\nFix: pair them in a policy: ${quoted}, then run again`)).toContain(`  ${quoted},`);
  });

  it('carry a colour into the next row, and not into its indent', () => {
    const lines = shown('x\n- missing: Detect Unknown Sources And More is not on the certificate', true);
    expect(lines[1]?.endsWith('\u001b[0m')).toBe(true);
    expect(lines[2]?.startsWith('  \u001b[31m')).toBe(true);
    for (const line of lines) expect(line.split('\u001b[0m').length).toBe(line.split('\u001b[31m').length);
  });

  it('keep their margin', () => {
    const lines = shown(`x\n  --app "nothing.apk" does not exist -> an .apk, .aab, .ipa or .aar file`);
    expect(lines[1]).toMatch(/^ {2}--app/);
    for (const line of lines.slice(2)) expect(line).toMatch(/^ {4}\S/);
  });

  it('are broken on standard error too, but only on a terminal', () => {
    const text = 'x '.repeat(50).trim();
    const terminal = new FakeStream({ isTTY: true, columns: 40 });
    new ErrorHost(terminal, false).log('error', text);
    expect(terminal.lines.length).toBeGreaterThan(2);
    const pipe = new FakeStream({ columns: 40 });
    new ErrorHost(pipe, false).log('error', text);
    expect(pipe.lines).toEqual([`error: ${text}`]);
  });

  it('leave tables alone', () => {
    const { host, stdout } = terminal({ columns: 20 });
    host.log('info', 'a          b           c');
    expect(stdout.lines).toEqual(['a          b           c']);
  });
});

describe('the choice of the host', () => {
  it.each([
    [true, { ci: false }, {}, TerminalHost],
    [true, { ci: true }, {}, CiHost],
    [true, { ci: true, ciSystem: 'gitlab' }, {}, CiHost],
    [false, { ci: false }, {}, CiHost],
    [true, { ci: false }, { TERM: 'dumb' }, CiHost],
    [true, { ci: false }, { NO_COLOR: '1', TERM: 'xterm' }, TerminalHost],
  ])('terminal %s, %j, %j', (isTTY, asked, environment, kind) => {
    const host = chooseHost(fakeIo({ stdout: new FakeStream({ isTTY }), environment }), { ...asked, verbose: false });
    expect(host).toBeInstanceOf(kind);
  });
});
