import { describe, expect, it } from 'vitest';
import { readJsonFeatures } from '../../src/certificate/json-features.ts';
import { JsonObject, parseJsonTree } from '../../src/certificate/json-tree.ts';
import type { Presence } from '../../src/model/certificate.ts';

/** @param value an object, or the text of one, where a key comes twice */
function read(value: object | string) {
  const tree = parseJsonTree(typeof value === 'string' ? value : JSON.stringify(value));
  if (!(tree instanceof JsonObject)) throw new Error('no object');
  const { mentions, ...rest } = readJsonFeatures(tree);
  return { ...rest, mentions: mentions.list.map(({ text, where, words = [text] }) => [words.join(' '), where]) };
}

/** What a policy would accept of it. */
function values(value: object): string[] {
  const tree = parseJsonTree(JSON.stringify(value));
  if (!(tree instanceof JsonObject)) throw new Error('no object');
  return readJsonFeatures(tree).mentions.list.map(({ text, where }) => `${where}: ${text}`);
}

const said = (value: object | string): Array<[string, Presence]> =>
  read(value).features.map(({ name, presence }) => [name, presence]);

const ID = '2c6d8f10-c6f1-11f1-9a3e-0242ac120002';
const ids = { build_id: ID, app_id: ID, fusion_set_name: 'Root Detection' };
const ON = { enabled: true };
const OFF = { enabled: false };

/** The shapes as lists of one name, under a key that announces a list. */
const LISTS: Array<[string, object]> = [
  ['A', [{ name: 'root_detection', ...ON }]],
  ['B', ['root_detection']],
  ['C', { 'OS Integrity': { parameters: ['root_detection'] } }],
  ['D', { root_detection: true }],
  ['E', { root_detection: ON }],
  ['F', { 'root_detection.enabled': true }],
  ['G', [{ key: 'root_detection', value: true }]],
];

describe('a place', () => {
  it.each(LISTS)('shape %s proves under keys that announce a list, at the top and one level down', (shape, list) => {
    for (const key of ['features', 'Plugins', 'protections', 'parameters', 'security', 'services', 'items']) {
      const block = { ...ids, [key]: list };
      expect(read(block)).toMatchObject({
        shapes: [shape],
        nested: false,
        features: [{ name: 'root_detection', presence: 'present', role: 'json', document: 'json' }],
        mentions: [],
      });
      for (const wrapper of ['build', 'app', 'fusion_set', 'signing', 'certificate', 'info', 'details'])
        expect(read({ [wrapper]: block })).toMatchObject({ shapes: [shape], nested: true, mentions: [] });
    }
  });

  it.each(LISTS)('shape %s only mentions its names under any other key', (_, list) => {
    for (const key of [
      'removed',
      'disabled_features',
      'upsell',
      'data',
      '!features',
      'features (removed)',
      'not_features',
      'featuresOff',
    ]) {
      for (const block of [
        { [key]: list },
        { [key]: { features: list } },
        { [key]: [{ features: list }] },
        { certificate: { [key]: list } },
        { certificate: { certificate: { features: list } } },
        { features: { [key]: list } },
        { security: { features: list } },
      ]) {
        const { features, mentions } = read({ ...ids, ...block });
        expect(features.filter(({ presence }) => presence !== 'unknown')).toEqual([]);
        expect(mentions.some(([words]) => words?.includes('root_detection'))).toBe(true);
      }
    }
  });

  it.each<[string, object, Presence | undefined]>([
    ['a statement', { root_detection: ON }, 'present'],
    ['a denial', { root_detection: OFF }, 'absent'],
    ['a name with attributes', { 'root_detection.enabled': true }, 'present'],
    ['a category', { 'OS Integrity': { plugins: ['root_detection'] } }, 'present'],
    ['a statement with more in it', { root_detection: { ...ON, result: 'FAIL' } }, 'unknown'],
    ['a category that is not known', { Revoked: { plugins: ['root_detection'] } }, undefined],
    ['a flag', { root_detection: true }, undefined],
    ['a denying flag', { root_detection: false }, undefined],
    ['words', { root_detection: 'enabled' }, undefined],
    ['an object that says nothing', { root_detection: { colour: 'red' } }, undefined],
    ['a name that is not known', { brand_new_protection: ON }, undefined],
  ])('in the document itself: %s', (_, block, presence) => {
    for (const whole of [block, { certificate: block }]) {
      const { features, mentions } = read({ ...ids, ...whole });
      expect(features.map((fact) => fact.presence)).toEqual(presence === undefined ? [] : [presence]);
      expect(mentions.length === 0).toBe(presence === 'present' || presence === 'absent');
    }
  });
});

