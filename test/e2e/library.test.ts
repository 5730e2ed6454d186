/** The client as a package of its own: packed, unpacked elsewhere, and used by a program that has nothing but it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../../scripts/library.mjs';
import { settingsApk } from './support/apps.ts';
import { temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PASSWORD = ' it\'s "$HOME";`id` %20 \\ Zoë🔑 ';

interface Manifest {
  name: string;
  private?: boolean;
  dependencies: Record<string, string>;
}

let folder: string;
let installed: string;
let packed: string[];
let manifest: Manifest;
let service: Service;

/** Packs as `npm publish` would, and puts it where Node looks; the dependencies of its manifest are those of the workspace. */
beforeAll(async () => {
  service = await startService();
  folder = temporaryFolder('fusegate-library-');
  await buildLibrary(path.join(folder, 'package'));
  const npm = (args: string[]) =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  const [pack] = JSON.parse(npm(['pack', './package', '--json', '--offline', '--ignore-scripts', '--silent'])) as [
    { filename: string; files: Array<{ path: string }> },
  ];
  packed = pack.files.map((file) => file.path);
  const modules = path.join(folder, 'consumer/node_modules');
  installed = path.join(modules, '@fusegate/shared');
  mkdirSync(installed, { recursive: true });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', path.join(folder, tarball), '--strip-components=1', '-C', installed]);
  manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    symlinkSync(path.join(ROOT, 'shared/node_modules', name), path.join(modules, name), 'junction');
  }
  mkdirSync(path.join(modules, '@types'));
  symlinkSync(path.join(ROOT, 'node_modules/@types/node'), path.join(modules, '@types/node'), 'junction');
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('holds the module, its types, the example, and nothing else', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'dist/index.js',
        'dist/types/index.d.ts',
        'examples/protect-app.mjs',
      ]),
    );
    const expected =
      /^(package\.json|README\.md|LICENSE|examples\/[\w-]+\.mjs|dist\/[\w-]+\.js|dist\/types\/.+\.d\.ts)$/;
    expect(packed.filter((file) => !expected.test(file))).toEqual([]);
    for (const file of packed) expect(readFileSync(path.join(installed, file), 'utf8')).not.toContain(ROOT);
  });

  it('can be published: not private, exact dependencies, none of the workspace', () => {
    expect(manifest.name).toBe('@fusegate/shared');
    expect(manifest.private).toBeUndefined();
    expect(Object.keys(manifest.dependencies).length).toBeGreaterThan(0);
    for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(['nodenext', 'bundler'])(
    'has types that %s resolution finds, with unknown for what is unknown',
    (resolution) => {
      const file = path.join(folder, 'consumer', `${resolution}.mts`);
      writeFileSync(
        file,
        `import { type CallContext, createClient, type FusegateError, readCertificate } from '@fusegate/shared';
       const client = createClient({ apiKey: 'k' });
       const context: CallContext = { stage: 'build', signal: AbortSignal.timeout(1) };
       const buildId: string = await client.fuse({ appId: 'a', fusionSetId: 'f', overrides: {} }, context);
       // @ts-expect-error nobody knows what is in it
       (await client.exportFusionSet('f', context)).name;
       // @ts-expect-error no such vendor
       await client.buildToTest({ appId: 'a', fusionSetId: 'f', overrides: {}, vendor: 'nope' }, context);
       const reading = await readCertificate('pdf', new Uint8Array());
       if (reading.ok) reading.document.features.map((feature) => feature.presence === 'present');
       export const use = (error: FusegateError) => [error.code === 'build.may-exist', buildId];`,
      );
      const module = resolution === 'bundler' ? 'esnext' : resolution;
      const flags = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node'];
      const done = spawnSync(
        process.execPath,
        [
          path.join(ROOT, 'node_modules/typescript/bin/tsc'),
          ...flags,
          ...['--module', module, '--moduleResolution', resolution, file],
        ],
        { cwd: path.join(folder, 'consumer'), encoding: 'utf8' },
      );
      expect(done.stdout).toBe('');
      expect(done.status).toBe(0);
    },
  );
});

describe('its example', () => {
  async function runExample(
    env: Record<string, string>,
  ): Promise<{ exit: number | null; stdout: string; stderr: string }> {
    const consumer = path.join(folder, 'consumer');
    const program = path.join(consumer, 'protect-app.mjs');
    writeFileSync(program, readFileSync(path.join(installed, 'examples/protect-app.mjs')));
    const { id } = await service.fusionSet('all detections');
    const keystore = path.join(ROOT, 'test/fixtures/credentials/android.jks');
    const args = [program, settingsApk(), id, keystore, path.join(consumer, 'protected.apk')];
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: consumer,
        env: { PATH: process.env.PATH, APPDOME_SERVER_BASE_URL: service.url, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const text = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].on('data', (chunk) => {
          text[name] += chunk;
        });
      }
      child.once('error', reject);
      child.once('close', (exit) => resolve({ exit, ...text }));
    });
  }

  const SIGNING = { ANDROID_KEYSTORE_PASS: PASSWORD, ANDROID_KEYSTORE_ALIAS: 'my key', ANDROID_KEY_PASS: PASSWORD };

  it('protects an app with the package alone, and the certificate is for that file', async () => {
    const end = await runExample({ APPDOME_API_KEY: API_KEY, ...SIGNING });
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    const protectedApp = readFileSync(path.join(folder, 'consumer/protected.apk'));
    expect(end.stdout).toContain(createHash('sha256').update(protectedApp).digest('hex'));
    expect(end.stdout).toMatch(/^proven: .*root_detection/m);
    expect(end.stdout).toContain('the certificate is for this file');
    expect(end.stdout).not.toContain(PASSWORD);
    const { requests, violations } = await service.state();
    expect(violations).toEqual([]);
    expect(
      requests.filter(({ method }) => method === 'POST').map(({ fields, path: at }) => fields?.action ?? at),
    ).toEqual([expect.stringContaining('upload-using-link'), 'fuse', 'sign']);
  });

  it('ends with the code of the error and what to do, without the key', async () => {
    const end = await runExample({ APPDOME_API_KEY: 'synthetic-wrong-key', ...SIGNING });
    expect(end.exit).toBe(3);
    expect(end.stderr).toContain('auth.rejected (upload)');
    expect(end.stderr).toContain('Check the API key');
    expect(end.stdout + end.stderr).not.toContain('synthetic-wrong-key');
  });
});
