/**
 * The edge of `options/`: looks at the files that options name, before anything is sent, and collects what is wrong with them.
 */

import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { NOT_REGULAR, reason, sizeOfFile } from '../files/file-on-disk.ts';
import type { Environment } from '../model/host.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { parseJsonObject } from '../options/parse-value.ts';
import { type InputProblem, problem, shownValue } from '../options/problem.ts';
import { certificatesMatching, GLOB_CHARACTERS, inspectApp } from './inspect-app.ts';
import { FileOptions } from './inspect-file-option.ts';
import { inspectRunFiles } from './inspect-run-files.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { secretsInOverrides } from './override-rules.ts';

const MAX_OVERRIDES_BYTES = 1024 * 1024;
const MAX_PEM_BYTES = 16 * 1024 * 1024;

async function inspectPem(text: string, name: string, cwd: string): Promise<{ path: string } | InputProblem> {
  const path = resolve(cwd, text);
  const value = shownValue(text);
  const allowed = 'a PEM file with at least one certificate';
  const file = await sizeOfFile(path);
  if ('wrong' in file) return problem(name, file.wrong, { value, allowed });
  if (file.size > MAX_PEM_BYTES) return problem(name, 'is too large', { value, allowed });
  try {
    const holds = (await readFile(path, 'latin1')).includes('-----BEGIN CERTIFICATE-----');
    return holds ? { path } : problem(name, 'holds no certificate', { value, allowed });
  } catch (error) {
    return problem(name, reason(error), { value, allowed });
  }
}

/** Files as they are, patterns by tinyglobby; sorted, so that reports do not depend on the disk. */
async function inspectCertificates(
  patterns: readonly string[],
  name: string,
  cwd: string,
): Promise<{ paths: string[]; problems: InputProblem[]; notices: string[] }> {
  const paths = new Set<string>();
  const problems: InputProblem[] = [];
  const notices: string[] = [];
  const allowed = '.pdf and .json files, or patterns such as archive/*.pdf';
  for (const pattern of patterns) {
    const value = shownValue(pattern);
    const exact = resolve(cwd, pattern);
    const file = await sizeOfFile(exact);
    let found = [exact];
    if ('wrong' in file && file.wrong === 'does not exist' && GLOB_CHARACTERS.test(pattern)) {
      const { matches, hidden } = await certificatesMatching(pattern, cwd);
      found = matches;
      const skipped = hidden.length === 0 ? '' : `${files(hidden.length)} whose path has a part that begins with a dot`;
      if (found.length === 0)
        problems.push(problem(name, `matches no file${skipped && ` but ${skipped}`}`, { value, allowed }));
      else if (skipped)
        notices.push(`${name} "${value}" skipped ${skipped}. To judge them, write the dot in the pattern.`);
    } else if ('wrong' in file) {
      problems.push(problem(name, file.wrong, { value, allowed }));
      continue;
    }
    for (const path of found) {
      const seen = await sizeOfFile(path);
      // A pattern also matches a link to a pipe, whose reading would never end. An empty certificate is for the verdict to name.
      if ('wrong' in seen && seen.wrong === NOT_REGULAR)
        problems.push(problem(name, `matches ${basename(path)}, which ${seen.wrong}`, { value, allowed }));
      else if (/\.(pdf|json)$/i.test(path)) paths.add(path);
      else problems.push(problem(name, 'is neither .pdf nor .json', { value: shownValue(basename(path)), allowed }));
    }
  }
  return { paths: [...paths], problems, notices };
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

async function inspectOutputDir(text: string, name: string, cwd: string): Promise<InputProblem | undefined> {
  // The nearest ancestor that exists decides: a folder can be made in a folder, and in nothing else.
  for (let path = resolve(cwd, text); ; path = dirname(path)) {
    try {
      const info = await stat(path);
      if (info.isDirectory()) return undefined;
      const what = path === resolve(cwd, text) ? 'is a file' : 'lies below a file';
      return problem(name, `${what}, not a folder`, {
        value: shownValue(text),
        allowed: 'a folder; it is made if needed',
      });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) {
        return problem(name, reason(error), { value: shownValue(text), allowed: 'a folder that can be written' });
      }
    }
  }
}

