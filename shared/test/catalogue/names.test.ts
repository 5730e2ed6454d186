import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, entryTitle } from '../../src/catalogue/catalogue.ts';
import { isEventName } from '../../src/catalogue/name-index.ts';
import { compactName, featureOfPrintedName, normaliseName, resolveName } from '../../src/catalogue/names.ts';
import { nearestProtections } from '../../src/catalogue/nearest-protections.ts';
import { COUNTERPARTS, SYNONYMS } from '../../src/catalogue/synonyms.ts';
import { anyText } from '../support/any-text.ts';

function known(name: string) {
  const resolution = resolveName(name);
  if (resolution.kind !== 'known') throw new Error(`${name} is ${resolution.kind}`);
  return resolution;
}

describe('normaliseName', () => {
  it.each([
    ['Root Detection', 'root_detection'],
    ['ONEShield™ by Appdome', 'oneshield_by_appdome'],
    ['Rate-Limit  Connections', 'rate_limit_connections'],
    ['“Copy/Paste Prevention”', 'copy_paste_prevention'],
    ['  __root__detection-- ', 'root_detection'],
    ['ﬁle', 'file'],
    ['', ''],
    ['™®', ''],
  ])('%j', (name, normal) => {
    expect(normaliseName(name)).toBe(normal);
  });

  it('does not change what it made', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        expect(normaliseName(normaliseName(name))).toBe(normaliseName(name));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps letters that only look alike apart', () => {
    expect(normaliseName('R\u043e\u043et Detection')).not.toBe(normaliseName('Root Detection'));
    expect(compactName('Äpp')).not.toBe(compactName('Öpp'));
  });
});

