/** Whose listener is missing: by the whole printed text first, then by its words. */
import { describe, expect, it } from 'vitest';
import { listenerDoubts, listenersOf } from '../../src/policy/rules/missing-listeners.ts';
import type { FeatureCondition, SubjectCondition } from '../../src/policy/rules/rule.ts';
import { selectSources } from '../../src/policy/rules/sources.ts';
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
