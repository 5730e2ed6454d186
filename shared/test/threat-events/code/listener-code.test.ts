import { describe, expect, it } from 'vitest';
import { eventFields } from '../../../src/catalogue/event-data.ts';
import { LANGUAGE_NAMES } from '../../../src/threat-events/code/languages.ts';
import { codeOf, eventsFor } from './every-event.ts';
import { GRAMMARS, parseProblems } from './parse-problems.ts';

const whole = (...given: Parameters<typeof codeOf>) =>
  codeOf(...given)
    .map(({ text }) => text)
    .join('\n');

const FILES = {
  java: ['ThreatEvents.java'],
  kotlin: ['ThreatEvents.kt'],
  swift: ['ThreatEvents.swift'],
  'objective-c': ['ThreatEvents.h', 'ThreatEvents.m'],
  'react-native': ['threatEvents.js'],
  cordova: ['threat-events.js'],
  'csharp-android': ['ThreatEvents.cs'],
  'csharp-ios': ['ThreatEvents.cs'],
  flutter: ['threat_events.dart'],
};

it('the grammars see what is wrong', async () => {
  for (const grammar of new Set(Object.values(GRAMMARS)))
    expect(await parseProblems('class {{{ ] = "', grammar), grammar).not.toEqual([]);
});

describe.each(LANGUAGE_NAMES)('%s', (language) => {
  it('parses, with every event and with one that nobody knows', async () => {
    const unknown = { events: [{ name: 'SomethingNew', protections: [] }] };
    for (const files of [codeOf(language), codeOf(language, unknown)]) {
      expect(files.map(({ name }) => name)).toEqual(FILES[language]);
      for (const { name, text } of files) expect(await parseProblems(text, GRAMMARS[language]), name).toEqual([]);
    }
  });

  it('has exactly the events that were ordered, each as one literal', () => {
    const literals = whole(language).match(/(["'])[A-Z]\w+\1/g) ?? [];
    const names = eventsFor(language).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30 / (language === 'swift' ? 2 : 1));
    const known = new Set(names);
    expect(literals.map((one) => one.slice(1, -1)).filter((one) => known.has(one))).toEqual(names);
  });

  it('has every key that its platforms send', () => {
    const isIosOnly = ['swift', 'objective-c', 'csharp-ios'].includes(language);
    for (const { key, androidOnly } of eventFields)
      expect(new RegExp(`\\b${key}\\b`).test(whole(language)), key).toBe(!(isIosOnly && androidOnly));
  });

  it('says that In-App Detection enforces nothing, and what each event is', () => {
    expect(whole(language)).toMatch(/In-App Detection/);
    expect(whole(language)).toMatch(/\/\/ (?:\w+ only: )?Mobile Bot Defense \(inferred\)\n.*MobileBotDefenseCheck/);
    const events = [{ name: 'SomethingNew', protections: [] }];
    expect(whole(language, { events })).toMatch(/\/\/ not in the catalogue\n.*SomethingNew/);
  });

  it('is ASCII, without the day, blanks at line ends or an endless line', () => {
    for (const { text } of codeOf(language)) {
      expect(text).toMatch(/^[\n\x20-\x7e]*$/);
      expect(text).not.toMatch(/[ \t]\n|\b20\d\d\b/);
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(160);
    }
    expect(codeOf(language)).toEqual(codeOf(language));
  });

  it('takes no name that would become code', () => {
    for (const name of ['Root"; exit(1); //', "x', y", 'a\nb', 'A*/', ''])
      expect(() => codeOf(language, { events: [{ name, protections: [] }] })).toThrow('not the name of an event');
  });
});

it.each(['java', 'kotlin', 'csharp-android'] as const)('%s: registers without export from SDK 33', (language) => {
  expect(whole(language)).toMatch(/TIRAMISU|>= 33/);
  expect(whole(language)).toMatch(/RECEIVER_NOT_EXPORTED|ReceiverFlags\.NotExported/);
  expect(whole(language).match(/registerReceiver\(/gi)).toHaveLength(2);
});

it.each(['java', 'kotlin', 'csharp-android', 'csharp-ios', 'swift', 'objective-c'] as const)(
  '%s: takes its names from the order',
  async (language) => {
    const files = codeOf(language, { className: 'AcmeListener', packageName: 'org.acme.threats' });
    for (const { name, text } of files) {
      expect(name).toMatch(/^AcmeListener\./);
      expect(text).toContain('AcmeListenerEvent');
      expect(text).not.toMatch(/\bThreatEvents\b|com\.example/);
      expect(await parseProblems(text, GRAMMARS[language])).toEqual([]);
    }
  },
);
