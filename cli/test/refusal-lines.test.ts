/** Options that are wrong, where each CI system shows problems. */
import { JOB_LOGS } from '@fusegate/shared/options/job-logs';
import { systemById } from '@fusegate/shared/options/systems';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { runCommandLine } from '../src/command-line.ts';
import { refusalLines } from '../src/refusal-lines.ts';
import { fakeIo } from './fake-io.ts';

const KEY = 'synthetic-Key-4711';
/** A value that is wrong, with commands of systems in it. */
const HOSTILE = "::error::x ##vso[task.complete]x ##teamcity[x] 100%|'";
const WRONG = ['gate', '--certificate', 'missing.pdf', '--required-features', 'Root Detection', '--app-id', KEY];

async function refused(environment: Record<string, string>, ...words: string[]) {
  const cwd = await temporaryFolder();
  const io = fakeIo({ cwd, environment: { APPDOME_API_KEY: KEY, ...environment } });
  const exit = await runCommandLine([...WRONG, '--evidence', HOSTILE, ...words], io);
  return { exit, out: io.stdout.lines, err: io.stderr.text };
}

const GITHUB = /^::error title=Fusegate%3A the options are invalid::--[a-z-]+ /;
const AZURE = /^##vso\[task\.logissue type=error\]Fusegate: the options are invalid%0A--[a-z-]+ /;
const TEAMCITY = /^##teamcity\[buildProblem description='Fusegate: --[a-z-]+ .*' identity='fusegate_2_[123]'\]$/;
const SHOWN = { github: GITHUB, azure: AZURE, teamcity: TEAMCITY };
const COMMANDS = [...JOB_LOGS.values()].flatMap(({ commands }) => commands);

const signOf = (id: string) => systemById(id)?.job?.sign ?? '';
const ids = [...JOB_LOGS.keys()].map(({ id }) => id);

describe('wrong options', () => {
  it.each(ids)('are shown on %s as it shows problems, one each, and standard error stays the same', async (id) => {
    const plain = await refused({});
    const { exit, out, err } = await refused({ [signOf(id)]: 'true' });
    expect([exit, err]).toEqual([2, plain.err]);
    expect(plain.out).toEqual([]);
    const form = SHOWN[id as keyof typeof SHOWN];
    expect(out).toHaveLength(form ? 3 : 0);
    for (const line of out) {
      expect(line).toMatch(form ?? /^$/);
      expect(line).not.toContain(KEY);
      // One command, which is ours.
      const within = line.slice(2);
      for (const command of COMMANDS) expect(within).not.toMatch(command);
      expect(within).not.toMatch(/##/);
    }
    // Each is named in both.
    expect(out.every((line) => err.includes(/--[a-z-]+/.exec(line)?.[0] ?? 'none'))).toBe(true);
  });

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, ['--ci', 'false'], undefined],
    [{ GITHUB_ACTIONS: 'true', FUSEGATE_CI: 'false' }, [], undefined],
    [{ GITHUB_ACTIONS: 'true' }, ['--ci', 'teamcity'], TEAMCITY],
    [{ FUSEGATE_CI: 'azure' }, [], AZURE],
    // It cannot be read, and is a problem itself.
    [{ GITHUB_ACTIONS: 'true' }, ['--ci', 'gitlb'], GITHUB],
  ])('%j %j', async (environment, words, form) => {
    const { out } = await refused(environment, ...words);
    expect(out.length > 0).toBe(form !== undefined);
    for (const line of out) expect(line).toMatch(form ?? /^$/);
  });

  it.each([
    [['report', '--detail', 'none'], true],
    [['listeners'], true],
    [['listeners', '--json'], false],
    // Somebody may write these to a file.
    [['plan', '--fleet', 'none.yml', '--format', 'github'], false],
    [['policy', 'init'], false],
    [['threat-events', '--code', 'cobol'], false],
  ])('of %j are shown only where standard output is for people', async (words, shown) => {
    const cwd = await temporaryFolder();
    const io = fakeIo({ cwd, environment: { GITHUB_ACTIONS: 'true' } });
    expect(await runCommandLine(words, io)).toBe(2);
    expect(io.stderr.text).toMatch(/^error: /);
    expect(io.stdout.text !== '').toBe(shown);
    for (const line of io.stdout.lines) expect(line).toMatch(/^::error title=Fusegate%3A .*::\S+ /);
  });

  it.each([
    ['github', 10, 10],
    ['github', 25, 10],
    ['azure', 25, 10],
    ['teamcity', 25, 25],
    ['gitlab', 25, 0],
  ])('on %s, of %d there are %d lines, and the last says how many more there are', (id, count, expected) => {
    const system = systemById(id);
    const log = system && JOB_LOGS.get(system);
    const lines = Array.from({ length: count }, (_, index) => `--option-${index + 1} is wrong`);
    const told = refusalLines(log ?? { commands: [] }, { exitCode: 2, refused: { title: 'Wrong', lines } });
    expect(told).toHaveLength(expected);
    expect(new Set(told).size).toBe(expected);
    const rest = count - expected + 1;
    if (expected > 0 && expected < count) expect(told.at(-1)).toContain(`${rest} more`);
  });
});
