import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import type { CertificateDocument } from '../../src/model/certificate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { requiredProtections } from '../../src/policy/rules/required-protections.ts';
import { askedByCertificate, everyEvent, neededEvents } from '../../src/threat-events/needed-events.ts';

const asked = (name: string, mode?: string) => ({ name, source: 'policy.yml:4', ...(mode ? { mode } : {}) });
const names = (found: ReturnType<typeof neededEvents>) => found.events.map(({ name }) => name);
const reasons = (found: ReturnType<typeof neededEvents>) => found.leftOut.map(({ name, why }) => [name, why]);

describe('needed events', () => {
  it.each([
    [undefined, 'no-mode-named'],
    ['any', 'no-mode-named'],
    ['in-app-detection', 'in-app-detection'],
    ['In-App Detection', 'in-app-detection'],
    ['Some New Mode', 'unknown-mode'],
  ])('a protection in mode %s needs its event: %s', (mode, why) => {
    expect(neededEvents({ protections: [asked('Root Detection', mode)] })).toEqual({
      events: [
        {
          name: 'RootedDevice',
          platforms: ['android'],
          needs: [{ protection: 'Root Detection', pairing: 'inferred', why, source: 'policy.yml:4' }],
        },
      ],
      leftOut: [],
    });
  });

  it.each([
    ['in-app-defense', 'enforced'],
    ['In-App Defense', 'enforced'],
    ['Threat-Memory', 'threat-memory'],
  ])('a protection in mode %s is left out: %s', (mode, why) => {
    const found = neededEvents({ protections: [asked('Root Detection', mode)] });
    expect(found.events).toEqual([]);
    expect(found.leftOut).toMatchObject([{ name: 'Root Detection', events: ['RootedDevice'], why }]);
  });

  it('another name, a key and a display name mean the same protection; its event is needed once, for each of them', () => {
    const protections = ['root_detection', 'RootedDevice', 'Root Detection'].map((name) => asked(name));
    const { events } = neededEvents({ protections });
    expect(events).toHaveLength(1);
    expect(events[0]?.needs.map(({ protection }) => protection)).toEqual(Array(3).fill('Root Detection'));
  });

  it('a key brings the events of the protections that it is matched to by meaning', () => {
    const found = neededEvents({ protections: [{ ...asked('secure_communication'), verbatim: true }] });
    expect(names(found)).toContain('SslCertificateValidationFailed');
  });

  it.each([
    ['Conditional Enforcement', 'input'],
    ['Failsafe Enforcement', 'input'],
    ['Android Memory Protection', 'no-known-event'],
    ['no_such_protection', 'no-known-event'],
  ])('%s is left out: %s', (name, why) => {
    const found = neededEvents({ protections: [asked(name)] });
    expect([names(found), reasons(found)]).toEqual([[], [[name, why]]]);
  });

  it('Prevent Keylogging sends an event on Android alone', () => {
    const on = (platform?: 'android' | 'ios') => neededEvents({ protections: [asked('Prevent Keylogging')], platform });
    expect([names(on('ios')), reasons(on('ios'))]).toEqual([[], [['Prevent Keylogging', 'sends-none']]]);
    expect([names(on('android')), reasons(on('android'))]).toEqual([['BlockedKeyboardEvent'], []]);
    expect([names(on()), reasons(on())]).toEqual([['BlockedKeyboardEvent'], [['Prevent Keylogging', 'sends-none']]]);
    expect(on().events[0]?.platforms).toEqual(['android']);
    const event = neededEvents({ events: [{ name: 'BlockedKeyboardEvent', source: '--events' }], platform: 'ios' });
    expect(reasons(event)).toEqual([['BlockedKeyboardEvent', 'sends-none']]);
  });

  it('a platform restricts protections and events', () => {
    const events = [{ name: 'RootedDevice', source: '--events' }];
    const found = neededEvents({ protections: [asked('Root Detection')], events, platform: 'ios' });
    expect([names(found), reasons(found)]).toEqual([
      [],
      [
        ['Root Detection', 'other-platform'],
        ['RootedDevice', 'other-platform'],
      ],
    ]);
    const mine = neededEvents({ protections: [{ ...asked('Root Detection'), platform: 'ios' }] });
    expect(names(mine)).toEqual([]);
  });

  it('an event that the catalogue does not know is needed all the same; one that the app sends is not', () => {
    const events = ['Unheard', 'EnforceThreatEvent'].map((name) => ({ name, source: '--events' }));
    const found = neededEvents({ events });
    expect(found.events).toEqual([{ name: 'Unheard', needs: [{ why: 'named', source: '--events' }] }]);
    expect(reasons(found)).toEqual([['EnforceThreatEvent', 'input']]);
  });

  it('all events are those of the catalogue that an app can listen to', () => {
    const inputs = catalogue.entries.flatMap(({ events }) => events.filter(({ direction }) => direction === 'input'));
    const found = neededEvents({ events: everyEvent('--events') });
    expect(inputs).not.toHaveLength(0);
    expect(names(found)).toContain('MobileBotDefenseRateLimitReached');
    for (const { name } of inputs) expect(names(found)).not.toContain(name);
    expect(found.leftOut).toEqual([]);
  });
});

describe('where the need comes from', () => {
  it('a plan: members of groups count, what is forbidden does not', () => {
    const { plan, problems } = planPolicy({
      required: ['Root Detection', 'key: developer_options_detection'].map((name) => ({
        name,
        origin: { option: '--required-features' },
      })),
      gate: 'enforce',
    });
    expect(problems).toEqual([]);
    const rule = plan.rules[0];
    const condition = rule?.condition as { kind: 'feature'; name: string };
    const forbid = { kind: 'forbid', subject: condition };
    const group = { kind: 'any-of', of: [{ ...condition, threatEvents: 'in-app-detection' }] };
    const rules = [...plan.rules, { ...rule, condition: forbid }, { ...rule, condition: group }] as never;
    const found = requiredProtections({ rules });
    expect(found.map(({ name, mode, verbatim }) => [name, mode, verbatim])).toEqual(
      expect.arrayContaining([
        ['Root Detection', undefined, undefined],
        ['Root Detection', 'in-app-detection', undefined],
        ['developer_options_detection', undefined, true],
      ]),
    );
    expect(found).toHaveLength(3);
    expect(names(neededEvents({ protections: found })).sort()).toEqual(['DeveloperOptionsEnabled', 'RootedDevice']);
  });

  it('a certificate: its lines of threat intelligence, and what it lists as missing', () => {
    const line = (name: string, more: object) => ({
      name,
      role: 'intelligence',
      presence: 'present',
      where: 'p1',
      ...more,
    });
    const document = {
      features: [
        line('Root Detection', { threatEvents: 'In-App Detection' }),
        line('Proxy Detection', { threatEvents: 'In-App Defense' }),
        line('Detect Unknown Sources', { presence: 'unknown', threatEvents: 'Strange words' }),
        line('ssl', { role: 'plugin' }),
      ],
      missingListeners: [{ value: 'DeveloperOptionsEnabled', where: 'p2' }],
    } as unknown as CertificateDocument;
    const found = neededEvents(askedByCertificate(document));
    expect(found.events.map(({ name, needs }) => [name, needs[0]?.why, needs[0]?.source])).toEqual([
      ['RootedDevice', 'in-app-detection', 'p1'],
      ['UnknownSourcesEnabled', 'unknown-mode', 'p1'],
      ['DeveloperOptionsEnabled', 'listed-as-missing', 'p2'],
    ]);
    expect(reasons(found)).toEqual([['Proxy Detection', 'enforced']]);
  });
});
