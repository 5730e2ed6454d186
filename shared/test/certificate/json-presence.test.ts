import { describe, expect, it } from 'vitest';
import { isKnownName, isPlainWords } from '../../src/certificate/json-names.ts';
import { answerOf, modeOf, shown, speaks, statementOf, weaker } from '../../src/certificate/json-presence.ts';
import { JsonObject, type JsonValue, parseJsonTree } from '../../src/certificate/json-tree.ts';
import type { Presence } from '../../src/model/certificate.ts';

function tree(value: unknown): JsonValue {
  return parseJsonTree(JSON.stringify(value));
}

function object(members: object | string): JsonObject {
  const value = typeof members === 'string' ? parseJsonTree(members) : tree(members);
  if (!(value instanceof JsonObject)) throw new Error('no object');
  return value;
}

const listed = (members: object): Presence =>
  statementOf(object({ name: 'root_detection', ...members }), true).presence;

describe('an answer', () => {
  it.each<[unknown, Presence]>([
    [true, 'present'],
    ['true', 'present'],
    [false, 'absent'],
    ['false', 'absent'],
    ...[
      ...[
        'TRUE',
        ' true',
        'enabled',
        'on',
        'yes',
        'active',
        'In-App Detection',
        'failed',
        'off',
        'disabled',
        'none',
        '',
        '1',
      ],
      ...[1, 0, 2, null, ['true'], [], {}, { enabled: true }],
    ].map((value): [unknown, Presence] => [value, 'unknown']),
  ])('%j is %s', (value, presence) => {
    expect(answerOf(tree(value))).toBe(presence);
  });
});

describe('a mode', () => {
  it.each(['In-App Detection', 'in_app_detection', 'in_app_defense', 'Threat-Memory', 'IN APP DEFENSE'])(
    '%s is known',
    (text) => {
      expect(modeOf(text)).toMatch(/^(?:In-App (?:Detection|Defense)|Threat-Memory)$/u);
    },
  );

  it.each([
    '',
    'off',
    'surprise',
    '!in_app_detection',
    '~~In-App Detection~~',
    'In-App Detection (off)',
    '☐ In-App Detection',
  ])('%j is not', (text) => {
    expect(modeOf(text)).toBeUndefined();
  });

  it.each([true, null, 1])('%j is none', (value) => {
    expect(modeOf(value)).toBeUndefined();
  });
});

describe('a name', () => {
  it.each([
    'root_detection',
    'Root Detection',
    'ROOT-DETECTION',
    ' root  detection ',
    'Copy/Paste Prevention',
    'Appdome ThreatID™',
    'appdome_threatid',
    'RootedDevice',
  ])('%j is known', (text) => {
    expect(isKnownName(text)).toBe(true);
  });

  it.each([
    ...[
      '!root_detection',
      '-root_detection',
      '~~root_detection~~',
      '❌ root_detection',
      '☐ root_detection',
      '[ ] root_detection',
    ],
    ...[
      'root_detection ✗',
      'no_root_detection',
      'root_detection (off)',
      '"root_detection"',
      '_root_detection',
      'root_detection_',
    ],
    ...[
      'root.detection',
      'root_detection\u200b',
      'r\u03bfot_detection',
      '\uff52oot_detection',
      'roo\u0336t_detection',
      '',
      ' ',
    ],
    ...['brand_new_protection', '!RootedDevice'],
  ])('%j is not', (text) => {
    expect(isKnownName(text)).toBe(false);
  });

  it.each<[string, boolean]>([
    ['brand_new_protection', true],
    ['Brand New 2', true],
    ['!brand_new', false],
    ['brand_new.', false],
    ['\u212Aeen', false],
    ['\uff52oot', false],
    ['- x', false],
    ['x -', false],
    ['', false],
  ])('%j is plain words: %s', (text, plain) => {
    expect(isPlainWords(text)).toBe(plain);
  });
});

