import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode, StageName } from '@fusegate/shared/model/errors';
import type { AppKind, RunRequest } from '@fusegate/shared/model/run-request';
import { Secret } from '@fusegate/shared/model/secret';
import { runPipeline } from '@fusegate/shared/pipeline/run-pipeline';
import { describe, expect, it, vi } from 'vitest';
import { json } from '../support/api-server.ts';
import type { BuildService, Route } from '../support/build-service.ts';
import { errorOf } from '../support/errors.ts';
import { fieldsOf } from '../support/multipart.ts';
import { LIMITS, PIPELINE_KEY, pipelineTest } from '../support/pipeline.ts';
import { until } from '../support/until.ts';
import { AAB, APK, PROTECTED_APK } from '../support/zip.ts';

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a run that goes well', () => {
  it('does each step once, in order, and leaves the app in rejected/', async () => {
    const { service, request, io, dir, files, journal, clock } = await pipelineTest();
    const its = await io();
    const outcome = await runPipeline(request, its);

    expect(service.asked.filter((route, i) => route !== service.asked[i - 1]).slice(2)).toEqual(
      expect.arrayContaining([
        'put',
        'register',
        'upload-status',
        'fuse',
        'status',
        'seal',
        'output',
        'pdf',
        'json',
        'map',
      ]),
    );
    for (const route of ['checksum', 'link', 'put', 'register', 'fuse', 'seal', 'output'] as const) {
      expect(service.count(route), route).toBe(1);
    }
    expect(service.count('context')).toBe(0);
    expect(service.count('second')).toBe(0);

    expect(outcome.ids).toEqual({ appId: 'app-1', buildId: 'build-1', fusionSetId: 'set-1' });
    expect(outcome.sign).toBe('private');
    expect(outcome.app).toMatchObject({ sha256: sha(APK), size: APK.length, kind: 'apk' });
    // This run has sent it itself.
    expect(outcome.app).not.toHaveProperty('claimed');
    expect(outcome.files.map(({ role, path: file }) => [role, path.relative(dir, file)])).toEqual([
      ['protected-app', path.join('rejected', 'shop.apk')],
      ['deobfuscation-map', path.join('private', 'deobfuscation.zip')],
      ['certificate-pdf', path.join('private', 'certificate.pdf')],
      ['certificate-json', path.join('private', 'certificate.json')],
    ]);
    for (const file of outcome.files) {
      const bytes = await readFile(file.path);
      expect([sha(bytes), bytes.length], file.role).toEqual([file.sha256, file.size]);
    }
    expect(outcome.certificates.pdf).toMatchObject({ state: 'present', sha256: sha(service.outputs.pdf) });
    expect(await files()).toEqual([
      'private/certificate.json',
      'private/certificate.pdf',
      'private/deobfuscation.zip',
      'private/fusegate-journal.json',
      'rejected/shop.apk',
    ]);
    for (const name of ['certificate.pdf', 'certificate.json', 'deobfuscation.zip', 'fusegate-journal.json']) {
      expect((await stat(path.join(dir, 'private', name))).mode & 0o777, name).toBe(0o600);
    }
    expect((await stat(path.join(dir, 'private'))).mode & 0o777).toBe(0o700);
    expect(await journal()).toMatchObject({ stage: 'signed', ids: { appId: 'app-1', buildId: 'build-1' } });
    expect(clock.pending).toBe(0);
  });

  it('times its stages and counts their requests', async () => {
    const { request, io } = await pipelineTest();
    const its = await io();
    await runPipeline(request, its);
    const timings = its.stages.timings();
    expect(timings.map(({ name }) => name).sort()).toEqual(
      ['analysis', 'build', 'certify', 'checksum', 'download', 'sign', 'upload'].sort(),
    );
    const requests = Object.fromEntries(timings.map((timing) => [timing.name, timing.requests]));
    // Checksum and link; PUT and registration; queued, progress, completed; fuse and three polls; the same for signing.
    expect(requests).toEqual({ checksum: 2, upload: 2, analysis: 3, build: 4, sign: 4, download: 2, certify: 2 });
    expect(timings.find(({ name }) => name === 'build')?.durationMs).toBe(2035);
    expect(timings.every(({ startedAt }) => startedAt.startsWith('2026-11-21T'))).toBe(true);
  });

  it('counts what it repeats in the stage that it belongs to', async () => {
    const { service, request, io } = await pipelineTest();
    const failing =
      (times: number): Parameters<BuildService['on']>[1] =>
      (response, nth) => {
        if (nth > times) return false;
        json(response, { message: 'busy' }, 503);
        return true;
      };
    service.on('put', failing(2));
    service.on('pdf', failing(1));
    const its = await io();
    await runPipeline(request, its);
    const retries = its.stages
      .timings()
      .flatMap(({ name, retries: count }) => (count === undefined ? [] : [[name, count]]));
    expect(Object.fromEntries(retries)).toEqual({ upload: 2, certify: 1 });
  });

  const { retries: _, ...PATIENT } = LIMITS;

  it('waits for an account that is busy, each time with a line, and starts one build', async () => {
    const { service, request, io } = await pipelineTest({ limits: PATIENT });
    service.on('fuse', (response, nth) => {
      if (nth > 150) return false;
      json(response, { message: 'Too many active builds' }, 429);
      return true;
    });
    const its = await io();
    await runPipeline(request, its);
    const waits = its.seen.logged.filter(({ text }) => /^build: .*429/.test(text));
    expect(waits).toHaveLength(150);
    expect(its.record.ids.buildId).toBe('build-1');
    expect(its.stages.timings().find(({ name }) => name === 'build')).toMatchObject({ retries: 150 });
  });

  it('stops waiting for it at the deadline of the build, and leaves no build that may exist', async () => {
    const { service, request, io, journal } = await pipelineTest({ limits: { ...PATIENT, build: 600_000 } });
    service.on('fuse', (response) => {
      json(response, { message: 'Too many active builds' }, 429);
      return true;
    });
    const error = await errorOf(runPipeline(request, await io()));
    expect([error.code, error.stage]).toEqual(['api.unavailable', 'build']);
    expect(await journal()).toMatchObject({ stage: 'uploaded' });
  });

  it('tells its progress, one stage at a time', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response, nth) => {
      const messages = [{ message: { text: `step ${nth}` }, creation_time: `2026-11-21T12:00:0${nth}.000Z` }];
      json(response, { status: nth % 2 === 0 ? 'completed' : 'progress', messages });
    });
    const its = await io();
    await runPipeline(request, its);
    const { progress } = its.seen;
    let open: StageName | undefined;
    for (const each of progress) {
      if (each.kind === 'start') {
        expect(open, `${each.stage} while ${open}`).toBeUndefined();
        open = each.stage;
      }
      expect(each.stage).toBe(open);
      if (each.kind === 'finish') open = undefined;
    }
    expect(open).toBeUndefined();
    const messages = progress.filter(({ kind }) => kind === 'message').map(({ detail }) => detail);
    expect(messages).toEqual(['step 1', 'step 2', 'step 3', 'step 4']);
    const starts = progress.filter(({ kind }) => kind === 'start');
    expect(starts.find(({ stage }) => stage === 'upload')).toMatchObject({
      detail: request.app?.name,
      totalBytes: APK.length,
    });
    expect(starts.some(({ attached }) => attached)).toBe(false);
    expect(
      progress.some((each) => each.kind === 'bytes' && each.stage === 'upload' && each.totalBytes === APK.length),
    ).toBe(true);
    expect(
      service.requestsTo('status').map(({ url }) => new URL(url, 'http://x').searchParams.get('lastDate')),
    ).toEqual([null, '2026-11-21T12:00:01.000Z', '2026-11-21T12:00:02.000Z', '2026-11-21T12:00:03.000Z']);
  });

  it.each([
    ['private', ['fuse', 'seal'], 'output'],
    ['none', ['fuse'], 'output'],
  ] as const)(
    'expects certificates once the service has nothing left to be asked for (sign %s)',
    async (method, before, after) => {
      const { service, request, io } = await pipelineTest();
      const sign = method === 'none' ? { method } : request.sign;
      const its = await io();
      const asked: string[][] = [];
      const expectCertificates = () => asked.push([...service.asked]);
      await runPipeline({ ...request, ...(sign && { sign }) }, { ...its, expectCertificates });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toEqual(expect.arrayContaining([...before]));
      expect(asked[0]).not.toContain(after);
    },
  );

  it('skips the upload when the team has the app', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('checksum', (response, _nth, asked) => {
      expect(JSON.parse(asked.body.toString())).toEqual({ checksum: sha(APK) });
      json(response, { exists: true, app_id: 'app-known' });
    });
    const outcome = await runPipeline(request, await io());
    expect(service.count('put') + service.count('register')).toBe(0);
    expect(service.requestsTo('fuse').map((each) => fieldsOf(each).app_id)).toEqual(['app-known']);
    expect(outcome.ids.appId).toBe('app-known');
    expect(outcome.app?.sha256).toBe(sha(APK));
  });

  it.each([404, 500, 401])('uploads when the checksum lookup answers %d', async (status) => {
    const { service, request, io } = await pipelineTest();
    service.on('checksum', (response) => json(response, {}, status));
    const outcome = await runPipeline(request, await io());
    expect(service.count('put')).toBe(1);
    expect(outcome.ids.appId).toBe('app-1');
  });

  it('asks no checksum when it is not to reuse uploads', async () => {
    const { service, request, io } = await pipelineTest({ reuseUpload: false });
    const outcome = await runPipeline(request, await io());
    expect(service.count('checksum')).toBe(0);
    expect(outcome.app?.sha256).toBe(sha(APK));
  });

  it('begins at an app id', async () => {
    const { service, request, io } = await pipelineTest();
    const { app: _app, ...rest } = request;
    const byId: RunRequest = { ...rest, appId: 'app-7' };
    service.outputs.app = AAB;
    const outcome = await runPipeline(byId, await io({ request: byId }));
    expect(service.asked.filter((route) => ['link', 'put', 'checksum', 'upload-status'].includes(route))).toEqual([]);
    expect(outcome.app).toBeUndefined();
    // Only its content shows what kind of app it is.
    expect(outcome.files[0]?.path.endsWith(path.join('rejected', 'protected-app.aab'))).toBe(true);
  });

  it('signs on Appdome with the keystore and its passwords, Google Play keys where asked', async () => {
    const { service, request, io, keystore } = await pipelineTest();
    const sign: RunRequest['sign'] = {
      method: 'on-appdome',
      keystore,
      keystorePassword: new Secret('store-pass'),
      keystoreAlias: 'upload',
      keyPassword: new Secret('key-pass'),
      googlePlaySigning: true,
      signingFingerprint: 'CD'.repeat(20),
    };
    const outcome = await runPipeline({ ...request, sign }, await io());
    const fields = service.requestsTo('sign').map(fieldsOf)[0];
    expect(fields).toMatchObject({ action: 'sign', parent_task_id: 'build-1', signing_keystore: 'release.jks:18' });
    expect(JSON.parse(fields?.overrides ?? '')).toEqual({
      signing_keystore_password: 'store-pass',
      signing_keystore_alias: 'upload',
      signing_keystore_key_password: 'key-pass',
      signing_keystore_use_google_signing: true,
      signing_keystore_google_signing_sha1_key: 'CD'.repeat(20),
    });
    expect(outcome.sign).toBe('on-appdome');
  });

  it('runs the context step only with something to change', async () => {
    const { service, request, io } = await pipelineTest();
    const context = { version: '2.0.1', buildNumber: '77' };
    const its = await io();
    await runPipeline({ ...request, context }, its);
    expect(JSON.parse(service.requestsTo('context').map(fieldsOf)[0]?.overrides ?? '')).toEqual({
      app_customization_pack_bundle_version: '2.0.1',
      app_customization_pack_bundle_build_number: '77',
    });
    expect(service.asked.indexOf('context')).toBeGreaterThan(service.asked.indexOf('fuse'));
    expect(service.asked.indexOf('seal')).toBeGreaterThan(service.asked.indexOf('context'));
    expect(its.stages.timings().map(({ name }) => name)).toContain('context');
  });

  it('sends the build’s overrides, Diagnostic Logs among them', async () => {
    const { service, request, io } = await pipelineTest({ buildLogs: true, buildOverrides: { user_agent: true } });
    await runPipeline(request, await io());
    expect(JSON.parse(service.requestsTo('fuse').map(fieldsOf)[0]?.overrides ?? '')).toEqual({
      user_agent: true,
      extended_logs: true,
    });
  });

  it('fetches the universal APK of an .aab where it is asked for', async () => {
    const { service, request, io, appPath, dir } = await pipelineTest();
    await writeFile(appPath, AAB);
    service.outputs.app = AAB;
    const app = { path: appPath, name: 'shop.aab', kind: 'aab', platform: 'android', size: AAB.length } as const;
    const asked: RunRequest = { ...request, app, output: { ...request.output, secondOutput: true } };
    const outcome = await runPipeline(asked, await io({ request: asked }));
    expect(outcome.files.slice(0, 2).map(({ role, path: file }) => [role, path.relative(dir, file)])).toEqual([
      ['protected-app', path.join('rejected', 'shop.aab')],
      ['second-output', path.join('rejected', 'shop-universal.apk')],
    ]);
    await writeFile(appPath, APK);
    service.outputs.app = APK;
    const ofApk: RunRequest = { ...request, output: { ...request.output, secondOutput: true }, resume: 'new' };
    await runPipeline(ofApk, await io());
    expect(service.count('second')).toBe(1);
  });

  it.each([
    ['there is no map', true],
    ['the map is missing although announced', false],
  ])('has no deobfuscation map where %s', async (_name, silent) => {
    const { service, request, io } = await pipelineTest();
    service.outputs.map = undefined;
    if (!silent)
      service.on('status', (response) => json(response, { status: 'completed', obfuscationMapExists: true }));
    const outcome = await runPipeline(request, await io());
    expect(outcome.files.map(({ role }) => role)).not.toContain('deobfuscation-map');
    expect(service.count('map')).toBe(silent ? 0 : 1);
  });

  it('ends without a map that cannot be fetched, and with a warning; red only where the option was set', async () => {
    for (const take of [
      (response) => json(response, { message: 'No' }, 403),
      (response) => json(response, { message: 'down' }, 500),
      (response) => response.end('not a ZIP'),
    ] as Array<Parameters<BuildService['on']>[1]>) {
      const { service, request, io } = await pipelineTest();
      service.on('map', take);
      const its = await io();
      const outcome = await runPipeline(request, its);
      expect(outcome.files.map(({ role }) => role)).toEqual(['protected-app', 'certificate-pdf', 'certificate-json']);
      expect(its.record.findings).toMatchObject([
        { code: 'mapping.not-fetched', level: 'warning', hint: expect.stringContaining('run --build-id build-1') },
      ]);
      const asked: RunRequest = { ...request, output: { ...request.output, mapAskedFor: true }, resume: 'new' };
      await errorOf(runPipeline(asked, await io()));
    }
  });

  it('is cancelled while the map is fetched', async () => {
    const { service, request, io } = await pipelineTest();
    const its = await io();
    service.on('map', () => its.cancel.abort());
    expect(await errorOf(runPipeline(request, its))).toMatchObject({ code: 'run.cancelled' });
    expect(its.record.findings).toEqual([]);
  });

  it('keeps waiting through undocumented states, and says so once', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response, nth) => json(response, { status: nth < 4 ? 'Pending' : 'completed' }));
    const its = await io();
    await runPipeline(request, its);
    expect(its.seen.logged.filter(({ text }) => text.includes('"pending"'))).toHaveLength(1);
  });
});

