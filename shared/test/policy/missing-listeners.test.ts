/** Whose listener is missing: by the whole printed text first, then by its words. */
import { describe, expect, it } from 'vitest';
import { listenerDoubts, listenersOf } from '../../src/policy/rules/missing-listeners.ts';
import type { FeatureCondition, SubjectCondition } from '../../src/policy/rules/rule.ts';
import { selectSources } from '../../src/policy/rules/sources.ts';
import { judgedBy, planned } from './policy-text.ts';
import { type DocumentSpec, json, pdf, unreadable, wording } from './synthetic-evidence.ts';

const subject: FeatureCondition = {
  kind: 'feature',
  name: 'Some Shield',
  proofs: ['shield_key'],
  events: ['shieldbroken'],
  related: ['related_name'],
  mentions: ['guard'],
  elsewhere: ['elsewhere_name'],
  printing: 'seen',
};

function of(printed: string, aliases?: Record<string, string[]>, about: SubjectCondition = subject) {
  const { sources } = selectSources({ pdf: pdf({ listeners: [printed] }), json: json() }, 'any', true);
  const found = listenersOf(about, aliases === undefined ? sources : { ...sources, aliases });
  return { own: found.own.map(({ value }) => value), unpaired: found.unpaired.map(({ value }) => value) };
}

const OWN = [true, false] as const;
const OTHERS = [false, false] as const;
const NOBODYS = [false, true] as const;

describe('a listener', () => {
  it.each<[string, readonly [own: boolean, unpaired: boolean]]>([
    ['ShieldBroken', OWN],
    ['shield_broken', OWN],
    ['Shield Broken', OWN],
    ['Some Shield', OWN],
    ['shield_key', OWN],
    ['guard', OWN],
    ['related_name', NOBODYS],
    ['elsewhere_name', NOBODYS],
    ['NobodyKnows', NOBODYS],
    // An event and a display name of the catalogue.
    ['RootedDevice', OTHERS],
    ['SslCertificateValidationFailed', OTHERS],
    ['SimStateInfo', OTHERS],
    ['Root Detection', OTHERS],
    // A component reports nothing, so that its name says nothing of whose listener is missing.
    ['secure_communication', NOBODYS],
    ['threat_events', NOBODYS],
    // Words that we made, and names joined by meaning.
    ['Root Prevention', NOBODYS],
    ['-', NOBODYS],
    ['ShieldBroken RootedDevice', OWN],
    ['ShieldBroken,RootedDevice', OWN],
    ['ShieldBroken ,; RootedDevice', OWN],
    ['RootedDevice;EmulatorFound', OTHERS],
    ['RootedDevice, EmulatorFound;', OTHERS],
    ['RootedDevice NobodyKnows', NOBODYS],
    // Only a text in the form of a name is one.
    ...['…', '...', '.', ' (+)', ' *', '*', '!', '?', '+', ' -', '…,', ' …', '\u0301', '™', '\u00ad', '"'].flatMap(
      (sign): Array<[string, typeof NOBODYS]> => [
        [`RootedDevice${sign}`, NOBODYS],
        [`ShieldBroken${sign}`, NOBODYS],
      ],
    ),
    ...['-', '_', '~', '(', '• ', '- '].map((sign): [string, typeof NOBODYS] => [`${sign}RootedDevice`, NOBODYS]),
    ['Rооted Device', NOBODYS],
    ['RootedDevice, …', NOBODYS],
    [' ; ', NOBODYS],
    // A display name that is printed exactly like this.
    ['Copy/Paste Prevention', OTHERS],
    ['copy/paste prevention', NOBODYS],
    ['ShieldBroken NobodyKnows', [true, true]],
  ])('%j', (printed, [own, unpaired]) => {
    expect(of(printed)).toEqual({ own: own ? [printed] : [], unpaired: unpaired ? [printed] : [] });
  });

  it.each<[string, Record<string, string[]>, readonly [boolean, boolean]]>([
    ['NobodyKnows', { 'Some Shield': ['NobodyKnows'] }, OWN],
    ['nobody_knows', { some_shield: ['Other', 'Nobody Knows'] }, OWN],
    ['NobodyKnows', { 'Another Name': ['NobodyKnows'] }, OTHERS],
    ['NobodyKnows', { 'Some Shield': ['Other'] }, NOBODYS],
    ['NobodyKnows', { 'Another Name': ['Other'] }, NOBODYS],
    // Pasted from the message: verbatim.
    ['NobodyKnows…', { 'Some Shield': ['NobodyKnows…'] }, OWN],
    ['NobodyKnows…', { 'Another Name': ['NobodyKnows…'] }, OTHERS],
    ['NobodyKnows…', { 'Some Shield': ['NobodyKnows'] }, NOBODYS],
  ])('%j, with aliases %j', (printed, aliases, [own, unpaired]) => {
    expect(of(printed, aliases)).toEqual({ own: own ? [printed] : [], unpaired: unpaired ? [printed] : [] });
  });

  it('with signs around its name is likely one of its own', () => {
    const likely = (printed: string) => {
      const { sources } = selectSources({ pdf: pdf({ listeners: [printed] }), json: json() }, 'any', true);
      return listenersOf(subject, sources).likely.length;
    };
    expect(['ShieldBroken…', 'RootedDevice…', 'ShieldBroken'].map(likely)).toEqual([1, 0, 0]);
  });

  it('of a key is told by its events and by the names that act for it', () => {
    const bare: SubjectCondition = { kind: 'key', printed: 'shield_key' };
    const full: SubjectCondition = { ...bare, events: ['shieldbroken'], actsAs: ['some_shield'] };
    const names = ['shield_key', 'ShieldBroken', 'Some Shield'];
    expect(names.map((name) => of(name, undefined, bare).own.length)).toEqual([1, 0, 0]);
    expect(names.map((name) => of(name, undefined, full).own.length)).toEqual([1, 1, 1]);
    expect(of('Stryker was here', undefined, bare).own).toEqual([]);
  });
});

