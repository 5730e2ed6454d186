/** policy, policy-sha256, baseline and evidence as options: files at the edge, every problem at once, nothing sent. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_RESULT_BYTES } from '../../src/files/file-on-disk.ts';
import { loadBaseline } from '../../src/intake/load-baseline.ts';
import { loadPolicy } from '../../src/intake/load-policy.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { policySha256 } from '../../src/policy/rules/plan.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { APK } from '../support/zip.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const FIXTURE = path.resolve(here, '../../../test/fixtures/certificates/android-aab.pdf');
const NOW = Date.parse('2026-11-21T12:00:00Z');
let cwd = '';

const write = (name: string, content: string | Buffer) => {
  mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
  writeFileSync(path.join(cwd, name), content);
};

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-policy-'));
  write('certificate.pdf', readFileSync(FIXTURE));
  write('policy.yml', 'version: 1\nrequire: [Root Detection]\n');
  write('wrong.yml', 'version: 1\nrequire: [Root Detection]\nrequre: []\n');
  write('names.yml', 'version: 1\nrequire:\n  - Rot Detection\n');
  write('empty.yml', '# nothing\n');
  write('zero.yml', '');
  write('latin1.yml', Buffer.from('version: 1\nrequire: [\xdcbung]\n', 'latin1'));
  write('large.yml', `version: 1\n#${'x'.repeat(300 * 1024)}`);
  write('base/base.yml', 'version: 1\nlocked: true\nrequire: [Anti-Debugging]\n');
  write('teams/app.yml', 'version: 1\nextends: ../base/base.yml\nrequire: [Root Detection]\n');
  write('teams/loose.yml', 'version: 1\nextends: ../base/base.yml\naliases: { A: [b] }\n');
  write('teams/broken.yml', 'version: 1\nextends: ../wrong.yml\n');
  write('teams/gone.yml', 'version: 1\n\nextends: nowhere.yml\n');
  write('loop/a.yml', 'version: 1\nextends: b.yml\n');
  write('loop/b.yml', 'version: 1\nextends: ./a.yml\n');
  write('loop/self.yml', 'version: 1\nextends: self.yml\n');
  for (let n = 0; n < 7; n++)
    write(`row/${n}.yml`, `version: 1\n${n < 6 ? `extends: ${n + 1}.yml\n` : ''}require: [Root Detection]\n`);
  for (const [n, where] of [
    'https://example.com/p.yml',
    '/etc/policy.yml',
    'file:///p.yml',
    '\\\\\\\\host\\\\p.yml',
    'C:\\\\p.yml',
  ].entries()) {
    write(`far/${n}.yml`, `version: 1\nextends: "${where}"\n`);
  }
  write('server.yml', 'version: 1\nrequire: [Root Detection]\nserver: https://fusion.appdome.com\n');
  write(
    'waiver.yml',
    'version: 1\nrequire: [Root Detection]\nmax-waiver-days: 5\nwaivers: [{ feature: Root Detection, reason: The QA lab needs it, owner: mobile-security, expires: 2026-12-31 }]\n',
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function gate(values: Record<string, string>, environment: Record<string, string> = {}) {
  const inputs = Object.entries({ mode: 'gate', certificate: 'certificate.pdf', ...values })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value, spelling: `--${name}` }));
  const read = await readRequest({ inputs }, environment, CLI, { cwd, now: NOW });
  const problems = read.ok
    ? []
    : read.error.problems.map(({ option, message, allowed }) => `${option} ${message} -> ${allowed}`);
  return { read, problems };
}

describe('policy', () => {
  it('becomes the plan, and required-features adds to it', async () => {
    const { read } = await gate({ policy: 'policy.yml', 'required-features': 'Anti-Debugging' });
    if (!read.ok) throw read.error;
    expect(read.plan).toMatchObject({ path: 'policy.yml' });
    expect(read.plan.rules.map(({ id, source }) => [id, source])).toEqual([
      ['feature:anti_debugging', '--required-features'],
      ['feature:root_detection', 'policy.yml:2'],
    ]);
  });

  it('may come from a variable', async () => {
    const { read } = await gate({}, { FUSEGATE_POLICY: 'policy.yml' });
    expect(read.ok).toBe(true);
  });

  it.each([
    ['missing.yml', /^--policy does not exist/u],
    ['base', /^--policy is a folder/u],
    ['zero.yml', /^--policy is an empty file/u],
    ['empty.yml', /^empty\.yml:1:1 is empty/u],
    ['latin1.yml', /^--policy is not text in UTF-8/u],
    ['large.yml', /^--policy is larger than any policy/u],
    ['wrong.yml', /^wrong\.yml:3:1 is not a key of a policy; did you mean require\?/u],
    ['names.yml', /^names\.yml:3:5 is not a known protection -> Root Detection/u],
    ['teams/loose.yml', /^teams\/loose\.yml:3:1 may not be added/u],
    ['teams/broken.yml', /^wrong\.yml:3:1 is not a key/u],
    ['teams/gone.yml', /^teams\/gone\.yml:3:10 does not exist/u],
    ['loop/a.yml', /^loop\/b\.yml:2:10 extends itself in a cycle/u],
    ['loop/self.yml', /^loop\/self\.yml:2:10 extends itself/u],
    ['row/0.yml', /^row\/4\.yml:2:10 would be file 6 in a row/u],
    ['far/0.yml', /is not a relative path of a local file/u],
    ['far/1.yml', /is not a relative path of a local file/u],
    ['far/2.yml', /is not a relative path of a local file/u],
    ['far/3.yml', /is not a relative path of a local file/u],
    ['far/4.yml', /is not a relative path of a local file/u],
    ['waiver.yml', /^waiver\.yml:4:11 is further ahead .*max-waiver-days: 5/u],
  ])('%s is one problem', async (policy, expected) => {
    const { read, problems } = await gate({ policy });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
    expect(read.ok ? 0 : read.error.exitCode).toBe(2);
  });

  it('tells a wrong key and a wrong name together', async () => {
    write('twice.yml', 'version: 1\nrequire: [Rot Detection]\nrequre: []\n');
    const { problems } = await gate({ policy: 'twice.yml' });
    expect(problems).toEqual([expect.stringMatching(/^twice\.yml:3:1 /u), expect.stringMatching(/^twice\.yml:2:11 /u)]);
  });

  it('tells a form, a name, a day and the other platform together, each once', async () => {
    write(
      'all.yml',
      'version: 1\nrequire: [Rot Detection, Jailbreak Detection]\nrequre: []\nwaivers: [{ feature: Root Detection, reason: The QA lab needs it, expires: 2036-13-01 }, { feature: Root Detection, reason: The QA lab needs it, owner: mobile-security, expires: 2036-12-01 }]\n',
    );
    const { problems } = await gate({ policy: 'all.yml', platform: 'android' });
    expect(problems.map((one) => one.replace(/ .*/u, '')).sort()).toEqual(
      ['all.yml:2:11', 'all.yml:2:26', 'all.yml:3:1', 'all.yml:4:11', 'all.yml:4:11', 'all.yml:4:90'].sort(),
    );
  });

  it('adds its problems to those of the options', async () => {
    const { problems } = await gate({
      policy: 'wrong.yml',
      certificate: 'nowhere.pdf',
      baseline: 'nowhere.pdf',
      evidence: 'paper',
      'required-features': 'Nothing Known',
    });
    expect(problems).toHaveLength(5);
  });

  it('extends with everything below it', async () => {
    const { read } = await gate({ policy: 'teams/app.yml' });
    if (!read.ok) throw read.error;
    expect(read.plan.rules.map(({ source }) => source)).toEqual(['base/base.yml:3', 'teams/app.yml:3']);
  });

  it('finds a circle behind a link, too', async () => {
    symlinkSync(path.join(cwd, 'loop/self.yml'), path.join(cwd, 'loop/link.yml'));
    const { problems } = await loadPolicy('loop/link.yml', '--policy', cwd);
    expect(problems[0]?.message).toMatch(/cycle/u);
  });

  it('pins the service where one is asked, and only there', async () => {
    const ask = { certificate: '', 'build-id': '22222222-631e-11f0-811d-012fa289ddab', policy: 'server.yml' };
    const key = { APPDOME_API_KEY: 'synthetic-key-1' };
    expect((await gate(ask, key)).problems).toEqual([]);
    expect((await gate({ ...ask, 'server-url': 'http://127.0.0.1:9' }, key)).problems[0]).toMatch(
      /^server\.yml:3:9 is the only service/u,
    );
    expect((await gate({ policy: 'server.yml' })).problems).toEqual([]);
  });
});

