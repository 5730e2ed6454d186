import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OUTPUT_KINDS } from '@fusegate/shared/files/file-names';
import type { PublishedKind } from '@fusegate/shared/model/run-request';

const HEAD = '# Written by Fusegate: what a publish of this folder leaves out. The input `publish` chooses.\n';

/** What PublishPipelineArtifact leaves out of the output folder, as patterns of .artifactignore. */
export function artifactIgnore(publish: readonly PublishedKind[]): string {
  const lines = ['**/rejected/**', '**/private/**'];
  if (publish.includes('certificate')) lines.push('!**/private/certificate.pdf', '!**/private/certificate.json');
  if (!publish.includes('reports')) lines.push('**/fusegate*');
  if (!publish.includes('app')) lines.push(...OUTPUT_KINDS.map((kind) => `**/*.${kind}`));
  return `${HEAD}${lines.join('\n')}\n`;
}

/** Beside the output folders, where `PublishPipelineArtifact` of that folder looks for it (learn.microsoft.com, ".artifactignore"). */
export async function writeArtifactIgnore(base: string, publish: readonly PublishedKind[]): Promise<void> {
  const dir = path.join(base, 'fusegate-output');
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, '.artifactignore'), artifactIgnore(publish));
}
