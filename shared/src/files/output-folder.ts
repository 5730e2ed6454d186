/**
 * The folder of a run's outputs.
 *
 * An app is downloaded into `rejected/` and leaves it only when the run ends green (`release`). So a run that is killed at any moment
 * leaves nothing that looks shippable (design, rule 15).
 */
import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { FileRole, OutputFile } from '../model/build-outcome.ts';
import type { Clock } from '../model/clock.ts';
import { EXIT, FusegateError } from '../model/errors.ts';
import type { AppInput, RunRequest } from '../model/run-request.ts';
import { type FileIdentity, identityOf, isUntouched } from './file-identity.ts';
import { type OutputKind, outputKindOfName, protectedAppName, secondOutputName } from './file-names.ts';
import { MAX_DOCUMENT_BYTES } from './file-on-disk.ts';
import { codeOf, renamePatiently, unwritable } from './file-system.ts';
import { hashFile } from './hash-file.ts';
import {
  baseOfOutputs,
  JOURNAL_FILE,
  type OutputNames,
  OWN_FILES,
  outputNamesOf,
  ownApps,
  REPORT_FILES,
  RESULT_FILE,
} from './output-paths.ts';

/** A temporary file left behind by a killed run. */
const TEMPORARY = /^\.fusegate-[0-9a-f-]{36}\.part$/;

export interface OutputFolderOptions extends OutputNames {
  /** Absolute. */
  dir: string;
  app?: Pick<AppInput, 'path' | 'name' | 'kind'> | undefined;
  /** For the pauses between attempts to rename a file that a scanner holds open. */
  clock: Clock;
}

export class OutputFolder {
  readonly dir: string;
  /** 0700: certificates are marked confidential by their issuer. */
  readonly privateDir: string;
  readonly rejectedDir: string;
  readonly journalFile: string;
  readonly #base: string;
  readonly #input: string | undefined;
  readonly #names: OutputNames;
  /** Files that this run has placed, as they were then. */
  readonly #placed = new Map<string, FileIdentity>();
  readonly #clock: Clock;

  constructor(options: OutputFolderOptions) {
    this.dir = path.resolve(options.dir);
    this.privateDir = path.join(this.dir, 'private');
    this.rejectedDir = path.join(this.dir, 'rejected');
    this.journalFile = path.join(this.dir, JOURNAL_FILE);
    this.#base = baseOfOutputs(options);
    this.#input = options.app === undefined ? undefined : path.resolve(options.app.path);
    this.#names = options;
    this.#clock = options.clock;
  }

  /** The folder of a request. */
  static of(request: Pick<RunRequest, 'output' | 'app' | 'sign'>, clock: Clock): OutputFolder {
    return new OutputFolder({ ...outputNamesOf(request), dir: request.output.dir, app: request.app, clock });
  }

  /**
   * Creates the folders and removes what an earlier run of Fusegate left here: its files with fixed names, the apps that its result lists,
   * and files in the places where this run would put its own. Nothing else, and never the app that is about to be protected.
   *
   * Whatever can stop it is found before anything is removed: an app that was paid for must not be lost to a run that does not start. Then
   * the caller sets the earlier outcome aside.
   * @throws FusegateError output.unwritable
   */
  async prepare(): Promise<void> {
    const what = `The output folder ${this.dir} cannot be prepared`;
    try {
      const old = await this.#oldOutputs();
      const obstacles = await this.#obstacles(old);
      if (obstacles.length > 0) throw inTheWay(what, obstacles);
      for (const folder of [this.dir, ...this.#folders]) {
        await mkdir(folder, { recursive: true });
        await access(folder, constants.W_OK);
      }
      await chmod(this.privateDir, 0o700);
      await this.#removeAll(old);
      await this.#removeTemporary();
    } catch (cause) {
      throw cause instanceof FusegateError ? cause : unwritable(what, cause);
    }
  }

  /** What is in the places where this run puts its own files. A link in place of a folder would redirect the apps and certificates. */
  async #obstacles(files: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    // The output folder itself may be a link: the user chose it.
    const itself = await stat(this.dir).catch(() => undefined);
    if (itself !== undefined && !itself.isDirectory()) return [`${this.dir} is not a folder`];
    for (const folder of this.#folders) {
      const info = await lstat(folder).catch(() => undefined);
      if (info === undefined || info.isDirectory()) continue;
      found.push(
        info.isSymbolicLink()
          ? `${folder} is a link, and would lead the apps and certificates of this run elsewhere`
          : `${folder} is a file, and a folder belongs there`,
      );
    }
    for (const file of [...files, this.journalFile]) {
      const folder = path.dirname(file);
      if (folder !== this.dir && (await kindOf(folder)) !== 'folder') continue;
      if ((await kindOf(file)) === 'folder') found.push(`${file} is a folder, and a file belongs there`);
    }
    return found;
  }

