import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OutputFolder } from '@fusegate/shared/files/output-folder';
import type { OutputFile } from '@fusegate/shared/model/build-outcome';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

const clock = new FakeClock();
const app = (at: string) => ({ path: at, name: path.basename(at), kind: 'apk' as const });

async function tree(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function put(dir: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }
}

const result = (files: unknown) => JSON.stringify({ tool: { name: 'fusegate' }, files });

describe('prepare', () => {
  it('makes the folders, the private one for its owner only', async () => {
    const dir = path.join(await temporaryFolder(), 'a', 'b');
    await mkdir(path.join(dir, 'private'), { recursive: true });
    await chmod(path.join(dir, 'private'), 0o777);
    const folder = new OutputFolder({ dir, clock });
    await folder.prepare();
    expect((await stat(folder.privateDir)).mode & 0o777).toBe(0o700);
    expect((await stat(folder.rejectedDir)).isDirectory()).toBe(true);
  });

  it('removes what an earlier run left, and nothing else', async () => {
    const dir = await temporaryFolder();
    const part = `.fusegate-${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}.part`;
    const mine = {
      'fusegate-result.json': result([
        { path: path.join(dir, 'old.apk'), size: 3 },
        { path: '/another/machine/out/rejected/older.aab', size: 3 },
      ]),
      'fusegate-report.html': 'x',
      'fusegate-junit.xml': 'x',
      'fusegate-statement.json': 'x',
      'private/certificate.pdf': 'x',
      'private/fusegate.env': 'x',
      'private/fusegate.dotenv': 'x',
      'old.apk': 'old',
      'rejected/older.aab': 'old',
      'rejected/shop.apk': 'left by a run that was killed',
      'shop-universal.apk': 'the same',
      [part]: 'x',
      [`private/${part}`]: 'x',
      [`rejected/${part}`]: 'x',
    };
    const yours = {
      'README.md': 'x',
      'other.apk': 'x',
      'private/notes.txt': 'x',
      'private/fusegate-journal.json': '{}',
      'rejected/mine.txt': 'x',
      '.fusegate-mine.part': 'x',
      'sub/fusegate-report.html': 'x',
    };
    await put(dir, { ...mine, ...yours });
    await new OutputFolder({ dir, app: app('/elsewhere/shop.apk'), clock }).prepare();
    expect(await tree(dir)).toEqual(Object.keys(yours).sort());
  });

  it('leaves a script of that name alone, unless the run makes one', async () => {
    const dir = await temporaryFolder();
    const files = { 'release.sh': 'of the repository', 'rejected/release.sh': 'of an earlier run' };
    await put(dir, files);
    await new OutputFolder({ dir, outputName: 'release', app: app('/in/shop.apk'), clock }).prepare();
    expect(await tree(dir)).toEqual(['release.sh']);
    await new OutputFolder({ dir, outputName: 'release', app: app('/in/shop.apk'), script: true, clock }).prepare();
    expect(await tree(dir)).toEqual([]);
  });

  it('does not let an old result name what is not an output', async () => {
    const root = await temporaryFolder();
    const dir = path.join(root, 'out');
    await put(root, {
      'outside.apk': 'xxx',
      'out/source.ts': 'xxx',
      'out/grown.apk': 'xxxx',
      'out/sub/deep.apk': 'xxx',
    });
    await symlink(path.join(root, 'outside.apk'), path.join(dir, 'link.apk'));
    const listed = [
      '../outside.apk',
      path.join(root, 'outside.apk'),
      'source.ts',
      'grown.apk',
      'sub/deep.apk',
      'link.apk',
      '',
      '..',
      '.',
    ];
    await put(dir, {
      'fusegate-result.json': result([...listed.map((each) => ({ path: each, size: 3 })), null, 7, {}]),
    });
    await new OutputFolder({ dir, clock }).prepare();
    expect(await tree(root)).toEqual([
      'out/grown.apk',
      'out/link.apk',
      'out/source.ts',
      'out/sub/deep.apk',
      'outside.apk',
    ]);
  });

  it.each(['{', 'null', '[]', '{"tool":{"name":"other"},"files":[{"path":"a.apk","size":3}]}', '{"files":7}'])(
    'does not trust a file that is not a result: %s',
    async (text) => {
      const dir = await temporaryFolder();
      await put(dir, { 'fusegate-result.json': text, 'a.apk': 'xxx' });
      await new OutputFolder({ dir, clock }).prepare();
      expect(await tree(dir)).toEqual(['a.apk']);
    },
  );

  it('never removes the app that is to be protected, however it is named', async () => {
    const dir = await temporaryFolder();
    await put(dir, { 'shop.apk': 'app', 'fusegate-result.json': result([{ path: 'shop.apk', size: 3 }]) });
    await new OutputFolder({ dir, app: app(path.join(dir, 'shop.apk')), clock }).prepare();
    expect(await tree(dir)).toEqual(['shop.apk']);

    const root = await temporaryFolder();
    await put(root, { 'real/shop.apk': 'app' });
    await symlink(path.join(root, 'real'), path.join(root, 'alias'));
    await new OutputFolder({
      dir: path.join(root, 'real'),
      app: app(path.join(root, 'alias', 'shop.apk')),
      clock,
    }).prepare();
    expect(await tree(path.join(root, 'real'))).toEqual(['shop.apk']);
  });

  const link = (at: string, root: string) => symlink(path.join(root, 'elsewhere'), at, 'dir');
  const file = (at: string) => writeFile(at, 'x');
  const folder = (at: string) => mkdir(at);
  it.each<[string, string, (at: string, root: string) => Promise<unknown>]>([
    ['private', 'link', link],
    ['rejected', 'link', link],
    ['private', 'file', file],
    ['rejected', 'file', file],
    ...['fusegate-report.html', 'shop-universal.apk', 'private/certificate.pdf', 'private/fusegate-journal.json'].map(
      (name) => [name, 'folder', folder] as [string, string, typeof folder],
    ),
  ])('removes nothing where %s is a %s, and says so', async (name, what, plant) => {
    const root = await temporaryFolder();
    const dir = path.join(root, 'out');
    await put(root, {
      'out/fusegate-result.json': result([{ path: 'shop.apk', size: 3 }]),
      'out/fusegate-statement.json': 'PASSED',
      'out/shop.apk': 'old',
      'elsewhere/certificate.pdf': 'not ours',
      'elsewhere/shop.apk': 'not ours',
    });
    await mkdir(path.join(dir, path.dirname(name)), { recursive: true });
    await plant(path.join(dir, name), root);
    const before = await tree(root);
    const prepared = new OutputFolder({ dir, app: app('/in/shop.apk'), clock });
    const error = await errorOf(prepared.prepare());
    expect(error).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
    expect(error.message).toContain(`${path.join(dir, name)} is a ${what}`);
    expect(error.hint).toContain('output-dir');
    expect(await tree(root)).toEqual(before);
    await prepared.setAside();
    expect(await tree(root)).toEqual(
      before
        .map((each) =>
          /^out.(?:fusegate-(?:result|statement)|shop\.)/u.test(each)
            ? each.replace('out', path.join('out', 'previous'))
            : each,
        )
        .sort(),
    );
  });

  it('names everything that is in the way', async () => {
    const root = await temporaryFolder();
    await put(root, { private: 'x', rejected: 'x' });
    const error = await errorOf(new OutputFolder({ dir: root, clock }).prepare());
    for (const name of ['private', 'rejected']) expect(error.message).toContain(path.join(root, name));
    const onFile = await errorOf(new OutputFolder({ dir: path.join(root, 'private'), clock }).prepare());
    expect(onFile.message).toContain(`${path.join(root, 'private')} is not a folder`);
  });

  it('may be a link itself, and takes links to files away without following them', async () => {
    const root = await temporaryFolder();
    await put(root, { 'real/README.md': 'x', 'elsewhere/report.html': 'not ours' });
    await symlink(path.join(root, 'real'), path.join(root, 'out'), 'dir');
    await symlink(path.join(root, 'elsewhere/report.html'), path.join(root, 'real/fusegate-report.html'));
    await mkdir(path.join(root, `real/.fusegate-${'0'.repeat(36)}.part`));
    await new OutputFolder({ dir: path.join(root, 'out'), clock }).prepare();
    expect(await tree(root)).toEqual(['elsewhere/report.html', 'out', 'real/README.md']);
  });

  it('says where it cannot write', async () => {
    const root = await temporaryFolder();
    await put(root, { file: 'x', 'out/private': 'a file' });
    await symlink(root, path.join(root, 'out', 'rejected'));
    for (const dir of [path.join(root, 'file'), path.join(root, 'file', 'below'), path.join(root, 'out')]) {
      const error = await errorOf(new OutputFolder({ dir, clock }).prepare());
      expect(error, dir).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
    }
  });
});

