/** What a person is told besides the outcome, word for word where the words are the help. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { selectSources } from '../../src/policy/rules/sources.ts';
import { nearestPrinted, unclaimedNames } from '../../src/policy/rules/unclaimed-names.ts';
import { judgedBy } from './policy-text.ts';
import {
  APP_ID,
  BUILD_ID,
  FUSION_SET_ID,
  json,
  judge,
  OTHER_ID,
  pdf,
  plan,
  unknownJson,
  unreadable,
  wording,
} from './synthetic-evidence.ts';

const of = (verdict: Verdict, code: string) => verdict.findings.filter((finding) => finding.code === code);
/** All of them, in their order. */
const codes = (verdict: Verdict) => verdict.findings.map(({ code, level }) => `${code} ${level}`);

describe('where the app does not listen', () => {
  const missing = pdf({
    lines: [{ name: 'Root Detection', mode: 'In-App Detection' }],
    listeners: ['RootedDevice'],
  });
  const hintBy = async (policy: string, given = missing) =>
    (await judgedBy(policy, { evidence: { pdf: given, json: unreadable('json') } })).requirements
      .map(({ hint }) => hint)
      .join('\n');
  const DETECTION = 'require: [{ feature: Root Detection, threat-events: in-app-detection }]';

  it('the hint writes the listeners of the events that are missing', async () => {
    for (const policy of [
      'require: [Root Detection]',
      DETECTION,
      'require: [Anti-Debugging]\nmissing-threat-event-listeners: fail',
    ])
      expect(await hintBy(policy)).toContain('`fusegate threat-events --code LANGUAGE --events RootedDevice`');
  });

  it('the other mode is offered together with what the rule needs for it', async () => {
    expect(await hintBy(DETECTION)).toMatch(/In-App Defense.* remove `threat-events: in-app-detection`/u);
    expect(await hintBy('require: [Root Detection]')).not.toContain('in-app-detection');
  });

  it('a build that enforces is not weakened for a rule that asks for less', async () => {
    const enforcing = pdf({ lines: [{ name: 'Root Detection', mode: 'In-App Defense' }] });
    expect(await hintBy(DETECTION, enforcing)).toMatch(/stricter.*`threat-events: in-app-defense`/u);
    const defended = 'require: [{ feature: Root Detection, threat-events: in-app-defense }]';
    const detecting = pdf({ lines: [{ name: 'Root Detection', mode: 'In-App Detection' }] });
    expect(await hintBy(defended, detecting)).toMatch(/Fusion Set/u);
  });
});

