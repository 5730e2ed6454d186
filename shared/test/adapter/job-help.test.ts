import { describe, expect, it } from 'vitest';
import { commandHelp } from '../../src/adapter/job-help.ts';
import { isOn, officialVariables } from '../../src/options/spelling.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { OPTION_GROUPS, OPTIONS as TABLE } from '../../src/options/table.ts';

const OPTIONS = TABLE.filter((option) => isOn(option, CLI));
const PAGES = { run: commandHelp('run'), gate: commandHelp('gate') };

describe('help of a job', () => {
  it.each(Object.entries(PAGES))('%s fits 100 columns, in ASCII, without blanks at line ends', (_, page) => {
    for (const line of page.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      expect(line).not.toMatch(/\s$/);
    }
  });

  it.each(['run', 'gate'] as const)('%s shows each option that it has, and no other', (mode) => {
    for (const option of OPTIONS) {
      if (option.id === 'mode') continue;
      const flag = option.type.kind === 'secret' ? `--${option.id}-file FILE` : `--${option.id}`;
      const shown = PAGES[mode]
        .split('\n')
        .some((line) => line.startsWith(`    ${flag}`) && /^( |$)/.test(line.slice(4 + flag.length)));
      expect(shown, `${mode} ${option.id}`).toBe(option.modes.includes(mode));
    }
  });

  it('gives defaults, values and the official variables', () => {
    const text = PAGES.run.replaceAll(/\s+/g, ' ');
    for (const option of OPTIONS.filter(({ modes }) => modes.includes('run'))) {
      if (option.id === 'mode') continue;
      for (const variable of officialVariables(option)) expect(text).toContain(variable);
      if (option.default !== undefined && option.default !== 'false')
        expect(text).toContain(`Default: ${option.default}.`);
    }
    expect(text).toContain('--sign on-appdome|private|auto-dev|none');
  });

  it('is grouped', () => {
    const lines = PAGES.run.split('\n');
    const titles = OPTION_GROUPS.map(({ title }) => lines.indexOf(title));
    expect(titles).not.toContain(-1);
    expect([...titles].sort((a, b) => a - b)).toEqual(titles);
  });
});
