import { commandHelp, isJobCommand } from '@fusegate/shared/adapter/job-help';
import { EXIT } from '@fusegate/shared/model/errors';
import { VERSION } from '@fusegate/shared/model/version';
import { shownValue } from '@fusegate/shared/options/problem';
import { nearestNames } from '@fusegate/shared/text/nearest-name';
import type { CommandIo } from './command-io.ts';
import { COMMANDS, EXPLAIN_HELP, FEATURES_HELP, LATER_COMMANDS, overviewHelp, POLICY_HELP } from './help.ts';
import { reportUnexpected } from './run-command.ts';

type Command = (words: readonly string[], io: CommandIo) => Promise<number>;

/** Each is loaded when it is called: `features` needs no pipeline, and nothing else needs the emulator. */
const COMMAND_OF: Record<string, Command> = {
  run: async (words, io) => (await import('./run-command.ts')).runJob('run', words, io),
  gate: async (words, io) => (await import('./run-command.ts')).runJob('gate', words, io),
  validate: async (words, io) => (await import('./run-command.ts')).runJob('validate', words, io),
  verify: async (words, io) => (await import('./run-command.ts')).runJob('verify', words, io),
  features: async (words, io) => (await import('./features-command.ts')).listFeatures(words, io),
  explain: async (words, io) => (await import('./explain-command.ts')).explainCertificates(words, io),
  policy: async (words, io) => (await import('./policy-command.ts')).policyCommand(words, io),
  emulator: async (words, io) => (await import('./emulator-command.ts')).serveEmulator(words, io),
};

async function helpFor(command: string | undefined, io: CommandIo): Promise<number> {
  if (isJobCommand(command)) io.stdout.write(`${commandHelp(command)}\n`);
  else if (command === 'features') io.stdout.write(`${FEATURES_HELP}\n`);
  else if (command === 'explain') io.stdout.write(`${EXPLAIN_HELP}\n`);
  else if (command === 'policy') io.stdout.write(`${POLICY_HELP}\n`);
  else if (command === 'emulator') return (await COMMAND_OF.emulator?.(['--help'], io)) ?? EXIT.usage;
  else if (command === undefined) io.stdout.write(`${overviewHelp(VERSION)}\n`);
  else return unknownCommand(command, io);
  return EXIT.pass;
}

function unknownCommand(word: string, io: CommandIo): number {
  const names = COMMANDS.map(({ name }) => name);
  if ((LATER_COMMANDS as readonly string[]).includes(word)) {
    io.stderr.write(`error: the command ${word} is not available in this version yet (${names.join(', ')}).\n`);
    return EXIT.usage;
  }
  const [near] = nearestNames(word, [...names, ...LATER_COMMANDS, 'help']);
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