describe('a known protection', () => {
  it.each([
    'Root Detection',
    'root detection',
    'ROOT_DETECTION',
    'root-detection',
    ' Root  Detection™ ',
    'RootDetection',
    'root_detection',
  ])('%j is Root Detection, proven by its name or its key', (name) => {
    expect(resolveName(name)).toEqual({
      kind: 'known',
      feature: { name: 'Root Detection', key: 'root_detection' },
      proofs: ['Root Detection', 'root_detection'],
      events: ['RootedDevice'],
      related: [],
      elsewhere: [],
      mentions: expect.arrayContaining([
        'Root Detection',
        'root_detection',
        'Root Prevention',
        'Block Xposed Framework',
      ]),
      printing: 'seen',
      onlyOn: { platforms: ['android'], counterpart: 'Jailbreak Detection' },
      component: false,
      otherName: false,
      platformDoubt: false,
    });
  });

  it.each([
    ['Prevent MiTM Attacks', 'secure_communication'],
    ['Secure TLS Version', 'secure_communication_tls_1_2'],
  ])('%s is not proven by %s, which was paired by meaning', (name, key) => {
    expect(known(name)).toMatchObject({ feature: { name }, proofs: [name], related: [key], elsewhere: [key] });
    expect(known(name).mentions).toContain(key);
    expect(known(name).feature).not.toHaveProperty('key');
    expect(known(key)).toMatchObject({ feature: { name: key, key }, proofs: [key], related: [name], events: [] });
    expect(known(key).elsewhere).toEqual([]);
  });

  it.each([
    ['App Shielding', 'anti_tampering'],
    ['Prevent Running on Emulators', 'detect_development_emulators'],
    ['Detect Google Emulators', 'detect_development_emulators'],
    ['Detect Debuggable App', 'security_checks'],
    ['Block Non-SSL Connections', 'secure_communication'],
  ])('%s is not proven by the related key %s', (name, key) => {
    expect(known(name).proofs).toEqual([name]);
    expect(known(name).related).toContain(key);
    expect(known(name).elsewhere).toContain(key);
  });

  it('is never said to be printed by a key that another protection prints beside its own name', () => {
    expect(known('Detect Debuggable App')).toMatchObject({
      related: ['anti_debugging', 'security_checks'],
      elsewhere: ['security_checks'],
    });
    for (const entry of catalogue.entries) {
      if (entry.retired !== undefined) continue;
      for (const key of known(entryTitle(entry)).elsewhere) {
        // A key whose owner has listeners to be told is printed beside the owner's display name.
        expect([key, known(key).feature.name === key || known(key).events.length === 0]).toEqual([key, true]);
      }
    }
  });

  it.each([
    'openssl',
    'Secure Dictionary',
    'threat_events',
    'os_integrity',
    'security_checks',
    'secure_communication',
    'Threat-Event Meta-Data',
    'Failsafe Enforcement',
  ])('%s is a component', (name) => {
    expect(known(name).component).toBe(true);
  });

  it.each([
    'Prevent MiTM Attacks',
    'Root Detection',
    'smali_obfuscation',
    'secure_communication_tls_1_2',
    'Detect Frida',
  ])('%s is a protection', (name) => {
    expect(known(name).component).toBe(false);
  });

  it.each([
    'os_integrity',
    'smali_obfuscation',
    'security_checks',
    'detect_development_emulators',
    'openssl',
    'threat_events',
  ])('the key %s stands for itself', (key) => {
    expect(known(key)).toMatchObject({ feature: { name: key, key }, proofs: [key] });
  });

  it('words that are a key in other spelling resolve to it', () => {
    expect(known('Smali Obfuscation').proofs).toEqual(['smali_obfuscation']);
    expect(known('OS Integrity').proofs).toEqual(['os_integrity']);
  });

  it('every printed pair of words and key that is the same words proves both ways', () => {
    for (const entry of catalogue.entries) {
      if (entry.keyPairing !== 'lexical' || entry.name === undefined || entry.key === undefined) continue;
      expect(known(entry.key)).toEqual(known(entry.name));
      expect(known(entry.name).printing).toBe('seen');
      expect(known(entry.name).proofs).toEqual([entry.name, entry.key]);
    }
  });

  it('an alias in the same words is the name', () => {
    expect(known('Use Pin to Host').feature.name).toBe('Pin to Host');
    expect(known('Enforce Rate-Limit Connections').feature.name).toBe('Rate-Limit Connections');
    expect(known('ThreatID').kind).toBe('known');
  });

  it('a Threat-Event that the KB pairs, or that is the same words, is its protection', () => {
    expect(known('MobileBotDefenseRateLimitReached').proofs).toEqual(['Rate-Limit Connections']);
    expect(known('SimStateInfo').feature.name).toBe('Detect SIM Swap');
    expect(known('BlockSecondSpace').feature.name).toBe('Block Second Space');
  });

  it('listeners leave out what the app sends', () => {
    expect(known('Failsafe Enforcement').events).toEqual([]);
    expect(known('Detect Developer Options').events).toEqual(['DeveloperOptionsEnabled']);
  });

  it.each([
    ['Root Detection', 'ios', 'android', 'Jailbreak Detection'],
    ['Jailbreak Detection', 'android', 'ios', 'Root Detection'],
    ['JailbrokenDevice', 'android', 'ios', 'Root Detection'],
    ['Detect App Cloner', 'ios', 'android', undefined],
    ['Protect Plist', 'android', 'ios', undefined],
  ] as const)('%s is not for %s', (name, platform, other, counterpart) => {
    expect(resolveName(name, platform)).toEqual({
      kind: 'other-platform',
      feature: { name: expect.any(String) },
      platforms: [other],
      ...(counterpart === undefined ? {} : { counterpart }),
    });
    expect(resolveName(name, other)).toMatchObject({ kind: 'known', platformDoubt: false });
    expect(resolveName(name)).toMatchObject({ kind: 'known', platformDoubt: false });
  });

  it('what was seen on certificates of one platform only is a doubt on the other', () => {
    expect(resolveName('Anti-Debugging', 'ios')).toMatchObject({ kind: 'known', platformDoubt: true });
    expect(resolveName('Proxy Detection', 'ios')).toMatchObject({ kind: 'known', platformDoubt: false });
    // Nothing names a platform.
    expect(resolveName('Detect Hooking Frameworks', 'ios')).toMatchObject({ kind: 'known', platformDoubt: false });
  });

  it('any spelling by case and separators is the same name', () => {
    const names = catalogue.entries.flatMap((entry) => [entry.name, entry.key]).filter((name) => name !== undefined);
    const separator = fc.constantFrom(' ', '-', '_', '  ', ' - ');
    fc.assert(
      fc.property(fc.constantFrom(...names), separator, fc.boolean(), (name, between, upper) => {
        const respelt = name.replace(/[\s_-]+/g, between);
        expect(resolveName(upper ? respelt.toUpperCase() : respelt)).toEqual(resolveName(name));
      }),
    );
  });
});

