/**
 * The whole job on a real app, against the build service that comes with Fusegate: a build that passes, the same build judged again with
 * one more requirement, which stops it, and an app that is stopped before its upload until it listens for a Threat-Event. Everything stays in
 * demo-output/.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { buildBundles } from '../bundles.mjs';
import { CANCELLED, Cancelled, plainEnvironment, runCli, startService } from '../demo/processes.mjs';
import { Screen, seconds } from '../demo/screen.mjs';
import { appOfNpm } from '../npm-app.mjs';

const OUTPUT = 'demo-output';
const CLI = path.resolve('cli', 'dist', 'fusegate.cjs');
/** Only valid on loopback. */
const API_KEY = 'rehearsal-key';
/** A small Fusion Set, as a team has one that has just started. */
const FUSION_SET = { id: 'a0000003-c6f0-11f1-8aaa-0242ac120002', name: 'Rehearsal: small' };
/** Its protections only detect. Which listeners are missing is looked up in the app. */
const DETECTING_SET = 'a0000006-c6f0-11f1-8aaa-0242ac120002';
/** What a team adds to the app so that it listens; build.sh beside it makes it. */
const LISTENERS = path.join('scripts', 'demo', 'listeners', 'classes.dex');
/** Synthetic, and trusted by nobody (test/fixtures/credentials/README.md). */
const KEYSTORE = { file: path.join('test', 'fixtures', 'credentials', 'android-modern.p12'), password: 'store pass' };

const POLICY = `version: 1
require:
  - Anti-Tampering
  - Anti-Debugging
  - Proxy Detection
`;
const ONE_MORE = 'Root Detection';
const DETECTION_POLICY = `version: 1
require:
  - feature: ${ONE_MORE}
    threat-events: in-app-detection
`;

/** @param {string[]} [args] a new folder, instead of demo-output */
export async function main([output = OUTPUT] = []) {
  const screen = new Screen(process.stdout, process.env);
  screen.line(screen.bold('\nFusegate: no app ships without the protections that you require'));
  screen.line('A real Android app, the real command line, and a build service on this machine:');
  screen.line('no account, no network.');

  screen.heading('1  Build Fusegate');
  await screen.during('building the command line from its sources', (told) =>
    buildBundles(['cli'], { told: (done, total) => told(`${done} of ${total} files`) }),
  );
  const began = performance.now();
  if (output === OUTPUT) rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  copyFileSync(appOfNpm(), path.join(output, 'app.apk'));
  copyFileSync(KEYSTORE.file, path.join(output, 'release.p12'));
  writeFileSync(path.join(output, 'policy.yml'), POLICY);
  writeFileSync(path.join(output, 'detect.yml'), DETECTION_POLICY);

  screen.heading('2  What a pipeline has: a build service, an app, a policy');
  const plain = plainEnvironment(process.env);
  const options = ['--port', '0', '--data-dir', path.join(output, 'service'), '--time-scale', '0.25'];
  const service = await startService(CLI, options, {
    ...plain,
    FUSEGATE_EMULATOR_API_KEY: API_KEY,
  });
  try {
    const exit = await rehearse(screen, output, service.url, plain);
    screen.line(screen.dim(`\nSteps 2 to 5 took ${seconds(performance.now() - began)}.`));
    return exit;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    screen.line('\nThe demo was cancelled.');
    return CANCELLED;
  } finally {
    await service.stop();
  }
}

/**
 * @param {Screen} screen
 * @param {string} output
 * @param {string} url
 * @param {NodeJS.ProcessEnv} plain
 * @returns {Promise<number>} 0 if everything ended as this demo says
 */
