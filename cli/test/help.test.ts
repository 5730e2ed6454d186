import { describe, expect, it } from 'vitest';
import { COMMANDS, FEATURES_HELP, LISTENERS_HELP, overviewHelp, THREAT_EVENTS_HELP } from '../src/help.ts';

const PAGES = {
  overview: overviewHelp('1.2.3'),
  features: FEATURES_HELP,
  'threat-events': THREAT_EVENTS_HELP,
  listeners: LISTENERS_HELP,
};

describe('help', () => {
  it.each(Object.entries(PAGES))('%s fits 100 columns, in ASCII, without blanks at line ends', (_, page) => {
    for (const line of page.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      expect(line).not.toMatch(/\s$/);
    }
  });

  it('the overview names commands, exits and version', () => {
    for (const { name } of COMMANDS) expect(PAGES.overview).toMatch(new RegExp(`^ {4}${name}\\b`, 'm'));
    for (const code of [0, 2, 3, 4, 5, 6, 7, 8, 130])
      expect(PAGES.overview).toMatch(new RegExp(`^ {4}${code} +\\S`, 'm'));
    expect(PAGES.overview).toContain('fusegate 1.2.3');
  });
});
