import type { Environment } from '@fusegate/shared/model/host';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { ciOf } from '@fusegate/shared/options/choices';
import { candidatesOf, type RawInputs } from '@fusegate/shared/options/input-candidates';
import type { JobLog } from '@fusegate/shared/options/job-log';
import { jobLogOf, NOTHING_KNOWN } from '@fusegate/shared/options/job-logs';
import { parseValue } from '@fusegate/shared/options/parse-value';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { optionById } from '@fusegate/shared/options/table';
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

function chooseLog(environment: Environment, { ci, ciSystem }: Pick<RunRequest, 'ci' | 'ciSystem'>): JobLog {
  return ci ? jobLogOf(environment, ciSystem) : NOTHING_KNOWN;
}

/** For a run that never began: the system that the environment tells, unless `ci` was given and can be read on its own. */
export function logOfRefusal(raw: RawInputs, environment: Environment): JobLog {
  const given = candidatesOf('ci', raw, environment, CLI).find(({ text }) => text.trim() !== '');
  const parsed = given && parseValue(optionById('ci'), given.text, CLI);
  return chooseLog(environment, ciOf(parsed?.ok ? String(parsed.value) : 'true'));
}
