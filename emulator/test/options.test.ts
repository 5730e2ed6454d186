import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_API_KEY, EMULATOR_HELP, parseEmulatorArguments } from '../src/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'emulator-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('parseEmulatorArguments', () => {
  it('has a default for everything', () => {
    expect(parseEmulatorArguments([], {})).toEqual({
      kind: 'start',
      options: { port: 0, apiKey: DEFAULT_API_KEY, timeScale: 1, shape: 'A', faults: [], redirectOutputs: false },
    });
  });

  it('reads every flag, in both spellings', () => {
    const faults = faultFile('good.json', '[{"do":{"kind":"html"}}]');
    const argv = [
      '--port',
      '8080',
      '--data-dir=/d',
      '--api-key',
      'k',
      '--time-scale',
      '0.01',
      '--shape',
      'nested-C',
      '--faults',
      faults,
      '--redirect-outputs',
    ];
    expect(parseEmulatorArguments(argv, {})).toEqual({
      kind: 'start',
      options: {
        port: 8080,
        dataDir: '/d',
        apiKey: 'k',
        timeScale: 0.01,
        shape: 'nested-C',
        faults: [{ do: { kind: 'html' } }],
        redirectOutputs: true,
      },
    });
  });

  it('takes the key from the environment unless a flag gives one', () => {
    const key = (argv: string[]) => {
      const parsed = parseEmulatorArguments(argv, { FUSEGATE_EMULATOR_API_KEY: 'from-env' });
      return parsed.kind === 'start' ? parsed.options.apiKey : undefined;
    };
    expect([key([]), key(['--api-key', 'flag'])]).toEqual(['from-env', 'flag']);
  });

  it('names all problems at once', () => {
    const faults = faultFile('bad.json', '[{"do":{"kind":"status","code":200}}]');
    const argv = [
      'stray',
      '--prt',
      '1',
      '--port',
      '99999',
      '--time-scale',
      'fast',
      '--shape',
      'H',
      '--faults',
      faults,
      '--redirect-outputs=yes',
      '--api-key=',
    ];
    const parsed = parseEmulatorArguments(argv, {});
    expect(parsed.kind === 'problems' && parsed.problems.map((problem) => problem.split(':')[0])).toEqual([
      'stray',
      '--prt',
      '1',
      '--redirect-outputs',
      '--port',
      '--time-scale',
      '--api-key',
      '--shape',
      '--faults',
    ]);
    expect(parsed.kind === 'problems' && parsed.problems.at(-1)).toContain('faults[0].do.code: must be at least 400');
  });

  it.each([
    [['--port'], '--port: needs a value'],
    [['--port', '--shape', 'A'], '--port: needs a value'],
    [['--port', '-1'], '--port'],
    [['--port', '1.5'], '--port: 1.5 is not allowed'],
    [['--time-scale', '1e9'], '--time-scale: 1e9 is not allowed'],
    [['--faults', '/nowhere.json'], '--faults: /nowhere.json: ENOENT'],
    [['--data-dir', ''], '--data-dir: must not be empty'],
  ])('refuses %j', (argv, problem) => {
    const parsed = parseEmulatorArguments(argv, {});
    expect(parsed.kind === 'problems' ? parsed.problems.join('\n') : '').toContain(problem);
  });

  it('refuses a fault file that is no JSON', () => {
    const parsed = parseEmulatorArguments(['--faults', faultFile('text.json', 'not json')], {});
    expect(parsed.kind).toBe('problems');
  });

  it('offers help that names every flag and how the key stays out of the process list', () => {
    expect(parseEmulatorArguments(['--help', '--nonsense'], {}).kind).toBe('help');
    for (const flag of [
      '--port',
      '--data-dir',
      '--api-key',
      '--time-scale',
      '--shape',
      '--faults',
      '--redirect-outputs',
      'FUSEGATE_EMULATOR_API_KEY',
    ]) {
      expect(EMULATOR_HELP).toContain(flag);
    }
  });
});
