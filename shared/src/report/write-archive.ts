import type { OutputFolder } from '../files/output-folder.ts';
import { ARCHIVE_FILES } from '../files/output-paths.ts';
import type { JudgedArchive } from '../policy/rules/archive.ts';
import { type ArchivePageOptions, archiveData, renderArchivePage } from './archive-page.ts';

/** @throws FusegateError output.unwritable */
export async function writeArchive(
  folder: OutputFolder,
  archive: JudgedArchive,
  options: ArchivePageOptions,
): Promise<void> {
  const [page, data] = ARCHIVE_FILES;
  await folder.write(page, renderArchivePage(archive, options));
  await folder.write(data, `${JSON.stringify(archiveData(archive), null, 2)}\n`);
}
