/** The post step: removes what a run that was killed could not. It never turns a job red or green. */
import * as core from '@actions/core';
import { removeTemporaryFolder, TEMPORARY_FOLDER_STATE, temporaryParent } from './temporary-folder.ts';

async function post(): Promise<void> {
  try {
    const removed = await removeTemporaryFolder(core.getState(TEMPORARY_FOLDER_STATE), temporaryParent(process.env));
    if (removed) core.info('Temporary files of this run are removed.');
  } catch (error) {
    core.warning(`Temporary files could not be removed: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

void post();
