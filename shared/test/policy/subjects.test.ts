/** A written name to what is looked for, and the pairings that a policy may make. */
import { describe, expect, it } from 'vitest';
import { buildKeyOf, keyCondition, readAliases, readSubject, subjectId } from '../../src/policy/subjects.ts';

const alias = (name: string, ...printed: string[]) => ({
  value: { name, printed },
  place: 'p.yml:2:1',
  source: 'p.yml:2',
});
const aliasesOf = (...declared: Array<ReturnType<typeof alias>>) => readAliases(declared);

describe('a name', () => {
  it('of the catalogue is looked for by its own names and those of the policy, sorted, each once', () => {
    const { aliases } = aliasesOf(alias('root detection', 'zz_own', 'aa own', 'Root-Detection'));
    expect(readSubject('ROOT DETECTION', aliases, 'android')).toStrictEqual({
      condition: {
        kind: 'feature',
        name: 'Root Detection',
        key: 'root_detection',
        proofs: ['aa_own', 'root_detection', 'zz_own'],
        events: ['rooteddevice'],
        related: [],
      },
    });
  });

  it('is told where it was seen on another platform only', () => {
    expect(readSubject('Root Detection', new Map(), 'ios')).toMatchObject({
      condition: { name: 'Root Detection' },
      notice: 'Root Detection has not been seen on ios certificates; it is required all the same',
    });
  });

  it('of the policy is looked for by itself and its pairings', () => {
    const { aliases } = aliasesOf(alias(' Our Own Thing ', 'own_b', 'own_a'));
    expect(readSubject('our own thing', aliases)).toStrictEqual({
      condition: {
        kind: 'feature',
        name: 'Our Own Thing',
        proofs: ['our_own_thing', 'own_a', 'own_b'],
        events: [],
        related: [],
      },
    });
  });

  it('joined by meaning proves nothing but by a pairing, and then its listeners count', () => {
    expect(readSubject('RootedDevice')).toHaveProperty('refusal');
    const { aliases, problems } = aliasesOf(alias('Root Prevention', 'root_prevention_key'));
    expect(problems).toEqual([]);
    expect(readSubject('Root Prevention', aliases)).toMatchObject({
      condition: { name: 'Root Prevention', proofs: ['root_prevention', 'root_prevention_key'] },
    });
  });

  it('whose neighbour the policy lets prove it is not called a neighbour', () => {
    const { aliases } = aliasesOf(alias('Prevent MiTM Attacks', 'secure_communication'));
    const related = (known?: typeof aliases) => {
      const read = readSubject('Prevent MiTM Attacks', known);
      return 'condition' in read && read.condition.kind === 'feature' ? read.condition.related : undefined;
    };
    expect(related()).toContain('secure_communication');
    expect(related(aliases)).not.toContain('secure_communication');
  });

  it.each([
    ['key: own', 'own'],
    [' KEY :  Own Thing™ ', 'Own Thing™'],
    ['key:a: b', 'a: b'],
    ['key: one\nline', 'one\nline'],
  ])('%j is the printed name %j', (text, printed) => {
    expect(readSubject(text)).toEqual({ condition: expect.objectContaining({ kind: 'key', printed }) });
  });

  it('that only ends like a printed one is none', () => {
    expect(readSubject('monkey: own')).toMatchObject({ refusal: { message: 'is not a known protection' } });
  });

  it.each([
    ['', 'is not a name'],
    ['™', 'is not a name'],
    ['key:', 'names nothing after key:'],
    ['min_sdk_version', 'is a build fact, not a protection'],
    ['Nonsense of ours', 'is not a known protection'],
    ['Mobile Client Certificates', 'was retired by Appdome on 2023-12-31'],
  ])('%j %s', (text, message) => {
    expect(readSubject(text)).toMatchObject({ refusal: { message, allowed: expect.stringMatching(/\S/u) } });
  });

  it('says where to look when nothing is near', () => {
    expect(readSubject('zzqqxx')).toMatchObject({ refusal: { allowed: expect.stringMatching(/^a name that/u) } });
    expect(readSubject('Rot Detection')).toMatchObject({
      refusal: { allowed: expect.stringMatching(/^Root Detection, /u) },
    });
  });
});

describe('a printed name', () => {
  it('acts by what the catalogue knows of it, where it knows something', () => {
    expect(keyCondition('root_detection')).toMatchObject({ events: ['rooteddevice'], actsAs: expect.any(Array) });
    expect(keyCondition('own')).toStrictEqual({ kind: 'key', printed: 'own' });
  });

  it('has its own id, with a mode where one is asked for', () => {
    expect(subjectId({ kind: 'key', printed: 'Own' })).toBe('key:Own');
    expect(subjectId({ kind: 'key', printed: 'Own', threatEvents: 'any' })).toBe('key:Own:any');
  });
});

describe('a build fact', () => {
  it.each([
    ['Diagnostic Logs', 'extended-logs'],
    ['extended_logs', 'extended-logs'],
    ['min sdk version', 'min-sdk-version'],
    ['Root Detection', undefined],
  ])('%s is the key %s', (text, key) => {
    expect(buildKeyOf(text)).toBe(key);
  });
});

describe('pairings', () => {
  const refused = (...declared: Array<ReturnType<typeof alias>>) =>
    aliasesOf(...declared).problems.map(({ option, value, message }) => [option, value, message]);

  it.each<[string, Array<ReturnType<typeof alias>>, string, string]>([
    ['for no name', [alias('™', 'own')], '™', 'is not a name'],
    ['with no name', [alias('Root Detection', '™')], '™', 'is not a name'],
    ['for two protections', [alias('A B', 'own'), alias('C D', 'OWN')], 'OWN', 'is an alias of two protections'],
    [
      'with a Threat-Event',
      [alias('A B', 'RootedDevice')],
      'RootedDevice',
      'is a Threat-Event, which never proves a protection',
    ],
    [
      'with another display name',
      [alias('Root Detection', 'Anti-Debugging')],
      'Anti-Debugging',
      'is the name of another protection, Anti-Debugging, and cannot prove Root Detection',
    ],
    [
      'with the key of another protection',
      [alias('Root Detection', 'proxy_detection')],
      'proxy_detection',
      'is the name of another protection, Proxy Detection, and cannot prove Root Detection',
    ],
  ])('%s are refused', (_, declared, value, message) => {
    expect(refused(...declared)).toEqual([['p.yml:2:1', value, message]]);
  });

  it.each<[string, Array<ReturnType<typeof alias>>]>([
    ['its own name', [alias('Root Detection', 'root_detection', 'Root Detection')]],
    [
      'a key that is joined to another protection by meaning only',
      [alias('Rate-Limit Connections', 'secure_communication')],
    ],
    ['a key without a display name', [alias('Rate-Limit Connections', 'openssl')]],
    ['the same twice', [alias('A B', 'own'), alias('a b', 'own')]],
  ])('with %s are taken', (_, declared) => {
    expect(refused(...declared)).toEqual([]);
  });

  it('of one protection in several files are joined, under the name that came first', () => {
    const { aliases } = aliasesOf(alias(' Own Thing ', 'a'), alias('OWN THING', 'b'));
    expect([...aliases]).toEqual([['own_thing', { name: 'Own Thing', printed: ['a', 'b'] }]]);
  });
});
