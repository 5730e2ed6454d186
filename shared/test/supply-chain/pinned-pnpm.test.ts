/** npm against a registry on loopback that serves other bytes than those whose digests are committed. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const COMMITTED = path.join(ROOT, 'scripts/pnpm');

interface Lock {
  packages: Record<string, { version: string; integrity?: string; optionalDependencies?: Record<string, string> }>;
}
const read = <T>(file: string): T => JSON.parse(readFileSync(path.join(COMMITTED, file), 'utf8'));
const lock = read<Lock>('package-lock.json');
const PNPM = 'node_modules/pnpm';

const temporaryFolder = () => mkdtempSync(path.join(os.tmpdir(), 'fusegate-pnpm-'));
const digestOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A package as the registry delivers it. */
function tarball(name: string): Buffer {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'package/bin'), { recursive: true });
  writeFileSync(path.join(folder, 'package/package.json'), JSON.stringify({ name, version: '12.0.0' }));
  writeFileSync(path.join(folder, 'package/bin/pnpm.mjs'), '');
  execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
  return readFileSync(path.join(folder, 'package.tgz'));
}

const served = { wrapper: tarball('pnpm'), native: tarball('@pnpm/exe') };
const registry = http.createServer((request, response) => {
  const name = decodeURIComponent(request.url?.slice(1) ?? '');
  if (name.endsWith('.tgz')) response.end(name === 'pnpm.tgz' ? served.wrapper : served.native);
  else {
    // What a registry says of a package, as far as npm asks for it; its own digest is not what npm may trust.
    const { version = '' } = lock.packages[`node_modules/${name}`] ?? {};
    const dist = { tarball: `http://${request.headers.host}/${name}.tgz` };
    response.end(JSON.stringify({ name, versions: { [version]: { name, version, dist } } }));
  }
});
beforeAll(() => new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening)));
afterAll(() => {
  registry.close();
});

/** Installs with these digests instead of the committed ones. */
async function install(digests: { wrapper?: string; native?: string }): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  const changed = structuredClone(lock);
  for (const [name, entry] of Object.entries(changed.packages)) {
    const digest = name === PNPM ? digests.wrapper : digests.native;
    if (entry.integrity !== undefined && digest !== undefined) entry.integrity = digest;
  }
  writeFileSync(path.join(folder, 'package.json'), readFileSync(path.join(COMMITTED, 'package.json')));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(changed));
  const env = {
    PATH: process.env.PATH ?? '',
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
    npm_config_cache: temporaryFolder(),
    npm_config_userconfig: path.join(folder, 'none'),
    npm_config_fetch_retries: '0',
  };
  const script = pathToFileURL(path.join(ROOT, 'scripts/pinned-pnpm.mjs')).href;
  const code = `import { installPnpm } from '${script}'; console.log(JSON.stringify(installPnpm(process.argv[1])));`;
  // In a process of its own, because it waits for npm, and the registry is in this one.
  const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code, folder], { env });
  return JSON.parse(ran.stdout);
}

describe('pnpm', () => {
  it('is installed if its bytes have the digests of the lockfile', async () => {
    const installed = await install({ wrapper: digestOf(served.wrapper), native: digestOf(served.native) });
    expect(installed).toEqual({ program: expect.stringMatching(/pnpm\.mjs$/) });
  });

  it('is refused if its bytes differ', async () => {
    const installed = await install({ native: digestOf(served.native) });
    expect(installed).toEqual({ problem: expect.stringContaining('EINTEGRITY') });
  });

  it('is refused if the bytes of its native part differ, which npm takes as optional', async () => {
    const installed = await install({ wrapper: digestOf(served.wrapper) });
    expect(installed).toEqual({ problem: expect.stringContaining('package-lock.json') });
  });

  it('has a digest for every platform', () => {
    const { '': _, ...packages } = lock.packages;
    expect(Object.values(packages).filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
    const platforms = Object.keys(lock.packages[PNPM]?.optionalDependencies ?? {});
    expect(platforms.length).toBeGreaterThan(5);
    expect(Object.keys(packages).sort()).toEqual([...platforms.map((name) => `node_modules/${name}`), PNPM].sort());
  });
});