describe('a value outside the lists', () => {
  const unclear = (value: unknown, key: string) => [{ kind: 'text', text: value, document: 'json', where: key }];

  it.each(LISTS)('that is no fact may apply to all of them: shape %s', (_, list) => {
    for (const [key, value] of [
      ['enabled', false],
      ['status', 'revoked'],
      ['not_applied', true],
      ['result', 'FAIL'],
      ['version', 3],
      ['anything', null],
      ['features', 'none'],
      ['synthetic_rehearsal', false],
      ['removed.enabled', true],
    ] as const) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const path = /\./u.test(key) ? `["${key}"]` : `.${key}`;
      for (const whole of [
        { plugins: list, [key]: value },
        { certificate: { plugins: list }, [key]: value },
      ]) {
        const [fact] = read({ ...ids, ...whole }).features;
        expect(fact).toMatchObject({ presence: 'unknown', unread: unclear(text, `$${path}`) });
      }
      const inside = { app: { plugins: list, [key]: value }, protections: ['anti_debugging'] };
      const found = read({ ...ids, ...inside }).features;
      expect(found.map(({ name }) => name)).toEqual(['root_detection', 'anti_debugging']);
      for (const fact of found)
        expect(fact).toMatchObject({ presence: 'unknown', unread: unclear(text, `$.app${path}`) });
    }
  });

  it.each<[string, object, string, string]>([
    ['in an object', { result: { outcome: 'FAIL' } }, '$.result.outcome', 'FAIL'],
    ['in an array', { result: ['FAIL'] }, '$.result[0]', 'FAIL'],
    ['under a word for an answer', { status: { value: 'revoked' } }, '$.status.value', 'revoked'],
    ['in a part of the record', { build: { status: 'failed' } }, '$.build.status', 'failed'],
    ['deep in a part of the record', { build: { state: ['revoked'] } }, '$.build.state[0]', 'revoked'],
    ['in a part of a part', { build: { app: { status: 'failed' } } }, '$.build.app.status', 'failed'],
    ['that has nothing in it', { revoked: [] }, '$.revoked', '[]'],
    ['under an identity key', { build_id: { state: 'revoked' } }, '$.build_id.state', 'revoked'],
    ['that is a fact under an unknown key', { not_for: { build_id: ID } }, '$.not_for.build_id', ID],
    ['deep under an unknown key', { not_for: { app: { app_id: ID } } }, '$.not_for.app.app_id', ID],
    ['that only the PDF has', { annotation: 'of this build' }, '$.annotation', 'of this build'],
    ['in a fact of another form', { extended_logs: 'none' }, '$.extended_logs', 'none'],
    [
      'in a fact of another form in a part of a part',
      { build: { app: { app_id: 'none' } } },
      '$.build.app.app_id',
      'none',
    ],
    ['in a list of nothing known', { items: ['revoked'] }, '$.items[0]', 'revoked'],
    ['spelt in another way', { gone: { root: 'root%5Fdetection' } }, '$.gone.root', 'root%5Fdetection'],
  ])('takes the proof back %s', (_, block, where, text) => {
    for (const whole of [
      { features: ['root_detection'], ...block },
      { ...block, certificate: { features: ['root_detection'] } },
    ]) {
      const [fact] = read({ ...ids, ...whole }).features;
      expect(fact).toMatchObject({ presence: 'unknown', unread: unclear(text, where) });
    }
  });

  it.each<[string, object]>([
    ['beside the list in its part', { info: { features: ['root_detection'], revoked: [true] } }],
    ['as a list of states', { certificate: { features: ['root_detection'], state: ['revoked'] } }],
    ['as a list of names', { features: ['root_detection'], disabled: ['all'] }],
  ])('takes the proof back %s', (_, block) => {
    expect(said(block)).toEqual([['root_detection', 'unknown']]);
  });

  it('may be a fact in any part of the record, and parts may be empty', () => {
    const block = { build: { build_id: ID, app: { bundle_id: 'com.example', team_id: null } }, details: {} };
    expect(said({ ...block, certificate: { features: ['root_detection'] } })).toEqual([['root_detection', 'present']]);
  });

  it('lifts no denial, and adds nothing to what says nothing', () => {
    const block = { features: { root_detection: false, anti_debugging: 'no' }, status: 'revoked' };
    expect(said(block)).toEqual([
      ['root_detection', 'absent'],
      ['anti_debugging', 'unknown'],
    ]);
    expect(read(block).features.every(({ unread }) => unread === undefined)).toBe(true);
  });

  it('is one of many as one piece', () => {
    const unread = (count: number) => {
      const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, index]));
      return read({ ...many, features: ['root_detection'] }).features[0]?.unread ?? [];
    };
    expect(unread(21)).toMatchObject([{ where: '$.x0', text: expect.stringMatching(/^\["0",.*"20"\]$/u) }]);
    expect(unread(20).map(({ where, text }) => [where, text])).toEqual(
      Array.from({ length: 20 }, (_, index) => [`$.x${index}`, `${index}`]),
    );
  });

  it('is added to the doubts of a heading', () => {
    const [fact] = read({ features: { Revoked: { plugins: ['root_detection'] } }, status: 'off' }).features;
    expect(fact).toMatchObject({ presence: 'unknown' });
    expect(fact?.unread?.map(({ kind, text, where }) => [kind, text, where])).toEqual([
      ['heading', 'Revoked', '$.features.Revoked'],
      ['text', 'off', '$.status'],
    ]);
  });

  it('is one text for all lists if there are too many to quote each, so many lists cost no more than a few', () => {
    const ofList = (list: number) => [
      'root_detection',
      ...Array.from({ length: 15 }, (_, index) => `new ${list} ${index}`),
    ];
    const { features } = read(
      Object.fromEntries(['features', 'Features', 'plugins', 'PLUGINS'].map((key, list) => [key, ofList(list)])),
    );
    const elsewhere = features.flatMap(({ unread = [] }) => unread.filter((wording) => wording.elsewhere));
    expect(features.map(({ presence }) => presence)).toEqual(Array(64).fill('unknown'));
    expect(elsewhere).toHaveLength(64);
    expect(new Set(elsewhere.map(({ text }) => text)).size).toBe(1);
    expect(elsewhere[0]?.names).toHaveLength(60);
  });

  it('decides for the name wherever it is said', () => {
    const block = { plugins: ['root_detection'], app: { status: 'off', features: ['root_detection'] } };
    for (const { presence, unread } of read(block).features)
      expect([presence, unread]).toMatchObject(['unknown', [{ text: 'off', where: '$.app.status', elsewhere: true }]]);
  });
});

