/** Steps that were written for an official plugin, and options that only one system has. */

import { describe, expect, it } from 'vitest';
import { isOfficialStep, type RawInput } from '../../src/options/input-candidates.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { knownInputNames, optionOfInput, unusedOfficialInputs } from '../../src/options/spelling.ts';
import type { System } from '../../src/options/system.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { GITHUB } from '../../src/options/systems/github.ts';
import { PLUGINS } from '../../src/options/systems.ts';

const parsed = (inputs: RawInput[], system: System = GITHUB, environment = {}) =>
  parseOptions({ inputs }, environment, system);
const official: RawInput = { name: 'APP_FILE', value: 'app.apk' };

describe('None', () => {
  it('means "not given" in a step of the official action, also under a name that is ours too', () => {
    const options = parsed([
      official,
      { name: 'team-id', value: 'None' },
      { name: 'GOOGLE-PLAY-SIGNING', value: 'none' },
    ]);
    expect(options.problems).toEqual([]);
    expect(options.get('team-id')).toBeUndefined();
    expect(options.get('google-play-signing')).toBe(false);
  });

  it('is a value like any other in a step of our own', () => {
    expect(parsed([{ name: 'team-id', value: 'None' }]).get('team-id')).toBe('None');
  });

  it.each(['', ' ', 'None', 'NONE'])('makes no step official: APP_FILE %j', (value) => {
    expect(isOfficialStep([{ name: 'APP_FILE', value }], GITHUB)).toBe(false);
  });

  it('a name that is ours makes no step official', () => {
    expect(isOfficialStep([{ name: 'TEAM-ID', value: 'x' }], GITHUB)).toBe(false);
    expect(isOfficialStep([official], GITHUB)).toBe(true);
    expect(isOfficialStep([official], CLI)).toBe(false);
  });
});

describe('inputs that mean nothing here', () => {
  it('are accepted with a word on what to do instead', () => {
    const { problems, notices } = parsed([official, { name: 'upload_artifacts', value: 'true' }]);
    expect(problems).toEqual([]);
    expect(notices.filter((notice) => /is not used/.test(notice))).toEqual([
      'upload_artifacts is not used. Nothing is uploaded by itself: add a step with actions/upload-artifact.',
    ]);
  });

  it('say nothing when they are not given', () => {
    expect(parsed([{ name: 'UPLOAD_ARTIFACTS', value: 'None' }]).notices).toEqual([]);
  });

  it('share no name with an option, on any system', () => {
    for (const system of PLUGINS) {
      const known = new Set(knownInputNames(system).map((name) => name.toLowerCase()));
      for (const { name } of unusedOfficialInputs(system)) expect(known.has(name.toLowerCase()), name).toBe(false);
    }
  });
});

describe('an option of one system', () => {
  it('is unknown on the others, as an input and as a variable', () => {
    expect(optionOfInput('comment', GITHUB)?.option.id).toBe('comment');
    expect(optionOfInput('comment', CLI)).toBeUndefined();
    expect(parsed([{ name: 'comment', value: 'always', spelling: '--comment' }], CLI).problems).toMatchObject([
      { option: '--comment', message: 'is not an option' },
    ]);
    expect(parsed([], CLI, { FUSEGATE_COMMENT: 'always' }).get('comment')).toBe('never');
    expect(parsed([], GITHUB, { FUSEGATE_COMMENT: 'always' }).get('comment')).toBe('always');
  });
});

it('reads the signing words of the official action', () => {
  for (const [word, method] of [
    ['SIGN_ON_APPDOME', 'on-appdome'],
    ['AUTO_SIGNING', 'on-appdome'],
    ['PRIVATE_SIGNING', 'private'],
    ['AUTO_DEV_SIGNING', 'auto-dev'],
  ]) {
    expect(parsed([official, { name: 'SIGN_OPTIONS', value: word ?? '' }]).get('sign'), word).toBe(method);
  }
});
