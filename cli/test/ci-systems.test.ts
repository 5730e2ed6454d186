/** What a job of each CI system gets from the command line: one run with a group, a stage that fails, hostile text and a secret. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defined } from '@fusegate/shared/model/defined';
import { Secret } from '@fusegate/shared/model/secret';
import { JOB_LOGS } from '@fusegate/shared/options/job-logs';
import type { System } from '@fusegate/shared/options/system';
import { SYSTEMS } from '@fusegate/shared/options/systems';
import { guardHost } from '@fusegate/shared/secrets/guarded-host';
import { maskerOf } from '@fusegate/shared/secrets/masker';
import { plainBlock, plainLine } from '@fusegate/shared/text/untrusted-text';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { chooseHost } from '../src/choose-host.ts';
import { withoutCommands } from '../src/job-place.ts';
import { FakeStream, fakeIo } from './fake-io.ts';

const SECRET = 'synthetic-secret-4711';
/** A line of each system that does something there. */
const HOSTILE = [
  '::error::x',
  '  ::add-mask::x',
  '##[error]x',
  '##vso[task.complete result=Succeeded]x',
  "##teamcity[buildStatus status='SUCCESS']",
  'section_start:1700000000:x[collapsed=true]\r\x1b[0Kx',
  'section_end:1700000000:x',
  'travis_fold:start:x',
  'travis_time:end:x:start=1,finish=2,duration=1',
  '--- x',
  '+++ x',
  '~~~ x',
  '^^^ +++',
  '@@[error] x',
  '\x1b[8mha:AAAA\x1b[0mx',
];
const ALL_COMMANDS = [...JOB_LOGS.values()].flatMap(({ commands }) => commands);

interface Run {
  /** Lines of standard output. */
  lines: string[];
  /** Arguments and input of the system's own program. */
  started: Array<{ args: string; input: string }>;
  /** Files that the run made or wrote to, by their paths below its folder. */
  files: Record<string, string>;
  handedOver: boolean;
}

interface RunOptions {
  ci?: boolean;
  /** The system that the option names, and another whose variable is there. */
  named?: string;
  /** Set to something else than a file. */
  spoilt?: string;
  agentIsHere?: boolean;
}

async function runOn(
  system: System | undefined,
  { ci = true, named, spoilt, agentIsHere = true }: RunOptions = {},
): Promise<Run> {
  const cwd = await temporaryFolder();
  const inside = (name: string) => path.join(cwd, name);
  const here = (text: string) => text.replaceAll(`${cwd}/`, '');
  const variables = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'BASH_ENV', 'CM_ENV', 'AC_ENV_FILE_PATH'];
  const folders = ['CM_EXPORT_DIR', 'AC_OUTPUT_DIR', 'BITRISE_DEPLOY_DIR'];
  const environment: Record<string, string> = {
    ...(system?.job && { [system.job.sign]: 'true' }),
    BITBUCKET_CLONE_DIR: cwd,
    ...Object.fromEntries([...variables, ...folders].map((name) => [name, inside(name)])),
  };
  if (spoilt !== undefined) mkdirSync(inside(spoilt));
  mkdirSync(inside('out/app'), { recursive: true });
  for (const name of ['fusegate-junit.xml', 'fusegate-summary.md', 'fusegate-result.json']) {
    writeFileSync(inside(`out/app/${name}`), name);
  }

  const stdout = new FakeStream();
  const started: Run['started'] = [];
  const clock = new FakeClock(0, 1_700_000_000_000);
  const runProgram = (program: string, args: readonly string[], input: string) => {
    started.push({ args: here([program, ...args].join(' ')), input: here(input) });
    return agentIsHere ? 0 : undefined;
  };
  const io = fakeIo({ stdout, cwd, environment, clock, runProgram });
  const bare = chooseHost(io, { ci, ...defined({ ciSystem: named }), verbose: true });
  const host = guardHost(bare, maskerOf([SECRET]), [new Secret(SECRET)]);

  host.progress({ stage: 'sign', kind: 'start', elapsedMs: 0 });
  host.progress({ stage: 'sign', kind: 'message', elapsedMs: 10, detail: `the key is ${SECRET}` });
  clock.advance(2000);
  for (const text of HOSTILE) host.progress({ stage: 'sign', kind: 'message', elapsedMs: 10, detail: text });
  for (const text of HOSTILE) host.log('info', text);
  host.log('info', HOSTILE.join('\n'));
  host.progress({ stage: 'sign', kind: 'finish', elapsedMs: 2000, failed: true });
  for (const text of HOSTILE) host.setOutput('app-id', text);
  host.setOutput('result', inside('out/app/fusegate-result.json'));
  host.setOutput('missing-features', 'Root Detection,Anti-Debugging');
  host.setOutput('verdict', "it's");
  const file = inside('policy.yml');
  host.annotate({ level: 'error', title: 'Not proven', message: `50% of ['x'] |\n::y, ${SECRET}`, file, line: 3 });
  host.annotate({ level: 'notice', title: 'Note', message: 'short' });
  await host.summary('## Red');
  await host.attachReport({ kind: 'junit', path: inside('out/app/fusegate-junit.xml') });
  await host.attachReport({ kind: 'markdown', path: inside('out/app/fusegate-summary.md') });
  host.fail('Two protections are missing', 6);
  const handedOver = bare.handOver(['reports']);
  bare.close();

  const names = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(
    (name) => path.extname(name) !== '' || variables.includes(name),
  );
  const own = (name: string) => /^out.app.fusegate-/.test(name);
  const files = Object.fromEntries(
    names
      .filter((name) => !own(name) && existsSync(inside(name)) && name !== spoilt)
      .map((name) => [name.replaceAll('\\', '/'), here(readFileSync(inside(name), 'utf8'))]),
  );
  return { lines: here(stdout.text).split('\n').slice(0, -1), started, files, handedOver };
}

