/** The files of a source tree, the app's own ones first. Links are not followed, so no link can lead in a circle or out of the tree. */
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { REPORT_FILES, RESULT_FILE } from '../../files/output-paths.ts';
import { isBuildFile } from './builds/left-out.ts';
import { LANGUAGES, type Language, OTHER_SOURCES } from './languages.ts';
import { belongsTo, isTopOfApp, kindOfEntry, type Owners } from './layout.ts';
import type { SourceLimits } from './limits.ts';

export interface FoundFile {
  /** Below the root, with slashes. */
  path: string;
  /** Undefined = there is no grammar for it. */
  language: Language | undefined;
  foreign: boolean;
  /** Says which files are built. */
  isBuildFile: boolean;
}

const REPORTS: ReadonlySet<string> = new Set(REPORT_FILES);

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
  owners: Owners,
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
    const inFolder = await entriesOf(path.join(root, ...folder.parts), (why) => skipped(where, why));
    const isTop = folder.parts.length === 0 || isTopOfApp(new Set(inFolder.map(({ name }) => name)));
    const isOutput = inFolder.some(({ name }) => name === RESULT_FILE);
    for (const entry of inFolder) {
      entries += 1;
      // The reports of an earlier run name the events too.
      if (isOutput && REPORTS.has(entry.name)) continue;
      const parts = [...folder.parts, entry.name];
      const kind = kindOfEntry(parts, entry.isDirectory(), isTop);
      if (kind === 'ignored') continue;
      const file = parts.join('/');
      const isForeign =
        belongsTo(owners.foreign, file) || ((folder.foreign || kind === 'foreign') && !belongsTo(owners.own, file));
      if (entry.isDirectory()) (isForeign ? foreign : own).push({ parts, foreign: isForeign });
      const ending = path.extname(entry.name).toLowerCase();
      const language = LANGUAGES.get(ending);
      const isBuild = isBuildFile(entry.name) && !isForeign;
      if (entry.isFile() && (language || isBuild || (OTHER_SOURCES.has(ending) && !isForeign)))
        yield { path: file, language, foreign: isForeign, isBuildFile: isBuild };
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
