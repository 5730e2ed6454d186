import { describe, expect, it } from 'vitest';
import { readCiContext, runsInCi } from '../../src/options/ci-context.ts';

describe('readCiContext', () => {
  it.each([
    ['JENKINS_URL', 'GIT_URL'],
    ['BITRISE_IO', 'GIT_REPOSITORY_URL'],
  ])('takes the credentials out of an address that %s jobs clone by', (sign, variable) => {
    const context = readCiContext({
      [sign]: 'x',
      [variable]: 'https://bot:gh/p_to@ken@git.example.com/team/app.git?x=a@b',
    });
    expect(JSON.stringify(context)).not.toMatch(/bot|p_to|ken@/);
    const plain = readCiContext({ [sign]: 'x', [variable]: 'https://bot:secret@git.example.com/team/app.git' });
    expect(plain.repository).toBe('https://git.example.com/team/app.git');
  });

  it('leaves what is no URL as it is', () => {
    const context = readCiContext({ BITRISE_IO: 'true', GIT_REPOSITORY_URL: 'git@git.example.com:team/app.git' });
    expect(context).toEqual({ system: 'bitrise', repository: 'git@git.example.com:team/app.git' });
  });
});

describe('runsInCi', () => {
  it.each([
    [{}, false],
    [{ CI: '0' }, false],
    [{ CI: 'False' }, false],
    [{ CI: 'true' }, true],
    [{ BITRISE_IO: 'true' }, true],
  ])('%o: %s', (environment, inCi) => {
    expect(runsInCi(environment)).toBe(inCi);
  });
});