const plainLines = async () => (await runOn(undefined)).lines;

/** What it writes beyond the plain log, each line once. */
async function told({ lines }: Run): Promise<string[]> {
  const plain = await plainLines();
  return [...new Set(lines)].filter((line) => !plain.includes(line));
}

const ESC = '\x1b[0K';
/** Each line that a system gets more than any other, in order. */
const TOLD: Record<string, string[]> = {
  github: [
    `::add-mask::${SECRET}`,
    '::group::sign',
    '::endgroup::',
    "::error title=Not proven,file=policy.yml,line=3::50%25 of ['x'] |%0A: :y, ***",
    '::notice title=Note::short',
  ],
  azure: [
    `##vso[task.setsecret]${SECRET}`,
    '##[group]sign',
    '##[endgroup]',
    '##vso[task.setvariable variable=appId;isOutput=true]: :error::x',
    '##vso[task.setvariable variable=missingFeatures;isOutput=true]Root Detection,Anti-Debugging',
    "##vso[task.setvariable variable=verdict;isOutput=true]it's",
    "##vso[task.logissue type=error;sourcepath=policy.yml;linenumber=3]Not proven%0A50%AZP25 of ['x'] |%0A: :y, ***",
    '##vso[task.logissue type=warning]Note%0Ashort',
    '##vso[results.publish type=JUnit;resultFiles=out/app/fusegate-junit.xml;mergeResults=false;runTitle=Fusegate;failTaskOnFailedTests=false]',
    '##vso[task.uploadsummary]out/app/fusegate-summary.md',
    ...['result.json', 'junit.xml', 'summary.md'].map(
      (name) => `##vso[artifact.upload artifactname=fusegate]out/app/fusegate-${name}`,
    ),
  ],
  bitrise: [],
  jenkins: [],
  gitlab: [
    `${ESC}section_start:1700000000:fusegate_sign[collapsed=true]\r${ESC}sign`,
    `${ESC}section_end:1700000002:fusegate_sign\r${ESC}`,
  ],
  circleci: [],
  teamcity: [
    "##teamcity[progressMessage 'signing']",
    "##teamcity[blockOpened name='sign']",
    '##teamcity[disableServiceMessages]',
    '##teamcity[enableServiceMessages]',
    "##teamcity[blockClosed name='sign']",
    "##teamcity[buildStatisticValue key='fusegate.sign.seconds' value='2']",
    "##teamcity[setParameter name='fusegate.app-id' value='# #vso|[task.complete result=Succeeded|]x']",
    "##teamcity[setParameter name='fusegate.verdict' value='it|'s']",
    "##teamcity[message text='Not proven|n50% of |[|'x|'|] |||n: :y, ***' status='FAILURE']",
    "##teamcity[message text='Note|nshort' status='NORMAL']",
    "##teamcity[importData type='junit' path='out/app/fusegate-junit.xml']",
    "##teamcity[buildProblem description='Two protections are missing' identity='fusegate_6']",
    "##teamcity[buildStatisticValue key='fusegate.missing' value='2']",
    ...['result.json', 'junit.xml', 'summary.md'].map(
      (name) => `##teamcity[publishArtifacts 'out/app/fusegate-${name} => fusegate']`,
    ),
  ],
  travis: [
    `travis_fold:start:fusegate.sign\r${ESC}travis_time:start:fusegate.sign\r${ESC}sign`,
    `travis_time:end:fusegate.sign:start=1700000000000000000,finish=1700000002000000000,duration=2000000000\r${ESC}`,
    `travis_fold:end:fusegate.sign\r${ESC}`,
  ],
  codemagic: [],
  appcircle: [],
  bitbucket: [],
  buildkite: ['--- sign', '+++ Fusegate'],
  'xcode-cloud': [],
};

