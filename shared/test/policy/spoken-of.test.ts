/** Which wording speaks of a protection, in any spelling, and which speaks of another. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { lookUpName, otherNames } from '../../src/catalogue/name-index.ts';
import { isPlain, printedNameSpeaksOf, speaksOf } from '../../src/policy/rules/spoken-of.ts';
import { normaliseName } from '../../src/text/normalise.ts';

const own = ['root_detection', 'rooteddevice'];
const claimed = new Set(['root_detection_v2']);
const speaks = (...words: string[]) => speaksOf({ text: words.join(' '), words }, { own, claimed });
const joined = (...words: string[]) => speaksOf({ text: '[]', words, joined: true }, { own, claimed });

describe('wording speaks of a protection', () => {
  it.each([
    'root_detection',
    'Root Detection',
    'isRootDetectionEnabled',
    'rootDetectionRemoved',
    'root_detections',
    'osIntegrityRootDetection',
    'failed_rootdetection_x',
    'os_integrity.root_detection.removed',
    '<s>root_detection</s>',
    'root_detec\u200btion',
    'root_detec\u00adtion',
    'r\u043eot_detection',
    '\uff52oot_detection',
    'RootedDevice',
    'rooted_devices',
    'ROOT_DETECTION_V2',
  ])('as %s', (text) => {
    expect(speaks(text)).toBe(true);
    expect(speaks('removed', text)).toBe(true);
    expect(joined('removed', text)).toBe(false);
    expect(joined(text, 'removed')).toBe(false);
    expect(joined('x', text, 'y')).toBe(false);
    expect(printedNameSpeaksOf(`${text}_off`, { own, claimed })).toBe(true);
  });

  it.each([
    [['root', 'detection']],
    [['x', 'root', 'Detection', 'y']],
    [['ro', 'ot', 'detect', 'ion']],
    [['osRoot', 'detectionOff']],
    [['secure_root', 'detection']],
  ])('in words that follow each other: %j', (words) => {
    expect(speaks(...words)).toBe(true);
    expect(joined(...words)).toBe(true);
  });

  it.each([
    [['root', 'x', 'detection']],
    [['root', '', 'detection']],
    [['detection', 'root']],
    [['proxy_detection']],
    [['root_detection_v2']],
    [[' root_detection_v2 ']],
    [['x', 'root_detection_v2', 'y']],
    [['Detect Frida']],
    [['root']],
    [[]],
  ])('not in %j', (words) => {
    expect(speaks(...words)).toBe(false);
  });
});

describe('a name of the policy', () => {
  const found = (name: string, text: string) => speaksOf({ text }, { own: [name], claimed: new Set() });

  it('counts inside other letters from eight letters on', () => {
    expect([found('shielded', 'xshieldedx'), found('shielde', 'xshieldex')]).toEqual([true, false]);
  });

  it('that has no letters is mentioned nowhere', () => {
    for (const text of ['', 'x', 'root_detection']) expect(found('', text)).toBe(false);
  });

  it('is one of several', () => {
    expect(speaksOf({ text: 'rooted_device' }, { own: ['', 'x_y_z', 'rooteddevice'], claimed: new Set() })).toBe(true);
  });
});

describe('a name in the catalogue that holds the name', () => {
  const all = catalogue.entries.flatMap((entry) => [
    ...[entry.name, entry.key, entry.suggestedName].filter((name) => name !== undefined),
    ...entry.events.map(({ name }) => name),
    ...otherNames(entry),
  ]);

  it.each([
    ['display', false],
    ['key', false],
    ['event', false],
    ['inferred-event', false],
    ['suggested', false],
    ['alias', true],
    ['synonym', true],
  ] as const)('as %s speaks of it: %s', (kind, yes) => {
    const names = all.filter((name) => lookUpName(name)?.as === kind && normaliseName(name).length > 12);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const holder = { own: [normaliseName(name).slice(0, -1)], claimed: new Set<string>() };
      expect([name, speaksOf({ text: name }, holder)]).toEqual([name, yes]);
      // Whatever kind it is, the catalogue says which protection a printed name is.
      expect([name, printedNameSpeaksOf(name, holder)]).toEqual([name, false]);
    }
  });
});

describe('a name of few letters', () => {
  const short = (text: string) => speaksOf({ text }, { own: ['anti_bot', 'vpn'], claimed: new Set() });
  it.each(['vpn', 'No VPN here', 'isVpnDetected', 'vpns', 'noAntiBot', 'anti-bots', 'AntiBot: off', 'VPN_OFF'])(
    'is told by whole words: %s',
    (text) => {
      expect(short(text)).toBe(true);
    },
  );

  it.each(['evpn', 'evpnx', 'noantibot', 'antibotany', 'anti', 'bot', 'vpnet'])(
    'and not by letters in others: %s',
    (text) => {
      expect(short(text)).toBe(false);
    },
  );

  it.each([
    ['anti x bot', false],
    ['bot anti', false],
    ['anti anti bot', true],
    ['a n t i b o t', true],
    ['x antibot s', true],
    ['antibotsx', false],
    ['no vp ns', true],
    ['vpn2', false],
    ['2 vpn', true],
  ])('in %s: %s', (text, yes) => {
    expect(short(text)).toBe(yes);
  });

  it('is told by one word of several, but not where each is a text of its own', () => {
    const words = ['No VPN here', 'x', 'y z'];
    const names = { own: ['vpn'], claimed: new Set<string>() };
    expect(speaksOf({ text: '', words }, names)).toBe(true);
    expect(speaksOf({ text: '', words, joined: true }, names)).toBe(false);
    expect(speaksOf({ text: '', words }, { ...names, claimed: new Set(words) })).toBe(false);
  });

  it('is told by words that follow each other', () => {
    const found = (...words: string[]) => speaksOf({ text: '', words }, { own: ['anti_bot'], claimed: new Set() });
    expect([found('anti', 'bot'), found('x', 'anti', 'bot'), found('xanti', 'bot')]).toEqual([true, true, false]);
  });
});

describe('a printed name', () => {
  const names = { own: ['secure_communication'], claimed: new Set(['secure_communication_x']) };
  it.each<[string, boolean]>([
    ['secure_communication', false],
    ['Secure Communication', false],
    ['\u201cSecure Communication\u201d\u2122', false],
    ['!secure_communication', true],
    ['secure_communication?', true],
    ['secure_communication_off', true],
    ['secure_communication_tls_1_2', false],
    ['secure_communication_x', false],
    ['openssl', false],
  ])('%s speaks of it: %s', (printed, yes) => {
    expect(printedNameSpeaksOf(printed, names)).toBe(yes);
  });
});

describe('a plain name', () => {
  it.each(['x', '7', 'Root Detection', '\u201cRoot Detection\u201d\u2122', ' x ', 'x (y)', 'a/b', 'a\nb'])(
    '%j',
    (text) => {
      expect(isPlain(text)).toBe(true);
      if (normaliseName(text) === 'x')
        expect(printedNameSpeaksOf(text, { own: ['x'], claimed: new Set() })).toBe(false);
    },
  );

  it.each(['', ' ', '!', '!x', 'x!', '-x', 'x?', '(x)', '\u2612 x', 'x \u2717', '~~x~~'])('not %j', (text) => {
    expect(isPlain(text)).toBe(false);
    if (normaliseName(text) === 'x') expect(printedNameSpeaksOf(text, { own: ['x'], claimed: new Set() })).toBe(true);
  });
});
