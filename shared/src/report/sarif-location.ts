/**
 * Where a result of the SARIF report points. GitHub accepts no result without a file, and shows no code for one that is not there: it is the
 * policy line that asked, else a file of the repository that somebody has found (jobs/report-place.ts).
 */
import path from 'node:path';
import type { Location } from 'sarif';
import { plainLine } from '../text/untrusted-text.ts';

export interface ReportPlace {
  /** The repository's folder, absolute; paths below it become relative to it. */
  root: string;
  /** What the paths of a result are relative to; absent = root. */
  cwd?: string;
  /** A file of the repository, for what no line of a policy asks. */
  file?: string | undefined;
}

/** Only a name, for a job that has no file in the repository at all. */
const NO_FILE = 'fusegate.yml';

/** `fusegate.yml:12` and `fusegate.yml:12:3`; an option's name has no line. */
const FILE_AND_LINE = /^(.+?):(\d{1,7})(?::(\d{1,7}))?$/u;

/** @returns undefined for a rule that no file asks for */
export function fileAndLineOf(source: string): { file: string; line: number } | undefined {
  const [, file, line] = FILE_AND_LINE.exec(source) ?? [];
  return file === undefined ? undefined : { file, line: Math.max(1, Number(line)) };
}

/** @param source as in `requirements[].source` */
export function locationOf(source: string | undefined, place: ReportPlace): Location {
  const [, written, line, column] = (source === undefined ? null : FILE_AND_LINE.exec(source)) ?? [];
  const asked = written === undefined ? undefined : inRepository(written, place);
  const region =
    asked === undefined
      ? { startLine: 1 }
      : { startLine: Math.max(1, Number(line)), ...(column && { startColumn: Math.max(1, Number(column)) }) };
  const uri = relativeUri(asked ?? place.file ?? NO_FILE, place.root);
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region } };
}

/** @returns the absolute path, or undefined for a file outside the repository: a policy may be kept elsewhere */
export function inRepository(file: string, { root, cwd = root }: ReportPlace): string | undefined {
  if (path.win32.isAbsolute(file) && !path.isAbsolute(file)) return undefined;
  const absolute = path.resolve(cwd, file);
  const way = path.relative(root, absolute);
  return way === '' || way.split(/[\\/]/u)[0] === '..' || path.isAbsolute(way) ? undefined : absolute;
}

/**
 * The path as a relative reference. A file outside the repository is named by its last part: an absolute path would reveal the machine's
 * layout, and GitHub could not place it.
 */
export function relativeUri(file: string, root: string): string {
  const absolute = path.isAbsolute(file) || path.win32.isAbsolute(file);
  const relative = plainLine(path.isAbsolute(file) ? path.relative(root, file) : file, 1000);
  const parts = relative.split(/[\\/]/u).filter((part) => part !== '' && part !== '.');
  const outside = parts.includes('..') || (absolute && !path.isAbsolute(file));
  const kept = outside ? parts.slice(-1) : parts;
  return kept.map((part) => encodeURIComponent(part)).join('/') || NO_FILE;
}
