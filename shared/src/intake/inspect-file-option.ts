/** The value of a `file` option: a file that is there, or one that is made when the job begins. */
import { basename, join, resolve } from 'node:path';
import { firstBytes, reason, sizeOfFile } from '../files/file-on-disk.ts';
import type { PendingFile } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { decodeBase64, isUrl, parseFileUrl, whyNoPath } from '../options/file-source.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, shownValue } from '../options/problem.ts';
import { type FileOptionId, judgeContent, nameWithoutOne, sentenceOfUnchecked } from './input-files/content-rules.ts';
import { CONTENT_BYTES, recogniseKnownText } from './input-files/known-content.ts';

const ALLOWED = 'the path of a file, an https URL, or the content of the file in base64';

/** Letters of base64. Fewer are a name. */
const SHORTEST_TEXT = 12;

/** Content that is not taken from a value, but explains it: a short page in base64, or a message in armour that GPG has to decrypt. */
function unfitText(value: string): Buffer | undefined {
  if (value.startsWith('-----BEGIN PGP MESSAGE-----')) return Buffer.from(value);
  const content = decodeBase64(value, SHORTEST_TEXT);
  return content && recogniseKnownText(content) ? content : undefined;
}

/** Collects what the files of one run turned out to be. */
export class FileOptions {
  readonly problems: InputProblem[] = [];
  readonly pending: PendingFile[] = [];
  /** Contents that were given as text. */
  readonly secrets: Secret[] = [];
  /** Whole sentences about files whose content is in no known format. */
  readonly notChecked: string[] = [];
  /** Files that are there, but whose content is not what their option takes. */
  readonly refused = new Set<string>();
  readonly #options: ParsedOptions;
  readonly #cwd: string;
  readonly #temporary: string;

  /** @param temporary a folder that does not exist yet, for what has to be made */
  constructor(options: ParsedOptions, cwd: string, temporary: string) {
    this.#options = options;
    this.#cwd = cwd;
    this.#temporary = temporary;
  }

  /** @returns the absolute path, also of a file that is still to be made; undefined where the option is not given or names no file */
  async one(id: Exclude<FileOptionId, 'provisioning-profiles' | 'entitlements'>): Promise<string | undefined> {
    const text = this.#options.get(id);
    return text === undefined ? undefined : this.#inspect(id, text);
  }

  /** @returns the paths of those that name a file, in the order in which they were given */
  async list(id: 'provisioning-profiles' | 'entitlements'): Promise<string[]> {
    const found: string[] = [];
    for (const text of this.#options.get(id) ?? []) {
      const path = await this.#inspect(id, text);
      if (path !== undefined) found.push(path);
    }
    return found;
  }

  async #inspect(id: FileOptionId, text: string): Promise<string | undefined> {
    const wrong = (message: string, allowed = ALLOWED): undefined => {
      const value = text.length > 500 ? undefined : shownValue(text);
      this.problems.push(this.#options.problemWith(id, message, allowed, value));
    };
    if (isUrl(text)) {
      const parsed = parseFileUrl(text);
      if ('wrong' in parsed) return wrong(parsed.wrong);
      return this.#later(id, { url: new Secret(parsed.url.href), shown: parsed.shown }, parsed.fileName);
    }
    const path = resolve(this.#cwd, text);
    const file = await sizeOfFile(path);
    if (!('wrong' in file)) {
      try {
        if (!this.#judge(id, { bytes: await firstBytes(path, CONTENT_BYTES), size: file.size }, wrong))
          this.refused.add(path);
        // It is an input all the same: the output folder must not take its place.
        return path;
      } catch (error) {
        return wrong(reason(error));
      }
    }
    const noSuchFile = file.wrong === 'does not exist' || file.wrong.includes('ENAMETOOLONG');
    const hidden = (message: string, allowed: string) => {
      this.problems.push(this.#options.problemWith(id, message, allowed));
    };
    const content = noSuchFile ? decodeBase64(text) : undefined;
    if (content !== undefined) {
      const base64 = new Secret(content.toString('base64'));
      if (id === 'keystore' || id === 'p12') this.secrets.push(new Secret(text));
      return this.#judge(id, { bytes: content, size: content.length }, hidden)
        ? this.#later(id, { base64 }, '')
        : undefined;
    }
    const unfit = noSuchFile ? unfitText(text) : undefined;
    if (unfit && !this.#judge(id, { bytes: unfit, size: unfit.length }, hidden)) return undefined;
    const whole = noSuchFile ? await this.#nameWithSeparator(id, text) : undefined;
    if (whole !== undefined) {
      return wrong(
        `is a part of ${shownValue(whole)}, in which a comma or bar separates files`,
        `a JSON list where a name has such a character: ${JSON.stringify([whole])}`,
      );
    }
    return wrong((noSuchFile && whyNoPath(text)) || file.wrong);
  }

  /** A line of a list that names a file as a whole, where this is one of the parts that it was taken apart into. */
  async #nameWithSeparator(id: FileOptionId, part: string): Promise<string | undefined> {
    const lines =
      this.#options
        .origin(id)
        ?.text.split(/\r?\n/)
        .map((line) => line.trim()) ?? [];
    for (const line of lines) {
      if (line === part || !line.includes(part)) continue;
      if (!('wrong' in (await sizeOfFile(resolve(this.#cwd, line))))) return line;
    }
    return undefined;
  }

  /** @returns whether it may be what the option takes */
  #judge(
    id: FileOptionId,
    { bytes, size }: { bytes: Buffer; size: number },
    wrong: (message: string, allowed: string) => void,
  ): boolean {
    const { problem, notChecked } = judgeContent(id, bytes, size);
    if (problem) wrong(problem.message, problem.allowed);
    if (notChecked) this.notChecked.push(sentenceOfUnchecked(`The file of ${this.#options.name(id)}`, notChecked));
    return problem === undefined;
  }

  #later(id: FileOptionId, source: PendingFile['source'], fileName: string): string {
    // Each in a folder of its own: only the base name is sent, and two profiles may have the same.
    const path = join(this.#temporary, String(this.pending.length + 1), basename(fileName) || nameWithoutOne(id));
    this.pending.push({ option: this.#options.name(id), path, source, content: 'any' });
    return path;
  }
}
