import fc from 'fast-check';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { locationOf, relativeUri } from '../../src/report/sarif-location.ts';
import { errorsPageOf } from '../../src/text/errors-page.ts';
import { GREEN_CASES, RED_CASES } from '../policy/no-verdict-cases.ts';
import { anyText } from '../support/any-text.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import {
  disabledResult,
  errorResult,
  filledWith,
  greenResult,
  hostileResult,
  manyResult,
  redResult,
  waivedResult,
} from './sample-results.ts';
import { sarifProblems } from './sarif-constraints.ts';
import { resultOf } from './synthetic-result.ts';

const ROOT = '/builds/acme/app';

function runOf(result: FusegateResult, detail: 'full' | 'counts' = 'full'): Run & { results: Result[] } {
  const text = renderSarif(result, { detail, root: ROOT });
  const log = JSON.parse(text) as Log;
  expect(sarifProblems(log)).toEqual([]);
  expect(commandsIn(text)).toEqual([]);
  const [run] = log.runs;
  if (!run?.results) throw new Error('no run');
  // One check for all: there may be thousands.
  expect(
    run.results.filter(({ ruleIndex, ruleId }) => run.tool.driver.rules?.[ruleIndex ?? -1]?.id !== ruleId),
  ).toEqual([]);
  return { ...run, results: run.results };
}

const fingerprints = (result: FusegateResult) =>
  runOf(result).results.map(({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash);

function fromPolicy(result: FusegateResult, file: string): FusegateResult {
  return {
    ...result,
    policy: { ...result.policy, path: file },
    requirements: result.requirements.map((rule, index) => ({ ...rule, source: `${file}:${index + 3}` })),
  };
}

describe('results', () => {
  it('are the unmet rules, each as an error with what was found and what to do', () => {
    const { results } = runOf(redResult());
    expect(results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      'requirement.feature:detect_developer_options error',
      'requirement.feature:rate_limit_connections error',
      // Proven in In-App Detection, which Appdome does not enforce.
      'finding.feature warning',
    ]);
    expect(results[1]?.message.text).toContain('Rate-Limit Connections');
    expect(results[1]?.message.text).toContain('looked for rate_limit_connections');
    expect(results[1]?.message.text).toContain('What to do: Switch it on');
    expect(results[1]?.suppressions).toBeUndefined();
  });

  it('are none for what holds', () => {
    const green = greenResult();
    const enforced = { ...green, findings: green.findings.filter(({ code }) => code !== 'feature.not-enforced') };
    expect(runOf(enforced).results).toEqual([]);
    expect(runOf(enforced).tool.driver.rules).toEqual([]);
  });

  it('have a rule each that is named by its protection, so that alerts can be told apart', () => {
    const { results, tool } = runOf(redResult());
    expect(new Set(results.map(({ ruleId }) => ruleId)).size).toBe(results.length);
    expect(tool.driver.rules?.map(({ shortDescription }) => shortDescription?.text)).toEqual([
      'Something about a protection needs attention',
      'Detect Developer Options: a required protection is not proven by the certificate',
      'Rate-Limit Connections: a required protection is not proven by the certificate',
    ]);
  });

  it('have a rule each also for findings about one protection, and for names that only signs tell apart', () => {
    const finding = (feature: string) => ({
      code: 'listener.missing',
      level: 'warning' as const,
      feature,
      message: 'a',
      hint: 'b',
    });
    const { tool } = runOf(resultOf({}, { findings: ['Root', 'root', 'R ot', 'R/ot'].map(finding) }));
    expect(new Set(tool.driver.rules?.map(({ id }) => id)).size).toBe(4);
    for (const rule of tool.driver.rules ?? []) expect(rule.id).toMatch(/^finding\.listener:[a-z0-9_.:-]+$/u);
  });

  it('give no next step for a waived rule, in the result and in its rule', () => {
    const { results, tool } = runOf(waivedResult());
    const waived = results.filter(({ suppressions }) => suppressions);
    expect(waived.length).toBeGreaterThan(0);
    for (const { message, ruleId } of waived) {
      const rule = tool.driver.rules?.find(({ id }) => id === ruleId);
      for (const text of [message.text, rule?.fullDescription?.text, rule?.help?.text, rule?.help?.markdown]) {
        expect(text).toBeDefined();
        expect(text).not.toMatch(/What to do|[Ss]witch it on/u);
      }
    }
  });

  it('say of a waived rule that it is suppressed, and why', () => {
    const waived = runOf(waivedResult()).results.filter(({ suppressions }) => suppressions);
    expect(waived).toHaveLength(1);
    expect(waived[0]).toMatchObject({
      level: 'note',
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'QA lab needs it until 3.2 ships; mobile-security, 2026-12-31',
        },
      ],
    });
  });

  it('fail no check where the gate only warns', () => {
    const levels = runOf(waivedResult()).results.map(({ level }) => level);
    expect(levels).not.toContain('error');
    expect(levels).toContain('warning');
  });

  it('keep a warning a warning, and leave notes out', () => {
    const result = resultOf(
      {},
      {
        findings: [
          { code: 'listener.missing', level: 'warning', message: 'a', hint: 'b' },
          { code: 'features.unclaimed', level: 'note', message: 'c', hint: 'd' },
        ],
      },
    );
    expect(runOf(result).results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['finding.listener', 'warning'],
    ]);
  });

  it('are never empty unless the verdict is pass: an empty file would close the alerts of earlier runs', () => {
    const bare = { ...errorResult(), requirements: [], findings: [] };
    const broken = resultOf({}, { exitCode: 2 });
    for (const result of [
      errorResult(),
      bare,
      broken,
      disabledResult(),
      resultOf({}, { verdict: 'fail', exitCode: 6 }),
    ]) {
      expect(runOf(result).results.length).toBeGreaterThan(0);
    }
    expect(runOf(disabledResult()).results).toContainEqual(
      expect.objectContaining({ ruleId: 'finding.no-verdict', level: 'warning' }),
    );
    expect(runOf(bare).results[0]?.level).toBe('error');
  });

  it('stay within what code scanning keeps', () => {
    expect(runOf(filledWith('x', 9000)).results).toHaveLength(5000);
    expect(runOf(manyResult(300)).results.length).toBeGreaterThan(0);
  });
});