describe('whether a listener is missing', () => {
  const doubt = wording('text', 'Something is missing');
  it.each<[string, DocumentSpec | undefined, number, boolean]>([
    ['is known', {}, 0, false],
    ['is doubted', { listenerDoubts: [doubt] }, 1, false],
    ['has no end', { bounded: false }, 0, true],
    ['is nothing that a JSON says', undefined, 0, false],
  ])('%s', (_, spec, doubts, unbounded) => {
    const given = spec === undefined ? unreadable('pdf') : pdf(spec);
    const { sources } = selectSources({ pdf: given, json: json() }, 'any', true);
    expect(listenerDoubts(sources)).toEqual({ doubts: Array.from({ length: doubts }, () => doubt), unbounded });
  });
});

describe('a listener that resembles an event of the protection', () => {
  const odd = [
    'RootedDevice.',
    'RootedDevice 3 more',
    'no RootedDevice',
    'RootedDevice:1',
    'Rооted Device',
    'ROOTED-DEVICES',
    'xRootedDevice…',
  ];
  const root: FeatureCondition = {
    ...subject,
    name: 'Root Detection',
    proofs: ['root_detection'],
    events: ['rooteddevice'],
  };

  it.each(odd)('doubts it, whatever protection an alias pairs it with: %s', (printed) => {
    expect(of(printed, { 'Detect Developer Options': [printed] }, root)).toEqual({ own: [], unpaired: [printed] });
    expect(of(printed, { 'Root Detection': [printed] }, root)).toEqual({ own: [printed], unpaired: [] });
    expect(of(printed, { 'Root Detection': [printed] })).toEqual({ own: [], unpaired: [] });
  });

  it.each(['DeveloperOptionsEnabled', 'DeveloperOptionsEnabled…', 'NobodyKnows'])('%s does not', (printed) => {
    expect(of(printed, { 'Detect Developer Options': [printed] }, root)).toEqual({ own: [], unpaired: [] });
  });
});

