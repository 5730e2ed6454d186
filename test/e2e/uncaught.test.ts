/** An error that nothing catches: Node prints it with everything in it, of a request that failed the key that was sent. */
import { describe, expect, it } from 'vitest';
import { PROGRAMS, startProgram } from '../adapters/support/every-program.ts';
import { preloadWithoutFiles, UNCAUGHT } from '../adapters/support/preload.ts';

describe.each(UNCAUGHT.ways)('an error that nothing catches, which %s', (_, meanwhile) => {
  it.each(PROGRAMS)('in $outfile is red and tells its code alone', async (program) => {
    const end = await startProgram(program, ['--require', preloadWithoutFiles(meanwhile)]);
    expect(end.exit, end.stdout + end.stderr).toBe(8);
    expect(end.stdout + end.stderr).toContain('Fusegate stopped unexpectedly: ERR_BAD_REQUEST');
    expect(end.stdout + end.stderr).not.toContain(UNCAUGHT.key);
  });
});
