/** The annotations of a run: the whole first, then each rule that is not met, where it was written. */
import { describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/files/output-folder.ts';
import { publishOutputs } from '../../src/jobs/publish-outputs.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import { disabledResult, errorResult, greenResult, manyResult, redResult } from '../report/sample-results.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { RecordingHost } from '../support/recording-host.ts';

async function annotationsOf(result: FusegateResult, detail: 'full' | 'counts' = 'full') {
  const folder = new OutputFolder({ dir: await temporaryFolder(), clock: new FakeClock() });
  const host = new RecordingHost();
  await publishOutputs(host, folder, result, { gate: { detail }, output: { reports: [] } });
  return host.annotations;
}

const fromPolicy = (result: FusegateResult): FusegateResult => ({
  ...result,
  requirements: result.requirements.map((rule, index) => ({ ...rule, source: `security/policy.yml:${index + 3}` })),
});

describe('the annotations', () => {
  it('of a red run are the whole, then each missing protection on its line of the policy', async () => {
    const [whole, ...each] = await annotationsOf(fromPolicy(redResult()));
    expect(whole).toMatchObject({ level: 'error', title: expect.stringMatching(/^Fusegate FAIL/) });
    expect(each).toMatchObject([
      { level: 'error', title: 'Fusegate: Detect Developer Options no listener', file: 'security/policy.yml', line: 4 },
      { level: 'error', title: 'Fusegate: Rate-Limit Connections missing', file: 'security/policy.yml', line: 5 },
    ]);
    expect(each[1]?.message).toContain('looked for rate_limit_connections');
  });

  it('of rules that no file asks for name no file', async () => {
    const [, ...each] = await annotationsOf(redResult());
    expect(each).toHaveLength(2);
    for (const annotation of each) expect(annotation).not.toHaveProperty('file');
  });

  it('do not tell a single missing protection twice, unless a line can be shown', async () => {
    const base = redResult();
    const single = { ...base, requirements: base.requirements.filter(({ outcome }) => outcome !== 'no-listener') };
    expect(await annotationsOf(single)).toHaveLength(1);
    expect(await annotationsOf(fromPolicy(single))).toHaveLength(2);
  });

  it('are warnings where the gate only warns', async () => {
    const levels = (await annotationsOf({ ...redResult(), gate: 'warn', exitCode: 0 })).map(({ level }) => level);
    expect(levels).toEqual(['warning', 'warning', 'warning']);
  });

  it('are at most what a CI system shows, and none of rules that nobody judged', async () => {
    expect((await annotationsOf(manyResult(60))).length).toBeLessThanOrEqual(10);
    const unmet = redResult();
    const many = { ...unmet, requirements: Array.from({ length: 30 }, () => unmet.requirements[2] ?? []).flat() };
    expect(await annotationsOf(many)).toHaveLength(10);
    const unjudged = errorResult().requirements.map((rule) => ({ ...rule, outcome: 'not-evaluated' as const }));
    expect(await annotationsOf({ ...errorResult(), requirements: unjudged })).toHaveLength(1);
  });

  it('are none of a green run, and one of a disabled gate', async () => {
    expect(await annotationsOf(greenResult())).toEqual([]);
    expect(await annotationsOf(disabledResult())).toMatchObject([{ level: 'warning' }]);
  });

  it('name no protection with detail: counts', async () => {
    const text = JSON.stringify(await annotationsOf(fromPolicy(redResult()), 'counts'));
    expect(text).not.toMatch(/root.?detection|rate.?limit|developer.?options/iu);
    expect(text).toContain('Protection 2');
  });
});
