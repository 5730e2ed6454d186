import { systemOfJob } from '@fusegate/shared/options/ci-context';
import { CiHost, type CliHost } from './ci-host.ts';
import type { CommandIo } from './command-io.ts';
import { TerminalHost } from './terminal-host.ts';

/** Live progress only on an interactive terminal that can redraw; plain lines everywhere else. */
export function chooseHost(io: CommandIo, { ci, verbose }: { ci: boolean; verbose: boolean }): CliHost {
  const { stdout, environment, clock } = io;
  const live = stdout.isTTY === true && !ci && environment.TERM !== 'dumb';
  if (!live) return new CiHost({ stdout, verbose, logGroup: systemOfJob(environment)?.logGroup });
  return new TerminalHost({ stdout, verbose, clock, color: !environment.NO_COLOR });
}
