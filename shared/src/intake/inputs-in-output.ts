/** The edge of the output folder: inputs that lie where the run would delete or overwrite them. */
import { realpath } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { appsOnlyDeleted, JOURNAL_FILE, OWN_FILES, outputNamesOf, ownApps } from '../files/output-paths.ts';
import type { Mode, RunRequest } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, shownValue } from '../options/problem.ts';
import type { InspectedFiles } from './inspected-files.ts';

/**
 * Real paths are compared, since a folder can be reached through a link. Named after `output-dir`, so that nothing in the folder is touched
 * by the refused run either.
 */
export async function inputsInOutput(
  options: ParsedOptions,
  files: InspectedFiles,
  request: Pick<RunRequest, 'mode' | 'output' | 'app' | 'sign'>,
  cwd: string,
): Promise<InputProblem[]> {
  if (request.mode === 'verify') return [];
  const { dir } = request.output;
  const inputs = inputPaths(options, files, request.mode, cwd);
  if (inputs.length === 0) return [];
  const folder = await realpath(dir).catch(() => undefined);
  // A folder that does not exist yet is empty.
  if (folder === undefined) return [];
  const names = outputNamesOf(request);
  const own = withoutCase([...OWN_FILES, JOURNAL_FILE, ...ownApps(names)]);
  const fineForApp = withoutCase(appsOnlyDeleted(names));
  const baseline = options.get('baseline');
  const found = new Set<string>();
  let holdsBaseline = false;
  for (const path of inputs) {
    const real = await realpath(path).catch(() => path);
    const name = relative(folder, real).split(sep).join('/').toLowerCase();
    if (!own.has(name) || (path === files.app?.path && fineForApp.has(name))) continue;
    found.add(basename(path));
    holdsBaseline ||= baseline !== undefined && path === resolve(cwd, baseline);
  }
  if (found.size === 0) return [];
  const message = `holds ${[...found].join(' and ')} where this run would delete or overwrite it`;
  const allowed = `a folder that holds no input${holdsBaseline ? COPY_OF_BASELINE : ''}`;
  return [options.problemWith('output-dir', message, allowed, shownValue(dir))];
}

/** It could be read before it is replaced; but what a red run has lost, the next one would no longer miss. */
const COPY_OF_BASELINE = '; as baseline, a copy kept elsewhere: every run replaces its result, a red one too';

/** Some file systems take no notice of case. */
function withoutCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

/** Every file that the options name and that is there before the run. */
function inputPaths(options: ParsedOptions, files: InspectedFiles, mode: Mode, cwd: string): string[] {
  const pending = new Set(files.pending.map(({ path }) => path));
  const overrides = (['build-overrides', 'context-overrides', 'sign-overrides'] as const).map((id) => {
    const given = options.get(id);
    return given !== undefined && !('inline' in given) ? given.path : undefined;
  });
  // What is to be judged may not be anywhere in the folder (output-folder.ts); saying so twice does not help.
  const judged = mode === 'run' ? [files.app?.path, files.result, ...files.certificates] : [];
  const named = [options.get('policy'), options.get('baseline'), options.get('signing-fingerprint-list'), ...overrides];
  return [
    ...judged,
    files.keystore,
    files.p12,
    ...files.provisioningProfiles,
    ...files.entitlements,
    ...Object.values(files.buildFiles).filter((each) => typeof each === 'string'),
    files.appIcon,
    files.iconOverlay,
    files.caFile,
    ...named.map((path) => (path === undefined ? undefined : resolve(cwd, path))),
  ].filter((path): path is string => path !== undefined && !pending.has(path));
}
