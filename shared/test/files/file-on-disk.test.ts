import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { open, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBounded, reason, sizeOfFile } from '../../src/files/file-on-disk.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { readSecretFiles } from '../../src/intake/secret-files.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

/** @returns undefined where the system has no FIFOs */
async function fifo(): Promise<string | undefined> {
  const file = path.join(await temporaryFolder(), 'pipe');
  if (process.platform === 'win32') {
    console.log('skipped: this system has no FIFOs');
    return undefined;
  }
  execFileSync('mkfifo', [file]);
  return file;
}

const noPause = () => Promise.resolve();

describe('what went wrong', () => {
  it.each([
    ['ENOENT', 'does not exist'],
    ['ENOTDIR', 'does not exist'],
    ['EACCES', 'may not be read by this user'],
    ['EPERM', 'may not be read by this user'],
    ['EIO', 'cannot be read (EIO)'],
    [undefined, 'cannot be read (unknown error)'],
  ])('%s', (code, words) => {
    expect(reason(Object.assign(new Error('synthetic'), code === undefined ? {} : { code }))).toBe(words);
  });

  it('with a path that is not a file', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect(await sizeOfFile(file)).toEqual({ wrong: 'is an empty file' });
    expect(await sizeOfFile(folder)).toEqual({ wrong: 'is a folder, not a file' });
    expect(await sizeOfFile(path.join(file, 'below'))).toEqual({ wrong: 'does not exist' });
    await writeFile(file, 'x');
    expect(await sizeOfFile(file)).toEqual({ size: 1 });
  });
});

describe('a file, read within bounds', () => {
  it('comes whole up to the limit, and not beyond it', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    for (const size of [0, 1, 9, 10, 200_000]) {
      const content = Buffer.alloc(size, 'x');
      await writeFile(file, content);
      expect(await readBounded(file, { limit: 200_000 })).toEqual({ bytes: content });
    }
    expect(await readBounded(file, { limit: 199_999 })).toEqual({ wrong: 'holds more than 199999 bytes' });
    expect(await readBounded(path.dirname(file), { limit: 9 })).toEqual({ wrong: 'is a folder, not a file' });
    expect(await readBounded(`${file}-none`, { limit: 9 })).toEqual({ wrong: 'does not exist' });
  });

  it('that has no end is not a file', async () => {
    if (process.platform === 'win32') return console.log('skipped: this system has no /dev/zero');
    for (const device of ['/dev/zero', '/dev/null']) {
      expect(await readBounded(device, { limit: 9 })).toEqual({ wrong: expect.stringContaining('device') });
    }
  });
});

describe('a pipe', () => {
  it('that has no writer is given up', async () => {
    const file = await fifo();
    if (file === undefined) return;
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    expect(await readBounded(file, { limit: 9, pause })).toEqual({
      wrong: expect.stringContaining('brought nothing within 60 s'),
    });
    expect(pauses).toBe(1200);
  });

  it('brings what is written into it, in pieces and late, to its end', async () => {
    const file = await fifo();
    if (file === undefined) return;
    const pieces = ['synthetic', '-key'];
    let writer: Awaited<ReturnType<typeof open>> | undefined;
    const pause = async () => {
      writer ??= await open(file, constants.O_WRONLY);
      const piece = pieces.shift();
      if (piece === undefined) await writer.close();
      else await writer.write(piece);
    };
    expect(await readBounded(file, { limit: 20, pause })).toEqual({ bytes: Buffer.from('synthetic-key') });
  });

  it('that brings too much, or never ends, is refused', async () => {
    const file = await fifo();
    if (file === undefined) return;
    const keeper = await open(file, constants.O_RDWR);
    try {
      await keeper.write('0123456789');
      expect(await readBounded(file, { limit: 9, pause: noPause })).toEqual({ wrong: 'holds more than 9 bytes' });
      await keeper.write('0123');
      expect(await readBounded(file, { limit: 9, pause: noPause })).toEqual({
        wrong: expect.stringContaining('did not end within 60 s'),
      });
    } finally {
      await keeper.close();
    }
  });
});

describe('the file of a secret', () => {
  const secretOf = async (file: string) => {
    const raw = { inputs: [{ name: 'api-key-file', value: file }] };
    const { inputs } = await readSecretFiles(raw, {}, CLI, path.dirname(file));
    return inputs[0];
  };

  it('may be a pipe', async () => {
    const file = await fifo();
    if (file === undefined) return;
    // Its opening waits for the reader, as that of any program that writes into a FIFO.
    const [read] = await Promise.all([secretOf(file), writeFile(file, 'synthetic-key\n')]);
    expect(read).toMatchObject({ name: 'api-key', value: 'synthetic-key' });
  });

  it('is refused where it is a device, and its path is not shown', async () => {
    if (process.platform === 'win32') return console.log('skipped: this system has no /dev/zero');
    expect(await secretOf('/dev/zero')).toEqual({
      name: 'api-key',
      spelling: '--api-key-file',
      value: '',
      refused: {
        message: expect.stringContaining('device'),
        allowed: expect.stringContaining('the path of a file'),
      },
    });
  });
});

describe('the files of other options', () => {
  it('are regular ones', async () => {
    const pipe = await fifo();
    if (pipe === undefined) return;
    const cwd = path.dirname(pipe);
    await symlink(pipe, path.join(cwd, 'linked.pdf'));
    const problemsWith = async (mode: string, options: Record<string, string>) => {
      const inputs = Object.entries({ mode, ...options }).map(([name, value]) => ({ name, value }));
      const read = await readRequest({ inputs }, { APPDOME_API_KEY: 'synthetic-key' }, CLI, { cwd, now: Date.now() });
      return read.ok ? [] : read.error.problems.map(({ option, message }) => `${option} ${message}`);
    };
    for (const option of ['app', 'policy', 'baseline', 'ca-file', 'keystore', 'build-overrides', 'app-icon']) {
      const common = { 'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab', sign: 'on-appdome' };
      expect(await problemsWith('run', { ...common, [option]: 'pipe' })).toContain(`--${option} is not a regular file`);
    }
    expect(await problemsWith('gate', { certificate: 'pipe' })).toContain('--certificate is not a regular file');
    expect(await problemsWith('gate', { certificate: '*.pdf' })).toContainEqual(
      expect.stringMatching(/^--certificate matches linked\.pdf/u),
    );
    expect(await problemsWith('verify', { app: 'pipe', result: 'pipe' })).toEqual(
      expect.arrayContaining(['--app is not a regular file', '--result is not a regular file']),
    );
  });
});
