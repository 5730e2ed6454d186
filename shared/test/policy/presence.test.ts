/** One name against the documents, where a hand-made subject tells two of its lists apart. */
import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import type { EvidenceMode } from '../../src/model/run-request.ts';
import { lookFor, type SubjectJudgement } from '../../src/policy/rules/presence.ts';
import type { FeatureCondition, KeyCondition, SubjectCondition } from '../../src/policy/rules/rule.ts';
import { type Sources, selectSources } from '../../src/policy/rules/sources.ts';
import { json, pdf, unknownJson, unreadable, wording } from './synthetic-evidence.ts';

const named = (rest: Partial<FeatureCondition> = {}): FeatureCondition => ({
  kind: 'feature',
  name: 'Some Shield',
  proofs: ['some_shield'],
  events: ['shieldbroken'],
  related: [],
  mentions: ['shield'],
  elsewhere: [],
  printing: 'seen',
  ...rest,
});
const key = (rest: Partial<KeyCondition> = {}): KeyCondition => ({ kind: 'key', printed: 'some_shield', ...rest });

interface Given {
  pdf?: DocumentReading;
  json?: DocumentReading;
  mode?: EvidenceMode;
  sources?: Partial<Sources>;
}

function look(subject: SubjectCondition, given: Given = {}): SubjectJudgement {
  const evidence = { pdf: given.pdf ?? pdf({ lines: ['some_shield'] }), json: given.json ?? unknownJson() };
  const { sources } = selectSources(evidence, given.mode ?? 'any', true);
  return lookFor(subject, { ...sources, ...given.sources });
}

const unread = wording('heading', 'New Section');
const unknown = (name: string, rest = {}) => ({ name, presence: 'unknown' as const, ...rest });

describe('a text that nobody understands', () => {
  it.each<[string, Partial<FeatureCondition>, boolean]>([
    ['the shield was left out', {}, true],
    ['Some Shield: off', {}, true],
    ['SHIELD', {}, true],
    ['shields', {}, true],
    ['windshield', {}, false],
    ['another text', {}, false],
    ['someshield is off', { mentions: [] }, true],
    ['some is no shield', { mentions: [] }, false],
    // Names of the catalogue speak of what they name.
    ['Root Detection', { mentions: ['root'] }, false],
    ['root_detection', { mentions: ['detection'] }, false],
    ['Root Detection', { mentions: ['root_detection'] }, true],
    ['RootDetection', { mentions: ['root_detection'] }, true],
    ['Root Detection is off', { mentions: ['root'] }, true],
    ['Secure Communication', { mentions: ['communication'] }, false],
    ['openssl', { mentions: ['openssl'] }, true],
    ['threat_events', { mentions: ['events'] }, false],
    ['Sim State Info', { mentions: ['state'] }, false],
    ['Sim State', { mentions: ['state'] }, true],
    ['Rooted Device', { mentions: ['rooted'] }, false],
    // Names joined by meaning are nobody's.
    ['Root Prevention', { mentions: ['root'] }, true],
  ])('%j, of %j: %s', (text, names, speaks) => {
    const found = look(named(names), { pdf: pdf({ lines: ['some_shield'], mentions: [text] }) });
    expect(found.outcome).toBe(speaks ? 'unproven' : 'satisfied');
    expect(found.objection?.accept).toEqual(speaks ? { texts: [text] } : undefined);
  });

  it('is quoted with its place, and once is told for what it is', () => {
    const found = look(named(), {
      pdf: pdf({ lines: ['some_shield'], mentions: ['the shield is off', 'no shield'] }),
      json: json({ lines: [], mentions: [{ text: 'shield', where: '$.notes[3]' }] }),
    });
    expect(found.message).toContain('page 1 at 213,700');
    expect(found.message).toContain('"no shield"');
    expect(found.evidence.slice(1)).toEqual([
      { document: 'pdf', where: 'page 1 at 213,700', text: 'the shield is off' },
      { document: 'pdf', where: 'page 1 at 213,701', text: 'no shield' },
      { document: 'json', where: '$.notes[3]', text: 'shield' },
    ]);
    expect(found.accept).toEqual({ texts: ['the shield is off', 'no shield', '$.notes[*]: shield'] });
    expect(found.conflict).toBe('contradiction');
  });

  it('in the PDF alone contradicts nothing', () => {
    const found = look(named(), { pdf: pdf({ lines: ['some_shield'], mentions: ['no shield'] }), json: json() });
    expect([found.outcome, found.conflict, found.shownBy]).toEqual(['unproven', undefined, ['pdf']]);
  });

  it('of an empty name is none', () => {
    const found = look(key({ printed: '✗', actsAs: [] }), { pdf: pdf({ lines: ['✗'], mentions: ['', '-', 'text'] }) });
    expect(found.outcome).toBe('satisfied');
  });

  it.each([
    ['some_shield', undefined, true],
    ['Some  Shield', undefined, true],
    ['other_name', ['other_name'], true],
    ['other_name', undefined, false],
    ['other_name', [], false],
  ])('%j objects to a key that acts as %j: %s', (name, actsAs, objects) => {
    const found = look(key(actsAs === undefined ? {} : { actsAs }), {
      pdf: pdf({ lines: ['some_shield'] }),
      json: json({ lines: [unknown(name, { value: 'null' })] }),
    });
    expect(found.outcome).toBe(objects ? 'unproven' : 'satisfied');
    const denied = look(key(actsAs === undefined ? {} : { actsAs }), {
      pdf: pdf({ lines: ['some_shield'] }),
      json: json({ lines: [{ name, presence: 'absent' }] }),
    });
    expect(denied.outcome).toBe(objects ? 'denied' : 'satisfied');
  });
});

