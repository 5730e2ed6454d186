/** What the shared library receives: the outputs, and which files to archive, as lines that Groovy can split. Pure. */

import path from 'node:path';
import type { PublishedFiles } from '@fusegate/shared/adapter/published-files';
import { OUTPUT_NAMES, type OutputName } from '@fusegate/shared/model/host';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { withoutLineBreaks } from '@fusegate/shared/text/white-space';

/**
 * A file as an Ant pattern below the workspace, which is what `junit` and `archiveArtifacts` take. What has a meaning there (a comma
 * separates patterns, `$` begins a variable) becomes `?`, one character whichever.
 * @returns undefined for a file outside of the workspace, which Jenkins cannot archive
 */
export function workspacePattern(file: string, workspace: string): string | undefined {
  const way = path.relative(workspace, file);
  if (way === '' || way.startsWith('..') || path.isAbsolute(way)) return undefined;
  return way
    .split(path.sep)
    .join('/')
    .replaceAll(/[,*?$\\]/g, '?');
}

function patterns(files: readonly string[], workspace: string): string {
  return files.flatMap((file) => workspacePattern(file, workspace) ?? []).join(',');
}

/** `VERDICT=pass` and so on, then `ARCHIVE=` and `JUNIT=` with patterns. One line each, whatever a value holds. */
export function libraryOutputs(
  outputs: ReadonlyMap<OutputName, string>,
  published: PublishedFiles,
  junit: string | undefined,
  workspace: string,
): string {
  const pairs: Array<[string, string]> = [
    ...OUTPUT_NAMES.map((name): [string, string] => [CLI.outputName(name), outputs.get(name) ?? '']),
    ['ARCHIVE', patterns([...published.app, ...published.reports, ...published.certificate], workspace)],
    ['JUNIT', junit === undefined ? '' : patterns([junit], workspace)],
  ];
  return pairs.map(([name, value]) => `${name}=${withoutLineBreaks(value)}\n`).join('');
}
