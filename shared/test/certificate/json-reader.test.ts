import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFeatureName } from '../../src/catalogue/name-index.ts';
import { normaliseName } from '../../src/catalogue/normalise.ts';
import type { CertificateDocument, DocumentReading, Presence } from '../../src/certificate/certificate.ts';
import { JSON_LIMIT, readJsonCertificate } from '../../src/certificate/json-reader.ts';
import { propertyRuns } from '../support/property-runs.ts';

// The same cases on every run: what fails here fails everywhere.

const ids = { build_id: 'b-1', app_id: 'a-1', fusion_set_id: 'f-1' };

function readText(text: string | Uint8Array): DocumentReading {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return readJsonCertificate({ state: 'present', bytes, sha256: 'digest' });
}

function readDocument(text: string): CertificateDocument {
  const reading = readText(text);
  if (!reading.ok) throw new Error(reading.message);
  return reading.document;
}

function read(value: object): CertificateDocument {
  return readDocument(JSON.stringify({ ...ids, ...value }));
}

function presences(document: CertificateDocument): Record<string, Presence> {
  return Object.fromEntries(document.features.map(({ name, presence }) => [name, presence]));
}

describe('what is no JSON object', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty'],
    ['blanks', ' \n\t ', 'empty'],
    ['an HTML page', '<!doctype html><html></html>', 'not-json'],
    ['words', 'Not Found', 'not-json'],
    ['half a document', '{"build_id":"x","app_id"', 'not-json'],
    ['two documents', '{}{}', 'not-json'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'not-json'],
    [
      'text that is not UTF-8 in its values alone',
      new Uint8Array([...'{"build_id":"'].map((one) => one.charCodeAt(0)).concat(0xff, 0x22, 0x7d)),
      'not-json',
    ],
    ['an array', '[{"name":"root_detection","enabled":true}]', 'not-object'],
    ['null', 'null', 'not-object'],
    ['a string', '"root_detection"', 'not-object'],
    ['a number', '12', 'not-object'],
    ['too many bytes', new Uint8Array(JSON_LIMIT + 1).fill(0x20), 'too-large'],
  ])('%s', (_, text, problem) => {
    expect(readText(text)).toMatchObject({ ok: false, kind: 'json', problem, sha256: 'digest' });
  });

  it('a page says that it is one', () => {
    expect(readText('\n <html></html>')).toMatchObject({ message: expect.stringMatching(/HTML or XML/u) });
    expect(readText('words <')).toMatchObject({ message: 'The file is not JSON' });
  });

  it('as many bytes as may be are read', () => {
    const bytes = new Uint8Array(JSON_LIMIT).fill(0x20);
    bytes.set([0x7b, 0x7d]);
    expect(readText(bytes)).toMatchObject({ ok: true, document: { kind: 'json', missingListeners: [], facts: {} } });
  });

  it('absence gives its reason', () => {
    const reading = readJsonCertificate({ state: 'absent', reason: 'HTTP 404' });
    expect(reading).toEqual({ ok: false, kind: 'json', problem: 'absent', message: 'HTTP 404' });
  });

  it('a byte order mark is no obstacle', () => {
    expect(readText('\ufeff{"build_id":"x"}')).toMatchObject({ ok: true });
  });
});