describe('the upload', () => {
  it('gets a new link once when the old one is refused', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('put', (response, nth) => (nth === 1 ? response.writeHead(403).end() : false));
    await runPipeline(request, await io());
    expect(service.requestsTo('put').map(({ url }) => url)).toEqual([
      '/s3/file-1?signature=s1',
      '/s3/file-2?signature=s2',
    ]);
    expect(service.requestsTo('register').map((each) => fieldsOf(each).file_app_id)).toEqual(['file-2']);
  });

  it('does not ask for a third link', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('put', (response) => response.writeHead(403).end('<Error><Message>no</Message></Error>'));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'service.refused', stage: 'upload', status: 403 });
    expect(service.count('put')).toBe(2);
  });

  it('does not try a link of more than 30 minutes', async () => {
    const { service, request, io, clock } = await pipelineTest();
    service.on('checksum', (response) => {
      clock.advance(30 * 60_000);
      json(response, { exists: false });
    });
    await runPipeline(request, await io());
    expect(service.requestsTo('put').map(({ url }) => url)).toEqual(['/s3/file-2?signature=s2']);
  });

  it('stops when the app is another one than was hashed', async () => {
    const { service, request, io, appPath } = await pipelineTest();
    const other = Buffer.from(APK);
    other[other.length - 1] = 1;
    service.on('checksum', (response) => {
      writeFileSync(appPath, other);
      json(response, { exists: false });
    });
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'upload.changed', exitCode: 4, stage: 'upload' });
    expect(service.count('register') + service.count('fuse')).toBe(0);
  });

  it('asks by checksum when the answer to the registration is lost', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('register', (response) => response.destroy());
    service.on('checksum', (response, nth) =>
      json(response, nth === 1 ? { exists: false } : { exists: true, app_id: 'app-found' }),
    );
    const outcome = await runPipeline(request, await io());
    expect(service.count('register')).toBe(1);
    expect(outcome.ids.appId).toBe('app-found');
  });

  it('that the service cannot analyse is its failure', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('upload-status', (response) => json(response, { status: 'error', error: 'Unsupported file' }));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'service.analysis-failed', exitCode: 5, stage: 'analysis' });
    expect(error.message).toContain('Unsupported file');
    expect(error.ids).toMatchObject({ appId: 'app-1', fusionSetId: 'set-1' });
  });
});

