import type { RunRequest } from '@fusegate/shared/model/run-request';
import { chooseLog } from './choose-log.ts';
import { CiHost, type CliHost } from './ci-host.ts';
import type { CommandIo } from './command-io.ts';
import { runProgram } from './job-place.ts';
import { TerminalHost } from './terminal-host.ts';

type LogRequest = Pick<RunRequest, 'ci' | 'ciSystem' | 'verbose'>;

/**
 * Live progress only on an interactive terminal that can redraw; plain lines everywhere else. In a CI job they come with what its system can
 * show, unless `ci` says that it is none, or names another.
 */
export function chooseHost(io: CommandIo, request: LogRequest): CliHost {
  const { ci, verbose } = request;
  const { stdout, environment, clock, cwd } = io;
  const live = stdout.isTTY === true && !ci && environment.TERM !== 'dumb';
  if (live) return new TerminalHost({ stdout, verbose, clock, color: !environment.NO_COLOR });
  const log = chooseLog(environment, request);
  const around = { log, environment, cwd, now: () => clock.now(), run: io.runProgram ?? runProgram };
  return new CiHost({ stdout, verbose, around });
}