describe('the aliases of missing listeners', () => {
  const policy = (lines: string) => `require: [Root Detection, Prevent MiTM Attacks]\n${lines}`;
  const shown = (listeners: string[]) => ({
    evidence: {
      pdf: pdf({ lines: [{ name: 'Root Detection', mode: 'In-App Detection' }, 'Prevent MiTM Attacks'], listeners }),
    },
  });
  const used = async (lines: string, ...listeners: string[]) => {
    const verdict = await judgedBy(policy(lines), shown(listeners));
    const notes = verdict.findings.filter(({ code }) => code === 'policy.alias-used');
    return [verdict.outcome, ...notes.map(({ message }) => message.replace(/^.*: /u, ''))];
  };

  it.each<[string, string[], string[]]>([
    ['', ['NobodyKnows'], ['error']],
    [
      'aliases: { Detect Developer Options: [NobodyKnows] }',
      ['NobodyKnows'],
      ['pass', 'NobodyKnows with Detect Developer Options'],
    ],
    [
      'aliases: { Detect Developer Options: [NobodyKnows] }',
      ['nobody_knows'],
      ['pass', 'nobody_knows with Detect Developer Options'],
    ],
    ['aliases: { Root Detection: [NobodyKnows] }', ['NobodyKnows'], ['fail', 'NobodyKnows with Root Detection']],
    ['aliases: { Detect Developer Options: [NobodyKnows] }', ['DeveloperOptionsEnabled'], ['pass']],
    ['aliases: { Detect Developer Options: [NobodyKnows] }', [], ['pass']],
    [
      'aliases: { Detect Developer Options: ["RootedDevice."] }',
      ['RootedDevice.'],
      ['error', 'RootedDevice. with Detect Developer Options'],
    ],
  ])('%s are named where the certificate lists %j', async (lines, listeners, expected) => {
    expect(await used(lines, ...listeners)).toEqual(expected);
  });

  it.each(['warn', 'ignore'])('are not named where they change nothing: %s', async (value) => {
    const lines = `missing-threat-event-listeners: ${value}\naliases: { Detect Developer Options: [NobodyKnows] }`;
    expect(await used(lines, 'NobodyKnows')).toEqual(['pass']);
  });

  it.each([
    'NobodyKnows',
    'RootedDevice 3 more',
    'no RootedDevice',
    'RootedDevice:1',
    '…',
    'openssl',
    'RootedDevice.',
    'x y',
    'Root Prevention',
    'EmulatorFound…',
  ])('are offered only where the policy takes them: %j', async (printed) => {
    const other = 'require: [Detect Unknown Sources]\n';
    const lines = [{ name: 'Detect Unknown Sources', mode: 'In-App Detection' }];
    const given = { evidence: { pdf: pdf({ lines, listeners: [printed] }) } };
    const [rule] = (await judgedBy(other, given)).requirements;
    expect(rule).toMatchObject({ outcome: 'unproven' });
    expect(rule?.hint).toContain('missing-threat-event-listeners: warn');
    const offered = /aliases: \{ PROTECTION: \[(.*)\] \}/u.exec(rule?.hint ?? '')?.[1];
    expect(offered !== undefined).toBe(['NobodyKnows', 'RootedDevice.', 'EmulatorFound…'].includes(printed));
    if (offered === undefined) return;
    for (const name of ['Detect Developer Options', 'Root Detection', 'Rate-Limit Connections']) {
      const pasted = `${other}aliases: { ${name}: [${offered}] }`;
      expect((await planned(pasted)).problems).toEqual([]);
      expect((await judgedBy(pasted, given)).outcome).toBe('pass');
    }
  });

  it('are not offered for a protection whose own event the listener resembles', async () => {
    const { requirements } = await judgedBy(policy(''), shown(['RootedDevice.']));
    expect(requirements.map(({ hint = '' }) => hint).join(' ')).not.toContain('aliases');
    expect(requirements.map(({ hint = '' }) => hint).join(' ')).toContain('missing-threat-event-listeners: warn');
  });
});