describe('a failure of the service', () => {
  const cases: Array<[Route, number, ErrorCode, StageName]> = [
    ['status', 1, 'service.build-failed', 'build'],
    ['status', 2, 'service.sign-failed', 'sign'],
  ];
  it.each(cases)('in %s %d is %s', async (route, nth, code, stage) => {
    const { service, request, io } = await pipelineTest();
    service.on(route, (response, count) =>
      json(response, count === nth ? { status: 'error', message: 'Because\nof this' } : { status: 'completed' }),
    );
    const its = await io();
    const error = await errorOf(runPipeline(request, its));
    expect(error).toMatchObject({ code, stage, exitCode: 5, ids: { buildId: 'build-1' } });
    expect(error.message).toContain('Because of this');
    expect(its.record.ids.buildId).toBe('build-1');
    expect(its.stages.timings().map(({ name }) => name)).toContain(stage);
    const ends = its.seen.progress.filter(({ kind }) => kind === 'finish');
    expect(ends.filter(({ failed }) => failed).map((each) => each.stage)).toEqual([stage]);
  });

  it('in the context step is named so', async () => {
    const { service, request, io } = await pipelineTest({ context: { version: '2' } });
    service.on('status', (response, nth) => json(response, nth === 1 ? { status: 'completed' } : { status: 'error' }));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'service.context-failed', stage: 'context' });
  });

  it('that is a refusal of the key names no secret', async () => {
    const { service, request, io } = await pipelineTest({ reuseUpload: false });
    service.on('link', (response) => json(response, { message: `token ${PIPELINE_KEY.slice(0, 3)}… is bad` }, 401));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'auth.rejected', exitCode: 3, stage: 'upload' });
  });
});

