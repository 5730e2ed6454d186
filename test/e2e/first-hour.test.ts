/**
 * The first hour of a new user, with the pages only: README.md from a fresh clone whose bundles are built, docs/first-weeks.md in its order,
 * and the commands of docs/where-things-come-from.md. What the emulator prints to be pasted is pasted.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseOptions } from '@fusegate/shared/options/parse-options';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FencedBlock, fencedBlocks, textOf } from '../adapters/support/fenced-blocks.ts';
import { ROOT, temporaryFolder } from './support/cli.ts';
import { COMPILED_ONCE, TEST_TIME } from './support/test-time.ts';

const posix = process.platform !== 'win32';
const running: ChildProcess[] = [];
const keytool = has('keytool');
afterAll(() => {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
});

/** `fusegate` on the PATH, as the pages call it. */
const bin = temporaryFolder('fusegate-bin-');
writeFileSync(
  path.join(bin, 'fusegate'),
  `#!/bin/sh\nexec node '${COMPILED_ONCE}' '${ROOT}/cli/dist/fusegate.cjs' "$@"\n`,
);
chmodSync(path.join(bin, 'fusegate'), 0o755);

const env = {
  PATH: `${bin}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
  HOME: process.env['HOME'] ?? '',
  TMPDIR: os.tmpdir(),
  ...TEST_TIME,
  ANDROID_KEYSTORE_PASS: 'store pass',
  ANDROID_KEY_PASS: 'key pass',
  IOS_P12_PASSWORD: 'p12 pass',
};

interface ShellEnd {
  status: number | null;
  stdout: string;
  /** Both streams. */
  text: string;
}

/** A script in a shell of its own, as a new terminal is. */
function sh(script: string, cwd: string, variables: NodeJS.ProcessEnv = env): Promise<ShellEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-e', '-c', script], { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, text }));
  });
}

/** Leaves a script running and waits until the emulator that it starts is ready. @returns the lines to paste */
function startEmulator(
  script: string,
  cwd: string,
  variables = env,
): Promise<{ settings: string; green: string; red: string }> {
  // A group of its own: the shell and the emulator end together.
  const child = spawn('sh', ['-e', '-c', script], {
    cwd,
    env: variables,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  running.push(child);
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${printed}`)));
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (!printed.includes('Ctrl+C')) return;
      const [settings = '', green = '', red = ''] = printed.match(/^ {2}(?:export .*|\S+(?: \S+)? run .*)$/gm) ?? [];
      resolve({ settings, green, red });
    });
  });
}

const shellBlocks = (page: string) => fencedBlocks(page).filter(({ language }) => language === 'sh');

/** The block that has a text. */
function blockWith(blocks: readonly FencedBlock[], text: string): string {
  const found = blocks.find((block) => block.text.includes(text));
  if (!found) throw new Error(`no block with ${text}`);
  return found.text;
}