describe('pathFor', () => {
  const names = (options: { outputName?: string; app?: ReturnType<typeof app> }) => {
    const folder = new OutputFolder({ dir: '/out', clock, ...options });
    return (
      ['protected-app', 'second-output', 'certificate-pdf', 'certificate-json', 'deobfuscation-map'] as const
    ).map((role) => path.relative('/out', folder.pathFor(role, 'aab')));
  };

  it('is the app’s own name, or the one that was asked for', () => {
    const rest = ['private/certificate.pdf', 'private/certificate.json', 'private/deobfuscation.zip'];
    expect(names({ app: app('/in/shop.aab') })).toEqual(['rejected/shop.aab', 'rejected/shop-universal.apk', ...rest]);
    expect(names({ app: app('/in/shop.aab'), outputName: 'store' })).toEqual([
      'rejected/store.aab',
      'rejected/store-universal.apk',
      ...rest,
    ]);
    expect(names({})).toEqual(['rejected/protected-app.aab', 'rejected/protected-app-universal.apk', ...rest]);
  });

  it('cannot leave the folder', () => {
    for (const outputName of ['../../etc/cron', '..', '/abs', 'a/../../b', '..\\..\\b', '']) {
      const [file] = names({ outputName });
      expect(file?.startsWith(`rejected${path.sep}`), outputName).toBe(true);
      expect(file).not.toContain('..');
    }
  });
});

