import { describe, expect, it } from 'vitest';
import type { Presence } from '../../src/certificate/certificate.ts';
import { type JsonFeatures, readJsonFeatures } from '../../src/certificate/json-features.ts';
import { neverCounts } from '../../src/certificate/json-shapes.ts';
import { JsonObject, parseJsonTree } from '../../src/certificate/json-tree.ts';

/** @param value an object, or the text of one, where a key comes twice */
function read(value: object | string): JsonFeatures {
  const tree = parseJsonTree(typeof value === 'string' ? value : JSON.stringify(value));
  if (!(tree instanceof JsonObject)) throw new Error('no object');
  return readJsonFeatures(tree);
}

const said = (value: object | string): Array<[string, Presence]> =>
  read(value).features.map(({ name, presence }) => [name, presence]);

const ids = { build_id: 'b-1', app_id: 'a-1' };
const ON = { enabled: true };
const OFF = { enabled: false };

describe('a key below which nothing counts', () => {
  // By the word that each of them has.
  const words = [
    ...'missing disabled unsupported available removed recommended inactive excluded failed skipped ignored'.split(' '),
    ...'deprecated suggestions optional absent unused denied expired retired planned pending candidates licence'.split(
      ' ',
    ),
    ...'license entitled purchased compatible supported required expected catalog previous history archive old'.split(
      ' ',
    ),
    ...'omitted dropped rejected declined discontinued withdrawn deselected events listeners implementation'.split(' '),
    ...'annotations descriptions comments notes labels tags errors warnings'.split(' '),
    ...'off non unprotected unselected unapplied uninstalled unsecured uncovered unchecked gap gaps lost lack'.split(
      ' ',
    ),
    ...'lacks lacking without todo upgrade upgrades waived exempt exempted exemption'.split(' '),
    ...[
      'not_built',
      'notBuilt',
      'not built',
      'not-built',
      'isNotBuilt',
      'no_protection',
      'noProtection',
      'no-features',
    ],
    ...['protectionsOff', 'protections off', 'root__off', 'features.lost', 'nonActive', 'hasGaps'],
  ];

  it.each(words)('%s', (key) => {
    expect(neverCounts(key)).toBe(true);
    expect(neverCounts(key.toUpperCase()) || /[a-z][A-Z]/u.test(key)).toBe(true);
    expect(read({ ...ids, [key]: { features: ['root_detection'] } }).features).toEqual([]);
    expect(said({ features: { [key]: { plugins: ['root_detection'] }, 'OS Integrity': { plugins: [] } } })).toEqual([]);
  });

  it.each([
    ...'features plugins protections parameters security services items certificate build app fused'.split(' '),
    ...[
      'official',
      'offline',
      'nonce',
      'gapless',
      'cannon',
      'piano_keys',
      'lackey',
      'OS Integrity',
      'license'.slice(0, 4),
    ],
  ])('not %s', (key) => {
    expect(neverCounts(key)).toBe(false);
  });
});

describe('a list of objects (A, G)', () => {
  it('is read to the last field', () => {
    const elements = [
      { name: ' root_detection ', enabled: true, category: 'OS Integrity', te: 'in_app_defense' },
      { name: 'anti_debugging', category: 3, enabled: 'failed' },
    ];
    expect(read({ ...ids, certificate: { features: elements } })).toStrictEqual({
      shapes: ['A'],
      nested: true,
      features: [
        {
          name: 'root_detection',
          role: 'json',
          category: 'OS Integrity',
          presence: 'present',
          threatEvents: 'In-App Defense',
          document: 'json',
          where: '$.certificate.features[0]',
        },
        {
          name: 'anti_debugging',
          role: 'json',
          presence: 'unknown',
          rawValue: '"failed"',
          document: 'json',
          where: '$.certificate.features[1]',
        },
      ],
      unknownLists: [],
    });
  });

  it.each(['name', 'key', 'id', 'feature', 'feature_name', 'plugin', 'title', 'display_name'])(
    'takes the name from %s',
    (key) => {
      expect(said({ features: [{ [key]: 'root_detection', ...ON }] })).toEqual([['root_detection', 'present']]);
    },
  );

  it('passes over what has no name, and cuts what is too long', () => {
    const elements = [
      ON,
      { name: 'root_detection', ...ON },
      { name: '', ...ON },
      { name: 'x'.repeat(300), category: 'y'.repeat(300) },
    ];
    const { features } = read({ features: elements });
    expect(features.map(({ name, where }) => [name, where])).toEqual([
      ['root_detection', '$.features[1]'],
      ['x'.repeat(200), '$.features[3]'],
    ]);
    expect(features[1]?.category).toBe('y'.repeat(200));
  });

  it.each<[string, object | string]>([
    ['a number', [{ name: 5, ...ON }]],
    ['blank', [{ name: '  ', ...ON }]],
    ['a list', [{ name: ['root_detection'], ...ON }]],
    ['blank before a good one', [{ name: '', key: 'root_detection', ...ON }]],
    ['said twice', '[{"name":"root_detection","name":"anti_debugging","enabled":true}]'],
  ])('has no name that is %s', (_, list) => {
    const text = typeof list === 'string' ? list : JSON.stringify(list);
    expect(read(`{"features":${text}}`)).toMatchObject({ shapes: [], features: [] });
  });

  it.each<[string, object[]]>([
    [
      'G',
      [
        { key: 'root_detection', value: true },
        { name: 'anti_debugging', value: false },
      ],
    ],
    [
      'A',
      [
        { key: 'root_detection', value: true },
        { name: 'anti_debugging', enabled: false },
      ],
    ],
    ['A', [{ key: 'root_detection', enabled: true }]],
    ['A', [{ key: 'root_detection', value: true, category: 'x' }]],
    ['A', [{ id: 'root_detection', value: true }]],
  ])('is %s', (shape, elements) => {
    expect(read({ features: elements }).shapes).toEqual([shape]);
  });
});

