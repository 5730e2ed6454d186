/** Which events the app must listen to, whether that stops a run before its upload, and how reports show what was found. */
import { describe, expect, it } from 'vitest';
import { checkListening, eventsToCheck, stopBeforeUpload } from '../../src/jobs/app-listening.ts';
import type { AppListening, ListenerOutcome, NeededListening } from '../../src/model/listening.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { Platform, RunRequest } from '../../src/model/run-request.ts';
import type { PolicyPlan } from '../../src/policy/rules/rule.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderVerdictBlock } from '../../src/report/red-block.ts';
import { NOW, planOf } from '../policy/policy-text.ts';
import { bodyText } from '../report/html-document.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { pipelineTest } from '../support/pipeline.ts';

const ROOT = '{ feature: Root Detection, threat-events: MODE }';
const requiring = (mode?: string) => `require: [${mode === undefined ? 'Root Detection' : ROOT.replace('MODE', mode)}]`;

/** What is checked, each `certain` one marked with `!`. */
async function checked(policy: string, platform: Platform = 'android', baseline: Record<string, string> = {}) {
  const plan = await planOf(policy, { platform });
  const features = Object.entries(baseline).map(([name, mode]) => ({ name, mode }));
  const file = { path: 'release.pdf', sha256: 'f'.repeat(64), kind: 'certificate' as const };
  const withBaseline: PolicyPlan =
    features.length === 0 ? plan : { ...plan, baseline: { ...file, features, missingListeners: [], facts: {} } };
  return eventsToCheck(withBaseline, platform).events.map(({ name, certain }) => (certain ? `${name}!` : name));
}

describe('the events to check', () => {
  it.each<[what: string, policy: string, events: string[]]>([
    ['the policy names In-App Detection', requiring('in-app-detection'), ['RootedDevice!']],
    ['the policy names In-App Defense, which enforces', requiring('in-app-defense'), []],
    ['the policy names no mode', requiring(), ['RootedDevice']],
    ['the policy takes any mode', requiring('any'), ['RootedDevice']],
    [
      'a group',
      'require: [Root Detection, { any-of: [Detect Frida, Detect Developer Options] }]',
      ['RootedDevice', 'FridaDetected', 'DeveloperOptionsEnabled'],
    ],
    [
      'a group whose members name the mode',
      `require: [Anti-Debugging, { any-of: [${ROOT.replace('MODE', 'in-app-detection')}, Detect Frida] }]`,
      ['DebuggerThreatDetected', 'RootedDevice', 'FridaDetected'],
    ],
    [
      'all of a group',
      `require: [{ all-of: [${ROOT.replace('MODE', 'in-app-detection')}, Detect Frida] }]`,
      ['RootedDevice!', 'FridaDetected'],
    ],
    [
      'a rule that only warns',
      `require: [Anti-Debugging, ${ROOT.replace('MODE', 'in-app-detection, severity: warning')}]`,
      ['DebuggerThreatDetected', 'RootedDevice'],
    ],
    ['what is forbidden', 'require: [Root Detection]\nforbid: [Detect Frida]', ['RootedDevice']],
    ['a component, which sends none', 'require: [Root Detection, { key: threat_events }]', ['RootedDevice']],
    ['a key', 'require: [{ key: root_detection, threat-events: in-app-detection }]', ['RootedDevice!']],
    [
      'the same event for two protections',
      'require: [Secure TLS Version, { key: secure_communication_tls_1_2 }]',
      ['SslIncompatibleVersion'],
    ],
  ])('%s', async (_, policy, events) => {
    expect((await checked(policy)).sort()).toEqual([...events].sort());
  });

  it.each([
    'In-App Detection',
    'In-App Defense',
    'Threat-Memory',
    'Enforce Connection Only',
    'A Mode That Nobody Knows',
  ])('are the same after a baseline in %s: what an earlier build did says nothing about this one', async (before) => {
    for (const mode of [undefined, 'any', 'in-app-detection', 'in-app-defense'])
      expect(await checked(requiring(mode), 'android', { 'Root Detection': before })).toEqual(
        await checked(requiring(mode)),
      );
  });

  it.each<[policy: string, unknown: string[], events: string[]]>([
    ['require: [Anti-Tampering]', ['Anti-Tampering'], []],
    ['require: [{ feature: Anti-Tampering, threat-events: in-app-detection }]', ['Anti-Tampering!'], []],
    ['require: [{ feature: Anti-Tampering, threat-events: in-app-defense }]', [], []],
    [
      'require: [{ feature: Anti-Tampering, threat-events: in-app-detection }]\naliases: { Anti-Tampering: [AppIntegrityError] }',
      [],
      ['AppIntegrityError!'],
    ],
  ])('%s: protections whose event is not known are told apart', async (policy, unknown, events) => {
    const found = eventsToCheck(await planOf(policy, { platform: 'android' }), 'android');
    const marked = (name: string, certain: true | undefined) => (certain ? `${name}!` : name);
    expect(found.unknown.map(({ protection, certain }) => marked(protection, certain))).toEqual(unknown);
    expect(found.events.map(({ name, certain }) => marked(name, certain))).toEqual(events);
  });

  it('are those of the platform', async () => {
    const both =
      'require: [Proxy Detection]\nandroid: { require: [Root Detection] }\nios: { require: [Jailbreak Detection] }';
    expect(await checked(both, 'android')).toEqual(expect.arrayContaining(['NetworkProxyConfigured', 'RootedDevice']));
    expect(await checked(both, 'android')).not.toContain('JailbrokenDevice');
    expect(await checked(both, 'ios')).toEqual(expect.arrayContaining(['NetworkProxyConfigured', 'JailbrokenDevice']));
    expect(await checked(both, 'ios')).not.toContain('RootedDevice');
  });

  it('leave out a protection that sends none on iOS', async () => {
    const policy = 'require: [Prevent Keylogging]';
    expect(await checked(policy, 'android')).toEqual(['BlockedKeyboardEvent']);
    expect(await checked(policy, 'ios')).toEqual([]);
  });
});

