import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filePart, pinnedCertificatePart } from '@fusegate/shared/api/file-parts';
import { parseVendor, VENDOR_NAMES, vendorConstant } from '@fusegate/shared/api/vendors';
import { FusegateError } from '@fusegate/shared/model/errors';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fieldsOf, partsOf } from '../support/multipart.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

const BUILD = { appId: 'app-1', fusionSetId: 'set-1', overrides: {} };

async function accepting() {
  server = await serve((_request, response) => json(response, { task_id: 'build-1' }));
  return { server, ...testClient(server.url) };
}

async function file(name: string, content = name): Promise<string> {
  const made = path.join(await temporaryFolder(), name);
  await writeFile(made, content);
  return made;
}

describe('fuse', () => {
  it('sends profiles, mapping and pinned certificates as the parts of the official client', async () => {
    const { server, client } = await accepting();
    const files = [
      filePart('baselineProfile', await file('baseline.zip')),
      filePart('startupProfile', await file('startup.zip')),
      filePart('inputMapping', await file('mapping.txt')),
      pinnedCertificatePart('api.example.com', await file('api cert.pem')),
      pinnedCertificatePart('*.example.com:8443', await file('star.der')),
    ];
    await client.fuse({ ...BUILD, files }, testContext());
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    const mitm = (host: string) =>
      `mitm_host_server_pinned_certs_list['${host}'].value.mitm_host_server_pinned_certs_file_content`;
    expect(
      partsOf(request).map((part) => [part.name, part.filename, part.contentType?.trim(), part.content.toString()]),
    ).toEqual([
      ['action', undefined, undefined, 'fuse'],
      ['app_id', undefined, undefined, 'app-1'],
      ['fusion_set_id', undefined, undefined, 'set-1'],
      ['baseline_profile', 'baseline.zip', 'application/zip', 'baseline.zip'],
      ['startup_profile', 'startup.zip', 'application/zip', 'startup.zip'],
      ['input_mapping', 'mapping.txt', 'application/txt', 'mapping.txt'],
      [mitm('api.example.com'), 'api cert.pem', 'application/octet-stream', 'api cert.pem'],
      [mitm('*.example.com:8443'), 'star.der', 'application/octet-stream', 'star.der'],
    ]);
  });

  it('sends nothing when a file cannot be read, and no build may exist then', async () => {
    const { server, client } = await accepting();
    const files = [filePart('inputMapping', path.join(await temporaryFolder(), 'none.txt'))];
    expect((await errorOf(client.fuse({ ...BUILD, files }, testContext()))).code).toBe('usage.invalid');
    expect(server.requests).toHaveLength(0);
  });

  it.each(["a'b", 'a"b', 'a\r\nb', 'a b', '', 'a/b', 'x'.repeat(254)])('refuses the host %j', (host) => {
    expect(() => pinnedCertificatePart(host, 'x.pem')).toThrow(FusegateError);
  });

  it.each(['xn--bcher-kva.example', 'bücher.example', '10.0.0.1', '[::1]:443', 'my_host'])(
    'takes the host %s',
    (host) => {
      expect(pinnedCertificatePart(host, 'x.pem').name).toContain(`['${host}']`);
    },
  );
});

describe('build-to-test', () => {
  it('is a fuse with vendor and message, beside the user’s overrides', async () => {
    const { server, client } = await accepting();
    const request = { ...BUILD, overrides: { extended_logs: true }, vendor: 'browserstack' } as const;
    expect(await client.buildToTest(request, testContext())).toBe('build-1');
    await client.buildToTest({ ...request, overrides: {}, message: 'Only there' }, testContext());
    const [first, second] = server.requests.map((each) => ({ ...each, fields: fieldsOf(each) }));
    expect(first?.url).toBe('/api/v1/build-to-test');
    expect(first?.fields).toEqual({
      action: 'fuse',
      app_id: 'app-1',
      fusion_set_id: 'set-1',
      overrides:
        '{"extended_logs":true,"build_to_test_vendor":"AUTOMATION_BROWSERSTACK","build_to_test_message":"App is not running on browserstack. Exiting"}',
    });
    expect(JSON.parse(second?.fields.overrides ?? '')).toEqual({
      build_to_test_vendor: 'AUTOMATION_BROWSERSTACK',
      build_to_test_message: 'Only there',
    });
  });

  it('sends a constant that it does not know as it is', async () => {
    const { server, client } = await accepting();
    await client.buildToTest({ ...BUILD, vendor: 'AUTOMATION_TRICENTIS_DEVICE_CLOUD' }, testContext());
    const [request] = server.requests;
    expect(JSON.parse((request && fieldsOf(request).overrides) ?? '')).toEqual({
      build_to_test_vendor: 'AUTOMATION_TRICENTIS_DEVICE_CLOUD',
      build_to_test_message: 'App is not running on tricentis_device_cloud. Exiting',
    });
  });
});

describe('the vendors', () => {
  it('have the constants that the official clients send', () => {
    expect(Object.fromEntries(VENDOR_NAMES.map((name) => [name, vendorConstant(name)]))).toEqual({
      aws_device_farm: 'AUTOMATION_AWS_DEVICE_FARM',
      bitbar: 'AUTOMATION_BITBAR',
      browserstack: 'AUTOMATION_BROWSERSTACK',
      firebase: 'AUTOMATION_FIREBASE',
      katalon: 'AUTOMATION_KATALON',
      kobiton: 'AUTOMATION_KOBITON',
      lambdatest: 'AUTOMATION_LAMBDATEST',
      perfecto: 'AUTOMATION_PERFECTO',
      saucelabs: 'AUTOMATION_SAUCELABS',
      tosca: 'AUTOMATION_TOSCA',
      tricentis_device_cloud: 'AUTOMATION_TOSCA',
      app_debug: 'AUTOMATION_APP_DEBUG',
      app_profiler: 'AUTOMATION_APP_PROFILER',
    });
  });

  it.each([
    // As the plugins' lists spell them (appdome-api.md §10).
    ['AWS_device_farm', 'aws_device_farm'],
    ['AWS_DEVICE_FARM', 'aws_device_farm'],
    ['aws-device-farm', 'aws_device_farm'],
    ['Tosca', 'tosca'],
    ['TRICENTIS_DEVICE_CLOUD', 'tricentis_device_cloud'],
    ['Tricentis Device Cloud', 'tricentis_device_cloud'],
    [' Saucelabs ', 'saucelabs'],
    ['AUTOMATION_BITBAR', 'AUTOMATION_BITBAR'],
    ['automation_new_cloud', 'AUTOMATION_NEW_CLOUD'],
  ])('reads %j as %s', (text, vendor) => {
    expect(parseVendor(text)).toBe(vendor);
  });

  it.each(['', 'None', 'browser', 'AUTOMATION_', 'constructor', '__proto__', 'AUTOMATION_A;B'])(
    'does not know %j',
    (text) => {
      expect(parseVendor(text)).toBeUndefined();
    },
  );
});