describe('an empty list', () => {
  it.each<[string[], object]>([
    [['B'], { features: [] }],
    [['D'], { features: {} }],
    [['C'], { features: { 'OS Integrity': { plugins: [] } } }],
    [[], { security: [], services: {} }],
    [[], { upsell: [] }],
    [[], { 'OS Integrity': { plugins: [], parameters: [] } }],
  ])('is of shape %j: %j', (shapes, block) => {
    expect(read({ ...ids, ...block })).toMatchObject({ shapes, features: [], unknownLists: [] });
  });
});

describe('names, by a key of its own (B, D)', () => {
  it.each(['security', 'services', 'items', 'Security'])(
    '%s announces a list where a known name stands in it',
    (key) => {
      expect(said({ ...ids, [key]: ['root_detection', 'x'] })).toEqual([
        ['root_detection', 'present'],
        ['x', 'present'],
      ]);
      expect(said({ ...ids, [key]: ['x', 'y'] })).toEqual([]);
      // Flags only: a setting of another kind beside them makes it a part of the record.
      expect(said({ ...ids, [key]: { root_detection: true, level: 'low' } })).toEqual([]);
    },
  );

  it.each(['build', 'app', 'fusion_set', 'signing', 'certificate', 'info', 'details'])(
    'below %s, which wraps a part of the record, they prove nothing',
    (key) => {
      for (const list of [
        ['root_detection', 'anti_debugging'],
        { root_detection: true, anti_debugging: true },
        [{ name: 'root_detection', ...ON }, { name: 'anti_debugging' }],
      ]) {
        expect(said({ ...ids, [key]: list })).toEqual([
          ['root_detection', 'unknown'],
          ['anti_debugging', 'unknown'],
        ]);
      }
      // With their attributes they may stand there, and lists below it are lists.
      expect(said({ ...ids, [key]: { 'root_detection.enabled': true } })).toEqual([['root_detection', 'present']]);
      expect(said({ ...ids, [key]: { root_detection: ON, anti_debugging: ON } })).toEqual([
        ['root_detection', 'present'],
        ['anti_debugging', 'present'],
      ]);
      expect(said({ ...ids, [key]: { features: ['root_detection'] } })).toEqual([['root_detection', 'present']]);
    },
  );

  it('alone, without a key, are no list: a record of flags is no certificate', () => {
    expect(read({ root_detection: true, anti_debugging: true })).toMatchObject({ shapes: [], features: [] });
  });

  it('that are empty are none', () => {
    expect(said({ features: ['', 'root_detection', ' '] })).toEqual([['root_detection', 'present']]);
  });

  it('of Threat-Events say nothing for a protection, and a "no" stays one', () => {
    expect(said({ features: { RootedDevice: true, FridaDetected: false } })).toEqual([
      ['RootedDevice', 'unknown'],
      ['FridaDetected', 'absent'],
    ]);
    expect(read({ features: ['RootedDevice'] }).features[0]?.rawValue).toBe('a Threat-Event name');
  });

  it('says where, and what else it said', () => {
    expect(read({ features: { root_detection: true, 'a b': 'no' } }).features).toStrictEqual([
      {
        name: 'root_detection',
        role: 'json',
        presence: 'present',
        document: 'json',
        where: '$.features.root_detection',
      },
      {
        name: 'a b',
        role: 'json',
        presence: 'unknown',
        rawValue: '"no"',
        document: 'json',
        where: '$.features["a b"]',
      },
    ]);
  });
});