async function inspectOverrides(
  path: string,
  name: string,
  cwd: string,
): Promise<{ inline: Record<string, unknown> } | InputProblem> {
  const value = shownValue(path);
  const allowed = 'a JSON object, or the path of a file that holds one';
  const file = await sizeOfFile(resolve(cwd, path));
  if ('wrong' in file) return problem(name, file.wrong, { value, allowed });
  if (file.size > MAX_OVERRIDES_BYTES) return problem(name, 'is too large', { value, allowed });
  try {
    const parsed = parseJsonObject((await readFile(resolve(cwd, path), 'utf8')).replace(/^\uFEFF/, '').trim());
    if (!parsed.ok) return problem(name, parsed.message, { value, allowed });
    return parsed.value as { inline: Record<string, unknown> };
  } catch (error) {
    return problem(name, reason(error), { value, allowed });
  }
}

/** One folder for all files of a job that have to be made, named when the first of them is. */
function temporaryFolder(): () => string {
  let folder: string | undefined;
  return () => {
    folder ??= join(tmpdir(), `fusegate-${randomUUID()}`);
    return folder;
  };
}

/**
 * Looks at every file that was named. Nothing is written.
 * @param environment for PATH
 */
export async function inspectFiles(
  options: ParsedOptions,
  cwd: string,
  environment: Environment = {},
): Promise<InspectedFiles> {
  const files: InspectedFiles = {
    certificates: [],
    provisioningProfiles: [],
    entitlements: [],
    buildFiles: {},
    pending: [],
    secrets: [],
    buildOverrides: {},
    contextOverrides: {},
    signOverrides: {},
    problems: [],
    notices: [],
  };
  const temporary = temporaryFolder();

  const app = options.get('app');
  if (app !== undefined) {
    const asked = options.get('platform') ?? 'auto';
    const fetches = options.mode === 'run';
    const seen = await inspectApp(app, options.name('app'), { asked, fetches }, { cwd, temporary });
    if ('problem' in seen) files.problems.push(seen.problem);
    else {
      files.app = seen.app;
      if (seen.pending) files.pending.push(seen.pending);
    }
  }
  if (options.mode === 'run')
    await inspectRunFiles(files, options, new FileOptions(options, cwd, temporary), environment);
  const result = options.get('result');
  if (result !== undefined) {
    const path = resolve(cwd, result);
    const file = await sizeOfFile(path);
    if ('wrong' in file) {
      files.problems.push(
        problem(options.name('result'), file.wrong, { value: shownValue(result), allowed: 'a fusegate-result.json' }),
      );
    } else files.result = path;
  }
  const caFile = options.get('ca-file');
  if (caFile !== undefined) {
    const seen = await inspectPem(caFile, options.name('ca-file'), cwd);
    if ('code' in seen) files.problems.push(seen);
    else files.caFile = seen.path;
  }
  const patterns = options.get('certificate');
  if (patterns !== undefined) {
    const seen = await inspectCertificates(patterns, options.name('certificate'), cwd);
    files.problems.push(...seen.problems);
    files.notices.push(...seen.notices);
    files.certificates = seen.paths;
  }
  const outputDir = options.get('output-dir');
  if (outputDir !== undefined) {
    const wrong = await inspectOutputDir(outputDir, options.name('output-dir'), cwd);
    if (wrong) files.problems.push(wrong);
  }
  for (const [id, property] of OVERRIDES) {
    const given = options.get(id);
    if (given === undefined) continue;
    const seen = 'inline' in given ? given : await inspectOverrides(given.path, options.name(id), cwd);
    if ('code' in seen) files.problems.push(seen);
    else files[property] = seen.inline;
    files.secrets.push(...secretsInOverrides(files[property]));
  }
  return files;
}

const OVERRIDES = [
  ['build-overrides', 'buildOverrides'],
  ['context-overrides', 'contextOverrides'],
  ['sign-overrides', 'signOverrides'],
] as const;
