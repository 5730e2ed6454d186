import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { type VerifyDemands, verifyResult } from '../../src/policy/binding/verify-result.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { BUILD_ID, FINAL, OTHER_ID } from './synthetic-evidence.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const ORIGIN = 'https://fusion.appdome.com';
const HOUR = 3_600_000;

/** What a run against the service itself would have written: on-appdome, so that the certificate names the file. */
function passed(change: Partial<FusegateResult> = {}): FusegateResult {
  return resultOf({ expect: { sign: 'on-appdome' } }, change);
}

function demands(change: Partial<VerifyDemands> = {}): VerifyDemands {
  return { sha256: FINAL, origin: ORIGIN, now: NOW, ...change };
}

const VALIDATION: NonNullable<FusegateResult['validation']> = {
  id: 'validation-1',
  buildId: BUILD_ID,
  message: 'This app is signed correctly',
  sha256: 'c'.repeat(64),
  size: 3000,
  at: '2026-11-21T11:00:00.000Z',
  transport: {},
};

const WAIVER: FusegateResult['waivers'][number] = {
  features: ['Proxy Detection'],
  owner: 'mobile-security',
  reason: 'QA lab needs a proxy',
  expires: '2026-11-21',
  source: 'fusegate.yml:9',
  state: 'active',
};

function validated(change: Partial<FusegateResult> = {}): FusegateResult {
  return passed({
    mode: 'validate',
    binding: { level: 'service', message: 'validated', sha256: VALIDATION.sha256 },
    validation: VALIDATION,
    ...change,
  });
}

const codes = (result: FusegateResult, change: Partial<VerifyDemands> = {}) =>
  verifyResult(result, demands(change)).map(({ code }) => code);

describe('a file that may go out', () => {
  it('is the very one that was judged', () => {
    expect(passed().binding).toMatchObject({ level: 'file', sha256: FINAL });
    expect(verifyResult(passed(), demands())).toEqual([]);
  });

  it('is the one that its owner signed and the service validated', () => {
    expect(verifyResult(validated(), demands({ sha256: VALIDATION.sha256 }))).toEqual([]);
  });

  it('is young enough, of the policy that was asked for, from the server that was pinned', () => {
    const result = passed({ server: 'https://appdome.example.com' });
    const asked = { maxAge: 2 * HOUR, policySha256: result.policy.sha256, origin: 'https://appdome.example.com' };
    expect(verifyResult(result, demands(asked))).toEqual([]);
  });

  it('is named by the one protected app, where the binding does not name it', () => {
    const { sha256: _, ...binding } = passed().binding;
    expect(verifyResult(passed({ binding }), demands())).toEqual([]);
  });

  it('is a rehearsal, where the deploy job is rehearsed', () => {
    const rehearsal = passed({ rehearsal: true, server: 'http://127.0.0.1:8080' });
    expect(verifyResult(rehearsal, demands({ rehearsal: true }))).toEqual([]);
  });

  it('may have warnings, and a warning that is waived by nobody', () => {
    const warning = { ...finding, level: 'warning' as const };
    expect(verifyResult(passed({ findings: [warning, { ...finding, level: 'note' }] }), demands())).toEqual([]);
    const waived = requirement('waived', 'warning').map((each) => ({ ...each, id: 'feature:other' }));
    expect(verifyResult(passed({ requirements: [...passed().requirements, ...waived] }), demands())).toEqual([]);
  });

  it('may have a waived rule beside a proven one', () => {
    const [first] = passed().requirements;
    if (first === undefined) throw new Error('no requirement');
    const waived = { ...first, id: 'feature:other', outcome: 'waived' as const, waivedBy: 'QA lab' };
    expect(verifyResult(passed({ requirements: [first, waived], waivers: [WAIVER] }), demands())).toEqual([]);
  });
});

const requirement = (
  outcome: FusegateResult['requirements'][number]['outcome'],
  severity: 'error' | 'warning' = 'error',
) => passed().requirements.map((each) => ({ ...each, outcome, severity }));
const finding = { code: 'identity.mismatch', level: 'error' as const, message: 'x', hint: 'y' };