describe('identity', () => {
  it('reads the thirteen keys as they are, and no other', () => {
    const all = {
      build_id: 'B',
      app_id: 'A',
      app_type: 'aab',
      bundle_id: 'com.example.a',
      fusion_set_id: 'F',
      fusion_set_name: ' Set ',
      team_id: 'T',
      extended_logs: false,
      sign_type: 'OnAppdome',
      min_sdk_version: 24,
      release_type: 'r',
      build_external_api_plugin_name: 'P',
      is_context_api_call: 'true',
    };
    const document = readDocument(JSON.stringify({ ...all, user: 'Someone', app_name: 'App', Build_Id: 'x' }));
    const facts = Object.fromEntries(
      Object.entries(document.facts).map(([name, list]) => [name, list.map(({ value }) => value)]),
    );
    expect(facts).toEqual(
      Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [String(value).trim()]])),
    );
    expect(JSON.stringify(document)).not.toContain('Someone');
  });

  it('reads none from null, empty text, lists and objects', () => {
    const document = readDocument('{"build_id":null,"app_id":"  ","team_id":["x"],"fusion_set_id":{"id":"x"}}');
    expect(document.facts).toEqual({});
  });

  it('keeps every value, outer ones first, and where it stands', () => {
    const document = readDocument(
      '{"certificate":{"build_id":"inner"},"list":[{"build_id":"third"}],"build_id":"outer"}',
    );
    expect(document.facts.build_id).toEqual([
      { value: 'outer', document: 'json', where: '$.build_id' },
      { value: 'inner', document: 'json', where: '$.certificate.build_id' },
      { value: 'third', document: 'json', where: '$.list[0].build_id' },
    ]);
  });

  it('notices a key that is given twice', () => {
    const document = readDocument('{"build_id":"one","build_id":"two"}');
    expect(document.facts.build_id?.map(({ value, where }) => [value, where])).toEqual([
      ['one', '$.build_id'],
      ['two', '$.build_id (2)'],
    ]);
  });

  it('does not lose a second value behind many equal ones', () => {
    const document = readDocument(`{"build_id":"one","all":[${'{"build_id":"one"},'.repeat(500)}{"build_id":"two"}]}`);
    expect(document.facts.build_id?.at(-1)?.value).toBe('two');
    expect(document.facts.build_id?.length).toBe(51);
    const factsOf = (list: readonly string[]) =>
      readDocument(`{"all":[${list.map((value) => `{"build_id":"${value}"}`).join()}]}`).facts.build_id?.length;
    expect(factsOf(Array(500).fill('one'))).toBe(50);
    expect(factsOf(Array.from({ length: 500 }, (_, index) => `${index}`))).toBe(51);
    expect(factsOf([...Array(49).fill('one'), 'two', 'two', 'one'])).toBe(50);
  });

  it('survives hostile keys', () => {
    const document = readDocument(
      '{"__proto__":{"build_id":"x"},"constructor":{"prototype":{"app_id":"y"}},"toString":1}',
    );
    expect(document.facts.build_id?.map(({ value }) => value)).toEqual(['x']);
    expect(({} as Record<string, unknown>).build_id).toBeUndefined();
    expect(document.topLevel).toEqual([
      { key: '__proto__', type: 'object' },
      { key: 'constructor', type: 'object' },
      { key: 'toString', type: 'number' },
    ]);
  });
});