describe('release', () => {
  const { signal } = new AbortController();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('hands out the file that was judged, and no other of that name', async () => {
    const dir = await temporaryFolder();
    const folder = new OutputFolder({ dir, app: app('/in/shop.apk'), clock });
    await folder.prepare();
    await put(dir, { 'rejected/shop.apk': 'of another build' });
    const file = { role: 'protected-app' as const, path: path.join(dir, 'rejected', 'shop.apk'), size: 9 };
    const error = await errorOf(folder.release({ ...file, sha256: sha256('protected') }, signal));
    expect(error.code).toBe('download.corrupt');
    expect(await tree(dir)).toEqual(['rejected/shop.apk']);
  });

  it('moves apps out of rejected/, and leaves the rest where it is', async () => {
    const dir = await temporaryFolder();
    const folder = new OutputFolder({ dir, app: app('/in/shop.apk'), clock });
    await folder.prepare();
    await put(dir, { 'rejected/shop.apk': 'protected', 'private/certificate.pdf': 'x' });
    const file = (name: string, role: OutputFile['role']) => ({
      role,
      path: path.join(dir, name),
      sha256: sha256('protected'),
      size: 9,
    });
    const released = await folder.release(file('rejected/shop.apk', 'protected-app'), signal);
    expect(released.path).toBe(path.join(dir, 'shop.apk'));
    const pdf = file('private/certificate.pdf', 'certificate-pdf');
    expect(await folder.release(pdf, signal)).toEqual(pdf);
    expect(await tree(dir)).toEqual(['private/certificate.pdf', 'shop.apk']);
    await expect(stat(folder.rejectedDir)).rejects.toThrow();

    await folder.holdBack([released, pdf]);
    expect(await tree(dir)).toEqual(['private/certificate.pdf', 'rejected/shop.apk']);
  });

  describe('of a file that this run has placed', () => {
    async function placed() {
      const dir = await temporaryFolder();
      const folder = new OutputFolder({ dir, app: app('/in/shop.apk'), clock });
      await folder.prepare();
      const file = path.join(folder.rejectedDir, 'shop.apk');
      const temporary = folder.temporaryFor('protected-app');
      await writeFile(temporary, 'protected');
      await folder.place(temporary, file);
      return { folder, file, other: path.join(dir, 'other') };
    }
    const output = (file: string, content: string): OutputFile => ({
      role: 'protected-app',
      path: file,
      sha256: sha256(content),
      size: 9,
    });

    it('does not read it again while nobody has touched it', async () => {
      const { folder, file } = await placed();
      // Another hash would be noticed by reading.
      const released = await folder.release(output(file, 'not read'), signal);
      expect(await readFile(released.path, 'utf8')).toBe('protected');
    });

    it.each<[string, (file: string, other: string) => Promise<void>]>([
      ['written over', (file) => writeFile(file, 'replaced!')],
      [
        'written over, with its old times',
        async (file) => {
          const { atime, mtime } = await stat(file);
          await writeFile(file, 'replaced!');
          await utimes(file, atime, mtime);
        },
      ],
      [
        'replaced by another',
        async (file, other) => {
          await writeFile(other, 'replaced!');
          await rename(other, file);
        },
      ],
    ])('refuses it %s', async (_name, change) => {
      const { folder, file, other } = await placed();
      await change(file, other);
      const error = await errorOf(folder.release(output(file, 'protected'), signal));
      expect(error.code).toBe('download.corrupt');
    });

    it('reads one that was touched and is the same', async () => {
      const { folder, file } = await placed();
      await utimes(file, 1, 1);
      expect((await folder.release(output(file, 'protected'), signal)).path).not.toBe(file);
    });
  });

  it('does not overwrite the original', async () => {
    const dir = await temporaryFolder();
    await put(dir, { 'shop.apk': 'original' });
    const folder = new OutputFolder({ dir, app: app(path.join(dir, 'shop.apk')), clock });
    await folder.prepare();
    await put(dir, { 'rejected/shop.apk': 'protected' });
    const file = { role: 'protected-app' as const, path: path.join(dir, 'rejected', 'shop.apk'), sha256: 's', size: 9 };
    expect((await errorOf(folder.release(file, signal))).code).toBe('output.unwritable');
    expect(await readFile(path.join(dir, 'shop.apk'), 'utf8')).toBe('original');
  });
});

