/** Looks at the files that options name, before anything is sent, and collects what is wrong with them. */

import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { NOT_REGULAR, reason, sizeOfFile } from '../files/file-on-disk.ts';
import { ownTemporary } from '../files/own-temporary.ts';
import { defined } from '../model/defined.ts';
import type { Environment } from '../model/host.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { parseJsonObject } from '../options/parse-value.ts';
import { type InputProblem, problem, shownValue } from '../options/problem.ts';
import { withoutByteOrderMark } from '../text/white-space.ts';
import { certificatesMatching, GLOB_CHARACTERS, inspectApp } from './inspect-app.ts';
import { fusedAlready } from './inspect-app-content.ts';
import { FileOptions } from './inspect-file-option.ts';
import { inspectRunFiles } from './inspect-run-files.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { secretsInOverrides } from './override-rules.ts';
import { readNamedFile } from './read-named-file.ts';

const MAX_OVERRIDES_BYTES = 1024 * 1024;
const MAX_PEM_BYTES = 16 * 1024 * 1024;

async function inspectPem(files: InspectedFiles, options: ParsedOptions, text: string, cwd: string): Promise<void> {
  const path = resolve(cwd, text);
  const read = await readNamedFile(path, MAX_PEM_BYTES);
  const holdsOne = 'bytes' in read && read.bytes.includes('-----BEGIN CERTIFICATE-----');
  if (holdsOne) files.caFile = path;
  else {
    const wrong = 'wrong' in read ? read.wrong : 'holds no certificate';
    const allowed = 'a PEM file with at least one certificate';
    files.problems.push(options.problemWith('ca-file', wrong, allowed, shownValue(text)));
  }
}

/** Files as they are, patterns by tinyglobby; sorted, so that reports do not depend on the disk. */
async function inspectCertificates(
  into: InspectedFiles,
  options: ParsedOptions,
  patterns: readonly string[],
  cwd: string,
): Promise<void> {
  const paths = new Set<string>();
  const wrong = (message: string, value: string) =>
    into.problems.push(
      options.problemWith('certificate', message, '.pdf and .json files, or patterns such as archive/*.pdf', value),
    );
  for (const pattern of patterns) {
    const value = shownValue(pattern);
    const exact = resolve(cwd, pattern);
    const file = await sizeOfFile(exact);
    let found = [exact];
    if ('wrong' in file && file.wrong === 'does not exist' && GLOB_CHARACTERS.test(pattern)) {
      const { matches, hidden } = await certificatesMatching(pattern, cwd);
      found = matches;
      const skipped = hidden.length === 0 ? '' : `${files(hidden.length)} whose path has a part that begins with a dot`;
      const name = options.name('certificate');
      if (found.length === 0) wrong(`matches no file${skipped && ` but ${skipped}`}`, value);
      else if (skipped)
        into.notices.push(`${name} "${value}" skipped ${skipped}. To judge them, write the dot in the pattern.`);
    } else if ('wrong' in file) {
      wrong(file.wrong, value);
      continue;
    }
    for (const path of found) {
      const seen = await sizeOfFile(path);
      // A pattern also matches a link to a pipe, whose reading would never end. An empty certificate is for the verdict to name.
      if ('wrong' in seen && seen.wrong === NOT_REGULAR) wrong(`matches ${basename(path)}, which ${seen.wrong}`, value);
      else if (/\.(pdf|json)$/i.test(path)) paths.add(path);
      else wrong('is neither .pdf nor .json', shownValue(basename(path)));
    }
  }
  into.certificates = [...paths];
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

async function inspectOutputDir(options: ParsedOptions, text: string, cwd: string): Promise<InputProblem[]> {
  const wrong = (message: string, allowed: string) => [
    options.problemWith('output-dir', message, allowed, shownValue(text)),
  ];
  // The nearest ancestor that exists decides: a folder can be made in a folder, and in nothing else.
  for (let path = resolve(cwd, text); ; path = dirname(path)) {
    try {
      if ((await stat(path)).isDirectory()) return [];
      const what = path === resolve(cwd, text) ? 'is a file' : 'lies below a file';
      return wrong(`${what}, not a folder`, 'a folder; it is made if needed');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) {
        return wrong(reason(error), 'a folder that can be written');
      }
    }
  }
}

async function inspectOverrides(
  path: string,
  name: string,
  cwd: string,
): Promise<{ inline: Record<string, unknown> } | InputProblem> {
  const wrong = (message: string) =>
    problem(name, message, {
      value: shownValue(path),
      allowed: 'a JSON object, or the path of a file that holds one',
    });
  const read = await readNamedFile(resolve(cwd, path), MAX_OVERRIDES_BYTES);
  if ('wrong' in read) return wrong(read.wrong);
  const parsed = parseJsonObject(withoutByteOrderMark(read.bytes.toString('utf8')).trim());
  return parsed.ok ? (parsed.value as { inline: Record<string, unknown> }) : wrong(parsed.message);
}

async function inspectNamedApp(
  files: InspectedFiles,
  options: ParsedOptions,
  place: { cwd: string; temporary: string },
): Promise<void> {
  const app = options.get('app');
  if (app === undefined) return;
  const wanted = { asked: options.get('platform') ?? 'auto', fetches: options.mode === 'run' };
  const seen = await inspectApp(app, options.name('app'), wanted, place);
  if ('problem' in seen) files.problems.push(seen.problem);
  else {
    files.app = seen.app;
    if (seen.pending) files.pending.push(seen.pending);
    // The other modes take an app that is protected.
    else if (options.mode === 'run') {
      Object.assign(files, defined({ fusedAlready: await fusedAlready(seen.app.path, seen.app.name) }));
    }
  }
}

async function inspectResult(files: InspectedFiles, options: ParsedOptions, text: string, cwd: string): Promise<void> {
  const path = resolve(cwd, text);
  const file = await sizeOfFile(path);
  if ('size' in file) files.result = path;
  else files.problems.push(options.problemWith('result', file.wrong, 'a fusegate-result.json', shownValue(text)));
}

/**
 * Looks at every file that was named. Nothing is written.
 * @param environment for PATH
 * @param signal ends the derivation of keys, which can take seconds
 */
export async function inspectFiles(
  options: ParsedOptions,
  cwd: string,
  environment: Environment = {},
  signal?: AbortSignal,
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
    refused: new Set(),
    notChecked: [],
    notices: [],
  };
  // One for all files of a job that have to be made, which is when it is made itself.
  const folder = ownTemporary();
  await inspectNamedApp(files, options, { cwd, temporary: folder });
  if (options.mode === 'run') {
    await inspectRunFiles(files, options, new FileOptions(options, cwd, folder), environment, signal);
  }
  const result = options.get('result');
  if (result !== undefined) await inspectResult(files, options, result, cwd);
  const caFile = options.get('ca-file');
  if (caFile !== undefined) await inspectPem(files, options, caFile, cwd);
  const patterns = options.get('certificate');
  if (patterns !== undefined) await inspectCertificates(files, options, patterns, cwd);
  const outputDir = options.get('output-dir');
  if (outputDir !== undefined) files.problems.push(...(await inspectOutputDir(options, outputDir, cwd)));
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