describe('a lost answer', () => {
  it('to the build request ends the run with one request and a journal that remembers', async () => {
    const { service, request, io, journal } = await pipelineTest();
    service.on('fuse', (response) => response.destroy());
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'build.may-exist', exitCode: 4, stage: 'build', ids: { appId: 'app-1' } });
    expect(service.count('fuse')).toBe(1);
    expect(await journal()).toMatchObject({ stage: 'build-intent' });
  });

  it('to the signing request is found again by the status, without a second request', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('seal', (response) => {
      service.pollsToGo = 2;
      response.destroy();
    });
    await runPipeline(request, await io());
    expect(service.count('seal')).toBe(1);
  });

  it('to a signing request that did not arrive is followed by a second request, and no third', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('seal', (response) => json(response, {}, 502));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'api.unavailable', stage: 'sign' });
    expect(service.count('seal')).toBe(2);
  });
});

describe('the downloads', () => {
  it('are begun again when they are cut short, and leave nothing half done', async () => {
    const { service, request, io, files } = await pipelineTest();
    service.on('output', (response, nth) => {
      if (nth > 1) return false;
      response.writeHead(200, { 'content-length': PROTECTED_APK.length });
      response.write(PROTECTED_APK.subarray(0, 20), () => response.destroy());
      return true;
    });
    const outcome = await runPipeline(request, await io());
    expect(outcome.files[0]?.sha256).toBe(sha(PROTECTED_APK));
    expect((await files()).some((name) => name.endsWith('.part'))).toBe(false);
  });

  it('are begun again when a gateway answers with a page of its own', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('output', (response, nth) => {
      if (nth > 1) return false;
      response.end('<html>Bad gateway</html>');
      return true;
    });
    const outcome = await runPipeline(request, await io());
    expect(outcome.files[0]?.sha256).toBe(sha(PROTECTED_APK));
  });

  const bad: Array<[string, Buffer]> = [
    ['HTML', Buffer.from('<html>Sign in</html>')],
    ['JSON', Buffer.from('{"status":"progress"}')],
    ['a PDF', Buffer.from('%PDF-1.4')],
    ['nothing', Buffer.alloc(0)],
    ['two bytes', Buffer.from('PK')],
    ['the first half of an app, announced as a whole', PROTECTED_APK.subarray(0, PROTECTED_APK.length / 2)],
  ];
  it.each(bad)('are refused when what comes is %s', async (_name, bytes) => {
    const { service, request, io, files, journal } = await pipelineTest();
    service.outputs.app = bytes;
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'download.corrupt', exitCode: 4, stage: 'download' });
    expect((await files()).filter((name) => name.startsWith('rejected/'))).toEqual([]);
    expect(await journal()).toMatchObject({ stage: 'signed' });
  });

  it('that the service refuses are its refusal', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('output', (response) => json(response, { message: 'Not ready' }, 400));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'service.refused', status: 400, stage: 'download' });
  });
});

