import { describe, expect, it } from 'vitest';
import { evidenceInForce, gateInForce } from '../../src/intake/gate-in-force.ts';
import type { EvidenceMode, GateMode } from '../../src/model/run-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';

const BY = 'the environment variable FUSEGATE_GATE';
const pinned = (value: GateMode) => ({ value, source: 'p.yml:3', place: 'p.yml:3:1' });

describe('the gate that counts', () => {
  it.each<[GateMode | undefined, GateMode | undefined, GateMode, 'option' | 'policy' | 'default', boolean]>([
    [undefined, undefined, 'enforce', 'default', false],
    ['disabled', undefined, 'disabled', 'option', false],
    ['warn', undefined, 'warn', 'option', false],
    [undefined, 'warn', 'warn', 'policy', false],
    [undefined, 'enforce', 'enforce', 'policy', false],
    ['disabled', 'enforce', 'enforce', 'policy', true],
    ['warn', 'enforce', 'enforce', 'policy', true],
    ['disabled', 'warn', 'warn', 'policy', true],
    ['enforce', 'warn', 'enforce', 'option', false],
    ['enforce', 'disabled', 'enforce', 'option', false],
    ['warn', 'disabled', 'warn', 'option', false],
    ['enforce', 'enforce', 'enforce', 'option', false],
  ])('option %s, policy %s: %s by the %s', (option, policy, mode, by, overruled) => {
    const asked = option === undefined ? { value: 'enforce' as const } : { value: option, setBy: BY };
    const found = gateInForce(asked, policy && pinned(policy));
    expect(found.value).toBe(mode);
    expect(found.setBy).toBe({ option: BY, policy: 'the policy (p.yml:3)', default: undefined }[by]);
    if (overruled) expect(found.overruled).toMatch(/FUSEGATE_GATE.*p\.yml:3/u);
    else expect(found).not.toHaveProperty('overruled');
  });

  it.each([
    [{ gate: 'warn' }, {}, 'warn', 'the option --gate'],
    [{}, { FUSEGATE_GATE: 'disabled' }, 'disabled', BY],
    [{ gate: 'enforce' }, { FUSEGATE_GATE: 'disabled' }, 'enforce', 'the option --gate'],
    [{}, {}, 'enforce', undefined],
  ])('%j and %j: %s, set by %s', async (values, environment, mode, setBy) => {
    const inputs = Object.entries({ mode: 'gate', certificate: 'absent.pdf', ...values }).map(([name, value]) => ({
      name,
      value,
    }));
    // Told of nothing but the gate: the certificate is not there.
    const { parseOptions } = await import('../../src/options/parse-options.ts');
    const { buildRequest } = await import('../../src/intake/build-request.ts');
    const { inspectFiles } = await import('../../src/intake/inspect-files.ts');
    const options = parseOptions({ inputs }, environment, CLI);
    const files = await inspectFiles(options, '/');
    const { request } = buildRequest(options, files, { cwd: '/', inCi: false, withheld: undefined });
    expect(request.gate.mode).toBe(mode);
    expect(request.gate.setBy).toBe(setBy);
  });
});

describe('the evidence that counts', () => {
  const ASKED_BY = 'the environment variable FUSEGATE_EVIDENCE';
  const declared = <T>(value: T, line: number) => ({ value, source: `p.yml:${line}`, place: `p.yml:${line}:1` });
  const POLICIES = {
    open: { locked: false },
    locked: { locked: true },
    enforce: { locked: false, gate: declared('enforce' as const, 3) },
    warn: { locked: false, gate: declared('warn' as const, 3) },
    any: { locked: true, gate: declared('enforce' as const, 3), evidence: declared('any' as const, 4) },
    pdf: { locked: false, evidence: declared('pdf' as const, 4) },
    json: { locked: false, evidence: declared('json' as const, 4) },
    both: { locked: false, evidence: declared('both' as const, 4) },
  };
  type Row = [EvidenceMode | undefined, keyof typeof POLICIES | 'none', EvidenceMode, string | undefined, RegExp?];
  it.each<Row>([
    [undefined, 'none', 'pdf', undefined],
    [undefined, 'open', 'pdf', undefined],
    [undefined, 'locked', 'pdf', undefined],
    [undefined, 'enforce', 'pdf', undefined],
    [undefined, 'any', 'any', 'the policy (p.yml:4)'],
    [undefined, 'both', 'both', 'the policy (p.yml:4)'],
    ['any', 'none', 'any', ASKED_BY],
    ['any', 'open', 'any', ASKED_BY],
    ['json', 'open', 'json', ASKED_BY],
    ['any', 'any', 'any', ASKED_BY],
    ['both', 'locked', 'both', ASKED_BY],
    ['pdf', 'enforce', 'pdf', ASKED_BY],
    ['both', 'pdf', 'both', ASKED_BY],
    ['any', 'locked', 'pdf', 'the policy (p.yml)', /any, set by .*FUSEGATE_EVIDENCE.*locked \(p\.yml\).*pdf/u],
    ['json', 'locked', 'both', 'the policy (p.yml)', /json, set by .*locked.*both holds/u],
    ['any', 'enforce', 'pdf', 'the policy (p.yml:3)', /any, set by .*pins gate enforce \(p\.yml:3\).*pdf/u],
    ['any', 'warn', 'pdf', 'the policy (p.yml:3)', /any, set by .*pins gate warn/u],
    ['any', 'pdf', 'pdf', 'the policy (p.yml:4)', /any, set by .*asks for evidence pdf \(p\.yml:4\)/u],
    ['any', 'json', 'json', 'the policy (p.yml:4)', /asks for evidence json/u],
    ['pdf', 'json', 'both', 'the policy (p.yml:4)', /pdf, set by .*both holds/u],
    ['pdf', 'both', 'both', 'the policy (p.yml:4)', /asks for evidence both/u],
  ])('asked %s, policy %s: %s by %s', (asked, policy, value, setBy, overruled) => {
    const found = evidenceInForce(
      asked === undefined ? { value: 'pdf' } : { value: asked, setBy: ASKED_BY },
      policy === 'none' ? undefined : { path: 'p.yml', ...POLICIES[policy] },
    );
    expect(found).toMatchObject({ value });
    expect(found.setBy).toBe(setBy);
    if (overruled) expect(found.overruled).toMatch(overruled);
    else expect(found).not.toHaveProperty('overruled');
  });
});
