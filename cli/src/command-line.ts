import { commandHelp, isJobCommand } from '@fusegate/shared/adapter/job-help';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Mode } from '@fusegate/shared/model/run-request';
import { VERSION } from '@fusegate/shared/model/version';
import { shownValue } from '@fusegate/shared/options/problem';
import { nearestNames } from '@fusegate/shared/text/nearest-name';
import type { Command, CommandIo } from './command-io.ts';
import {
  COMMANDS,
  EXPLAIN_HELP,
  FEATURES_HELP,
  LISTENERS_HELP,
  overviewHelp,
  PLAN_HELP,
  POLICY_HELP,
  REPORT_HELP,
  THREAT_EVENTS_HELP,
} from './help.ts';
import type { OTHER_COMMANDS } from './other-commands.ts';
import { reportUnexpected } from './report-unexpected.ts';

function job(mode: Mode): Command {
  return async (words, io) => (await import('./run-command.ts')).runJobCommand(mode, words, io);
}

function other(name: keyof typeof OTHER_COMMANDS): Command {
  return async (words, io) => (await import('./other-commands.ts')).OTHER_COMMANDS[name](words, io);
}

/** Each is loaded when it is called: `features` needs no pipeline, and nothing else needs the emulator. */
const COMMAND_OF: Record<string, Command> = {
  run: job('run'),
  gate: job('gate'),
  validate: job('validate'),
  verify: job('verify'),
  features: other('features'),
  'threat-events': other('threat-events'),
  listeners: other('listeners'),
  explain: other('explain'),
  policy: other('policy'),
  plan: other('plan'),
  report: other('report'),
  // Until SIGINT or SIGTERM. It reads its own options and writes to the process, because it is the same command as `server.cjs`.
  emulator: async (words, io) =>
    (await import('@fusegate/emulator')).runEmulator([...words], io.environment as NodeJS.ProcessEnv),
};

const HELP: Record<string, string> = {
  features: FEATURES_HELP,
  'threat-events': THREAT_EVENTS_HELP,
  listeners: LISTENERS_HELP,
  explain: EXPLAIN_HELP,
  policy: POLICY_HELP,
  plan: PLAN_HELP,
  report: REPORT_HELP,
};

async function helpFor(command: string | undefined, io: CommandIo): Promise<number> {
  if (command === 'emulator') return (await COMMAND_OF.emulator?.(['--help'], io)) ?? EXIT.usage;
  const own = command === undefined ? overviewHelp(VERSION) : Object.hasOwn(HELP, command) ? HELP[command] : undefined;
  const text = isJobCommand(command) ? commandHelp(command) : own;
  if (text === undefined) return unknownCommand(command ?? '', io);
  io.stdout.write(`${text}\n`);
  return EXIT.pass;
}

function unknownCommand(word: string, io: CommandIo): number {
  const names = COMMANDS.map(({ name }) => name);
  const [near] = nearestNames(word, [...names, 'help']);
  const what = word.startsWith('-')
    ? 'error: the command is missing; it comes before the options'
    : `error: "${shownValue(word)}" is not a command`;
  const advice = near ? `did you mean ${near}?` : names.join(', ');
  io.stderr.write(`${what} (${advice}).\nHelp: fusegate --help\n`);
  return EXIT.usage;
}

/**
 * The whole program except the process itself: main.ts handles signals, streams and exit.
 * @param words what follows the program's name
 * @returns the process exit
 */
export async function runCommandLine(words: readonly string[], io: CommandIo): Promise<number> {
  const [word, ...rest] = words;
  try {
    if (word === undefined) {
      io.stderr.write(`${overviewHelp(VERSION)}\n`);
      return EXIT.usage;
    }
    if (word === '--version' || word === '-V' || word === 'version') {
      io.stdout.write(`fusegate ${VERSION}\n`);
      return EXIT.pass;
    }
    if (word === '--help' || word === '-h') return await helpFor(undefined, io);
    if (word === 'help') return await helpFor(rest[0], io);
    const command = Object.hasOwn(COMMAND_OF, word) ? COMMAND_OF[word] : undefined;
    return command ? await command(rest, io) : unknownCommand(word, io);
  } catch (error) {
    return reportUnexpected(error, io, { verbose: words.includes('--verbose'), mask: (text) => text });
  }
}
