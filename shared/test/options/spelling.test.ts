import { respelled } from '@fusegate/shared/options/spelling';
import { describe, expect, it } from 'vitest';

describe('our own sentences', () => {
  const text =
    'Run with build-id 1, or raise stall-timeout; `fusegate gate --build-id 1` stays, and so does rebuild-id.';

  it.each([
    ['cli', /^Run with --build-id 1, or raise --stall-timeout;/],
    ['github', /^Run with build-id 1, or raise stall-timeout;/],
    ['azure', /^Run with buildId 1, or raise stallTimeout;/],
    ['bitrise', /^Run with build_id 1, or raise stall_timeout;/],
  ] as const)('name options as %s does', (system, expected) => {
    const spelt = respelled(text, system);
    expect(spelt).toMatch(expected);
    expect(spelt).toContain('`fusegate gate --build-id 1` stays, and so does rebuild-id.');
    expect(respelled(spelt, system)).toBe(spelt);
  });
});