describe('a document that lists a name and also takes it back', () => {
  const yes = { features: [{ name: 'root_detection', ...ON }] };

  it.each<[string, object, string]>([
    ['removed', { removed: ['root_detection'] }, '$.removed[0]'],
    ['disabled_features', { disabled_features: [{ name: 'root_detection' }] }, '$.disabled_features[0].name'],
    ['a flag at the top', { root_detection: false }, '$.root_detection'],
    ['a word at the top', { root_detection: 'removed' }, '$.root_detection'],
    ['a key further down', { status: { parts: [{ root_detection: null }] } }, '$.status.parts[0].root_detection'],
    ['a key of nothing', { root_detection: {} }, '$.root_detection'],
    ['a key of much', { root_detection: [{ a: { b: 1 } }] }, '$.root_detection[0].a.b'],
    ['a sentence', { note: 'root_detection was not applied' }, '$.note'],
    ['an attribute that is not known', { 'root_detection.removed': true }, '$["root_detection.removed"]'],
    ['a list under an unknown key', { gone: { root_detection: true } }, '$.gone.root_detection'],
    ['an identity key that holds a list', { bundle_id: ['root_detection'] }, '$.bundle_id[0]'],
    ['an identity key that is nested', { removed: { bundle_id: 'root_detection' } }, '$.removed.bundle_id'],
  ])('mentions it: %s', (_, block, where) => {
    for (const { mentions } of [read({ ...yes, ...block }), read({ ...block, ...yes })])
      expect(mentions).toContainEqual([expect.stringContaining('root_detection'), where]);
  });

  it('is as strong as the weakest of its lists, in every place', () => {
    for (const no of [
      { plugins: { root_detection: false } },
      { certificate: { features: { 'Root Detection': false } } },
      { 'root_detection.enabled': false },
      { protections: [{ name: 'root_detection', ...OFF }] },
    ]) {
      for (const block of [
        { ...yes, ...no },
        { ...no, ...yes },
      ])
        expect(new Set(said(block).map(([, presence]) => presence))).toEqual(new Set(['absent']));
    }
    const [no, maybe] = [false, 'no'].map(
      (value) => read({ plugins: ['root_detection'], features: { root_detection: value } }).features[0],
    );
    expect(no).toMatchObject({ presence: 'absent', rawValue: 'said differently elsewhere in the document' });
    expect(maybe).toMatchObject({
      presence: 'unknown',
      rawValue: 'root_detection (said differently elsewhere in the document)',
    });
  });

  it('depends on wording only if each of its doubts does', () => {
    const wording = { app: { features: { Revoked: { plugins: ['root_detection'] } } } };
    const said = (block: object) =>
      read(block).features.map(({ presence, unread, rawValue }) => [presence, unread?.length, rawValue]);
    expect(said({ plugins: ['root_detection'], ...wording })).toEqual([
      ['unknown', 1, undefined],
      ['unknown', 1, undefined],
    ]);
    for (const yes of [['root_detection'], { 'Root Detection': true }]) {
      const [first, second, third] = said({ plugins: yes, features: { root_detection: '?' }, ...wording });
      expect(first).toEqual(['unknown', undefined, expect.stringMatching(/elsewhere/u)]);
      expect([second, third]).toEqual([
        ['unknown', undefined, '?'],
        ['unknown', 1, undefined],
      ]);
    }
  });

  it.each([
    '!root_detection',
    '~~root_detection~~',
    '✗ root_detection',
    '☐ root_detection',
    '-root_detection',
    'root_detection?',
  ])('does so with %s, which is not the name', (name) => {
    for (const block of [
      { features: [{ name, ...ON }] },
      { features: [name] },
      { features: { [name]: true } },
      { features: { [name]: ON } },
      { features: { [`${name}.enabled`]: true } },
    ]) {
      expect(said(block)).toEqual([[name, 'unknown']]);
      expect(read(block).mentions.length).toBeGreaterThan(0);
    }
    expect(
      said({
        features: [
          { name, ...ON },
          { name: 'root_detection', ...ON },
        ],
      }).map(([, one]) => one),
    ).toEqual(['unknown', 'unknown']);
  });
});

