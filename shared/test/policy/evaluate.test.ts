import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { exitCodeOf } from '../../src/policy/rules/exit-code.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import type { Condition, Rule } from '../../src/policy/rules/rule.ts';
import { GREEN_CASES, RED_CASES } from './no-verdict-cases.ts';
import { type Case, EXPECTED, json, judge, pdf, plan, unknownJson, unreadable } from './synthetic-evidence.ts';

describe('what is red', () => {
  it.each(RED_CASES)('$what: $outcome, $code', ({ what: _, code, outcome, ...given }) => {
    const verdict = judge(given);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.findings.filter((finding) => finding.level === 'error').map((finding) => finding.code)).toContain(
      code,
    );
    for (const finding of verdict.findings) {
      expect(finding.message).not.toBe('');
      expect(finding.hint).not.toBe('');
    }
    expect(exitCodeOf(verdict.outcome, 'enforce')).toBe(outcome === 'fail' ? 6 : 8);
  });

  it('judges no requirement on a certificate of another build', () => {
    const verdict = judge({
      pdf: pdf({ facts: { build_id: '99999999-9999-11f0-8999-999999999999' } }),
      json: unreadable('json'),
    });
    expect(verdict.requirements.map((one) => one.outcome)).toEqual(['not-evaluated']);
    expect(verdict.missingFeatures).toEqual([]);
    expect(verdict.evidence).toBe('none');
  });
});

describe('what passes', () => {
  it.each(GREEN_CASES)('$what', ({ what: _, evidence, warns, ...given }) => {
    const verdict = judge(given);
    expect(verdict.findings.filter((finding) => finding.level === 'error')).toEqual([]);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.evidence).toBe(evidence);
    const warned = verdict.findings.filter((finding) => finding.level === 'warning').map((finding) => finding.code);
    if (warns) expect(warned).toContain(warns);
    else expect(warned).toEqual([]);
    expect(verdict.requirements.every((one) => one.outcome === 'satisfied' && one.evidence.length > 0)).toBe(true);
  });
});

/** As where neither the app nor an option says for which platform it is. */
function onNoPlatform(require: string[], certificate: DocumentReading) {
  const required = require.map((name) => ({ name, origin: { option: '--required-features' } }));
  const { plan: made } = planPolicy({ required, gate: 'enforce' });
  return evaluate(made, { pdf: certificate, json: unknownJson() }, EXPECTED).requirements;
}

