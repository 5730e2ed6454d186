/** Apps that did not arrive whole, and what stands in their place: right and wrong side by side, by path and from a URL. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readRequest } from '../../src/intake/read-request.ts';
import { withInputFiles } from '../../src/jobs/with-input-files.ts';
import { asFusegateError, type UsageProblem } from '../../src/model/errors.ts';
import type { AppKind } from '../../src/model/run-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { credentialFile, NOW } from '../preflight/credential-fixtures.ts';
import { serve } from '../support/api-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS, pipelineTest } from '../support/pipeline.ts';
import { AAB, AAR, APK, archiveOf, IPA, zipOf } from '../support/zip.ts';

const KIT = zipOf(['Kit.xcframework/Info.plist', 'Kit.xcframework/ios-arm64/Kit.framework/Kit']);
const HTML = Buffer.from(
  `<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>${'x'.repeat(80)}</body></html>`,
);
const LFS = Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 2564\n`);
/** An app whose files are stored one after another, so that half of it holds whole files. */
const LARGE = archiveOf({ 'AndroidManifest.xml': 'x'.repeat(5000), 'classes.dex': 'y'.repeat(5000) });
const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
/** A download that was resumed at the wrong place. */
const withoutMiddle = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 2000), bytes.subarray(6000)]);

let cwd = '';

beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** @returns what is wrong, or else what is told about an app that was protected before */
async function outcomeOf(app: string, kind: AppKind, of: string): Promise<{ problems: UsageProblem[]; told?: string }> {
  const ios = kind === 'ipa' || kind === 'zip';
  const inputs = {
    app,
    'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab',
    'required-features': ios ? 'Jailbreak Detection' : 'Root Detection',
    sign: kind === 'aar' ? 'none' : 'private',
    'provisioning-profiles': kind === 'ipa' ? credentialFile('wildcard.mobileprovision') : '',
    'signing-fingerprint': kind === 'apk' || kind === 'aab' ? 'a1'.repeat(20) : '',
  };
  const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
  const read = await readRequest(raw, { FUSEGATE_API_KEY: 'synthetic-api-key-1' }, CLI, {
    cwd,
    outputBase: cwd,
    now: NOW,
  });
  if (!read.ok) {
    expect(read.error.exitCode).toBe(2);
    return { problems: read.error.problems.filter(({ option }) => option === of) };
  }
  const { io } = await pipelineTest();
  try {
    const request = { ...read.request, limits: LIMITS };
    return await withInputFiles(request, await io(), async ({ fusedAlready }) => ({
      problems: [],
      ...(fusedAlready === undefined ? {} : { told: fusedAlready }),
    }));
  } catch (thrown) {
    const error = asFusegateError(thrown);
    expect(error.exitCode).toBe(2);
    return { problems: [...error.problems] };
  }
}

async function outcomes(kind: AppKind, content: Buffer, of = '--app') {
  await writeFile(path.join(cwd, `given.${kind}`), content);
  const server = await serve((_, response) => response.writeHead(200).end(content));
  onTestFinished(() => server.close());
  return [await outcomeOf(`given.${kind}`, kind, of), await outcomeOf(`${server.url}/given.${kind}`, kind, of)];
}

async function bothWays(kind: AppKind, content: Buffer, of?: string): Promise<UsageProblem[][]> {
  return (await outcomes(kind, content, of)).map(({ problems }) => problems);
}

describe('an app that is whole', () => {
  it.each<[AppKind, string, Buffer]>([
    ['apk', 'with code', APK],
    ['apk', 'with resources alone', zipOf(['AndroidManifest.xml', 'resources.arsc'])],
    ['apk', 'with a manifest alone', zipOf(['AndroidManifest.xml'])],
    ['apk', 'with an app in its assets', zipOf(['AndroidManifest.xml', 'classes.dex', 'assets/wear.apk'])],
    ['apk', 'with a manifest in its assets', zipOf(['assets/x/AndroidManifest.xml', 'AndroidManifest.xml'])],
    ['apk', 'with content', LARGE],
    ['aab', 'with a base module', AAB],
    [
      'aab',
      'with two modules',
      zipOf(['BundleConfig.pb', 'base/manifest/AndroidManifest.xml', 'f/manifest/AndroidManifest.xml']),
    ],
    ['aar', 'with code', AAR],
    ['aar', 'without code', zipOf(['AndroidManifest.xml', 'R.txt', 'res/values/values.xml'])],
    ['aar', 'with a manifest alone', zipOf(['AndroidManifest.xml'])],
    ['ipa', 'with its list', IPA],
    [
      'ipa',
      'with more than 10,000 files',
      zipOf(['Payload/Shop.app/Info.plist', ...Array.from({ length: 12_000 }, (_, at) => `Payload/Shop.app/${at}`)]),
    ],
    ['ipa', 'whose names begin with a dot', zipOf(['./Payload/Shop.app/Info.plist'])],
    ['zip', 'with an .xcframework', KIT],
    ['zip', 'with an .xcframework in a folder', zipOf(['sdk/Kit.xcframework/Info.plist'])],
  ])('.%s %s', async (kind, _, content) => {
    expect(await bothWays(kind, content)).toEqual([[], []]);
  });
});

