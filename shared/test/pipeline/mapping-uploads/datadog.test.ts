import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transport } from '@fusegate/shared/api/transport';
import { Secret } from '@fusegate/shared/model/secret';
import { uploadToDatadog } from '@fusegate/shared/pipeline/mapping-uploads/datadog';
import nock from 'nock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../../support/call.ts';
import { errorOf } from '../../support/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/folder.ts';

const SITE = 'https://sourcemap-intake.datadoghq.eu';
const KEY = 'synthetic-datadog-key';

afterEach(() => nock.cleanAll());
afterAll(() => nock.restore());

async function upload(): Promise<void> {
  const folder = await temporaryFolder();
  const mapping = path.join(folder, 'mapping.txt');
  await writeFile(mapping, 'com.example.A -> a.a:\n');
  const transport = new Transport({
    server: { url: 'http://127.0.0.1:1' },
    limits: { connect: 1e9, stall: 1e9, retries: 2 },
    clock: new FakeClock(),
    random: () => 0.5,
  });
  const metadata = { buildId: 'b-1', service: 'com.example.a', version: '1.0' };
  try {
    await uploadToDatadog(
      transport,
      { apiKey: new Secret(KEY), site: 'datadoghq.eu', metadata, mapping },
      folder,
      testContext('mapping'),
    );
  } finally {
    transport.close();
    await readFile(mapping);
  }
}

describe('the mapping for Datadog (appdome-api.md §3.27)', () => {
  it('is the two parts and the headers of the official client, without our own', async () => {
    let body = '';
    let headers: Record<string, unknown> = {};
    nock(SITE)
      .post('/api/v2/srcmap')
      .reply(function reply(_uri, text) {
        body = String(text);
        headers = this.req.headers;
        return [202, '{}'];
      });
    await upload();
    expect(headers).toMatchObject({
      'dd-api-key': KEY,
      'dd-evp-origin': 'dd-sdk-android-gradle-plugin',
      'dd-evp-origin-version': '1.13.0',
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('x-appdome-client');
    expect(body).toMatch(/name="event"; filename="event\.json"\r\nContent-Type: application\/json; charset=utf-8/);
    expect(body).toContain('{"build_id":"b-1","service":"com.example.a","type":"jvm_mapping_file","version":"1.0"}');
    expect(body).toMatch(/name="jvm_mapping_file"; filename="jvm_mapping"\r\nContent-Type: text\/plain/);
    expect(body).toContain('com.example.A -> a.a:');
  });

  it('is sent again after a 503', async () => {
    nock(SITE).post('/api/v2/srcmap').reply(503, 'busy');
    nock(SITE).post('/api/v2/srcmap').reply(202, '');
    await upload();
    expect(nock.isDone()).toBe(true);
  });

  it.each([
    [200, '{}', 'api.unexpected'],
    [403, '{"errors":["Forbidden"]}', 'service.refused'],
    [413, 'too large', 'service.refused'],
  ])('%s is a failure', async (status, text, code) => {
    nock(SITE).post('/api/v2/srcmap').reply(status, text);
    const error = await errorOf(upload());
    expect(error.code).toBe(code);
    expect(JSON.stringify([error.message, error.hint])).not.toContain(KEY);
  });

  it('is not sent to where a redirect leads', async () => {
    nock(SITE).post('/api/v2/srcmap').reply(307, '', { location: 'https://elsewhere.example.com/' });
    const elsewhere = nock('https://elsewhere.example.com').post('/').reply(202);
    expect((await errorOf(upload())).code).toBe('api.redirect');
    expect(elsewhere.isDone()).toBe(false);
  });
});
