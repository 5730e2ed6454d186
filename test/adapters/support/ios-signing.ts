/** What an iOS signing sends, read byte for byte from the bodies that a tee kept: the service's own record masks passwords. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { partsOf } from '../../e2e/support/tee.ts';
import { ROOT } from './child-process.ts';

export const credentialPath = (name: string) => path.join(ROOT, 'test/fixtures/credentials', name);
export const credential = (name: string) => readFileSync(credentialPath(name));
/** Opens ios-distribution.p12. */
export const P12_PASSWORD = 'p12 pass';

/** No preflight can read it, so it is sent as it is: bytes and a passphrase that careless code would change. */
export const ODD_IDENTITY = Buffer.concat([
  Buffer.from([0, 255, 254, 13, 10, 45, 45, 13, 10]),
  Buffer.from('--x\r\n\0é'),
]);
export const ODD_PASSPHRASE = ` p"12'ü$HOME%0A;\\\`b\` 7Kq9x `;

export interface Signing {
  action: 'sign' | 'seal' | 'sign_script';
  overrides: Record<string, unknown>;
  /** `part fileName` and the content, in the order in which they were sent. */
  files: Array<[string, Buffer]>;
}

/** @returns every signing among the bodies; builds are left out */
export function signingsIn(bodies: readonly Buffer[]): Signing[] {
  return bodies.flatMap((body): Signing[] => {
    const parts = partsOf(body);
    const text = (name: string) => parts.find((part) => part.name === name)?.bytes.toString('utf8');
    const action = text('action');
    if (action !== 'sign' && action !== 'seal' && action !== 'sign_script') return [];
    return [
      {
        action,
        overrides: JSON.parse(text('overrides') ?? '{}'),
        files: parts.flatMap(({ name, fileName, bytes }): Signing['files'] =>
          fileName === undefined ? [] : [[`${name} ${fileName}`, bytes]],
        ),
      },
    ];
  });
}

/** The parts of a signing by their names (appdome-api.md §3.9 to §3.11). */
export const p12 = (name: string, content: Buffer): [string, Buffer] => [`signing_p12_content ${name}`, content];
export const profile = (name: string, content: Buffer): [string, Buffer] => [`provisioning_profile ${name}`, content];
export const entitlements = (name: string, content: Buffer): [string, Buffer] => [
  `entitlements_files ${name}`,
  content,
];
