/** What people bring where a file is wanted: right and wrong content side by side, by path, as base64 and from a URL. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withInputFiles } from '@fusegate/shared/jobs/with-input-files';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ContentKind, recognise } from '../../src/intake/input-files/known-content.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { asFusegateError, type UsageProblem } from '../../src/model/errors.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { credentialBytes, P12_PASSWORD, STORE_PASSWORD } from '../preflight/credential-fixtures.ts';
import { serve } from '../support/api-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS, pipelineTest } from '../support/pipeline.ts';
import { APK, archiveOf } from '../support/zip.ts';

const FUSION_SET = '11111111-631e-11f0-811d-012fa289ddab';
const KEYSTORE = credentialBytes('android-modern.p12');
const JKS = credentialBytes('android.jks');
const P12 = credentialBytes('ios-distribution.p12');
const PROFILE = credentialBytes('app.mobileprovision');
const CERTIFICATE = certificateOf(PROFILE);
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PEM = new X509Certificate(CERTIFICATE).toString();
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 2564\n`;
const HTML = `<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>${'x'.repeat(80)}</body></html>`;
const XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Expired</Message></Error>';
const PLIST =
  '<?xml version="1.0"?><plist version="1.0"><dict><key>aps-environment</key><string>x</string></dict></plist>';
const INFO_PLIST = PLIST.replace('aps-environment', 'CFBundleIdentifier').replace('>x<', '>com.example.shop<');
const MAPPING = `# compiler: R8\ncom.example.Shop -> a.b:\n    int count -> a\n${'com.example.Cart -> a.c:\n'.repeat(4)}`;
const BKS = Buffer.concat([Buffer.from('00000002000000146b1f', 'hex'), Buffer.alloc(60, 0x91)]);
const ARCHIVE = archiveOf({ 'baseline-prof.txt': 'HSPLcom/example/Shop;->open()V' });

const LATIN_PAGE = Buffer.from(
  '<!DOCTYPE html>\n<html><body>Bitte anmelden: G\xe4ste geh\xf6ren drau\xdfen</body></html>',
  'latin1',
);
const LATIN_PROSE = Buffer.from(
  'Der Schl\xfcssel liegt im Tresor.\r\nFragen beantwortet das B\xfcro, t\xe4glich ab neun Uhr.\r\n',
  'latin1',
);
const OPENED_BY = randomLooking(24);
const DATA_PACKET = Buffer.concat([Buffer.from('d2c0ab01', 'hex'), randomLooking(363)]);
const GPG = {
  passphrase: Buffer.concat([Buffer.from('8c0d04090302f3bc977e9540be7aff', 'hex'), DATA_PACKET]),
  rsa: Buffer.concat([Buffer.from('85010c03c0a8391833af90b901', 'hex'), randomLooking(258), DATA_PACKET]),
  hidden: Buffer.concat([Buffer.from('845e03000000000000000012', 'hex'), randomLooking(84), DATA_PACKET]),
  newForm: Buffer.concat([Buffer.from('c12203c0a8391833af90b912', 'hex'), OPENED_BY, DATA_PACKET]),
};
const PGP_ARMOUR = `-----BEGIN PGP MESSAGE-----\n\n${GPG.passphrase.toString('base64')}\n=abcd\n-----END PGP MESSAGE-----\n`;
const TAR = tarOf('release.jks', JKS);

function randomLooking(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 151 + 0x8f) % 256));
}

/** POSIX, with the parts of the header that tell it. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('ustar\x0000', 257, 'latin1');
  return Buffer.concat([header, content, Buffer.alloc(1024)]);
}

/** The first certificate that a profile names. */
function certificateOf(profile: Buffer): Buffer {
  const text = profile.toString('latin1');
  const data = /<key>DeveloperCertificates<\/key>[\s\S]*?<data>([\s\S]*?)<\/data>/.exec(text)?.[1] ?? '';
  return Buffer.from(data, 'base64');
}

