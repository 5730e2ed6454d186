import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { describe, expect, it } from 'vitest';
import { greenResult, redResult } from '../../shared/test/report/sample-results.ts';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const GREEN = greenResult();
const FLEET = 'version: 1\napps: [{ app: acme.apk }, { app: globex.apk }]\n';

/** The results that jobs left, as folders of their artifacts. */
async function workspace(results: Record<string, FusegateResult | string>): Promise<string> {
  const cwd = await temporaryFolder();
  writeFileSync(path.join(cwd, 'f.yml'), FLEET);
  for (const [name, result] of Object.entries(results)) {
    const file = path.join(cwd, 'fusegate-output', name, 'fusegate-result.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(result));
  }
  return cwd;
}

async function planOf(cwd: string): Promise<string> {
  const { loadFleet } = await import('@fusegate/shared/intake/fleet/load-fleet');
  return (await loadFleet('f.yml', '--fleet', cwd, 'nothing')).file?.plan ?? '';
}

async function inFleet(cwd: string, apps: Record<string, FusegateResult>): Promise<void> {
  const plan = await planOf(cwd);
  for (const [app, result] of Object.entries(apps)) {
    const file = path.join(cwd, 'fusegate-output', app, 'fusegate-result.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ ...result, fleet: { file: 'f.yml', app, plan } }));
  }
}

async function report(cwd: string, ...words: string[]) {
  const io = fakeIo({ cwd });
  const exit = await runCommandLine(['report', ...words], io);
  const written = (name: string, folder = 'fusegate-fleet') => {
    const file = path.join(cwd, folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return { exit, out: io.stdout.text, err: io.stderr.text, written };
}

describe('report', () => {
  it('joins the results of a fleet into one verdict, one page and one JUnit file', async () => {
    const cwd = await workspace({});
    await inFleet(cwd, { acme: GREEN, globex: GREEN });
    const { exit, out, written } = await report(cwd, '--fleet', 'f.yml');
    expect(exit).toBe(0);
    expect(out).toMatch(/^verdict: pass$/m);
    expect(written('fusegate-report.html')).toContain('2 pass');
    expect(written('fusegate-junit.xml')).toContain('fusegate acme');
  });

  it('is red where an app fails or is absent, and names it', async () => {
    const cwd = await workspace({});
    await inFleet(cwd, { acme: redResult(), globex: GREEN });
    const failed = await report(cwd, '--fleet', 'f.yml');
    expect(failed.exit).toBe(6);
    expect(failed.out).toMatch(/^fail +acme/m);
    const absent = await workspace({});
    await inFleet(absent, { acme: GREEN });
    const { exit, out, written } = await report(absent, '--fleet', 'f.yml');
    expect(exit).toBe(8);
    expect(out).toMatch(/^error +globex/m);
    expect(written('fusegate-report.html')).toContain('globex');
    const nothing = await report(await workspace({}), '--fleet', 'f.yml');
    expect(nothing.exit).toBe(8);
    expect(nothing.written('fusegate-junit.xml')).toContain('globex');
  });

  it('notices a result of another plan', async () => {
    const cwd = await workspace({});
    await inFleet(cwd, { acme: GREEN, globex: GREEN });
    writeFileSync(path.join(cwd, 'f.yml'), `${FLEET}defaults: { gate: warn }\n`);
    expect((await report(cwd, '--fleet', 'f.yml')).exit).toBe(8);
  });

  it('takes files and patterns, each file once, and not what runs have moved aside', async () => {
    const cwd = await workspace({ a: GREEN, b: GREEN, 'a/previous': redResult(), '.hidden': GREEN });
    symlinkSync(path.join(cwd, 'fusegate-output/a'), path.join(cwd, 'link'));
    const { exit, out } = await report(
      cwd,
      'fusegate-output/**/fusegate-result.json',
      'fusegate-output/a/fusegate-result.json',
      'link/fusegate-result.json',
      '--output-dir',
      'fusegate-output/joined',
    );
    expect([exit, out]).toEqual([0, expect.stringContaining('3 pass')]);
  });

  it('is red for a file that cannot be read or is not a result', async () => {
    const cwd = await workspace({ a: GREEN, b: 'not JSON' });
    const { exit, out } = await report(cwd);
    expect(exit).toBe(8);
    expect(out).toContain('fusegate-output/b');
    expect((await report(cwd, 'fusegate-output/a/fusegate-result.json', 'none.json')).exit).toBe(8);
  });

  it('never is green without a result, and leaves no earlier page that is', async () => {
    const cwd = await workspace({ a: GREEN });
    expect((await report(cwd)).exit).toBe(0);
    const { exit, err, written } = await report(cwd, 'nothing/*.json');
    expect(exit).toBe(2);
    expect(err).toContain('nothing/*.json');
    expect(written('fusegate-report.html')).toBeUndefined();
    expect(written('fusegate-junit.xml')).toBeUndefined();
  });

  it.each([['--fleet', 'none.yml'], ['--detail', 'some'], ['--nonsense'], ['--output-dir', 'f.yml']])(
    'refuses %s %s',
    async (...words) => {
      const cwd = await workspace({ a: GREEN });
      const { exit, err } = await report(cwd, ...words);
      expect(exit).toBe(2);
      expect(err).toContain(words[0]);
    },
  );

  it('hides the names of protections on request', async () => {
    const cwd = await workspace({ a: redResult() });
    const { exit, out, written } = await report(cwd, '--detail', 'counts');
    expect(exit).toBe(6);
    const all = [out, written('fusegate-report.html'), written('fusegate-junit.xml')].join('');
    expect(all).not.toContain('Rate-Limit');
  });
});
