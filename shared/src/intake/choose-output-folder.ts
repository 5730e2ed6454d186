/** Where a run writes by default, and where it may not write. Pure. */
import { basename, extname, isAbsolute, relative, resolve } from 'node:path';
import { kindOfName } from '../files/file-names.ts';
import type { Mode } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, shownValue } from '../options/problem.ts';
import type { InspectedFiles } from './inspected-files.ts';

/** What a run works on, by the names that name its folder; patterns are names, too. */
export interface Subject {
  app?: string | undefined;
  buildId?: string | undefined;
  certificates?: readonly string[];
  appId?: string | undefined;
}

/** Where default folders lie. */
export interface OutputPlace {
  cwd: string;
  /** Where `fusegate-output/` goes; `cwd` unless the system has a better place. */
  outputBase?: string | undefined;
}

export function outputBase(place: OutputPlace): string {
  return resolve(place.cwd, place.outputBase ?? '', 'fusegate-output');
}

/**
 * `fusegate-output/<app name>`; without an app file, named after the id or the certificate. Modes gate and validate have folders
 * of their own, since a run begins by removing what an earlier one left in its folder: the app that is to be judged may be just that.
 */
export function defaultOutputName(mode: Mode, { app, buildId, certificates = [], appId }: Subject): string {
  const [certificate, ...more] = certificates;
  const baseName = (path: string) => basename(path, extname(path));
  let name = 'run';
  if (app !== undefined) name = baseName(app);
  else if (buildId !== undefined) name = `build-${buildId}`;
  else if (certificate !== undefined) name = more.length > 0 ? 'certificates' : baseName(certificate);
  else if (appId !== undefined) name = `app-${appId}`;
  return mode === 'gate' || mode === 'validate' ? `${name}-${mode}` : name;
}

function liesIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

export function outputProblems(options: ParsedOptions, files: InspectedFiles, dir: string): InputProblem[] {
  const problems: InputProblem[] = [];
  const name = options.get('output-name');
  if (name !== undefined && kindOfName(name) !== undefined) {
    const message = 'has an extension; the service decides which one the file gets';
    const allowed = 'a file name without folder and extension';
    problems.push(options.problemWith('output-name', message, allowed, shownValue(name)));
  }
  const { app } = files;
  if (options.mode === 'gate' || options.mode === 'validate') {
    const judged = [...(app ? [app.path] : []), ...files.certificates, ...(files.result ? [files.result] : [])];
    const inside = judged.find((path) => liesIn(dir, path));
    if (inside !== undefined) {
      const message = `holds ${basename(inside)}, which is to be judged, and is cleared first`;
      problems.push(options.problemWith('output-dir', message, 'a folder of its own', shownValue(dir)));
    }
  }
  return problems;
}