describe('every way to red', () => {
  const notAPass: Array<[string, Partial<FusegateResult>]> = [
    ['the verdict is fail', { verdict: 'fail', exitCode: 6 }],
    ['the verdict is error', { verdict: 'error', exitCode: 8 }],
    ['the verdict is not-evaluated', { verdict: 'not-evaluated' }],
    ['the gate only warned', { gate: 'warn' }],
    ['the gate only warned, and the run failed', { gate: 'warn', verdict: 'fail', exitCode: 0 }],
    ['the gate was disabled', { gate: 'disabled', verdict: 'not-evaluated' }],
    ['it was a dry run', { dryRun: { hosts: [] } }],
  ];
  it.each(notAPass)('%s', (_, change) => {
    const found = codes(passed(change));
    // One for each of verdict, gate and dry run that is not a pass.
    const { verdict = 'pass', gate = 'enforce', dryRun } = change;
    const reasons = [verdict !== 'pass', gate !== 'enforce', dryRun !== undefined].filter(Boolean).length;
    expect(found).toEqual(Array.from({ length: reasons }, () => 'result.not-a-pass'));
    expect(verifyResult(passed(change), demands()).every(({ level }) => level === 'error')).toBe(true);
  });

  const refused: Array<[string, Partial<FusegateResult>, Partial<VerifyDemands>?]> = [
    ['it says pass and a red exit', { exitCode: 6 }],
    ['it has no requirement', { requirements: [] }],
    ['it has only warnings', { requirements: requirement('satisfied', 'warning') }],
    ['every rule is waived', { requirements: requirement('waived'), waivers: [WAIVER] }],
    ['a rule is missing', { requirements: [...requirement('satisfied'), ...requirement('missing')] }],
    ['a rule is unproven', { requirements: [...requirement('satisfied'), ...requirement('unproven')] }],
    ['a rule was not evaluated', { requirements: [...requirement('satisfied'), ...requirement('not-evaluated')] }],
    ['it lists a missing feature', { missingFeatures: ['Root Detection'] }],
    ['it has a finding of level error', { findings: [finding] }],
    ['it rests on no evidence', { evidence: 'none' }],
    ['it has read no certificate', { certificate: { ...passed().certificate, source: 'none' } }],
    ['the run has not ended', { finishedAt: null }],
    ['it names no build', { ids: {} }],
    ['it is a rehearsal', { rehearsal: true }],
    [
      'it is a rehearsal against the pinned server',
      { rehearsal: true, server: 'http://127.0.0.1:8080' },
      { origin: 'http://127.0.0.1:8080' },
    ],
    ['it is of the service itself, and the deploy job is rehearsed', {}, { rehearsal: true }],
    ['it hides that it is a rehearsal', { server: 'http://127.0.0.1:8080' }, { rehearsal: true }],
    ['it is a rehearsal of another file', { rehearsal: true }, { rehearsal: true, sha256: 'd'.repeat(64) }],
    ['it is a rehearsal that is too old', { rehearsal: true }, { rehearsal: true, maxAge: HOUR }],
    [
      'it is a rehearsal bound to no file',
      { rehearsal: true, binding: { level: 'none', message: '' } },
      { rehearsal: true },
    ],
    [
      'it comes from this machine, and hides that it is a rehearsal',
      { server: 'http://127.0.0.1:8080' },
      { origin: 'http://127.0.0.1:8080' },
    ],
    ['it comes from localhost', { server: 'https://localhost' }, { origin: 'https://localhost' }],
    ['it comes from another server', { server: 'https://appdome.example.com' }],
    ['it comes from the service over http', { server: 'http://fusion.appdome.com' }],
    ['it comes from the service, and another one is pinned', {}, { origin: 'https://appdome.example.com' }],
    ['its server is no URL', { server: 'fusion.appdome.com' }],
    ['nobody asked the service', { server: null }],
    ['the file is another one', {}, { sha256: 'd'.repeat(64) }],
    ['the file is the original', {}, { sha256: passed().app?.sha256 ?? '' }],
    ['it is bound to no file', { binding: { level: 'none', message: '' } }],
    ['it is unconfirmed', { binding: { level: 'unconfirmed', message: '', sha256: FINAL } }],
    ['it is bound to a file that it does not name', { binding: { level: 'file', message: '' }, files: [] }],
    [
      'it is bound to one of two apps',
      { binding: { level: 'file', message: '' }, files: [...passed().files, ...passed().files] },
    ],
    ['it is bound at level content to a file that it does not name', { binding: { level: 'content', message: '' } }],
    ['it says service, and holds no answer', { binding: { level: 'service', message: '', sha256: FINAL } }],
    ['it does not say when', { finishedAt: 'yesterday' }],
    ['it comes from the future', { finishedAt: '2026-11-22T12:00:00.000Z' }],
    ['it is too old', {}, { maxAge: HOUR }],
    ['its policy is another one', {}, { policySha256: '0'.repeat(64) }],
  ];
  it.each(refused)('%s, and nothing else', (_, change, asked = {}) => {
    expect(codes(passed(change), asked)).toEqual(['result.refused']);
  });

  const unvalidated: Array<[string, Partial<NonNullable<FusegateResult['validation']>>]> = [
    ['another file was validated', { sha256: FINAL }],
    ['another build was named', { buildId: OTHER_ID }],
  ];
  it.each(unvalidated)('%s', (_, change) => {
    const result = validated({ validation: { ...VALIDATION, ...change } });
    expect(codes(result, { sha256: VALIDATION.sha256 })).toEqual(['result.refused']);
  });

  it('a validated result does not let the sealed file out', () => {
    expect(codes(validated(), { sha256: FINAL })).toEqual(['result.refused']);
  });

  it('names every reason at once, each with what to do', () => {
    const found = verifyResult(
      passed({ rehearsal: true, exitCode: 6, missingFeatures: ['Root Detection'] }),
      demands({ sha256: 'd'.repeat(64), maxAge: HOUR, policySha256: '0'.repeat(64) }),
    );
    expect(found.length).toBeGreaterThanOrEqual(6);
    for (const { message, hint, level } of found) {
      expect(level).toBe('error');
      expect(message).toMatch(/\.$/);
      expect(hint).not.toBe('');
    }
  });
});

