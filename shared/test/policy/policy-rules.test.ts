/** Entries of a policy as rules, each form by itself. */
import { describe, expect, it } from 'vitest';
import { compareVersions, readComparison } from '../../src/policy/policy-rules.ts';
import { planned } from './policy-text.ts';

const rulesOf = async (text: string) => {
  const { plan, problems } = await planned(text);
  return { problems, rules: plan.rules.map(({ id, requirement, severity }) => `${severity} ${id} = ${requirement}`) };
};

describe('an entry', () => {
  it.each([
    ['require: [root detection]', 'error feature:root_detection = Root Detection'],
    ['require: [{ feature: root detection }]', 'error feature:root_detection = Root Detection'],
    [
      'require: [{ feature: Root Detection, threat-events: in-app-defense }]',
      'error feature:root_detection:in-app-defense = Root Detection (threat-events: in-app-defense)',
    ],
    ['require: [{ key: Own }]', 'error key:Own = key: Own'],
    ['require: [{ key: Own, threat-events: any }]', 'error key:Own:any = key: Own (threat-events: any)'],
    [
      'require: [{ any-of: [root detection, { key: Own }, anti debugging, Root Detection] }]',
      'error any-of(feature:anti_debugging,feature:root_detection,key:Own) = any of: Root Detection, key: Own, Anti-Debugging, Root Detection',
    ],
    [
      'require: [{ all-of: [Root Detection, Anti-Debugging] }]',
      'error all-of(feature:anti_debugging,feature:root_detection) = all of: Root Detection, Anti-Debugging',
    ],
    ['require: [{ key: a }]\nforbid: [{ key: b }]', 'error forbid:key:b = forbid: key: b'],
    [
      'require: [{ key: a }]\nforbid: [Proxy Detection]',
      'error forbid:feature:proxy_detection = forbid: Proxy Detection',
    ],
    [
      'require: [{ key: a }]\nforbid: [" KEY : extended_logs"]',
      'error forbid:feature:diagnostic_logs = forbid: Diagnostic Logs',
    ],
    [
      'require: [{ key: a }]\nforbid: [monkey bars]\naliases: { monkey bars: [x] }',
      'error forbid:feature:monkey_bars = forbid: monkey bars',
    ],
    [
      'require: [{ key: a }]\nbuild: { sign-type: OnAppdome }',
      'error build:sign_type=onappdome = sign-type: OnAppdome',
    ],
    [
      'require: [{ key: a }]\nbuild: { min-sdk-version: ">= 24" }',
      'error build:min_sdk_version>=24 = min-sdk-version: >=24',
    ],
    [
      'require: [{ key: a }]\nbuild: { min-sdk-version: { value: 24, severity: warning } }',
      'warning build:min_sdk_version=24 = min-sdk-version: 24',
    ],
    [
      'require: [{ key: a }]\nmissing-threat-event-listeners: fail',
      'error listener = missing-threat-event-listeners: fail',
    ],
    [
      'require: [{ key: a }]\nandroid: { require: [Root Detection] }',
      'error feature:root_detection@android = Root Detection',
    ],
  ])('%s', async (text, rule) => {
    const { rules, problems } = await rulesOf(text);
    expect(problems).toEqual([]);
    expect(rules).toContain(rule);
  });

  it.each([
    ['any-of', 'require: [{ any-of: [Root Detection, Nonsense] }, Anti-Debugging]'],
    ['all-of', 'require: [{ all-of: [Nonsense, Root Detection] }, Anti-Debugging]'],
  ])('of %s with a name that is wrong is no rule at all', async (_, text) => {
    const { rules, problems } = await rulesOf(text);
    expect(problems.map(({ value }) => value)).toEqual(['Nonsense']);
    expect(rules).toEqual(['error feature:anti_debugging = Anti-Debugging']);
  });

  it.each([
    ['forbid: [min_sdk_version]', 'build: { min-sdk-version: VALUE }'],
    ['forbid: ["key: min_sdk_version"]', 'build: { min-sdk-version: VALUE }'],
    ['forbid: [Nonsense]', expect.stringMatching(/key: NAME/u)],
    ['build: { sign-type: "=x" }', 'the value itself, or ">=24"'],
    ['build: { min-sdk-version: ">=x" }', '">=24" or "<2.1"'],
  ])('%s is refused with what to write', async (text, allowed) => {
    const { problems } = await rulesOf(`require: [Root Detection]\n${text}`);
    expect(problems.map((problem) => problem.allowed)).toEqual([allowed]);
  });

  it('says by platform what was not seen there', async () => {
    const { notices } = await planned(
      'require: [Anti-Debugging]\nios: { require: [Root Detection], forbid: [Proxy Detection] }',
    );
    expect(notices).toEqual([expect.stringMatching(/^Root Detection has not been seen on ios/u)]);
    expect((await planned('require: [Root Detection]')).notices).toEqual([]);
  });
});

describe('a comparison as written', () => {
  it.each<[string | number | boolean, string, string]>([
    ['24', '=', '24'],
    [24, '=', '24'],
    [true, '=', 'true'],
    [' OnAppdome ', '=', 'OnAppdome'],
    ['x>=1', '=', 'x>=1'],
    ['a=b', '=', 'a=b'],
    ['>=24', '>=', '24'],
    ['<= 24.10', '<=', '24.10'],
    ['> 1.2.3.4.5.6', '>', '1.2.3.4.5.6'],
    ['<\t24', '<', '24'],
    [' <24 ', '<', '24'],
  ])('%j is %s %s', (written, operator, value) => {
    expect(readComparison(written)).toEqual({ operator, value });
  });

  it.each<[string | number, RegExp]>([
    [1.5, /fraction/u],
    [2 ** 60, /too large/u],
    ['>=', /no version or number/u],
    ['>=x', /no version or number/u],
    ['>= 1.2.3.4.5.6.7', /no version or number/u],
    ['>=24x', /no version or number/u],
    ['>=24\n25', /no version or number/u],
    ['', /is not a value/u],
    ['™', /is not a value/u],
    ['=24', /is not a value/u],
    ['!24', /is not a value/u],
    ['~24', /is not a value/u],
  ])('%j is refused', (written, message) => {
    expect(readComparison(written)).toMatchObject({ message: expect.stringMatching(message) });
  });
});

describe('versions', () => {
  it.each<[string, string, number | undefined]>([
    ['24', '24', 0],
    ['24', '24.0.0', 0],
    ['24.0', '24.0.1', -1],
    ['9', '10', -1],
    ['10', '9.9', 1],
    ['1.10', '1.9', 1],
    ['1.2.3', '1.2', 1],
    [' 24 ', '24', 0],
    ['24', ' 25 ', -1],
    ['123456789012345678901', '123456789012345678902', -1],
    ['x', '24', undefined],
    ['24', '24x', undefined],
    ['1.2.3.4.5.6.7', '1', undefined],
    ['', '1', undefined],
  ])('%j against %j: %s', (a, b, order) => {
    expect(compareVersions(a, b)).toBe(order);
  });
});
