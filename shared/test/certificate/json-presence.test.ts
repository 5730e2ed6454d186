import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Presence } from '../../src/certificate/certificate.ts';
import {
  isBareListing,
  presenceOfValue,
  shown,
  speaksOfPresence,
  statementOf,
  weakest,
} from '../../src/certificate/json-presence.ts';
import { JsonObject, parseJsonTree } from '../../src/certificate/json-tree.ts';

// The same cases on every run: what fails here fails everywhere.

function object(members: object | string): JsonObject {
  const tree = parseJsonTree(typeof members === 'string' ? members : JSON.stringify(members));
  if (!(tree instanceof JsonObject)) throw new Error('no object');
  return tree;
}

/** What an element with a name and these members says, listed in shape A. */
function listed(members: object): Presence {
  const element = object(members);
  return statementOf(element).presence ?? (isBareListing(element) ? 'present' : 'unknown');
}

const ENABLED = ['enabled', 'is_enabled', 'active', 'is_active', 'on', 'is_on', 'value', 'status', 'state'];
const MODES = ['mode', 'server_mode', 'serverMode', 'detection_mode', 'detectionMode', 'servermode', 'detectionmode'];
const SPELLINGS = ['isEnabled', 'is-enabled', 'Is Enabled', 'is  enabled', 'IS_ENABLED', 'isActive', 'isOn'];
const EVENTS = ['threat_events', 'threat_event', 'threatEvents', 'threatEvent', 'threatevents', 'threatevent', 'te'];
const MUST_NOT_BE_OFF = [
  ...['included', 'applied', 'installed', 'implemented', 'present', 'selected', 'supported', 'available', 'success'],
  ...['built', 'fused', 'is_included', 'isIncluded', 'isincluded', 'is built'],
];
const MUST_NOT_BE_ON = [
  ...['missing', 'disabled', 'unsupported', 'removed', 'excluded', 'skipped', 'failed', 'failure', 'error', 'errors'],
  ...['is_missing', 'isDisabled', 'lastError', 'was-removed'],
];

describe('a member that says on or off', () => {
  it.each([...ENABLED, ...MODES, ...SPELLINGS])('%s decides, also against another that says on', (key) => {
    for (const value of [false, 'false', 'Off', ' disabled ', 'none']) {
      expect(listed({ [key]: value })).toBe('absent');
      expect(listed({ enabled: true, mode: 'on', [key]: value })).toBe('absent');
    }
    for (const value of [null, 1, 0, '', 'failed', 'yes', [true], { enabled: true }]) {
      expect(listed({ [key]: value })).toBe('unknown');
      expect(listed({ active: true, mode: 'in_app_detection', [key]: value })).toBe('unknown');
    }
    for (const value of [true, 'TRUE', 'enabled', 'on', 'In-App Defense'])
      expect(listed({ [key]: value })).toBe('present');
    expect(speaksOfPresence(object({ colour: 'red', [key]: null }))).toBe(true);
  });

  it.each([...EVENTS, 'in_app_control', 'colour', 'included', 'missing'])('%s is none', (key) => {
    expect(speaksOfPresence(object({ [key]: true }))).toBe(false);
    expect(statementOf(object({ [key]: true })).presence).not.toBe('present');
  });
});

describe('a member that must not be off', () => {
  it.each(MUST_NOT_BE_OFF)('%s takes back what another says, and says nothing by itself', (key) => {
    for (const value of [false, null, 0, 1, 'off', 'no', '', 'pending', []]) {
      expect(listed({ enabled: true, [key]: value })).toBe('unknown');
      expect(listed({ [key]: value })).toBe('unknown');
    }
    expect(listed({ enabled: true, [key]: true })).toBe('present');
    expect(listed({ [key]: 'true' })).toBe('present');
    expect(listed({ enabled: false, [key]: true })).toBe('absent');
  });

  it.each(['not_included', 'available_as_upgrade', 'x_built', 'presented', 'in_build'])(
    '%s is not such a flag: it is not known, and no listing',
    (key) => {
      expect(listed({ [key]: true })).toBe('unknown');
      expect(listed({ enabled: true, [key]: false })).toBe('present');
    },
  );
});

describe('a member that must not be on', () => {
  it.each(MUST_NOT_BE_ON)('%s takes back what another says', (key) => {
    for (const value of [true, 'true', 'yes', 1, 0, [], {}, 'x']) {
      expect(listed({ enabled: true, [key]: value })).toBe('unknown');
      expect(listed({ [key]: value })).toBe('unknown');
    }
    for (const value of [false, null, '', 'false', 'none', 'off', ' Disabled ']) {
      expect(listed({ enabled: true, [key]: value })).toBe('present');
      expect(listed({ [key]: value })).toBe('present');
    }
    expect(listed({ enabled: false, [key]: false })).toBe('absent');
  });
});

