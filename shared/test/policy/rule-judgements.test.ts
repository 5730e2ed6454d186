/** One rule against the documents, to the last field: what is told of it is what reports and the next rule rest on. */
import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import type { EvidenceMode } from '../../src/model/run-request.ts';
import { lookedFor } from '../../src/policy/rules/condition.ts';
import { COMPARE_DOCUMENTS } from '../../src/policy/rules/presence.ts';
import { judgeRule, type RuleJudgement } from '../../src/policy/rules/requirement.ts';
import type { BuildOperator, Condition, FeatureCondition, ThreatEventsRule } from '../../src/policy/rules/rule.ts';
import { selectSources } from '../../src/policy/rules/sources.ts';
import { json, pdf, plan, unknownJson, unreadable, wording } from './synthetic-evidence.ts';

interface Given {
  pdf?: DocumentReading;
  json?: DocumentReading;
  mode?: EvidenceMode;
  /** What other rules ask for as printed. */
  claimed?: string[];
}

/** But for the names that were looked for, which have a test of their own. */
function judged(condition: Condition, given: Given = {}): Omit<RuleJudgement, 'lookedFor'> {
  const evidence = { pdf: given.pdf ?? pdf(), json: given.json ?? unknownJson() };
  const selected = selectSources(evidence, given.mode ?? 'any', true);
  const sources = { ...selected.sources, claimed: new Set(given.claimed) };
  const rule = {
    id: 'r',
    requirement: condition.kind === 'feature' ? condition.name : 'r',
    severity: 'error' as const,
    source: 'p.yml:1',
    condition,
  };
  const { lookedFor: _, ...told } = judgeRule(rule, sources);
  return told;
}

function feature(name: string, threatEvents?: ThreatEventsRule): FeatureCondition {
  const [rule] = plan(name).rules;
  if (rule?.condition.kind !== 'feature') throw new Error(`${name} is no feature`);
  return threatEvents ? { ...rule.condition, threatEvents } : rule.condition;
}

const root = feature('Root Detection');
const debugging = feature('Anti-Debugging');
const proxy = feature('Proxy Detection');
const key = (printed: string): Condition => ({ kind: 'key', printed });

const NOTHING = {
  evidence: [],
  basis: [],
  conflicts: [],
  absent: [],
  listeners: [],
  accept: {},
  aliases: [],
  unenforced: [],
  unheard: [],
};
const inPdf = (index: number, text: string) => ({ document: 'pdf', where: `page 1 at 213,${index}`, text });
const inJson = (index: number, text: string) => ({ document: 'json', where: `$.x[${index}]`, text });
const SWITCH_ON = expect.stringMatching(/^Switch it on/u);

