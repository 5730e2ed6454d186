import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/text/nearest-name.ts';

describe('nearestNames', () => {
  it.each([
    ['fusion-setid', ['fusion-set-id', 'team-id'], 'fusion-set-id'],
    ['FUSION_SET_ID', ['fusion-set-id', 'team-id'], 'fusion-set-id'],
    ['tmeout', ['timeout', 'build-timeout'], 'timeout'],
    ['build-time', ['timeout', 'build-timeout'], 'build-timeout'],
    ['runn', ['run', 'gate'], 'run'],
    ['wran', ['enforce', 'warn', 'disabled'], 'warn'],
    ['eavl', ['gate', 'eval'], 'eval'],
  ])('%s', (name, candidates, expected) => {
    expect(nearestNames(name, candidates)).toEqual([expected]);
  });

  it.each(['', '---', 'completely-different', 'x'.repeat(1000)])('nothing is near %j', (name) => {
    expect(nearestNames(name, ['app', 'run', 'fusion-set-id'])).toEqual([]);
  });

  it('gives as many as asked, nearest first, each once', () => {
    expect(nearestNames('timeot', ['timers', 'timeout', 'timeout', 'app'], 2)).toEqual(['timeout', 'timers']);
  });
});
