import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { MENTION_LIMITS } from '../../src/certificate/json-mentions.ts';
import { JSON_LIMIT, readJsonCertificate } from '../../src/certificate/json-reader.ts';
import { DEPTH_LIMIT, VALUE_LIMIT } from '../../src/certificate/json-tree.ts';
import type { CertificateDocument, DocumentReading, Presence } from '../../src/model/certificate.ts';
import { propertyRuns } from '../support/property-runs.ts';

// The same cases on every run: what fails here fails everywhere.

const ID = '2c6d8f10-c6f1-11f1-9a3e-0242ac120002';
const ids = { build_id: ID, app_id: ID, fusion_set_id: ID };

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

const tooMany = expect.stringContaining(String(VALUE_LIMIT));

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
    const none = readJsonCertificate({ state: 'absent', reason: 'no file', notGiven: true });
    expect(none).toEqual({ ok: false, kind: 'json', problem: 'not-given', message: 'no file' });
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
    expect(JSON.stringify({ ...document, mentions: [] })).not.toContain('Someone');
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
      {
        value: 'third',
        document: 'json',
        where: '$.list[0].build_id',
        unread: [{ kind: 'text', text: 'third', document: 'json', where: '$.list[0].build_id' }],
      },
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
    expect(document).toMatchObject({
      shape: 'unknown',
      hasFeatureList: false,
      bounded: false,
      complete: false,
      features: [],
    });
    expect(document).toMatchObject({ unread: [], listenerDoubts: [] });
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
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${'k'.repeat(100)}${index}`, 1]));
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
  A: (list) => ({ features: list.map(({ name, on }) => ({ name, enabled: on, category: 'OS Integrity' })) }),
  B: (list) => ({ protections: list.filter(({ on }) => on).map(({ name }) => name) }),
  C: (list) => ({
    features: { 'OS Integrity': { plugins: list.filter(({ on }) => on).map(({ name }) => name), parameters: [] } },
  }),
  D: (list) => ({ features: Object.fromEntries(list.map(({ name, on }) => [name, on])) }),
  E: (list) => ({ features: Object.fromEntries(list.map(({ name, on }) => [name, { enabled: on }])) }),
  F: (list) => ({ features: Object.fromEntries(list.map(({ name, on }) => [`${name}.enabled`, on])) }),
  G: (list) => ({ plugins: list.map(({ name, on }) => ({ key: name, value: on })) }),
};

const KEYS = catalogue.entries.flatMap(({ key }) => key ?? []);

describe('the allow-listed shapes', () => {
  const listed = fc.uniqueArray(fc.record({ name: fc.constantFrom(...KEYS), on: fc.boolean() }), {
    selector: (one) => one.name,
    minLength: 1,
    maxLength: KEYS.length,
  });

  for (const [shape, write] of Object.entries(SHAPES)) {
    it(`${shape} comes back as it was written, at the top and one level down`, () => {
      fc.assert(
        fc.property(listed, fc.boolean(), (list, nested) => {
          const block = write(list);
          const document = nested ? read({ certificate: block }) : read(block);
          expect(document).toMatchObject({
            shape: nested ? `${shape} nested` : shape,
            hasFeatureList: true,
            bounded: false,
            complete: false,
            mentions: [],
          });
          const said = presences(document);
          for (const { name: key, on } of list) {
            // B and C can only list what is there.
            if (on) expect(said[key]).toBe('present');
            else expect(said[key]).toBe(shape === 'B' || shape === 'C' ? undefined : 'absent');
          }
        }),
        propertyRuns(60),
      );
    });
  }
});

describe('several shapes', () => {
  it('are named together, in order', () => {
    const lists = { features: { root_detection: true }, plugins: ['anti_debugging'] };
    expect(read(lists).shape).toBe('B+D');
    expect(read({ app: lists, proxy_detection: { enabled: true } }).shape).toBe('B+D+E nested');
  });
});

describe('a file that Fusegate wrote', () => {
  const names = [{ name: 'Root Detection', key: 'root_detection', enabled: true }];
  it.each<[string, object]>([
    ['a result', { schemaVersion: 2, tool: { name: 'fusegate', version: '1' }, verdict: 'pass', requirements: [] }],
    ['a result of a later version', { schemaVersion: 9, verdict: 'fail' }],
    ['the result of an archive', { schemaVersion: 1, verdict: 'pass', builds: [] }],
    ['a SARIF report', { $schema: 'x', version: '2.1.0', runs: [] }],
    ['an in-toto statement', { _type: 'https://in-toto.io/Statement/v1', predicateType: 'x', subject: [] }],
    ['a predicate', { verifier: { id: 'x' }, verificationResult: 'PASSED' }],
    ['a layout report', { layoutReport: 1, documents: [] }],
    ['a journal', { version: 1, fingerprint: 'x', stage: 'finished', ids: { buildId: 'b' } }],
  ])('%s is refused, and the message says what to give', (_, value) => {
    expect(readText(JSON.stringify({ ...value, features: names }))).toMatchObject({
      ok: false,
      kind: 'json',
      problem: 'own-result',
      message: expect.stringMatching(/certificate\.pdf|--build-id/u),
    });
  });

  it.each<[string, object]>([
    ['a version', { schemaVersion: 2 }],
    ['a verdict', { verdict: 'pass' }],
    ['a tool', { tool: { name: 'fusegate' } }],
    ['a list of runs', { runs: [] }],
    ['a version and a tool', { schemaVersion: 1, tool: { name: 'other' } }],
  ])('%s alone makes none', (_, value) => {
    expect(readText(JSON.stringify({ ...ids, ...value }))).toMatchObject({ ok: true });
  });
});

describe('very much of it', () => {
  it('more text than can be searched is refused', () => {
    const many = (count: number) => JSON.stringify({ all: Array(count).fill('word') });
    expect(readText(many(MENTION_LIMITS.count - 1))).toMatchObject({ ok: true });
    expect(readText(many(MENTION_LIMITS.count + 1))).toMatchObject({ ok: false, problem: 'too-large' });
    expect(readText(JSON.stringify({ all: 'word '.repeat(MENTION_LIMITS.characters) }))).toMatchObject({
      ok: false,
      problem: 'too-large',
    });
  });

  it.each<[string, string]>([
    ['numbers', '0'],
    ['objects', '{}'],
    ['names', '"root_detection"'],
  ])('refuses more %s than a certificate has, before anything is made of them', (_, value) => {
    const many = (count: number) => `{"features":[${Array.from({ length: count }, () => value).join(',')}]}`;
    // The key, the array and the object around it count too.
    expect(readText(many(VALUE_LIMIT - 3))).not.toMatchObject({ problem: 'too-large', message: tooMany });
    expect(readText(many(VALUE_LIMIT - 2))).toMatchObject({ problem: 'too-large', message: tooMany });
    expect(readText(many(300_000))).toMatchObject({ problem: 'too-large', message: tooMany });
  });

  it('what is nested too deeply is refused, since it could hold a name', () => {
    const deep = (levels: number) => `${'{"a":'.repeat(levels)}"root_detection"${'}'.repeat(levels)}`;
    expect(readText(deep(DEPTH_LIMIT))).toMatchObject({ ok: true });
    for (const levels of [DEPTH_LIMIT + 1, 100_000])
      expect(readText(deep(levels))).toMatchObject({ ok: false, problem: 'too-large' });
  });

  it('a long list of known names is read', () => {
    expect(read({ features: Array(10_000).fill('root_detection') }).features).toHaveLength(10_000);
  });
});

describe('any bytes at all', () => {
  it('are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof readText(bytes).ok).toBe('boolean');
      }),
    );
  });
});
