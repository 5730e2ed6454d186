/** Which wording speaks of a protection, in any spelling, and which speaks of another. */
import { describe, expect, it } from 'vitest';
import { printedNameSpeaksOf, speaksOf } from '../../src/policy/rules/spoken-of.ts';

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
    [['Detect Frida']],
    [['root']],
    [[]],
  ])('not in %j', (words) => {
    expect(speaks(...words)).toBe(false);
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

  it.each(['evpnx', 'antibotany', 'anti', 'bot', 'vpnet'])('and not by letters in others: %s', (text) => {
    expect(short(text)).toBe(false);
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
