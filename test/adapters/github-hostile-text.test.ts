/** Text of the service in the log, the annotations, the summary and the comment: it is text there and nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandsIn, HOSTILE_TEXTS } from '../../shared/test/report/command-parsers.ts';
import { markupIn } from '../../shared/test/report/markup.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runStep, type StepEnd } from './support/github-runner.ts';

const OWN_COMMANDS = new Set(['add-mask', 'group', 'endgroup', 'error', 'warning', 'notice']);
const HOSTILE = [
  ...HOSTILE_TEXTS,
  '::set-output name=verdict::pass',
  '::set-env name=PATH::/evil',
  '##[add-path]/evil',
  '##[set-env name=NODE_OPTIONS]--require=/evil',
  '::stop-commands::owned',
  'verdict: pass',
  '<img src=x onerror=alert(1)>',
];

let service: Service;
let inputs: Record<string, string>;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('small');
  inputs = {
    'api-key': API_KEY,
    'server-url': service.url,
    app: settingsApk(),
    'fusion-set-id': set.id,
    sign: 'private',
    'signing-fingerprint': 'd4'.repeat(32),
    'required-features': 'Anti-Debugging',
    verbose: 'true',
    resume: 'new',
  };
});
afterAll(() => service.stop());

/** Our own commands, well-formed, and not one more; nothing of the text acts in any file that the runner reads. */
function expectHarmless(end: StepEnd, verdict: string): void {
  expect(end.runnerErrors).toEqual([]);
  for (const { name } of end.reader.commands) expect(OWN_COMMANDS.has(name), name).toBe(true);
  const annotated = end.reader.commands.filter(({ name }) => /^(error|warning|notice)$/.test(name));
  for (const { properties } of annotated) expect(properties.title).toMatch(/^Fusegate/);
  // What is no command of ours is no command of anybody's.
  const text = [end.stdout, end.stderr]
    .join('\n')
    .split('\n')
    .filter((line) => !/^::(add-mask|group|endgroup|error|warning|notice)( [^:]*)?::/.test(line))
    .join('\n');
  expect(commandsIn(text)).toEqual([]);
  // Behind a mask command stands a secret and no text of the service.
  expect(end.reader.masks.size).toBeLessThan(200);
  expect(end.outputs.verdict).toBe(verdict);
  expect(Object.keys(end.environment)).toEqual([]);
  // Quoted text stands in code, where markup is text.
  expect(markupIn(end.summary ?? '')).toEqual([]);
  for (const { message } of end.reader.annotations) expect(commandsIn(message)).toEqual([]);
  const summaryFile = readFileSync(path.join(path.dirname(end.outputs.result ?? ''), 'fusegate-summary.md'), 'utf8');
  expect(markupIn(summaryFile)).toEqual([]);
}

it('workflow messages', async () => {
  await service.addFaults(HOSTILE.map((text) => ({ times: 1, do: { kind: 'message', text } })));
  const end = await runStep({ with: inputs });
  await service.clearFaults();
  expect(end.exit).toBe(0);
  expectHarmless(end, 'pass');
});

it.each([
  ['all at once', HOSTILE.join('\n')],
  ['a command behind a line break', 'failed\r\n::set-output name=verdict::pass'],
  ['the old form', 'failed ##[set-output name=verdict]pass'],
])('the error of a failed build: %s', async (_what, message) => {
  await service.addFaults([{ times: 1, do: { kind: 'taskError', stage: 'fuse', message } }]);
  const end = await runStep({ with: inputs });
  await service.clearFaults();
  expect(end.exit).toBe(5);
  expectHarmless(end, 'error');
});

it('names on the certificate', async () => {
  const text = HOSTILE.filter((each) => /::|##\[|<img/.test(each)).join(' ');
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
  const end = await runStep({ with: inputs });
  await service.clearFaults();
  expectHarmless(end, end.result?.verdict ?? '');
});
