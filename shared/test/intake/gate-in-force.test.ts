import { describe, expect, it } from 'vitest';
import { gateInForce } from '../../src/intake/gate-in-force.ts';
import type { GateMode } from '../../src/model/run-request.ts';

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
    const asked = option === undefined ? { mode: 'enforce' as const } : { mode: option, setBy: BY };
    const found = gateInForce(asked, policy && pinned(policy));
    expect(found.mode).toBe(mode);
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
    const options = parseOptions({ inputs }, environment, 'cli');
    const files = await inspectFiles(options, '/');
    const { request } = buildRequest(options, files, { cwd: '/', inCi: false, withheld: undefined });
    expect(request.gate.mode).toBe(mode);
    expect(request.gate.setBy).toBe(setBy);
  });
});
