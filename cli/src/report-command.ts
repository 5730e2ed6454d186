import path from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode } from '@fusegate/shared/model/errors';
import { readCiContext } from '@fusegate/shared/options/ci-context';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { CommandIo } from './command-io.ts';
import { REPORT_HELP } from './help.ts';
import { JOINED, RESULTS } from './plan/fleet-format.ts';
import { refuseOptions } from './usage-report.ts';

const OPTIONS = {
  fleet: { type: 'string' },
  'output-dir': { type: 'string' },
  detail: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Given {
  files: string[];
  fleet?: string | undefined;
  outputDir: string;
  detail: 'full' | 'counts';
}

/**
 * `fusegate report`: results of many apps as one verdict, one page and one JUnit file.
 * @returns the process exit: 0 only where there are results and every one is a pass
 */
export async function reportCommand(words: readonly string[], io: CommandIo): Promise<number> {
  const given = readArguments(words, io.cwd);
  if (given === 'help') {
    io.stdout.write(`${REPORT_HELP}\n`);
    return EXIT.pass;
  }
  if ('problems' in given) return refuse(given.problems, io);
  const { files: patterns, fleet, outputDir, detail } = given;
  const [{ clearJoined, findResults, joinResults, writeJoined }, { joinedLines }] = await Promise.all([
    import('@fusegate/shared/jobs/fleet/join-results'),
    import('@fusegate/shared/report/joined-lines'),
  ]);
  const cleared = await clearJoined(outputDir).then(() => undefined, unwritable(outputDir));
  const found = await findResults(patterns, { cwd: io.cwd, outputDir, needed: fleet === undefined });
  const planned = fleet === undefined ? undefined : await expectedOf(fleet, io.cwd);
  const problems = [
    ...(cleared === undefined ? [] : [cleared]),
    ...found.problems,
    ...(planned !== undefined && 'problems' in planned ? planned.problems : []),
  ];
  if (problems.length > 0 || (planned !== undefined && 'problems' in planned)) return refuse(problems, io);
  const { runId: _runId, ...ci } = readCiContext(io.environment);
  const joined = await joinResults(found.files, {
    cwd: io.cwd,
    ci,
    now: io.clock.now(),
    ...(planned === undefined ? {} : { expected: planned.expected }),
  });
  let page: string;
  try {
    page = await writeJoined(outputDir, joined, { detail });
  } catch (error) {
    return refuse([unwritable(outputDir)(error)], io);
  }
  const { result } = joined;
  for (const line of joinedLines(result, { detail })) io.stdout.write(`${line}\n`);
  io.stdout.write(`report: ${plainLine(page)}\nverdict: ${result.verdict}\n`);
  return result.exitCode;
}

function readArguments(words: readonly string[], cwd: string): Given | { problems: InputProblem[] } | 'help' {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: OPTIONS,
      allowPositionals: true,
      strict: true,
    });
    if (values.help) return 'help';
    const { detail = 'full' } = values;
    if (detail !== 'full' && detail !== 'counts') {
      const message = 'is not one of its values';
      return { problems: [problem('--detail', message, { value: shownValue(detail), allowed: 'full, counts' })] };
    }
    return {
      files: positionals.length > 0 ? positionals : [RESULTS],
      fleet: values.fleet,
      outputDir: path.resolve(cwd, values['output-dir'] ?? JOINED),
      detail,
    };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    return { problems: [problem('report', plainLine(message), { allowed: 'see fusegate report --help' })] };
  }
}

async function expectedOf(fleet: string, cwd: string) {
  const { loadFleet } = await import('@fusegate/shared/intake/fleet/load-fleet');
  const { file, entries, problems } = await loadFleet(fleet, '--fleet', cwd, 'patterns');
  if (file === undefined || problems.length > 0) return { problems };
  return { expected: { file: file.label, plan: file.plan, apps: new Set(entries.map(({ name }) => name)) } };
}

function unwritable(outputDir: string): (error: unknown) => InputProblem {
  return (error) => {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const allowed = 'a folder that this user may write';
    return problem('--output-dir', `cannot be written (${reason})`, { value: shownValue(outputDir), allowed });
  };
}

function refuse(problems: readonly InputProblem[], io: CommandIo): ExitCode {
  return refuseOptions(problems, io, 'report', 'log');
}