describe('what would have to be accepted', () => {
  it.each<[string, Given, object]>([
    [
      'the wording on the way',
      { pdf: pdf({ lines: [unknown('some_shield', { unread: [unread] })] }) },
      { headings: ['New Section'] },
    ],
    [
      'the place of a value with the value, beside a PDF that shows it',
      { json: json({ lines: [unknown('some_shield', { value: 'null' })] }) },
      { texts: ['$.x[*]: null'] },
    ],
    [
      'the place of a value with the value, beside a whole PDF',
      {
        pdf: pdf({ lines: ['openssl'] }),
        json: json({ lines: [unknown('some_shield', { value: 'maybe' })] }),
        mode: 'json',
      },
      { texts: ['$.x[*]: maybe'] },
    ],
    [
      'nothing, where nothing would be left that proves',
      {
        pdf: pdf({ lines: ['openssl'], bounded: false, complete: false }),
        json: json({ lines: [unknown('some_shield')] }),
      },
      {},
    ],
    [
      'both, each as it is',
      {
        pdf: pdf({ lines: ['some_shield', unknown('some_shield', { unread: [unread] })] }),
        json: json({ lines: [unknown('some_shield', { value: 'null' })] }),
      },
      { headings: ['New Section'], texts: ['$.x[*]: null'] },
    ],
  ])('is %s', (_, given, accept) => {
    const { objection } = look(named(), given);
    expect(objection?.accept).toEqual(accept);
    expect(/accept: \{/u.test(objection?.hint ?? '')).toBe(Object.keys(accept).length > 0);
  });

  it('tells the value where there is one, and no wording twice', () => {
    const { objection } = look(named(), {
      pdf: pdf({
        lines: [unknown('some_shield', { unread: [unread] }), unknown('some_shield', { unread: [unread, unread] })],
      }),
    });
    expect(objection?.message.split('New Section')).toHaveLength(2);
    expect(objection?.message).not.toContain('proves nothing');
    const value = look(named(), { json: json({ lines: [unknown('some_shield', { value: 'maybe' })] }) });
    expect(value.message).toMatch(/^The PDF shows Some Shield \(page 1 at 213,100\)/u);
    expect(value.message).toContain('$.x[100]: maybe, which proves nothing');
  });

  it('does not say that the PDF shows what the JSON shows', () => {
    const found = look(named(), {
      pdf: unreadable('pdf'),
      json: json({ lines: ['some_shield', unknown('some_shield', { value: 'null' })] }),
    });
    expect(found.message).toMatch(/^Some Shield is not proven: /u);
    expect(found.conflict).toBeUndefined();
  });
});

describe('a list', () => {
  it.each<[string, Given, string[]]>([
    ['that shows others is one it is absent from', { json: json({ lines: ['openssl'] }) }, ['json']],
    ['without names is none it is absent from', { json: json({ lines: [] }) }, []],
    ['of an unknown shape is none', { json: json({ lines: ['openssl'], hasFeatureList: false }) }, []],
    ['that shows it is none', { json: json({ lines: ['some_shield'] }) }, []],
  ])('%s', (_, given, absentIn) => {
    expect(look(named(), given)).toMatchObject({ outcome: 'satisfied', absentIn, basis: ['pdf'] });
  });

  it.each<[EvidenceMode, 'whole' | 'part' | 'none', boolean, string, string[]]>([
    ['any', 'whole', true, 'missing', []],
    ['any', 'part', true, 'satisfied', ['json']],
    ['any', 'none', true, 'satisfied', ['json']],
    ['json', 'whole', true, 'missing', []],
    ['json', 'part', true, 'satisfied', ['json']],
    ['json', 'none', true, 'satisfied', ['json']],
    ['pdf', 'whole', true, 'missing', []],
    ['pdf', 'part', true, 'missing', []],
    ['both', 'whole', true, 'unproven', []],
    ['both', 'whole', false, 'missing', []],
  ])('under evidence: %s, beside a PDF with %s of a list, JSON shows it: %s', (mode, list, shows, outcome, basis) => {
    const beside = {
      whole: pdf({ lines: ['openssl'] }),
      part: pdf({ lines: ['openssl'], complete: false }),
      none: unreadable('pdf'),
    }[list];
    const found = look(named(), { mode, pdf: beside, json: json({ lines: [shows ? 'some_shield' : 'openssl'] }) });
    expect([found.outcome, found.basis, found.shownBy]).toEqual([outcome, basis, shows ? ['json'] : []]);
  });

  /** Which option helps, told by the word that its hint holds. */
  it.each<[EvidenceMode, 'whole' | 'part', 'pdf' | 'json', RegExp]>([
    ['any', 'whole', 'json', /^Switch it on/u],
    ['json', 'whole', 'json', /^Switch it on/u],
    ['json', 'whole', 'pdf', /--evidence pdf/u],
    ['pdf', 'whole', 'json', /^Switch it on/u],
    ['pdf', 'part', 'json', /--evidence any/u],
  ])('under evidence: %s, of a PDF that is %s, shown by the %s alone', (mode, list, by, hint) => {
    const lines = (kind: string) => (kind === by ? ['some_shield'] : ['openssl']);
    const found = look(named(), {
      mode,
      pdf: pdf({ lines: lines('pdf'), complete: list === 'whole' }),
      json: json({ lines: lines('json') }),
    });
    expect(found).toMatchObject({ outcome: 'missing', hint: expect.stringMatching(hint) });
    expect(found.evidence).toHaveLength(1);
  });

  it('that is not there lets the JSON prove only by an option', () => {
    const found = look(named(), { mode: 'pdf', pdf: unreadable('pdf'), json: json({ lines: ['some_shield'] }) });
    expect(found.hint).toContain('--evidence any');
  });
});

describe('a name that is not found', () => {
  it('as a key tells the nearest printed names, where there are any', () => {
    const near = look(key({ printed: 'some_shields' }), { pdf: pdf({ lines: ['some_shield', 'openssl'] }) });
    expect(near.message).toContain('some_shield, openssl');
    const none = look(key({ printed: 'some_shields' }), { pdf: pdf({ lines: [unknown('other')] }) });
    expect(none.message).toMatch(/\(PDF\)$/u);
  });

  it.each<[Partial<FeatureCondition>, RegExp]>([
    [{}, /^Switch it on[^:]*$/u],
    [{ printing: 'not-seen' }, /fusegate explain/u],
    [{ printing: 'not-seen', aliased: ['other'] }, /^Switch it on[^:]*$/u],
    [{ elsewhere: ['openssl'] }, /^Switch it on[^:]*$/u],
    [{ elsewhere: ['other_name'] }, /key: other_name/u],
  ])('%j has its next step', (rest, hint) => {
    const found = look(named(rest), { pdf: pdf({ lines: ['openssl', 'other_name'] }) });
    expect(found).toMatchObject({ outcome: 'missing', hint: expect.stringMatching(hint) });
  });
});

describe('a name that is shown', () => {
  const shown = (mode: string | undefined, rest: object = {}) =>
    pdf({ lines: [{ name: 'some_shield', ...(mode === undefined ? {} : { mode }) }], ...rest });

  it.each<[string, string[] | undefined, string[]]>([
    ['its own name', undefined, []],
    ['its own name beside an alias', ['other'], []],
    ['an alias', ['some_shield'], ['some_shield']],
  ])('by %s', (_, aliased, aliases) => {
    expect(look(named(aliased === undefined ? {} : { aliased }))).toMatchObject({ outcome: 'satisfied', aliases });
    expect(look(key())).toMatchObject({ outcome: 'satisfied', aliases: [] });
  });

  it('by an alias twice is told once, as printed', () => {
    const found = look(named({ aliased: ['some_shield'] }), { pdf: pdf({ lines: ['Some Shield', 'Some Shield'] }) });
    expect(found.aliases).toEqual(['Some Shield']);
  });

  it('rests on what shows it: a name elsewhere has no mode', () => {
    const found = look(named(), {
      pdf: shown('In-App Defense'),
      json: json({ lines: [{ name: 'openssl', mode: 'x' }] }),
    });
    expect(found).toMatchObject({ outcome: 'satisfied', evidence: [{ document: 'pdf' }] });
  });

  /** Mode, names of missing listeners, doubts, end of the list, what comes of it. */
  it.each<[string | undefined, string[], boolean, boolean, string, string[]]>([
    ['In-App Detection', [], false, true, 'satisfied', []],
    ['In-App Detection', ['ShieldBroken'], false, true, 'no-listener', ['shieldbroken']],
    ['In-App Detection', ['NobodyKnows'], false, true, 'unproven', []],
    ['In-App Detection', ['RootedDevice'], false, true, 'satisfied', []],
    ['In-App Detection', [], true, true, 'unproven', []],
    ['In-App Detection', [], false, false, 'unproven', []],
    ['Something New', ['ShieldBroken'], false, true, 'no-listener', ['shieldbroken']],
    ['Something New', ['NobodyKnows'], false, true, 'unproven', []],
    [undefined, ['ShieldBroken'], false, true, 'no-listener', ['shieldbroken']],
    [undefined, ['NobodyKnows'], true, false, 'satisfied', []],
    ['In-App Defense', ['ShieldBroken', 'NobodyKnows'], true, false, 'satisfied', []],
    ['Threat-Memory', ['ShieldBroken'], true, false, 'satisfied', []],
  ])('in mode %j, missing %j, doubted %s, bounded %s: %s', (mode, listeners, doubted, bounded, outcome, own) => {
    const doubt = wording('text', 'Something is missing');
    const given = { pdf: shown(mode, { listeners, listenerDoubts: doubted ? [doubt, doubt] : [], bounded }) };
    for (const subject of [named(), key({ events: ['shieldbroken'] })]) {
      const found = look(subject, given);
      expect([found.outcome, found.listeners]).toEqual([outcome, own]);
      expect(found.unenforced).toBe(
        outcome === 'satisfied' && mode !== undefined && mode !== 'In-App Defense' ? mode : undefined,
      );
      const accept = doubted && outcome === 'unproven' ? { texts: [doubt.text] } : {};
      expect(found.accept).toEqual(accept);
      if (outcome === 'unproven' && listeners.length === 0) {
        expect(/accept: /u.test(found.hint ?? '')).toBe(doubted);
        expect(found.message.includes(doubt.text)).toBe(doubted);
      }
      if (listeners.includes('NobodyKnows') && outcome === 'unproven') {
        expect(found.evidence.at(-1)).toEqual({ document: 'pdf', where: 'page 1 at 213,900', text: 'NobodyKnows' });
        expect(found.hint).toContain('aliases: { PROTECTION: [NobodyKnows] }');
        expect(found.evidence).toHaveLength(2);
      }
    }
    for (const missingListeners of ['warn', 'ignore'] as const)
      expect(look(named(), { ...given, sources: { missingListeners } }).outcome).toBe('satisfied');
    expect(look(named(), { ...given, sources: { missingListeners: 'fail' } }).outcome).toBe(outcome);
  });

  /** A key has the mode of the display name that acts for it. */
  it.each<[string, string[] | undefined, 'present' | 'absent' | 'unknown', string]>([
    ['In-App Detection', ['acting_name'], 'present', 'unproven'],
    ['In-App Detection', undefined, 'present', 'satisfied'],
    ['In-App Detection', ['another_name'], 'present', 'satisfied'],
    ['In-App Detection', ['another_name'], 'unknown', 'satisfied'],
    ['In-App Defense', ['acting_name'], 'present', 'satisfied'],
  ])('as a key acts in %s of %j, which is %s', (mode, actsAs, presence, outcome) => {
    const subject = key(actsAs === undefined ? {} : { actsAs });
    const lines = ['some_shield', { name: 'Acting Name', mode, presence }];
    expect(look(subject, { pdf: pdf({ lines, listeners: ['NobodyKnows'], complete: true }) }).outcome).toBe(outcome);
    const feature = look(named(), { pdf: pdf({ lines, listeners: ['NobodyKnows'], complete: true }) });
    expect(feature.outcome).toBe('satisfied');
  });

  it('as a key has no mode of a name without one', () => {
    const lines = ['some_shield', 'Acting Name'];
    const found = look(key({ actsAs: ['acting_name'] }), { pdf: pdf({ lines, listeners: ['NobodyKnows'] }) });
    expect(found.outcome).toBe('satisfied');
  });
});

it('denied by a value says which', () => {
  const found = look(named(), {
    pdf: unreadable('pdf'),
    json: json({
      lines: [
        { name: 'some_shield', presence: 'absent', value: 'off' },
        { name: 'shield', presence: 'absent' },
      ],
    }),
  });
  expect(found).toMatchObject({ outcome: 'denied', shownBy: [], basis: [] });
  expect(found.message).toContain('$.x[100]: off, $.x[101]: false');
});
