import type { RunRequest } from '@fusegate/shared/model/run-request';
import { Secret } from '@fusegate/shared/model/secret';
import { fingerprintOf } from '@fusegate/shared/pipeline/fingerprint';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../support/pipeline.ts';

const request: RunRequest = {
  mode: 'run',
  server: { url: 'https://fusion.appdome.com', apiKey: new Secret('key-1') },
  fusionSetId: 'SET-1',
  buildLogs: false,
  buildOverrides: {},
  sign: { method: 'on-appdome', keystorePassword: new Secret('p1') },
  gate: { mode: 'enforce', requiredFeatures: [], evidence: 'any', detail: 'full', certificates: [] },
  output: { dir: '/x', secondOutput: false, deobfuscationMap: false, reports: [], publish: [] },
  limits: LIMITS,
  resume: 'auto',
  reuseUpload: true,
  ci: true,
  verbose: false,
};

describe('fingerprintOf', () => {
  const of = (
    more: Partial<RunRequest> = {},
    app: Parameters<typeof fingerprintOf>[1] = { sha256: 's' },
    origin = 'o',
  ) => fingerprintOf({ ...request, ...more }, app, origin);

  it('changes with everything that makes another build', () => {
    const all = [
      of(),
      of({}, { sha256: 't' }),
      of({}, { appId: 's' }),
      of({}, { sha256: 's' }, 'elsewhere'),
      of({ fusionSetId: 'set-2' }),
      of({ server: { ...request.server, teamId: 't' } }),
      of({ buildLogs: true }),
      of({ buildOverrides: { a: 1 } }),
      of({ context: { version: '2' } }),
      of({ sign: { method: 'private' } }),
      of({ sign: { method: 'on-appdome', googlePlaySigning: true } }),
      of({ sign: { method: 'on-appdome', signingFingerprint: 'AA' } }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('does not change with secrets, spelling or limits', () => {
    for (const same of [
      of({ server: { url: 'https://fusion.appdome.com', apiKey: new Secret('key-2'), teamId: 'personal' } }),
      of({ sign: { method: 'on-appdome', keystorePassword: new Secret('p2') } }),
      of({ fusionSetId: 'set-1' }),
      of({ resume: 'never', limits: { ...LIMITS, run: 1 } }),
    ]) {
      expect(same).toBe(of());
    }
  });
});