it.each<[AppKind, Record<string, string>, RegExp]>([
  ['apk', { 'AndroidManifest.xml': '', 'classes.dex': '', 'lib/x86/libloader.so': '' }, /libloader\.so/],
  ['apk', { 'AndroidManifest.xml': '', 'classes.dex': '', 'lib/x86/libother.so': '' }, /^$/],
])('an .%s with marks of an earlier fusion is told: %o', async (kind, members, told) => {
  for (const outcome of await outcomes(kind, archiveOf(members))) {
    expect(outcome.problems).toEqual([]);
    expect(outcome.told ?? '').toMatch(told);
  }
});

it('an app that is fetched is compared with its profiles, as one that is there', async () => {
  const plist = (id: string) =>
    `<plist version="1.0"><dict><key>CFBundleIdentifier</key><string>${id}</string></dict></plist>`;
  const ipa = (id: string) => archiveOf({ 'Payload/Shop.app/Info.plist': plist(id), 'Payload/Shop.app/Shop': '' });
  for (const [id, count] of [
    ['com.example.shop', 0],
    ['org.other', 1],
  ] as const) {
    for (const problems of await bothWays('ipa', ipa(id), '--provisioning-profiles')) {
      expect(problems.map(({ message }) => message)).toEqual(Array(count).fill(expect.stringContaining('"org.other"')));
    }
  }
});

describe('an app that is not', () => {
  const HALF = /incomplete/;

  it.each<[AppKind, string, Buffer, RegExp]>([
    ['apk', 'half', half(LARGE), HALF],
    ['apk', 'without its last byte', LARGE.subarray(0, -1), HALF],
    ['apk', 'without its middle', withoutMiddle(LARGE), HALF],
    [
      'apk',
      'half of one that ends with a whole ZIP',
      Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500), APK]),
      HALF,
    ],
    ['aab', 'half', half(AAB), HALF],
    ['aar', 'half', half(AAR), HALF],
    ['ipa', 'half', half(IPA), HALF],
    ['zip', 'half', half(KIT), HALF],
    ['apk', 'a login page', HTML, /HTML page/],
    ['ipa', 'a Git LFS pointer', LFS, /Git LFS/],
    ['apk', 'a gzip archive', Buffer.from('1f8b08000000000000030300', 'hex'), /gzip/],
    ['aab', 'a ZIP without members', zipOf([]), /without members/],
    ['apk', 'an artifact with one app', archiveOf({ 'shop-release.apk': APK }), /holds "shop-release\.apk"/],
    [
      'ipa',
      'an artifact with one app in a folder',
      archiveOf({ 'out/Shop.ipa': IPA, 'out/log.txt': '' }),
      /holds "out\/Shop\.ipa"/,
    ],
    ['zip', 'an artifact with one app', archiveOf({ 'sdk.aar': AAR }), /holds "sdk\.aar"/],
    [
      'apk',
      'a set of split APKs',
      zipOf(['toc.pb', ...['a', 'b', 'c', 'd'].map((name) => `splits/${name}.apk`)]),
      /"splits\/c\.apk", and 1 more/,
    ],
    ['apk', 'an .aab', AAB, /content is that of an \.aab/],
    ['apk', 'an .aar', AAR, /content is that of an \.aar/],
    ['aar', 'an .apk', APK, /content is that of an \.apk/],
    ['ipa', 'an .xcframework', KIT, /content is that of a \.zip/],
    [
      'apk',
      'in a folder, with an app in its assets',
      zipOf(['a/assets/b.apk', 'a/AndroidManifest.xml', 'a/classes.dex']),
      /folder "a\/"/,
    ],
    [
      'apk',
      'an artifact with more than the app',
      archiveOf({ 'merged/AndroidManifest.xml': '', 'apk/shop.apk': APK }),
      /holds "apk\/shop\.apk"/,
    ],
    [
      'apk',
      'without a manifest, with an app in its assets',
      zipOf(['assets/b.apk', 'classes.dex']),
      /no AndroidManifest\.xml/,
    ],
    ['apk', 'without a manifest', zipOf(['classes.dex', 'resources.arsc']), /no AndroidManifest\.xml/],
    ['apk', 'in a folder', zipOf(['app/AndroidManifest.xml', 'app/classes.dex']), /folder "app\/"/],
    [
      'aab',
      'without a base module',
      zipOf(['BundleConfig.pb', 'f/manifest/AndroidManifest.xml']),
      /no base\/manifest\/AndroidManifest\.xml/,
    ],
    ['aab', 'without its configuration', zipOf(['base/manifest/AndroidManifest.xml']), /no BundleConfig\.pb/],
    ['aar', 'without a manifest', zipOf(['classes.jar']), /no AndroidManifest\.xml/],
    ['ipa', 'without its list', zipOf(['Payload/Shop.app/Shop']), /no Payload\/\*\.app\/Info\.plist/],
    [
      'ipa',
      'in a folder',
      zipOf(['Shop/Payload/Shop.app/Info.plist', 'Shop/Payload/Shop.app/Shop']),
      /folder "Shop\/"/,
    ],
    ['ipa', 'the .app alone', zipOf(['Shop.app/Info.plist', 'Shop.app/Shop']), /no Payload/],
    ['zip', 'of other files', zipOf(['readme.txt']), /no \.xcframework/],
  ])('.%s: %s', async (kind, _, content, message) => {
    for (const problems of await bothWays(kind, content)) {
      expect(problems).toMatchObject([{ option: '--app', message: expect.stringMatching(message) }]);
    }
  });
});