describe('a protection', () => {
  it('that is there', () => {
    expect(judged(root, { json: json({ lines: ['anti_debugging', 'root_detection'] }) })).toStrictEqual({
      ...NOTHING,
      outcome: 'satisfied',
      message: 'Root Detection is on the certificate',
      evidence: [inPdf(100, 'root_detection'), inJson(101, 'root_detection')],
      basis: ['pdf'],
    });
  });

  it('that one document does not show', () => {
    expect(judged(root, { json: json({ lines: ['anti_debugging'] }) }).absent).toEqual([
      { name: 'Root Detection', kind: 'json' },
    ]);
  });

  it('that stands in no list: what a document without one does not show is not worth a word', () => {
    const line = {
      name: 'anti_debugging',
      presence: 'unknown' as const,
      value: 'listed under a key that is not known',
    };
    const bare = json({ lines: [line], hasFeatureList: false, shape: 'unknown' });
    expect(judged(root, { json: bare }).absent).toEqual([]);
    expect(judged(debugging, { json: bare, mode: 'both' })).toMatchObject({ outcome: 'unproven', basis: [] });
    expect(judged(debugging, { pdf: unreadable('pdf'), json: bare })).toMatchObject({
      outcome: 'unproven',
      message: expect.stringMatching(/^Anti-Debugging is not proven: .*\$\.x\[100\]: listed under a key/u),
    });
  });

  it('that is not there', () => {
    expect(judged(proxy)).toStrictEqual({
      ...NOTHING,
      outcome: 'missing',
      message: 'Proxy Detection is not on the certificate (PDF)',
      hint: SWITCH_ON,
    });
    expect(judged(key('openssl')).message).toMatch(/^openssl .*\(PDF\); the nearest/u);
  });

  it('that the document says is off', () => {
    const off = { pdf: pdf({ lines: [{ name: 'root_detection', presence: 'absent' }] }) };
    expect(judged(root, off)).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message: expect.stringMatching(/^The PDF .*Root Detection .*\(page 1 at 213,100: false\)$/u),
      hint: SWITCH_ON,
      evidence: [inPdf(100, 'root_detection')],
    });
  });

  it('that two documents differ on', () => {
    const message = 'The PDF shows Root Detection (page 1 at 213,100) and the JSON denies it ($.x[100], $.x[101])';
    const denial = { name: 'root_detection', presence: 'absent' as const };
    expect(judged(root, { json: json({ lines: [denial, denial] }) })).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message,
      hint: COMPARE_DOCUMENTS,
      evidence: [inPdf(100, 'root_detection'), inJson(100, 'root_detection'), inJson(101, 'root_detection')],
      conflicts: [{ code: 'certificate.disagreement', message, feature: 'Root Detection', hint: COMPARE_DOCUMENTS }],
    });
  });

  it('that one document both shows and denies', () => {
    const lines = ['root_detection', { name: 'Root Detection', presence: 'absent' as const }];
    expect(judged(root, { pdf: pdf({ lines }) })).toMatchObject({
      outcome: 'denied',
      message: expect.stringMatching(/Root Detection \(page 1 at 213,100\).*\(page 1 at 213,101\)$/u),
      conflicts: [{ code: 'certificate.contradiction' }],
    });
  });

  it('whose other name is off, joined by meaning: it speaks against it', () => {
    const lines = [{ name: 'secure_communication', presence: 'absent' as const }, 'openssl'];
    expect(judged(feature('Prevent MiTM Attacks'), { pdf: pdf({ lines }) }).outcome).toBe('denied');
  });

  it.each<[EvidenceMode, string[]]>([
    ['any', ['pdf']],
    ['pdf', ['pdf']],
    ['json', ['json']],
    ['both', ['pdf', 'json']],
  ])('under evidence: %s rests on %j', (mode, basis) => {
    expect(judged(root, { json: json(), mode })).toMatchObject({ outcome: 'satisfied', basis });
  });

  it.each<[string, EvidenceMode, DocumentReading]>([
    ['beside a PDF whose list is not whole', 'any', pdf({ lines: ['openssl'], complete: false })],
    ['without a PDF', 'any', unreadable('pdf')],
    ['without a PDF, as asked', 'json', unreadable('pdf')],
    ['beside a PDF whose list is not whole, as asked', 'json', pdf({ lines: ['openssl'], complete: false })],
  ])('that the JSON alone shows, %s, rests on the JSON (evidence: %s)', (_, mode, document) => {
    const { outcome, basis } = judged(root, { pdf: document, json: json(), mode });
    expect({ outcome, basis }).toEqual({ outcome: 'satisfied', basis: ['json'] });
  });

  it.each<[EvidenceMode, DocumentReading, DocumentReading, RegExp]>([
    ['any', pdf({ lines: ['openssl'] }), json(), /only the JSON shows it, which cannot add/u],
    ['json', pdf({ lines: ['openssl'] }), json(), /only the JSON shows it, which cannot add/u],
    ['pdf', pdf({ lines: ['openssl'] }), json(), /only the JSON shows it.*`evidence: pdf`/u],
    ['json', pdf(), json({ lines: ['openssl'] }), /only the PDF shows it.*`evidence: json`/u],
  ])('that one document shows in vain is missing, with the reason (evidence: %s)', (mode, one, other, why) => {
    expect(judged(root, { pdf: one, json: other, mode })).toMatchObject({
      outcome: 'missing',
      basis: [],
      message: expect.stringMatching(why),
    });
  });

  it('that one document shows is not proven under evidence: both, and what none shows is missing', () => {
    const given = { json: json({ lines: ['anti_debugging'] }), mode: 'both' as const };
    expect(judged(root, given)).toMatchObject({
      outcome: 'unproven',
      message: expect.stringMatching(/^Only the PDF shows Root Detection/u),
      hint: expect.stringMatching(/^Look at the certificates/u),
      evidence: [inPdf(100, 'root_detection')],
    });
    expect(judged(proxy, given).outcome).toBe('missing');
  });

  it('named without an answer by the JSON that decides is unproven, whatever the PDF', () => {
    const unclear = json({ lines: [{ name: 'proxy_detection', presence: 'unknown', value: '"no"' }, 'x'] });
    expect(judged(proxy, { json: unclear, mode: 'json' })).toMatchObject({
      outcome: 'unproven',
      message: expect.stringMatching(/^Proxy Detection is not proven: .*\$\.x\[100\]: "no"/u),
      evidence: [inJson(100, 'proxy_detection')],
    });
    expect(judged(proxy, { json: unclear }).outcome).toBe('missing');
  });
});

