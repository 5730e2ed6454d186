import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { attestationOf, type Statement } from '../../src/report/in-toto.ts';
import { RED_CASES } from '../policy/no-verdict-cases.ts';
import { FINAL, json, pdf } from '../policy/synthetic-evidence.ts';
import { filledWith, greenResult, redResult } from './sample-results.ts';
import { resultOf } from './synthetic-result.ts';

const SIGNED_PRIVATELY = json({ facts: { sign_type: 'PrivateSigning' } });

function statementOf(result: FusegateResult): Statement {
  const attestation = attestationOf(result);
  if ('refused' in attestation) throw new Error(attestation.refused);
  return attestation.statement;
}

describe('the statement', () => {
  it('of a pass names the file by its digest and says PASSED', () => {
    const result = greenResult();
    expect(statementOf(result)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'app.apk', digest: { sha256: FINAL } }],
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate: {
        verifier: { id: 'urn:fusegate:gate', version: { fusegate: '0.1.0' } },
        timeVerified: '2026-11-21T10:05:00.000Z',
        resourceUri: 'pkg:generic/com.example.synthetic@1.2.3?platform=android',
        policy: { uri: `urn:fusegate:policy:${result.policy.sha256}`, digest: { sha256: result.policy.sha256 } },
        inputAttestations: [
          { uri: `urn:fusegate:certificate:pdf:${'d'.repeat(64)}`, digest: { sha256: 'd'.repeat(64) } },
          { uri: `urn:fusegate:certificate:json:${'e'.repeat(64)}`, digest: { sha256: 'e'.repeat(64) } },
        ],
        verificationResult: 'PASSED',
        verifiedLevels: ['APPDOME_CERTIFIED_SECURE'],
        'urn:fusegate:verdict': {
          binding: 'file',
          evidence: 'verified',
          gate: 'enforce',
          server: 'https://fusion.appdome.com',
          transport: {},
          buildId: result.ids.buildId,
          fusionSetId: result.ids.fusionSetId,
          appId: result.ids.appId,
          required: 3,
          waived: 0,
          accepted: 0,
        },
      },
    });
  });

  it('of a fail says FAILED of the app that was held back', () => {
    const { subject, predicate } = statementOf(redResult());
    expect(subject).toEqual([{ name: 'app.apk', digest: { sha256: FINAL } }]);
    expect(predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
  });

  it('of a certificate that the service gave for a file at hand is about that file', () => {
    const gated = resultOf({}, { mode: 'gate', files: [], app: { path: '/a/ship.apk', sha256: FINAL } });
    expect(statementOf(gated).subject).toEqual([{ name: 'ship.apk', digest: { sha256: FINAL } }]);
    expect(statementOf(gated).predicate.resourceUri).toBe(`urn:sha256:${FINAL}`);
  });

  it('of an app that its owner signed is about the signed file', () => {
    const signed = 'c'.repeat(64);
    const base = resultOf({ json: SIGNED_PRIVATELY, expect: { sign: 'private' } });
    const result: FusegateResult = {
      ...base,
      mode: 'validate',
      files: [...base.files, { role: 'signed-app', path: '/b/signed.aab', sha256: signed, size: 5 }],
      binding: { level: 'service', message: 'checked', sha256: signed },
      validation: {
        id: 'v',
        buildId: base.ids.buildId ?? '',
        message: 'This app is signed correctly',
        sha256: signed,
        size: 5,
        at: '2026-11-22T08:00:00.000Z',
        transport: {},
      },
    };
    expect(statementOf(result).subject).toEqual([{ name: 'signed.aab', digest: { sha256: signed } }]);
    expect(statementOf(result).predicate['urn:fusegate:verdict']).toMatchObject({
      binding: 'service',
      validatedAt: '2026-11-22T08:00:00.000Z',
    });
  });

  const bound = (binding: FusegateResult['binding']) => resultOf({}, { binding });
  const REFUSED: Array<[string, FusegateResult, RegExp]> = [
    ['a rehearsal', resultOf({}, { rehearsal: true }), /rehearsal/u],
    ['a certificate from a file', resultOf({}, { server: null }), /given as a file/u],
    ['gate: warn', resultOf({ expect: { gate: 'warn' } }), /not enforced/u],
    ['gate: disabled', resultOf({ expect: { gate: 'disabled' } }), /not enforced/u],
    ['an error', resultOf({}, { verdict: 'error', exitCode: 8 }), /no verdict/u],
    ['a pass beside a red exit', resultOf({}, { exitCode: 4 }), /no verdict/u],
    ['a fail beside a green exit', resultOf({}, { verdict: 'fail' }), /no verdict/u],
    ['private signing', resultOf({ json: SIGNED_PRIVATELY, expect: { sign: 'private' } }), /binding: unconfirmed/u],
    ['an SDK', resultOf({ expect: { kind: 'aar' } }), /binding: none/u],
    ['a bound file without a digest', bound({ level: 'file', message: 'x' }), /no file/u],
    ['a digest that is none', bound({ level: 'file', message: 'x', sha256: 'x' }), /no file/u],
    ['no certificate', resultOf({}, { certificate: { ...resultOf().certificate, sha256: {} } }), /no certificate/u],
    ['a policy without a digest', resultOf({}, { policy: { sha256: 'x', resolved: {} } }), /policy/u],
    ['a run that has not ended', resultOf({}, { finishedAt: null }), /not ended/u],
  ];

  it.each(REFUSED)('is refused for %s, with the reason', (_, result, reason) => {
    expect(attestationOf(result)).toEqual({ refused: expect.stringMatching(reason) });
  });

  it.each(RED_CASES)('never says PASSED of: $what', (given) => {
    expect(JSON.stringify(attestationOf(resultOf(given)))).not.toContain('PASSED');
  });

  it('holds no name of a protection, of a user, or of a path', () => {
    const text = JSON.stringify(statementOf(resultOf({ pdf: pdf({ lines: ['root_detection'] }), json: json() })));
    expect(text).not.toMatch(/root_detection|CN=|out\//u);
  });

  it('escapes what it puts into an address', () => {
    const hostile = filledWith('a/b?c#d @e');
    const result = { ...greenResult(), app: hostile.app };
    expect(statementOf(result as FusegateResult).predicate.resourceUri).toBe(
      'pkg:generic/a%2Fb%3Fc%23d%20%40e@a%2Fb%3Fc%23d%20%40e',
    );
  });
});
