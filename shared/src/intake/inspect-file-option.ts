/** The value of a `file` option: a file that is there, or one that is made when the job begins. */
import { basename, join, resolve } from 'node:path';
import { sizeOfFile } from '../files/file-on-disk.ts';
import type { PendingFile } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { decodeBase64, isUrl, parseFileUrl } from '../options/file-source.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, shownValue } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';

/** The options that name files which are sent with an action; the name that a file without one gets. */
export const FILE_NAMES = {
  keystore: 'keystore.jks',
  p12: 'identity.p12',
  'provisioning-profiles': 'profile.mobileprovision',
  entitlements: 'entitlements.plist',
  'signing-fingerprint-list': 'fingerprints.json',
  'baseline-profile': 'baseline-profile.zip',
  'startup-profile': 'startup-profile.zip',
  'input-mapping': 'mapping.txt',
  'cert-pinning-zip': 'pinned-certificates.zip',
  'app-icon': 'icon.png',
  'icon-overlay': 'overlay.png',
} as const satisfies Partial<Record<OptionId, string>>;

export type FileOptionId = keyof typeof FILE_NAMES;

const ZIPS: ReadonlySet<FileOptionId> = new Set(['baseline-profile', 'startup-profile', 'cert-pinning-zip']);
const ALLOWED = 'the path of a file, an https URL, or the content of the file in base64';

/** Collects what the files of one run turned out to be. */
export class FileOptions {
  readonly problems: InputProblem[] = [];
  readonly pending: PendingFile[] = [];
  /** Contents that were given as text. */
  readonly secrets: Secret[] = [];
  readonly #options: ParsedOptions;
  readonly #cwd: string;
  readonly #temporary: string;

  /** @param temporary a folder that does not exist yet, for what has to be made */
  constructor(options: ParsedOptions, cwd: string, temporary: string) {
    this.#options = options;
    this.#cwd = cwd;
    this.#temporary = temporary;
  }

  /** @returns the absolute path, also of a file that is still to be made; undefined where the option is not given or is wrong */
  async one(id: Exclude<FileOptionId, 'provisioning-profiles' | 'entitlements'>): Promise<string | undefined> {
    const text = this.#options.get(id);
    return text === undefined ? undefined : this.#inspect(id, text);
  }

  /** @returns the paths of those that are not wrong, in the order in which they were given */
  async list(id: 'provisioning-profiles' | 'entitlements'): Promise<string[]> {
    const found: string[] = [];
    for (const text of this.#options.get(id) ?? []) {
      const path = await this.#inspect(id, text);
      if (path !== undefined) found.push(path);
    }
    return found;
  }

  async #inspect(id: FileOptionId, text: string): Promise<string | undefined> {
    const wrong = (message: string): undefined => {
      const value = text.length > 500 ? undefined : shownValue(text);
      this.problems.push(this.#options.problemWith(id, message, ALLOWED, value));
    };
    if (isUrl(text)) {
      const parsed = parseFileUrl(text);
      if ('wrong' in parsed) return wrong(parsed.wrong);
      return this.#later(id, { url: new Secret(parsed.url.href), shown: parsed.shown }, parsed.fileName);
    }
    const path = resolve(this.#cwd, text);
    const file = await sizeOfFile(path);
    if (!('wrong' in file)) return path;
    const noSuchFile = file.wrong === 'does not exist' || file.wrong.includes('ENAMETOOLONG');
    const content = noSuchFile ? decodeBase64(text) : undefined;
    if (content !== undefined) {
      const base64 = new Secret(content.toString('base64'));
      if (id === 'keystore' || id === 'p12') this.secrets.push(new Secret(text));
      return this.#later(id, { base64 }, '');
    }
    return wrong(file.wrong.includes('ENAMETOOLONG') ? 'is not a path' : file.wrong);
  }

  #later(id: FileOptionId, source: PendingFile['source'], fileName: string): string {
    // Each in a folder of its own: only the base name is sent, and two profiles may have the same.
    const path = join(this.#temporary, String(this.pending.length + 1), basename(fileName) || FILE_NAMES[id]);
    this.pending.push({ option: this.#options.name(id), path, source, content: ZIPS.has(id) ? 'zip' : 'any' });
    return path;
  }
}