describe('policy-sha256', () => {
  it('holds the resolved policy fast, what the option adds included', async () => {
    const { read } = await gate({ policy: 'policy.yml' });
    if (!read.ok) throw read.error;
    const digest = policySha256(read.plan);
    expect((await gate({ policy: 'policy.yml', 'policy-sha256': digest.toUpperCase() })).problems).toEqual([]);
    const changed = await gate({
      policy: 'policy.yml',
      'policy-sha256': digest,
      'required-features': 'Anti-Debugging',
    });
    expect(changed.problems[0]).toMatch(/^--policy-sha256 is not the digest of the resolved policy/u);
  });

  it('of options alone works as well', async () => {
    const { problems } = await gate({ 'required-features': 'Root Detection', 'policy-sha256': '0'.repeat(64) });
    expect(problems).toHaveLength(1);
  });
});

describe('baseline', () => {
  it('is read from a certificate', async () => {
    const { read } = await gate({ policy: 'policy.yml', baseline: 'certificate.pdf' });
    if (!read.ok) throw read.error;
    const { baseline } = read.plan;
    expect(baseline).toMatchObject({
      path: 'certificate.pdf',
      kind: 'certificate',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
    expect(baseline?.features).toContainEqual({
      name: 'Root Detection',
      key: 'root_detection',
      mode: expect.any(String),
    });
  });

  it('is read from a result', async () => {
    const result = resultOf();
    write('result.json', JSON.stringify(result));
    const loaded = await loadBaseline('result.json', '--baseline', cwd);
    expect(loaded).toMatchObject({
      baseline: { kind: 'result', missingListeners: result.certificate.missingListeners },
    });
    expect('baseline' in loaded && loaded.baseline.features.length).toBe(
      result.certificate.features.filter(({ source }) => source !== 'json').length,
    );
  });

  it.each([
    ['pass', 0],
    ['fail', 1],
    ['not-evaluated', 1],
    ['error', 1],
  ] as const)('says it where the result is one of verdict %s', async (verdict, count) => {
    write('result.json', JSON.stringify({ ...resultOf(), verdict }));
    const { read, problems } = await gate({ policy: 'policy.yml', baseline: 'result.json' });
    expect(problems).toEqual([]);
    const said = read.notices.filter((notice) => notice.includes(`verdict ${verdict}`));
    expect(said).toHaveLength(count);
  });

  it.each([
    ['absent.pdf', /does not exist/u, undefined],
    ['base', /is a folder/u, undefined],
    ['b.pdf', /cannot be read/u, '%PDF-1.7 and no more'],
    ['b.json', /cannot be read/u, 'no json'],
    ['c.json', /shows no protections/u, '{"build_id":"x"}'],
    ['d.json', /is not a result that can be read/u, '{"schemaVersion":2,"tool":{"name":"fusegate"}}'],
    [
      'older.json',
      /schema version 1, and this version reads 2.*private\/certificate\.pdf/u,
      '{"schemaVersion":1,"tool":{"name":"fusegate"}}',
    ],
    ['newer.json', /schema version 3, and this version reads 2/u, '{"schemaVersion":3,"tool":{"name":"fusegate"}}'],
    ['e.pdf', /is an empty file/u, ''],
    ['large.json', /larger than any result/u, `{"tool":{"name":"fusegate"},"x":"${'x'.repeat(MAX_RESULT_BYTES)}"}`],
  ])('%s is a problem', async (name, message, content) => {
    if (content !== undefined) write(name, content);
    const { problems, read } = await gate({ policy: 'policy.yml', baseline: name });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
    expect(read.ok ? 0 : read.error.exitCode).toBe(2);
  });
});

describe('certificates by a pattern', () => {
  it('are found whatever the case of their extension, and what a dot hides is told', async () => {
    write('archive/a.pdf', readFileSync(FIXTURE));
    write('archive/B.PDF', readFileSync(FIXTURE));
    write('archive/.c.pdf', readFileSync(FIXTURE));
    write('archive/.cache/d.json', '{}');
    const { read } = await gate({ policy: 'policy.yml', certificate: 'archive/**/*' });
    if (!read.ok) throw read.error;
    expect(read.request.gate.certificates.map((file) => path.basename(file))).toEqual(['B.PDF', 'a.pdf']);
    expect(read.notices.filter((notice) => /archive\/\*\*.*skipped 2 files.*dot/u.test(notice))).toHaveLength(1);
    const named = await gate({ policy: 'policy.yml', certificate: 'archive/.*.pdf' });
    expect(named.read.ok && named.read.request.gate.certificates).toHaveLength(1);
  });

  it('that finds only what a dot hides says so', async () => {
    write('hidden/.c.pdf', readFileSync(FIXTURE));
    const { problems } = await gate({ policy: 'policy.yml', certificate: 'hidden/*.pdf' });
    expect(problems).toEqual([expect.stringMatching(/matches no file but 1 file whose path/u)]);
  });
});

describe('evidence', () => {
  it.each<[Record<string, string>, string, string]>([
    [{}, '', 'pdf'],
    [{}, 'evidence: any', 'any'],
    [{}, 'evidence: json', 'json'],
    [{ evidence: 'any' }, '', 'any'],
    [{ evidence: 'any' }, 'evidence: pdf', 'pdf'],
    [{ evidence: 'json' }, 'evidence: pdf', 'both'],
    [{ evidence: 'both' }, '', 'both'],
    [{ evidence: 'any' }, 'locked: true', 'pdf'],
    [{ evidence: 'any' }, 'gate: enforce', 'pdf'],
    [{ evidence: 'both' }, 'gate: enforce', 'both'],
  ])('by %j and a policy with "%s" is %s', async (values, line, evidence) => {
    write('evidence.yml', `version: 1\nrequire: [Root Detection]\n${line}\n`);
    const { read } = await gate({ policy: 'evidence.yml', ...values });
    expect(read.ok && read.request.gate.evidence).toBe(evidence);
  });

  it('that a variable asks for is named, whether it counts or not', async () => {
    write('open.yml', 'version: 1\nrequire: [Root Detection]\n');
    write('locked.yml', 'version: 1\nlocked: true\ngate: enforce\nrequire: [Root Detection]\n');
    const environment = { FUSEGATE_EVIDENCE: 'any', FUSEGATE_GATE: 'disabled' };
    const open = await gate({ policy: 'open.yml' }, environment);
    expect(open.read.ok && open.read.request.gate).toMatchObject({
      evidence: 'any',
      evidenceSetBy: 'the environment variable FUSEGATE_EVIDENCE',
    });
    const locked = await gate({ policy: 'locked.yml' }, environment);
    expect(locked.read.ok && locked.read.request.gate).toMatchObject({
      evidence: 'pdf',
      overruled: [expect.stringMatching(/FUSEGATE_GATE/u), expect.stringMatching(/FUSEGATE_EVIDENCE.*locked\.yml:3/u)],
    });
  });
});

describe('the gate', () => {
  it('that the policy pins is weakened by nobody, and says who tried', async () => {
    write('pinned.yml', 'version: 1\nrequire: [Root Detection]\ngate: enforce\n');
    const { read } = await gate({ policy: 'pinned.yml' }, { FUSEGATE_GATE: 'disabled' });
    if (!read.ok) throw read.error;
    expect(read.request.gate).toMatchObject({
      mode: 'enforce',
      setBy: 'the policy (pinned.yml:3)',
      overruled: [expect.stringMatching(/disabled.*FUSEGATE_GATE.*pinned\.yml:3/u)],
    });
  });

  it('that the policy sets to warn lets an empty requirement pass as a notice', async () => {
    write('warn.yml', 'version: 1\ngate: warn\nforbid: [Diagnostic Logs]\n');
    const { read } = await gate({ policy: 'warn.yml' });
    expect(read.ok && read.request.gate).toMatchObject({ mode: 'warn', setBy: 'the policy (warn.yml:2)' });
    const enforced = await gate({ policy: 'warn.yml', gate: 'enforce' });
    expect(enforced.read.ok).toBe(false);
  });
});

describe('certificates of several builds', () => {
  it('have no app to be bound to', async () => {
    write('app.apk', APK);
    write('other.pdf', readFileSync(FIXTURE));
    const { problems } = await gate({ policy: 'policy.yml', certificate: 'certificate.pdf,other.pdf', app: 'app.apk' });
    expect(problems[0]).toMatch(/^--app is given together with 2 certificates/u);
  });
});