describe('identity', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    [
      'build',
      { build_id: OTHER_ID },
      `another build id: ${OTHER_ID} (page 1 at 213,0), asked for ${BUILD_ID}`,
      /^Fetch/u,
    ],
    ['app', { app_id: OTHER_ID }, `another app id: ${OTHER_ID} (page 1 at 213,0), asked for ${APP_ID}`, /^Fetch/u],
    [
      'Fusion Set',
      { fusion_set_id: OTHER_ID },
      `another Fusion Set ID: ${OTHER_ID} (page 1 at 213,0), asked for ${FUSION_SET_ID}`,
      /^Check --fusion-set-id/u,
    ],
  ])('of another %s', (_, facts, message, hint) => {
    const [finding] = of(judge({ pdf: pdf({ facts }), json: unreadable('json') }), 'identity.mismatch');
    expect(finding).toMatchObject({
      level: 'error',
      message: `The certificate is for ${message}`,
      hint: expect.stringMatching(hint),
    });
  });

  it('names each value and its place once', () => {
    const verdict = judge({
      pdf: pdf({ facts: { build_id: [BUILD_ID, OTHER_ID, OTHER_ID] } }),
      json: unreadable('json'),
    });
    expect(of(verdict, 'certificate.contradiction')[0]?.message).toContain(
      `build_id: ${BUILD_ID} (page 1 at 213,0), ${OTHER_ID} (page 1 at 213,1), ${OTHER_ID} (page 1 at 213,2)`,
    );
    const differ = judge({ json: json({ facts: { build_id: OTHER_ID } }) });
    expect(of(differ, 'certificate.disagreement')[0]?.message).toContain(
      `build_id: ${BUILD_ID} (page 1 at 213,0) in the PDF, ${OTHER_ID} ($.x[0]) in the JSON`,
    );
  });

  it('that nobody states is said once', () => {
    const bare = pdf({ facts: { build_id: [] } });
    expect(
      of(judge({ pdf: bare, json: unreadable('json') }), 'identity.unproven').map(({ message }) => message),
    ).toEqual([expect.stringContaining(`build id (asked for ${BUILD_ID})`)]);
  });

  it('must stand in the very document that proves, whatever else is unproven', () => {
    const bare = pdf({ facts: { build_id: [] } });
    expect(of(judge({ pdf: bare }), 'identity.unproven').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The PDF certificate states no build id/u),
    ]);
    const noApp = pdf({ facts: { build_id: [], app_id: [] } });
    const verdict = judge({ pdf: noApp, json: unknownJson({ app_id: [] }) });
    expect(of(verdict, 'identity.unproven').map(({ level }) => level)).toEqual(['error', 'warning']);
    const other = judge({ pdf: pdf({ facts: { build_id: [], fusion_set_id: OTHER_ID } }) });
    expect(of(other, 'identity.unproven')).toHaveLength(1);
    const nobodys = judge({ pdf: noApp, json: unreadable('json') });
    expect(codes(nobodys).filter((code) => !code.startsWith('certificate.'))).toEqual([
      'identity.unproven error',
      'identity.unproven warning',
    ]);
  });

  it('is not asked for where no build is', () => {
    const judged = (mode: 'run' | 'gate') =>
      evaluate(
        plan('Root Detection'),
        { pdf: pdf(), json: json() },
        { mode, evidenceMode: 'any', gate: 'enforce', sign: 'on-appdome' },
      );
    expect(codes(judged('gate'))).toEqual([]);
    expect(of(judged('run'), 'identity.unproven')).toMatchObject([
      { level: 'error', message: expect.stringMatching(/^This run has no build id/u) },
    ]);
  });
});

describe('a rule that is not met', () => {
  it.each([
    ['a protection', 'require: [root detection, proxy detection]', 'Proxy Detection'],
    ['a printed name', 'require: [Root Detection, { key: own }]', 'key: own'],
    ['a group', 'require: [Root Detection, { any-of: [Proxy Detection, App Shielding] }]', /Proxy Detection/u],
  ])('names %s', async (_, policy, feature) => {
    const [finding] = of(await judgedBy(policy), 'feature.missing');
    if (typeof feature === 'string') expect(finding?.feature).toBe(feature);
    else expect(finding?.feature).toMatch(feature);
  });

  it.each([
    ['error', 'require: [Root Detection, { feature: Proxy Detection, severity: error }]'],
    ['warning', 'require: [Root Detection, { feature: Proxy Detection, severity: warning }]'],
  ])('is found at its own severity: %s', async (level, policy) => {
    expect(of(await judgedBy(policy), 'feature.missing')).toMatchObject([{ level, feature: 'Proxy Detection' }]);
  });
});

describe('a name that only an alias proves', () => {
  const paired = (names: string, aliases: string) =>
    judgedBy(`require: [${names}]\naliases: { ${aliases} }`, {
      evidence: { pdf: pdf({ lines: ['root_detection', 'rate_limits', 'own_thing'] }), json: unknownJson() },
    });

  it('is told with what stood for it, all of them in one note', async () => {
    const [note, ...others] = of(
      await paired(
        'Root Detection, Rate-Limit Connections, Our Own Thing',
        'Rate-Limit Connections: [rate_limits], Our Own Thing: [own_thing]',
      ),
      'policy.alias-used',
    );
    expect(others).toEqual([]);
    expect(note?.level).toBe('note');
    expect(note?.message).toContain('Rate-Limit Connections by rate_limits');
    expect(note?.message).toContain('Our Own Thing by own_thing');
    expect(note?.message).not.toContain('Root Detection');
  });

  it('is not told where no alias was needed', async () => {
    const verdict = await paired('Root Detection', 'Rate-Limit Connections: [rate_limits]');
    expect(of(verdict, 'policy.alias-used')).toEqual([]);
  });
});