describe('the certificate', () => {
  it.each<[string, (service: BuildService) => void]>([
    ['comes late', (service) => service.on('pdf', (response, nth) => (nth < 4 ? json(response, {}, 404) : false))],
    ['is empty at first', (service) => service.on('pdf', (response, nth) => (nth < 4 ? void response.end() : false))],
    [
      'is a page at first',
      (service) => service.on('pdf', (response, nth) => (nth < 4 ? void response.end('<html>') : false)),
    ],
  ])('%s: asked again', async (_name, prepare) => {
    const { service, request, io } = await pipelineTest();
    prepare(service);
    const outcome = await runPipeline(request, await io());
    expect(outcome.certificates.pdf.state).toBe('present');
    expect(service.count('pdf')).toBe(4);
    expect(service.count('json')).toBe(1);
  });

  it.each<[string, (service: BuildService) => void, number]>([
    ['is never there', (service) => service.on('json', (response) => json(response, { message: 'none' }, 404)), 60_000],
    ['stays empty', (service) => service.on('json', (response) => response.end()), 60_000],
    ['is forbidden', (service) => service.on('json', (response) => json(response, {}, 403)), 0],
    ['cannot be fetched', (service) => service.on('json', (response) => json(response, {}, 500)), 0],
    ['is too large', (service) => service.on('json', (response) => response.end(Buffer.alloc(6e6))), 0],
  ])('that %s is absent, and no error of the pipeline', async (_name, prepare, waits) => {
    const { service, request, io, clock, files } = await pipelineTest();
    prepare(service);
    const certified = vi.fn();
    const its = { ...(await io()), certified };
    const outcome = await runPipeline(request, its);
    expect(certified.mock.calls).toEqual([[outcome.certificates]]);
    expect(outcome.certificates.json.state).toBe('absent');
    expect(outcome.certificates.pdf.state).toBe('present');
    expect(outcome.files.map(({ role }) => role)).not.toContain('certificate-json');
    expect(await files()).not.toContain('private/certificate.json');
    const certify = its.stages.timings().find(({ name }) => name === 'certify');
    if (waits > 0) expect(certify?.durationMs).toBeGreaterThanOrEqual(waits);
    expect(clock.pending).toBe(0);
  });

  it.each(['<html>Sign in</html>', '[]', 'null', '{"build_id":', 'anything'])(
    'is kept as it came: %s',
    async (body) => {
      const { service, request, io, dir } = await pipelineTest();
      service.outputs.json = Buffer.from(body);
      service.outputs.pdf = Buffer.from(body);
      const outcome = await runPipeline(request, await io());
      for (const [kind, name] of [
        ['json', 'certificate.json'],
        ['pdf', 'certificate.pdf'],
      ] as const) {
        const certificate = outcome.certificates[kind];
        if (certificate.state !== 'present') throw new Error(`${kind} is absent`);
        expect(Buffer.from(certificate.bytes).toString()).toBe(body);
        expect(await readFile(path.join(dir, 'private', name), 'utf8')).toBe(body);
      }
    },
  );
});