describe('what a verdict tells', () => {
  it('names the missing protection, what was looked for, and the names that no rule asks for', () => {
    const verdict = judge({
      require: ['Rate-Limit Connections', 'Root Detection'],
      pdf: pdf({ lines: ['root_detection', 'rate_limits', 'openssl', 'anti_debugging'] }),
      json: unknownJson(),
    });
    expect(verdict.outcome).toBe('fail');
    expect(verdict.missingFeatures).toEqual(['Rate-Limit Connections']);
    const missing = verdict.requirements.find((one) => one.outcome === 'missing');
    expect(missing?.lookedFor).toContain('rate_limit_connections');
    expect(missing?.message).toMatch(/^Rate-Limit Connections .*\(PDF\); .*not been seen$/u);
    expect(verdict.findings.find((finding) => finding.code === 'features.unclaimed')).toEqual({
      code: 'features.unclaimed',
      level: 'note',
      message: expect.stringMatching(/: rate_limits\.$/u),
      hint: expect.stringMatching(/`key: rate_limits`.*`aliases: \{ Rate-Limit Connections: \[rate_limits\] \}`/u),
    });
  });

  it.each([
    [
      ['Jailbreak Detection'],
      'Android',
      /known for iOS alone.*for Android$/u,
      /^Require Root Detection .*`ios: \{ require: /u,
    ],
    [['Protect Plist'], 'Android', /known for iOS alone/u, /^What is meant for iOS alone/u],
    [['Detect App Cloner'], 'iOS', /known for Android alone.*for iOS$/u, /`android: \{ require: /u],
  ])('%j on a certificate for %s, whose platform no option said', (require, platform, message, hint) => {
    const [missing] = onNoPlatform(require, pdf({ facts: { platform } }));
    expect(missing).toMatchObject({
      outcome: 'missing',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('says nothing of platforms where the certificate states none', () => {
    const [unstated] = onNoPlatform(['Jailbreak Detection'], pdf());
    expect(unstated?.message).not.toMatch(/iOS/u);
  });

  it('tells the title of an empty part for what it is, and other unread wording as such', () => {
    const wording = (kind: 'title' | 'heading', text: string) => ({
      kind,
      text,
      document: 'pdf' as const,
      where: `page 1 at 89,${text.length}`,
    });
    const unread = [wording('title', 'APPLICATION THREAT INTELLIGENCE'), wording('heading', 'Something Odd')];
    const told = judge({ require: ['Root Detection'], pdf: pdf({ unread }), json: unknownJson() }).findings;
    const messages = told.filter(({ code }) => code === 'certificate.unread').map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringMatching(/heading "Something Odd" [^"]*$/u),
      expect.stringMatching(/nothing below it: title "APPLICATION THREAT INTELLIGENCE"/u),
    ]);
  });

  it('does not offer a printed name that a rule is about', () => {
    const verdict = judge({
      require: ['Rate-Limit Connections', 'key: own_one'],
      pdf: pdf({ lines: ['own_one', 'own_two', 'openssl'] }),
      json: unknownJson(),
    });
    const unclaimed = verdict.findings.find((finding) => finding.code === 'features.unclaimed');
    expect(unclaimed?.message).toMatch(/: own_two\.$/u);
  });

  it.each([
    [
      'a name of the same area',
      { require: ['Prevent MiTM Attacks'], pdf: pdf({ lines: ['secure_communication'] }), json: unknownJson() },
      /^Prevent MiTM Attacks .*\(PDF\); secure_communication .*does not prove it$/u,
    ],
    [
      'a JSON that would add',
      { pdf: pdf({ lines: ['anti_debugging'] }) },
      /^Root Detection .*\(PDF and JSON\); only the JSON shows it/u,
    ],
    [
      'the document that does not count',
      { json: json({ lines: ['anti_debugging'] }), expect: { evidenceMode: 'json' as const } },
      /^Root Detection .*\(PDF and JSON\); only the PDF shows it.*`evidence: json`/u,
    ],
    [
      'a value that proves nothing',
      {
        pdf: unreadable('pdf'),
        json: json({ lines: [{ name: 'root_detection', presence: 'unknown', value: '"failed"' }] }),
      },
      /^Root Detection is not proven: .*\$\.x\[100\]: "failed"/u,
    ],
    [
      'a denial',
      { pdf: unreadable('pdf'), json: json({ lines: [{ name: 'root_detection', presence: 'absent', value: '0' }] }) },
      /^The JSON says that Root Detection is not .*\(\$\.x\[100\]: 0\)$/u,
    ],
  ])('explains %s', (_, given, message) => {
    expect(judge(given as Case).requirements[0]?.message).toMatch(message);
  });

  it('says where the proof stands', () => {
    const [requirement] = judge().requirements;
    expect(requirement).toMatchObject({
      id: 'feature:root_detection',
      rule: 'feature',
      requirement: 'Root Detection',
      feature: { name: 'Root Detection', key: 'root_detection' },
      severity: 'error',
      source: '--required-features',
    });
    expect(requirement?.evidence).toEqual([
      { document: 'pdf', where: 'page 1 at 213,100', text: 'root_detection' },
      { document: 'json', where: '$.x[100]', text: 'root_detection' },
    ]);
  });

  it('shows the top-level keys of an unknown JSON once, as a note', () => {
    const notes = judge({ json: unknownJson(), require: ['Root Detection', 'Anti-Debugging'] }).findings;
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ code: 'certificate.json-shape-unknown', level: 'note' });
    expect(notes[0]?.message).toContain('build_id: string, stuff: object');
  });

  it('binds the file that was compared', () => {
    expect(judge().binding).toMatchObject({ level: 'file', originalMatches: true, finalMatches: true });
    const signedPrivately = json({ facts: { sign_type: 'PrivateSigning' } });
    expect(judge({ json: signedPrivately, expect: { sign: 'private' } }).binding.level).toBe('unconfirmed');
  });

  it('takes an absent JSON as a note where files were given', () => {
    const verdict = judge({ json: unreadable('json'), expect: { mode: 'gate' } });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.findings.map(({ code, level }) => [code, level])).toEqual([['certificate.json-unreadable', 'note']]);
  });

  it('warns only of the listeners that no requirement has counted', () => {
    const verdict = judge({
      require: ['Detect Developer Options', 'Root Detection'],
      pdf: pdf({
        lines: [{ name: 'Detect Developer Options', mode: 'In-App Detection' }, 'root_detection'],
        listeners: ['DeveloperOptionsEnabled', 'DeveloperOptionsEnabled…', 'UnknownSourcesEnabled'],
      }),
      json: unknownJson(),
    });
    expect(verdict.outcome).toBe('fail');
    expect(verdict.missingFeatures).toEqual(['Detect Developer Options']);
    const warning = verdict.findings.find((finding) => finding.code === 'listener.missing');
    expect(warning?.message).toContain('UnknownSourcesEnabled');
    expect(warning?.message).toContain('DeveloperOptionsEnabled…');
    expect(warning?.message).not.toContain('DeveloperOptionsEnabled,');
  });

  it('takes a missing listener as a warning where the protection defends by itself', () => {
    const verdict = judge({
      require: ['Detect Developer Options'],
      pdf: pdf({
        lines: [{ name: 'Detect Developer Options', mode: 'In-App Defense' }],
        listeners: ['DeveloperOptionsEnabled'],
      }),
      json: unknownJson(),
    });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.findings.map((finding) => finding.code)).toContain('listener.missing');
  });
});

describe('gate modes', () => {
  it('evaluates nothing when disabled, whatever there is', () => {
    const verdict = judge({ expect: { gate: 'disabled' } });
    expect(verdict).toMatchObject({ outcome: 'not-evaluated', evidence: 'none', missingFeatures: [] });
    expect(verdict.findings.map(({ code }) => code)).toEqual(['gate.weakened']);
    expect(verdict.requirements.map((one) => one.outcome)).toEqual(['not-evaluated']);
  });

  it('says under warn what it says under enforce', () => {
    for (const { what: _, code: _code, outcome, ...given } of RED_CASES) {
      expect(judge({ ...given, expect: { ...given.expect, gate: 'warn' } }).outcome).toBe(outcome);
    }
  });

  it.each([
    ['pass', 'enforce', 0],
    ['pass', 'warn', 0],
    ['fail', 'enforce', 6],
    ['fail', 'warn', 0],
    ['fail', 'disabled', 6],
    ['error', 'enforce', 8],
    ['error', 'warn', 0],
    ['error', 'disabled', 8],
    ['not-evaluated', 'enforce', 8],
    ['not-evaluated', 'warn', 8],
    ['not-evaluated', 'disabled', 0],
  ] as const)('%s under %s exits %i', (outcome, gate, exit) => {
    expect(exitCodeOf(outcome, gate)).toBe(exit);
  });
});

it('does not change its arguments', () => {
  const evidence = { pdf: pdf(), json: json() };
  const before = structuredClone(evidence);
  const rules = plan('Root Detection');
  const rulesBefore = structuredClone(rules);
  expect(evaluate(rules, evidence, EXPECTED)).toEqual(evaluate(rules, evidence, EXPECTED));
  expect(evidence).toEqual(before);
  expect(rules).toEqual(rulesBefore);
});

describe('what a verdict records', () => {
  it('one requirement to the last field', () => {
    const [shown] = judge({ json: unknownJson() }).requirements;
    expect(shown).toStrictEqual({
      id: 'feature:root_detection',
      rule: 'feature',
      requirement: 'Root Detection',
      feature: { name: 'Root Detection', key: 'root_detection' },
      reference: {},
      severity: 'error',
      outcome: 'satisfied',
      evidence: [{ document: 'pdf', where: 'page 1 at 213,100', text: 'root_detection' }],
      lookedFor: ['root_detection'],
      source: '--required-features',
      message: 'Root Detection is on the certificate',
    });
    const [verbatim] = judge({ require: ['key: anti_debugging'], json: unknownJson() }).requirements;
    expect(verbatim?.feature).toBeNull();
    const [missing] = judge({ require: ['Proxy Detection'], json: unknownJson() }).requirements;
    expect(missing?.hint).toMatch(/^Switch it on/u);
  });

  it('a name that has no key has none in the record', () => {
    const [rule] = plan('Root Detection').rules;
    if (rule?.condition.kind !== 'feature') throw new Error('no feature');
    const { key: _, ...keyless } = rule.condition;
    const rules = [{ ...rule, condition: keyless }];
    const verdict = evaluate({ rules, resolved: {} }, { pdf: pdf(), json: unknownJson() }, EXPECTED);
    expect(verdict.requirements[0]?.feature).toStrictEqual({ name: 'Root Detection' });
  });

  it('who waived it, only where it is waived', () => {
    const waived = (name: string) => plan(name).rules.map((rule) => ({ ...rule, waivedBy: 'QA lab' }));
    const rules = [...plan('Anti-Debugging').rules, ...waived('Root Detection'), ...waived('Proxy Detection')];
    const { requirements } = evaluate({ rules, resolved: {} }, { pdf: pdf(), json: unknownJson() }, EXPECTED);
    expect(requirements.map((one) => [one.outcome, 'waivedBy' in one])).toEqual([
      ['satisfied', false],
      ['satisfied', false],
      ['waived', true],
    ]);
  });

  it('what is missing by its name, sorted, each once', () => {
    const verdict = judge({
      require: ['Proxy Detection', 'KEY:  zz_key: x', 'key:openssl', 'App Shielding'],
      json: unknownJson(),
    });
    expect(verdict.missingFeatures).toEqual(['App Shielding', 'Proxy Detection', 'openssl', 'zz_key: x']);
    const group = { kind: 'any-of' as const, of: plan('Proxy Detection').rules.map((rule) => rule.condition) };
    const rules = plan('Root Detection').rules.map((rule) => ({
      ...rule,
      requirement: 'any-of key: x',
      condition: group,
    }));
    const { missingFeatures } = evaluate({ rules, resolved: {} }, { pdf: pdf(), json: unknownJson() }, EXPECTED);
    expect(missingFeatures).toEqual(['any-of key: x']);
  });

  it('without a document, only what that means', () => {
    const verdict = judge({ pdf: unreadable('pdf'), json: unreadable('json'), expect: { finalSha256: undefined } });
    expect(verdict.findings.map(({ code }) => code)).toEqual([
      'certificate.none',
      'certificate.pdf-unreadable',
      'certificate.json-unreadable',
    ]);
    expect(verdict.requirements[0]?.evidence).toEqual([]);
    const nothing = evaluate(
      { rules: [], resolved: {} },
      { pdf: unreadable('pdf'), json: unreadable('json') },
      EXPECTED,
    );
    expect(nothing.findings[0]?.code).toBe('usage.invalid');
    const warned = plan('Root Detection').rules.map((rule) => ({ ...rule, severity: 'warning' as const }));
    const onlyWarnings = evaluate(
      { rules: warned, resolved: {} },
      { pdf: unreadable('pdf'), json: unreadable('json') },
      EXPECTED,
    );
    expect(onlyWarnings.findings[0]?.code).toBe('usage.invalid');
  });

  it('nothing compared where the gate is disabled', () => {
    expect(judge({ expect: { gate: 'disabled' } }).binding).toEqual({
      level: 'none',
      message: expect.stringMatching(/the gate is disabled/u),
    });
  });
});

describe('how sure a verdict is', () => {
  const rules = (condition: Condition) => [{ ...plan('Root Detection').rules[0], id: 'r', condition } as Rule];
  const fact: Condition = { kind: 'build', fact: 'sign_type', operator: '=', value: 'OnAppdome' };
  const absent: Condition = { kind: 'forbid', subject: { kind: 'key', printed: 'openssl' } };

  it('a build fact of the JSON, whose keys are proven, infers nothing', () => {
    const both = [...plan('Root Detection').rules, ...rules(fact)];
    const verdict = evaluate({ rules: both, resolved: {} }, { pdf: pdf(), json: json() }, EXPECTED);
    expect(verdict).toMatchObject({ outcome: 'pass', evidence: 'verified' });
  });

  it('one protection that rests on the JSON alone makes all of it inferred', () => {
    const short = pdf({ lines: ['root_detection'], complete: false });
    const verdict = judge({ require: ['Root Detection', 'Anti-Debugging'], pdf: short });
    expect(verdict).toMatchObject({ outcome: 'pass', evidence: 'inferred' });
  });

  it('what was asked to rest on the JSON is inferred, whatever else rests on the PDF', () => {
    const expected = { ...EXPECTED, evidenceMode: 'json' as const };
    const both = [...plan('Root Detection').rules, ...rules(absent)];
    const verdict = evaluate({ rules: both, resolved: {} }, { pdf: pdf(), json: json() }, expected);
    expect(verdict).toMatchObject({ outcome: 'pass', evidence: 'inferred' });
  });

  it('rules that only warn do not stand in for those that are waived', () => {
    const warned = plan('Root Detection').rules.map((rule) => ({ ...rule, severity: 'warning' as const }));
    const waived = plan('Proxy Detection').rules.map((rule) => ({ ...rule, waivedBy: 'QA lab' }));
    const both = { rules: [...warned, ...waived], resolved: {} };
    const verdict = evaluate(both, { pdf: pdf(), json: json() }, EXPECTED);
    expect(verdict.outcome).toBe('error');
    expect(verdict.findings[0]).toMatchObject({ code: 'policy.all-waived', level: 'error' });
  });
});

describe('what the JSON alone shows', () => {
  const detects = { name: 'Root Detection', mode: 'In-App Detection' };
  const lines = [detects, { name: 'Anti-Debugging', mode: 'In-App Defense' }, 'proxy_detection'];
  const warned = (
    given: Parameters<typeof judge>[0],
    require = ['Root Detection', 'Anti-Debugging', 'Proxy Detection'],
  ) => judge({ json: json({ lines }), require, ...given }).findings.filter(({ code }) => code === 'listener.unproven');

  it('is judged as before, with a warning that names what only detects', () => {
    expect(warned({ pdf: unreadable('pdf') })).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/: Root Detection$/u), hint: expect.stringContaining('PDF') },
    ]);
    expect(judge({ pdf: unreadable('pdf'), json: json({ lines }) }).outcome).toBe('pass');
  });

  it('needs no warning where a PDF lists the missing listeners, or nothing only detects', () => {
    expect(warned({ pdf: pdf({ lines: ['Root Detection', 'Anti-Debugging', 'proxy_detection'] }) })).toEqual([]);
    expect(warned({ pdf: pdf({ lines: ['openssl'], complete: false, bounded: true }) })).toEqual([]);
    expect(warned({ pdf: unreadable('pdf') }, ['Anti-Debugging', 'Proxy Detection'])).toEqual([]);
  });

  it('is not proven where it names an event of the rule', () => {
    const told = json({ lines, mentions: [{ text: 'RootedDevice', where: '$.missing_listeners[0]' }] });
    expect(judge({ pdf: unreadable('pdf'), json: told })).toMatchObject({ outcome: 'error' });
    expect(judge({ pdf: unreadable('pdf'), json: told, require: ['Anti-Debugging'] }).outcome).toBe('pass');
  });
});

