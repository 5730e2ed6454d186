/**
 * One random change of a document, at any place: it never proves what was not proven, except where an allow-listed place says so; and a name
 * that is mentioned anywhere but in an understood "yes" is found there.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateJsonObject } from '../../../emulator/src/certificate/json.ts';
import { JSON_SHAPES } from '../../../emulator/src/certificate/model.ts';
import { sampleModel } from '../../../emulator/src/certificate/sample-model.ts';
import { FREE_TEXTS, isKnownFact } from '../../src/certificate/json-facts.ts';
import { isKnownName } from '../../src/certificate/json-names.ts';
import { readJsonCertificate } from '../../src/certificate/json-reader.ts';
import { parseJsonTree } from '../../src/certificate/json-tree.ts';
import { type CertificateDocument, type DocumentReading, FACT_NAMES } from '../../src/model/certificate.ts';
import { judgeRule } from '../../src/policy/rules/requirement.ts';
import { selectSources } from '../../src/policy/rules/sources.ts';
import { normaliseName } from '../../src/text/normalise.ts';
import { plan } from '../policy/synthetic-evidence.ts';
import { propertyRuns } from '../support/property-runs.ts';

const NAME = 'root_detection';
/** Of one property: each case reads a whole document. */
const MOST = 5000;

function read(value: unknown): CertificateDocument {
  return readText(JSON.stringify(value));
}

function readText(text: string): CertificateDocument {
  const bytes = new TextEncoder().encode(text);
  const reading = readJsonCertificate({ state: 'present', bytes, sha256: 'digest' });
  if (!reading.ok) throw new Error(reading.message);
  return reading.document;
}

const ABSENT: DocumentReading = { ok: false, kind: 'pdf', problem: 'absent', message: 'not given' };
const [RULE] = plan('Root Detection').rules;

/** Whether the judge says yes to the name by this document alone. */
function proves(document: CertificateDocument): boolean {
  const { sources } = selectSources({ pdf: ABSENT, json: { ok: true, document } }, 'any', false);
  return RULE !== undefined && judgeRule(RULE, sources).outcome === 'satisfied';
}