describe('categories (C)', () => {
  it('have lists under two keys, and whatever else they have is no list', () => {
    const category = {
      plugins: ['root_detection'],
      parameters: 3,
      upsell: ['anti_debugging', 'proxy_detection'],
      count: 2,
    };
    for (const block of [{ features: { 'OS Integrity': category } }, { 'OS Integrity': category }]) {
      expect(said({ ...ids, ...block })).toEqual([['root_detection', 'present']]);
    }
    const any = read({ features: { Any: { parameters: ['root_detection'] } } });
    expect(any.features).toMatchObject([{ presence: 'present', where: '$.features.Any.parameters[0]' }]);
    expect(read({ features: { ['y'.repeat(300)]: category } }).features[0]?.category).toBe('y'.repeat(200));
  });

  it('below a list key are all of it, or it is none', () => {
    for (const other of [3, { enabled: true }, { plugins: 'root_detection' }, null]) {
      expect(read({ features: { Any: { plugins: ['root_detection'] }, other } })).toMatchObject({ shapes: [] });
    }
  });
});

describe('names with attributes (F)', () => {
  it('may stand in the document itself, where others are settings', () => {
    expect(said({ ...ids, 'root_detection.enabled': true, 'foo.enabled': true })).toEqual([
      ['root_detection', 'present'],
    ]);
    expect(read({ ...ids, 'foo.enabled': true })).toMatchObject({ shapes: [], features: [] });
  });

  it.each<[object, Presence]>([
    [{ 'root_detection.enabled': true, 'root_detection.mode': 'off' }, 'absent'],
    [{ 'root_detection.mode': 'in_app_defense', root_detection: false }, 'absent'],
    [{ root_detection: 'failed', 'root_detection.mode': 'in_app_defense' }, 'unknown'],
    [{ 'root_detection.mode': 'in_app_defense', root_detection: { enabled: true } }, 'unknown'],
    [{ 'root_detection.mode': 'in_app_defense', root_detection: true }, 'present'],
    [{ 'root_detection.serverMode': 'in_app_detection' }, 'present'],
    [{ 'root_detection.server_mode': 'on' }, 'present'],
    [{ 'root_detection.value': 'true' }, 'present'],
  ])('%j is %s', (block, presence) => {
    expect(said({ ...ids, ...block })).toEqual([['root_detection', presence]]);
  });

  it.each(['root_detection.enabledByDefault', 'root_detection.mode_of_trial', 'x\nroot_detection.enabled', '.enabled'])(
    'not %j',
    (key) => {
      expect(said({ ...ids, [key]: true })).toEqual([]);
    },
  );

  it('below a list key are all of it, or it is none of this shape', () => {
    expect(read({ features: { 'a.enabled': true, 'b.mode': 'in_app_defense' } })).toMatchObject({
      shapes: ['F'],
      features: [
        { name: 'a', where: '$.features["a.enabled"]' },
        { name: 'b', threatEvents: 'In-App Defense' },
      ],
    });
    expect(read({ features: { 'a.enabled': true, b: true } }).shapes).toEqual(['D']);
  });
});

describe('names with statements (E)', () => {
  it('may stand in the document itself, where only known names with a statement are entries', () => {
    const block = { root_detection: ON, foo: ON, anti_debugging: { colour: 'red' }, proxy_detection: true };
    expect(read({ ...ids, ...block })).toMatchObject({
      shapes: ['E'],
      features: [{ name: 'root_detection', presence: 'present', where: '$.root_detection' }],
    });
    expect(read({ ...ids, foo: ON, anti_debugging: { colour: 'red' } })).toMatchObject({ shapes: [], features: [] });
    // What stands in an entry is the entry's.
    expect(said({ ...ids, root_detection: { ...ON, plugins: ['openssl'] } })).toEqual([['root_detection', 'present']]);
  });

  it('may say nothing of one, below a list key', () => {
    expect(read({ features: { root_detection: { ...ON, note: 'x' }, anti_debugging: null } }).features).toMatchObject([
      { name: 'root_detection', presence: 'present' },
      { name: 'anti_debugging', presence: 'unknown', rawValue: 'null', where: '$.features.anti_debugging' },
    ]);
  });

  it('elsewhere are all of them known, and two at least', () => {
    expect(read({ ...ids, build: { root_detection: ON, other: ON } }).features).toEqual([]);
    expect(read({ ...ids, build: { root_detection: ON } }).features).toEqual([]);
    expect(read({ ...ids, build: { root_detection: ON, anti_debugging: true } }).features).toEqual([]);
    expect(said({ ...ids, build: { root_detection: ON, anti_debugging: OFF } })).toEqual([
      ['root_detection', 'present'],
      ['anti_debugging', 'absent'],
    ]);
  });
});

