import type { Progress } from '@fusegate/shared/model/host';
import { describe, expect, it } from 'vitest';
import { chooseHost } from '../src/choose-host.ts';
import { CiHost } from '../src/ci-host.ts';
import { TerminalHost } from '../src/terminal-host.ts';
import { FakeStream, fakeIo, standingClock } from './fake-io.ts';
import { screenOf } from './screen.ts';

const MIB = 1024 * 1024;
const JOB: Progress[] = [
  { stage: 'upload', kind: 'start', elapsedMs: 0, totalBytes: 4 * MIB, detail: 'app.apk' },
  { stage: 'upload', kind: 'bytes', elapsedMs: 1000, bytes: MIB, totalBytes: 4 * MIB },
  { stage: 'upload', kind: 'bytes', elapsedMs: 3900, bytes: 4 * MIB, totalBytes: 4 * MIB },
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
    const host = new CiHost({ stdout, verbose: false });
    for (const progress of JOB) host.progress(progress);
    expect(stdout.lines).toEqual([
      'upload: started, 4.0 MiB, app.apk',
      'upload: ended after 4.0 s, 4.0 MiB at 1.0 MiB/s',
      'build: started',
      'build: still running after 1m 00s, Adding protections',
      'build: ended after 1m 30s',
    ]);
  });

  it('shows no amount and no rate for a stage that moved nothing', () => {
    const stdout = new FakeStream();
    const host = new CiHost({ stdout, verbose: false });
    host.progress({ stage: 'checksum', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'checksum', kind: 'bytes', elapsedMs: 100, bytes: 4 * MIB, totalBytes: 4 * MIB });
    host.progress({ stage: 'checksum', kind: 'finish', elapsedMs: 200 });
    host.progress({ stage: 'upload', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 100, bytes: 4 * MIB, totalBytes: 4 * MIB });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 300, bytes: 0, totalBytes: 4 * MIB });
    host.progress({ stage: 'upload', kind: 'finish', elapsedMs: 400 });
    expect(stdout.lines).toEqual([
      'checksum: started',
      'checksum: ended after 0.2 s',
      'upload: started',
      'upload: ended after 0.4 s',
    ]);
  });

  it('shows messages and debug lines when asked to', () => {
    const stdout = new FakeStream();
    const host = new CiHost({ stdout, verbose: true });
    for (const progress of JOB) host.progress(progress);
    host.log('debug', 'GET /status 200');
    expect(stdout.lines).toContain('build: Adding protections');
    expect(stdout.lines).toContain('GET /status 200');
  });

  it('marks levels of single lines and leaves blocks alone', () => {
    const stdout = new FakeStream();
    const host = new CiHost({ stdout, verbose: false });
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
    const host = new CiHost({ stdout, verbose: true });
    for (const progress of JOB) host.progress(progress);
    host.log('error', 'x');
    host.close();
    expect(stdout.text).not.toContain('\u001b');
  });

  it('keeps the outputs', () => {
    const host = new CiHost({ stdout: new FakeStream(), verbose: false });
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
    host.progress({ stage: 'upload', kind: 'start', elapsedMs: 0, totalBytes: 4 * MIB, detail: 'app.apk' });
    host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 0, bytes: 0, totalBytes: 4 * MIB });
    for (let step = 1; step <= 20; step++) {
      clock.advance(100);
      host.progress({
        stage: 'upload',
        kind: 'bytes',
        elapsedMs: step * 100,
        bytes: (step * MIB) / 10,
        totalBytes: 4 * MIB,
      });
    }
    host.log('info', 'a line of the log draws again');
    expect(screen()).toEqual([
      'a line of the log draws again',
      'upload         2.0 s  [##########----------]  50%  2.0 MiB of 4.0 MiB  1.0 MiB/s  app.apk',
    ]);
  });

  it('moves the clock of a quiet stage once a second', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'Adding protections' });
    clock.advance(64_900);
    expect(screen()).toEqual(['build         1m 04s  Adding protections']);
  });

  it('shows the word of the service until the next one', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'build', kind: 'message', elapsedMs: 0, detail: 'Adding protections' });
    clock.advance(200);
    host.progress({ stage: 'build', kind: 'poll', elapsedMs: 200 });
    expect(screen().join()).toContain('Adding protections');
  });

  it('keeps the log above and a line for each running stage below', () => {
    const { host, clock, screen } = terminal();
    host.progress({ stage: 'download', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'certify', kind: 'start', elapsedMs: 0 });
    clock.advance(150);
    host.log('warning', 'first');
    host.log('info', 'second\nthird');
    expect(screen()).toEqual(
      ['warning: first', 'second', 'third', 'download       0.1 s', 'certify        0.1 s'].map((line) =>
        line.replace('0.1', screen()[3]?.match(/\d\.\d/)?.[0] ?? ''),
      ),
    );
    host.progress({ stage: 'certify', kind: 'finish', elapsedMs: 300 });
    expect(screen().at(-2)).toBe('certify        0.3 s');
    expect(screen().at(-1)).toMatch(/^download/);
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
    expect(screen()).toEqual(['upload         4.0 s  4.0 MiB at 1.0 MiB/s', 'build         1m 30s', '']);
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
    for (const bytes of [0, 3 * MIB, 0, MIB]) {
      host.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 1, bytes, totalBytes: 4 * MIB });
      clock.advance(1000);
    }
    expect(screen().join()).not.toMatch(/-\d/);
  });

  it('colours levels line by line, and not at all under NO_COLOR', () => {
    const coloured = terminal({ color: true });
    coloured.host.log('error', 'Fusegate fail\nApp: x');
    expect(coloured.stdout.text).toBe('\u001b[31mFusegate fail\u001b[0m\n\u001b[31mApp: x\u001b[0m\n');
    const passed = terminal({ color: true });
    passed.host.log('notice', 'Fusegate PASS: 1 required protection proven\nApp: x');
    passed.host.log('notice', 'a policy file is read');
    expect(passed.stdout.text).toBe(
      '\u001b[32mFusegate PASS: 1 required protection proven\u001b[0m\n\u001b[32mApp: x\u001b[0m\n\u001b[36mnote: a policy file is read\u001b[0m\n',
    );
    const plain = terminal();
    plain.host.log('error', 'x');
    expect(plain.stdout.text).toBe('error: x\n');
  });
});

describe('the choice of the host', () => {
  it.each([
    [true, { ci: false }, {}, TerminalHost],
    [true, { ci: true }, {}, CiHost],
    [false, { ci: false }, {}, CiHost],
    [true, { ci: false }, { TERM: 'dumb' }, CiHost],
    [true, { ci: false }, { NO_COLOR: '1', TERM: 'xterm' }, TerminalHost],
  ])('terminal %s, %j, %j', (isTTY, { ci }, environment, kind) => {
    const host = chooseHost(fakeIo({ stdout: new FakeStream({ isTTY }), environment }), { ci, verbose: false });
    expect(host).toBeInstanceOf(kind);
  });
});