describe('how it acts', () => {
  const detects = { name: 'Root Detection', mode: 'In-App Detection' };
  const SET_MODE = expect.stringMatching(/^Set that Threat-Events mode/u);

  it('in another mode than asked for', () => {
    expect(judged(feature('Root Detection', 'in-app-defense'), { pdf: pdf({ lines: [detects] }) })).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message: expect.stringMatching(/^Root Detection acts as In-App Detection, .*`threat-events: in-app-defense`/u),
      hint: SET_MODE,
      evidence: [inPdf(100, 'Root Detection')],
    });
  });

  it('in two modes in two documents', () => {
    const given = { pdf: pdf({ lines: [detects] }), json: json({ lines: [{ ...detects, mode: 'In-App Defense' }] }) };
    expect(judged(feature('Root Detection', 'in-app-detection'), given)).toMatchObject({
      outcome: 'denied',
      message: expect.stringMatching(/acts as In-App Detection and In-App Defense,/u),
      hint: SET_MODE,
    });
  });

  it('denied by the JSON alone: there is no mode to set', () => {
    const off = json({ lines: [{ name: 'root_detection', presence: 'absent' }] });
    expect(judged(feature('Root Detection', 'any'), { pdf: unreadable('pdf'), json: off }).hint).toEqual(SWITCH_ON);
  });

  it('detecting, and the app does not listen', () => {
    expect(judged(root, { pdf: pdf({ lines: [detects], listeners: ['RootedDevice', 'Other'] }) })).toStrictEqual({
      ...NOTHING,
      outcome: 'no-listener',
      message: expect.stringMatching(/^Root Detection only detects.* RootedDevice$/u),
      hint: expect.stringMatching(/^Add the listener/u),
      evidence: [inPdf(100, 'Root Detection'), inPdf(900, 'RootedDevice')],
      listeners: ['rooteddevice'],
    });
  });

  it('of a printed name is not told by the mode of another protection', () => {
    const line = { name: 'Anti-Debugging', mode: 'In-App Detection' };
    const lines = ['root_detection', line];
    const condition: Condition = {
      kind: 'key',
      printed: 'root_detection',
      events: ['rooteddevice'],
      actsAs: root.proofs,
    };
    expect(judged(condition, { pdf: pdf({ lines, listeners: ['SomethingNew'] }) }).outcome).toBe('satisfied');
    const told = pdf({ lines: ['root_detection', detects], listeners: ['RootedDevice'] });
    expect(judged(condition, { pdf: told }).outcome).toBe('no-listener');
  });

  it('of a printed name that no Threat-Event is known for', () => {
    const lines = [{ name: 'openssl', mode: 'In-App Detection' }];
    expect(judged(key('openssl'), { pdf: pdf({ lines, listeners: ['RootedDevice'] }) }).outcome).toBe('satisfied');
  });
});