describe('an entry that is not understood', () => {
  it('is unknown, says why, and mentions all that stands in it', () => {
    const { features, mentions } = read({
      features: [
        { name: 'root_detection', ...ON, result: 'FAIL' },
        { name: 'anti_debugging', ...ON },
      ],
    });
    expect(features).toMatchObject([
      {
        presence: 'unknown',
        rawValue: '{"name":"root_detection","enabled":true,"result":"FAIL"}',
        where: '$.features[0]',
      },
      { presence: 'present' },
    ]);
    expect(mentions).toEqual([['name root_detection enabled result FAIL  root_detection FAIL', '$.features[0]']]);
  });

  it.each<[string, object]>([
    ['an element that is no entry', [{ name: 'root_detection', ...ON }, { section: 'removed' }]],
    ['words among objects', [{ name: 'root_detection', ...ON }, 'removed:']],
    ['a flag among statements', { root_detection: ON, anti_debugging: true }],
    ['numbers', [1, 2]],
    [
      'a name that is none',
      [
        { name: ' ', ...ON },
        { name: 'root_detection', ...ON },
      ],
    ],
    ['a category among flags', { root_detection: true, 'OS Integrity': { plugins: ['anti_debugging'] } }],
    ['a category with more in it', { 'OS Integrity': { plugins: ['root_detection'], note: 'removed' } }],
    ['an empty category', { 'OS Integrity': {} }],
    ['a category with a list of another name', { 'OS Integrity': { plugins: ['root_detection'], removed: [] } }],
    ['a category that holds a text', { 'OS Integrity': { plugins: 'root_detection' } }],
    ['a category that holds nothing', { 'OS Integrity': { plugins: null } }],
    ['a category with a list that is none', { 'OS Integrity': { plugins: ['root_detection'], parameters: [1] } }],
    [
      'a category beside one that is none',
      { 'OS Integrity': { plugins: ['root_detection'] }, Other: { plugins: [1], parameters: [] } },
    ],
    ['a category in a category', { 'OS Integrity': { plugins: { 'OS Integrity': { plugins: ['root_detection'] } } } }],
  ])('can be a whole list: %s', (_, features) => {
    expect(read({ features })).toMatchObject({ shapes: [], features: [] });
    expect(read({ features }).mentions.length).toBeGreaterThan(0);
  });

  it.each<[string, object]>([
    ['B', ['root_detection', 'Removed', 'anti_debugging']],
    ['C', { 'OS Integrity': { plugins: ['Removed'], parameters: ['root_detection'] } }],
    ['D', { root_detection: true, enabled: false }],
    ['D', { root_detection: true, status: 'revoked' }],
    ['D', { root_detection: true, 'anti_debugging.enabled': true }],
    ['E', { root_detection: ON, 'ONEShield™ by Appdome': { plugins: ['anti_debugging'], status: 'removed' } }],
    ['E', { root_detection: ON, removed: ON }],
    ['F', { 'root_detection.enabled': true, 'removed.enabled': true }],
    ['A', [{ name: 'Removed' }, { name: 'root_detection' }]],
  ])('in shape %s takes the names beside it along, which have no answer of their own', (shape, features) => {
    expect(read({ features })).toMatchObject({ shapes: [shape] });
    expect(said({ features }).filter(([, presence]) => presence === 'present')).toEqual([]);
    for (const { name, unread } of read({ features }).features)
      if (name === 'root_detection') expect(unread?.every(({ where }) => where !== '$')).toBe(true);
  });

  it.each(['brand_new_protection', 'Everything in this list was removed', 'removed', 'all'])(
    'leaves the others without proof, whatever answer of its own it has: %s',
    (name) => {
      const others = [{ name: 'root_detection', ...ON }, { name: 'anti_debugging' }];
      const unproven = [
        ['root_detection', 'unknown'],
        ['anti_debugging', 'unknown'],
      ];
      const own = { name, ...ON };
      expect(said({ features: [own, ...others] })).toEqual([[name, 'present'], ...unproven]);
      expect(said({ features: [{ name, enabled: false }, ...others] }).slice(1)).toEqual(unproven);
      // It may hold a name that is known: `no_root_detection`.
      expect(read({ features: [own, ...others] }).mentions).toContainEqual([name, '$.features[0]']);
      expect(said({ features: [own] })).toEqual([[name, 'present']]);
    },
  );

  it('is one beside unknown words, with each of them and its place', () => {
    const { features } = read({ features: ['root_detection', 'Removed', 'Gone'] });
    expect(features[0]?.unread).toEqual([
      { kind: 'text', text: 'Removed', document: 'json', where: '$.features[1]', names: ['Removed'] },
      { kind: 'text', text: 'Gone', document: 'json', where: '$.features[2]', names: ['Gone'] },
    ]);
  });

  it('has an empty name, which is no feature and takes the others along', () => {
    for (const name of ['', ' '])
      for (const features of [
        { [name]: true, root_detection: true },
        [name, 'root_detection'],
        { [name]: ON, root_detection: ON },
      ])
        expect(said({ features })).toEqual([['root_detection', 'unknown']]);
  });

  it('has a category or a role beside its answer, where its name is a key', () => {
    for (const more of [{ category: 'OS Integrity' }, { role: 'plugin' }, { name: 'root_detection' }])
      for (const block of [
        { features: { root_detection: { ...ON, ...more } } },
        { root_detection: { ...ON, ...more } },
      ])
        expect(said(block)).toEqual([['root_detection', 'unknown']]);
  });

  it('is everything under a heading that is not known', () => {
    for (const heading of ['Revoked', '!OS Integrity', 'Not Included', 'OS Integrity (removed)']) {
      const { features, mentions } = read({ features: { [heading]: { plugins: ['root_detection'] } } });
      expect(features).toMatchObject([{ presence: 'unknown', category: heading }]);
      expect(features[0]?.unread).toMatchObject([{ kind: 'heading', text: heading, document: 'json' }]);
      expect(mentions).toEqual([]);
    }
  });

  it('is a Threat-Event name', () => {
    expect(said({ features: ['RootedDevice', 'root_detection'] })).toEqual([
      ['RootedDevice', 'unknown'],
      ['root_detection', 'present'],
    ]);
  });
});

