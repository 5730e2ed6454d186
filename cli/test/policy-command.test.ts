import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const FIXTURE = path.join(root, 'test/fixtures/certificates/android-aab.pdf');
const TODAY = Date.parse('2026-11-21T12:00:00Z');
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-policy-cli-'));
  const write = (name: string, text: string | Buffer) => writeFileSync(path.join(cwd, name), text);
  write('a.pdf', readFileSync(FIXTURE));
  write('b.pdf', readFileSync(FIXTURE));
  write('broken.pdf', '%PDF-1.7');
  write('notes.txt', 'x');
  write(
    'policy.yml',
    [
      'version: 1',
      'locked: true',
      'require:',
      '  - Root Detection',
      '  - { feature: Anti-Debugging, severity: warning }',
      'ios: { require: [Proxy Detection] }',
      'max-waiver-days: 90',
      'waivers:',
      '  - { feature: Root Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01, scope: { bundle-id: com.example.qa } }',
      '  - { feature: Anti-Debugging, reason: an older phone, owner: mobile-security, expires: 2026-11-01 }',
      '',
    ].join('\n'),
  );
  write('child.yml', 'version: 1\nextends: policy.yml\nrequire: [Proxy Detection]\n');
  write('wrong.yml', 'version: 1\nrequre: [Root Detection]\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function command(...words: string[]) {
  const io = fakeIo({ cwd, clock: new FakeClock(0, TODAY) });
  const exit = await runCommandLine(words, io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

describe('policy check', () => {
  it('prints rules, waivers and digest', async () => {
    const { exit, out, err } = await command('policy', 'check', 'policy.yml');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('policy.yml: valid, locked\n');
    expect(out).toMatch(/^warning: policy\.yml:10 .*expired on 2026-11-01/mu);
    expect(out).toMatch(/^ *SEVERITY +PLATFORM +RULE +SOURCE$/mu);
    expect(out).toMatch(/error +android\+ios +Root Detection +policy\.yml:4/u);
    expect(out).toMatch(/warning +android\+ios +Anti-Debugging +policy\.yml:5/u);
    expect(out).toMatch(/error +ios +Proxy Detection +policy\.yml:6/u);
    expect(out).toMatch(/^ *Root Detection: until 2026-12-01 .*com\.example\.qa \[policy\.yml:9\]$/mu);
    expect(out).toContain('Anti-Debugging: until 2026-11-01 (EXPIRED, lifts nothing)');
    expect(out).toMatch(/\nsha256: [0-9a-f]{64}\n$/u);
  });

  it('names the platform that the policy is for, with each of its rules', async () => {
    writeFileSync(path.join(cwd, 'one.yml'), 'version: 1\nplatform: android\nrequire: [Root Detection]\n');
    const { exit, out } = await command('policy', 'check', 'one.yml');
    expect(exit).toBe(0);
    expect(out).toMatch(/^ *error +android +Root Detection /mu);
    expect(out).not.toContain('android+ios');
  });

  it('prints the same as data, and what it extends', async () => {
    const { out } = await command('policy', 'check', 'child.yml', '--json');
    const overview = JSON.parse(out);
    expect(overview).toMatchObject({
      path: 'child.yml',
      files: ['policy.yml', 'child.yml'],
      locked: true,
      settings: { 'max-waiver-days': '90' },
    });
    expect(overview.rules).toHaveLength(3);
    expect(overview.waivers[0]).toHaveProperty('daysLeft');
  });

  it.each([
    [['wrong.yml'], /wrong\.yml:2:1 "requre" is not a key of a policy; did you mean require\?/u],
    [['absent.yml'], /FILE "absent\.yml" does not exist/u],
    [[], /takes one file/u],
    [['policy.yml', 'child.yml'], /takes one file/u],
    [['policy.yml', '--jsn'], /jsn/u],
  ])('of %j is exit 2', async (words, message) => {
    const { exit, err, out } = await command('policy', 'check', ...words);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(message);
  });
});

describe('a policy with which no build can pass', () => {
  it('is exit 2, with what the gate would find', async () => {
    const waived = '{ feature: Root Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01 }';
    writeFileSync(path.join(cwd, 'waived.yml'), `version: 1\nrequire: [Root Detection]\nwaivers: [${waived}]\n`);
    const { exit, out } = await command('policy', 'check', 'waived.yml');
    expect(exit).toBe(2);
    expect(out).toMatch(/^error: waived\.yml:3 .*is waived/mu);
  });
});

describe('policy test', () => {
  const file = (text: string) => writeFileSync(path.join(cwd, 'cases.yml'), text);
  const CASE = '  - certificate: a.pdf\n    expect: pass\n';

  it('is 0 where every case is as expected, and 6 with the reason where one is not', async () => {
    writeFileSync(path.join(cwd, 'tested.yml'), 'version: 1\nrequire: [Root Detection]\n');
    file(`version: 1\npolicy: tested.yml\ncases:\n${CASE}  - { certificate: broken.pdf, expect: error }\n`);
    const good = await command('policy', 'test', 'cases.yml');
    expect(good).toMatchObject({ exit: 0, err: '' });
    expect(good.out).toMatch(/^ok {6}a\.pdf .*cases\.yml:4$/mu);
    file(
      `version: 1\npolicy: tested.yml\ncases:\n${CASE}  - { name: more, certificate: a.pdf, expect: pass, options: { required-features: [Detect Frida] } }\n`,
    );
    const bad = await command('policy', 'test', 'cases.yml');
    expect(bad.exit).toBe(6);
    expect(bad.out).toMatch(/^DIFFER {2}more .*expected pass .*got fail/mu);
    expect(bad.out).toContain('Detect Frida');
    const [, differs] = JSON.parse((await command('policy', 'test', 'cases.yml', '--json')).out);
    expect(differs).toMatchObject({ name: 'more', ok: false, got: 'fail', source: 'cases.yml:6' });
  });

  const WAIVED = [
    'version: 1',
    'require: [Root Detection, Detect Frida]',
    'waivers: [{ feature: Detect Frida, reason: comes with the next licence, owner: mobile-security, expires: 2027-06-30 }]',
    '',
  ].join('\n');

  it('bounds waivers from today, and asks on the day of the case whether they hold', async () => {
    writeFileSync(path.join(cwd, 'tested.yml'), WAIVED);
    const on = (day: string, expect: string) => `  - { certificate: a.pdf, expect: ${expect}, now: ${day} }\n`;
    file(`version: 1\npolicy: tested.yml\ncases:\n${on('2025-07-24', 'pass')}${on('2027-07-01', 'fail')}`);
    const { exit, out, err } = await command('policy', 'test', 'cases.yml');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('on 2025-07-24');
    writeFileSync(path.join(cwd, 'tested.yml'), WAIVED.replace('2027-06-30', '2028-06-30'));
    const far = await command('policy', 'test', 'cases.yml');
    expect(far.exit).toBe(2);
    expect(far.err).toMatch(/further ahead of 2026-11-21 than the default of max-waiver-days, 365/u);
  });

  it('takes any name of what must be missing, and refuses one that nothing asks for', async () => {
    writeFileSync(
      path.join(cwd, 'tested.yml'),
      'version: 1\nrequire: [Root Detection, Detect Frida, { key: zz }, { any-of: [Block Magisk, { key: yy }] }]\n',
    );
    const cases = (missing: string) =>
      file(`version: 1\npolicy: tested.yml\ncases: [{ certificate: a.pdf, expect: fail, missing: ${missing} }]\n`);
    cases('[detect_frida, "key: zz", "any of: Block Magisk, key: yy"]');
    expect(await command('policy', 'test', 'cases.yml')).toMatchObject({ exit: 0 });
    cases('[Detect Frida]');
    expect((await command('policy', 'test', 'cases.yml')).out).toMatch(/also missing: .*zz/u);
    cases('[Nonsense, Proxy Detection]');
    const refused = await command('policy', 'test', 'cases.yml');
    expect(refused.exit).toBe(2);
    expect(refused.err).toMatch(/"Nonsense" is not a known protection/u);
    expect(refused.err).toMatch(/"Proxy Detection" is not required .*-> .*Root Detection/u);
  });

  it('says all that is wrong at once', async () => {
    writeFileSync(path.join(cwd, 'tested.yml'), 'version: 1\nrequire: [Root Detection]\n');
    file(
      [
        'version: 1',
        'policy: tested.yml',
        'now: 2026-02-30',
        'cases:',
        '  - { certificate: absent.pdf, expect: green, now: tomorrow }',
        '  - { name: odd, certificate: a.pdf, expect: pass, options: { required-features: [Rot Detection] } }',
        '  - { certificate: a.pdf, expect: fail, missing: [Nonsense] }',
        '',
      ].join('\n'),
    );
    const { exit, err } = await command('policy', 'test', 'cases.yml');
    expect(exit).toBe(2);
    for (const part of ['"2026-02-30"', '"tomorrow"', '"green"', 'absent.pdf', '"Rot Detection"', 'Nonsense'])
      expect(err).toContain(part);
    expect(err).toMatch(/Rot Detection.*\(case odd, judged on \d{4}-\d{2}-\d{2}\)/u);
  });

  it.each([
    ['version: 1\npolicy: tested.yml\ncases: []', /cases is empty/u],
    [`version: 1\npolicy: absent.yml\ncases:\n${CASE}`, /cases\.yml:2:9 .*does not exist/u],
    [`version: 1\npolicy: wrong.yml\ncases:\n${CASE}`, /wrong\.yml:2:1 "requre"/u],
    [`version: 1\npolicy: tested.yml\nnow: 2026-02-30\ncases:\n${CASE}`, /cases\.yml:3:6 .*calendar/u],
    ['version: 1\npolicy: tested.yml\ncases: [{ certificate: absent.pdf, expect: pass }]', /does not exist/u],
    ['version: 1\npolicy: tested.yml\ncases: [{ certificate: a.pdf, expect: green }]', /"green"/u],
    ['version: 1\npolicy: tested.yml\ncases: [{ certificate: a.pdf, expects: pass }]', /did you mean expect/u],
  ])('of %j is exit 2', async (text, message) => {
    file(text);
    const { exit, err, out } = await command('policy', 'test', 'cases.yml');
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(message);
  });
});

describe('policy init', () => {
  it('writes a policy that the certificate passes, and does not overwrite it', async () => {
    const made = await command('policy', 'init', '--certificate', 'a.pdf', '--output', 'made.yml');
    expect(made).toMatchObject({ exit: 0, err: '' });
    expect(made.out).toMatch(
      /^made\.yml: \d+ names required\. .*: Detect Developer Options \(no listener\)\. \d+ components left out\.\n$/u,
    );
    expect(await command('policy', 'check', 'made.yml')).toMatchObject({ exit: 0 });
    const text = readFileSync(path.join(cwd, 'made.yml'), 'utf8');
    expect(text).toContain('  - feature: Root Detection');
    expect(text).not.toContain(cwd);

    const again = await command('policy', 'init', '--certificate', 'a.pdf', '--output', 'made.yml');
    expect(again.exit).toBe(2);
    expect(again.err).toMatch(/--output "made\.yml" exists already -> --force/u);
    expect(await command('policy', 'init', '--certificate', 'a.pdf', '--output', 'made.yml', '--force')).toMatchObject({
      exit: 0,
    });
  });

  it('writes to standard output', async () => {
    const { out } = await command('policy', 'init', '--certificate', 'a.pdf', '--output', '-');
    expect(out.startsWith('# yaml-language-server: $schema=fusegate-policy.schema.json\n')).toBe(true);
  });

  it.each([
    [[], /--certificate FILE or --result FILE/u],
    [['--certificate', 'a.pdf', '--result', 'r.json'], /--certificate FILE or --result FILE/u],
    [['--certificate', 'a.pdf', '--certificate', 'b.pdf'], /-> one \.pdf, one \.json/u],
    [['--certificate', 'notes.txt'], /-> one \.pdf, one \.json/u],
    [['--certificate', 'broken.pdf'], /"broken\.pdf" cannot be read/u],
    [['--certificate', 'absent.pdf'], /does not exist/u],
    [['--result', 'absent.json'], /does not exist/u],
    [['--result', 'policy.yml'], /is not a result/u],
    [['--certificate', 'a.pdf', '--output', 'no/such/folder.yml'], /cannot be written/u],
    [['a.pdf'], /belongs to no option/u],
  ])('%j is exit 2', async (words, message) => {
    const { exit, err } = await command('policy', 'init', ...words);
    expect(exit).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('policy', () => {
  it('prints the schema that is committed', async () => {
    const { out } = await command('policy', 'schema');
    expect(out).toBe(readFileSync(path.join(root, 'docs/schemas/fusegate-policy.schema.json'), 'utf8'));
  });

  it('has help, and needs an action', async () => {
    expect((await command('policy', '--help')).out).toContain('policy init');
    expect((await command('help', 'policy')).out).toContain('policy init');
    expect(await command('policy')).toMatchObject({ exit: 2 });
    expect((await command('policy', 'chek')).err).toContain('policy check');
  });
});

describe('explain', () => {
  it('says where each fact stands', async () => {
    const { exit, out, err } = await command('explain', '--certificate', 'a.pdf');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/build_id +[0-9a-f-]{36} +page 1 at \d+/u);
    expect(out).toMatch(/present +root_detection +proves Root Detection +page 1 at/u);
    expect(out).toContain('JSON: not read');
  });

  it('says it as data, for several certificates', async () => {
    const { out } = await command('explain', '--certificate', '*.pdf', '--json');
    const explained = JSON.parse(out);
    // The same bytes are one certificate; what cannot be read is one, too.
    expect(explained.map(({ label }: { label: string }) => label)).toEqual(['a.pdf', 'broken.pdf']);
    expect(explained[0].documents[0].names[0]).toMatchObject({
      presence: 'present',
      where: expect.stringMatching(/^page 1 at /u),
    });
  });

  it('is not a success if nothing can be read', async () => {
    expect(await command('explain', '--certificate', 'broken.pdf')).toMatchObject({ exit: 8 });
    expect(await command('explain')).toMatchObject({ exit: 2 });
    expect((await command('explain', '--help')).out).toContain('explain --build-id');
  });
});
