/** The CLI as npm publishes it: packed, and run where nothing else is. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packNpmPackage } from '../../scripts/npm-package.mjs';
import { PUBLISH } from '../../scripts/publish.mjs';
import { runChild } from '../adapters/support/child-process.ts';
import { ROOT, temporaryFolder } from './support/cli.ts';
import { commandOfPackage } from './support/npx.ts';
import { TEST_TIME } from './support/test-time.ts';

const folder = temporaryFolder('fusegate-npm-');
const unpacked = path.join(folder, 'package');
const read = (name: string) => readFileSync(path.join(unpacked, name), 'utf8');
let tarball: string;
let entries: string[];

beforeAll(() => {
  tarball = packNpmPackage(folder);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  entries = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
});

describe('the package', () => {
  it('holds the command with its parts, notices, bill of materials, Dockerfile, and nothing else', () => {
    const beside = ['LICENSE', 'README.md', 'Dockerfile', 'package.json'];
    const built = /^package\/dist\/(?:[\w-]+\.(?:cjs|wasm)|fusegate\.licenses\.txt|fusegate\.cdx\.json)$/;
    for (const name of [...beside, 'dist/fusegate.cjs', 'dist/fusegate.licenses.txt', 'dist/fusegate.cdx.json']) {
      expect(entries).toContain(`package/${name}`);
    }
    expect(entries.filter((name) => !built.test(name) && !beside.includes(name.slice('package/'.length)))).toEqual([]);
    expect(read('dist/fusegate.cjs')).not.toContain(ROOT);
  });

  it('has a manifest without dependencies and scripts, with all that a provenance statement needs', () => {
    const manifest = JSON.parse(read('package.json'));
    const { version, engines } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      name: PUBLISH.npmPackage,
      version,
      engines,
      license: 'Apache-2.0',
      repository: { type: 'git', url: `git+${PUBLISH.repository}.git` },
      publishConfig: { access: 'public', provenance: true },
    });
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(path.basename(tarball)).toBe(`${PUBLISH.npmPackage}-${version}.tgz`);
  });

  it('is one that npm refuses to publish while the addresses are placeholders', () => {
    expect(JSON.parse(read('package.json')).private ?? false).toBe(PUBLISH.placeholder);
  });

  it('has a page whose links lead into the repository, to files that are there', () => {
    const { version } = JSON.parse(read('package.json'));
    const base = `${PUBLISH.repository}/blob/v${version}/`;
    const links = [...read('README.md').matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
    const ours = links.filter((link) => link.startsWith(base));
    expect(ours.length).toBeGreaterThan(4);
    expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]);
    for (const link of ours) expect(existsSync(path.join(ROOT, link.slice(base.length))), link).toBe(true);
  });

  it('has no time and no user in it', () => {
    const packed = readFileSync(tarball);
    // RFC 1952: the time of a gzip member.
    expect(packed.readUInt32LE(4)).toBe(0);
    const tar = gunzipSync(packed);
    const headers: Array<{ user: string; time: string }> = [];
    for (let at = 0; tar[at] !== 0; ) {
      const field = (offset: number, length: number) =>
        tar.toString('latin1', at + offset, at + offset + length).replaceAll(/[\0 ]/g, '');
      headers.push({ user: field(108, 16) + field(265, 64), time: field(136, 12) });
      at += 512 + 512 * Math.ceil(Number.parseInt(field(124, 12), 8) / 512);
    }
    expect(headers).toHaveLength(entries.length);
    expect(new Set(headers.map(({ time }) => time)).size).toBe(1);
    expect([...new Set(headers.map(({ user }) => user.replaceAll('0', '')))]).toEqual(['']);
  });
});

describe.runIf(process.platform !== 'win32')('from an empty folder, with an empty home', () => {
  const children: number[] = [];
  afterAll(() => {
    for (const pid of children) process.kill(-pid, 'SIGTERM');
  });

  it('npx judges a certificate, whose PDF a part reads', async () => {
    const cwd = temporaryFolder();
    copyFileSync(path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf'), path.join(cwd, 'certificate.pdf'));
    const { command, args, env } = commandOfPackage(tarball);
    const gate = ['gate', '--certificate', 'certificate.pdf', '--required-features', 'Root Detection'];
    const end = await runChild(command, [...args, ...gate], { cwd, env });
    expect(end.exit, end.stderr).toBe(0);
    expect(end.stdout).toContain('verdict: pass');
  });

  it('the file of a release rehearses a run without npm', async () => {
    const program = path.join(unpacked, 'dist/fusegate.cjs');
    const home = path.join(folder, 'home');
    mkdirSync(home);
    const env = { PATH: path.dirname(process.execPath), HOME: home, ...TEST_TIME };
    const cwd = temporaryFolder();
    const child = spawn(process.execPath, [program, 'emulator'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    if (child.pid !== undefined) children.push(child.pid);
    const printed = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('Ctrl+C')) resolve(text);
      });
    });
    const [settings, green] = printed.match(/^ {2}(?:export .*|\S+(?: \S+)? run .*)$/gm) ?? [];
    const script = `${settings}\n${green}`.replace(
      /^ {2}\S*(?:node \S+|fusegate\S*) run/m,
      `'${process.execPath}' '${program}' run`,
    );
    const end = await runChild('/bin/sh', ['-ec', script], { cwd, env });
    expect(end.exit, end.stdout + end.stderr).toBe(0);
    expect(end.stdout).toContain('verdict: pass');
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync(path.join(ROOT, 'cli/Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const named = (word: string) => lines.filter((line) => line.startsWith(`${word} `));

  it('starts from one image, an exact version by its digest', () => {
    expect(named('FROM')).toEqual([expect.stringMatching(/^FROM node:\d+\.\d+\.\d+-[\w-]*slim@sha256:[0-9a-f]{64}$/)]);
  });

  it('copies the package alone, fetches nothing, and does not run as root', () => {
    expect(named('COPY')).toEqual(['COPY package/ /opt/fusegate/']);
    expect(named('RUN')).toEqual(['RUN ln -s /opt/fusegate/dist/fusegate.cjs /usr/local/bin/fusegate']);
    expect(named('USER').at(-1)).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['FROM', 'COPY', 'RUN', 'USER', 'WORKDIR', 'CMD']);
  });
});
