/** Every bundle that can run a job, as a process: what holds for all of them needs no adapter's own way to start one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLUGINS } from '@fusegate/shared/options/systems';
import { PROGRAMS } from '../../../scripts/packages.mjs';
import { temporaryFolder } from '../../e2e/support/cli.ts';
import { type ChildEnd, ROOT, runChild } from './child-process.ts';

export { PROGRAMS };

/** Starts a job on an app, in a folder of its own. The variables are the same everywhere: ours, and the sign of the system. */
export function startProgram(
  program: (typeof PROGRAMS)[number],
  nodeOptions: readonly string[] = [],
): Promise<ChildEnd> {
  const dir = temporaryFolder();
  const cwd = path.join(dir, 'work');
  mkdirSync(cwd);
  const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => {
    writeFileSync(path.join(dir, name), '');
    return [name, path.join(dir, name)];
  });
  const sign = PLUGINS.find(({ plugin }) => plugin === program.package)?.job?.sign;
  const words = [...nodeOptions, path.join(ROOT, program.outfile), ...(program.arguments ?? [])];
  return runChild(process.execPath, words, {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...Object.fromEntries(files),
      RUNNER_TEMP: dir,
      AGENT_TEMPDIRECTORY: dir,
      AGENT_WORKFOLDER: dir,
      FUSEGATE_APP: 'x.apk',
      ...(sign === undefined ? {} : { [sign]: 'true' }),
    },
  });
}