type Tree = { [key: string]: unknown } | unknown[];
type Path = Array<string | number>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** Every object and array of a document. */
function containers(value: unknown, path: Path = []): Path[] {
  if (!isTree(value)) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => containers((value as Record<string | number, unknown>)[key], [...path, key]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

/** A copy with a member put first, in the middle or last of one container. */
function inserted(value: object, path: Path, place: number, key: string, member: unknown): object {
  const copy = structuredClone(value) as Tree;
  const target = at(copy, path) as Tree;
  if (Array.isArray(target)) {
    target.splice(place % (target.length + 1), 0, member);
    return copy as object;
  }
  const members = Object.entries(target).filter(([before]) => before !== key);
  members.splice(place % (members.length + 1), 0, [key, member]);
  for (const before of Object.keys(target)) delete target[before];
  for (const [name, one] of members) target[name] = one;
  return copy as object;
}

function removed(value: object, path: Path, place: number): object {
  const copy = structuredClone(value) as Tree;
  const target = at(copy, path) as Tree;
  if (Array.isArray(target)) target.splice(place % Math.max(1, target.length), 1);
  else delete target[Object.keys(target)[place % Math.max(1, Object.keys(target).length)] ?? ''];
  return copy as object;
}

/** The text with one more member in an object, under a key that the object already has. */
function withTwin(value: object, path: Path, key: string, member: unknown, before: boolean): string {
  const mark = '\u0000twin';
  const copy = structuredClone(value) as Tree;
  const target = at(copy, path) as Record<string, unknown>;
  const members = Object.entries(target);
  for (const [name] of members) delete target[name];
  if (before) target[mark] = member;
  for (const [name, one] of members) target[name] = one;
  if (!before) target[mark] = member;
  return JSON.stringify(copy).replace(JSON.stringify(mark), JSON.stringify(key));
}

const LISTING_SHAPES = JSON_SHAPES.filter((shape) => shape !== 'none');
const shape = fc.constantFrom(...LISTING_SHAPES);
/** With one line for the name, so that no second one proves it when the first is gone. */
const once = () => {
  const model = sampleModel();
  return { ...model, intelligence: model.intelligence.filter(({ name }) => name !== 'Root Detection') };
};
const whole = (one: (typeof JSON_SHAPES)[number]) => certificateJsonObject(once(), one);
/** The same without the name. */
const without = (one: (typeof JSON_SHAPES)[number]) => {
  const model = once();
  for (const category of model.categories) category.parameters = category.parameters.filter(({ key }) => key !== NAME);
  return certificateJsonObject(model, one);
};

/** Words that documents use for taking back, for what is not there, and for nothing in particular. */
const word = fc.oneof(
  fc.constantFrom(
    ...'removed disabled_features revoked status result phase note x failed included applied not_applied'.split(' '),
    ...['missing', 'upsell', 'features_off', '!features', 'Feature', 'data', 'audit', 'enabled_by', ''],
  ),
  fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__'),
);
const place = fc.nat({ max: 50 });
const spot = fc.nat({ max: 1000 });

/** The name as a text on its own or among others, negated or not. */
const spoken = fc.oneof(
  fc.constantFrom(NAME, 'Root Detection', 'ROOT-DETECTION', `!${NAME}`, `~~${NAME}~~`, `✗ ${NAME}`, `☐ ${NAME}`),
  fc.constantFrom(
    `no ${NAME}`,
    `${NAME} (removed)`,
    `not ${NAME}`,
    `${NAME}: off`,
    `remove_${NAME}`,
    `${NAME}.removed`,
  ),
);
/** The name in any spelling that a person could read it in. */
const WORDS = fc.constantFrom(
  ['root', 'detection'],
  ['Root', 'Detection'],
  ['ROOT', 'DETECTION'],
  ['Rooted', 'Device'],
);
const LOOK_ALIKES: Record<string, string> = {
  o: '\u043e',
  e: '\u0435',
  c: '\u0441',
  O: '\u039f',
  E: '\u0415',
  t: '\u0442',
};
const UNSEEN = ['\u200b', '\u00ad', '\u2060', '\ufeff', '\u200d', '\u0336'];
const odd = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 12 }), fc.constantFrom(...UNSEEN));
const disguised = (text: string, [kind, at, sign]: [number, number, string]): string => {
  const letters = [...text];
  const letter = letters[at % letters.length] ?? '';
  if (kind === 0) letters[at % letters.length] = LOOK_ALIKES[letter] ?? letter;
  if (kind === 1) letters.splice(1 + (at % letters.length), 0, sign);
  return letters.join('');
};
const around = fc.constantFrom(
  '',
  'no',
  'is',
  'removed',
  'osIntegrity',
  'plugin',
  'x',
  'off',
  's',
  'Failed',
  'not included',
);
const between = fc.constantFrom('', '_', ' ', '-', '.', '/', '  ', ': ');
const spelled = fc
  .tuple(WORDS, between, around, around, between, odd)
  .map(([words, inside, before, after, outside, how]) =>
    disguised([before, words.join(inside), after].filter((one) => one !== '').join(outside), how),
  );
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(true, false, null, 0, 1, '', 'FAIL', 'true', 'off', [], {}, [false], { enabled: false }),
  fc.jsonValue({ maxDepth: 2 }),
);
/** A key and its value that speak of the name together. */
const speaking: fc.Arbitrary<[string, unknown]> = fc.oneof(
  fc.tuple(spelled, anyValue),
  fc.tuple(spelled, anyValue).map(([name, value]): [string, unknown] => ['note', { [name]: value }]),
  spelled.map((name): [string, unknown] => ['note', name]),
  spelled.map((name): [string, unknown] => ['note', [1, name, false]]),
  fc.tuple(WORDS, anyValue).map(([[one = '', two = ''], value]): [string, unknown] => [one, { [two]: value }]),
  fc
    .tuple(WORDS, anyValue)
    .map(([[one = '', two = ''], value]): [string, unknown] => ['x', [{ [one]: { [two]: value } }]]),
  WORDS.map(([one = '', two = '']): [string, unknown] => [one, two]),
  fc.tuple(WORDS, anyValue).map(([words, value]): [string, unknown] => ['gone', [...words, value]]),
);

const scalar = fc.constantFrom<unknown>(true, false, null, 0, 1, 'FAIL', 'enabled', 'off', 'true', 'in_app_detection');

/** What stands under an unknown key and speaks of the name. */
const speech: fc.Arbitrary<unknown> = fc.oneof(
  spoken,
  spoken.map((one) => [one]),
  spoken.map((one) => ({ name: one, enabled: true })),
  spoken.map((one) => [{ name: one, enabled: true }]),
  fc.tuple(spoken, scalar).map(([one, value]) => ({ [one]: value })),
  spoken.map((one) => ({ features: [one] })),
  spoken.map((one) => ({ deep: [{ deeper: { plugins: [one] } }] })),
);