describe('the age of a result', () => {
  const made = (offset: number) => passed({ finishedAt: new Date(NOW + offset).toISOString() });
  const messages = (result: FusegateResult, change: Partial<VerifyDemands> = {}) =>
    verifyResult(result, demands(change)).map(({ message }) => message);

  it.each<[string, number, number | undefined, RegExp | undefined]>([
    ['any age, where nobody asks', -1000 * HOUR, undefined, undefined],
    ['as old as it may be', -HOUR, HOUR, undefined],
    ['a millisecond older', -HOUR - 1, HOUR, /too old/u],
    ['a clock that is five minutes ahead', 300_000, undefined, undefined],
    ['a clock that is further ahead', 300_001, undefined, /in the future/u],
  ])('%s', (_, offset, maxAge, why) => {
    const told = messages(made(offset), maxAge === undefined ? {} : { maxAge });
    expect(told).toEqual(why === undefined ? [] : [expect.stringMatching(why)]);
  });
});

describe('the file that a result is bound to', () => {
  const { sha256: _, ...nameless } = passed().binding;
  const other = { role: 'second-output' as const, path: 'other.apk', sha256: 'd'.repeat(64), size: 1 };

  it('is the protected app and no other file', () => {
    const files = [{ ...other }, ...passed().files];
    expect(verifyResult(passed({ binding: nameless, files }), demands())).toEqual([]);
    expect(
      verifyResult(passed({ binding: nameless, files: [other] }), demands()).map(({ message }) => message),
    ).toEqual([expect.stringMatching(/which file it is bound to/u)]);
    expect(verifyResult(passed({ binding: nameless, files: [] }), demands())).toHaveLength(1);
  });

  it('by content is the one that the binding names', () => {
    const content = { ...passed().binding, level: 'content' as const, sha256: FINAL.toUpperCase() };
    expect(verifyResult(passed({ binding: content }), demands())).toEqual([]);
  });

  it('is not confirmed by an answer about no build', () => {
    const nowhere = validated({ ids: {}, validation: { ...VALIDATION, buildId: '' } });
    expect(verifyResult(nowhere, demands({ sha256: VALIDATION.sha256 }))).not.toEqual([]);
  });
});