describe('a bare listing', () => {
  it.each([...EVENTS, 'in_app_control', 'threat_scope', 'threatScope', 'threatscope', 'ts'])(
    'may say of %s what it will: how, or where, it reports',
    (key) => {
      for (const value of [false, null, 0, 'off', 'none', {}]) expect(listed({ [key]: value })).toBe('present');
    },
  );

  it.each<[string, unknown, boolean]>([
    ...['id', 'plugin_id', 'version', 'order', 'index', 'size', 'file_bytes'].map((key): [string, unknown, boolean] => [
      key,
      0,
      true,
    ]),
    ...['id_count', 'versions', 'grid', 'order_gaps', 'count', 'level', 'score'].map(
      (key): [string, unknown, boolean] => [key, 0, false],
    ),
    ['version', false, false],
    ['version', null, false],
    ['index', {}, false],
    ['count', [], true],
    ['since', null, false],
    ['fit', true, false],
  ])('of %s: %j is one: %s', (key, value, bare) => {
    expect(isBareListing(object({ name: 'x', [key]: value }))).toBe(bare);
  });

  const NO = [
    ...[
      'no',
      'not',
      'none',
      'never',
      'false',
      'off',
      'disable',
      'disabled',
      'inactive',
      'absent',
      'missing',
      'removed',
    ],
    ...['skipped', 'excluded', 'failed', 'unsupported', 'unavailable', 'optional', 'recommended', 'n/a', 'na', '0'],
  ];
  it.each(NO)('is none where some text is %j, or begins a phrase of two words with it', (word) => {
    for (const text of [word, word.toUpperCase(), `  ${word}\t`, `${word} here`, `${word}_yet`, `${word}-x `]) {
      expect(listed({ text }), text).toBe('unknown');
    }
    for (const text of [
      `${word} rooted device runs it`,
      `looks for ${word}`,
      `x${word}`,
      `${word}!`,
      `${word} here.`,
    ]) {
      expect(listed({ text }), text).toBe('present');
    }
  });
});

describe('what a statement keeps', () => {
  it.each<[object, object]>([
    [{}, { presence: undefined }],
    [{ enabled: true }, { presence: 'present' }],
    [
      { enabled: 'off', status: true },
      { presence: 'absent', rawValue: '"off"' },
    ],
    [
      { status: true, enabled: 7 },
      { presence: 'unknown', rawValue: '7' },
    ],
    [
      { enabled: null, mode: false },
      { presence: 'absent', rawValue: 'false' },
    ],
    [{ enabled: [1] }, { presence: 'unknown', rawValue: 'array' }],
    [{ enabled: { a: 1 } }, { presence: 'unknown', rawValue: 'object' }],
    [
      { enabled: true, included: 'no' },
      { presence: 'unknown', rawValue: '"no"' },
    ],
    [{ mode: 'in-app defense' }, { presence: 'present', threatEvents: 'In-App Defense' }],
    [
      { mode: 'on', te: 'in_app_detection' },
      { presence: 'present', threatEvents: 'In-App Detection' },
    ],
    [{ te: 'x'.repeat(100) }, { presence: undefined, threatEvents: 'x'.repeat(80) }],
    [{ te: 5 }, { presence: undefined }],
    [
      { te: 'first', threat_event: 'second' },
      { presence: undefined, threatEvents: 'first' },
    ],
    [
      { mode: 'in_app_defense', te: 'later' },
      { presence: 'present', threatEvents: 'In-App Defense' },
    ],
  ])('%j', (members, statement) => {
    expect(statementOf(object(members))).toStrictEqual(statement);
  });

  it('shows a value in a short line', () => {
    expect(shown('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
    expect(shown('x'.repeat(59))).toBe(`"${'x'.repeat(59)}…`);
    expect(shown([])).toBe('array');
    expect(shown(new JsonObject())).toBe('object');
    expect(shown(null)).toBe('null');
  });
});

describe('several voices', () => {
  const voice = fc.constantFrom<Presence>('present', 'unknown', 'absent');

  it('are as strong as the weakest, in any order; none is none', () => {
    fc.assert(
      fc.property(fc.array(voice), (votes) => {
        const expected = (['absent', 'unknown', 'present'] as const).find((one) => votes.includes(one));
        expect(weakest(votes)).toBe(expected);
      }),
    );
  });

  it('a member more never makes an element stronger, unless it is the first that speaks', () => {
    const key = fc.constantFrom(...ENABLED, ...MODES, ...MUST_NOT_BE_OFF, ...MUST_NOT_BE_ON, ...EVENTS, 'colour', 'id');
    const value = fc.constantFrom(true, false, null, 0, 1, 'on', 'off', 'failed', 'in_app_defense', '');
    const strength = (presence: Presence) => ['absent', 'unknown', 'present'].indexOf(presence);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), key, value, (members, more, said) => {
        const text = (pairs: unknown[][]) =>
          `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join()}}`;
        const before = statementOf(object(text(members))).presence;
        const after = statementOf(object(text([...members, [more, said]]))).presence;
        if (before !== undefined) expect(strength(after ?? 'present')).toBeLessThanOrEqual(strength(before));
        else if (after === 'present') expect(presenceOfValue(said)).toBe('present');
      }),
    );
  });
});
