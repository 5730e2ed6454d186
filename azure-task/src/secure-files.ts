/** The Secure Files of one run, in a folder of their own. */

import { rm } from 'node:fs/promises';
import { ownTemporary } from '@fusegate/shared/files/own-temporary';
import type { SecureFile, SecureFilePlace } from './download-secure-file.ts';

export class SecureFiles {
  readonly dir: string;

  /** @param parent Agent.TempDirectory */
  constructor(parent: string) {
    this.dir = ownTemporary(parent);
  }

  /**
   * @returns the path of the file, 0600
   * @throws Error with a text for people, without ticket and token
   */
  async download(file: SecureFile, place: SecureFilePlace): Promise<string> {
    // What talks to a server is loaded only where there is a file to fetch.
    const { downloadSecureFile } = await import('./download-secure-file.ts');
    return downloadSecureFile(file, place, this.dir);
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
