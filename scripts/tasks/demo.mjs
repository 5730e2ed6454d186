import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildBundles } from '../bundles.mjs';

/**
 * The whole job on a third-party app, against the embedded build service: once with requirements that the build meets, once with one that
 * it does not. Everything is left in demo-output/ for a look.
 */

const OUTPUT = 'demo-output';
const CLI = path.join('cli', 'dist', 'fusegate.cjs');
const SERVICE = path.join('emulator', 'dist', 'server.cjs');
/** Only valid on loopback; printed, because the demo is also a recipe. */
const API_KEY = 'rehearsal-key';
/** Any SHA-256 will do here: with private signing you sign the app yourself, with the certificate of this fingerprint. */
const FINGERPRINT = createHash('sha256').update('the certificate that you will sign with').digest('hex').toUpperCase();

const JOBS = [
  {
    title: 'A build that has what is required',
    dir: 'passing',
    required: ['Root Detection', 'Detect Unknown Sources', 'Proxy Detection'],
    expected: { exit: 0, verdict: 'pass' },
  },
  {
    title: 'The same build, but the team also requires Rate-Limit Connections',
    dir: 'stopped',
    required: ['Root Detection', 'Detect Unknown Sources', 'Rate-Limit Connections'],
    expected: { exit: 6, verdict: 'fail' },
  },
];

/** @param {string} text */
function heading(text) {
  console.log(`\n${'─'.repeat(96)}\n${text}\n${'─'.repeat(96)}`);
}

/**
 * Starts the embedded build service.
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
function startService() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SERVICE, '--port', '0', '--data-dir', path.join(OUTPUT, 'service')], {
      env: { ...process.env, FUSEGATE_EMULATOR_API_KEY: API_KEY },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed)?.[1];
      if (url) resolve({ url, stop: () => child.kill('SIGTERM') });
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the embedded build service ended with ${code} before it was ready`)));
  });
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<number>}
 */
function runCli(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

/** @param {Array<{ name: string, durationMs: number, requests: number }>} stages */
function stageTable(stages) {
  const rows = stages.map(
    (stage) =>
      `  ${stage.name.padEnd(10)} ${(stage.durationMs / 1000).toFixed(2).padStart(7)} s   ${String(stage.requests).padStart(3)} requests`,
  );
  return rows.join('\n');
}

export async function main() {
  const started = performance.now();
  heading('1  Building the bundles');
  await buildBundles();
  console.log(`${CLI} and ${SERVICE} in ${((performance.now() - started) / 1000).toFixed(1)} s`);

  const require = createRequire(path.resolve('test', 'package.json'));
  const settings = path.dirname(require.resolve('io.appium.settings/package.json'));
  const app = path.join(settings, 'apks', 'settings_apk-debug.apk');
  if (!existsSync(app)) throw new Error(`the demo's app is not at ${app}`);

  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const service = await startService();
  let wrong = 0;
  /** @type {string[]} */
  const endings = [];
  try {
    const state = /** @type {any} */ (await (await fetch(`${service.url}/__emulator/state`)).json());
    const set = state.fusionSets.find((/** @type {{ platform?: string }} */ one) => one.platform === 'android');
    heading(`2  The embedded build service listens on ${service.url}`);
    console.log(
      'It speaks the public build protocol on this machine. What it issues is synthetic: a rehearsal, never a real certificate.',
    );
    console.log(`Fusion Set ${set.id} "${set.name}"`);
    console.log('App        io.appium.settings 8.0.10, settings_apk-debug.apk, from npm');

    for (const [index, job] of JOBS.entries()) {
      const dir = path.join(OUTPUT, job.dir);
      heading(`${index + 3}  ${job.title}`);
      const args = [
        'run',
        '--app',
        app,
        '--fusion-set-id',
        set.id,
        '--sign',
        'private',
        '--signing-fingerprint',
        FINGERPRINT,
        '--required-features',
        job.required.join(', '),
        '--output-dir',
        dir,
      ];
      const shown = args
        .map((arg) => (/[ ,]/.test(arg) ? `"${arg}"` : arg))
        .join(' ')
        .replace(app, 'settings_apk-debug.apk');
      console.log(`$ node ${CLI} ${shown}\n`);
      const exit = await runCli(args, { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url });
      const result = JSON.parse(readFileSync(path.join(dir, 'fusegate-result.json'), 'utf8'));
      console.log(`\n${stageTable(result.stages)}`);
      const asExpected = exit === job.expected.exit && result.verdict === job.expected.verdict;
      if (!asExpected) wrong += 1;
      endings.push(
        `${asExpected ? 'ok   ' : 'WRONG'}  ${job.dir.padEnd(8)} exit ${exit}, verdict ${result.verdict}, see ${dir}/`,
      );
    }
  } finally {
    service.stop();
  }
  heading('5  What happened');
  for (const ending of endings) console.log(ending);
  console.log(
    `\nTotal ${((performance.now() - started) / 1000).toFixed(1)} s. Open demo-output/stopped/fusegate-report.html in a browser, or read fusegate-summary.md beside it.`,
  );
  return wrong === 0 ? 0 : 1;
}
