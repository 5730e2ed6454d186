import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT_IN_FUSION_SETS } from '../fusion-sets/built-in.ts';
import type { FusionSet } from '../fusion-sets/fusion-set.ts';
import { DEFAULT_SETTINGS, type EmulatorState, type StoredTask } from './model.ts';

const STATE_FILE = 'state.json';

export function freshState(): EmulatorState {
  return {
    version: 1,
    settings: { ...DEFAULT_SETTINGS },
    fusionSets: structuredClone(BUILT_IN_FUSION_SETS),
    uploads: [],
    apps: [],
    tasks: [],
    tests: [],
    validations: [],
    violations: [],
    quirks: [],
    faults: [],
  };
}

/**
 * The state in memory and on disk. `save` resolves once the state at the time of the call is on disk, so that what was answered survives a
 * kill. The file is replaced with a rename, so a reader never sees half of one.
 */
export class Store {
  readonly dataDir: string;
  state: EmulatorState;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #onDisk = '';

  private constructor(dataDir: string, state: EmulatorState) {
    this.dataDir = dataDir;
    this.state = state;
  }

  /**
   * Opens a data folder, creating it if needed.
   * @throws if the folder cannot be written, or its state file is from another version
   */
  static async open(dataDir: string): Promise<Store> {
    await mkdir(join(dataDir, 'uploads'), { recursive: true });
    const state = await readState(join(dataDir, STATE_FILE));
    return new Store(dataDir, state ?? freshState());
  }

  uploadPath(fileId: string): string {
    return join(this.dataDir, 'uploads', fileId);
  }

  /** Calls during a write share the next write. */
  save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const text = textOf(this.state);
    // Most requests only ask.
    if (text === this.#onDisk) return;
    const path = join(this.dataDir, STATE_FILE);
    await writeFile(`${path}.tmp`, text, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
    this.#onDisk = text;
  }
}

/** A build's Fusion Set is most of its text, and never changes. */
const setTexts = new WeakMap<FusionSet, string>();

/** As JSON. */
function textOf({ tasks, ...state }: EmulatorState): string {
  return `${JSON.stringify(state).slice(0, -1)},"tasks":[${tasks.map(textOfTask).join()}]}`;
}

function textOfTask({ fusionSet, ...task }: StoredTask): string {
  let set = setTexts.get(fusionSet);
  if (set === undefined) {
    set = JSON.stringify(fusionSet);
    setTexts.set(fusionSet, set);
  }
  return `{"fusionSet":${set},${JSON.stringify(task).slice(1)}`;
}

async function readState(path: string): Promise<EmulatorState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as EmulatorState;
  if (state.version !== 1)
    throw new Error(`${path} was written by another version of the emulator; use an empty --data-dir.`);
  return { ...freshState(), ...state, settings: { ...DEFAULT_SETTINGS, ...state.settings } };
}
