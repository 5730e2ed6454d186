/** The files of a source tree, the app's own ones first. Links are not followed, so no link can lead in a circle or out of the tree. */
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { LANGUAGES, type Language, OTHER_SOURCES } from './languages.ts';
import { belongsTo, kindOfEntry } from './layout.ts';
import type { SourceLimits } from './limits.ts';

export interface FoundFile {
  /** Below the root, with slashes. */
  path: string;
  /** Undefined = there is no grammar for it. */
  language: Language | undefined;
  foreign: boolean;
}

interface Folder {
  parts: string[];
  foreign: boolean;
}

/**
 * @param skipped told of each folder that was not searched, and why
 * @param expired whether the time is up
 */
export async function* sourceFiles(
  root: string,
  owners: readonly string[],
  limits: SourceLimits,
  { skipped, expired }: { skipped: (folder: string, reason: string) => void; expired: () => boolean },
): AsyncGenerator<FoundFile> {
  const own: Folder[] = [{ parts: [], foreign: false }];
  const foreign: Folder[] = [];
  let entries = 0;
  for (let folder = own.pop(); folder; folder = own.pop() ?? foreign.pop()) {
    const where = folder.parts.join('/') || '.';
    if (entries >= limits.entries || expired()) {
      const left = 1 + own.length + foreign.length;
      const why = expired() ? 'the time was up' : `the tree has more than ${limits.entries} entries`;
      skipped(where, `${why}: ${left} ${left === 1 ? 'folder was' : 'folders were'} not searched`);
      return;
    }
    if (folder.parts.length > limits.depth) {
      skipped(where, `it lies more than ${limits.depth} folders deep`);
      continue;
    }
    for (const entry of await entriesOf(path.join(root, ...folder.parts), (why) => skipped(where, why))) {
      entries += 1;
      const parts = [...folder.parts, entry.name];
      const kind = kindOfEntry(parts, entry.isDirectory());
      if (kind === 'ignored') continue;
      const file = parts.join('/');
      const isForeign = folder.foreign || kind === 'foreign' || belongsTo(owners, file);
      if (entry.isDirectory()) (isForeign ? foreign : own).push({ parts, foreign: isForeign });
      const ending = path.extname(entry.name).toLowerCase();
      const language = LANGUAGES.get(ending);
      if (entry.isFile() && (language || (OTHER_SOURCES.has(ending) && !isForeign)))
        yield { path: file, language, foreign: isForeign };
    }
  }
}

async function entriesOf(folder: string, unreadable: (why: string) => void) {
  const found = [];
  try {
    for await (const entry of await opendir(folder)) found.push(entry);
  } catch (error) {
    unreadable(`the folder cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  // The same order on every disk.
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
