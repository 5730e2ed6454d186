/** A policy file through the shipped bundle: the job, an archive of its certificates, a baseline, and what is refused. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from './support/apps.ts';
import { runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

let service: Service;
let env: Record<string, string>;
let fusionSetId: string;
const folder = temporaryFolder();

beforeAll(async () => {
  service = await startService();
  fusionSetId = (await service.fusionSet('all detections')).id;
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
});
afterAll(() => service.stop());

function policy(name: string, ...lines: string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${['version: 1', ...lines].join('\n')}\n`);
  return file;
}

function job(...more: string[]): string[] {
  const signing = ['--sign', 'private', '--signing-fingerprint', 'a1'.repeat(32)];
  return ['run', '--app', settingsApk(), '--fusion-set-id', fusionSetId, ...signing, ...more];
}

describe('a policy file', () => {
  it('is judged, its digest pinned, its certificate a baseline and a member of an archive', async () => {
    const file = policy(
      'good.yml',
      'require:',
      '  - Root Detection',
      'android: { require: [Anti-Debugging] }',
      'forbid: [Rate-Limit Connections]',
    );
    const end = await runCli(job('--policy', file), { env });
    expect(end).toMatchObject({ exit: 0, stderr: '' });
    expect(end.result?.requirements.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['feature:anti_debugging@android', 'satisfied'],
      ['feature:root_detection', 'satisfied'],
      ['forbid:feature:rate_limit_connections', 'satisfied'],
    ]);
    const digest = end.result?.policy.sha256 ?? '';
    const check = await runCli(['policy', 'check', file]);
    expect(check.stdout).toContain(`sha256: ${digest}`);

    const archive = path.join(folder, 'archive');
    mkdirSync(archive);
    for (const kind of ['pdf', 'json'])
      copyFileSync(path.join(end.dir, 'private', `certificate.${kind}`), path.join(archive, `one.${kind}`));
    writeFileSync(path.join(archive, 'two.pdf'), '%PDF-1.7 cut');
    const baseline = path.join(archive, 'one.pdf');

    const again = await runCli([
      'gate',
      '--certificate',
      baseline,
      '--policy',
      file,
      '--policy-sha256',
      digest,
      '--baseline',
      baseline,
    ]);
    expect(again).toMatchObject({ exit: 0 });
    expect(again.result?.baseline).toMatchObject({ gone: '0', kind: 'certificate' });

    const many = await runCli([
      'gate',
      '--certificate',
      path.join(archive, '*.pdf'),
      '--certificate',
      path.join(archive, '*.json'),
      '--policy',
      file,
    ]);
    expect(many.exit).toBe(8);
    expect(many.stdout).toMatch(/pass +one\.pdf \+ one\.json/u);
    expect(many.stdout).toContain('1 build and 1 file that could not be read: 1 pass, 0 fail, 0 without a verdict');
    const page = readFileSync(path.join(many.dir, 'fusegate-archive.md'), 'utf8');
    expect(page).toContain('Root Detection');
    expect(JSON.parse(readFileSync(path.join(many.dir, 'fusegate-archive.json'), 'utf8')).builds).toHaveLength(2);

    const explained = await runCli(['explain', '--build-id', end.result?.ids.buildId ?? '', '--json'], { env });
    expect(explained.exit).toBe(0);
    expect(JSON.parse(explained.stdout)[0].documents).toMatchObject([
      { kind: 'pdf', read: true },
      { kind: 'json', read: true },
    ]);
  });

  it('that is not met leaves nothing to ship and points at its line', async () => {
    const file = policy('strict.yml', 'require:', '  - Root Detection', '  - Rate-Limit Connections');
    const end = await runCli(job('--policy', file), { env });
    expect(end.exit).toBe(6);
    expect(end.result?.missingFeatures).toEqual(['Rate-Limit Connections']);
    expect(end.result?.requirements.find(({ outcome }) => outcome === 'missing')?.source).toMatch(/strict\.yml:4$/u);
    expect(existsSync(path.join(end.dir, 'rejected', 'settings_apk-debug.apk'))).toBe(true);
  });

  it('is refused with everything that is wrong, and nothing is sent', async () => {
    const before = (await service.state()).requests.length;
    const file = policy('wrong.yml', 'requre: [Root Detection]', 'server: https://fusion.appdome.com');
    const pinned = policy('pinned.yml', 'require: [Rot Detection]', 'server: https://fusion.appdome.com');
    const wrong = await runCli(job('--policy', file, '--baseline', path.join(folder, 'absent.pdf'), '--retries', 'x'), {
      env,
    });
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain('4 problems');
    expect(wrong.stderr).toMatch(/wrong\.yml:3:9 .*only service that this policy allows/u);
    expect(wrong.stderr).toMatch(/wrong\.yml:2:1 "requre" is not a key of a policy; did you mean require\?/u);
    const other = await runCli(job('--policy', pinned), { env });
    expect(other.stderr).toMatch(/pinned\.yml:2:11 "Rot Detection" is not a known protection -> Root Detection/u);
    expect(other.stderr).toMatch(/pinned\.yml:3:9 .*only service that this policy allows/u);
    expect((await service.state()).requests).toHaveLength(before);
  });
});
