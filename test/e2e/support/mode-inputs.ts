/** The files that the tests of app kinds and signing modes hand in. Credentials are the synthetic ones of test/fixtures. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeAab, writeAar, writeApk, writeIpa, writeXcframework, writeZip } from './apps.ts';
import { ROOT, temporaryFolder } from './cli.ts';

const CREDENTIALS = path.join(ROOT, 'test/fixtures/credentials');
const credential = (name: string) => path.join(CREDENTIALS, name);

export const SHA1 = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
export const SHA256 = 'C1'.repeat(32);

export interface ModeInputs {
  dir: string;
  apk: string;
  aab: string;
  ipa: string;
  aar: string;
  zip: string;
  keystore: string;
  p12: string;
  profiles: [string, string];
  entitlements: [string, string];
  baselineProfile: string;
  startupProfile: string;
  mapping: string;
  icon: string;
  overlay: string;
  pins: string;
  /** What the pinning archive holds for each host. */
  pinned: Record<string, string>;
  trusted: string;
}

export const KEYSTORE_SECRETS = { ANDROID_KEYSTORE_PASS: 'store pass', ANDROID_KEY_PASS: 'key pass' };
export const P12_SECRET = { IOS_P12_PASSWORD: 'p12 pass' };

/** The one that a synthetic profile names. */
function anyCertificate(): X509Certificate {
  const profile = readFileSync(credential('app.mobileprovision'), 'latin1');
  const data = /<key>DeveloperCertificates<\/key>[\s\S]*?<data>([\s\S]*?)<\/data>/.exec(profile)?.[1] ?? '';
  return new X509Certificate(Buffer.from(data, 'base64'));
}

/** As far as anybody looks before the service does. */
function png(name: string): Buffer {
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(`synthetic ${name}`)]);
}

export function modeInputs(): ModeInputs {
  const dir = temporaryFolder();
  const write = (name: string, content: string | Buffer) => {
    const file = path.join(dir, name);
    writeFileSync(file, content);
    return file;
  };
  const entitlements = (name: string) =>
    write(
      name,
      `<?xml version="1.0"?><plist version="1.0"><dict><key>synthetic</key><string>${name}</string></dict></plist>`,
    );
  const certificate = anyCertificate();
  return {
    dir,
    apk: writeApk(dir),
    aab: writeAab(dir),
    ipa: writeIpa(dir),
    aar: writeAar(dir),
    zip: writeXcframework(dir),
    keystore: credential('android.jks'),
    p12: credential('ios-distribution.p12'),
    profiles: [credential('app.mobileprovision'), credential('extension.mobileprovision')],
    entitlements: [entitlements('app.plist'), entitlements('extension.plist')],
    baselineProfile: writeZip(dir, 'baseline.zip', { 'baseline-prof.txt': 'synthetic' }),
    startupProfile: writeZip(dir, 'startup.zip', { 'startup-prof.txt': 'synthetic' }),
    mapping: write('mapping.txt', 'com.example.A -> a.a:\n'),
    icon: write('icon.png', png('icon')),
    overlay: write('overlay.png', png('overlay')),
    pins: writeZip(dir, 'pins.zip', {
      'pins.json': JSON.stringify({ 'api.example.com': 'api.pem', '*.cdn.example.com': 'cdn.der' }),
      'api.pem': certificate.toString(),
      'cdn.der': certificate.raw,
      'unused.pem': 'nobody maps to it',
    }),
    pinned: {
      'api.example.com': write('api.pem', certificate.toString()),
      '*.cdn.example.com': write('cdn.der', certificate.raw),
    },
    trusted: write(
      'trusted.json',
      JSON.stringify([{ SHA: SHA1.toLowerCase(), TrustedStoreSigning: true }, { SHA: SHA256 }]),
    ),
  };
}