describe('what time has changed since the judgement', () => {
  const [rule] = passed().requirements;
  const lifted = { ...rule, id: 'feature:other', outcome: 'waived' as const } as FusegateResult['requirements'][number];
  const waived = (change: Partial<FusegateResult['waivers'][number]> = {}) =>
    passed({ requirements: [...passed().requirements, lifted], waivers: [{ ...WAIVER, ...change }] });
  const at = (text: string) => ({ now: Date.parse(text) });

  it.each<[string, FusegateResult, number, boolean]>([
    ['a waiver on its last day, UTC', waived(), Date.parse('2026-11-21T23:59:59.999Z'), true],
    ['a waiver on the next day', waived(), Date.parse('2026-11-22T00:00:00.000Z'), false],
    ['a waiver with a day that is none', waived({ expires: 'soon' }), NOW, false],
    ['no waiver that lifts', passed({ requirements: [...passed().requirements, lifted] }), NOW, false],
    ['a waiver that lifts nothing', waived({ state: 'unused' }), NOW, false],
    [
      'an ended waiver that lifted nothing',
      passed({ waivers: [{ ...WAIVER, state: 'unused' }] }),
      NOW + 900 * HOUR,
      true,
    ],
  ])('%s', (_, result, now, fine) => {
    expect(codes(result, { now })).toEqual(fine ? [] : ['result.refused']);
  });

  it('names the waiver, its end and who decides', () => {
    const [objection] = verifyResult(waived(), demands(at('2026-12-01T00:00:00Z')));
    expect(objection?.message).toMatch(/Proxy Detection.*2026-11-21.*fusegate\.yml:9/u);
    expect(objection?.hint).toContain('mobile-security');
  });

  const DAY = 24 * HOUR;
  const aged = (certificate_created: string | undefined, maxCertificateAgeMs: number | undefined = 30 * DAY) => {
    const base = passed();
    const facts = { ...base.certificate.facts, ...(certificate_created === undefined ? {} : { certificate_created }) };
    const policy = { ...base.policy, ...(maxCertificateAgeMs === undefined ? {} : { maxCertificateAgeMs }) };
    return passed({ certificate: { ...base.certificate, facts }, policy });
  };

  it.each<[string, FusegateResult, boolean]>([
    ['a certificate of yesterday', aged('20-Nov-26, 12:00 UTC'), true],
    ['one that is as old as it may be', aged('22-Oct-26, 12:00 UTC'), true],
    ['one that is a minute older', aged('22-Oct-26, 11:59 UTC'), false],
    ['one that does not say when', aged(undefined), false],
    ['one that says it in another form', aged('2026-11-20'), false],
    ['an old one, where no policy limits it', passed({ certificate: aged('22-Oct-20, 11:59 UTC').certificate }), true],
  ])('%s', (_, result, fine) => {
    expect(codes(result)).toEqual(fine ? [] : ['result.refused']);
  });
});

describe('evidence that is inferred', () => {
  it.each<[FusegateResult['evidence'], boolean | undefined, boolean]>([
    ['verified', undefined, true],
    ['verified', true, true],
    ['inferred', undefined, false],
    ['inferred', false, false],
    ['inferred', true, true],
    ['none', true, false],
  ])('%s, accepted: %j', (evidence, inferred, fine) => {
    expect(codes(passed({ evidence }), { inferred }).length === 0).toBe(fine);
  });
});
