import path from 'node:path';

/** The folder of a file, and those around it, innermost first; '.' is the root. */
export function foldersOf(file: string): string[] {
  const found: string[] = [];
  for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
    found.push(folder);
    if (folder === '.' || folder === '/') return found;
  }
}
