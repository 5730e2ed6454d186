import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportedRequirement } from '../../src/report/describe.ts';
import { countsSentence, headline, judgeAgain, judgeAgainCommand } from '../../src/report/describe.ts';
import { attestationOf } from '../../src/report/in-toto.ts';
import { BLOCK_LIMIT, renderVerdictBlock } from '../../src/report/red-block.ts';
import { errorsPageSentence } from '../../src/text/errors-page.ts';
import { json, pdf, unknownJson } from '../policy/synthetic-evidence.ts';
import { anyText } from '../support/any-text.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { resultOf } from './synthetic-result.ts';

describe('the block of a red run', () => {
  it('reads so', () => {
    const result = resultOf({
      require: ['Root Detection', 'Rate-Limit Connections', 'Detect Developer Options'],
      pdf: pdf({
        lines: [
          'root_detection',
          'developer_options_detection',
          { name: 'Detect Developer Options', role: 'intelligence', mode: 'In-App Detection' },
          'openssl',
        ],
        listeners: ['DeveloperOptionsEnabled'],
      }),
      json: unknownJson(),
    });
    expect(renderVerdictBlock(result)).toEqual([
      'Fusegate FAIL: 2 of 3 required protections not met',
      'App: Synthetic 1.2.3 (com.example.synthetic), android',
      expect.stringMatching(
        /^- no listener: Detect Developer Options .*DeveloperOptionsEnabled; see pdf page 1 at 213,101 "developer_options_detection"; .* \[--required-features\]$/u,
      ),
      expect.stringMatching(
        /^- missing: Rate-Limit Connections .*; looked for rate_limit_connections \[--required-features\]$/u,
      ),
      expect.stringMatching(/^Fix: /u),
      expect.stringMatching(/^Fix: /u),
      `Evidence: verified layout, PDF sha256 dddddddddddd, JSON sha256 eeeeeeeeeeee; policy sha256 ${result.policy.sha256.slice(0, 12)}`,
      'Build: 11111111-1111-11f0-8111-111111111111; Fusion Set: 22222222-2222-11f0-8222-222222222222',
      'Protected app: held back in out/rejected/app.apk',
      "If you change only the policy, judge this build again: fusegate gate --build-id 11111111-1111-11f0-8111-111111111111 --fusion-set-id 22222222-2222-11f0-8222-222222222222 --required-features 'Detect Developer Options,Rate-Limit Connections,Root Detection'",
      expect.stringMatching(/docs\/errors\.md#feature-no-listener$/u),
    ]);
  });

  it('names the rule by its file, line and id, the waivers, and what else the verdict rests on', () => {
    const base = resultOf({
      require: ['Root Detection', 'Proxy Detection', 'Detect Developer Options'],
      json: unknownJson(),
    });
    const waiver = { features: ['Proxy Detection'], owner: 'mobile-security', reason: 'QA lab', source: 'p.yml:9' };
    const block = renderVerdictBlock({
      ...base,
      gate: 'warn',
      gateSetBy: 'the environment variable FUSEGATE_GATE',
      exitCode: 0,
      transport: { proxy: 'http://proxy.example:3128', caSha256: 'c'.repeat(64) },
      requirements: base.requirements.map((rule) => ({
        ...rule,
        source: 'p.yml:4',
        reference: { id: 'MASVS-RESILIENCE-1', reason: 'incident' },
      })),
      findings: [
        ...base.findings,
        { code: 'policy.alias-used', level: 'note', message: 'An alias proves X', hint: 'None.' },
      ],
      waivers: [
        { ...waiver, expires: '2026-12-31', state: 'active', ticket: 'SEC-1412' },
        { ...waiver, features: ['Old'], expires: '2026-01-31', state: 'expired' },
        { ...waiver, features: ['Nothing'], expires: '2026-12-31', state: 'orphan' },
        { ...waiver, features: ['Quiet'], expires: '2026-12-31', state: 'unused' },
      ],
      accepted: [{ kind: 'heading', text: 'New Section', document: 'pdf', where: 'page 1 at 64,900' }],
    });
    expect(block.length).toBeLessThanOrEqual(BLOCK_LIMIT);
    const text = block.join('\n');
    for (const said of [
      '[p.yml:4, MASVS-RESILIENCE-1: incident]',
      'active: Proxy Detection (mobile-security, SEC-1412, until 2026-12-31)',
      'expired: Old',
      'orphan: Nothing',
      'heading "New Section"',
      'http://proxy.example:3128',
      'sha256 cccccccccccc',
      'set by the environment variable FUSEGATE_GATE',
      '[policy.alias-used]',
      'judge this build again',
    ])
      expect(text).toContain(said);
    expect(text).not.toContain('Quiet');
  });

  it('counts the next steps that it leaves out', () => {
    const base = resultOf({ require: ['key: a', 'key: b', 'key: c', 'key: d', 'key: e'], json: unknownJson() });
    const fixes = (count: number) =>
      renderVerdictBlock({
        ...base,
        findings: [],
        requirements: base.requirements.slice(0, count).map((rule, at) => ({ ...rule, hint: `Do ${at}.` })),
      }).filter((line) => line.startsWith('Fix: '));
    expect(fixes(3)).toEqual(['Fix: Do 0.', 'Fix: Do 1.', 'Fix: Do 2.']);
    for (const count of [4, 5]) {
      const shown = fixes(count);
      expect(shown.join(' ')).not.toContain(`Do ${count - 1}.`);
      expect(shown.at(-1)).toMatch(new RegExp(`And ${count - shown.length} more`, 'u'));
    }
  });

  it('keeps room for what is wrong, however much there is besides', () => {
    const names = Array.from({ length: 20 }, (_, index) => `key: absent_${index}`);
    const waiver = { features: ['A'], owner: 'o', reason: 'r', expires: '2026-12-31', source: 'p.yml:1' };
    const base = resultOf({ require: names, json: unknownJson() });
    const block = renderVerdictBlock({
      ...base,
      gate: 'warn',
      server: 'https://gateway.example',
      transport: { proxy: 'http://p:1' },
      waivers: [{ ...waiver, state: 'active' }],
      accepted: [{ kind: 'text', text: 't', document: 'pdf', where: 'w' }],
      requirements: base.requirements.map((rule, index) => ({ ...rule, hint: `do ${index}` })),
    });
    expect(block).toHaveLength(BLOCK_LIMIT);
    expect(block.filter((line) => line.startsWith('- missing: ')).length).toBeGreaterThanOrEqual(2);
    expect(block.some((line) => line.startsWith('Fix: '))).toBe(true);
  });

  it('asks again for what an option added to a policy file', () => {
    const result = resultOf({ require: ['Root Detection', 'Rate-Limit Connections'] });
    const path = 'security/policy.yml';
    const requirements = result.requirements.map((rule, index) =>
      index === 0 ? rule : { ...rule, source: `${path}:3` },
    );
    const [asked, inFile] = requirements;
    const command = judgeAgainCommand({ ...result, requirements, policy: { ...result.policy, path } });
    expect(command).toContain(`--policy ${path} --required-features '${asked?.requirement}'`);
    expect(command).not.toContain(inFile?.requirement);
  });

  it('offers no judgement that can only end without a verdict: nobody looks into the app again', () => {
    const result = resultOf({ require: ['Root Detection', 'Rate-Limit Connections'], json: unknownJson() });
    const command = (rule: Partial<ReportedRequirement>) => {
      const [first, ...others] = result.requirements;
      return judgeAgain({ ...result, requirements: [{ ...(first as ReportedRequirement), ...rule }, ...others] });
    };
    expect(command({ rule: 'app-listens' })).toBeUndefined();
    for (const rule of [{ rule: 'app-listens', severity: 'warning' }, { rule: 'listener' }] as const)
      expect(command(rule)?.command).toMatch(/^fusegate gate/u);
  });

  it('says the same number as the count of the requirements, also of those that were not judged', () => {
    const base = resultOf({ require: ['Root Detection', 'Proxy Detection', 'key: absent_0'], json: unknownJson() });
    const requirements = base.requirements.map((rule) =>
      rule.outcome === 'satisfied' ? { ...rule, outcome: 'not-evaluated' as const } : rule,
    );
    const result = { ...base, requirements };
    expect(headline(result)).toBe('FAIL: 2 of 3 required protections not met, 1 not judged');
    expect(countsSentence(result)).toBe('2 of 3 not met; 1 not judged');
  });

  it('says once what stopped a run before any requirement was judged', () => {
    const base = resultOf({ require: ['Root Detection'], json: unknownJson() });
    const message = 'The app does not listen for RootedDevice. Nothing was uploaded';
    const result = {
      ...base,
      verdict: 'fail' as const,
      exitCode: 6,
      requirements: base.requirements.map((rule) => ({ ...rule, outcome: 'not-evaluated' as const })),
      findings: [{ code: 'listener.not-found', level: 'error' as const, message, hint: 'Add it.' }],
    };
    expect(headline(result)).toBe(`FAIL: ${message}`);
    expect(renderVerdictBlock(result).join('\n').split(message)).toHaveLength(2);
    expect(renderVerdictBlock(result).join('\n')).toMatch(/^- not judged: Root Detection/mu);
  });

  it('names no certificate authority of a run without TLS, and still its proxy', () => {
    const transport = { proxy: 'http://proxy.example:3128', extraCaSha256: 'c'.repeat(64) };
    const block = (server: string) => renderVerdictBlock(resultOf({}, { server, transport })).join('\n');
    expect(block('https://appdome.example.com')).toMatch(/proxy\.example.*NODE_EXTRA_CA_CERTS/u);
    expect(block('http://127.0.0.1:4000')).toMatch(/proxy\.example/u);
    expect(block('http://127.0.0.1:4000')).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  it.each([
    ['before certificates were asked for', [], undefined],
    ['after that', [{ name: 'certify', startedAt: '', durationMs: 1, requests: 1 }], 'Judge again'],
  ])('an error %s', (_, stages, said) => {
    const result = resultOf({
      json: json({ lines: [{ name: 'root_detection', presence: 'absent', value: 'false' }] }),
    });
    const block = renderVerdictBlock({ ...result, stages }).join('\n');
    if (said === undefined) expect(block).not.toContain('Judge again');
    else expect(block).toContain(said);
  });

  it('says where two certificates differ', () => {
    const result = resultOf({
      json: json({ lines: [{ name: 'root_detection', presence: 'absent', value: 'false' }] }),
    });
    expect(renderVerdictBlock(result)[0]).toMatch(
      /^Fusegate ERROR: .*Root Detection \(page 1 at 213,100\).*\(\$\.x\[100\]\) \[certificate\.disagreement\]$/u,
    );
  });

  it('names the page of a code, once, and only where it is red', () => {
    const page = (lines: string[]) => lines.filter((line) => line.includes('docs/errors.md'));
    expect(page(renderVerdictBlock(resultOf({})))).toEqual([]);
    const mixed = resultOf({ require: ['key: absent_00', 'key: absent_01'], json: unknownJson() });
    expect(page(renderVerdictBlock(mixed))).toEqual([errorsPageSentence('feature.missing')]);
    const strange = mixed.findings.map((finding) => ({ ...finding, code: 'not a code' }));
    expect(page(renderVerdictBlock({ ...mixed, findings: strange }))).toEqual([errorsPageSentence('')]);
    expect(page(renderVerdictBlock({ ...mixed, findings: [] }))).toEqual([]);
  });

  it('counts what does not fit', () => {
    const names = Array.from({ length: 40 }, (_, index) => `key: absent_${String(index).padStart(2, '0')}`);
    const block = renderVerdictBlock(resultOf({ require: names, json: unknownJson() }));
    expect(block).toHaveLength(BLOCK_LIMIT);
    const shown = block.filter((line) => line.startsWith('- missing: ')).length;
    expect(block).toContain(`- and ${40 - shown} more, all of them in fusegate-result.json`);
    expect(block.at(-2)).toContain('absent_39');
  });

  it('gives the command for certificate files where there is no build', () => {
    const result = resultOf(
      { require: ['Proxy Detection'] },
      {
        ids: {},
        mode: 'gate',
        files: [{ role: 'certificate-pdf', path: "it's here/a b.pdf", sha256: 'd'.repeat(64), size: 1 }],
      },
    );
    expect(renderVerdictBlock(result).at(-2)).toContain(
      "fusegate gate --certificate 'it'\\''s here/a b.pdf' --required-features 'Proxy Detection'",
    );
  });

  it('is short and harmless whatever the result holds', () => {
    const foreign = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), anyText(), fc.constant('x\n'.repeat(50)));
    fc.assert(
      fc.property(fc.array(foreign, { minLength: 8, maxLength: 8 }), fc.boolean(), (texts, green) => {
        const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = texts;
        const base = resultOf(green ? {} : { require: ['Root Detection', 'Proxy Detection'] });
        const block = renderVerdictBlock({
          ...base,
          server: a,
          rehearsal: true,
          app: { path: b, name: c, bundleId: d, version: e },
          ids: { buildId: f, fusionSetId: g },
          files: base.files.map((file) => ({ ...file, path: h })),
          requirements: base.requirements.map((rule) => ({
            ...rule,
            message: a,
            requirement: b,
            lookedFor: [c],
            source: d,
          })),
          findings: base.findings.map((finding) => ({ ...finding, message: e, hint: f })),
        });
        expect(block.length).toBeLessThanOrEqual(BLOCK_LIMIT);
        expect(commandsIn(block.join('\n'))).toEqual([]);
        expect(block.every((line) => !/[\r\n]/u.test(line))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('a green block is short and carries its warnings', () => {
  const block = renderVerdictBlock(
    resultOf({ pdf: pdf({ listeners: ['DeveloperOptionsEnabled'] }), json: unknownJson() }),
  );
  expect(block).toEqual([
    'Fusegate PASS: 1 required protection proven',
    'App: Synthetic 1.2.3 (com.example.synthetic), android',
    expect.stringMatching(/^- warning: .*: DeveloperOptionsEnabled\. .* \[listener\.missing\]$/u),
    expect.stringMatching(/^- note: .*build_id: string, stuff: object \[certificate\.json-shape-unknown\]$/u),
    expect.stringMatching(
      /^Evidence: verified layout, PDF sha256 d{12}, JSON sha256 e{12}; policy sha256 [0-9a-f]{12}$/u,
    ),
    'Build: 11111111-1111-11f0-8111-111111111111; Fusion Set: 22222222-2222-11f0-8222-222222222222',
    `Protected app: out/app.apk (sha256 ${'b'.repeat(64)})`,
  ]);
});

it('a green block names what is waived before its warnings, and the rehearsal once', () => {
  const result = resultOf({ pdf: pdf({ listeners: ['DeveloperOptionsEnabled'] }), json: unknownJson() });
  const [rule] = result.requirements;
  const server = 'http://127.0.0.1:8080';
  const block = renderVerdictBlock({
    ...result,
    server,
    rehearsal: true,
    requirements: [
      ...result.requirements,
      {
        ...(rule as ReportedRequirement),
        requirement: 'Proxy Detection',
        outcome: 'waived',
        waivedBy: 'qa until 2026-12-31: lab [p.yml:4]',
      },
    ],
    findings: [
      ...result.findings,
      { code: 'server.rehearsal', level: 'warning', message: `This was a rehearsal: ${server}`, hint: 'None.' },
    ],
  });
  expect(block[0]).toBe('Fusegate PASS: 1 required protection proven, 1 waived');
  expect(block[3]).toBe('- waived: Proxy Detection, by qa until 2026-12-31: lab [p.yml:4]');
  expect(block[4]).toMatch(/^- warning: /u);
  expect(block.filter((line) => /rehears/iu.test(line))).toHaveLength(1);
});

describe('the headline beside a baseline', () => {
  const row = (id: string, outcome: ReportedRequirement['outcome']): ReportedRequirement => ({
    id,
    rule: 'baseline',
    requirement: id,
    feature: null,
    reference: {},
    severity: 'error',
    outcome,
    evidence: [],
    lookedFor: [],
    source: 'last.pdf',
    message: `${id} ${outcome}`,
  });
  const withRows = (require: string[], ...rows: ReportedRequirement[]) => {
    const result = resultOf({ require });
    const lost = rows.some(({ outcome }) => outcome !== 'satisfied');
    const requirements = [...result.requirements, ...rows];
    return { ...result, requirements, ...(lost ? { verdict: 'fail' as const, exitCode: 6 } : {}) };
  };

  it.each([
    [['Root Detection'], [row('baseline', 'satisfied')], 'PASS: 1 required protection proven; all as in the baseline'],
    [['Root Detection'], [row('baseline:a', 'missing')], 'FAIL: 1 protection not as in the baseline'],
    [
      ['Root Detection', 'Proxy Detection'],
      [row('baseline:a', 'missing'), row('baseline:b', 'denied')],
      'FAIL: 1 of 2 required protections not met; 2 protections not as in the baseline',
    ],
    [
      ['Proxy Detection'],
      [row('baseline', 'satisfied')],
      'FAIL: 1 of 1 required protections not met; all as in the baseline',
    ],
  ])('%j', (require, rows, line) => {
    expect(headline(withRows(require, ...rows))).toBe(line);
  });

  it.each<[Array<Partial<ReportedRequirement>>, string]>([
    [[{ rule: 'build' }], 'PASS: 1 required protection and 1 condition proven'],
    [[{ rule: 'feature', component: true }, { rule: 'forbid' }], 'PASS: 1 required protection and 2 conditions proven'],
    [[{ rule: 'any-of' }, { rule: 'key' }], 'PASS: 2 required protections and 1 group proven'],
    [[{ rule: 'build', outcome: 'denied' }], 'FAIL: 1 of 2 requirements not met'],
    [
      [{ rule: 'at-least', outcome: 'missing' }, { rule: 'feature', outcome: 'missing' }, { rule: 'build' }],
      'FAIL: 2 of 4 requirements not met',
    ],
  ])('counts protections, groups and conditions apart: %j', (more, line) => {
    const rows = more.map((one, index) => ({ ...row(`more:${index}`, 'satisfied'), ...one }));
    expect(headline(withRows(['Root Detection'], ...rows))).toBe(line);
  });

  it('and the statement count what the policy requires', () => {
    const attestation = attestationOf(withRows(['Root Detection'], row('baseline', 'satisfied')));
    if ('refused' in attestation) throw new Error(attestation.refused);
    expect(attestation.statement.predicate['urn:fusegate:verdict']).toMatchObject({ required: 1 });
  });
});

it('says of a protection that is required by another name that the two are one', () => {
  const { requirements } = resultOf({ require: ['Detect Magisk', 'Root Detection'], pdf: pdf({ lines: ['openssl'] }) });
  expect(requirements[0]).toMatchObject({ requirement: 'Detect Magisk', feature: { name: 'Block Magisk' } });
  expect(requirements[0]?.message).toMatch(/^Block Magisk .*Detect Magisk$/u);
  expect(requirements[1]?.message).not.toContain('required as');
});