const event = (name: string, outcome: ListenerOutcome, more: Partial<NeededListening> = {}): NeededListening => ({
  name,
  outcome,
  places: [],
  ...more,
});
const ROOTED = { protection: 'Root Detection', certain: true } as const;
const FRIDA = { protection: 'Detect Frida' } as const;
const found = (...events: NeededListening[]): AppListening => ({ events, unreadable: [] });

const POLICY = `require: [${ROOT.replace('MODE', 'in-app-detection')}, Detect Frida]`;
const RULE = (least: string) => `${POLICY}\nthreat-event-listeners: ${least}`;
type Gate = Pick<RunRequest['gate'], 'mode' | 'listeners'>;

async function stopped(policy: string, listening: AppListening | undefined, gate: Partial<Gate> = {}) {
  const request = { gate: { mode: 'enforce' as const, ...gate }, platform: 'android' as const };
  return stopBeforeUpload(listening, await planOf(policy), request, NOW);
}

const waiving = (expires: string, scope = '') =>
  `waivers:\n  - { feature: Root Detection, reason: the listener ships in 3.2, owner: mobile-security, expires: ${expires}${scope} }`;

describe('a run before its upload', () => {
  it.each<[what: string, waivers: string, exit: number | undefined]>([
    ['a waiver', waiving('2026-12-20'), undefined],
    [
      'a waiver whose scope only the certificate shows',
      waiving('2026-12-20', ', scope: { bundle-id: com.example.qa.* }'),
      undefined,
    ],
    ['a waiver that has ended', waiving('2026-01-20'), 6],
  ])('%s of the protection that sends the event', async (_, waivers, exit) => {
    const listening = found(event('RootedDevice', 'absent', ROOTED));
    for (const policy of [RULE('registered'), POLICY])
      expect((await stopped(`${policy}\n${waivers}`, listening, { listeners: 'fail' }))?.exitCode).toBe(exit);
    const other = found(event('RootedDevice', 'absent', ROOTED), event('FridaDetected', 'absent', FRIDA));
    expect((await stopped(`${RULE('registered')}\n${waivers}`, other, { listeners: 'fail' }))?.exitCode).toBe(6);
  });

  /** Without a rule, by `listeners: fail`; and with one, for what must listen whatever the Fusion Set says. */
  it.each<[outcome: ListenerOutcome, registered: number | undefined, named: number | undefined]>([
    ['registered', undefined, undefined],
    ['named', 8, undefined],
    ['foreign', 6, 6],
    ['absent', 6, 6],
    ['unknown', 8, 8],
  ])('an event that is %s: exit by a rule for registered, and for named', async (outcome, registered, named) => {
    const listening = found(event('RootedDevice', outcome, ROOTED));
    expect((await stopped(POLICY, listening, { listeners: 'fail' }))?.exitCode).toBe(registered);
    for (const listeners of ['fail', 'warn', undefined] as const) {
      const gate = listeners === undefined ? {} : { listeners };
      expect((await stopped(RULE('registered'), listening, gate))?.exitCode).toBe(registered);
      expect((await stopped(RULE('named'), listening, gate))?.exitCode).toBe(named);
    }
  });

  it.each<[why: string, policy: string, listening: AppListening | undefined, gate: Partial<Gate>]>([
    ['nothing was checked', RULE('registered'), undefined, { listeners: 'off' }],
    [
      'the gate warns',
      RULE('registered'),
      found(event('RootedDevice', 'absent', ROOTED)),
      { mode: 'warn', listeners: 'fail' },
    ],
    ['the gate is off', RULE('registered'), found(event('RootedDevice', 'absent', ROOTED)), { mode: 'disabled' }],
    ['the check warns', POLICY, found(event('RootedDevice', 'absent', ROOTED)), { listeners: 'warn' }],
    ['nothing is said', POLICY, found(event('RootedDevice', 'absent', ROOTED)), {}],
    ['nothing needs a listener', POLICY, found(), { listeners: 'fail' }],
    ['Appdome may enforce it', RULE('registered'), found(event('FridaDetected', 'absent', FRIDA)), {}],
  ])('goes on where %s', async (_, policy, listening, gate) => {
    expect(await stopped(policy, listening, gate)).toBeUndefined();
  });

  it('says what stops it, once, and names no file or build', async () => {
    const listening = found(event('RootedDevice', 'absent', ROOTED), event('FridaDetected', 'registered', FRIDA));
    const end = await stopped(POLICY, listening, { listeners: 'fail' });
    expect(end?.verdict).toMatchObject({
      outcome: 'fail',
      missingFeatures: ['Root Detection'],
      binding: { level: 'none' },
      evidence: 'none',
      findings: [{ code: 'listener.not-found', level: 'error', message: expect.stringContaining('RootedDevice') }],
    });
    expect(end?.verdict.findings[0]?.message).not.toContain('FridaDetected');
    expect(end?.verdict.requirements.map(({ outcome }) => outcome)).toEqual(['not-evaluated', 'not-evaluated']);
    const unproven = await stopped(POLICY, found(event('RootedDevice', 'unknown', ROOTED)), { listeners: 'fail' });
    expect(unproven?.verdict).toMatchObject({
      outcome: 'error',
      missingFeatures: [],
      findings: [{ code: 'listener.unproven', level: 'error' }],
    });
  });

  it('judges the rule of the policy, and no other', async () => {
    const end = await stopped(RULE('registered'), found(event('RootedDevice', 'absent', ROOTED)));
    expect(end?.verdict.findings).toMatchObject([{ code: 'feature.no-listener', level: 'error' }]);
    const outcomes = end?.verdict.requirements.map(({ rule, outcome }) => `${rule} ${outcome}`);
    expect(outcomes?.sort()).toEqual(['app-listens no-listener', 'feature not-evaluated', 'feature not-evaluated']);
    const listens = end?.verdict.requirements.find(({ rule }) => rule === 'app-listens');
    expect(listens).toMatchObject({
      message: expect.stringContaining('RootedDevice'),
      hint: expect.stringMatching(/./),
    });
    const named = await stopped(RULE('registered'), found(event('RootedDevice', 'named', ROOTED)));
    expect(named?.verdict.requirements).toContainEqual(
      expect.objectContaining({ rule: 'app-listens', outcome: 'unproven' }),
    );
  });

  it('lacks the protections whose events fall short of the rule, each once', async () => {
    const listening = found(
      event('RootedDevice', 'absent', ROOTED),
      event('RootedDeviceToo', 'foreign', ROOTED),
      event('FridaDetected', 'named', FRIDA),
      event('AskedByName', 'absent'),
    );
    const missing = async (least: string) =>
      (await stopped(RULE(least), listening, { listeners: 'fail' }))?.verdict.missingFeatures;
    expect(await missing('registered')).toEqual(['Detect Frida', 'Root Detection']);
    expect(await missing('named')).toEqual(['Root Detection']);
  });

  it('without a rule, under fail, looks at events that may not be sent; with one, under warn, it does not', async () => {
    const listening = found(event('RootedDevice', 'registered', ROOTED), event('FridaDetected', 'absent', FRIDA));
    expect((await stopped(POLICY, listening, { listeners: 'fail' }))?.verdict.missingFeatures).toEqual([
      'Detect Frida',
    ]);
    expect(await stopped(RULE('registered'), listening, { listeners: 'warn' })).toBeUndefined();
  });
});

