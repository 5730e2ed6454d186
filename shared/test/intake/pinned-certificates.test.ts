/** What a ZIP of pinned certificates may hold: right and wrong content side by side. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  expandPinnedCertificates,
  pinnedCertificateProblems,
} from '../../src/intake/input-files/pinned-certificates.ts';
import { temporaryFolder } from '../support/folder.ts';
import { archiveOf } from '../support/zip.ts';

let folder = '';
let files: Record<string, Buffer> = {};

beforeEach(async () => {
  folder = await temporaryFolder();
});

beforeAll(async () => {
  const keys = await mkdtemp(path.join(tmpdir(), 'fusegate-pins-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: keys, stdio: 'pipe' });
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
  openssl('req', '-x509', '-key', 'key.pem', '-subj', '/CN=api.example.com', '-days', '9', '-out', 'cert.pem');
  openssl('pkey', '-in', 'key.pem', '-pubout', '-out', 'public.pem');
  openssl('pkey', '-in', 'key.pem', '-outform', 'DER', '-out', 'key.der');
  openssl('crl2pkcs7', '-nocrl', '-certfile', 'cert.pem', '-outform', 'DER', '-out', 'cert.p7b');
  const at = (name: string) => readFile(path.join(keys, name));
  const pem = await at('cert.pem');
  files = {
    'cert.pem': pem,
    'cert.der': new X509Certificate(pem).raw,
    'public.pem': await at('public.pem'),
    'chain.pem': Buffer.concat([pem, pem]),
    'bundle.zip': archiveOf({ 'cert.pem': pem }),
    'public.der': createPublicKey(pem).export({ type: 'spki', format: 'der' }),
    'mixed.pem': Buffer.concat([pem, await at('public.pem')]),
    'attributes.pem': Buffer.concat([Buffer.from('Bag Attributes\n    friendlyName: api\nsubject=CN=x\n'), pem]),
    'latin.pem': Buffer.concat([Buffer.from('friendlyName: B\xe4r\n', 'latin1'), pem]),
    'crlf.pem': Buffer.from(pem.toString().replaceAll('\n', '\r\n')),
    'key.pem': await at('key.pem'),
    'key.zip': archiveOf({ 'cert.pem': pem, 'key.pem': await at('key.pem') }),
    'key-inside.zip': archiveOf({ 'key.pem': await at('key.pem') }),
    'nested.zip': archiveOf({ 'api.zip': archiveOf({ 'cert.pem': pem }) }),
    'no-members.zip': archiveOf({}),
    'junk.zip': Buffer.concat([Buffer.from('PK\x03\x04'), await at('key.pem')]),
    'abc.pem': Buffer.from('-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'),
    'begin.pem': armoured('CERTIFICATE', new X509Certificate(pem).raw.subarray(0, 300)),
    'longer.pem': armoured('CERTIFICATE', Buffer.concat([new X509Certificate(pem).raw, Buffer.alloc(3)])),
    'no-key.pem': armoured('PUBLIC KEY', new X509Certificate(pem).raw),
    'cut.pem': pem.subarray(0, 500),
    'second-cut.pem': Buffer.concat([pem, pem.subarray(0, 500)]),
    'bare.pem': Buffer.concat([pem, Buffer.from((await at('key.der')).toString('base64'))]),
    'cut.der': new X509Certificate(pem).raw.subarray(0, 300),
    'then-key.der': Buffer.concat([new X509Certificate(pem).raw, await at('key.pem')]),
    'then-key-public.der': Buffer.concat([
      createPublicKey(pem).export({ type: 'spki', format: 'der' }),
      await at('key.der'),
    ]),
    'key.der': await at('key.der'),
    'both.pem': Buffer.concat([pem, await at('key.pem')]),
    'p7b.cer': await at('cert.p7b'),
    'page.cer': Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'),
    'text.pem': Buffer.from('certificate of the API'),
    'empty.pem': Buffer.alloc(0),
    'pointer.pem': Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
    'base64.cer': Buffer.from(new X509Certificate(pem).raw.toString('base64')),
    'binary.der': Buffer.from([0, 1, 2, 3]),
  };
});

function armoured(label: string, der: Buffer): Buffer {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
}

async function pinningZip(map: string, members = files): Promise<string> {
  const file = path.join(folder, 'pins.zip');
  await writeFile(file, archiveOf({ 'pins.json': map, ...members }));
  return file;
}

describe('a file of the ZIP', () => {
  it.each([
    ['cert.pem'],
    ['cert.der'],
    ['public.pem'],
    ['public.der'],
    ['chain.pem'],
    ['mixed.pem'],
    ['attributes.pem'],
    ['crlf.pem'],
    ['latin.pem'],
    ['bundle.zip'],
  ])('%s can be pinned', async (name) => {
    const zip = await pinningZip(JSON.stringify({ 'api.example.com': name }));
    expect(await pinnedCertificateProblems(zip)).toEqual([]);
    const [pinned] = await expandPinnedCertificates(zip, path.join(folder, 'out'));
    expect(await readFile(pinned?.file ?? '')).toEqual(files[name]);
  });

  it.each([
    ['key.pem', /private key/],
    ['key.der', /not a certificate file|private key/],
    ['both.pem', /private key/],
    ['p7b.cer', /PKCS#7/],
    ['page.cer', /HTML/],
    ['text.pem', /is text/],
    ['empty.pem', /is empty/],
    ['pointer.pem', /Git LFS/],
    ['base64.cer', /base64/],
    ['binary.der', /binary/],
    ['key.zip', /ZIP file with key\.pem, which is .*private key/],
    ['key-inside.zip', /ZIP file with key\.pem, which is .*private key/],
    ['nested.zip', /ZIP file with api\.zip, which is a ZIP/],
    ['no-members.zip', /without members/],
    ['junk.zip', /ZIP file that cannot be read/],
    ['abc.pem', /block 1 \(CERTIFICATE\)/],
    ['begin.pem', /block 1 \(CERTIFICATE\)/],
    ['longer.pem', /block 1 \(CERTIFICATE\)/],
    ['no-key.pem', /PEM/],
    ['cut.pem', /cut/],
    ['second-cut.pem', /more than certificates/],
    ['bare.pem', /more than certificates/],
    ['cut.der', /binary|cut/],
    ['then-key.der', /followed/],
    ['then-key-public.der', /followed/],
  ])('%s cannot', async (name, message) => {
    const zip = await pinningZip(JSON.stringify({ 'api.example.com': name, 'cdn.example.com': 'cert.pem' }));
    const said = { message: expect.stringMatching(message) };
    expect(await pinnedCertificateProblems(zip)).toMatchObject([said]);
    await expect(expandPinnedCertificates(zip, path.join(folder, 'out'))).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ option: 'cert-pinning-zip', ...said }],
    });
  });
});

describe('a host', () => {
  it.each([
    ['twice', '{"api.example.com": "cert.pem", "api.example.com": "cert.der"}'],
    ['twice with one file', '{"api.example.com": "cert.pem", "api.example.com": "cert.pem"}'],
    ['in two cases', '{"api.example.com": "cert.pem", "API.example.com": "cert.der"}'],
  ])('%s is an error', async (_, map) => {
    expect(await pinnedCertificateProblems(await pinningZip(map))).toMatchObject([
      { message: expect.stringMatching(/api\.example\.com more than once/) },
    ]);
  });

  it('with the trailing dot of a full name is the same host', async () => {
    const map = '{"api.example.com": "cert.pem", "api.example.com.": "cert.der"}';
    const problems = await pinnedCertificateProblems(await pinningZip(map));
    expect(problems).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/api\.example\.com more than once/) }),
    );
  });

  it('beside its pattern is none', async () => {
    const map = '{"api.example.com": "cert.pem", "*.example.com": "cert.der"}';
    expect(await pinnedCertificateProblems(await pinningZip(map))).toEqual([]);
  });
});
