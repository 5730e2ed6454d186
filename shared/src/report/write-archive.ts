import type { OutputFolder } from '../pipeline/output-folder.ts';
import type { JudgedArchive } from '../policy/archive.ts';
import { type ArchivePageOptions, archiveData, renderArchivePage } from './archive-page.ts';

/** @throws FusegateError output.unwritable */
export async function writeArchive(
  folder: OutputFolder,
  archive: JudgedArchive,
  options: ArchivePageOptions,
): Promise<void> {
  await folder.write('fusegate-archive.md', renderArchivePage(archive, options));
  await folder.write('fusegate-archive.json', `${JSON.stringify(archiveData(archive), null, 2)}\n`);
}