describe('a printed name that a rule asks for', () => {
  const both = pdf({ lines: ['root_detection', 'root_detection_v2'] });
  const outcomes = (...names: string[]) => judge({ pdf: both, json: unknownJson(), require: names }).outcome;

  it('says nothing of a protection whose name it holds', () => {
    expect(outcomes('Root Detection')).toBe('error');
    expect(outcomes('Root Detection', 'key: root_detection_v2')).toBe('pass');
    expect(outcomes('Root Detection', 'key: root_detection')).toBe('error');
  });

  it('may be accepted as text instead, and the line to paste does it', () => {
    const asked = { ...plan('Root Detection'), path: 'p.yml' };
    const evidence = { pdf: both, json: unknownJson() };
    const red = evaluate(asked, evidence, EXPECTED);
    expect(red.findings[0]?.hint).toContain('accept: { texts: [root_detection_v2] }');
    const accept = { titles: [], headings: [], labels: [], modes: [], texts: ['root_detection_v2'] };
    const green = evaluate({ ...asked, accept }, evidence, EXPECTED);
    expect(green).toMatchObject({ outcome: 'pass', accepted: [{ kind: 'text', text: 'root_detection_v2' }] });
    const claimed = { ...plan('Root Detection', 'key: root_detection_v2'), accept };
    expect(evaluate(claimed, evidence, EXPECTED).outcome).toBe('pass');
  });
});