describe('lists beside each other', () => {
  const yes: Array<[string, object]> = [
    ['names with attributes', { 'root_detection.enabled': true }],
    ['names with statements', { root_detection: ON, anti_debugging: ON }],
    ['a category', { 'OS Integrity': { plugins: ['root_detection'] } }],
    ['a list', { protections: ['root_detection'] }],
  ];
  const no: Array<[string, object]> = [
    ['flags', { features: { root_detection: false } }],
    ['an array', { plugins: [{ name: 'root_detection', ...OFF }] }],
    ['a general list', { security: { root_detection: OFF } }],
    ['a wrapper', { certificate: { features: { root_detection: false } } }],
    ['a wrapper with attributes', { build: { 'root_detection.enabled': false } }],
    ['a key that is not known', { upsell: { root_detection: false, anti_debugging: true } }],
    ['a list below such a key', { data: { features: { root_detection: false } } }],
  ];

  it.each(yes.flatMap(([one, yea]) => no.map(([other, nay]) => [one, other, yea, nay] as const)))(
    '%s cannot hide the "no" of %s',
    (_, __, yea, nay) => {
      const blocks = [
        { ...yea, ...nay },
        { ...nay, ...yea },
      ];
      // Lists are read one level down: a wrapper in a wrapper is not looked into.
      const isDeep = Object.keys(nay).some((key) => ['certificate', 'build', 'data'].includes(key));
      for (const block of isDeep ? blocks : [...blocks, { certificate: blocks[0] }]) {
        const presences = said({ ...ids, ...block }).filter(([name]) => name === 'root_detection');
        expect(new Set(presences.map(([, presence]) => presence))).toEqual(new Set(['absent']));
      }
    },
  );

  it('a "no" beside entries of another shape is a "no", and a "yes" there is nothing', () => {
    const block = { 'openssl.enabled': true, root_detection: OFF, anti_debugging: ON };
    const expected = [
      ['openssl', 'present'],
      ['root_detection', 'absent'],
    ];
    expect(said({ ...ids, ...block })).toEqual(expected);
    expect(said({ ...ids, details: block })).toEqual(expected);
    expect(read({ ...ids, ...block }).shapes).toEqual(['F']);
  });

  it('are read once each, with their shapes in order', () => {
    const block = { services: ['root_detection'], features: { anti_debugging: true }, 'proxy_detection.enabled': true };
    const { shapes, nested, features } = read({ ...ids, ...block });
    expect({ shapes, nested }).toEqual({ shapes: ['B', 'D', 'F'], nested: false });
    expect(features.map(({ where }) => where).sort()).toEqual([
      '$.features.anti_debugging',
      '$.services[0]',
      '$["proxy_detection.enabled"]',
    ]);
    expect(read({ ...ids, ...block, certificate: { items: ['openssl'] } }).nested).toBe(true);
  });

  it('say why a name is weaker than its own value, and only then', () => {
    const { features } = read({
      plugins: ['root_detection', 'openssl'],
      features: { root_detection: false, openssl: true },
    });
    expect(features.map(({ name, presence, rawValue }) => [name, presence, rawValue])).toEqual([
      ['root_detection', 'absent', 'said differently elsewhere in the document'],
      ['openssl', 'present', undefined],
      ['root_detection', 'absent', 'false'],
      ['openssl', 'present', undefined],
    ]);
    const denied = read({ features: { root_detection: 'odd' }, plugins: { root_detection: 'off' } }).features;
    expect(denied.map(({ presence, rawValue }) => [presence, rawValue])).toEqual([
      ['absent', '"odd"'],
      ['absent', '"off"'],
    ]);
  });

  it('under keys that are not known are said once each', () => {
    const { features } = read({ upsell: { root_detection: false, anti_debugging: true } });
    expect(features.map(({ name, presence, rawValue }) => [name, presence, rawValue])).toEqual([
      ['root_detection', 'absent', 'false'],
      ['anti_debugging', 'unknown', 'listed under a key that is not known'],
    ]);
  });
});