describe('what Appdome does not enforce', () => {
  const warned = async (names: string, lines: Array<{ name: string; mode: string }>) => {
    const evidence = { pdf: pdf({ lines }), json: unknownJson() };
    const verdict = await judgedBy(`require: [${names}]`, { evidence });
    return of(verdict, 'feature.not-enforced').map(({ level, message, hint }) => [
      level,
      message,
      hint?.includes('fusegate listeners'),
    ]);
  };
  const detects = (name: string) => ({ name, mode: 'In-App Detection' });

  it('is a warning too if no Threat-Event of it is known; then the app is not asked to act on one', async () => {
    const lines = [detects('root_detection'), detects('smali_obfuscation'), detects('own_thing')];
    expect(await warned('Root Detection, smali_obfuscation, "key: own_thing"', lines)).toEqual([
      ['warning', expect.stringMatching(/app must act: (?=.*Root Detection)(?=.*own_thing)(?!.*smali)/u), true],
      ['warning', expect.stringMatching(/no Threat-Event is known.*: smali_obfuscation \(In-App Detection\)$/u), false],
    ]);
    expect(await warned('"key: smali_obfuscation"', lines)).toHaveLength(1);
  });

  it.each([
    ['an event of the display name that a key may belong to', 'secure_communication_tls_1_2', 'In-App Detection'],
    ['Threat-Memory, which is read without an event', 'smali_obfuscation', 'Threat-Memory'],
  ])('still asks the app to act: %s', async (_, name, mode) => {
    expect(await warned(name, [{ name, mode }])).toEqual([
      ['warning', expect.stringContaining(`app must act: ${name}`), true],
    ]);
  });
});

describe('whether a listener is missing', () => {
  const said = async (given: Partial<Parameters<typeof pdf>[0]>, setting: string, names = 'Root Detection') =>
    codes(
      await judgedBy(`require: [${names}]\n${setting}`, { evidence: { pdf: pdf(given), json: unknownJson() } }),
    ).filter((code) => code.startsWith('listener.'));
  const settingOf = (word: string) => (word === '' ? '' : `missing-threat-event-listeners: ${word}`);
  const doubts = [wording('text', 'Some implementations are missing')];

  it.each<[string, { doubts?: typeof doubts; listeners?: string[] }, string[]]>([
    // Only a policy that lets missing listeners warn makes a doubt about them worth a warning.
    ['', { doubts }, []],
    ['fail', { doubts }, ['listener.unproven error']],
    ['warn', { doubts }, ['listener.unproven warning']],
    ['ignore', { doubts }, []],
    ['', {}, []],
    ['fail', {}, []],
    ['warn', {}, []],
    ['ignore', {}, []],
    ['', { listeners: ['EmulatorFound'] }, ['listener.missing warning']],
    ['warn', { listeners: ['EmulatorFound'] }, ['listener.missing warning']],
    ['warn', { listeners: ['EmulatorFound'], doubts }, ['listener.missing warning', 'listener.unproven warning']],
    ['ignore', { listeners: ['EmulatorFound'], doubts }, []],
  ])('by the policy (%s), on %o', async (word, { doubts: listenerDoubts = [], listeners = [] }, expected) => {
    expect(await said({ lines: ['root_detection'], listenerDoubts, listeners }, settingOf(word))).toEqual(expected);
  });

  const detects = json({ lines: [{ name: 'Root Detection', mode: 'In-App Detection' }, 'anti_debugging'] });
  it.each<[string, string, string[]]>([
    ['', 'Root Detection', ['listener.unproven warning']],
    ['warn', 'Root Detection', ['listener.unproven warning']],
    ['ignore', 'Root Detection', []],
    ['', 'Anti-Debugging', []],
    // A rule that is not met says so itself.
    ['', 'Anti-Debugging, { all-of: [Root Detection, Proxy Detection] }', []],
    ['', 'Root Detection, { all-of: [Root Detection, Proxy Detection] }', ['listener.unproven warning']],
  ])('cannot be seen on the JSON alone (%s): %s', async (word, names, expected) => {
    const verdict = await judgedBy(`require: [${names}]\n${settingOf(word)}`, {
      evidence: { pdf: unreadable('pdf'), json: detects },
    });
    expect(codes(verdict).filter((code) => code.startsWith('listener.'))).toEqual(expected);
    expect(codes(verdict).every((code) => /^[a-z]+\.[a-z-]+ (?:error|warning|note)$/u.test(code))).toBe(true);
  });
});