describe('the check itself', () => {
  async function check(policy: string, gate: Partial<RunRequest['gate']> = {}, more: Partial<RunRequest> = {}) {
    const test = await pipelineTest(more);
    Object.assign(test.request.gate, gate);
    return checkListening(test.request, await planOf(policy), await test.io());
  }

  it('finds nothing in an app without code, for each event with its protection', async () => {
    const listening = await check(POLICY);
    expect(listening?.events.map(({ name, protection, certain }) => [name, protection, certain])).toEqual(
      expect.arrayContaining([
        ['RootedDevice', 'Root Detection', true],
        ['FridaDetected', 'Detect Frida', undefined],
      ]),
    );
  });

  it.each<[why: string, policy: string, gate: Partial<RunRequest['gate']>, done: boolean]>([
    ['the option is off', POLICY, { listeners: 'off' }, false],
    ['no event is needed', requiring('in-app-defense'), {}, false],
    ['no event is needed, and it is asked for', requiring('in-app-defense'), { listeners: 'fail' }, true],
    [
      'no event is needed, and the policy asks for it',
      `${requiring('in-app-defense')}\nthreat-event-listeners: named`,
      {},
      true,
    ],
  ])('where %s', async (_, policy, gate, done) => {
    expect((await check(policy, gate)) !== undefined).toBe(done);
  });
});

