/** The synthetic credentials of test/fixtures/credentials; its README says what each is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../test/fixtures/credentials');

export const STORE_PASSWORD = 'store pass';
export const KEY_PASSWORD = 'key pass';
export const P12_PASSWORD = 'p12 pass';
export const NOW = Date.UTC(2026, 10, 21);

export function credentialFile(name: string): string {
  return path.join(FOLDER, name);
}

export function credentialBytes(name: string): Buffer {
  return readFileSync(credentialFile(name));
}