describe('an entry', () => {
  it.each(['enabled', 'is_enabled', 'active', 'on', 'value', 'status', 'state'])('says yes or no with %s', (key) => {
    expect(listed({ [key]: true })).toBe('present');
    expect(listed({ [key]: false })).toBe('absent');
    expect(listed({ [key]: null })).toBe('unknown');
    expect(statementOf(object({ [key]: true }), false)).toEqual({ presence: 'present', answers: true });
    expect(speaks(tree({ [key]: null }))).toBe(true);
  });

  it.each([
    'threat_events',
    'threat_event',
    'threatEvents',
    'te',
    'in_app_control',
    'mode',
    'server_mode',
    'serverMode',
    'detection_mode',
  ])('says how with %s', (key) => {
    expect(statementOf(object({ [key]: 'in_app_defense' }), false)).toEqual({
      presence: 'present',
      answers: false,
      threatEvents: 'In-App Defense',
    });
    for (const value of ['surprise', 'off', true, false, null, '']) expect(listed({ [key]: value })).toBe('unknown');
    expect(statementOf(object({ [key]: 'Turned off' }), false)).toMatchObject({ threatEvents: 'Turned off' });
  });

  it.each<[object, Presence]>([
    [{}, 'present'],
    [{ category: 'OS Integrity', role: 'parameter', enabled: true, threat_events: 'in_app_detection' }, 'present'],
    [{ category: 'Other', enabled: true }, 'present'],
    [{ category: 'OS Integrity', enabled: false }, 'absent'],
    [{ category: 'Revoked', enabled: true }, 'unknown'],
    [{ category: 'Revoked', enabled: false }, 'unknown'],
    [{ category: 3, enabled: true }, 'unknown'],
    [{ role: 'candidate', enabled: true }, 'unknown'],
    [{ role: 'Plugin', enabled: true }, 'unknown'],
    [{ enabled: true, result: 'FAIL' }, 'unknown'],
    [{ enabled: true, phase: 'not in this build' }, 'unknown'],
    [{ enabled: true, applied: false }, 'unknown'],
    [{ enabled: true, applied: true }, 'unknown'],
    [{ enabled: true, Enabled: false }, 'unknown'],
    [{ enabled: true, isEnabled: false }, 'unknown'],
    [{ enabled: true, active: true }, 'unknown'],
    [{ enabled: true, status: false }, 'unknown'],
    [{ enabled: true, mode: 'in_app_defense', te: 'in_app_defense' }, 'unknown'],
    [{ enabled: true, removed: null }, 'unknown'],
    [{ enabled: true, '': '' }, 'unknown'],
    [{ enabled: true, key: 'root_detection' }, 'unknown'],
    [{ description: 'Finds rooted devices' }, 'unknown'],
    [{ order: 3 }, 'unknown'],
  ])('with %j is %s, in either order', (members, presence) => {
    expect(listed(members)).toBe(presence);
    expect(listed(Object.fromEntries(Object.entries(members).reverse()))).toBe(presence);
  });

  it('shows its "no"', () => {
    expect(statementOf(object({ enabled: true, result: 'FAIL' }), true).rawValue).toBeUndefined();
    expect(statementOf(object({ enabled: false }), true).rawValue).toBe('false');
  });

  it('has name, category and role nowhere else', () => {
    for (const key of ['name', 'category', 'role'])
      expect(statementOf(object({ enabled: true, [key]: 'plugin' }), false).presence).toBe('unknown');
  });

  it('that says one thing twice is not understood', () => {
    expect(statementOf(object('{"enabled":true,"enabled":false}'), false).presence).toBe('unknown');
    expect(statementOf(object('{"enabled":false,"enabled":true}'), false).presence).toBe('unknown');
    expect(statementOf(object('{"name":"a","name":"b"}'), true)).toMatchObject({ presence: 'unknown', name: 'a' });
  });

  it.each<[unknown, boolean]>([
    [{ enabled: 1 }, true],
    [{ mode: null, colour: 'red' }, true],
    [{ colour: 'red' }, false],
    [{ category: 'OS Integrity' }, false],
    [{}, false],
    [[], false],
    [true, false],
  ])('%j speaks: %s', (value, does) => {
    expect(speaks(tree(value))).toBe(does);
  });
});

describe('the weaker of two', () => {
  it.each<[Presence, Presence, Presence]>([
    ['absent', 'unknown', 'absent'],
    ['absent', 'present', 'absent'],
    ['unknown', 'present', 'unknown'],
    ['present', 'present', 'present'],
  ])('%s and %s is %s', (a, b, expected) => {
    expect([weaker(a, b), weaker(b, a)]).toEqual([expected, expected]);
  });
});

describe('a value for a message', () => {
  it('is short, and a type alone where it has parts', () => {
    expect([shown('x'), shown(1), shown([]), shown(object({}))]).toEqual(['"x"', '1', 'array', 'object']);
    expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(59)}…`);
    expect(shown('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
    expect(shown('x'.repeat(59))).toBe(`"${'x'.repeat(59)}…`);
  });

  it('is short for a mode, too', () => {
    expect(statementOf(object({ mode: 'x'.repeat(81) }), false).threatEvents).toBe('x'.repeat(80));
  });
});
