import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openKeystore } from '../../src/credentials/keystore.ts';
import type { Keystore } from '../../src/credentials/opened-keystore.ts';
import { credentialBytes, KEY_PASSWORD, STORE_PASSWORD } from '../preflight/credential-fixtures.ts';

async function opened(file: string, password = STORE_PASSWORD): Promise<Keystore> {
  const outcome = await openKeystore(credentialBytes(file), password);
  if (outcome.state !== 'opened') throw new Error(`${file}: ${JSON.stringify(outcome)}`);
  return outcome.keystore;
}

describe('a keystore that can be opened', () => {
  it.each([
    ['android-modern.p12', 'PKCS#12', 'release'],
    ['android-legacy.p12', 'PKCS#12', 'release'],
    ['android-no-mac.p12', 'PKCS#12', 'release'],
    ['android-no-name.p12', 'PKCS#12', undefined],
    ['android-expired.p12', 'PKCS#12', 'release'],
    ['android.jks', 'JKS', 'release'],
    ['android.jceks', 'JCEKS', 'release'],
    ['android-expired.jks', 'JKS', 'release'],
  ])('%s is %s with the key %s and its certificate', async (file, format, alias) => {
    const keystore = await opened(file);
    expect(keystore.format).toBe(format);
    expect(keystore.keys.map((key) => key.alias)).toEqual([alias]);
    expect(keystore.keys[0]?.certificate?.subject).toContain('CN=Synthetic Release');
    expect(keystore.certificateAliases).toEqual([]);
  });

  it('takes a password outside ASCII, which the MAC and the encryption encode in two ways', async () => {
    const keystore = await opened('android-non-ascii.p12', 'schlüssel £');
    expect(keystore.keys.map((key) => key.alias)).toEqual(['release']);
    expect(keystore.keys[0]?.certificate?.subject).toContain('CN=Synthetic Release');
  });

  it.each(['certificate-only.p12', 'certificate-only.jks'])('%s has no key', async (file) => {
    expect(await opened(file)).toMatchObject({ keys: [], certificateAliases: ['release'] });
  });

  it.each([
    ['android.jks', KEY_PASSWORD, true],
    ['android.jks', STORE_PASSWORD, false],
    ['android.jceks', KEY_PASSWORD, true],
    ['android.jceks', STORE_PASSWORD, false],
    ['android.jceks', 'pass wörd', false],
    ['android-expired.jks', STORE_PASSWORD, true],
    ['android-modern.p12', STORE_PASSWORD, true],
    ['android-modern.p12', KEY_PASSWORD, false],
  ])('the key of %s opens with "%s": %s', async (file, password, opens) => {
    expect(await (await opened(file)).keys[0]?.opensWith(password)).toBe(opens);
  });
});

describe('a wrong password', () => {
  it.each([
    'android-modern.p12',
    'android-legacy.p12',
    'android-non-ascii.p12',
    'certificate-only.p12',
    'ios-distribution.p12',
    'android.jks',
    'android.jceks',
  ])('is known for %s', async (file) => {
    for (const password of ['wrong', '', 'wröng']) {
      expect(await openKeystore(credentialBytes(file), password)).toEqual({ state: 'wrong-password' });
    }
  });

  it('is not claimed without a MAC, where other reasons look alike', async () => {
    expect(await openKeystore(credentialBytes('android-no-mac.p12'), 'wrong')).toMatchObject({ state: 'unreadable' });
  });
});

describe('what is not a keystore that is known here', () => {
  it.each([
    ['text', Buffer.from('synthetic keystore')],
    ['nothing', Buffer.alloc(0)],
    ['three bytes', Buffer.from('feedfe', 'hex')],
    ['BKS', Buffer.from('00000002000000146b1f', 'hex')],
    ['DER of something else', Buffer.from('3003020101', 'hex')],
    ['half a PKCS#12', credentialBytes('android-modern.p12').subarray(0, 900)],
  ])('%s is unreadable, never wrong', async (_, bytes) => {
    expect(await openKeystore(bytes, STORE_PASSWORD)).toMatchObject({ state: 'unreadable' });
  });

  it('never throws, even for damage behind a correct digest', async () => {
    const file = fc.constantFrom('android.jks', 'certificate-only.jks', 'android-expired.jks');
    await fc.assert(
      fc.asyncProperty(file, fc.nat(3000), fc.integer({ min: 0, max: 255 }), async (name, at, value) => {
        const content = Buffer.from(credentialBytes(name).subarray(0, -20));
        content[4 + (at % (content.length - 4))] = value;
        const password = Buffer.from(STORE_PASSWORD, 'utf16le').swap16();
        const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(content).digest();
        const outcome = await openKeystore(Buffer.concat([content, digest]), STORE_PASSWORD);
        expect(['opened', 'unreadable']).toContain(outcome.state);
        if (outcome.state === 'opened') for (const key of outcome.keystore.keys) await key.opensWith(KEY_PASSWORD);
      }),
    );
  });
});