  /**
   * Moves what an earlier run left to `previous/`, or to `previous-2/` and so on if that exists, under the same names; nothing is
   * destroyed. For runs that do not start: a typo must not cost an app that was paid for. If the earlier run did not start either, its
   * outcome holds nothing worth keeping and is removed.
   * @returns the new place; undefined if there was nothing to keep
   * @throws FusegateError output.unwritable
   */
  async setAside(): Promise<string | undefined> {
    try {
      await mkdir(this.dir, { recursive: true });
      const result = await readOldResult(path.join(this.dir, RESULT_FILE));
      const worthless = new Set(result?.started === false ? REPORT_FILES.map((name) => path.join(this.dir, name)) : []);
      const there: string[] = [];
      for (const file of await this.#oldOutputs()) if (await this.#isOwnFile(file)) there.push(file);
      const kept = there.filter((file) => !worthless.has(file));
      const target = kept.length === 0 ? undefined : await this.#moveAside(kept);
      await this.#removeAll(there.filter((file) => worthless.has(file)));
      return target;
    } catch (cause) {
      throw unwritable('The outcome of the earlier run cannot be set aside', cause);
    }
  }

  /** The result goes first, because it vouches for all the rest. */
  async #moveAside(files: readonly string[]): Promise<string> {
    const target = await this.#newFolder('previous');
    const first = path.join(this.dir, RESULT_FILE);
    for (const file of [...files].sort((a, b) => Number(b === first) - Number(a === first))) {
      const name = path.relative(this.dir, file);
      const folder = path.dirname(path.join(target, name));
      await mkdir(folder, { recursive: true, mode: path.dirname(file) === this.privateDir ? 0o700 : 0o777 });
      await renamePatiently(file, path.join(target, name), this.#clock);
    }
    return target;
  }

  /** The first of `name`, `name-2`, `name-3` that does not exist. Counted, not dated, because clocks of CI machines may go backwards. */
  async #newFolder(name: string): Promise<string> {
    for (let count = 1; ; count += 1) {
      const folder = path.join(this.dir, count === 1 ? name : `${name}-${count}`);
      try {
        await mkdir(folder);
        return folder;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** The place for a downloaded file: `rejected/` for apps, `private/` for everything else. */
  pathFor(role: FileRole, kind: OutputKind): string {
    switch (role) {
      case 'protected-app':
        return path.join(this.rejectedDir, protectedAppName(this.#base, kind));
      case 'second-output':
        return path.join(this.rejectedDir, secondOutputName(this.#base));
      case 'certificate-pdf':
        return path.join(this.privateDir, 'certificate.pdf');
      case 'certificate-json':
        return path.join(this.privateDir, 'certificate.json');
      case 'deobfuscation-map':
        return path.join(this.privateDir, 'deobfuscation.zip');
    }
  }

  /** A temporary name for a file that is being written, on the same disk as its final place. */
  temporaryFor(role: FileRole): string {
    const folder = role === 'protected-app' || role === 'second-output' ? this.rejectedDir : this.privateDir;
    return path.join(folder, `.fusegate-${randomUUID()}.part`);
  }

  /** Gives a finished file its name. @throws FusegateError output.unwritable */
  async place(temporary: string, final: string): Promise<void> {
    const written = await identityOf(temporary);
    await this.#move(temporary, final);
    const placed = await identityOf(final);
    if (placed !== undefined && isUntouched(written, placed, { renamed: true })) this.#placed.set(final, placed);
  }

  /**
   * Moves an app out of `rejected/`: the run is green. Other files stay where they are.
   *
   * If two jobs share an output folder, one could deliver an unjudged file that the other downloaded under the same name. So the file is
   * released only if it is untouched since it was placed; if that is in doubt, it is read once more, under a name that no other process
   * knows.
   * @returns the file under its new path
   * @throws FusegateError output.unwritable; download.corrupt if it is not the file that was judged; the signal's reason
   */
  async release(file: OutputFile, signal: AbortSignal): Promise<OutputFile> {
    if (path.dirname(file.path) !== this.rejectedDir) return file;
    const released = path.join(this.dir, path.basename(file.path));
    if (released === this.#input || (await this.#isInput(released))) {
      throw new FusegateError('output.unwritable', 'The protected app would overwrite the original.', {
        hint: 'Choose another output-dir or output-name.',
      });
    }
    const aside = this.temporaryFor(file.role);
    const before = await identityOf(file.path);
    const isAsPlaced = isUntouched(this.#placed.get(file.path), before, { renamed: false });
    await this.#move(file.path, aside);
    try {
      const isIt = isAsPlaced && isUntouched(before, await identityOf(aside), { renamed: true });
      if (!isIt && (await hashFile(aside, signal)) !== file.sha256) {
        throw new FusegateError(
          'download.corrupt',
          'The protected app is not the one that was downloaded and judged.',
          {
            hint: 'Something else writes to the output folder: give every run its own output-dir.',
          },
        );
      }
      await this.#move(aside, released);
    } catch (error) {
      await this.#move(aside, file.path).catch(() => rm(aside, { force: true }).catch(() => {}));
      throw error;
    }
    // An empty folder of that name would only raise questions; a folder with something in it stays.
    await rmdir(this.rejectedDir).catch(() => {});
    return { ...file, path: released };
  }

  /**
   * Moves released apps back into `rejected/`, because the run turned red after all. What cannot be moved is deleted: a red run must leave
   * nothing where a deploy step looks.
   */
  async holdBack(files: ReadonlyArray<{ path: string }>): Promise<void> {
    for (const file of files) {
      if (path.dirname(file.path) !== this.dir) continue;
      try {
        await mkdir(this.rejectedDir, { recursive: true });
        await this.#move(file.path, path.join(this.rejectedDir, path.basename(file.path)));
      } catch {
        await rm(file.path, { force: true }).catch(() => {});
      }
    }
  }

  /**
   * Writes a report or the result, completely or not at all.
   * @param name relative to the folder; files of `private/` are 0600
   * @throws FusegateError output.unwritable
   */
  async write(name: string, text: string): Promise<void> {
    const final = path.join(this.dir, name);
    const temporary = path.join(path.dirname(final), `.fusegate-${randomUUID()}.part`);
    try {
      const mode = path.dirname(final) === this.privateDir ? 0o600 : 0o644;
      await writeFile(temporary, text, { mode, flag: 'wx' }).catch((cause) => {
        throw unwritable(`The file ${path.basename(name)} cannot be written`, cause);
      });
      await this.#move(temporary, final);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #move(from: string, to: string): Promise<void> {
    try {
      await renamePatiently(from, to, this.#clock);
    } catch (cause) {
      const what = `The file ${path.basename(to)} cannot be put in its place`;
      if ((await kindOf(to)) === 'folder') throw inTheWay(what, [`${to} is a folder`]);
      throw unwritable(what, cause);
    }
  }

  get #folders(): readonly string[] {
    return [this.privateDir, this.rejectedDir];
  }

  /** Places where an earlier run may have left its outputs; some may not exist. */
  async #oldOutputs(): Promise<string[]> {
    const apps = (await readOldResult(path.join(this.dir, RESULT_FILE)))?.files ?? [];
    const own = [...OWN_FILES, ...ownApps(this.#names)].map((name) => path.join(this.dir, name));
    const files = [...new Set([...own, ...(await this.#appsListed(apps))])];
    const inputs = await Promise.all(files.map((file) => this.#isInput(file)));
    return files.filter((_, index) => inputs[index] !== true);
  }

  /** Whether it exists and is not a link: what a link points to does not belong to this folder. */
  async #isOwnFile(file: string): Promise<boolean> {
    const folder = path.dirname(file);
    if (folder !== this.dir && (await kindOf(folder)) !== 'folder') return false;
    return (await kindOf(file)) === 'other';
  }

  /** Removes all it can before it reports the first failure. */
  async #removeAll(files: readonly string[]): Promise<void> {
    const removals = await Promise.allSettled(files.map((file) => rm(file, { force: true })));
    for (const removal of removals) if (removal.status === 'rejected') throw removal.reason;
  }

  async #removeTemporary(): Promise<void> {
    for (const folder of [this.dir, ...this.#folders]) {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (TEMPORARY.test(entry.name) && !entry.isDirectory())
          await rm(path.join(folder, entry.name), { force: true });
      }
    }
  }

  /**
   * The apps that the old result lists. Any file could have that name, so it is believed only about a regular file with an app's extension
   * and exactly the stated size, directly in this folder or in `rejected/`.
   */
  async #appsListed(entries: readonly unknown[]): Promise<string[]> {
    const found: string[] = [];
    for (const entry of entries) {
      const { path: listed, size } = (entry ?? {}) as { path?: unknown; size?: unknown };
      if (typeof listed !== 'string' || typeof size !== 'number' || outputKindOfName(listed) === undefined) continue;
      // The folder may have been moved since, so only the name counts, in both places where an app can be.
      const name = listed.split(/[\\/]/).at(-1) ?? '';
      for (const folder of [this.dir, this.rejectedDir]) {
        const candidate = path.join(folder, name);
        const info = await lstat(candidate).catch(() => undefined);
        if (info?.isFile() && info.size === size) found.push(candidate);
      }
    }
    return found;
  }

  /** Follows links: the same file under another name. */
  async #isInput(file: string): Promise<boolean> {
    if (this.#input === undefined) return false;
    if (file === this.#input) return true;
    const [real, input] = await Promise.all([file, this.#input].map((each) => realpath(each).catch(() => undefined)));
    return real !== undefined && real === input;
  }
}

/** Fusegate removes nothing that it did not write. */
function inTheWay(what: string, obstacles: readonly string[]): FusegateError {
  return new FusegateError('output.unwritable', `${what}: ${obstacles.join('; ')}.`, {
    hint: `Find out who put ${obstacles.length === 1 ? 'it' : 'them'} there, remove ${obstacles.length === 1 ? 'it' : 'them'} by hand and run again, or choose another output-dir.`,
  });
}

/** A link to a folder counts as `other`. */
async function kindOf(file: string): Promise<'absent' | 'folder' | 'other'> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined) return 'absent';
  return info.isDirectory() ? 'folder' : 'other';
}

interface OldResult {
  files: unknown[];
  /** False if the result says that its run never began: wrong inputs, or a dry run. */
  started: boolean;
}

/** @returns undefined if the file does not exist or is not a Fusegate result */
async function readOldResult(file: string): Promise<OldResult | undefined> {
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile() || info.size > MAX_DOCUMENT_BYTES) return undefined;
  try {
    const { tool, files, exitCode, dryRun, stages } = JSON.parse(await readFile(file, 'utf8'));
    if (tool?.name !== 'fusegate' || !Array.isArray(files)) return undefined;
    const refused = exitCode === EXIT.usage && Array.isArray(stages) && stages.length === 0;
    return { files, started: files.length > 0 || !(refused || dryRun !== undefined) };
  } catch {
    return undefined;
  }
}
