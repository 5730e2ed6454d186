/** What becomes of a sealed app and its result between the run and the deploy job. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { temporaryFolder } from './cli.ts';

const SERVICE = 'https://fusion.appdome.com';

/** Signs as the embedded service's own signing script does in a rehearsal: a line at the end of the archive's comment. */
export function signLocally(app: string): string {
  const archive = readFileSync(app);
  const signature = Buffer.from('\nFusegate emulator: SYNTHETIC rehearsal signature, made locally.');
  // The length of the comment stands 20 bytes into the end of the central directory (APPNOTE.TXT 4.3.16).
  const lengthAt = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 20;
  archive.writeUInt16LE(archive.readUInt16LE(lengthAt) + signature.length, lengthAt);
  const signed = path.join(temporaryFolder(), 'signed.apk');
  writeFileSync(signed, Buffer.concat([archive, signature]));
  return signed;
}

/** A rehearsal's result as the service itself would have made it; synthetic, since nothing but that verifies. */
export function asIfReal(from: string, change: (result: FusegateResult) => void = () => {}): string {
  const result = JSON.parse(readFileSync(from, 'utf8')) as FusegateResult;
  result.rehearsal = false;
  result.server = SERVICE;
  change(result);
  const file = path.join(temporaryFolder(), 'fusegate-result.json');
  writeFileSync(file, JSON.stringify(result));
  return file;
}