const asText = (bytes: Buffer) => Buffer.from(bytes.toString('utf8'));
const wide = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const padded = (text: string) => Buffer.from(text.padEnd(80, '\n'));

describe('content is recognised', () => {
  it.each<[string, Buffer, ContentKind, RegExp]>([
    ['a JKS keystore', JKS, 'java-keystore', /JKS/],
    ['a PKCS#12 keystore', KEYSTORE, 'pkcs12', /PKCS#12/],
    ['its beginning', KEYSTORE.subarray(0, 200), 'pkcs12', /PKCS#12/],
    [
      'PKCS#12 in BER, as macOS exports it',
      Buffer.from('3080020103308006092a864886f70d010701a080', 'hex'),
      'pkcs12',
      /#12/,
    ],
    ['a profile', PROFILE, 'profile', /profile/],
    ['a certificate', CERTIFICATE, 'certificate', /certificate/],
    ['a PEM certificate', Buffer.from(PEM), 'certificate', /PEM/],
    [
      'a PEM certificate below attributes',
      Buffer.from(`Bag Attributes\n    friendlyName: x\n${PEM}`),
      'certificate',
      /PEM/,
    ],
    ['a keystore in PEM armour', armoured(JKS), 'foreign', /PEM text around a JKS keystore/],
    ['base64', Buffer.from(JKS.toString('base64')), 'foreign', /base64 text around a JKS keystore/],
    ['base64 in UTF-16', wide(JKS.toString('base64')), 'foreign', /base64 text around a JKS keystore/],
    [
      'base64 of base64',
      Buffer.from(Buffer.from(JKS.toString('base64')).toString('base64')),
      'foreign',
      /base64 text around base64/,
    ],
    ['a Git LFS pointer', Buffer.from(LFS), 'foreign', /Git LFS/],
    ['an HTML page', Buffer.from(HTML), 'foreign', /HTML/],
    ['an error of S3', Buffer.from(XML), 'foreign', /XML document/],
    ['a status', Buffer.from('404: Not Found'), 'foreign', /404: Not Found/],
    ['a property list', Buffer.from(PLIST), 'property-list', /property list/],
    ['JSON', Buffer.from('{"type": "service_account"}'), 'json', /JSON/],
    ['a mapping file', Buffer.from(MAPPING), 'mapping', /mapping/],
    ['white space', Buffer.from(' \r\n'), 'foreign', /white space/],
    ['other text', Buffer.from('hunter2'), 'text', /^text$/],
    ['what openssl enc encrypts', Buffer.concat([Buffer.from('Salted__'), BKS]), 'foreign', /openssl/],
    ['a keystore copied as text', asText(KEYSTORE), 'foreign', /copied as text/],
    ['a JKS keystore copied as Latin-1', Buffer.from(JKS.toString('latin1')), 'foreign', /copied as text/],
    ['a PDF', Buffer.from('%PDF-1.7\n%\xe2\xe3', 'latin1'), 'foreign', /PDF/],
    ['an HTML page in Latin-1', LATIN_PAGE, 'foreign', /HTML/],
    ['an HTML page with a control character', Buffer.concat([LATIN_PAGE, Buffer.of(1)]), 'foreign', /HTML/],
    ['an HTML page of one line in Latin-1', Buffer.from('<html>\xe9t\xe9</html>', 'latin1'), 'foreign', /HTML/],
    ['a status in Latin-1', Buffer.from('404 P\xe1gina no encontrada', 'latin1'), 'foreign', /404 P\xe1gina/],
    ['prose in Latin-1', LATIN_PROSE, 'text', /^text$/],
    [
      'a PEM certificate below a name in Latin-1',
      Buffer.concat([Buffer.from('friendlyName: B\xe4r\n', 'latin1'), Buffer.from(PEM)]),
      'certificate',
      /PEM/,
    ],
    ['what gpg -c encrypts', GPG.passphrase, 'foreign', /encrypted with GPG/],
    ['what gpg -e encrypts for RSA', GPG.rsa, 'foreign', /encrypted with GPG/],
    ['what gpg -R encrypts for a curve', GPG.hidden, 'foreign', /encrypted with GPG/],
    ['an OpenPGP message with new packets', GPG.newForm, 'foreign', /encrypted with GPG/],
    ['an OpenPGP message in armour', Buffer.from(PGP_ARMOUR), 'foreign', /encrypted with GPG/],
    ['a session key with nothing behind it', GPG.passphrase.subarray(0, 15), 'unknown', /not known/],
    ['a tar archive', TAR, 'foreign', /tar/],
    ['the letters ustar elsewhere', Buffer.concat([BKS, Buffer.from('ustar')]), 'unknown', /not known/],
    ['a BKS keystore', BKS, 'unknown', /not known/],
    ['other DER', Buffer.from('3003020101', 'hex'), 'unknown', /not known/],
  ])('%s', (_, bytes, kind, said) => {
    expect(recognise(bytes)).toEqual({ kind, said: expect.stringMatching(said) });
  });

  it.each([
    ['JKS', JKS, ['java-keystore']],
    ['PKCS#12', KEYSTORE, ['pkcs12']],
    ['PKCS#12 with an identity', P12, ['pkcs12']],
    ['a profile', PROFILE, ['profile']],
    ['BKS', BKS, ['unknown']],
  ])('%s is what it is, whatever its content', (_, real, kinds) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 400 }), (tail) => {
        expect(kinds).toContain(recognise(real).kind);
        expect(['text', 'json', 'mapping']).not.toContain(recognise(Buffer.concat([real.subarray(0, 40), tail])).kind);
      }),
    );
    for (let length = 24; length < real.length; length += 97) {
      expect(['text', 'json', 'mapping'], String(length)).not.toContain(recognise(real.subarray(0, length)).kind);
    }
  });

  it('random bytes are not text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 600 }), (bytes) => {
        const content = Buffer.concat([Buffer.of(0xff, 0x0a), Buffer.from(bytes.map((byte) => byte | 0x20))]);
        const ascii = bytes.filter((byte) => byte < 0x80).length;
        if (ascii < bytes.length * 0.8) expect(recognise(content).kind).not.toBe('text');
      }),
    );
  });

  it('never quotes text that could be a secret', () => {
    for (const text of ['hunter2', '{"password": "hunter2"}', '404: hunter2', `PEM hunter2\n${PEM}`]) {
      expect(recognise(Buffer.from(text)).said).not.toContain('hunter2');
    }
  });

  it('private keys, whatever holds them', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
    openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-outform', 'DER', '-out', 'pkcs8.der');
    openssl('pkcs8', '-topk8', '-passout', 'pass:x', '-in', 'key.pem', '-outform', 'DER', '-out', 'encrypted.der');
    openssl('ec', '-in', 'key.pem', '-outform', 'DER', '-out', 'sec1.der');
    openssl('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER', '-out', 'public.der');
    for (const name of ['key.pem', 'pkcs8.der', 'encrypted.der', 'sec1.der']) {
      expect(recognise(await readFile(at(name))), name).toMatchObject({ kind: 'private-key' });
    }
    expect(recognise(await readFile(at('public.der')))).toMatchObject({ kind: 'public-key' });
  });
});

