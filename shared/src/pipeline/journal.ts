/**
 * The journal: what a run has done at the service, so that a run after a killed runner continues with the same build instead of paying for
 * another. A file in the private part of the output folder, written by rename so that it is either whole or missing.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../files/file-system.ts';
import type { Clock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import { FusegateError, type ServiceIds } from '../model/errors.ts';
import { type FoundJournal, type JournalRecord, type JournalStage, readJournal } from './journal-record.ts';

export class Journal {
  readonly #file: string;
  readonly #clock: Clock;
  readonly runId: string | undefined;
  #current: JournalRecord | undefined;

  constructor(options: { file: string; clock: Clock; runId?: string | undefined }) {
    this.#file = options.file;
    this.#clock = options.clock;
    this.runId = options.runId;
  }

  /** What an earlier process wrote. A file that cannot be read counts as damaged. */
  async found(): Promise<FoundJournal> {
    try {
      return readJournal(await readFile(this.#file, 'utf8'));
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? { state: 'none' } : { state: 'damaged' };
    }
  }

  /** Begins a new record; it reaches the disk with the first `record`. */
  begin(inputs: Pick<JournalRecord, 'fingerprint' | 'actions' | 'appSha256' | 'fusionSetId'>): void {
    this.#current = {
      version: 1,
      ...inputs,
      startedAt: this.#stamp(),
      updatedAt: this.#stamp(),
      stage: 'uploaded',
      ids: {},
      ...defined({ runId: this.runId }),
    };
  }

  /** Goes on with a record of an earlier process. */
  adopt(record: JournalRecord): void {
    this.#current = record;
  }

  /**
   * Writes down where the run is. Without `begin` or `adopt` it does nothing.
   * @throws FusegateError output.unwritable: a build that could not be found again must not be started
   */
  async record(stage: JournalStage, ids: ServiceIds): Promise<void> {
    if (this.#current === undefined) return;
    const { appId, buildId } = ids;
    this.#current = { ...this.#current, stage, updatedAt: this.#stamp(), ids: defined({ appId, buildId }) };
    const temporary = path.join(path.dirname(this.#file), `.fusegate-${randomUUID()}.part`);
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(this.#current, null, 2)}\n`);
        // The one file that must survive the machine: it may know of a build that was paid for.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      throw new FusegateError('output.unwritable', 'The journal cannot be written.', {
        hint: 'Check that output-dir is writable and the disk is not full.',
        cause,
      });
    }
  }

  /**
   * The run has its outcome, and it is on disk: the next run starts a new build. Never throws: a journal that stays unfinished only makes
   * the next run fetch the same build again.
   * @param end `gone`: the service has nothing to continue, so the next run names the build and starts another. `not-shown`: no certificate
   * shows that the build is the one of this journal. If the user only claimed it, the lost build is in doubt again
   */
  async finish(end: 'outcome' | 'gone' | 'not-shown' = 'outcome'): Promise<void> {
    if (this.#current === undefined) return;
    const { claimed, ...record } = this.#current;
    const { appId } = record.ids;
    this.#current = { ...record, ...(end === 'gone' && { gone: true }) };
    const isInDoubt = claimed && end === 'not-shown';
    const written = isInDoubt
      ? this.record('build-intent', defined({ appId }))
      : this.record('finished', this.#current.ids);
    await written.catch(() => {});
  }

  #stamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