describe('the shapes', () => {
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
    ['A', [{ id: 'root_detection', value: true }]],
    ['A', [{ name: 'root_detection', value: true, category: 'OS Integrity' }]],
    ['A', [{ key: 'root_detection', value: true, role: 'plugin' }]],
    ['A', [{ name: 'root_detection', role: 'plugin' }]],
    ['A', [{ name: 'root_detection' }]],
  ])('%s is told by its members', (shape, elements) => {
    expect(read({ features: elements }).shapes).toEqual([shape]);
  });

  it('an empty list is one with nothing in it, and a general key announces none', () => {
    expect(read({ features: [] })).toMatchObject({ shapes: ['B'], features: [] });
    expect(read({ plugins: {} })).toMatchObject({ shapes: ['D'], features: [] });
    for (const list of [[], {}, ['foo', 'bar'], { foo: true }]) expect(read({ security: list }).shapes).toEqual([]);
  });

  it.each(['serverMode', 'server_mode', 'mode', 'enabled', 'value'])(
    'F has names with the attribute %s',
    (attribute) => {
      const value = ['enabled', 'value'].includes(attribute) ? true : 'in_app_defense';
      const member = { [`root_detection.${attribute}`]: value };
      for (const block of [member, { app: member }, { features: member }, { features: { ...member, 'x.y.mode': 'x' } }])
        expect(read(block).shapes).toEqual(['F']);
      expect(said(member)).toEqual([['root_detection', 'present']]);
      for (const key of [attribute, `.${attribute}`, `root_detection.${attribute}s`, `root_detection_${attribute}`]) {
        expect(read({ features: { [key]: value } }).shapes).toEqual(['D']);
        expect(read({ [key]: value })).toMatchObject({ shapes: [], features: [] });
      }
    },
  );

  it('F takes the last dot, and the attributes of a name together', () => {
    const { features } = read({ features: { 'root.mode.mode': 'x', 'root.mode.enabled': true, 'a\nb.enabled': true } });
    expect(features.map(({ name, where }) => [name, where])).toEqual([
      ['root.mode', '$.features["root.mode.mode"]'],
      ['a\nb', '$.features["a\\nb.enabled"]'],
    ]);
  });

  it('D says what it prints where that is no "yes"', () => {
    const { shapes, features } = read({
      features: { root_detection: true, anti_debugging: false, proxy_detection: 'false', openssl: null },
    });
    expect(shapes).toEqual(['D']);
    expect(features.map(({ presence, rawValue }) => [presence, rawValue])).toEqual([
      ['present', undefined],
      ['absent', 'false'],
      ['absent', '"false"'],
      ['unknown', 'null'],
    ]);
  });

  it('C and E may stand in the document itself', () => {
    expect(read({ root_detection: ON }).shapes).toEqual(['E']);
    expect(read({ 'OS Integrity': { plugins: ['root_detection'], parameters: [] } }).shapes).toEqual(['C']);
  });

  it.each([3, null, true, 'root_detection, anti_debugging'])('%j is no list', (features) => {
    expect(read({ features })).toMatchObject({ shapes: [], features: [] });
  });

  it('stand beside each other', () => {
    const block = { services: ['root_detection'], features: { anti_debugging: true }, 'proxy_detection.enabled': true };
    expect(read({ ...ids, ...block })).toMatchObject({ shapes: ['B', 'D', 'F'], nested: false, mentions: [] });
    expect(read({ ...block, certificate: { items: ['openssl'] } }).nested).toBe(true);
  });

  it('keep category, mode and place, and cut what is too long', () => {
    expect(
      read({ features: [{ name: ' root_detection ', category: 'OS Integrity', role: 'plugin', te: 'in_app_defense' }] })
        .features,
    ).toStrictEqual([
      {
        name: 'root_detection',
        role: 'json',
        category: 'OS Integrity',
        presence: 'present',
        threatEvents: 'In-App Defense',
        document: 'json',
        where: '$.features[0]',
      },
    ]);
    expect(read({ features: ['root_detection'] }).features).toStrictEqual([
      { name: 'root_detection', role: 'json', presence: 'present', document: 'json', where: '$.features[0]' },
    ]);
    const heading = 'x'.repeat(300);
    expect(read({ features: { [heading]: { plugins: ['root_detection'] } } }).features).toMatchObject([
      { category: 'x'.repeat(200), unread: [{ text: heading }] },
    ]);
    const long = read({ features: [{ name: 'x'.repeat(300), category: 'y'.repeat(300), ...ON }] }).features[0];
    expect([long?.name.length, long?.category?.length]).toEqual([200, 200]);
    expect(said({ features: { 'root_detection.enabled': true, 'root_detection.mode': 'off' } })).toEqual([
      ['root_detection', 'unknown'],
    ]);
  });
});