function armoured(bytes: Buffer): Buffer {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN CERTIFICATE-----\r\n${lines.join('\r\n')}\r\n-----END CERTIFICATE-----\r\n`);
}

const ANDROID = {
  app: 'shop.apk',
  'fusion-set-id': FUSION_SET,
  'required-features': 'Root Detection',
  sign: 'on-appdome',
  keystore: 'right.keystore',
  'keystore-alias': 'release',
};
const IOS = {
  ...ANDROID,
  app: 'shop.ipa',
  'required-features': 'Jailbreak Detection',
  keystore: '',
  'keystore-alias': '',
  p12: 'right.p12',
  'provisioning-profiles': 'right.mobileprovision',
};
const ENVIRONMENT = {
  FUSEGATE_API_KEY: 'synthetic-api-key-1',
  FUSEGATE_KEYSTORE_PASSWORD: STORE_PASSWORD,
  FUSEGATE_P12_PASSWORD: P12_PASSWORD,
};

interface Outcome {
  problems: UsageProblem[];
  notChecked: string[];
}

let cwd = '';

beforeEach(async () => {
  cwd = await temporaryFolder();
  const write = (name: string, content: Buffer) => writeFile(path.join(cwd, name), content);
  await write('shop.apk', APK);
  await write('shop.ipa', archiveOf({ 'Payload/Shop.app/Info.plist': INFO_PLIST }));
  await write('right.keystore', KEYSTORE);
  await write('right.p12', P12);
  await write('right.mobileprovision', PROFILE);
});

/** What a value leads to, wherever it is noticed: with the options, or once the file has been fetched. */
async function outcomeOf(option: string, value: string): Promise<Outcome> {
  const ios = ['p12', 'provisioning-profiles', 'entitlements'].includes(option);
  const inputs = { ...(ios ? IOS : ANDROID), [option]: value };
  const raw = { inputs: Object.entries(inputs).map(([name, text]) => ({ name, value: text })) };
  const read = await readRequest(raw, ios ? withoutKeystore() : ENVIRONMENT, CLI, {
    cwd,
    outputBase: cwd,
    now: Date.now(),
  });
  if (!read.ok) return { problems: read.error.problems, notChecked: [] };
  const { io } = await pipelineTest();
  try {
    return await withInputFiles({ ...read.request, limits: LIMITS }, await io(), async ({ notChecked = [] }) => ({
      problems: [],
      notChecked,
    }));
  } catch (error) {
    return { problems: asFusegateError(error).problems, notChecked: [] };
  }
}

function withoutKeystore() {
  const { FUSEGATE_KEYSTORE_PASSWORD: _, ...rest } = ENVIRONMENT;
  return rest;
}

async function threeWays(option: string, content: Buffer): Promise<Outcome[]> {
  const file = path.join(await temporaryFolder(), 'given');
  await writeFile(file, content);
  const server = await serve((_, response) => response.writeHead(200).end(content));
  onTestFinished(() => server.close());
  const outcomes: Outcome[] = [];
  for (const value of [file, content.toString('base64'), `${server.url}/given`]) {
    outcomes.push(await outcomeOf(option, value));
  }
  return outcomes;
}

describe('the same outcome by path, as base64 and from a URL', () => {
  it.each<[string, string, Buffer]>([
    ['keystore', 'PKCS#12', KEYSTORE],
    ['p12', 'PKCS#12', P12],
    ['provisioning-profiles', 'a profile', PROFILE],
    ['entitlements', 'a property list', Buffer.from(PLIST)],
    ['baseline-profile', 'a ZIP', ARCHIVE],
    ['startup-profile', 'a ZIP', ARCHIVE],
    ['input-mapping', 'a map', Buffer.from(MAPPING)],
    ['input-mapping', 'a map that renames nothing', padded('# compiler: R8\n# pg_map_id: 123\n')],
    ['app-icon', 'a PNG', Buffer.concat([PNG, Buffer.alloc(40)])],
  ])('%s takes %s', async (option, _, content) => {
    for (const outcome of await threeWays(option, content)) expect(outcome).toEqual({ problems: [], notChecked: [] });
  });

  it.each<[string, string, Buffer, RegExp]>([
    ['keystore', 'a status', padded('404: Not Found'), /404: Not Found/],
    ['keystore', 'a login page', Buffer.from(HTML), /HTML/],
    ['keystore', 'a Git LFS pointer', Buffer.from(LFS), /Git LFS/],
    ['keystore', 'base64', Buffer.from(KEYSTORE.toString('base64')), /base64 text around a PKCS#12/],
    ['keystore', 'a PEM certificate', Buffer.from(PEM), /PEM text with a certificate/],
    ['keystore', 'a certificate', CERTIFICATE, /certificate without a private key/],
    ['keystore', 'a ZIP', ARCHIVE, /ZIP/],
    ['keystore', 'other text', padded('keystore of the shop'), /is text/],
    ['p12', 'a JKS keystore', JKS, /JKS/],
    ['p12', 'a certificate', CERTIFICATE, /certificate without a private key/],
    ['p12', 'an HTML page', Buffer.from(HTML), /HTML/],
    ['provisioning-profiles', 'its property list alone', Buffer.from(PLIST), /property list/],
    ['provisioning-profiles', 'a certificate', CERTIFICATE, /certificate/],
    ['provisioning-profiles', 'a Git LFS pointer', Buffer.from(LFS), /Git LFS/],
    ['entitlements', 'a profile', PROFILE, /profile/],
    ['entitlements', 'an HTML page', Buffer.from(HTML), /HTML/],
    ['baseline-profile', 'its text alone', padded('HSPLcom/example/Shop;->open()V'), /is text/],
    ['baseline-profile', 'binary content', BKS, /not a ZIP/],
    ['startup-profile', 'an HTML page', Buffer.from(HTML), /HTML/],
    ['input-mapping', 'an HTML page', Buffer.from(HTML), /HTML/],
    ['input-mapping', 'other text', padded('nothing'), /is text/],
    ['input-mapping', 'a ZIP', ARCHIVE, /ZIP/],
    ['app-icon', 'an SVG drawing', padded('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
    ['icon-overlay', 'a Git LFS pointer', Buffer.from(LFS), /Git LFS/],
    ['keystore', 'an HTML page in Latin-1', LATIN_PAGE, /HTML/],
    ['p12', 'an HTML page in Latin-1', LATIN_PAGE, /HTML/],
    ['provisioning-profiles', 'an HTML page in Latin-1', LATIN_PAGE, /HTML/],
    ['input-mapping', 'an HTML page in Latin-1', LATIN_PAGE, /HTML/],
    ['app-icon', 'an HTML page in Latin-1', LATIN_PAGE, /HTML/],
    ['keystore', 'prose in Latin-1', LATIN_PROSE, /is text/],
    ['app-icon', 'prose in Latin-1', LATIN_PROSE, /is text/],
    ['keystore', 'a GPG message', GPG.passphrase, /GPG/],
    ['p12', 'a GPG message', GPG.rsa, /GPG/],
    ['provisioning-profiles', 'an armoured GPG message', Buffer.from(PGP_ARMOUR), /GPG/],
    ['input-mapping', 'a GPG message', GPG.hidden, /GPG/],
    ['keystore', 'a tar archive', TAR, /tar/],
    ['provisioning-profiles', 'a tar archive', TAR, /tar/],
    ['app-icon', 'a tar archive', TAR, /tar/],
    ['cert-pinning-zip', 'a Git LFS pointer', Buffer.from(LFS), /Git LFS/],
    ['cert-pinning-zip', 'a PEM certificate', Buffer.from(PEM), /certificate/],
  ])('%s refuses %s', async (option, _, content, message) => {
    for (const outcome of await threeWays(option, content)) {
      expect(outcome.problems).toMatchObject([{ option: `--${option}`, message: expect.stringMatching(message) }]);
    }
  });

  it.each<[string, Buffer]>([
    ['keystore', JKS],
    ['p12', P12],
    ['provisioning-profiles', PROFILE],
    ['entitlements', Buffer.from(PLIST)],
  ])('%s refuses a file of more than 8 MiB', async (option, content) => {
    for (const outcome of await threeWays(option, Buffer.concat([content, Buffer.alloc(8 * 1024 * 1024, '\n')]))) {
      expect(outcome.problems).toMatchObject([{ option: `--${option}`, message: expect.stringMatching(/9 MiB/) }]);
    }
  });

  it.each<[string, string, Buffer]>([
    ['keystore', 'a BKS keystore', BKS],
    ['p12', 'other binary content', BKS],
    ['provisioning-profiles', 'other binary content', BKS],
    ['input-mapping', 'binary content', BKS],
    ['app-icon', 'binary content', BKS],
  ])('%s does not check %s, and says so once', async (option, _, content) => {
    for (const outcome of await threeWays(option, content)) {
      expect(outcome).toEqual({ problems: [], notChecked: [expect.stringMatching(/was not checked, because it/)] });
    }
  });
});

const base64 = (latin: string) => Buffer.from(latin, 'latin1').toString('base64');

describe('a value that is neither path, URL nor base64', () => {
  it.each<[string, string, RegExp]>([
    ['a keystore in armour', armoured(KEYSTORE).toString(), /^$/],
    ['a data URI', `data:application/x-pkcs12;base64,${KEYSTORE.toString('base64')}`, /^$/],
    ['a certificate in armour', PEM, /certificate without a private key/],
    ['an encrypted key in armour', '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA', /neither/],
    ['base64 that was cut', KEYSTORE.toString('base64').replace(/.=*$/, '').slice(0, 801), /cut/],
    ['an HTML page', HTML.replace('\n', ''), /neither/],
    ['a short page in base64', base64('<html><body>Please sign in again</body></html>'), /HTML/],
    ['a short page in Latin-1, in base64', base64('<html>\xe9t\xe9</html>'), /HTML/],
    ['a status in base64', base64('404: Not Found'), /404: Not Found/],
    ['other short text in base64', base64('hunter2 hunter2'), /does not exist/],
    ['short binary content in base64', base64('\x01\x02\xff\x90\x91\x92\x93\x94\x95'), /does not exist/],
    ['a name of the letters of base64', 'keystores/releaseupload', /does not exist/],
    ['a GPG message in armour', PGP_ARMOUR, /GPG/],
    ['a path', 'none.jks', /does not exist/],
  ])('%s', async (_, value, message) => {
    const said = (await outcomeOf('keystore', value)).problems.map((each) => each.message);
    expect(said.join()).toMatch(message);
    expect(said.length).toBeLessThan(2);
  });
});

it('a short page in base64 is explained for every option that takes files', async () => {
  for (const option of ['keystore', 'p12', 'provisioning-profiles', 'entitlements', 'app-icon', 'cert-pinning-zip']) {
    const { problems } = await outcomeOf(option, base64('<html><body>Please sign in again</body></html>'));
    expect(problems, option).toMatchObject([{ option: `--${option}`, message: expect.stringMatching(/HTML/) }]);
  }
});

describe('a file of the wrong kind', () => {
  const KEYSTORE_OF_TEXT = { ...ANDROID, keystore: 'text.jks', 'keystore-alias': 'none' };

  it('is one problem: neither its password nor its alias is another', async () => {
    await writeFile(path.join(cwd, 'text.jks'), '404: Not Found');
    const raw = { inputs: Object.entries(KEYSTORE_OF_TEXT).map(([name, value]) => ({ name, value })) };
    const read = await readRequest(raw, ENVIRONMENT, CLI, { cwd, outputBase: cwd, now: Date.now() });
    expect(read.ok ? [] : read.error.problems).toMatchObject([{ option: '--keystore', value: 'text.jks' }]);
    expect(read.ok || read.error.exitCode).toBe(2);
  });
});

describe('a comma in the name of a file', () => {
  const NAME = 'shop, small.mobileprovision';

  beforeEach(() => writeFile(path.join(cwd, NAME), PROFILE));

  it('is explained', async () => {
    for (const value of [NAME, `right.mobileprovision\n${NAME}`]) {
      const { problems } = await outcomeOf('provisioning-profiles', value);
      expect(problems.map((each) => each.value)).toEqual(['shop', 'small.mobileprovision']);
      for (const { allowed } of problems) expect(allowed).toContain(JSON.stringify([NAME]));
    }
  });

  it('is taken in a JSON list, as the message says', async () => {
    expect(await outcomeOf('provisioning-profiles', JSON.stringify([NAME]))).toEqual({ problems: [], notChecked: [] });
  });

  it('does not explain a file that is not there', async () => {
    const { problems } = await outcomeOf('provisioning-profiles', 'none, other.mobileprovision');
    for (const { message } of problems) expect(message).toBe('does not exist');
  });
});
