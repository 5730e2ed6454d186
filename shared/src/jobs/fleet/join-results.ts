/** Reads the results that were named, and writes what joins them: one page and one JUnit file. */
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sizeOfFile } from '../../files/file-on-disk.ts';
import { GLOB_CHARACTERS } from '../../intake/inspect-app.ts';
import { labelOf } from '../../intake/load-policy.ts';
import { asFusegateError } from '../../model/errors.ts';
import type { FusegateResult } from '../../model/result.ts';
import { type InputProblem, problem, shownValue } from '../../options/problem.ts';
import { renderHtml } from '../../report/html/render-html.ts';
import { renderJoinedJUnit } from '../../report/junit-joined.ts';
import type { DetailOption } from '../../report/withhold-names.ts';
import { findingOf } from '../build-result.ts';
import { readResultFile } from '../read-result.ts';
import { type ExpectedFleet, type JoinedPart, partsOf, type ResultFile } from './joined-parts.ts';
import { type JoinedAround, joinedResult } from './joined-result.ts';

export const REPORT_FILE = 'fusegate-report.html';
export const JUNIT_FILE = 'fusegate-junit.xml';
/** What an earlier run of the same app left: not the one that counts. */
const EARLIER = '**/previous/**';

export interface FoundFiles {
  /** Absolute, each once. */
  files: string[];
  problems: InputProblem[];
}

/**
 * @param outputDir absolute; what lies there is ours
 * @param needed whether a pattern without a hit is a problem: with a fleet file, the app is absent instead
 */
export async function findResults(
  patterns: readonly string[],
  { cwd, outputDir, needed }: { cwd: string; outputDir: string; needed: boolean },
): Promise<FoundFiles> {
  const files = new Set<string>();
  const problems: InputProblem[] = [];
  for (const pattern of patterns) {
    const exact = path.resolve(cwd, pattern);
    const file = await sizeOfFile(exact);
    const isPattern = 'wrong' in file && file.wrong === 'does not exist' && GLOB_CHARACTERS.test(pattern);
    const found = isPattern ? await filesMatching(pattern, cwd) : [exact];
    const own = found.filter((one) => !isPattern || !one.startsWith(outputDir + path.sep));
    if (own.length === 0 && needed) {
      const allowed = 'the fusegate-result.json of each app, or a pattern for them';
      problems.push(problem('FILES', 'matches no file', { value: shownValue(pattern), allowed }));
    }
    for (const one of own) files.add(await realpath(one).catch(() => one));
  }
  return { files: [...files].sort(), problems };
}

async function filesMatching(pattern: string, cwd: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return glob(pattern.replaceAll('\\', '/'), {
    cwd,
    absolute: true,
    onlyFiles: true,
    dot: true,
    ignore: [EARLIER],
  }).then((matches) => matches.map((match) => path.resolve(match)));
}

export async function joinResults(
  files: readonly string[],
  { cwd, expected, ...around }: JoinedAround & { cwd: string; expected?: ExpectedFleet },
): Promise<{ parts: JoinedPart[]; result: FusegateResult }> {
  const read: ResultFile[] = [];
  for (const file of files) read.push(await resultFileOf(file, cwd));
  const parts = partsOf(read, expected);
  return { parts, result: joinedResult(parts, around) };
}

async function resultFileOf(file: string, cwd: string): Promise<ResultFile> {
  const label = labelOf(file, cwd);
  try {
    const { result } = await readResultFile(file);
    return { file: label, result };
  } catch (error) {
    return { file: label, wrong: findingOf(asFusegateError(error)) };
  }
}

/** Nothing of an earlier join may pass for the outcome of this one. */
export async function clearJoined(outputDir: string): Promise<void> {
  for (const file of [REPORT_FILE, JUNIT_FILE]) await rm(path.join(outputDir, file), { force: true });
}

/** @returns the path of the page */
export async function writeJoined(
  outputDir: string,
  { parts, result }: { parts: readonly JoinedPart[]; result: FusegateResult },
  detail: DetailOption,
): Promise<string> {
  await mkdir(outputDir, { recursive: true });
  await writeFile(path.join(outputDir, JUNIT_FILE), renderJoinedJUnit(parts, result, detail));
  const page = path.join(outputDir, REPORT_FILE);
  await writeFile(page, renderHtml(result, detail));
  return page;
}
