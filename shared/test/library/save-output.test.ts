import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveOutput } from '@fusegate/shared/library/save-output';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK } from '../support/zip.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

async function answering(answer: Parameters<typeof serve>[0]) {
  server = await serve(answer);
  return { server, folder: await temporaryFolder(), ...testClient(server.url) };
}

describe('saving an output', () => {
  it('writes it whole, in place of an older one, and says what it is', async () => {
    const { client, folder, server } = await answering((_request, response) => response.end(APK));
    const file = path.join(folder, 'protected app.apk');
    await writeFile(file, 'older');
    const seen: number[] = [];
    const context = { ...testContext('download'), onBytes: (bytes: number) => seen.push(bytes) };
    const saved = await saveOutput(client, { buildId: 'build-1', action: 'sign_second_output', file }, context);
    expect(saved).toEqual({ sha256: createHash('sha256').update(APK).digest('hex'), size: APK.length });
    expect((await readFile(file)).equals(APK)).toBe(true);
    expect(await readdir(folder)).toEqual(['protected app.apk']);
    expect(server.requests[0]?.url).toBe('/api/v1/tasks/build-1/output?action=sign_second_output');
    expect(seen.at(-1)).toBe(APK.length);
  });

  it('writes a signing script so that it can be run', async () => {
    const { client, folder } = await answering((_request, response) => response.end('#!/bin/bash\n'));
    const file = path.join(folder, 'sign.sh');
    await saveOutput(client, { buildId: 'build-1', file, type: 'script' }, testContext('download'));
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o100).toBe(0o100);
  });

  it('leaves what was there when the download is no app, is cut, or is not there', async () => {
    let answer = 0;
    const { client, folder } = await answering((_request, response) => {
      answer += 1;
      if (answer <= 4) response.end('{"error":"not yet"}');
      else if (answer < 9) {
        response.writeHead(200, { 'content-length': String(APK.length) });
        response.write(APK.subarray(0, 30));
        response.socket?.end();
      } else json(response, { message: 'No such output' }, 404);
    });
    const file = path.join(folder, 'a.apk');
    await writeFile(file, 'older');
    const save = () => errorOf(saveOutput(client, { buildId: 'build-1', file }, testContext('download')));
    expect(await save()).toMatchObject({ code: 'download.corrupt' });
    expect((await save()).exitCode).toBe(4);
    expect(await save()).toMatchObject({ code: 'service.refused', status: 404 });
    expect(await readdir(folder)).toEqual(['a.apk']);
    expect(await readFile(file, 'utf8')).toBe('older');
  });

  it('says that it cannot be written', async () => {
    const { client, folder } = await answering((_request, response) => response.end(APK));
    await mkdir(path.join(folder, 'taken'));
    for (const file of [path.join(folder, 'none', 'a.apk'), path.join(folder, 'taken')]) {
      const error = await errorOf(saveOutput(client, { buildId: 'build-1', file }, testContext('download')));
      expect(error.code, file).toBe('output.unwritable');
    }
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