describe('setAside', () => {
  const paid = {
    'fusegate-result.json': result([{ path: 'shop.apk', size: 4 }]),
    'fusegate-statement.json': 'PASSED',
    'fusegate-report.html': 'PASS',
    'shop.apk': 'paid',
    'private/certificate.pdf': '%PDF',
    'private/fusegate.env': 'VERDICT=pass',
    'private/fusegate.dotenv': 'VERDICT=pass',
  };
  const others = { 'README.md': 'x', 'private/fusegate-journal.json': '{}', 'private/notes.txt': 'x' };
  const refused = JSON.stringify({ tool: { name: 'fusegate' }, files: [], stages: [], exitCode: 2 });
  const folderAt = (dir: string) => new OutputFolder({ dir, app: app('/in/shop.apk'), clock });
  const under = (name: string, files: object) => Object.keys(files).map((each) => path.join(name, each));

  it('moves the earlier outcome and nothing else, and destroys nothing', async () => {
    const dir = await temporaryFolder();
    await put(dir, { ...paid, ...others });
    await folderAt(dir).setAside();
    expect(await tree(dir)).toEqual([...under('previous', paid), ...Object.keys(others)].sort());
    expect(await readFile(path.join(dir, 'previous/shop.apk'), 'utf8')).toBe('paid');
    expect((await stat(path.join(dir, 'previous/private'))).mode & 0o777).toBe(0o700);
  });

  it('keeps every outcome, each in a folder of its own', async () => {
    const dir = await temporaryFolder();
    for (const name of ['previous', 'previous-2', 'previous-3']) {
      await put(dir, paid);
      await folderAt(dir).setAside();
      expect(await tree(dir)).toEqual(expect.arrayContaining(under(name, paid)));
    }
    expect((await tree(dir)).length).toBe(3 * Object.keys(paid).length);
  });

  it.each([
    ['a refused run', refused],
    [
      'a dry run',
      JSON.stringify({ tool: { name: 'fusegate' }, files: [], stages: [{}], exitCode: 0, dryRun: { hosts: [] } }),
    ],
  ])('keeps nothing of %s, however often it comes', async (_, text) => {
    const dir = await temporaryFolder();
    await put(dir, { 'fusegate-result.json': text, 'fusegate-report.html': 'x', 'README.md': 'x' });
    await folderAt(dir).setAside();
    expect(await tree(dir)).toEqual(['README.md']);
  });

  it('keeps an app that lies beside the result of a refused run', async () => {
    const dir = await temporaryFolder();
    await put(dir, { 'fusegate-result.json': refused, 'rejected/shop.apk': 'of a killed run' });
    await folderAt(dir).setAside();
    expect(await tree(dir)).toEqual(['previous/rejected/shop.apk']);
  });

  it('keeps what a run left that stopped when it could not write', async () => {
    const dir = await temporaryFolder();
    const text = JSON.stringify({ tool: { name: 'fusegate' }, files: [], stages: [{ name: 'build' }], exitCode: 2 });
    await put(dir, { 'fusegate-result.json': text });
    await folderAt(dir).setAside();
    expect(await tree(dir)).toEqual(['previous/fusegate-result.json']);
  });

  it('touches nothing behind a link, and still takes the green away', async () => {
    const root = await temporaryFolder();
    await put(root, {
      'out/fusegate-result.json': result([]),
      'elsewhere/certificate.pdf': 'x',
      'elsewhere/fusegate.env': 'x',
    });
    await symlink(path.join(root, 'elsewhere'), path.join(root, 'out/private'), 'dir');
    await symlink(path.join(root, 'elsewhere'), path.join(root, 'out/previous'), 'dir');
    await folderAt(path.join(root, 'out')).setAside();
    expect(await tree(root)).toEqual([
      'elsewhere/certificate.pdf',
      'elsewhere/fusegate.env',
      'out/previous',
      'out/previous-2/fusegate-result.json',
      'out/private',
    ]);
  });

  it('leaves the app that is to be protected where it is', async () => {
    const dir = await temporaryFolder();
    await put(dir, { 'shop.apk': 'app', 'fusegate-result.json': result([{ path: 'shop.apk', size: 3 }]) });
    await new OutputFolder({ dir, app: app(path.join(dir, 'shop.apk')), clock }).setAside();
    expect(await tree(dir)).toEqual(['previous/fusegate-result.json', 'shop.apk']);
  });

  it('makes no folder where there is nothing to keep', async () => {
    const dir = await temporaryFolder();
    await folderAt(dir).setAside();
    expect(await readdir(dir)).toEqual([]);
  });
});
