/** A run is only gone on with where every input that makes the build what it is, is the same. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRequest, SignRequest } from '@fusegate/shared/model/run-request';
import { Secret } from '@fusegate/shared/model/secret';
import { fingerprintOf } from '@fusegate/shared/pipeline/fingerprint';
import { digestInputs } from '@fusegate/shared/pipeline/input-digests';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { pipelineTest } from '../support/pipeline.ts';

const SUBJECT = { sha256: 'ab' };
const signal = new AbortController().signal;

async function fingerprint(request: RunRequest): Promise<string> {
  return fingerprintOf(request, SUBJECT, 'https://example.com', await digestInputs(request, signal));
}

async function fixture() {
  const { request } = await pipelineTest();
  const folder = await temporaryFolder();
  let files = 0;
  const file = async (content: string) => {
    files += 1;
    const target = path.join(folder, `file-${files}`);
    await writeFile(target, content);
    return target;
  };
  const signed = (more: Partial<SignRequest>): RunRequest => ({ ...request, sign: { method: 'private', ...more } });
  return { request, file, signed };
}

describe('the fingerprint of the inputs', () => {
  it.each<[string, (given: Awaited<ReturnType<typeof fixture>>, content: string) => Promise<RunRequest>]>([
    [
      'baseline profile',
      async ({ request, file }, content) => ({ ...request, buildFiles: { baselineProfile: await file(content) } }),
    ],
    [
      'startup profile',
      async ({ request, file }, content) => ({ ...request, buildFiles: { startupProfile: await file(content) } }),
    ],
    [
      'input mapping',
      async ({ request, file }, content) => ({ ...request, buildFiles: { inputMapping: await file(content) } }),
    ],
    [
      'pinning ZIP',
      async ({ request, file }, content) => ({ ...request, buildFiles: { certPinningZip: await file(content) } }),
    ],
    ['icon', async ({ request, file }, content) => ({ ...request, context: { appIcon: await file(content) } })],
    ['overlay', async ({ request, file }, content) => ({ ...request, context: { iconOverlay: await file(content) } })],
    ['context overrides', async ({ request }, content) => ({ ...request, context: { overrides: { a: content } } })],
    ['build overrides', async ({ request }, content) => ({ ...request, buildOverrides: { a: content } })],
    ['device cloud', async ({ request }, content) => ({ ...request, buildToTest: `AUTOMATION_${content}` })],
    [
      'provisioning profiles',
      async ({ file, signed }, content) => signed({ provisioningProfiles: [await file('same'), await file(content)] }),
    ],
    ['entitlements', async ({ file, signed }, content) => signed({ entitlements: [await file(content)] })],
    [
      'trusted list',
      async ({ signed }, content) => signed({ trustedFingerprints: [{ sha: content, trustedStoreSigning: false }] }),
    ],
    [
      'sign overrides',
      async ({ signed }, content) => signed({ overrides: new Secret(JSON.stringify({ a: content })) }),
    ],
  ])('covers the %s by what is in it', async (_, change) => {
    const given = await fixture();
    const first = await fingerprint(await change(given, 'one'));
    expect(await fingerprint(await change(given, 'one'))).toBe(first);
    expect(await fingerprint(await change(given, 'two'))).not.toBe(first);
    expect(await fingerprint(given.request)).not.toBe(first);
  });

  it.each<[string, (given: Awaited<ReturnType<typeof fixture>>, content: string) => Promise<RunRequest>]>([
    [
      'passwords',
      async ({ signed }, content) =>
        signed({ method: 'on-appdome', p12Password: new Secret(content), keystorePassword: new Secret(content) }),
    ],
    [
      'passwords in overrides',
      async ({ signed }, content) =>
        signed({ overrides: new Secret(JSON.stringify({ signing_p12_password: content })) }),
    ],
    [
      'identity',
      async ({ signed, file }, content) => signed({ p12: await file(content), keystore: await file(content) }),
    ],
    [
      'place of a file',
      async ({ request, file }) => ({ ...request, buildFiles: { inputMapping: await file('same') } }),
    ],
  ])('leaves out the %s: with another one the same build is signed again', async (_, change) => {
    const given = await fixture();
    expect(await fingerprint(await change(given, 'one'))).toBe(await fingerprint(await change(given, 'two')));
  });

  it('fails where a file is gone', async () => {
    const { request } = await fixture();
    await expect(fingerprint({ ...request, buildFiles: { inputMapping: '/nowhere/mapping.txt' } })).rejects.toThrow(
      /mapping\.txt/,
    );
  });
});
