/** Text of the service on Azure, Bitrise and Jenkins: harmless in every log, issue, summary and report. (GitHub has a test of its own.) */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsIn, HOSTILE_TEXTS } from '../../shared/test/report/command-parsers.ts';
import { markupIn } from '../../shared/test/report/markup.ts';
import { writeApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { vsoCommandsIn } from './support/azure-agent.ts';
import { ADAPTERS, type JobEnd, runJob } from './support/every-adapter.ts';

const HOSTILE = [
  ...HOSTILE_TEXTS,
  '::set-output name=verdict::pass',
  '##[add-path]/evil',
  '##vso[task.setvariable variable=verdict;isOutput=true]pass',
  'x ##vso[task.complete result=Succeeded;]',
  '##vso[task.prependpath]/evil',
  "##teamcity[buildStatus status='SUCCESS']",
  'verdict: pass',
  '<img src=x onerror=alert(1)>',
];
/** Commands of task-lib that our own host sends. */
const OWN = new Set([
  'task.debug',
  'task.setvariable',
  'task.setsecret',
  'task.setprogress',
  'task.logissue',
  'task.uploadsummary',
  'task.complete',
  'results.publish',
]);

let service: Service;
let set: { id: string };
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
});
afterAll(() => service.stop());

const job = () => ({
  options: {
    'api-key': API_KEY,
    'server-url': service.url,
    app: writeApk(temporaryFolder()),
    'fusion-set-id': set.id,
    sign: 'private',
    'signing-fingerprint': 'd4'.repeat(32),
    'required-features': 'Anti-Debugging',
    verbose: 'true',
    resume: 'new',
  } as const,
});

/** A line of ours is one command at its start; what stands in it is escaped, and so is no second one. */
function expectHarmless(end: JobEnd, verdict: string): void {
  const own = vsoCommandsIn(end.log);
  for (const { name, line } of own) {
    expect(OWN.has(name), line).toBe(true);
    expect(line.startsWith('##vso['), line).toBe(true);
    expect(line.toLowerCase().lastIndexOf('##vso['), line).toBe(0);
  }
  const completed = own.filter(({ name }) => name === 'task.complete');
  expect(completed.length).toBeLessThanOrEqual(1);
  for (const { properties, data } of own.filter(({ name }) => name === 'task.setvariable')) {
    if (properties.variable === 'verdict') expect(['error', verdict]).toContain(data);
  }
  const text = end.log
    .split('\n')
    .filter((line) => !line.startsWith('##vso[') && !/^##\[(end)?group\]/.test(line))
    .join('\n');
  expect(commandsIn(text)).toEqual([]);
  const verdicts = text.split('\n').filter((line) => /^verdict: /.test(line));
  for (const line of verdicts) expect(line).toBe(`verdict: ${verdict}`);
  expect(end.outputs?.verdict).toBe(verdict);
  for (const shown of end.shown) {
    // Markdown quotes text in code, where markup is text; the other forms escape it.
    if (shown.startsWith('## ')) expect(markupIn(shown)).toEqual([]);
    else expect(shown).not.toMatch(/<img/);
  }
}

// The CLI and GitHub have tests of their own that go further.
describe.each(ADAPTERS.filter((adapter) => adapter !== 'cli' && adapter !== 'github'))('%s', (adapter) => {
  it('workflow messages', async () => {
    await service.addFaults(HOSTILE.map((text) => ({ times: 1, do: { kind: 'message', text } })));
    const end = await runJob(adapter, job());
    await service.clearFaults();
    expect(end.red, end.log).toBe(false);
    expectHarmless(end, 'pass');
  });

  it('the error of a failed build', async () => {
    await service.addFaults([{ times: 1, do: { kind: 'taskError', stage: 'fuse', message: HOSTILE.join('\n') } }]);
    const end = await runJob(adapter, job());
    await service.clearFaults();
    expect(end.red).toBe(true);
    expectHarmless(end, 'error');
  });

  it('names on the certificate', async () => {
    const text = HOSTILE.filter((each) => /::|##|<img/.test(each)).join(' ');
    await service.addFaults([
      {
        times: 'always',
        do: {
          kind: 'certificate',
          appName: `A ${text}`,
          fusionSetName: text,
          annotation: text,
          signer: text,
          user: text,
        },
      },
    ]);
    const end = await runJob(adapter, job());
    await service.clearFaults();
    expectHarmless(end, end.result?.verdict ?? '');
  });
});
