import { respelled } from '@fusegate/shared/options/spelling';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { describe, expect, it } from 'vitest';

describe('our own sentences', () => {
  const text =
    'Run with build-id 1, or raise stall-timeout; `fusegate gate --build-id 1` stays, and so does rebuild-id.';

  it.each([
    [CLI, /^Run with --build-id 1, or raise --stall-timeout;/],
    [GITHUB, /^Run with build-id 1, or raise stall-timeout;/],
    [AZURE, /^Run with buildId 1, or raise stallTimeout;/],
    [BITRISE, /^Run with build_id 1, or raise stall_timeout;/],
  ] as const)('name options as $0.id does', (system, expected) => {
    const spelt = respelled(text, system);
    expect(spelt).toMatch(expected);
    expect(spelt).toContain('`fusegate gate --build-id 1` stays, and so does rebuild-id.');
    expect(respelled(spelt, system)).toBe(spelt);
  });
});