it('a protection is named as the catalogue does, however it was written', () => {
  const verdict = judge({ require: ['rate limit connections'], pdf: pdf({ lines: ['own'] }), json: unknownJson() });
  expect(of(verdict, 'feature.missing')[0]?.feature).toBe('Rate-Limit Connections');
  expect(of(verdict, 'features.unclaimed')[0]?.hint).toMatch(/^If one of them is Rate-Limit Connections,/u);
});

describe('a name that one certificate lacks', () => {
  const lacking = (verdict: Verdict) => of(verdict, 'certificate.disagreement').map(({ message }) => message);

  it('is named with the certificate, all of them in one warning', async () => {
    const policy = 'require: [Root Detection, Anti-Debugging, { all-of: [Root Detection] }]';
    // The PDF shows everything, so nothing is said about it.
    expect(lacking(await judgedBy(policy, { evidence: { json: json({ lines: ['x'] }) } }))).toEqual([
      expect.stringMatching(/but the JSON does not show Root Detection, Anti-Debugging$/u),
    ]);
    const short = {
      pdf: pdf({ lines: ['root_detection'], complete: false }),
      json: json({ lines: ['anti_debugging'] }),
    };
    expect(lacking(await judgedBy('require: [Root Detection, Anti-Debugging]', { evidence: short }))).toEqual([
      expect.stringMatching(/PDF does not show Anti-Debugging; the JSON does not show Root Detection$/u),
    ]);
    expect(lacking(await judgedBy(policy))).toEqual([]);
  });
});