describe('a deadline', () => {
  const stuck: Array<[string, Partial<RunRequest['limits']>, (service: BuildService) => void, ErrorCode, StageName]> = [
    ['upload', { upload: 90_000 }, (service) => service.on('put', () => undefined), 'timeout.upload', 'upload'],
    [
      'analysis',
      { analysis: 90_000 },
      (service) => service.on('upload-status', (response) => json(response, { status: 'queued' })),
      'timeout.analysis',
      'analysis',
    ],
    [
      'build',
      { build: 90_000 },
      (service) => service.on('status', (response) => json(response, { status: 'progress' })),
      'timeout.build',
      'build',
    ],
    [
      'sign',
      { sign: 90_000 },
      (service) =>
        service.on('status', (response, nth) => json(response, { status: nth === 1 ? 'completed' : 'progress' })),
      'timeout.sign',
      'sign',
    ],
    [
      'download',
      { download: 90_000 },
      (service) => service.on('output', () => undefined),
      'timeout.download',
      'download',
    ],
    [
      'the run, in analysis',
      { run: 90_000 },
      (service) => service.on('upload-status', (response) => json(response, { status: 'progress' })),
      'timeout.run',
      'analysis',
    ],
    [
      'the run, in build',
      { run: 90_000 },
      (service) => service.on('status', (response) => json(response, { status: 'progress' })),
      'timeout.run',
      'build',
    ],
  ];
  it.each(stuck)('of %s ends the run with 7 and its own name', async (_name, limits, prepare, code, stage) => {
    const { service, request, io, clock, files } = await pipelineTest();
    prepare(service);
    const its = await io();
    const silent = code === 'timeout.upload' || code === 'timeout.download';
    const pending = errorOf(runPipeline({ ...request, limits: { ...LIMITS, ...limits } }, its));
    if (silent) {
      await until(
        () =>
          service.count(stage === 'upload' ? 'put' : 'output') === 1 &&
          (stage === 'upload' || its.stages.timings().some(({ name }) => name === 'certify')),
      );
      clock.advance(90_000);
    }
    const error = await pending;
    expect(error).toMatchObject({ code, stage, exitCode: 7 });
    expect(error.message).toContain('90 s');
    if (its.record.ids.buildId !== undefined) expect(error.hint).toContain('build-1');
    expect(its.stages.timings().at(-1)?.name).toBe(stage);
    expect((await files()).some((name) => name.endsWith('.part') || name.startsWith('rejected/'))).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('while the service fails is the service’s failure: exit 4', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response) => json(response, {}, 503));
    const limits = { ...LIMITS, build: 90_000, retries: 50 };
    const used = { ...request, limits };
    const error = await errorOf(runPipeline(used, await io({ request: used })));
    expect(error).toMatchObject({ code: 'api.unavailable', exitCode: 4, stage: 'build' });
    expect(error.ids.buildId).toBe('build-1');
  });

  it('of one certificate makes it absent', async () => {
    const { service, request, io, clock } = await pipelineTest();
    service.on('json', () => undefined);
    const limits = { ...LIMITS, download: 90_000 };
    const its = await io();
    const pending = runPipeline({ ...request, limits }, its);
    await until(() => service.count('json') === 1 && its.stages.timings().some(({ name }) => name === 'download'));
    clock.advance(90_000);
    const outcome = await pending;
    expect(outcome.certificates.json).toMatchObject({ state: 'absent', reason: expect.stringContaining('90 s') });
  });
});

