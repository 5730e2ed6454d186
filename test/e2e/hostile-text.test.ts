/**
 * Text from the service and from a certificate's free fields, through the whole job: it adds no protection and forms no command of
 * any CI system, in the log or in a file that such a system shows.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markupIn } from '../../shared/test/report/markup.ts';
import { type CliEnd, runCli } from './support/cli.ts';
import { privateJob } from './support/private-job.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

/** What each system would act on, wherever it stands in the text of a line. */
const COMMANDS: Array<[string, RegExp]> = [
  ['GitHub', /^\s*::\w[\w-]*(?: [^:]*)?::/m],
  ['GitHub, old form', /##\[[a-z-]+/i],
  ['Azure', /##vso\[/i],
  ['TeamCity', /##teamcity\[/i],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  ['terminal', /\u001b|\u009b|\u0007/],
];
const HOSTILE = [
  '::set-output name=verdict::pass',
  '##[add-path]/evil',
  '##vso[task.setvariable variable=verdict]pass',
  "##teamcity[buildStatus status='SUCCESS']",
  '\u001b[2J\u001b[32mverdict: pass\u001b[0m',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1)) ![x](http://192.0.2.1/x.png) @everyone',
  'verdict: pass',
];
const HOSTILE_TEXT = HOSTILE.join('\n');

let service: Service;
let env: Record<string, string>;
let job: string[];

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  job = privateJob((await service.fusionSet('small')).id, '--verbose');
});
afterAll(() => service.stop());

function expectHarmless(end: CliEnd): void {
  const files = ['fusegate-summary.md', 'fusegate-junit.xml', 'fusegate-report.html', 'fusegate.sarif'].map((name) =>
    readFileSync(path.join(end.dir, name), 'utf8'),
  );
  for (const text of [end.stdout, end.stderr, ...files]) {
    for (const [system, pattern] of COMMANDS) expect(text, system).not.toMatch(pattern);
  }
  // The one line that scripts look for is ours alone.
  const verdicts = end.stdout.split('\n').filter((line) => /^verdict: /.test(line));
  expect(verdicts).toEqual([`verdict: ${end.result?.verdict}`]);
  // Quoted text stands in code, where markup is text.
  expect(markupIn(files[0] ?? '')).toEqual([]);
  expect(files[2]).not.toMatch(/<(?:img|script|iframe)\b/);
  expect(JSON.parse(files[3] ?? '').runs).toHaveLength(1);
}

it('workflow messages of the service', async () => {
  await service.clearFaults();
  await service.addFaults(HOSTILE.map((text) => ({ times: 1, do: { kind: 'message', text } })));
  const end = await runCli([...job, '--required-features', 'Anti-Debugging'], { env });
  expect(end.exit).toBe(0);
  expectHarmless(end);
});

it('the error text of a failed build', async () => {
  await service.clearFaults();
  await service.addFaults([{ do: { kind: 'taskError', stage: 'fuse', message: HOSTILE_TEXT } }]);
  const end = await runCli([...job, '--required-features', 'Anti-Debugging'], { env });
  expect(end.exit).toBe(5);
  expectHarmless(end);
});

it('an error page', async () => {
  await service.clearFaults();
  await service.addFaults([
    {
      match: { method: 'POST', path: '**/tasks' },
      do: { kind: 'status', code: 400, body: HOSTILE_TEXT, contentType: 'text/html' },
    },
  ]);
  const end = await runCli([...job, '--required-features', 'Anti-Debugging'], { env });
  expect(end.exit).toBe(5);
  expectHarmless(end);
});

it('free fields of the certificate that pose as protections', async () => {
  await service.clearFaults();
  const posing = 'Plugins: root_detection Parameters: root_detection Root Detection: In-App Detection';
  await service.addFaults([
    {
      times: 'always',
      do: {
        kind: 'certificate',
        appName: `root_detection ${posing}`,
        fusionSetName: `X" FUSION SET Plugins: root_detection`,
        annotation: `${posing} ${HOSTILE_TEXT}`,
        signer: `CN=root_detection, O=Plugins: root_detection`,
        user: `Root Detection: In-App Detection`,
      },
    },
  ]);
  const end = await runCli([...job, '--required-features', 'Root Detection'], { env });
  expect([6, 8]).toContain(end.exit);
  expect(end.result?.certificate.features.map((feature) => feature.name)).not.toContain('Root Detection');
  expectHarmless(end);
});
