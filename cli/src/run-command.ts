import { parseArguments } from '@fusegate/shared/adapter/arguments';
import { commandHelp } from '@fusegate/shared/adapter/job-help';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Mode } from '@fusegate/shared/model/run-request';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { chooseHost } from './choose-host.ts';
import { logOfRefusal } from './choose-log.ts';
import type { CliHost } from './ci-host.ts';
import type { CommandIo } from './command-io.ts';
import { ErrorHost } from './error-host.ts';
import { refusalLines } from './refusal-lines.ts';
import { helpOf } from './usage-report.ts';

/**
 * `fusegate run`, `gate`, `validate` and `verify`.
 * @returns the process exit
 */
export async function runJobCommand(mode: Mode, words: readonly string[], io: CommandIo): Promise<number> {
  const { raw, help } = parseArguments(words, mode);
  if (help) {
    io.stdout.write(`${commandHelp(mode)}\n`);
    return 0;
  }
  let chosen: CliHost | undefined;
  const { exitCode, result, request, refused } = await runAdapter(
    raw,
    new ErrorHost(io.stderr, words.includes('--verbose')),
    {
      system: CLI,
      environment: io.environment,
      cwd: io.cwd,
      clock: io.clock,
      random: io.random,
      signal: io.signal,
      furtherHelp: helpOf(mode),
      hostOf: (request) => {
        chosen = chooseHost(io, request);
        return chosen;
      },
    },
  );
  if (refused) {
    const lines = refusalLines(logOfRefusal(raw, io.environment), { exitCode, refused });
    for (const line of lines) io.stdout.write(`${line}\n`);
  }
  // Without a host there was no job, and standard error says why.
  if (chosen === undefined || result === undefined) return exitCode;
  const handedOver = chosen.handOver(request?.output.publish ?? []);
  const resultFile = chosen.outputs.get('result');
  if (resultFile) io.stdout.write(`result: ${resultFile}\n`);
  // People read the last lines first, and this is the page to open.
  const report = chosen.outputs.get('report-html');
  if (report) io.stdout.write(`report: ${report}\n`);
  io.stdout.write(`verdict: ${result.verdict}\n`);
  // A later step would read the outputs, or deploy the file, of another run.
  return exitCode === EXIT.pass && !handedOver ? EXIT.usage : exitCode;
}
