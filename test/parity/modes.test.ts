/**
 * From the build to the store on every system: gate on a build and on files, validate on an app that was signed locally, verify in the
 * deploy job. Each where it passes and where it must not.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Job } from '../adapters/support/every-adapter.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { type CliEnd, runCli, temporaryFolder } from '../e2e/support/cli.ts';
import { sha256Of } from '../e2e/support/received.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { asIfReal, signLocally } from '../e2e/support/signed-app.ts';
import { type ParityRow, sameEverywhere } from './same-everywhere.ts';

const OTHER_BUILD = '99999999-631e-11f0-811d-012fa289ddab';
let service: Service;
let sealed: CliEnd;
/** The app as its owner signed it, and the result of the run that validate has bound to it. */
let signed: string;
let bound: string;
let changed: string;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('small');
  const env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  sealed = await runCli(
    [
      ...['run', '--app', settingsApk(), '--fusion-set-id', set.id, '--sign', 'private'],
      ...['--signing-fingerprint', 'd4'.repeat(32), '--required-features', 'Anti-Debugging'],
    ],
    { env },
  );
  signed = signLocally(path.join(sealed.dir, 'settings_apk-debug.apk'));
  const validated = await runCli(['validate', '--app', signed, '--result', resultFile()], { env });
  bound = path.join(validated.dir, 'fusegate-result.json');
  changed = path.join(temporaryFolder(), 'signed.apk');
  copyFileSync(signed, changed);
  writeFileSync(changed, 'x', { flag: 'a' });
});
afterAll(() => service.stop());

const resultFile = () => path.join(sealed.dir, 'fusegate-result.json');
const buildId = () => sealed.result?.ids.buildId ?? '';
const certificate = () => path.join(sealed.dir, 'private/certificate.pdf');
const unreadable = () => {
  const file = path.join(temporaryFolder(), 'certificate.pdf');
  writeFileSync(file, '%PDF-1.7 and nothing after it');
  return file;
};
const failed = () => {
  const file = path.join(temporaryFolder(), 'fusegate-result.json');
  const result = JSON.parse(readFileSync(resultFile(), 'utf8'));
  writeFileSync(file, JSON.stringify({ ...result, verdict: 'fail', exitCode: 6, missingFeatures: ['Anti-Debugging'] }));
  return file;
};

const notAResult = () => {
  const file = path.join(temporaryFolder(), 'fusegate-result.json');
  writeFileSync(file, '{"verdict":"pass"}');
  return file;
};

function online(options: Job['options']): Job {
  return { options: { 'api-key': API_KEY, 'server-url': service.url, ...options } };
}
const gate = (options: Job['options'] = {}) =>
  online({ mode: 'gate', 'build-id': buildId(), 'required-features': 'Anti-Debugging', ...options });
const validate = (options: Job['options'] = {}) =>
  online({ mode: 'validate', app: signed, result: resultFile(), ...options });
/** The deploy job has no key and no network. */
const verify = (options: Job['options'] = {}): Job => ({
  options: { mode: 'verify', app: signed, result: asIfReal(bound), ...options },
});

const PASS = { red: false, exit: 0, verdict: 'pass' };
const GATE: ParityRow[] = [
  {
    name: 'gate: a build that exists passes, without its app',
    job: () => gate(),
    expected: {
      ...PASS,
      outputs: () => ({ 'build-id': buildId(), 'missing-features': '', 'protected-app': '' }),
      said: [/PASS/],
    },
  },
  {
    name: 'gate: a build that exists fails',
    job: () => gate({ 'required-features': 'Anti-Debugging, Detect Developer Options' }),
    expected: {
      ...{ red: true, exit: 6, verdict: 'fail' },
      outputs: () => ({ 'missing-features': 'Detect Developer Options' }),
      said: [/FAIL/, /Detect Developer Options/],
    },
  },
  {
    name: 'gate: warn is green, and the verdict says what it is',
    job: () => gate({ gate: 'warn', 'required-features': 'Detect Developer Options' }),
    expected: {
      red: false,
      exit: 0,
      verdict: 'fail',
      outputs: () => ({ 'missing-features': 'Detect Developer Options' }),
    },
  },
  {
    name: 'gate: a build of nobody',
    job: () => gate({ 'build-id': OTHER_BUILD }),
    expected: { red: true, exit: 5, verdict: 'error', said: [/service\.refused/] },
  },
  {
    name: 'gate: a certificate file passes, with no key',
    job: () => ({ options: { mode: 'gate', certificate: certificate(), 'required-features': 'Anti-Debugging' } }),
    expected: { ...PASS, said: [/PASS/] },
  },
  {
    name: 'gate: a certificate file fails',
    job: () => ({
      options: { mode: 'gate', certificate: certificate(), 'required-features': 'Detect Developer Options' },
    }),
    expected: { red: true, exit: 6, verdict: 'fail', said: [/Detect Developer Options/] },
  },
  {
    name: 'gate: a certificate that cannot be read is no verdict',
    job: () => {
      const file = unreadable();
      return { options: { mode: 'gate', certificate: file, 'required-features': 'Anti-Debugging' } };
    },
    expected: { red: true, exit: 8, verdict: 'error', said: [/certificate\.pdf-unreadable|certificate\.none/] },
  },
  {
    name: 'gate: nothing to judge and nothing required is a wrong input',
    job: () => online({ mode: 'gate' }),
    expected: {
      red: true,
      exit: 2,
      verdict: 'error',
      said: [/build-?_?id/i, /required-?_?features/i, /Nothing was sent/],
    },
  },
];