describe('another name', () => {
  it.each([
    ['RootedDevice', 'Root Detection'],
    ['DeveloperOptionsEnabled', 'Detect Developer Options'],
    ['Malicious Proxy Detection', 'Proxy Detection'],
    ['Enforce TLS Version', 'Secure TLS Version'],
    ['Trusted Session', 'Prevent MiTM Attacks'],
    ['Root Prevention', 'Root Detection'],
    ['MiTM Prevention', 'Prevent MiTM Attacks'],
    ['SSL pinning', 'Certificate Pinning'],
    ['Jailbreak Prevention', 'Jailbreak Detection'],
    ['Frida Detection', 'Detect Frida'],
    ['FridaDetected', 'Detect Frida'],
    ['Session Headers', 'Session Risk'],
    ['Detect Banking Trojan Apps', 'Detect Bank Trojan Apps'],
    ['FridaAttachDetected', 'Detect Frida (attach)'],
  ])('%s means %s, and proves nothing', (name, means) => {
    expect(known(name)).toEqual({ ...known(means), otherName: true });
    expect(known(name).proofs.map(normaliseName)).not.toContain(normaliseName(name));
  });

  it.each([
    ['Emulator Detection', ['Prevent Running on Emulators', 'Detect Google Emulators', 'detect_development_emulators']],
    ['code obfuscation', ['smali_obfuscation']],
    ['Root/Jailbreak Detection', ['Root Detection', 'Jailbreak Detection']],
    ['Block Xposed Framework', ['Root Detection', 'Detect Hooking Frameworks']],
  ])('%s must be chosen', (name, names) => {
    expect(resolveName(name)).toEqual({ kind: 'choice', names, why: expect.stringMatching(/\S/u) });
  });

  it('is never one that the catalogue has, and always leads to one', () => {
    const titles = new Set(catalogue.entries.map(entryTitle));
    for (const { said, means, choose, why } of SYNONYMS) {
      expect(why).not.toBe('');
      for (const title of means) expect(titles).toContain(title);
      for (const name of said) {
        const resolution = resolveName(name);
        expect([name, resolution.kind]).toEqual([name, choose ? 'choice' : 'known']);
        if (resolution.kind === 'known')
          expect(resolution).toMatchObject({ otherName: true, feature: { name: means[0] } });
      }
    }
    for (const pair of COUNTERPARTS) for (const title of pair) expect(titles).toContain(title);
  });

  it('is chosen from what the platform has', () => {
    expect(resolveName('Root/Jailbreak Detection', 'ios')).toMatchObject({ names: ['Jailbreak Detection'] });
    expect(resolveName('Code Obfuscation', 'ios')).toMatchObject({ kind: 'choice', names: [] });
  });

  it('in the words of the display name is its own', () => {
    for (const name of ['Use Pin to Host', 'VPN Detection']) expect(known(name).otherName).toBe(false);
  });
});

describe('a protection that was never seen printed', () => {
  it.each(['Jailbreak Detection', 'Detect Frida', 'VPN Detection', 'Rate-Limit Connections', 'Biometric Attributes'])(
    '%s is looked for under its own words',
    (name) => {
      expect(known(name)).toMatchObject({ feature: { name }, proofs: [name], printing: 'not-seen', elsewhere: [] });
    },
  );

  it('is every one without a certificate, and each has a proof that is its own words', () => {
    for (const entry of catalogue.entries) {
      if (entry.retired !== undefined) continue;
      const title = entryTitle(entry);
      expect(known(title).printing).toBe(entry.confidence === 'certificate' ? 'seen' : 'not-seen');
      expect(known(title).proofs.map(normaliseName)).toContain(normaliseName(title));
    }
  });
});