describe('cancelling', () => {
  const points: Array<[Route, StageName, boolean]> = [
    ['link', 'checksum', false],
    ['put', 'upload', false],
    ['register', 'upload', false],
    ['upload-status', 'analysis', false],
    ['fuse', 'build', false],
    ['status', 'build', true],
    ['seal', 'sign', true],
    ['output', 'download', true],
  ];
  it.each(points)('while %s runs ends the run, with 130 and nothing left behind', async (route, stage, built) => {
    const { service, request, io, clock, files } = await pipelineTest();
    const its = await io();
    service.on(route, () => {
      its.cancel.abort(new Error('SIGTERM'));
    });
    const error = await errorOf(runPipeline(request, its));
    expect(error).toMatchObject({ code: 'run.cancelled', exitCode: 130, stage });
    if (built) expect(error.hint).toContain('build-id build-1');
    if (route === 'fuse') expect(error.hint).toContain('resume: new');
    expect((await files()).some((name) => name.endsWith('.part'))).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('during a pause ends it at once', async () => {
    const { service, request, io, clock } = await pipelineTest();
    const its = await io();
    service.on('status', (response, nth) => {
      json(response, { status: 'progress' });
      if (nth === 3) its.cancel.abort();
    });
    expect((await errorOf(runPipeline(request, its))).code).toBe('run.cancelled');
    expect(service.count('status')).toBeLessThanOrEqual(4);
    expect(clock.pending).toBe(0);
  });

  it('before the beginning sends nothing', async () => {
    const { service, request, io } = await pipelineTest();
    const its = await io();
    its.cancel.abort();
    expect((await errorOf(runPipeline(request, its))).code).toBe('run.cancelled');
    expect(service.asked).toEqual([]);
  });
});

describe('what is not signed', () => {
  it('an Android SDK is built and fetched, no more', async () => {
    const { service, request, io, files } = await pipelineTest();
    const outcome = await runPipeline({ ...withKind(request, 'aar'), sign: { method: 'none' } }, await io());
    expect(outcome.sign).toBe('none');
    expect(service.asked.filter((asked) => /sign|seal|context/.test(asked))).toEqual([]);
    expect(await files()).toContain('rejected/shop.aar');
  });

  it('signing on Appdome with nothing to sign with is refused', async () => {
    const { request, io } = await pipelineTest();
    const error = await errorOf(runPipeline({ ...request, sign: { method: 'on-appdome' } }, await io()));
    expect(error.code).toBe('usage.invalid');
  });
});

function withKind(request: RunRequest, kind: AppKind): RunRequest {
  if (request.app === undefined) throw new Error('no app');
  return { ...request, app: { ...request.app, kind } };
}