describe.runIf(posix)('README.md', () => {
  const blocks = shellBlocks('README.md');
  const cwd = temporaryFolder();
  /** A clone as a build leaves it. */
  const clone = temporaryFolder('fusegate-clone-');
  const setUp = blockWith(blocks, 'npm run build').replace(/^npm run build.*\n/m, '');
  /** No `fusegate` but the one that the page makes. */
  const bare = { ...env, PATH: env.PATH.replace(`${bin}${path.delimiter}`, '') };
  let lines: Awaited<ReturnType<typeof startEmulator>>;

  beforeAll(async () => {
    cpSync(path.join(ROOT, 'cli/dist'), path.join(clone, 'cli/dist'), { recursive: true });
    lines = await startEmulator(`${setUp}\n${blockWith(blocks, 'fusegate emulator')}`, clone, bare);
  });

  it('makes a command that scripts find too', async () => {
    const { status, stdout } = await sh(`${setUp}\ncd /\nsh -c 'fusegate --version'`, clone, bare);
    expect(stdout).toMatch(/^fusegate \d+\.\d+/m);
    expect(status).toBe(0);
  });

  it('rehearses a green run', async () => {
    const { status, text } = await sh(`${lines.settings}\n${lines.green}`, cwd);
    expect(text).toContain('verdict: pass');
    expect(status).toBe(0);
    const { findings } = JSON.parse(readFileSync(path.join(cwd, 'fusegate-output/app/fusegate-result.json'), 'utf8'));
    // What is true of such a job with the service, too, and that it is a rehearsal: nothing else about the stand-in is worth a warning.
    expect(findings.map(({ code }: { code: string }) => code).sort()).toEqual([
      'binding.unconfirmed',
      'feature.not-enforced',
      'server.rehearsal',
    ]);
  });

  it('judges the certificate that the rehearsal left', async () => {
    copyFileSync(path.join(cwd, 'fusegate-output/app/private/certificate.pdf'), path.join(cwd, 'certificate.pdf'));
    const { status, text } = await sh(blockWith(blocks, 'fusegate gate'), cwd);
    expect(text).toContain('verdict: pass');
    expect(text).toContain('fusegate-output/certificate-gate/');
    expect(status).toBe(0);
  });

  it('rehearses a red run', async () => {
    const { status, text } = await sh(`${lines.settings}\n${lines.red}`, cwd);
    expect(text).toContain('verdict: fail');
    expect(text).toMatch(/missing: Root Detection/);
    expect(status).toBe(6);
    expect(existsSync(path.join(cwd, 'fusegate-output/app/fusegate-report.html'))).toBe(true);
  });
});

describe.runIf(posix)('docs/first-weeks.md', () => {
  const [start, ...rest] = fencedBlocks('docs/first-weeks.md');
  const cwd = temporaryFolder();
  let settings: string;

  beforeAll(async () => {
    const lines = await startEmulator(start?.text ?? '', cwd);
    settings = lines.settings;
    const { status, text } = await sh(`${settings}\n${lines.green}`, cwd);
    expect(text).toContain('verdict: pass');
    expect(status).toBe(0);
  });

  /** A policy as the page says: these lines take the place of those of the same keys, which are there, most of them as comments. */
  function writePolicy(text: string): void {
    const file = path.join(cwd, 'fusegate-policy.yml');
    let policy = readFileSync(file, 'utf8');
    for (const line of text.trim().split('\n')) {
      const key = line.split(':')[0] ?? '';
      const there = new RegExp(`^(# )?${key}: .*$`, 'm');
      // The page says which line is new.
      if (key === 'locked') policy += `${line}\n`;
      else expect(policy, `policy init writes a line of ${key}`).toMatch(there);
      policy = policy.replace(there, line);
    }
    writeFileSync(file, policy);
  }

  it('names lines that policy init writes as comments', async () => {
    const { stdout } = await sh(
      'fusegate policy init --certificate fusegate-output/app/private/certificate.pdf --output -',
      cwd,
    );
    const page = textOf('docs/first-weeks.md');
    for (const [, line = ''] of page.matchAll(/remove the `#` from `([a-z-]+(?:: \S+)?)`/gi)) {
      expect(stdout).toContain(`# ${line}`);
    }
  });

  // In the order of the page: each uses what the ones before it left.
  it.each(rest.map(({ line, language, text }) => ({ line, language, text })))(
    'line $line',
    async ({ language, text }) => {
      if (text.includes('cases:')) writeFileSync(path.join(cwd, 'fusegate-policy-test.yml'), text);
      else if (language !== 'sh') writePolicy(text);
      // The real deploy job: its digest and its app are the reader's.
      else if (!text.includes('HEX') && (keytool || !text.includes('keytool'))) {
        // As in a new terminal: what the step needs is in its text.
        const { ANDROID_KEYSTORE_PASS: _, ANDROID_KEY_PASS: __, ...plain } = env;
        const end = await sh(`${settings}\n${text}`, cwd, plain);
        expect(end, end.text).toMatchObject({ status: 0 });
      }
    },
  );
});