describe('a name that cannot be required', () => {
  it('a retired protection says when, and what came after it', () => {
    for (const name of ['Mobile Client Certificates', 'Client Certificates', 'mobile_client_certificate']) {
      expect(resolveName(name)).toEqual({
        kind: 'retired',
        feature: { name: 'Mobile Client Certificates' },
        date: '2023-12-31',
        successor: 'Mobile Bot Defense',
      });
    }
  });

  it.each([
    ['Rot Detection', 'Root Detection'],
    ['Roto Detection', 'Root Detection'],
    ['Porxy Detection', 'Proxy Detection'],
    ['Root', 'Root Detection'],
    ['unknown sourcs', 'Detect Unknown Sources'],
    ['jailbrake', 'Jailbreak Detection'],
    ['stop frida', 'Detect Frida'],
    ['Trojans', 'Detect Bank Trojan Apps'],
    ['anti debuging', 'Anti-Debugging'],
    ['MITM', 'Prevent MiTM Attacks'],
    ['certificate pining', 'Certificate Pinning'],
    ['app integrity checks', 'Anti-Tampering'],
  ])('%j is unknown, and %s is suggested', (name, suggestion) => {
    expect(resolveName(name)).toEqual({ kind: 'unknown' });
    expect(nearestProtections(name)).toContain(suggestion);
  });

  it.each([
    ['stop jailbreak', ['Root Detection', 'Proxy Detection']],
    ['Frida hooks', ['Root Detection', 'Proxy Detection', 'Prevent Vishing']],
    ['Rot Detection', ['Mobile Bot Defense', 'Proxy Detection']],
    ['emulatr', ['Root Detection']],
    ['open ssl', ['openssl']],
    ['app integrity checks', ['Block SSL Pinning Bypass', 'os_integrity']],
    ['client certificats', ['Mobile Client Certificates']],
  ])('%j never suggests %j', (name, unwanted) => {
    for (const title of unwanted) expect(nearestProtections(name)).not.toContain(title);
  });

  it('suggests nothing of the other platform', () => {
    expect(nearestProtections('rooot', 'android')).toEqual(['Root Detection']);
    expect(nearestProtections('rooot', 'ios')).toEqual([]);
    expect(nearestProtections('anti debuging', 'ios')[0]).toBe('Anti-Debugging');
  });

  it.each(['', '   ', '™', 'xyzzy', '漢字', 'q'.repeat(100_000)])('%.20j is unknown and suggests nothing', (name) => {
    expect(resolveName(name)).toEqual({ kind: 'unknown' });
    expect(nearestProtections(name)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('%s is no member of anything', (name) => {
    expect(resolveName(name).kind).toBe('unknown');
  });

  it('never throws, and every suggestion is a name that resolves', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (name) => {
        for (const suggestion of nearestProtections(name)) expect(resolveName(suggestion).kind).toBe('known');
      }),
    );
  });
});

describe('the catalogue as an index', () => {
  it('has one entry for each display name and key', () => {
    const names = catalogue.entries.flatMap((entry) => [entry.name, entry.key]).filter((name) => name !== undefined);
    const owners = new Map<string, Set<unknown>>();
    for (const entry of catalogue.entries) {
      for (const name of [entry.name, entry.key]) {
        if (name === undefined) continue;
        owners.set(compactName(name), (owners.get(compactName(name)) ?? new Set()).add(entry));
      }
    }
    expect([...owners].filter(([, entries]) => entries.size > 1)).toEqual([]);
    expect(names.length).toBeGreaterThan(80);
  });

  it('no proof is a name that was only inferred', () => {
    const inferred = new Set(
      catalogue.entries.flatMap((entry) => [
        ...(entry.keyPairing === 'inferred' && entry.key !== undefined ? [entry.key] : []),
        ...entry.relatedKeys,
      ]),
    );
    for (const entry of catalogue.entries) {
      if (entry.name === undefined || entry.retired !== undefined) continue;
      for (const proof of known(entry.name).proofs) {
        expect(proof === entry.name || (proof === entry.key && entry.keyPairing === 'lexical')).toBe(true);
        if (entry.keyPairing !== 'lexical') expect(inferred).not.toContain(proof);
      }
    }
  });

  it('tells protections from Threat-Events', () => {
    expect([isEventName('RootedDevice'), isEventName('rooted_device'), isEventName('Root Detection')]).toEqual([
      true,
      true,
      false,
    ]);
    // One name for both: it is a protection's own.
    expect([isEventName('Block Second Space'), isEventName('BlockSecondSpace')]).toEqual([false, false]);
  });

  it('names a printed name', () => {
    expect(featureOfPrintedName('root_detection')).toEqual({ name: 'Root Detection', key: 'root_detection' });
    expect(featureOfPrintedName('secure_communication')).toEqual({
      name: 'secure_communication',
      key: 'secure_communication',
    });
    expect(featureOfPrintedName('Prevent MiTM Attacks')).toEqual({ name: 'Prevent MiTM Attacks' });
    expect(featureOfPrintedName('something_new')).toBeUndefined();
    for (const name of ['RootedDevice', 'SimStateInfo', 'Root Prevention', 'Emulator Detection'])
      expect(featureOfPrintedName(name)).toBeUndefined();
  });
});