describe('names that no rule asks for', () => {
  const names = (lines: Parameters<typeof pdf>[0], near = 'Rate-Limit Connections', claimed: string[] = []) =>
    unclaimedNames(selectSources({ pdf: pdf(lines), json: unknownJson() }, 'any', true).sources, near, (name) =>
      claimed.includes(name),
    );

  it('come nearest first, then by name, each once', () => {
    expect(names({ lines: ['zzzz', 'openssl', 'rate_limit', 'aaaa', 'rate_limit'] }).slice(0, 1)).toEqual([
      'rate_limit',
    ]);
    const far = names({ lines: ['dddd', 'bbbb', 'cccc', 'aaaa'] }, 'zzzz');
    expect(far).toEqual(['aaaa', 'bbbb', 'cccc', 'dddd']);
  });

  it('are twenty at most, and three beside a printed name that was not found', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `own_${String(index).padStart(2, '0')}`);
    expect(names({ lines })).toHaveLength(20);
    const { sources } = selectSources({ pdf: pdf({ lines }), json: unknownJson() }, 'any', true);
    expect(nearestPrinted(sources, 'zzzz')).toEqual(['own_00', 'own_01', 'own_02']);
  });

  it('are shown, claimed by no rule and by no display name', () => {
    const lines = [
      'own',
      'claimed',
      { name: 'off', presence: 'absent' as const },
      { name: 'maybe', presence: 'unknown' as const },
      // A display name, and a key of the same words.
      'Proxy Detection',
      'proxy_detection',
      'unknown_sources_detection',
      // A key that the catalogue joins to a display name by meaning only, and a supporting component.
      'secure_communication',
      'openssl',
      // A key without a display name.
      'smali_obfuscation',
    ];
    expect(names({ lines }, 'x', ['claimed']).sort()).toEqual(['own', 'smali_obfuscation']);
  });

  it.each([
    ['a printed name', 'require: [Root Detection, { key: zz }]', false],
    ['what is there but forbidden', 'require: [Root Detection]\nforbid: [Anti-Debugging]', false],
    ['a protection', 'require: [Root Detection, Rate-Limit Connections]', true],
    ['a group', 'require: [Root Detection, { any-of: [Rate-Limit Connections] }]', true],
    ['what is met', 'require: [Root Detection]', false],
    ['what is known to be printed otherwise', 'require: [Root Detection, Proxy Detection]', false],
    ['a protection behind one that is known', 'require: [Proxy Detection, Rate-Limit Connections]', true],
    ['a name that is proven by an alias', 'require: [Our Own Thing]\naliases: { Our Own Thing: [own] }', false],
  ])('are offered for %s: %j', async (_, policy, offered) => {
    const evidence = { pdf: pdf({ lines: ['root_detection', 'anti_debugging', 'own'] }), json: unknownJson() };
    const found = of(await judgedBy(policy, { evidence }), 'features.unclaimed');
    expect(found).toHaveLength(offered ? 1 : 0);
  });

  it('are not offered where there are none', () => {
    const verdict = judge({
      require: ['Rate-Limit Connections'],
      pdf: pdf({ lines: ['root_detection'] }),
      json: unknownJson(),
    });
    expect(codes(verdict)).toEqual(['feature.missing error', 'certificate.json-shape-unknown note']);
  });

  it.each<[string, Parameters<typeof pdf>[0]]>([
    ['denies it', { lines: ['root_detection', 'own', { name: 'rate_limit_connections', presence: 'absent' }] }],
    [
      'is unclear about it',
      { lines: ['own', { name: 'rate_limit_connections', unread: [wording('heading', 'New')] }] },
    ],
    ['shows it', { lines: ['own', 'rate_limit_connections'] }],
  ])('are not offered if the certificate %s', (_, spec) => {
    const verdict = judge({ require: ['Rate-Limit Connections'], pdf: pdf(spec), json: unknownJson() });
    expect(of(verdict, 'features.unclaimed')).toEqual([]);
  });

  it.each([
    ['nearest', 'rate_limits', 'rate_limits'],
    ['at the limit', 'rate_limit_connections_one_two_three_four_five', undefined],
    ['beyond it', 'rate_limit_connections_one_two_three_four_five_six', 'NAME'],
  ])('are offered to paste if one is near enough: %s', (_, printed, offered = printed) => {
    const lines = ['root_detection', 'own_one', printed];
    const verdict = judge({ require: ['Rate-Limit Connections'], pdf: pdf({ lines }), json: unknownJson() });
    expect(of(verdict, 'features.unclaimed')[0]?.hint).toContain(`\`key: ${offered}\``);
  });

  it('are not offered one by one where none is near the missing one', () => {
    const lines = ['root_detection', 'own_one', 'own_two'];
    const verdict = judge({ require: ['Rate-Limit Connections'], pdf: pdf({ lines }), json: unknownJson() });
    expect(of(verdict, 'features.unclaimed')[0]?.hint).toMatch(
      /Rate-Limit Connections.*`key: NAME`.*`aliases: \{ Rate-Limit Connections: \[NAME\] \}`/u,
    );
  });

  it('are offered by the name that was asked for', async () => {
    const evidence = { pdf: pdf({ lines: ['root_detection', 'own'] }), json: unknownJson() };
    const [one] = of(
      await judgedBy('require: [Root Detection, rate limit connections]', { evidence }),
      'features.unclaimed',
    );
    expect(one?.hint).toMatch(/ is Rate-Limit Connections,.*`key: own`/u);
  });
});