const FILES: Record<string, string[]> = {
  github: ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'],
  gitlab: ['out/app/gl-code-quality-report.json'],
  circleci: ['BASH_ENV'],
  codemagic: ['CM_ENV', 'CM_EXPORT_DIR/app-fusegate-junit.xml', 'CM_EXPORT_DIR/app-fusegate-result.json'],
  appcircle: ['AC_ENV_FILE_PATH', 'AC_OUTPUT_DIR/app-fusegate-junit.xml', 'AC_OUTPUT_DIR/app-fusegate-result.json'],
  bitrise: ['BITRISE_DEPLOY_DIR/app-fusegate-junit.xml', 'BITRISE_DEPLOY_DIR/app-fusegate-result.json'],
  bitbucket: ['test-results/app-fusegate-junit.xml'],
};

const SYSTEMS_OF_JOBS = SYSTEMS.filter(({ job }) => job !== undefined);

it('has a record for each system whose jobs are recognised', () => {
  expect(new Set(JOB_LOGS.keys())).toEqual(new Set(SYSTEMS_OF_JOBS));
  expect(Object.keys(TOLD).sort()).toEqual(SYSTEMS_OF_JOBS.map(({ id }) => id).sort());
});

describe.each(SYSTEMS_OF_JOBS)('$id', (system) => {
  it('gets its own lines', async () => {
    const lines = await told(await runOn(system));
    const expected = TOLD[system.id] ?? [];
    expect(lines.filter((line) => expected.includes(line))).toEqual(expected);
    // Beside these there are only forms of the secret, and outputs.
    const others = lines.filter((line) => !expected.includes(line));
    const known = /^(?:::add-mask::|##vso\[task\.setsecret\]|##vso\[task\.setvariable |##teamcity\[setParameter )/;
    expect(others.filter((line) => !known.test(line))).toEqual([]);
  });

  it('gets its own files', async () => {
    const { files, handedOver } = await runOn(system);
    const names = Object.keys(files).filter((name) => !name.endsWith('-fusegate-summary.md'));
    expect(names.sort()).toEqual((FILES[system.id] ?? []).sort());
    expect(handedOver).toBe(true);
  });

  it('takes nothing of a stranger for a command, and shows no secret', async () => {
    const run = await runOn(system);
    const log = JOB_LOGS.get(system);
    const ours = new Set(await told(run));
    for (const line of run.lines.filter((each) => !ours.has(each))) {
      for (const command of ALL_COMMANDS) expect(line).not.toMatch(command);
    }
    // Without what tells the system to hide it. Its forms are for the tests of masks.
    const hides = run.lines.filter((line) => line === log?.mask?.(SECRET));
    expect(hides.length).toBe(log?.mask ? 1 : 0);
    const shown = run.lines.filter((line) => !hides.includes(line)).join('\n');
    expect(shown + JSON.stringify(run.files)).not.toContain(SECRET);
    expect(run.started.map(({ args }) => args).join()).not.toContain(SECRET);
  });

  it('gets the same where `ci` names it, whatever the environment says', async () => {
    const recognised = await runOn(system);
    const other = SYSTEMS_OF_JOBS.find(({ id }) => id !== system.id);
    expect(await runOn(undefined, { named: system.id })).toEqual(recognised);
    expect(await runOn(other, { named: system.id })).toEqual(recognised);
  });

  it('gets plain lines where `ci` is off', async () => {
    const { lines, files, started } = await runOn(system, { ci: false });
    expect(lines).toEqual(await plainLines());
    expect([files, started]).toEqual([{}, []]);
  });
});

describe('hostile text', () => {
  it.each(HOSTILE)('%j is a command of a system, and none after the guard', (text) => {
    // The check can see it: stripped of escapes, as systems read it, or with them.
    expect(ALL_COMMANDS.some((command) => command.test(text))).toBe(true);
    for (const safe of [plainLine(text), ...plainBlock(`x\n${text}`).split('\n')]) {
      for (const command of ALL_COMMANDS) expect(safe).not.toMatch(command);
    }
  });

  it.each(HOSTILE)('%j is broken by the last lock, too', (text) => {
    for (const { commands } of JOB_LOGS.values()) {
      for (const command of commands) expect(withoutCommands(text, commands)).not.toMatch(command);
    }
  });
});

describe('outputs and files', () => {
  const byId = (id: string) => SYSTEMS.find((system) => system.id === id);

  it('are one line each, as the system reads them', async () => {
    expect((await runOn(byId('github'))).files['GITHUB_OUTPUT']).toMatch(/^verdict=it's\n$/m);
    expect((await runOn(byId('circleci'))).files['BASH_ENV']).toContain(String.raw`export VERDICT='it'\''s'`);
    expect((await runOn(byId('codemagic'))).files['CM_ENV']).toMatch(/^VERDICT=it's$/m);
    for (const id of ['github', 'codemagic', 'appcircle']) {
      const [text = ''] = Object.values((await runOn(byId(id))).files);
      expect(
        text
          .trim()
          .split('\n')
          .every((line) => /^[A-Za-z-]+(?:_[A-Z]+)*=/.test(line)),
        text,
      ).toBe(true);
    }
  });

  it('that cannot be written are said, and the run is not green', async () => {
    const { handedOver, lines } = await runOn(byId('codemagic'), { spoilt: 'CM_ENV' });
    expect(handedOver).toBe(false);
    expect(lines.filter((line) => line.includes('CM_ENV (EISDIR)'))).toHaveLength(1);
  });

  it('GitLab gets a Code Quality report of the annotations', async () => {
    const { files } = await runOn(byId('gitlab'));
    const issues = JSON.parse(files['out/app/gl-code-quality-report.json'] ?? '');
    expect(issues).toMatchObject([
      { check_name: 'Not proven', severity: 'critical', location: { path: 'policy.yml', lines: { begin: 3 } } },
      { check_name: 'Note', severity: 'info', location: { path: '.gitlab-ci.yml', lines: { begin: 1 } } },
    ]);
    for (const { fingerprint } of issues) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('Buildkite gets masks, outputs, summary and artifacts through its agent', async () => {
    const { started } = await runOn(byId('buildkite'));
    const [masks, ...rest] = started;
    expect(masks?.args).toBe('buildkite-agent redactor add --format json');
    expect(Object.values(JSON.parse(masks?.input ?? ''))).toContain(SECRET);
    expect(rest.map(({ args }) => args)).toEqual(
      expect.arrayContaining([
        'buildkite-agent meta-data set fusegate:verdict',
        'buildkite-agent annotate --context fusegate',
        'buildkite-agent artifact upload out/app/fusegate-result.json',
      ]),
    );
    expect(rest.find(({ args }) => args.endsWith('fusegate:verdict'))?.input).toBe("it's");
    // A container may lack it.
    const without = await runOn(byId('buildkite'), { agentIsHere: false });
    expect(without.started).toHaveLength(1);
    expect(without.handedOver).toBe(true);
  });
});