describe('"Does the app listen?"', () => {
  const PLACE = 'classes.dex, com.example.shop.App.onCreate: registration';
  const listening: NonNullable<FusegateResult['listening']> = {
    check: 'warn',
    events: [
      { name: 'RootedDevice', protection: 'Root Detection', outcome: 'registered', places: [PLACE] },
      { name: 'UnknownSourcesEnabled', outcome: 'named', places: ['assets/index.js: name'] },
      { name: 'EmulatorFound', outcome: 'foreign', places: [] },
      { name: 'FridaDetected', protection: 'Detect Frida', outcome: 'absent', places: [] },
      { name: 'AppIsDebuggable', outcome: 'unknown', places: [] },
    ],
    unreadable: [{ file: 'assemblies/assemblies.blob', reason: 'is compressed' }],
  };
  const NAMES = listening.events.map(({ name }) => name);
  const shown = (change: Partial<FusegateResult>, detail: 'full' | 'counts' = 'full') => {
    const result = resultOf({}, change);
    return [bodyText(renderHtml(result, { detail })), renderMarkdown(result, { detail })];
  };

  it('lists each event, the worst first, with what was found', () => {
    for (const text of shown({ listening })) {
      expect(text).toContain('Does the app listen?');
      expect(text).toContain('1 of 5');
      const places = NAMES.map((name) => text.indexOf(name, text.indexOf('Does the app listen?')));
      expect(places).not.toContain(-1);
      const [registered, named, foreign, absent, unknown] = places as [number, number, number, number, number];
      expect([absent, foreign, unknown, named, registered]).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('shows where a listener is, and what could not be read (HTML)', () => {
    const [page] = shown({ listening });
    expect(page).toContain('com.example.shop.App.onCreate');
    expect(page).toContain('assemblies/assemblies.blob');
  });

  it('says that the certificate only searches for the name', () => {
    for (const text of shown({ listening })) expect(text).toMatch(/only looks for the name/);
  });

  it('names no event, no protection and no place under detail: counts', () => {
    for (const text of shown({ listening }, 'counts')) {
      expect(text).toContain('Does the app listen?');
      for (const secret of [...NAMES, 'Detect Frida', 'com.example.shop', 'assemblies.blob']) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it('names no event in the findings of a run that it stopped, under detail: counts', async () => {
    const end = await stopped(POLICY, found(event('RootedDevice', 'absent', ROOTED)), { listeners: 'fail' });
    const change = { ...end?.verdict, verdict: 'fail' as const, exitCode: 6, listening };
    const full = resultOf({}, change);
    expect(renderVerdictBlock(full).join('\n')).toContain('RootedDevice');
    for (const text of shown(change, 'counts')) {
      for (const name of [...NAMES, 'Root Detection']) expect(text).not.toContain(name);
    }
  });

  it('is left out where nothing was checked, or nothing needs a listener', () => {
    for (const change of [{}, { listening: { ...listening, events: [] } }]) {
      for (const text of shown(change)) expect(text).not.toContain('Does the app listen?');
    }
  });
});
