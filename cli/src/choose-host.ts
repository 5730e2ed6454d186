import { jobLogOf, NOTHING_KNOWN } from '@fusegate/shared/options/job-logs';
import { CiHost, type CliHost } from './ci-host.ts';
import type { CommandIo } from './command-io.ts';
import { runProgram } from './job-place.ts';
import { TerminalHost } from './terminal-host.ts';

/**
 * Live progress only on an interactive terminal that can redraw; plain lines everywhere else. In a CI job they come with what its system can
 * show, unless `ci` says that it is none.
 */
export function chooseHost(io: CommandIo, { ci, verbose }: { ci: boolean; verbose: boolean }): CliHost {
  const { stdout, environment, clock, cwd } = io;
  const live = stdout.isTTY === true && !ci && environment.TERM !== 'dumb';
  if (live) return new TerminalHost({ stdout, verbose, clock, color: !environment.NO_COLOR });
  const log = ci ? jobLogOf(environment) : NOTHING_KNOWN;
  const around = { log, environment, cwd, now: () => clock.now(), run: io.runProgram ?? runProgram };
  return new CiHost({ stdout, verbose, around });
}
