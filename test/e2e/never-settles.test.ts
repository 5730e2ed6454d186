/** A promise that nothing settles: Node then ends the process by itself, and with 0. No entry may be green that way. */
import { expect, it } from 'vitest';
import { PROGRAMS, startProgram } from '../adapters/support/every-program.ts';
import { preloadWithoutFiles } from '../adapters/support/preload.ts';

it.each(PROGRAMS)('$outfile is red when its run never ends', async (program) => {
  const end = await startProgram(program, ['--require', preloadWithoutFiles()]);
  expect([end.exit, end.signal]).toEqual([8, null]);
});