describe('what speaks of a protection and is not understood', () => {
  const detects = { name: 'Root Detection', mode: 'In-App Detection' };
  const noted = (...mentions: Array<{ text: string; where: string }>) => ({ json: json({ mentions }) });

  it.each<[string, Given, string, boolean]>([
    [
      'a heading above it',
      { pdf: pdf({ lines: [{ name: 'root_detection', unread: [wording('heading', 'Odd')] }] }) },
      'unproven',
      false,
    ],
    ['text of the PDF', { pdf: pdf({ mentions: ['No Root  Detection here'] }) }, 'unproven', false],
    ['text of the PDF, in one word', { pdf: pdf({ mentions: ['without rootdetection'] }) }, 'unproven', false],
    [
      'text of the PDF that names another protection',
      { pdf: pdf({ mentions: ['Anti-Debugging'] }) },
      'satisfied',
      false,
    ],
    ['text of the PDF with half of its name', { pdf: pdf({ mentions: ['Detections', 'Root'] }) }, 'satisfied', false],
    ['a key of the JSON', noted({ text: 'root_detection', where: '$.root_detection' }), 'unproven', true],
    ['a string of the JSON', noted({ text: '!root_detection', where: '$.x[3]' }), 'unproven', true],
    [
      'a value of the JSON',
      { json: json({ lines: [{ name: 'Root Detection', presence: 'unknown', value: '"no"' }] }) },
      'unproven',
      true,
    ],
    ['its other name, joined by meaning', noted({ text: 'Root Prevention', where: '$.x' }), 'unproven', true],
  ])('%s', (_, given, outcome, contradicted) => {
    const found = judged(root, given);
    expect(found.outcome).toBe(outcome);
    expect(found.conflicts.map(({ code }) => code)).toEqual(contradicted ? ['certificate.contradiction'] : []);
    if (outcome === 'unproven') expect(found.hint).toMatch(/accept: \{ (?:texts|headings): \[/u);
  });

  it.each([
    'Root Detection Off',
    'root_detection_failed',
    'Not Root Detection',
    'ROOT DETECTION (removed)',
    'rootDetectionRemoved',
    'root_detections',
    '!root_detection',
    '~~Root Detection~~',
    'r\u043eot_detection_off',
    'root_detec\u200btion_off',
  ])('a printed name beside its own: %s', (printed) => {
    for (const line of [printed, { name: printed, mode: 'In-App Detection' }]) {
      for (const lines of [
        ['root_detection', line],
        [line, 'Root Detection'],
      ]) {
        const found = judged(root, { pdf: pdf({ lines }) });
        expect(found).toMatchObject({ outcome: 'unproven', accept: { texts: [printed] } });
        expect(found.hint).toContain('accept: { texts: [');
        expect(judged({ kind: 'forbid', subject: proxy }, { pdf: pdf({ lines }) }).outcome).toBe('satisfied');
      }
    }
    expect(judged(root, { pdf: pdf({ lines: [printed, 'openssl'] }) }).outcome).toBe('missing');
  });

  it.each<[string, Given]>([
    [
      "is another protection's, or another name of its own,",
      { pdf: pdf({ lines: ['root_detection', 'Detect Root Hiding', 'proxy_detection', 'Root Prevention'] }) },
    ],
    ['has only some of its words', { pdf: pdf({ lines: ['root_detection', 'root', 'device_detection'] }) }],
    [
      'a rule asks for',
      { pdf: pdf({ lines: ['root_detection', 'root_detection_v2'] }), claimed: ['root_detection_v2'] },
    ],
    [
      'a rule asks for, in the JSON',
      {
        json: json({ lines: ['root_detection'], mentions: [{ text: 'root_detection_v2', where: '$.x' }] }),
        claimed: ['root_detection_v2'],
      },
    ],
  ])('a printed name says nothing of it that %s', (_, given) => {
    expect(judged(root, given).outcome).toBe('satisfied');
  });

  it('a rule that asks for a longer name claims that very name alone', () => {
    const given = { pdf: pdf({ lines: ['root_detection', 'root_detection_v2'] }), claimed: ['Root_Detection_V2'] };
    expect(judged(root, given).outcome).toBe('unproven');
    expect(judged(key('root_detection_v2'), given).outcome).toBe('satisfied');
    expect(judged(key('root_detection'), given).outcome).toBe('unproven');
  });

  it('a name of the JSON that the catalogue does not know is no doubt about itself', () => {
    const own = json({ lines: ['own_thing'], mentions: [{ text: 'own_thing', where: '$.x[100]' }] });
    expect(judged(key('own_thing'), { pdf: unreadable('pdf'), json: own }).outcome).toBe('satisfied');
    const longer = json({ lines: ['own_thing_x'], mentions: [{ text: 'own_thing_x', where: '$.x[100]' }] });
    expect(judged(key('own_thing'), { pdf: pdf({ lines: ['own_thing'] }), json: longer }).outcome).toBe('unproven');
  });

  it.each(['RootedDevice', 'rooted_device', 'isRootedDevice', 'Root Prevention', 'rootPreventionOff', 'Anti-Root'])(
    'its event or another name of it: %s',
    (text) => {
      expect(judged(root, noted({ text, where: '$.removed[0]' })).outcome).toBe('unproven');
      expect(judged(debugging, noted({ text, where: '$.removed[0]' })).outcome).toBe('satisfied');
      expect(
        judged(key('own_thing'), { pdf: pdf({ lines: ['own_thing'] }), ...noted({ text, where: '$.x' }) }).outcome,
      ).toBe('satisfied');
    },
  );

  it('beside a whole list without it changes nothing: it is missing', () => {
    const given = { pdf: pdf({ lines: ['openssl'] }), ...noted({ text: 'root_detection', where: '$.x' }) };
    expect(judged(root, given)).toMatchObject({ outcome: 'missing', conflicts: [] });
  });

  it('is quoted with its place, and so is the line that accepts it', () => {
    const odd = [
      wording('title', 'Not\n included', 'page 1 at 64,900'),
      wording('label', 'Removed:', 'page 1 at 64,800'),
    ];
    const found = judged(root, { pdf: pdf({ lines: [{ name: 'root_detection', unread: odd }] }) });
    expect(found.message).toContain('title "Not included" (page 1 at 64,900), label "Removed:" (page 1 at 64,800)');
    expect(found.hint).toContain('accept: { titles: [Not included], labels: ["Removed:"] }');
    const told = judged(root, noted({ text: 'root_detection', where: '$.removed[7].name' }));
    expect(told.hint).toContain('accept: { texts: ["$.removed[*].name: root_detection"] }');
  });

  it.each<[string, string[], string]>([
    ['its event', ['RootedDevice'], 'no-listener'],
    ['its event, wrapped', ['Rooted Device'], 'no-listener'],
    ['its event with underscores', ['rooted_device'], 'no-listener'],
    ['its display name', ['Root Detection'], 'no-listener'],
    ['its key', ['root_detection'], 'no-listener'],
    ['its event and another one on one line', ['DeveloperOptionsEnabled RootedDevice'], 'no-listener'],
    ["another protection's", ['DeveloperOptionsEnabled'], 'satisfied'],
    ['two of others on one line', ['DeveloperOptionsEnabled, UnknownSourcesEnabled'], 'satisfied'],
    ['a name that pairs with nothing', ['SomethingNew'], 'unproven'],
    ["another protection's and a name that pairs with nothing", ['DeveloperOptionsEnabled SomethingNew'], 'unproven'],
    ['nothing that can be read', ['?'], 'unproven'],
    ['a component', ['OS Integrity'], 'unproven'],
    ['the key of a component', ['threat_events'], 'unproven'],
    ['a component and its event', ['threat_events RootedDevice'], 'no-listener'],
    ["another protection's, with more", ['DeveloperOptionsEnabled…'], 'unproven'],
  ])('a missing listener: %s', (_, listeners, outcome) => {
    const found = judged(root, { pdf: pdf({ lines: [detects], listeners }) });
    expect(found.outcome).toBe(outcome);
    if (outcome === 'unproven') expect(found.hint).toContain('missing-threat-event-listeners: warn');
    // Only what a policy may pair with any protection.
    const isOffered = ['SomethingNew', 'DeveloperOptionsEnabled…'].some((name) => listeners.includes(name));
    expect(found.hint?.includes('aliases: { PROTECTION: [') ?? false).toBe(isOffered);
    // Where no mode is shown, only a listener of its own says that it reports to the app.
    const plain = judged(root, { pdf: pdf({ lines: ['root_detection'], listeners }) }).outcome;
    expect(plain).toBe(outcome === 'no-listener' ? outcome : 'satisfied');
    const defends = { ...detects, mode: 'In-App Defense' };
    expect(judged(root, { pdf: pdf({ lines: [defends], listeners }) }).outcome).toBe('satisfied');
  });

  it.each(['RootedDevice (+)', 'RootedDevice…', 'Root Detection*'])(
    'a missing listener that is likely its own: %s',
    (name) => {
      for (const line of [detects, 'root_detection']) {
        expect(judged(root, { pdf: pdf({ lines: [line], listeners: [name] }) }).outcome).toBe('unproven');
      }
    },
  );

  it.each<[string, object, string]>([
    ['paired with it by the policy', { aliases: { 'Root Detection': ['SomethingNew'] } }, 'no-listener'],
    ['paired with another one by the policy', { aliases: { 'Proxy Detection': ['something new'] } }, 'satisfied'],
    ['that only warns', { missingListeners: 'warn' }, 'satisfied'],
    ['that is ignored', { missingListeners: 'ignore' }, 'satisfied'],
  ])('a missing listener that pairs with nothing, %s', (_, settings, outcome) => {
    const evidence = { pdf: pdf({ lines: [detects], listeners: ['SomethingNew'] }), json: unknownJson() };
    const sources = { ...selectSources(evidence, 'any', true).sources, ...settings };
    const rule = { id: 'r', requirement: 'r', severity: 'error' as const, source: 'p.yml:1' };
    expect(judgeRule({ ...rule, condition: root }, sources).outcome).toBe(outcome);
    const byKey: Condition = { kind: 'key', printed: 'root_detection', events: [], actsAs: root.proofs };
    const shown = { ...evidence, pdf: pdf({ lines: ['root_detection', detects], listeners: ['SomethingNew'] }) };
    const keyed = { ...selectSources(shown, 'any', true).sources, ...settings };
    expect(judgeRule({ ...rule, condition: byKey }, keyed).outcome).toBe(outcome);
  });

  it.each([
    ['In-App Detection', 'unproven'],
    ['In-App Defense', 'satisfied'],
    ['Threat-Memory', 'satisfied'],
    ['Enforce Connection Only', 'satisfied'],
    // A policy has accepted it, or it would not be shown.
    ['In-App Detection (ThreatScope)', 'unproven'],
  ])('a doubt about listeners in the mode %s: %s', (mode, outcome) => {
    const given = { listenerDoubts: [wording('text', 'Missing:')], lines: [{ name: 'Root Detection', mode }] };
    const found = judged(root, { pdf: pdf(given) });
    expect(found.outcome).toBe(outcome);
    expect(found.unenforced).toEqual(mode === 'Threat-Memory' ? [{ name: 'Root Detection', mode }] : []);
    expect(judged(root, { pdf: pdf({ ...given, listenerDoubts: [], bounded: false }) }).outcome).toBe(outcome);
  });
});

describe('why a name is not found', () => {
  const base: FeatureCondition = {
    kind: 'feature',
    name: 'Some Protection',
    proofs: ['some_protection'],
    events: [],
    related: [],
    mentions: ['some_protection'],
    elsewhere: [],
    printing: 'seen',
  };
  const given = { pdf: pdf({ lines: ['own_thing', 'openssl', 'smali_obfuscation'] }) };

  it.each<[string, Condition, RegExp, RegExp]>([
    ['known how it is printed', base, /\(PDF\)$/u, /^Switch it on/u],
    [
      'not known how',
      { ...base, printing: 'not-seen' },
      /has not been seen$/u,
      /explain.*key: NAME.*aliases: \{ Some Protection: \[NAME\]/u,
    ],
    [
      'there under another key',
      { ...base, elsewhere: ['own_thing'] },
      /own_thing is, which .* Threat-Events are off$/u,
      /`key: own_thing`/u,
    ],
    ['a printed name', key('smali_obfuscatoin'), /nearest printed names are smali_obfuscation,/u, /fusegate explain/u],
  ])('%s', (_, condition, message, hint) => {
    expect(judged(condition, given)).toMatchObject({
      outcome: 'missing',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it.each<[EvidenceMode, DocumentReading, RegExp]>([
    ['pdf', pdf({ lines: ['openssl'], complete: false }), /--evidence any/u],
    ['pdf', pdf({ lines: ['openssl'] }), /^Switch it on/u],
    ['any', pdf({ lines: ['openssl'] }), /^Switch it on/u],
  ])('that the JSON alone shows under evidence: %s', (mode, document, hint) => {
    expect(judged(root, { pdf: document, json: json(), mode }).hint).toMatch(hint);
  });

  it('of what is forbidden is not always proof', () => {
    const forbid = (subject: FeatureCondition) => judged({ kind: 'forbid', subject }, given).outcome;
    expect(forbid(base)).toBe('satisfied');
    expect(forbid({ ...base, printing: 'not-seen' })).toBe('unproven');
    expect(forbid({ ...base, printing: 'not-seen', aliased: ['x'] })).toBe('satisfied');
    const known = { pdf: pdf({ lines: ['Root Detection', 'openssl', 'anti_debugging'] }) };
    expect(judged({ kind: 'forbid', subject: { ...base, printing: 'not-seen' } }, known).outcome).toBe('satisfied');
    expect(forbid({ ...base, elsewhere: ['own_thing'] })).toBe('unproven');
    const mentioned = { pdf: pdf({ mentions: ['Some Protection'] }) };
    expect(judged({ kind: 'forbid', subject: base }, mentioned).outcome).toBe('unproven');
    const told = { json: json({ mentions: [{ text: 'some_protection', where: '$.x' }] }) };
    expect(judged({ kind: 'forbid', subject: base }, told)).toMatchObject({
      outcome: 'unproven',
      hint: expect.stringMatching(/^(?!.*accept: \{).*fusegate explain FILE.*Fusion Set/u),
      accept: {},
    });
  });
});

describe('groups', () => {
  it('any-of is the one that holds', () => {
    expect(judged({ kind: 'any-of', of: [proxy, root] })).toStrictEqual(judged(root));
  });

  it('any-of that fails tells all of it', () => {
    const off = pdf({ lines: [{ name: 'root_detection', presence: 'absent' }] });
    expect(judged({ kind: 'any-of', of: [proxy, root] }, { pdf: off })).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message: `${judged(proxy, { pdf: off }).message}; ${judged(root, { pdf: off }).message}`,
      hint: SWITCH_ON,
      evidence: [inPdf(100, 'root_detection')],
    });
  });

  const given = {
    pdf: pdf({
      lines: [
        { name: 'Root Detection', mode: 'In-App Detection' },
        { name: 'Anti-Debugging', mode: 'In-App Detection' },
        'openssl',
      ],
      listeners: ['RootedDevice'],
    }),
  };
  const unlistened = root;
  const otherMode = feature('Anti-Debugging', 'in-app-defense');
  const noMode: Condition = { kind: 'key', printed: 'openssl', threatEvents: 'any' };
  it.each<[string, Condition[]]>([
    ['unproven', [proxy, otherMode, unlistened, noMode]],
    ['unproven', [noMode, unlistened, otherMode, proxy]],
    ['no-listener', [proxy, otherMode, unlistened]],
    ['no-listener', [unlistened, otherMode, proxy]],
    ['denied', [proxy, otherMode]],
    ['denied', [otherMode, proxy]],
    ['missing', [proxy]],
  ])('the worst is %s, in any order', (outcome, of) => {
    expect(judged({ kind: 'any-of', of }, given).outcome).toBe(outcome);
    expect(judged({ kind: 'all-of', of }, given).outcome).toBe(outcome);
  });

  it('all-of that holds tells all of it', () => {
    const bare = { json: json({ lines: ['root_detection'] }) };
    expect(judged({ kind: 'all-of', of: [root, debugging] }, bare)).toStrictEqual({
      ...NOTHING,
      outcome: 'satisfied',
      message: expect.stringMatching(/^Root Detection .*; Anti-Debugging /u),
      evidence: [inPdf(100, 'root_detection'), inJson(100, 'root_detection'), inPdf(101, 'anti_debugging')],
      basis: ['pdf'],
      absent: [{ name: 'Anti-Debugging', kind: 'json' }],
    });
  });

  it('all-of that fails tells what is not met, and what counts of the rest', () => {
    expect(judged({ kind: 'all-of', of: [key('openssl'), unlistened, proxy] }, given)).toStrictEqual({
      ...judged(unlistened, given),
      message: `${judged(unlistened, given).message}; ${judged(proxy, given).message}`,
      basis: [],
      listeners: ['rooteddevice'],
    });
  });

  it.each(['any-of', 'all-of'] as const)('%s nothing fails', (kind) => {
    expect(judged({ kind, of: [] })).toMatchObject({ outcome: 'missing', hint: SWITCH_ON, basis: [] });
  });
});

describe('what is forbidden', () => {
  const SWITCH_OFF = expect.stringMatching(/^Switch it off/u);

  it('and there', () => {
    expect(judged({ kind: 'forbid', subject: root })).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message: expect.stringMatching(/^Root Detection is forbidden/u),
      hint: SWITCH_OFF,
      evidence: [inPdf(100, 'root_detection')],
    });
  });

  it('and not on a whole list', () => {
    expect(judged({ kind: 'forbid', subject: proxy })).toStrictEqual({
      ...NOTHING,
      outcome: 'satisfied',
      message: expect.stringMatching(/^Proxy Detection is not on the certificate/u),
      basis: ['pdf'],
    });
  });

  const logs: Condition = { kind: 'forbid', subject: { kind: 'key', printed: 'extended_logs' }, fact: 'extended_logs' };
  it.each<[string, string | string[], string, object]>([
    ['off', 'false', 'satisfied', { evidence: [inJson(0, 'false')] }],
    ['on', 'true', 'denied', { hint: expect.stringMatching(/^Build without/u), evidence: [inJson(0, 'true')] }],
    ['off and something else', ['0', 'maybe'], 'unproven', { evidence: [inJson(0, '0'), inJson(1, 'maybe')] }],
    ['off and on', ['0', '1'], 'denied', {}],
    ['not stated', [], 'unproven', { hint: expect.stringMatching(/JSON certificate/u), evidence: [] }],
  ])('as a build fact, %s', (_, value, outcome, rest) => {
    expect(judged(logs, { json: unknownJson({ extended_logs: value }) })).toMatchObject({ outcome, ...rest });
  });

  it('as a build fact is not proven to be off where the documents differ on its name', () => {
    const given = {
      pdf: pdf({ lines: ['extended_logs'] }),
      json: json({ lines: [{ name: 'extended_logs', presence: 'absent' }], facts: { extended_logs: 'false' } }),
    };
    expect(judged(logs, given)).toMatchObject({
      outcome: 'unproven',
      conflicts: [{ code: 'certificate.disagreement' }],
      hint: COMPARE_DOCUMENTS,
    });
  });
});

describe('listeners', () => {
  it('that are missing are named once', () => {
    const given = { pdf: pdf({ listeners: ['RootedDevice', 'OtherEvent', 'RootedDevice'] }) };
    expect(judged({ kind: 'listener' }, given)).toStrictEqual({
      ...NOTHING,
      outcome: 'no-listener',
      message: expect.stringMatching(/ RootedDevice, OtherEvent$/u),
      hint: expect.stringMatching(/^Add the listeners/u),
      evidence: [inPdf(900, 'RootedDevice'), inPdf(900, 'OtherEvent'), inPdf(900, 'RootedDevice')],
      listeners: ['rooteddevice', 'otherevent', 'rooteddevice'],
    });
  });

  it('of which none is missing rest on the PDF', () => {
    expect(judged({ kind: 'listener' })).toMatchObject({ outcome: 'satisfied', basis: ['pdf'] });
  });
});

describe('a build fact', () => {
  const sdk = (operator: BuildOperator, stated: string | string[], value = '24') =>
    judged(
      { kind: 'build', fact: 'min_sdk_version', operator, value },
      { json: unknownJson({ min_sdk_version: stated }) },
    );

  it.each<[BuildOperator, string, string]>([
    ['=', '24', 'satisfied'],
    ['=', ' 24 ', 'satisfied'],
    ['=', '23', 'denied'],
    ['>=', '23', 'denied'],
    ['>=', '24', 'satisfied'],
    ['>=', '25', 'satisfied'],
    ['<=', '23', 'satisfied'],
    ['<=', '24', 'satisfied'],
    ['<=', '25', 'denied'],
    ['>', '23', 'denied'],
    ['>', '24', 'denied'],
    ['>', '25', 'satisfied'],
    ['<', '23', 'satisfied'],
    ['<', '24', 'denied'],
    ['<', '25', 'denied'],
    ['<', 'x', 'unproven'],
  ])('%s 24 of %j: %s', (operator, stated, outcome) => {
    expect(sdk(operator, stated).outcome).toBe(outcome);
  });

  it('says what was asked and what was found', () => {
    expect(sdk('=', ['23', '23'])).toStrictEqual({
      ...NOTHING,
      outcome: 'denied',
      message: 'min_sdk_version is 23, not 24',
      hint: expect.stringMatching(/^Change the build settings/u),
      evidence: [inJson(0, '23'), inJson(1, '23')],
    });
    expect(sdk('>=', ['23', '22']).message).toBe('min_sdk_version is 23, 22, not >= 24');
    expect(sdk('>=', ['x', 'x', '25'])).toMatchObject({
      message: expect.stringMatching(/^min_sdk_version is x, .*>= 24$/u),
      evidence: [inJson(0, 'x'), inJson(1, 'x'), inJson(2, '25')],
    });
    expect(sdk('>=', '25')).toStrictEqual({
      ...NOTHING,
      outcome: 'satisfied',
      message: 'min_sdk_version is >= 24',
      evidence: [inJson(0, '25')],
    });
  });
});

describe('what was looked for', () => {
  it.each<[string, Condition, string[]]>([
    ['a printed name', key('openssl'), ['openssl']],
    ['a protection', root, ['root_detection']],
    ['a group', { kind: 'any-of', of: [root, key('openssl'), root] }, ['root_detection', 'openssl']],
    ['what is forbidden', { kind: 'forbid', subject: root }, ['root_detection']],
    ['a build fact', { kind: 'build', fact: 'sign_type', operator: '=', value: 'x' }, []],
    ['listeners', { kind: 'listener' }, []],
  ])('%s', (_, condition, names) => {
    expect(lookedFor(condition)).toEqual(names);
  });
});