const KNOWN_PLACES = new Set(
  'features plugins protections parameters security services items build app fusion_set signing certificate info details'.split(
    ' ',
  ),
);
describe('a document that proves the name', () => {
  it.each(LISTING_SHAPES)('shape %s does', (one) => {
    expect(proves(read(whole(one)))).toBe(true);
    expect(proves(read(without(one)))).toBe(false);
    const free = /\.(?:bundle_id|fusion_set_name|build_external_api_plugin_name)$/u;
    expect(read(whole(one)).mentions.filter(({ where }) => !free.test(where))).toEqual([]);
  });

  it('never does with one mention of it more, under a key that is not known, anywhere', () => {
    fc.assert(
      fc.property(shape, spot, place, word, speech, (one, where, index, key, member) => {
        fc.pre(!KNOWN_PLACES.has(key.toLowerCase().trim()));
        const document = whole(one);
        const objects = containers(document).filter((path) => !Array.isArray(at(document, path)));
        const path = objects[where % objects.length] ?? [];
        expect(proves(read(inserted(document, path, index, key, member)))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('never does with one unknown member more beside the way, whatever is in it', () => {
    const unknown = fc.oneof(anyValue, fc.constantFrom<unknown>(['revoked'], { value: 'FAIL' }, [[[true]]], [{}]));
    fc.assert(
      fc.property(shape, spot, place, word, unknown, (one, where, index, key, value) => {
        fc.pre(!KNOWN_PLACES.has(key.toLowerCase().trim()) && !isKnownName(key));
        const document: Record<string, unknown> = { build: {}, ...whole(one) };
        const ways = ['build', 'certificate'].filter((part) => part in document).map((part) => [part]);
        const path = [[], ...ways][where % (ways.length + 1)] ?? [];
        expect(proves(read(document))).toBe(true);
        expect(proves(read(inserted(document, path, index, key, value)))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('never does with a fact of another form, or one that only the PDF has', () => {
    const name = fc.constantFrom(...FACT_NAMES);
    const text = fc.oneof(anyValue, spoken, fc.constantFrom('none', 'revoked', 'not in this build', 'a b'));
    fc.assert(
      fc.property(shape, spot, place, name, text, (one, where, index, key, value) => {
        const given = JSON.stringify(value);
        fc.pre(!isKnownFact({ key, value: parseJsonTree(given), path: '' }) || /root.?detection/iu.test(given));
        // Its bare name says nothing about a protection.
        fc.pre(!FREE_TEXTS.includes(key) || typeof value !== 'string' || !isKnownName(value));
        const document: Record<string, unknown> = { build: {}, ...whole(one) };
        const ways = ['build', 'certificate'].filter((part) => part in document).map((part) => [part]);
        const path = [[], ...ways][where % (ways.length + 1)] ?? [];
        expect(proves(read(inserted(document, path, index, key, value)))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('never does with a key that an object has twice, whichever of them comes first', () => {
    fc.assert(
      fc.property(
        shape,
        spot,
        place,
        anyValue,
        fc.boolean(),
        fc.boolean(),
        (one, where, index, other, same, before) => {
          const document = JSON.parse(JSON.stringify({ build: { app_type: 'aab' }, ...whole(one) }));
          const objects = containers(document).filter((path) => !Array.isArray(at(document, path)));
          const path = objects[where % objects.length] ?? [];
          const members = Object.entries(at(document, path) as object);
          const [key, value] = members[index % members.length] ?? ['', ''];
          expect(proves(readText(withTwin(document, path, key, same ? value : other, before)))).toBe(false);
        },
      ),
      propertyRuns(200, MOST),
    );
  });

  it('never does with one member or element more that speaks of it, in any spelling and with any value', () => {
    fc.assert(
      fc.property(shape, spot, place, speaking, (one, where, index, [key, value]) => {
        const document = whole(one);
        const all = containers(document);
        const path = all[where % all.length] ?? [];
        // Among flags, the name itself with a "yes" says it again.
        fc.pre(!isKnownName(key) || (value !== true && value !== 'true'));
        const isList = Array.isArray(at(document, path));
        const changed = inserted(document, path, index, key, isList ? { [key]: value } : value);
        expect(proves(read(changed))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('never does with the name as a key more and any value but a "yes" in an allow-listed shape', () => {
    fc.assert(
      fc.property(shape, spot, place, spoken, scalar, (one, where, index, key, value) => {
        const document = whole(one);
        const objects = containers(document).filter((path) => !Array.isArray(at(document, path)));
        const path = objects[where % objects.length] ?? [];
        const isYes =
          (value === true || value === 'true') && /[DF]$/u.test(read(document).shape.replace(' nested', ''));
        fc.pre(!(isYes && path.at(-1) === 'features'));
        // The very member of a list of flags with its own value changes nothing.
        const changed = inserted(document, path, index, key, value);
        fc.pre(JSON.stringify(changed) !== JSON.stringify(document));
        expect(proves(read(changed))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('never does with one member more in its own entry', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('A', 'E', 'G', 'nested', 'nested-E'),
        place,
        word,
        fc.oneof(scalar, word),
        (one, index, key, value) => {
          fc.pre(!['status', 'category', 'role'].includes(key));
          const document = whole(one as 'A');
          const path = containers(document).find((inner) => {
            const entry = at(document, inner) as Record<string, unknown>;
            return inner.at(-1) === NAME || entry.name === NAME || entry.key === NAME;
          });
          expect(proves(read(inserted(document, path ?? [], index, key, value)))).toBe(false);
        },
      ),
      propertyRuns(200, MOST),
    );
  });

  it('never does with a word among the names of its list that is none', () => {
    fc.assert(
      fc.property(fc.constantFrom('B', 'nested-B', 'C', 'nested-C'), place, word, (one, index, text) => {
        const document = whole(one as 'B');
        const path = containers(document).find((inner) => (at(document, inner) as unknown[]).includes?.(NAME));
        expect(proves(read(inserted(document, path ?? [], index, '', text)))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });
});

describe('a document that does not prove the name', () => {
  it('never does with one member more, changed or less, but for an allow-listed place', () => {
    const member = fc.oneof(speech, scalar, word);
    fc.assert(
      fc.property(
        shape,
        spot,
        place,
        fc.oneof(word, spoken),
        member,
        fc.boolean(),
        (one, where, index, key, value, less) => {
          fc.pre(!KNOWN_PLACES.has(key.toLowerCase().trim()));
          const document = without(one);
          const all = containers(document);
          const path = all[where % all.length] ?? [];
          // The name by itself, in the list: this is what an allow-listed place is.
          const isList = path.includes('features');
          fc.pre(less || !isList || !/root.?detection/iu.test(JSON.stringify([key, value])));
          // In the document itself a name may stand with its statement.
          fc.pre(!/^root[ _-]detection$/iu.test(key) || typeof value !== 'object');
          const changed = less ? removed(document, path, index) : inserted(document, path, index, key, value);
          expect(proves(read(changed))).toBe(false);
        },
      ),
      propertyRuns(200, MOST),
    );
  });

  it('never does with the name negated or in other words, in the list itself', () => {
    const negated = spoken.filter((one) => !/^root[ _-]detection$/iu.test(one));
    const member = (name: string) =>
      fc.constantFrom<unknown>(name, { name, enabled: true }, { key: name, value: true }, true, 'true', {
        enabled: true,
      });
    const entry = negated.chain((name) => fc.tuple(fc.constant(name), member(name)));
    fc.assert(
      fc.property(shape, spot, place, entry, (one, where, index, [name, value]) => {
        const document = without(one);
        const lists = containers(document).filter((path) => path.includes('features'));
        const path = lists[where % lists.length] ?? [];
        expect(proves(read(inserted(document, path, index, name, value)))).toBe(false);
      }),
      propertyRuns(200, MOST),
    );
  });

  it('does with the name in its list, which is the allow-listed place', () => {
    for (const one of LISTING_SHAPES) expect(proves(read(whole(one)))).toBe(true);
  });
});

describe('any JSON at all', () => {
  const key = fc.oneof(
    fc.constantFrom(
      ...KNOWN_PLACES,
      ...'name key enabled value status mode category role plugins parameters'.split(' '),
    ),
    fc.constantFrom(
      ...`${NAME} anti_debugging RootedDevice ${NAME}.enabled upsell build_id __proto__ constructor`.split(' '),
    ),
    fc.constantFrom('OS Integrity', 'Revoked', 'Root Detection', `!${NAME}`),
  );
  const leaf = fc.oneof(scalar, key);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    ),
  }));

  it('has each of its texts in an understood entry, in a fact, or among the mentions', () => {
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 6 }), (value) => {
        const document = read(value);
        const text = JSON.stringify(value);
        const found = document.features.some(({ name }) => normaliseName(name) === NAME);
        const mentioned = document.mentions.some(({ text: one, words = [one] }) =>
          words.some((each) => normaliseName(each).includes(NAME)),
        );
        const isFact = Object.values(document.facts).some((facts) =>
          facts?.some(({ value: one }) => normaliseName(one).includes(NAME)),
        );
        expect(found || mentioned || isFact).toBe(/root[_ ]detection/iu.test(text));
        for (const { presence, where } of document.features)
          if (presence === 'present') expect(where).not.toMatch(/upsell|Revoked|^\$\.\w+\.\w+\.\w+\.\w+\.\w+/u);
      }),
      propertyRuns(200, MOST),
    );
  });
});
