/** What the readers of build files have in common. */
import path from 'node:path';
import type { Platform } from '../../../model/run-request.ts';

/** @returns why a file is in no app, if it is in none */
export type LeftOut = (file: string) => string | undefined;

/** The build files of a tree. */
export interface BuildFiles {
  /** Below the root, with slashes. */
  paths: readonly string[];
  /** The app's own scripts and pages, which can import scripts. */
  scripts: readonly string[];
  /** Undefined where a file cannot be read. */
  read(file: string): string | undefined;
  /** Undefined = both. */
  platform: Platform | undefined;
}

/** The folder of a file, and those around it, innermost first; '.' is the root. */
export function foldersOf(file: string): string[] {
  const found: string[] = [];
  for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
    found.push(folder);
    if (folder === '.' || folder === '/') return found;
  }
}

/** A path below a folder, as the folder sees it. */
export function below(folder: string, file: string): string {
  return folder === '.' ? file : file.slice(folder.length + 1);
}