const VALIDATE: ParityRow[] = [
  {
    name: 'validate: the signed app of this build is bound to its result',
    job: () => validate(),
    expected: {
      ...PASS,
      outputs: () => ({ 'protected-app': signed, sha256: sha256Of(signed), 'build-id': buildId() }),
      said: [/PASS/],
    },
  },
  {
    name: 'validate: by its build alone it proves the file and judges nothing',
    job: () => online({ mode: 'validate', app: signed, 'build-id': buildId() }),
    expected: { red: false, exit: 0, verdict: 'not-evaluated', outputs: () => ({ sha256: sha256Of(signed) }) },
  },
  {
    name: 'validate: the sealed app, which nobody signed',
    job: () => validate({ app: path.join(sealed.dir, 'settings_apk-debug.apk') }),
    expected: { red: true, exit: 6, verdict: 'error', said: [/validation\.rejected/] },
  },
  {
    name: 'validate: the app of another build',
    job: () => online({ mode: 'validate', app: signed, 'build-id': OTHER_BUILD }),
    expected: { red: true, exit: 6, verdict: 'error', said: [/validation\.rejected/] },
  },
  {
    name: 'validate: a result that is no pass is not made one',
    job: () => validate({ result: failed() }),
    expected: { red: true, exit: 6, verdict: 'error', said: [/result\.not-a-pass/] },
  },
  {
    name: 'validate: a refused key',
    job: () => validate({ 'api-key': 'not-the-key-1234' }),
    expected: { red: true, exit: 3, verdict: 'error', said: [/auth\.rejected/] },
  },
  {
    name: 'validate: without an app and a result is a wrong input',
    job: () => online({ mode: 'validate' }),
    expected: { red: true, exit: 2, verdict: 'error', said: [/app is missing/, /result is missing/] },
  },
];

const VERIFY: ParityRow[] = [
  {
    name: 'verify: the very file that passed',
    job: () => verify({ 'max-age': '1d' }),
    expected: {
      ...PASS,
      outputs: () => ({ 'protected-app': signed, sha256: sha256Of(signed), 'build-id': buildId(), 'rejected-app': '' }),
      said: [/Fusegate VERIFIED: signed\.apk is the app that passed/, /bound to this file by Appdome/],
    },
  },
  {
    name: 'verify: a file that was changed since',
    job: () => verify({ app: changed }),
    expected: {
      ...{ red: true, exit: 8, verdict: 'error' },
      outputs: () => ({ 'protected-app': '', sha256: sha256Of(changed) }),
      said: [/Fusegate NOT VERIFIED: signed\.apk may not be deployed/, /result\.refused/],
    },
  },
  {
    name: 'verify: a rehearsal',
    job: () => verify({ result: bound }),
    expected: { red: true, exit: 8, verdict: 'error', said: [/NOT VERIFIED/, /rehearsal/] },
  },
  {
    name: 'verify: a rehearsal, where the deploy job is rehearsed',
    job: () => verify({ result: bound, rehearsal: 'true' }),
    expected: {
      ...PASS,
      outputs: () => ({ 'protected-app': signed, sha256: sha256Of(signed) }),
      said: [/REHEARSAL VERIFIED: signed\.apk/, /server\.rehearsal|may not be released/],
    },
  },
  {
    name: 'verify: a real result, where the deploy job is rehearsed',
    job: () => verify({ rehearsal: 'true' }),
    expected: {
      ...{ red: true, exit: 8, verdict: 'error' },
      outputs: () => ({ 'protected-app': '' }),
      said: [/NOT VERIFIED/, /result\.refused/],
    },
  },
  {
    name: 'verify: a result that is no pass',
    job: () => verify({ result: failed() }),
    expected: { red: true, exit: 6, verdict: 'fail', said: [/NOT VERIFIED/, /result\.not-a-pass/] },
  },
  {
    name: 'verify: a result that is too old',
    job: () =>
      verify({
        result: asIfReal(bound, (result) => {
          result.finishedAt = '2020-01-01T00:00:00.000Z';
        }),
        'max-age': '7d',
      }),
    expected: { red: true, exit: 8, verdict: 'error', said: [/NOT VERIFIED/, /old/] },
  },
  {
    name: 'verify: another policy than the deploy job asks for',
    job: () => verify({ 'policy-sha256': '0'.repeat(64) }),
    expected: { red: true, exit: 8, verdict: 'error', said: [/NOT VERIFIED/, /policy/] },
  },
  {
    name: 'verify: what is no result',
    job: () => verify({ result: notAResult() }),
    expected: { red: true, exit: 8, verdict: 'error', said: [/NOT VERIFIED/, /result\.refused/] },
  },
  {
    name: 'verify: without a result is a wrong input',
    job: () => ({ options: { mode: 'verify', app: signed } }),
    expected: { red: true, exit: 2, verdict: 'error', said: [/result is missing/] },
  },
];

sameEverywhere(
  [...GATE, ...VALIDATE, ...VERIFY],
  () => service,
  () => [buildId(), OTHER_BUILD],
);