describe('an unknown shape', () => {
  it('has no list, and shows keys and types but no values', () => {
    const document = read({ secured_with: { level: 3 }, flags: [1, 2], note: 'x', none: null, yes: true, n: 1 });
    expect(document).toMatchObject({ shape: 'unknown', hasFeatureList: false, complete: false, features: [] });
    expect(document.topLevel).toEqual([
      { key: 'build_id', type: 'string' },
      { key: 'app_id', type: 'string' },
      { key: 'fusion_set_id', type: 'string' },
      { key: 'secured_with', type: 'object' },
      { key: 'flags', type: 'array' },
      { key: 'note', type: 'string' },
      { key: 'none', type: 'null' },
      { key: 'yes', type: 'boolean' },
      { key: 'n', type: 'number' },
    ]);
  });

  it('shows a bounded number of keys of bounded length', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${'k'.repeat(500)}${index}`, 1]));
    const { topLevel } = read(many);
    expect(topLevel).toHaveLength(100);
    expect(Math.max(...topLevel.map(({ key }) => key.length))).toBe(80);
  });
});

interface Listed {
  name: string;
  on: boolean;
}

/** The shapes of appdome-api.md §7.3, written from its table. */
const SHAPES: Record<string, (list: Listed[]) => object> = {
  A: (list) => ({ features: list.map(({ name, on }) => ({ name, enabled: on, category: 'Some' })) }),
  B: (list) => ({ protections: list.filter(({ on }) => on).map(({ name }) => name) }),
  C: (list) => ({
    features: { Some: { plugins: list.filter(({ on }) => on).map(({ name }) => name), parameters: [] } },
  }),
  D: (list) => ({ features: Object.fromEntries(list.map(({ name, on }) => [name, on])) }),
  E: (list) => ({
    features: Object.fromEntries(
      list.map(({ name, on }) => [name, { enabled: on, mode: on ? 'in_app_defense' : 'off' }]),
    ),
  }),
  F: (list) => ({ features: Object.fromEntries(list.map(({ name, on }) => [`${name}.enabled`, on])) }),
  G: (list) => ({ plugins: list.map(({ name, on }) => ({ key: name, value: on })) }),
};

describe('the allow-listed shapes', () => {
  const name = fc.stringMatching(/^[a-z]{3,12}_[a-z]{3,12}$/);
  const listed = fc.uniqueArray(fc.record({ name, on: fc.boolean() }), {
    selector: (one) => one.name,
    minLength: 1,
    maxLength: 12,
  });

  for (const [shape, write] of Object.entries(SHAPES)) {
    it(`${shape} comes back as it was written, at the top and one level down`, () => {
      fc.assert(
        fc.property(listed, fc.boolean(), (list, nested) => {
          const shown = list.some(({ on }) => on) ? list : [...list, { name: 'one_more', on: true }];
          const block = write(shown);
          const document = nested ? read({ certificate: block }) : read(block);
          expect(document).toMatchObject({
            shape: nested ? `${shape} nested` : shape,
            hasFeatureList: true,
            complete: false,
          });
          const said = presences(document);
          for (const { name: key, on } of shown) {
            // B and C can only list what is there.
            if (on) expect(said[key]).toBe('present');
            else expect(said[key]).toBe(shape === 'B' || shape === 'C' ? undefined : 'absent');
          }
        }),
        propertyRuns(60),
      );
    });
  }

  it('are not searched further down', () => {
    const block = SHAPES.A?.([{ name: 'root_detection', on: true }]) ?? {};
    expect(read({ a: { b: block } })).toMatchObject({ hasFeatureList: false, features: [] });
    expect(read({ a: [block] })).toMatchObject({ hasFeatureList: false, features: [] });
  });

  it('categories are kept, also where they stand in the document itself', () => {
    const document = read({ 'OS Integrity': { plugins: ['os_integrity'], parameters: ['root_detection'] } });
    expect(document.shape).toBe('C');
    expect(document.features.map(({ category, name: key, where }) => [category, key, where])).toEqual([
      ['OS Integrity', 'os_integrity', '$["OS Integrity"].plugins[0]'],
      ['OS Integrity', 'root_detection', '$["OS Integrity"].parameters[0]'],
    ]);
  });

  it('one list beside the other is read too', () => {
    const document = read({ plugins: ['os_integrity'], parameters: { root_detection: true } });
    expect(document).toMatchObject({ shape: 'B+D', hasFeatureList: true });
    expect(presences(document)).toEqual({ os_integrity: 'present', root_detection: 'present' });
  });

  it('a general key announces a list where a known name stands in it', () => {
    expect(read({ security: { foo: true, bar: true } }).hasFeatureList).toBe(false);
    expect(presences(read({ security: { root_detection: true, bar: true } }))).toMatchObject({
      root_detection: 'present',
    });
  });

  it.each([
    ['A', [{ name: 'root_detection', enabled: true }, { name: 'anti_debugging' }]],
    ['B', ['root_detection', 'Anti-Debugging']],
    ['D', { root_detection: true, anti_debugging: true }],
    ['E', { root_detection: { enabled: true, mode: 'in_app_defense' }, anti_debugging: { enabled: true } }],
    ['F', { 'root_detection.enabled': true, 'anti_debugging.mode': 'in_app_defense' }],
    [
      'G',
      [
        { key: 'root_detection', value: true },
        { key: 'anti_debugging', value: true },
      ],
    ],
  ])('known names under a key that is not known prove nothing, in shape %s', (_, list) => {
    for (const key of ['upsell', 'competitor', 'fused']) {
      for (const [block, where] of [
        [{ [key]: list }, `$.${key}`],
        [{ certificate: { [key]: list } }, `$.certificate.${key}`],
      ] as const) {
        const document = read(block);
        expect(document).toMatchObject({ shape: 'unknown', hasFeatureList: false });
        expect(document.features.map(({ presence, rawValue }) => [presence, rawValue])).toEqual([
          ['unknown', 'listed under a key that is not known'],
          ['unknown', 'listed under a key that is not known'],
        ]);
        expect(document.features.every(({ threatEvents }) => threatEvents === undefined)).toBe(true);
        expect(document.unknownLists).toEqual([{ where, names: 2 }]);
      }
    }
  });

  it.each<[string, object, string]>([
    ['an array', { features: ['root_detection'] }, '.features'],
    ['flags', { security: { root_detection: true } }, '.security'],
    ['objects', { protections: [{ name: 'root_detection', enabled: true }] }, '.protections'],
    ['a category that nobody knows', { plugins: ['root_detection'], parameters: [] }, ''],
    ['a category', { 'OS Integrity': { plugins: ['root_detection'] } }, '["OS Integrity"]'],
    ['a wrapper', { certificate: { 'root_detection.enabled': true } }, '.certificate'],
  ])('a list below a key that is not known proves nothing: %s', (_, block, where) => {
    for (const key of ['upsell', 'competitor', 'data']) {
      const document = read({ [key]: block });
      expect(document).toMatchObject({ shape: 'unknown', hasFeatureList: false });
      expect(presences(document)).toEqual({ root_detection: 'unknown' });
      expect(document.unknownLists).toEqual([{ where: `$.${key}${where}`, names: 1 }]);
      const beside = read({ features: ['root_detection'], [key]: block });
      expect(beside.shape).toBe('B');
      expect(presences(beside)).toEqual({ root_detection: 'present' });
    }
  });

  it('a category outside a list is known by its heading, and others beside it take no part', () => {
    for (const heading of ['OS Integrity', 'ONEShield by Appdome', 'Other In "Set" FUSION SET']) {
      for (const wrapped of [false, true]) {
        const block = { [heading]: { plugins: ['root_detection'] }, upsell: { plugins: ['anti_debugging'] } };
        const document = read(wrapped ? { certificate: block } : block);
        expect(document.shape).toBe(wrapped ? 'C nested' : 'C');
        expect(presences(document)).toEqual({ root_detection: 'present', anti_debugging: 'unknown' });
      }
    }
  });

  it('an empty list below a key that is not known is none, and no word is lost about it', () => {
    const document = read({ upsell: { features: [] } });
    expect(document).toMatchObject({ shape: 'unknown', hasFeatureList: false });
    expect(document.unknownLists).toBeUndefined();
  });

  it('lists under keys that are not known are told of up to a bound', () => {
    const lists = Array.from({ length: 150 }, (_, index) => [`upsell_${index}`, ['root_detection', 'anti_debugging']]);
    expect(read(Object.fromEntries(lists)).unknownLists).toHaveLength(100);
  });

  it('one name, or one that nobody knows, makes no list of an unknown key', () => {
    for (const list of [['root_detection', 'whatever'], ['root_detection']]) {
      expect(read({ fused: list })).toMatchObject({ hasFeatureList: false, features: [] });
      expect(read({ fused: list }).unknownLists).toBeUndefined();
    }
  });

  it('an unknown key takes nothing from what a known one proves, and its "no" speaks against it', () => {
    const beside = (list: unknown) => presences(read({ features: ['root_detection'], upsell: list }));
    expect(beside(['root_detection', 'anti_debugging'])).toEqual({
      root_detection: 'present',
      anti_debugging: 'unknown',
    });
    expect(beside({ root_detection: false, anti_debugging: true })).toEqual({
      root_detection: 'absent',
      anti_debugging: 'unknown',
    });
    const document = read({ features: ['root_detection'], upsell: ['emulator_detection', 'anti_debugging'] });
    expect(document).toMatchObject({ shape: 'B', hasFeatureList: true });
  });

  it('names with their attributes may stand in a wrapper of the record', () => {
    const dotted = { 'root_detection.enabled': true };
    const policies = { root_detection: { enabled: true }, anti_debugging: { enabled: true } };
    expect(presences(read({ certificate: dotted }))).toEqual({ root_detection: 'present' });
    expect(presences(read({ build: policies }))).toEqual({ root_detection: 'present', anti_debugging: 'present' });
    expect(presences(read({ settings: dotted }))).toEqual({ root_detection: 'unknown' });
  });

  it.each([
    ['an empty array', { features: [] }],
    ['an empty object', { features: {} }],
  ])('%s is a list with nothing in it', (_, block) => {
    expect(read(block)).toMatchObject({ hasFeatureList: true, features: [] });
  });

  it.each([
    ['a number', { features: 3 }],
    ['text', { features: 'root_detection, anti_debugging' }],
    ['mixed elements', { features: ['root_detection', { name: 'anti_debugging' }] }],
    ['numbers', { features: [1, 2] }],
    ['objects without names', { features: [{ enabled: true }] }],
    ['objects that say nothing', { features: { root_detection: { colour: 'red' } } }],
    ['objects and flags', { features: { root_detection: { enabled: true }, anti_debugging: true } }],
  ])('%s is no list', (_, block) => {
    expect(read(block)).toMatchObject({ shape: 'unknown', hasFeatureList: false, features: [] });
  });
});

describe('values', () => {
  const table: Array<[unknown, Presence]> = [
    [true, 'present'],
    ['true', 'present'],
    [' TRUE ', 'present'],
    ['enabled', 'present'],
    ['On', 'present'],
    ['In-App Detection', 'present'],
    ['in_app_defense', 'present'],
    ['Threat-Memory', 'present'],
    [false, 'absent'],
    ['false', 'absent'],
    ['Disabled', 'absent'],
    ['OFF', 'absent'],
    ['none', 'absent'],
    [null, 'unknown'],
    ['', 'unknown'],
    ['failed', 'unknown'],
    ['active', 'unknown'],
    ['yes', 'unknown'],
    ['pending', 'unknown'],
    ['1', 'unknown'],
    [1, 'unknown'],
    [0, 'unknown'],
    [2, 'unknown'],
    [['true'], 'unknown'],
    [{ enabled: true }, 'unknown'],
  ];

  it.each(table)('%j is %s in shapes A, E, F and G', (value, presence) => {
    for (const block of [
      { features: [{ name: 'root_detection', enabled: value }] },
      { features: [{ id: 'root_detection', status: value, other: 1 }] },
      { features: { root_detection: { enabled: value } } },
      { features: { 'root_detection.enabled': value } },
      { features: [{ name: 'root_detection', value }] },
    ]) {
      expect(presences(read(block))).toEqual({ root_detection: presence });
    }
  });

  it.each(table.filter(([value]) => typeof value !== 'object' || value === null))(
    '%j is %s in shape D',
    (value, presence) => {
      const document = read({ features: { root_detection: value } });
      expect(document.shape).toBe('D');
      expect(presences(document)).toEqual({ root_detection: presence });
      if (presence !== 'present') expect(document.features[0]?.rawValue).toBe(JSON.stringify(value));
    },
  );

  it('an element without a value is listed, so it is there', () => {
    expect(presences(read({ features: [{ name: 'root_detection' }] }))).toEqual({ root_detection: 'present' });
  });

  it.each([
    [{ enabled: true, status: 'off' }, 'absent'],
    [{ enabled: true, status: 'failed' }, 'unknown'],
    [{ enabled: true, mode: 'off' }, 'absent'],
    [{ enabled: true, mode: 'in_app_detection' }, 'present'],
    [{ included: false }, 'unknown'],
    [{ available: true }, 'present'],
    [{ installed: null }, 'unknown'],
    [{ missing: true }, 'unknown'],
    [{ missing: false }, 'present'],
    [{ errors: 3 }, 'unknown'],
    [{ mode: 'in_app_defense' }, 'present'],
    [{ mode: 'surprise' }, 'unknown'],
    [{ threat_events: false }, 'present'],
    [{ threatScope: false, category: 'OS Integrity', order: 3, description: 'Finds rooted devices' }, 'present'],
    [{ isEnabled: false }, 'absent'],
    [{ isEnabled: true }, 'present'],
    [{ isActive: false }, 'absent'],
    [{ enabled: true, isActive: false }, 'absent'],
    [{ serverMode: 'off' }, 'absent'],
    [{ isIncluded: false }, 'unknown'],
    [{ in_build: false }, 'unknown'],
    [{ recommended: true }, 'unknown'],
    [{ level: 'off' }, 'unknown'],
    [{ result: 'Not applied' }, 'unknown'],
    [{ details: { enabled: false } }, 'unknown'],
    [{ count: 0 }, 'unknown'],
    [{ since: null }, 'unknown'],
    [{ enabled: true, custom_message: false }, 'present'],
  ])('%j makes it %s', (members, presence) => {
    expect(presences(read({ features: [{ name: 'root_detection', ...members }] }))).toEqual({
      root_detection: presence,
    });
  });

  it('a key that is given twice is as strong as the weaker value', () => {
    expect(presences(readDocument('{"features":{"root_detection":false,"root_detection":true}}'))).toEqual({
      root_detection: 'absent',
    });
    expect(presences(readDocument('{"features":[{"name":"root_detection","enabled":false,"enabled":true}]}'))).toEqual({
      root_detection: 'absent',
    });
    expect(
      readDocument('{"features":[{"name":"foo_bar","name":"root_detection","enabled":true}]}').hasFeatureList,
    ).toBe(false);
  });

  it('a name that is said differently in two places is as strong as the weaker one in both', () => {
    const document = read({ plugins: ['root_detection'], features: { 'Root Detection': false } });
    expect(document.features.map(({ presence }) => presence)).toEqual(['absent', 'absent']);
  });

  it('keeps the mode of Threat-Events, in our spelling where it is known', () => {
    const modes = (members: object) =>
      read({ features: [{ name: 'root_detection', ...members }] }).features[0]?.threatEvents;
    expect(modes({ threat_events: 'in_app_detection' })).toBe('In-App Detection');
    expect(modes({ mode: 'In-App Defense' })).toBe('In-App Defense');
    expect(modes({ te: 'something' })).toBe('something');
    expect(modes({ threat_events: true })).toBeUndefined();
    expect(modes({})).toBeUndefined();
  });
});

describe('what never counts', () => {
  const lists = [
    ['root_detection', 'anti_debugging'],
    [{ name: 'root_detection', enabled: true }],
    { root_detection: true, anti_debugging: true },
    { root_detection: { enabled: true } },
    { Some: { plugins: ['root_detection'] } },
  ];
  const keys = [
    'missing',
    'missing_features',
    'missingFeatures',
    'disabled',
    'unsupported_features',
    'available',
    'unavailable',
    'removed',
    'recommended_protections',
    'notEnabled',
    'threat_events',
    'missing_listeners',
    'annotation',
    'tags',
    'previous',
    'off',
    'omitted',
    'unprotected',
    'gaps',
  ];

  it.each(keys)('a list below %s, at any height', (key) => {
    for (const list of lists) {
      for (const block of [
        { [key]: list },
        { [key]: { features: list } },
        { certificate: { [key]: list } },
        { features: { [key]: { plugins: list } } },
      ]) {
        expect(read(block).features.filter(({ presence }) => presence === 'present')).toEqual([]);
      }
    }
  });

  it('Threat-Event names', () => {
    const document = read({ features: ['RootedDevice', 'root_detection', 'FridaDetected'] });
    expect(presences(document)).toEqual({
      RootedDevice: 'unknown',
      root_detection: 'present',
      FridaDetected: 'unknown',
    });
  });
});

describe('very much of it', () => {
  it('a list that no catalogue could fill is no list', () => {
    const document = readDocument(JSON.stringify({ features: Array(200_000).fill('root_detection') }));
    expect(document).toMatchObject({ shape: 'unknown', hasFeatureList: false, features: [] });
  });

  it('every list below the limit is read', () => {
    const list = Array.from({ length: 10_000 }, () => 'root_detection');
    expect(read({ features: list }).features).toHaveLength(10_000);
  });
});

describe('any JSON at all', () => {
  const word = fc.constantFrom(
    ...'features plugins protections parameters security services items missing available root_detection anti_debugging RootedDevice'.split(
      ' ',
    ),
    ...'name key value enabled status mode certificate upsell build_id __proto__ constructor foo.enabled root_detection.mode'.split(
      ' ',
    ),
  );
  const scalar = fc.oneof(
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    word,
    fc.constantFrom('on', 'off', 'true', 'in_app_detection', 'failed'),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      scalar,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
    ),
  }));

  const LIST = new Set(['features', 'plugins', 'protections', 'parameters', 'security', 'services', 'items']);
  const TRUE = new Set(['true', 'on', 'enabled', 'in_app_detection']);

  it('is read without an error, and shows only what stands in an allow-listed place', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const reading = readText(JSON.stringify(value));
        if (!reading.ok) return;
        for (const { name, presence, where } of reading.document.features) {
          if (presence !== 'present') continue;
          // The last step is the protection's own name or its place in the list.
          const parent = where.replace(/(?:\.\w+|\[[^\]]*\])$/, '');
          expect(parent).not.toMatch(/missing|available|^\$\.upsell|^\$\.certificate\.upsell/);
          const keys = where.split(/[.[\]"]+/).filter(Boolean);
          const inWrapper = parent === '$' || parent === '$.certificate';
          expect(keys.some((key) => LIST.has(normaliseName(key))) || (inWrapper && isFeatureName(name))).toBe(true);
          expect(JSON.stringify(value)).toContain(JSON.stringify(name).slice(1, -1));
          expect(name).not.toBe('RootedDevice');
          const own = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], {
            $: value,
          });
          if (typeof own === 'boolean') expect(own).toBe(true);
          if (typeof own === 'string' && own !== name) expect(TRUE).toContain(own);
        }
      }),
      propertyRuns(3000),
    );
  });

  it('is read without an error whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof readText(bytes).ok).toBe('boolean');
      }),
    );
  });
});