describe('where a result points', () => {
  it('is the line of the policy that asked', () => {
    const { results } = runOf(fromPolicy(redResult(), `${ROOT}/security/fusegate policy.yml`));
    expect(results[0]?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'security/fusegate%20policy.yml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 4 },
    });
  });

  it.each([
    ['fusegate.yml:7:3', { uri: 'fusegate.yml', startLine: 7, startColumn: 3 }],
    ['ci/policy.yml:0', { uri: 'ci/policy.yml', startLine: 1 }],
    [`${ROOT}/ci/policy.yml:9`, { uri: 'ci/policy.yml', startLine: 9 }],
    ['../shared/policy.yml:9', { uri: 'shared/policy.yml', startLine: 9 }, `${ROOT}/mobile`],
    ['policy.yml:9', { uri: 'mobile/policy.yml', startLine: 9 }, `${ROOT}/mobile`],
    // Not a line of this repository: the file that is there, without a line that it does not have.
    ['--required-features', { uri: 'Jenkinsfile', startLine: 1 }],
    [undefined, { uri: 'Jenkinsfile', startLine: 1 }],
    ['C:\\a\\policy.yml:9', { uri: 'Jenkinsfile', startLine: 1 }],
    ['/etc/secret/policy.yml:9', { uri: 'Jenkinsfile', startLine: 1 }],
    ['../../x/policy.yml:9', { uri: 'Jenkinsfile', startLine: 1 }],
  ])('%s', (source, expected, cwd = ROOT) => {
    const { physicalLocation } = locationOf(source, { root: ROOT, cwd, file: `${ROOT}/Jenkinsfile` });
    const { uri, ...region } = expected;
    expect(physicalLocation).toEqual({ artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region });
  });

  it('is always one, also for a job without a file', () => {
    const { physicalLocation } = locationOf(undefined, { root: ROOT });
    expect(physicalLocation?.artifactLocation?.uri).toBe('fusegate.yml');
  });

  it('is a relative reference whatever the path', () => {
    fc.assert(
      fc.property(anyText(), (file) => {
        const uri = relativeUri(file, ROOT);
        expect(uri).toMatch(/^[^/\s\\<>"{}|^`#?]+(?:\/[^/\s\\<>"{}|^`#?]+)*$/u);
        expect(uri.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('fingerprints', () => {
  it('stay in another build, at another time, on another line, and when the outcome changes', () => {
    const base = fromPolicy(redResult(), 'fusegate.yml');
    const later = {
      ...base,
      ids: { buildId: '77777777-7777-11f0-8777-777777777777' },
      startedAt: '2027-01-01T00:00:00.000Z',
      finishedAt: '2027-01-01T00:00:00.000Z',
      app: { ...base.app, version: '9.9.9', sha256: 'f'.repeat(64), size: 3 },
      requirements: base.requirements.map((rule) => ({
        ...rule,
        source: 'fusegate.yml:99',
        message: 'other words',
        ...(rule.outcome === 'satisfied' ? {} : { outcome: 'unproven' as const }),
      })),
    };
    expect(fingerprints(later)).toEqual(fingerprints(base));
    expect(new Set(fingerprints(base)).size).toBe(3);
  });

  it('are the same for a rule that is waived', () => {
    const red = runOf(redResult()).results[0];
    const waived = runOf(waivedResult()).results.find(({ suppressions }) => suppressions);
    expect(waived?.partialFingerprints).toEqual(red?.partialFingerprints);
    expect(waived?.ruleId).toBe(red?.ruleId);
  });

  it('differ between apps, and between two findings of one kind', () => {
    const base = redResult();
    const other = { ...base, app: { ...base.app, bundleId: 'com.example.other' } };
    expect(fingerprints(other)).not.toEqual(fingerprints(base));
    expect(runOf(other).automationDetails?.id).not.toBe(runOf(base).automationDetails?.id);
    const finding = { code: 'identity.mismatch', level: 'error' as const, message: 'a', hint: 'b' };
    const twice = resultOf({}, { verdict: 'error', exitCode: 8, findings: [finding, { ...finding, message: 'c' }] });
    expect(new Set(fingerprints(twice)).size).toBe(2);
  });

  it('tell nothing of a name that is withheld', () => {
    const named = (name: string) => {
      const base = redResult();
      return runOf({ ...base, requirements: base.requirements.map((rule) => ({ ...rule, id: name })) }, 'counts');
    };
    expect(JSON.stringify(named('feature:root_detection'))).toBe(JSON.stringify(named('feature:other')));
    expect(JSON.stringify(runOf(redResult(), 'counts'))).not.toMatch(
      /root.?detection|rate.?limit|developer.?options/iu,
    );
  });
});

describe('the run', () => {
  it('names the page where each rule and code is explained', () => {
    const rules = (result: FusegateResult) => runOf(result).tool.driver.rules ?? [];
    for (const { help } of [...rules(redResult()), ...rules(errorResult())]) {
      expect(help?.text).toMatch(/ docs\/errors\.md(#[a-z-]+)?$/u);
    }
    const [requirement] = rules(redResult()).filter(({ id }) => id.startsWith('requirement.'));
    expect(requirement?.help?.text).toContain('docs/errors.md#feature');
    const coded = runOf(errorResult()).results.filter(({ properties }) => properties?.['code'] !== undefined);
    expect(coded.length).toBeGreaterThan(0);
    for (const { properties } of coded) expect(properties?.['help']).toBe(errorsPageOf(properties?.['code']));
  });

  it('without a finding has the code of its verdict, which is explained too', () => {
    const [alert] = runOf({ ...errorResult(), requirements: [], findings: [] }).results;
    expect(alert?.properties).toMatchObject({ code: 'verdict.error', help: 'docs/errors.md#verdict-error' });
  });

  it('says that it was a rehearsal, and how it ended', () => {
    expect(runOf(errorResult())).toMatchObject({
      invocations: [{ executionSuccessful: false, exitCode: 8, startTimeUtc: '2026-11-21T10:00:00.000Z' }],
      properties: { rehearsal: true, verdict: 'error', origin: expect.stringMatching(/^REHEARSAL/u) },
    });
    expect(runOf(redResult())).toMatchObject({
      invocations: [{ executionSuccessful: true, exitCode: 6 }],
      properties: { rehearsal: false, verdict: 'fail' },
    });
  });

  it.each([...RED_CASES, ...GREEN_CASES])('is well-formed for: $what', (given) => {
    runOf(resultOf(given));
  });

  it.each([...HOSTILE_TEXTS, '[x](https://evil.example)', '{0} {1}', '\\[a\\]'])('holds %j as text', (text) => {
    const { results } = runOf(filledWith(`x ${text}`));
    for (const { message } of results) {
      expect(message.text).not.toMatch(/(?<!\\)(?:\\\\)*\[[^\]]*\]\(/u);
      expect(message.text).not.toMatch(/\{\d+\}/u);
    }
  });

  it('is well-formed for any text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        runOf(filledWith(text));
      }),
      { numRuns: 200 },
    );
    runOf(hostileResult());
  });
});
