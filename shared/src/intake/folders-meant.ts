/** Where an earlier outcome could pass for that of a run which is refused. By names alone: what they name may be wrong or gone. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sizeOfFile } from '../files/file-on-disk.ts';
import { RESULT_FILE } from '../files/output-paths.ts';
import type { Mode, RunRequest } from '../model/run-request.ts';
import { fileNameOfUrl, isUrl } from '../options/file-source.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { type OptionId, optionById } from '../options/table.ts';
import {
  defaultOutputName,
  type OutputPlace,
  outputBase,
  outputProblems,
  type Subject,
} from './choose-output-folder.ts';
import { inputsInOutput } from './inputs-in-output.ts';
import { GLOB_CHARACTERS } from './inspect-app.ts';
import type { InspectedFiles } from './inspected-files.ts';

/** In the order in which they name the folder. */
const NAMING = ['app', 'build-id', 'certificate', 'app-id'] as const satisfies readonly OptionId[];

/**
 * @param request as far as it could be built
 * @returns the folder that the run would have used; where that is not certain, every one that can have been meant and holds a result. One
 * with inputs in it stays as it is.
 */
export async function foldersMeant(
  options: ParsedOptions,
  files: InspectedFiles,
  request: Pick<RunRequest, 'mode' | 'output' | 'app' | 'sign'>,
  problems: readonly InputProblem[],
  place: OutputPlace,
): Promise<string[]> {
  const wrong = (id: OptionId) => options.failed(id) || problems.some(({ option }) => option === options.name(id));
  const unsure = (id: OptionId) => wrong(id) || options.misspelt(id);
  const modes: Mode[] = unsure('mode') ? ['run', 'gate', 'validate'] : [options.mode];
  if (modes.includes('verify')) return [];
  const { dir } = request.output;
  const given = options.get('output-dir') !== undefined && !wrong('output-dir');
  const byDefault = !unsure('output-dir') && ![...NAMING, 'mode' as const].some(unsure);
  const sure = given || byDefault ? [dir] : [];
  if (sure.length > 0 && !options.misspelt('output-dir')) return sure;

  const named = options.texts('output-dir').map((text) => resolve(place.cwd, text));
  const meant =
    named.length > 0 ? named : await defaultFolders(modes, (mode) => subjectsOf(options, mode, unsure), place);
  const found: string[] = [];
  for (const folder of meant) {
    const there = { ...request, output: { ...request.output, dir: folder } };
    const inputs = [
      ...outputProblems(options, files, folder).filter(({ option }) => option === options.name('output-dir')),
      ...(await inputsInOutput(options, files, there, place.cwd)),
    ];
    const free = inputs.length === 0 && !holdsInput(options, folder, place.cwd);
    if (free && 'size' in (await sizeOfFile(join(folder, RESULT_FILE)))) found.push(folder);
  }
  return [...new Set([...sure, ...found])];
}

/** Every way to read what was given: of several texts each, and of two options that exclude each other both. */
function subjectsOf(options: ParsedOptions, mode: Mode, unsure: (id: OptionId) => boolean): Subject[] {
  const texts = (id: OptionId) => (optionById(id).modes.includes(mode) ? options.texts(id) : []);
  const first = NAMING.find((id) => texts(id).length > 0);
  const ways = {
    app: () =>
      texts('app').flatMap((text) => {
        const app = isUrl(text) ? fileNameOfUrl(text) : text;
        // `app-1.*` ends in no extension.
        return GLOB_CHARACTERS.test(app) ? [{ app }, { app: `${app}.apk` }] : [{ app }];
      }),
    'build-id': () => texts('build-id').map((buildId) => ({ buildId })),
    certificate: () => {
      const certificates = texts('certificate');
      const pattern = certificates.some((text) => GLOB_CHARACTERS.test(text));
      const each = certificates.map((text) => ({ certificates: [text] }));
      return [
        { certificates },
        ...(pattern || options.misspelt('certificate') ? each : []),
        ...(pattern ? [{ certificates: [...certificates, ...certificates] }] : []),
      ];
    },
    'app-id': () => texts('app-id').map((appId) => ({ appId })),
  } satisfies Record<(typeof NAMING)[number], () => Subject[]>;
  return NAMING.filter((id) => id === first || unsure(id)).flatMap((id): Subject[] => ways[id]());
}

/** A pattern stands for every folder that it can have named. */
async function defaultFolders(
  modes: readonly Mode[],
  subjectsIn: (mode: Mode) => Subject[],
  place: OutputPlace,
): Promise<string[]> {
  const base = outputBase(place);
  const folders: string[] = [];
  for (const mode of modes) {
    for (const subject of subjectsIn(mode)) {
      const name = defaultOutputName(mode, subject);
      if (/[\\/\0]/.test(name)) continue;
      folders.push(join(base, name));
      if (!GLOB_CHARACTERS.test(name)) continue;
      const { glob } = await import('tinyglobby');
      const matches = await glob(name, { cwd: base, onlyDirectories: true, expandDirectories: false, deep: 1 });
      const own = matches.map((match) => basename(match)).filter((match) => modeOfName(match) === modeOfName(name));
      folders.push(...own.map((match) => join(base, match)));
    }
  }
  return folders;
}

function modeOfName(name: string): string {
  return /-(gate|validate)$/.exec(name)?.[1] ?? 'run';
}

/** Also one that is wrong, so that nothing else looks after it. */
function holdsInput(options: ParsedOptions, folder: string, cwd: string): boolean {
  for (const text of (['app', 'certificate', 'result'] as const).flatMap((id) => options.texts(id))) {
    const file = resolve(cwd, text);
    const place = dirname(file);
    if ((place === folder || dirname(place) === folder) && existsSync(file)) return true;
  }
  return false;
}