async function rehearse(screen, output, url, plain) {
  const settings = {
    APPDOME_SERVER_BASE_URL: url,
    FUSEGATE_FUSION_SET_ID: FUSION_SET.id,
    FUSEGATE_SIGN: 'on-appdome',
    FUSEGATE_KEYSTORE: 'release.p12',
    FUSEGATE_KEYSTORE_ALIAS: 'release',
    // This service needs a quarter of a second for a step.
    FUSEGATE_POLL_MIN: '100ms',
    // Steps 3 and 4 are about the certificate.
    FUSEGATE_LISTENERS: 'off',
  };
  const { password } = KEYSTORE;
  const secrets = { APPDOME_API_KEY: API_KEY, FUSEGATE_KEYSTORE_PASSWORD: password, FUSEGATE_KEY_PASSWORD: password };
  const env = { ...plain, ...settings, ...secrets };
  screen.line(`Service     ${url}, a rehearsal: its certificates are synthetic`);
  screen.line(`Fusion Set  "${FUSION_SET.name}"`);
  screen.line('App         Appium Settings 8.0.10 (io.appium.settings), 3 MB, from npm');
  screen.line('Policy      Anti-Tampering, Anti-Debugging and Proxy Detection are required');
  screen.line('Settings    a keystore and the API key, as variables of the job');

  screen.heading('3  Protect the app, and require what the policy says');
  const first = await job(screen, { cwd: output, env }, [
    ['--app', 'app.apk'],
    ['--policy', 'policy.yml'],
    ['--output-dir', 'passing'],
  ]);

  screen.heading(`4  The same build, judged again: the team now requires ${ONE_MORE} too`);
  screen.line(screen.dim('Nothing is built or paid for again; the certificate of step 3 is read once more.\n'));
  const second = await job(screen, { cwd: output, env }, [
    ['--build-id', first.buildId],
    ['--policy', 'policy.yml'],
    ['--required-features', ONE_MORE],
    ['--output-dir', 'stopped'],
  ]);

  screen.heading(`5  ${ONE_MORE} that only detects: does the app listen?`);
  screen.line(screen.dim('In-App Detection only tells the app. Fusegate looks for a listener first.\n'));
  const detecting = { cwd: output, env: { ...env, FUSEGATE_FUSION_SET_ID: DETECTING_SET } };
  const third = await job(screen, detecting, [
    ['--app', 'app.apk'],
    ['--policy', 'detect.yml'],
    ['--listeners', 'fail'],
    ['--output-dir', 'deaf'],
  ]);
  screen.line(screen.dim('\nThe same app, with listeners that `fusegate threat-events` wrote:\n'));
  writeFileSync(path.join(output, 'listening.apk'), withListeners(readFileSync(path.join(output, 'app.apk'))));
  const fourth = await job(screen, detecting, [
    ['--app', 'listening.apk'],
    ['--policy', 'detect.yml'],
    ['--listeners', 'fail'],
    ['--output-dir', 'listening'],
  ]);

  const passed = first.exit === 0 && first.verdict === 'pass';
  const stopped = second.exit === 6 && second.missing === ONE_MORE && second.buildId === first.buildId;
  const unheard = third.exit === 6 && third.missing === ONE_MORE && third.appId === '';
  const heard = fourth.exit === 0 && fourth.verdict === 'pass';
  screen.heading('6  What happened');
  tell(screen, passed, 'exit 0: everything required is proven, and the app may ship', first);
  tell(screen, stopped, `exit 6: ${ONE_MORE} is missing, and the app is held back`, second);
  tell(screen, unheard, 'exit 6: nobody would hear of a rooted device, and nothing was uploaded', third);
  tell(screen, heard, 'exit 0: the app listens, and may ship', fourth);
  screen.line('\nLook at the report of the stopped build next, in a browser:');
  screen.line(`  ${screen.bold(path.join(output, 'stopped', 'fusegate-report.html'))}`);
  screen.line('Then try an app of your own; this prints the lines to paste:');
  screen.line(`  ${screen.bold('node cli/dist/fusegate.cjs emulator')}`);
  return passed && stopped && unheard && heard ? 0 : 1;
}

/**
 * One job, as a pipeline runs it.
 * @param {Screen} screen
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} place
 * @param {Array<[option: string, value: string]>} options the last one names the output folder
 */
async function job(screen, place, options) {
  screen.command([
    'fusegate run',
    ...options.map(([name, value]) => `${name} ${/\s/.test(value) ? `"${value}"` : value}`),
  ]);
  const exit = await runCli(CLI, ['run', ...options.flat()], place);
  const dir = options.at(-1)?.[1] ?? '';
  const { verdict, ids, missingFeatures, files } = JSON.parse(
    readFileSync(path.join(place.cwd, dir, 'fusegate-result.json'), 'utf8'),
  );
  const app = files.find((/** @type {{ role: string }} */ { role }) => /^(?:protected|rejected)-app$/.test(role));
  return {
    dir,
    exit,
    verdict,
    appId: ids.appId ?? '',
    buildId: ids.buildId ?? '',
    missing: missingFeatures.join(', '),
    app: app && path.relative('', app.path),
  };
}

/**
 * @param {Screen} screen
 * @param {boolean} asExpected
 * @param {string} expected
 * @param {Awaited<ReturnType<typeof job>>} found
 */
function tell(screen, asExpected, expected, { dir, exit, verdict, missing, app }) {
  if (asExpected) screen.line(`${screen.green('✓')} ${expected}${app === undefined ? '' : `\n    ${app}`}`);
  else
    screen.line(
      `${screen.red('NOT AS EXPECTED')} ${dir}: exit ${exit}, verdict ${verdict}, missing: ${missing || 'nothing'}`,
    );
}

/** @param {Buffer} app */
function withListeners(app) {
  return zipSync({ ...unzipSync(app), 'classes10.dex': readFileSync(LISTENERS) }, { level: 1 });
}