describe('what the reader knows beside lists', () => {
  it('is no mention: facts of the record, and the mark of the embedded service', () => {
    const facts = { fusion_set_name: 'Root Detection', app_type: 'aab', min_sdk_version: 24 };
    expect(read({ ...facts, synthetic_rehearsal: true, certificate: facts }).mentions).toEqual([]);
    expect(read({ synthetic_rehearsal: 'root_detection' }).mentions).toHaveLength(1);
  });

  it('everything else is one: each value with the keys above it, and texts that are neighbours', () => {
    const value = { since: '2026', flags: ['x', 2, null, 'y'], deep: { a: [{ b: 'c' }], d: {} }, '12': 3 };
    expect(read(value).mentions).toEqual([
      ['since 2026', '$.since'],
      ['flags x', '$.flags[0]'],
      ['flags', '$.flags[1]'],
      ['flags', '$.flags[2]'],
      ['flags y', '$.flags[3]'],
      ['x y', '$.flags'],
      ['deep a b c', '$.deep.a[0].b'],
      ['deep d', '$.deep.d'],
    ]);
    expect(values(value)).toEqual([
      '$.since: 2026',
      '$.flags[0]: x',
      '$.flags[1]: 2',
      '$.flags[2]: null',
      '$.flags[3]: y',
      '$.flags: ["x",2,null,"y"]',
      '$.deep.a[0].b: c',
      '$.deep.d: {}',
    ]);
  });
});
