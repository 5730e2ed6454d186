import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGE_NAMES } from '../../shared/src/threat-events/code/languages.ts';
import { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const FIXTURE = path.join(root, 'test/fixtures/certificates/android-aab.pdf');
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-threat-events-'));
  writeFileSync(
    path.join(cwd, 'policy.yml'),
    [
      'version: 1',
      'require:',
      '  - { feature: Root Detection, threat-events: in-app-detection }',
      '  - { feature: Proxy Detection, threat-events: in-app-defense }',
      '  - Conditional Enforcement',
      'ios: { require: [Jailbreak Detection] }',
      '',
    ].join('\n'),
  );
  const defense = 'version: 1\nrequire:\n  - { feature: Proxy Detection, threat-events: in-app-defense }\n';
  writeFileSync(path.join(cwd, 'defense.yml'), defense);
  writeFileSync(path.join(cwd, 'certificate.pdf'), readFileSync(FIXTURE));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function command(...words: string[]) {
  const io = fakeIo({ cwd, clock: new FakeClock(0, Date.parse('2026-11-29T12:00:00Z')) });
  const exit = await runCommandLine(['threat-events', ...words], io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

describe('the list', () => {
  it('has each event with its protection, and says once what all of them carry', async () => {
    const { exit, out, err } = await command();
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/^NAME +PROTECTION +PLATFORM +REF +PAIRED BY +KNOWN FROM$/mu);
    expect(out).toMatch(/^RootedDevice +Root Detection +android +- +inferred +a real certificate$/mu);
    expect(out).toMatch(/^AppIntegrityError .* both +/mu);
    expect(out).toMatch(/^MobileBotDefenseRateLimitReached +Rate-Limit Connections +\S+ +6801 +documented/mu);
    expect(out).toMatch(/^EnforceThreatEvent +Failsafe Enforcement .*the app sends it/mu);
    for (const word of ['reasonData', 'reasonCode', 'currentThreatEventScore', 'threatEventsScore', 'carrierPlmn'])
      expect(out.match(new RegExp(`\\b${word}\\b`, 'gu')), word).toHaveLength(1);
    expect(out).toContain('In-App Detection');
  });

  it('is searched as the protections are', async () => {
    const { out } = await command('root', 'detection', '--platform', 'android');
    expect(out.split('\n')[1]).toMatch(/^RootedDevice /u);
    expect(await command('no such thing at all')).toMatchObject({ exit: 1 });
    expect((await command('root', '--platform', 'ios')).out).not.toContain('RootedDevice');
  });

  it('has a column for REF only where an event has one', async () => {
    expect((await command('RootedDevice')).out).toMatch(/^NAME +PROTECTION +PLATFORM +PAIRED BY +KNOWN FROM\n/u);
    expect((await command('MobileBotDefenseRateLimitReached')).out).toMatch(/^NAME .* REF +PAIRED BY/u);
  });

  it('has every fact as JSON', async () => {
    const { exit, out } = await command('RootedDevice', '--json');
    const { events, contextKeys, modes } = JSON.parse(out);
    expect(exit).toBe(0);
    expect(events[0]).toMatchObject({
      name: 'RootedDevice',
      protections: [{ title: 'Root Detection', pairing: 'inferred', confidence: 'certificate' }],
      platforms: ['android'],
      data: 'reasonData',
      code: 'reasonCode',
      score: ['currentThreatEventScore', 'threatEventsScore'],
      modes: ['In-App Detection', 'In-App Defense'],
      contextKeys: expect.arrayContaining(['message', 'threatCode']),
    });
    expect(contextKeys).toContainEqual({ key: 'carrierName', androidOnly: true, type: 'string' });
    expect(contextKeys).toContainEqual({ key: 'threatEventsScore', element: 'SCORE', type: 'number' });
    expect(modes).toContainEqual(expect.objectContaining({ mode: 'Threat-Memory' }));
    const input = JSON.parse((await command('EnforceThreatEvent', '--json')).out).events[0];
    expect(input).toMatchObject({ name: 'EnforceThreatEvent', direction: 'input' });
    expect(input.contextKeys).toBeUndefined();
  });
});

/** @returns the events of the written files, in their order */
function eventsIn(folder: string): string[] {
  const texts = readdirSync(path.join(cwd, folder)).map((name) => readFileSync(path.join(cwd, folder, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^ *@?["']([A-Z]\w+)["'],?$/gmu)].map(([, name = '']) => name));
}

const needsPackage = (language: string) => /java|kotlin|csharp/u.test(language);

describe('--code', () => {
  it.each(LANGUAGE_NAMES)('%s: writes the events that are asked for, and says where to call it', async (language) => {
    const names = needsPackage(language) ? ['--package', 'com.example.app'] : [];
    const asked = ['--events', 'AppIsDebuggable, AppIntegrityError', '--output', `new/${language}`];
    const { exit, out, err } = await command('--code', language, ...asked, ...names);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(eventsIn(`new/${language}`)).toEqual(['AppIntegrityError', 'AppIsDebuggable']);
    expect(out.split('\n').slice(0, -2)).toEqual(
      readdirSync(path.join(cwd, 'new', language)).map((name) => path.join('new', language, name)),
    );
    expect(out).toMatch(/2 events\. Call it once, \S/u);
  });

  it('goes to the working folder, if no other is named', async () => {
    const words = ['--code', 'flutter', '--events', 'AppIntegrityError'];
    const { exit, out } = await command(...words);
    expect(exit).toBe(0);
    const [file = ''] = out.split('\n');
    expect(readdirSync(cwd)).toContain(file);
    expect(await command(...words)).toMatchObject({ exit: 2 });
    rmSync(path.join(cwd, file));
  });

  const java = (output: string, ...more: string[]) =>
    command('--code', 'java', '--package', 'com.example.app', '--output', output, ...more);

  it('takes the events that a policy needs, and names what it leaves out', async () => {
    const { exit, err } = await java('policy', '--policy', 'policy.yml');
    expect(exit).toBe(0);
    expect(eventsIn('policy')).toEqual(['RootedDevice']);
    expect(err).toMatch(/^left out: Proxy Detection: .*In-App Defense.* \(policy\.yml:4\)$/mu);
  });

  it('takes the events of protections, by name', async () => {
    expect(await java('features', '--features', 'Root Detection, Anti-Debugging')).toMatchObject({ exit: 0, err: '' });
    expect(eventsIn('features')).toEqual(['DebuggerThreatDetected', 'RootedDevice']);
  });

  it('takes what a certificate shows', async () => {
    expect(await java('certificate', '--certificate', 'certificate.pdf')).toMatchObject({ exit: 0 });
    expect(eventsIn('certificate')).toEqual(expect.arrayContaining(['RootedDevice', 'DeveloperOptionsEnabled']));
  });

  it('takes all events of the platform without naming those of the other one', async () => {
    expect(await java('all', '--events', 'all')).toMatchObject({ exit: 0, err: '' });
    expect(eventsIn('all')).toContain('RootedDevice');
    expect(eventsIn('all')).not.toContain('JailbrokenDevice');
    expect(await command('--code', 'flutter', '--events', 'all', '--output', 'both')).toMatchObject({ exit: 0 });
    expect(eventsIn('both')).toEqual(expect.arrayContaining(['RootedDevice', 'JailbrokenDevice']));
    const narrow = ['--events', 'all', '--platform', 'ios', '--output', 'ios'];
    expect(await command('--code', 'flutter', ...narrow)).toMatchObject({ exit: 0 });
    expect(eventsIn('ios')).not.toContain('RootedDevice');
  });

  it('writes an event that nobody knows, with a word about it', async () => {
    const { exit, err } = await java('unknown', '--events', 'RotedDevice');
    expect(exit).toBe(0);
    expect(err).toMatch(/RotedDevice is not in the catalogue.*RootedDevice/u);
    expect(eventsIn('unknown')).toEqual(['RotedDevice']);
  });

  it('overwrites only where that is asked for, and then writes the same again', async () => {
    expect(await java('twice', '--events', 'RootedDevice')).toMatchObject({ exit: 0 });
    const file = path.join(cwd, 'twice/ThreatEvents.java');
    const first = readFileSync(file, 'utf8');
    writeFileSync(file, 'mine');
    const refused = await java('twice', '--events', 'RootedDevice');
    expect(refused.exit).toBe(2);
    expect(refused.err).toMatch(/--output.*ThreatEvents\.java.*--force/u);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await java('twice', '--events', 'RootedDevice', '--force')).toMatchObject({ exit: 0 });
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('writes no header where the implementation is there already', async () => {
    mkdirSync(path.join(cwd, 'half'));
    writeFileSync(path.join(cwd, 'half/ThreatEvents.m'), 'mine');
    const words = ['--code', 'objective-c', '--events', 'AppIntegrityError', '--output', 'half'];
    expect(await command(...words)).toMatchObject({ exit: 2 });
    expect(existsSync(path.join(cwd, 'half/ThreatEvents.h'))).toBe(false);
  });

  const GOOD = ['--events', 'AppIntegrityError', '--output', 'refused'];
  it.each([
    ['a language that it does not know', ['--code', 'rust', ...GOOD], /--code "rust"/u],
    ['no events', ['--code', 'flutter', '--output', 'refused'], /--code.*--certificate/u],
    ['empty events', ['--code', 'flutter', '--events', ' ,', '--output', 'refused'], /--events/u],
    ['all and some', ['--code', 'flutter', '--events', 'all,X', '--output', 'refused'], /--events "all,X"/u],
    ['an empty folder', ['--code', 'flutter', '--events', 'all', '--output', ''], /--output/u],
    ['a folder that is a file', ['--code', 'flutter', '--events', 'all', '--output', 'policy.yml'], /--output/u],
    ['no package', ['--code', 'kotlin', ...GOOD], /--package/u],
    ['a package that is code', ['--code', 'java', '--package', 'a;b', ...GOOD], /--package "a;b"/u],
    ['a package for Swift', ['--code', 'swift', '--package', 'a.b', ...GOOD], /--package "a\.b"/u],
    ['a class for React Native', ['--code', 'react-native', '--class', 'A', ...GOOD], /--class "A"/u],
    ['a class that is code', ['--code', 'swift', '--class', 'A{}', ...GOOD], /--class "A\{\}"/u],
    ['the other platform', ['--code', 'swift', '--platform', 'android', ...GOOD], /--platform "android"/u],
    ['an unknown platform', ['--platform', 'symbian'], /--platform "symbian"/u],
    ['an event that is code', ['--code', 'swift', '--events', 'A"B', '--output', 'refused'], /--events "A"B"/u],
    [
      'only events of the other platform',
      ['--code', 'swift', '--events', 'RootedDevice', '--output', 'refused'],
      /^left out: .*\n(?:.*\n)*.*--events needs no listener in Swift/u,
    ],
    [
      'a policy under which Appdome enforces everything',
      ['--code', 'flutter', '--policy', 'defense.yml', '--output', 'refused'],
      /^left out: Proxy Detection(?:.*\n)*.*--policy needs no listener/u,
    ],
    [
      'a known event in another case',
      ['--code', 'java', '--package', 'a.b', '--events', 'Rooteddevice', '--output', 'refused'],
      /--events "Rooteddevice".*RootedDevice/u,
    ],
    ['an unknown protection', ['--code', 'swift', '--features', 'No Such', '--output', 'refused'], /No Such/u],
    ['a policy that is not there', ['--code', 'swift', '--policy', 'no.yml', '--output', 'refused'], /--policy/u],
    [
      'a certificate that is none',
      ['--code', 'swift', '--certificate', 'policy.yml', '--output', 'refused'],
      /--cert/u,
    ],
    ['a list beside code', ['--code', 'swift', '--json', ...GOOD], /--json/u],
    ['a query beside code', ['root', '--code', 'swift', ...GOOD], /root/u],
    ['options of code without it', ['--output', 'refused', '--force'], /--output.*\n.*--force/u],
    ['an option that it does not have', ['--colour'], /--colour/u],
  ])('refuses %s, and writes nothing', async (_, words, said) => {
    const { exit, out, err } = await command(...words);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(said);
    expect(err).toContain('fusegate threat-events --help');
    expect(existsSync(path.join(cwd, 'refused'))).toBe(false);
  });
});