function has(tool: string): boolean {
  return spawnSync(tool, ['--help'], { stdio: 'ignore' }).error === undefined;
}

describe.runIf(posix)('docs/where-things-come-from.md', () => {
  const blocks = shellBlocks('docs/where-things-come-from.md');
  const cwd = temporaryFolder();
  const openssl = has('openssl');
  const file = (name: string) => path.join(cwd, name);

  beforeAll(() => {
    copyFileSync(path.join(ROOT, 'test/fixtures/credentials/android.jks'), file('release.jks'));
    if (!openssl) return;
    const subject = '/CN=Apple Distribution: Synthetic (SYNTH12345)';
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'distribution.key'];
    const certificate = ['-outform', 'DER', '-out', 'distribution.cer', '-subj', subject, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...key, ...certificate], { cwd, stdio: 'ignore' });
    copyFileSync(file('distribution.cer'), file('deployment_cert.der'));
  });

  /** The fingerprints that a script prints, each understood by `--signing-fingerprint` as it was printed. */
  async function fingerprints(script: string): Promise<string[]> {
    const { status, stdout, text } = await sh(script, cwd);
    expect(status, text).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((value) => {
        const options = parseOptions({ inputs: [{ name: 'signing-fingerprint', value }] }, {}, CLI);
        expect(options.problems).toEqual([]);
        return String(options.get('signing-fingerprint'));
      });
  }

  it.skipIf(!keytool)('finds the fingerprint in a keystore (keytool)', async () => {
    expect(await fingerprints(blockWith(blocks, 'keytool -list'))).toHaveLength(1);
  });

  it.skipIf(!keytool || !openssl)('finds the same one by each tool in a certificate (keytool, openssl)', async () => {
    const found = await fingerprints(blockWith(blocks, 'deployment_cert.der'));
    expect(found).toHaveLength(2);
    expect(new Set(found).size).toBe(1);
  });

  it.skipIf(!has('apksigner'))('finds the fingerprint of a signed app (apksigner)', async () => {
    const { settingsApk } = await import('./support/apps.ts');
    copyFileSync(settingsApk(), file('app-release.apk'));
    expect(await fingerprints(blockWith(blocks, 'apksigner'))).toHaveLength(1);
  });

  it('makes base64 that is the file (base64)', async () => {
    const { status, text } = await sh(
      blockWith(blocks, process.platform === 'darwin' ? 'base64 -i' : 'base64 -w'),
      cwd,
    );
    expect(status, text).toBe(0);
    const made = Buffer.from(readFileSync(file('release.jks.base64'), 'utf8'), 'base64');
    expect(made.equals(readFileSync(file('release.jks')))).toBe(true);
  });

  it.skipIf(!has('pwsh'))('makes the same base64 in PowerShell (pwsh)', () => {
    const script = fencedBlocks('docs/where-things-come-from.md').find(({ language }) => language === 'powershell');
    execFileSync('pwsh', ['-NoProfile', '-Command', script?.text ?? ''], { cwd });
    const made = Buffer.from(readFileSync(file('release.jks.base64'), 'utf8'), 'base64');
    expect(made.equals(readFileSync(file('release.jks')))).toBe(true);
  });

  it.skipIf(!openssl)('makes a .p12 and shows what is in it (openssl)', async () => {
    const { status, text } = await sh(`${blockWith(blocks, '-export')}\n${blockWith(blocks, '-nokeys')}`, cwd);
    expect(text).toContain('Apple Distribution: Synthetic');
    expect(status).toBe(0);
  });

  it.skipIf(!keytool)('turns a keystore into PKCS#12 (keytool)', async () => {
    const { status, text } = await sh(blockWith(blocks, '-importkeystore'), cwd);
    expect(status, text).toBe(0);
    const fresh = blockWith(blocks, 'keytool -list').replace('release.jks', 'release.p12');
    expect(await fingerprints(fresh)).toEqual(await fingerprints(blockWith(blocks, 'keytool -list')));
  });
});
