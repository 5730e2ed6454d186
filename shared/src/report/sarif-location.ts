/**
 * Where a result of the SARIF report points. GitHub accepts no result without a file, so there is always one: the policy line that asked,
 * else the policy file, else the file in which the CI system keeps its jobs.
 */
import path from 'node:path';
import type { Location } from 'sarif';
import type { FusegateResult } from '../model/result.ts';
import { systemById } from '../options/systems.ts';
import { plainLine } from '../text/untrusted-text.ts';

const OTHER_WORKFLOW_FILE = 'fusegate.yml';

/** `fusegate.yml:12` and `fusegate.yml:12:3`; an option's name has no line. */
const FILE_AND_LINE = /^(.+?):(\d{1,7})(?::(\d{1,7}))?$/u;

/** @returns undefined for a rule that no file asks for */
export function fileAndLineOf(source: string): { file: string; line: number } | undefined {
  const [, file, line] = FILE_AND_LINE.exec(source) ?? [];
  return file === undefined ? undefined : { file, line: Math.max(1, Number(line)) };
}

/**
 * @param source as in `requirements[].source`
 * @param root the repository's folder, absolute; paths below it become relative to it
 */
export function locationOf(source: string | undefined, result: FusegateResult, root: string): Location {
  const written = source === undefined ? null : FILE_AND_LINE.exec(source);
  // Only a name: the file need not exist for the alert to be shown.
  const file =
    written?.[1] ?? result.policy.path ?? systemById(result.ci.system)?.job?.definedIn ?? OTHER_WORKFLOW_FILE;
  const startLine = Math.max(1, Number(written?.[2] ?? 1));
  const startColumn = written?.[3] && Math.max(1, Number(written[3]));
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(file, root), uriBaseId: '%SRCROOT%' },
      region: { startLine, ...(startColumn && { startColumn }) },
    },
  };
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
  return kept.map((part) => encodeURIComponent(part)).join('/') || OTHER_WORKFLOW_FILE;
}
