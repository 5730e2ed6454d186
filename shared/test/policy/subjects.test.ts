/** A written name to what is looked for, and the pairings that a policy may make. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, entryTitle } from '../../src/catalogue/catalogue.ts';
import { lookUpChoice } from '../../src/catalogue/name-index.ts';
import { normaliseName } from '../../src/catalogue/names.ts';
import type { FeatureCondition, SubjectCondition, ThreatEventsRule } from '../../src/policy/rules/rule.ts';
import {
  aliasRefusal,
  buildKeyOf,
  idPart,
  keyCondition,
  readAliases,
  readSubject,
  subjectId,
} from '../../src/policy/rules/subjects.ts';

const alias = (name: string, ...printed: string[]) => ({
  value: { name, printed },
  place: 'p.yml:2:1',
  source: 'p.yml:2',
});
const aliasesOf = (...declared: Array<ReturnType<typeof alias>>) => readAliases(declared);

function conditionOf(...args: Parameters<typeof readSubject>): FeatureCondition {
  const read = readSubject(...args);
  if (!('condition' in read) || read.condition.kind !== 'feature') throw new Error(JSON.stringify(read));
  return read.condition;
}

const refusalOf = (...args: Parameters<typeof readSubject>) => {
  const read = readSubject(...args);
  if (!('refusal' in read)) throw new Error(JSON.stringify(read));
  return read.refusal;
};

describe('a name', () => {
  it('of the catalogue is looked for by its own names', () => {
    const { mentions, ...condition } = conditionOf('ROOT DETECTION', new Map(), 'android');
    expect(condition).toStrictEqual({
      kind: 'feature',
      name: 'Root Detection',
      key: 'root_detection',
      proofs: ['root_detection'],
      events: ['rooteddevice'],
      related: [],
      elsewhere: [],
      printing: 'seen',
      onlyOn: { platforms: ['android'], counterpart: 'Jailbreak Detection' },
    });
    expect(mentions).toEqual(expect.arrayContaining(['root_detection', 'root_prevention', 'block_xposed_framework']));
  });

  it('whose key nobody knows is looked for by those of the policy too, and says which they are', () => {
    const { aliases, problems } = aliasesOf(alias('rate limit connections', 'zz_own', 'aa own', 'Rate-Limit'));
    expect(problems).toEqual([]);
    expect(conditionOf('Rate-Limit Connections', aliases)).toMatchObject({
      proofs: ['aa_own', 'rate_limit', 'rate_limit_connections', 'zz_own'],
      aliased: ['aa_own', 'rate_limit', 'zz_own'],
      mentions: expect.arrayContaining(['aa_own', 'rate_limiting']),
      printing: 'not-seen',
      events: ['mobilebotdefenseratelimitreached'],
    });
    expect(conditionOf('Rate-Limit Connections')).not.toHaveProperty('aliased');
  });

  it('that several keys stand near to says which certificates print for it', () => {
    expect(conditionOf('App Shielding')).toMatchObject({
      proofs: ['app_shielding'],
      elsewhere: ['anti_tampering'],
      related: ['anti_tampering'],
      printing: 'seen',
    });
    expect(conditionOf('App Shielding').mentions).not.toContain('anti_tampering');
  });

  it('of a supporting component is told', () => {
    expect(conditionOf('openssl')).toMatchObject({ component: true });
    expect(conditionOf('Prevent MiTM Attacks')).not.toHaveProperty('component');
    expect(keyCondition('secure_communication')).toMatchObject({ component: true });
    expect(keyCondition('OpenSSL')).toMatchObject({ component: true });
    for (const printed of ['root_detection', 'own', 'smali_obfuscation', 'RootedDevice'])
      expect(keyCondition(printed)).not.toHaveProperty('component');
  });

  it.each([
    ['Root Prevention', "'Root Prevention' is required as Root Detection"],
    [' RootedDevice ', "'RootedDevice' is required as Root Detection"],
    ['Frida Detection', "'Frida Detection' is required as Detect Frida"],
    ['root_detection', undefined],
    ['Detect Frida', undefined],
    ['Use Pin to Host', undefined],
  ])('%j: %s', (text, notice) => {
    expect(readSubject(text)).toEqual({
      condition: expect.objectContaining({ kind: 'feature' }),
      ...(notice === undefined ? {} : { notice }),
    });
  });

  it('that was seen on certificates of the other platform only is told', () => {
    expect(readSubject('Anti-Debugging', new Map(), 'ios')).toMatchObject({
      condition: { name: 'Anti-Debugging' },
      notice: expect.stringMatching(/^Anti-Debugging has not been seen on iOS certificates/u),
    });
  });

  it('that is known for the other platform alone is refused, unless the policy knows how it prints', () => {
    expect(refusalOf('Root Detection', new Map(), 'ios')).toMatchObject({
      message: expect.stringMatching(/Android alone.* iOS$/u),
      allowed: expect.stringMatching(
        /^Jailbreak Detection, .* on iOS; .*`android: \{ require: \[Root Detection\] \}`.*key: NAME/u,
      ),
    });
    expect(refusalOf('Protect Plist', new Map(), 'android').allowed).toMatch(/^under `ios:/u);
    const { aliases } = aliasesOf(alias('Detect App Cloner', 'cloner_ios'));
    expect(conditionOf('Detect App Cloner', aliases, 'ios').proofs).toEqual(['cloner_ios', 'detect_app_cloner']);
  });

  it('that could mean several, all of the other platform, is refused without an empty offer', () => {
    expect(refusalOf('Code Obfuscation', new Map(), 'ios').allowed).toMatch(/^or `key: NAME`/u);
    expect(refusalOf('Root/Jailbreak Detection', new Map(), 'ios').allowed).toMatch(/: Jailbreak Detection;/u);
  });

  it('that could mean several is refused with the words to write', () => {
    const { message, allowed } = refusalOf('Emulator Detection');
    expect(message).toMatch(/several/u);
    for (const name of ['Prevent Running on Emulators', 'Detect Google Emulators', 'key: NAME'])
      expect(allowed).toContain(name);
  });

  it('of the policy is looked for by itself and its pairings', () => {
    const { aliases } = aliasesOf(alias(' Our Own Thing ', 'own_b', 'own_a'));
    expect(readSubject('our own thing', aliases)).toStrictEqual({
      condition: {
        kind: 'feature',
        name: 'Our Own Thing',
        proofs: ['our_own_thing', 'own_a', 'own_b'],
        events: [],
        related: [],
        mentions: ['our_own_thing', 'own_a', 'own_b'],
        elsewhere: [],
        printing: 'not-seen',
        aliased: ['own_a', 'own_b'],
      },
    });
  });

  it('that could mean several is settled by the policy', () => {
    const { aliases } = aliasesOf(alias('Code Obfuscation', 'smali_obfuscation'));
    expect(conditionOf('code obfuscation', aliases).proofs).toEqual(['code_obfuscation', 'smali_obfuscation']);
  });

  it('whose neighbour the policy lets prove it is not called a neighbour', () => {
    const { aliases } = aliasesOf(alias('Secure TLS Version', 'secure_communication_tls_1_2'));
    expect(conditionOf('Secure TLS Version').related).toContain('secure_communication_tls_1_2');
    expect(conditionOf('Secure TLS Version', aliases).related).toEqual([]);
    expect(conditionOf('Secure TLS Version', aliases).elsewhere).toEqual([]);
  });

  it('of the catalogue can always be required, but for what is retired or could mean several', () => {
    for (const entry of catalogue.entries) {
      const names = [entryTitle(entry), entry.key, entry.suggestedName, ...entry.aliases];
      const events = entry.events.map((event) => event.name);
      for (const name of [...names, ...events].filter((one) => one !== undefined)) {
        const read = readSubject(name);
        expect([name, 'refusal' in read]).toEqual([
          name,
          entry.retired !== undefined || lookUpChoice(name) !== undefined,
        ]);
      }
    }
  });

  it.each([
    ['Root Detection; Anti-Debugging', /separator/u, /use commas/u],
    ['Root Detection;', /separator/u, /use commas/u],
    ['Root Detection | Anti-Debugging', /separator/u, /use commas/u],
    ['!Root Detection', /begins with "!"/u, /forbid:/u],
    ['"!Root Detection"', /begins with "!"/u, /forbid:/u],
    ['-Root Detection', /begins with "-"/u, /forbid:/u],
    ['- Root Detection', /begins with "-"/u, /forbid:/u],
    ['~~Root Detection~~', /begins with "~"/u, /forbid:/u],
    ['\u274c Root Detection', /begins with/u, /forbid:/u],
    ['not Root Detection', /must not be there/u, /forbid:/u],
    ['No root_detection', /must not be there/u, /forbid:/u],
    ['Root Detection \u2717', /U\+2717/u, /key: NAME/u],
    ['Root Detection = off', /U\+003D/u, /key: NAME/u],
    ['Root Detection: off', /not a known protection/u, /Root Detection/u],
    ['Root\u200bDetection', /U\+200B/u, /key: NAME/u],
  ])('%j is refused', (text, message, allowed) => {
    const refusal = refusalOf(text);
    expect(refusal.message).toMatch(message);
    expect(refusal.allowed).toMatch(allowed);
  });

  it.each([
    ['key: own', 'own'],
    [' KEY :  Own Thing™ ', 'Own Thing™'],
    ['key:a: b', 'a: b'],
    ['key: one\nline', 'one\nline'],
  ])('%j is the printed name %j', (text, printed) => {
    expect(readSubject(text)).toEqual({ condition: expect.objectContaining({ kind: 'key', printed }) });
  });

  it('that only ends like a printed one is none', () => {
    expect(readSubject('monkey: own')).toMatchObject({ refusal: { message: 'is not a known protection' } });
  });

  it.each([
    ['', 'is not a name'],
    ['™', 'is not a name'],
    ['key:', 'has no name after key:'],
    ['min_sdk_version', 'is a build fact, not a protection'],
    ['Nonsense of ours', 'is not a known protection'],
    ['Mobile Client Certificates', 'was retired by Appdome on 2023-12-31'],
  ])('%j %s', (text, message) => {
    expect(readSubject(text)).toMatchObject({ refusal: { message, allowed: expect.stringMatching(/\S/u) } });
  });

  it('says where to look when nothing is near', () => {
    expect(readSubject('zzqqxx')).toMatchObject({ refusal: { allowed: expect.stringMatching(/^a name that/u) } });
    expect(readSubject('Rot Detection')).toMatchObject({
      refusal: { allowed: expect.stringMatching(/^Root Detection, /u) },
    });
  });
});

describe('a printed name', () => {
  it('acts by what the catalogue knows of it, where it knows something', () => {
    expect(keyCondition('root_detection')).toMatchObject({ events: ['rooteddevice'], actsAs: expect.any(Array) });
    expect(keyCondition('own')).toStrictEqual({ kind: 'key', printed: 'own' });
  });

  it('has its own id, with a mode where one is asked for', () => {
    expect(subjectId({ kind: 'key', printed: 'Own' })).toBe('key:Own');
    expect(subjectId({ kind: 'key', printed: 'Own', threatEvents: 'any' })).toBe('key:Own:any');
  });

  it.each([
    ['a(b)', 'a%28b%29'],
    ['a,key:b', 'a%2Ckey%3Ab'],
    ['a@ios', 'a%40ios'],
    ['100%', '100%25'],
    ['a\nb', 'a%0Ab'],
    ['Ä_-.x y', 'Ä_-.x y'],
  ])('%j is %j in an id', (text, part) => {
    expect(idPart(text)).toBe(part);
  });

  it('shares its id with no other condition, alone or in a group', () => {
    const sign = fc.constantFrom('a', 'b', '(', ')', ',', ':', '@', '%', '28', 'key:', 'feature:', 'any-of(', ':any');
    const printed = fc.array(sign, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const mode = fc.constantFrom<ThreatEventsRule | undefined>(undefined, 'any', 'in-app-detection');
    const subject: fc.Arbitrary<SubjectCondition> = fc.oneof(
      fc.record({ printed, mode }).map(({ printed: name, mode: asked }) => ({
        ...keyCondition(name),
        ...(asked === undefined ? {} : { threatEvents: asked }),
      })),
      fc.constantFrom('Root Detection', 'Anti-Debugging', 'Detect Frida (attach)').map((name) => conditionOf(name)),
    );
    const what = (one: SubjectCondition) =>
      JSON.stringify([one.kind, one.kind === 'key' ? one.printed : normaliseName(one.name), one.threatEvents ?? null]);
    const members = fc.array(subject, { minLength: 1, maxLength: 3 });
    const idOf = (of: SubjectCondition[]) =>
      of.length > 1 ? `any-of(${of.map(subjectId).join(',')})` : of.map(subjectId).join();
    fc.assert(
      fc.property(members, members, (a, b) => {
        expect(idOf(a) === idOf(b)).toBe(a.map(what).join() === b.map(what).join());
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a build fact', () => {
  it.each([
    ['Diagnostic Logs', 'extended-logs'],
    ['extended_logs', 'extended-logs'],
    ['min sdk version', 'min-sdk-version'],
    ['Root Detection', undefined],
  ])('%s is the key %s', (text, key) => {
    expect(buildKeyOf(text)).toBe(key);
  });
});

describe('pairings', () => {
  const refused = (...declared: Array<ReturnType<typeof alias>>) =>
    aliasesOf(...declared).problems.map(({ option, value, message }) => [option, value, message]);

  it.each<[string, Array<ReturnType<typeof alias>>, string, RegExp]>([
    ['for no name', [alias('™', 'own')], '™', /^is not a name$/u],
    ['for what lists refuse', [alias('!Own', 'own')], '!Own', /^begins with "!"/u],
    ['with no name', [alias('Root Detection', '™')], '™', /^is not a name$/u],
    ['for two protections', [alias('A B', 'own'), alias('C D', 'OWN')], 'OWN', /two protections/u],
    [
      'with another display name',
      [alias('Rate-Limit Connections', 'Anti-Debugging')],
      'Anti-Debugging',
      /another protection, Anti-Debugging/u,
    ],
    [
      'with another key',
      [alias('Rate-Limit Connections', 'proxy_detection')],
      'proxy_detection',
      /another protection, Proxy Detection/u,
    ],
    [
      'with another key, for a name of the policy',
      [alias('A B', 'proxy_detection')],
      'proxy_detection',
      /Proxy Detection/u,
    ],
    [
      'with what is near and has its own name',
      [alias('App Shielding', 'anti_tampering')],
      'anti_tampering',
      /Anti-Tampering/u,
    ],
    [
      'with a bare key of elsewhere',
      [alias('Detect Frida', 'smali_obfuscation')],
      'smali_obfuscation',
      /another protection/u,
    ],
    ['with a name that was never printed', [alias('App Shielding', 'Detect Frida')], 'Detect Frida', /Detect Frida/u],
    [
      'with an older name of another',
      [alias('App Shielding', 'Root Prevention')],
      'Root Prevention',
      /Root Detection/u,
    ],
    [
      'with what is retired',
      [alias('App Shielding', 'Client Certificates')],
      'Client Certificates',
      /Mobile Client Certificates/u,
    ],
    ['with a component', [alias('Rate-Limit Connections', 'openssl')], 'openssl', /supporting component/u],
    [
      'with the plugin of a section',
      [alias('Prevent MiTM Attacks', 'secure_communication')],
      'secure_communication',
      /component/u,
    ],
    ['with a component, for a name of the policy', [alias('A B', 'Threat-Events')], 'Threat-Events', /component/u],
    ['where the key is known', [alias('Root Detection', 'own_root')], 'own_root', /own key is known: root_detection/u],
    ['where the key is known, by another name', [alias('Root Prevention', 'own_root')], 'own_root', /root_detection/u],
    ['for what is retired', [alias('Client Certificates', 'own')], 'own', /was retired/u],
    ['where the key is the name', [alias('smali_obfuscation', 'own')], 'own', /smali_obfuscation/u],
  ])('%s are refused', (_, declared, value, message) => {
    expect(refused(...declared)).toEqual([['p.yml:2:1', value, expect.stringMatching(message)]]);
  });

  it.each<[string, Array<ReturnType<typeof alias>>]>([
    ['its own name', [alias('Root Detection', 'root_detection', 'Root Detection')]],
    ['a key that is joined to it by meaning', [alias('Secure TLS Version', 'secure_communication_tls_1_2')]],
    ['a bare key of its area', [alias('Prevent Running on Emulators', 'detect_development_emulators')]],
    ['a bare key, for a name of the policy', [alias('Code Obfuscation', 'smali_obfuscation')]],
    ['a name that nobody knows', [alias('Rate-Limit Connections', 'rlc')]],
    ['the same twice', [alias('A B', 'own'), alias('a b', 'own')]],
  ])('with %s are taken', (_, declared) => {
    expect(refused(...declared)).toEqual([]);
  });

  it.each([
    ['a known event', 'Root Detection', 'DeveloperOptionsEnabled'],
    ['a known event, where no key is known', 'Rate-Limit Connections', 'DeveloperOptionsEnabled'],
    ['an unknown event, where the key is known', 'Root Detection', 'RootedDeviceV2'],
    ['an unknown event as the certificate wraps it', 'Root Detection', 'ROOTED_V2'],
  ])('with %s pair a listener and prove nothing', (_, name, event) => {
    const { aliases, problems } = aliasesOf(alias(name, event));
    expect(problems).toEqual([]);
    expect([...aliases.values()]).toEqual([{ name, printed: [event], proves: [] }]);
    const condition = conditionOf(name, aliases);
    expect(condition.events).toContain(normaliseName(event));
    expect(condition.proofs).not.toContain(normaliseName(event));
    expect(condition).not.toHaveProperty('aliased');
  });

  it('never let a name that the catalogue knows as something else prove a protection', () => {
    const names = catalogue.entries.flatMap((entry) => [entry.name, entry.key, entry.suggestedName, ...entry.aliases]);
    const known = names.filter((name) => name !== undefined);
    const printed = fc.constantFrom(...known.filter((name) => !lookUpChoice(name)));
    const protection = fc.constantFrom(...catalogue.entries.map(entryTitle));
    fc.assert(
      fc.property(protection, printed, (name, other) => {
        if (aliasRefusal(name, other) !== undefined) return;
        const own = catalogue.entries.find((entry) => entryTitle(entry) === name);
        const forms = [own?.name, own?.key, own?.suggestedName, ...(own?.aliases ?? []), ...(own?.relatedKeys ?? [])];
        expect(forms.map((form) => normaliseName(form ?? ''))).toContain(normaliseName(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('let a name that could mean several stand for one of these, and for no other protection', () => {
    expect(aliasRefusal('Detect Hooking Frameworks', 'Block Xposed Framework')).toBeUndefined();
    expect(aliasRefusal('A Name of Our Own', 'Block Xposed Framework')).toBeUndefined();
    expect(aliasRefusal('Smart Offline Handoff', 'Block Xposed Framework')?.message).toMatch(/several/u);
  });

  it('of one protection in several files are joined, under the name that came first', () => {
    const { aliases } = aliasesOf(alias(' Own Thing ', 'a'), alias('OWN THING', 'b'));
    expect([...aliases]).toEqual([['own_thing', { name: 'Own Thing', printed: ['a', 'b'], proves: ['a', 'b'] }]]);
  });
});
