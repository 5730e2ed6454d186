import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { kindOfApp } from '@fusegate/shared/files/app-kind';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { AAB, APK, zipOf } from '../support/zip.ts';

describe('kindOfApp', () => {
  it.each<[string | undefined, Buffer]>([
    ['apk', APK],
    ['aab', AAB],
    ['aar', zipOf(['AndroidManifest.xml', 'classes.jar', 'R.txt'])],
    ['aar', zipOf(['AndroidManifest.xml', 'R.txt'])],
    ['ipa', zipOf(['META/x', 'Payload/Shop.app/Info.plist'])],
    ['zip', zipOf(['Kit.xcframework/Info.plist'])],
    ['apk', zipOf(['AndroidManifest.xml'], 3_000_000)],
    ['apk', zipOf([...Array.from({ length: 30_000 }, (_, i) => `res/${i}.png`), 'AndroidManifest.xml'])],
    ['apk', zipOf(['/absolute', '../up', 'twice', 'twice', 'AndroidManifest.xml'])],
    [undefined, zipOf(['readme.txt'])],
    [undefined, zipOf([])],
    [undefined, Buffer.from('PK\u0003\u0004 cut')],
    [undefined, Buffer.alloc(0)],
    [undefined, APK.subarray(0, APK.length - 10)],
  ])('%s', async (kind, bytes) => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, bytes);
    expect(await kindOfApp(file)).toBe(kind);
  });

  it('is not thrown by a damaged directory', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await fc.assert(
      fc.asyncProperty(fc.nat(APK.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(APK);
        bytes[at] = value;
        await writeFile(file, bytes);
        expect(['apk', 'aar', 'aab', undefined]).toContain(await kindOfApp(file));
      }),
    );
  });
});
