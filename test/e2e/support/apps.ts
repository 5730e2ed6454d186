/**
 * Apps to run the job on: one that nobody here wrote, and archives made for a test.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const require = createRequire(import.meta.url);

/** io.appium.settings from npm: a real, signed Android app of 3 MB. */
export function settingsApk(): string {
  return path.join(path.dirname(require.resolve('io.appium.settings/package.json')), 'apks', 'settings_apk-debug.apk');
}

/** A ZIP archive of stored entries, by hand because a test needs exact bytes and every size; APPNOTE.TXT 4.3. */
export function zipOf(entries: Record<string, Buffer | string>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content);
    const file = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, file]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

/**
 * An Android app as far as its layout goes. For tests in which the app is beside the point: a real one takes a fifth more of a run's
 * processor time to look through.
 */
export function writeApk(dir: string, name = 'rehearsal.apk'): string {
  return writeZip(dir, name, { 'AndroidManifest.xml': 'synthetic', 'classes.dex': 'synthetic' });
}

/** An Android App Bundle as far as its layout goes; no device would run it. */
export function writeAab(dir: string, name = 'rehearsal.aab'): string {
  const file = path.join(dir, name);
  writeFileSync(
    file,
    zipOf({
      'BundleConfig.pb': 'synthetic',
      'base/manifest/AndroidManifest.xml': 'synthetic',
      'base/dex/classes.dex': 'synthetic',
    }),
  );
  return file;
}

/** An iOS app as far as its layout goes. */
export function writeIpa(dir: string, name = 'rehearsal.ipa'): string {
  return writeZip(dir, name, {
    'Payload/Rehearsal.app/Info.plist': 'synthetic',
    'Payload/Rehearsal.app/Rehearsal': 'synthetic',
    'Payload/Rehearsal.app/PkgInfo': 'APPL????',
  });
}

/** An Android SDK as far as its layout goes. */
export function writeAar(dir: string, name = 'rehearsal.aar'): string {
  return writeZip(dir, name, {
    'AndroidManifest.xml': '<manifest package="com.example.sdk"/>',
    'classes.jar': 'synthetic',
  });
}

/** An iOS SDK as far as its layout goes. */
export function writeXcframework(dir: string, name = 'rehearsal.zip'): string {
  return writeZip(dir, name, {
    'Rehearsal.xcframework/Info.plist': 'synthetic',
    'Rehearsal.xcframework/ios/Rehearsal': 'synthetic',
  });
}

export function writeZip(dir: string, name: string, entries: Record<string, Buffer | string>): string {
  const file = path.join(dir, name);
  writeFileSync(file, zipOf(entries));
  return file;
}
