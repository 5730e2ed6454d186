import { startEmulator } from './emulator.ts';
import { EMULATOR_HELP, parseEmulatorArguments } from './options.ts';

/**
 * The whole command: parse, start, serve until SIGINT or SIGTERM. For the emulator's own entry and `fusegate emulator`.
 * @returns the exit code: 0 after a signal or `--help`, 2 for bad options or when it cannot start
 */
export async function runEmulator(argv: string[], env: NodeJS.ProcessEnv = process.env): Promise<0 | 2> {
  const parsed = parseEmulatorArguments(argv, env);
  if (parsed.kind === 'help') {
    process.stdout.write(EMULATOR_HELP);
    return 0;
  }
  if (parsed.kind === 'problems') {
    process.stderr.write(`${parsed.problems.join('\n')}\nTry --help.\n`);
    return 2;
  }
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    const emulator = await startEmulator(parsed.options);
    process.stdout.write(`listening on ${emulator.url}\n`);
    await stopped;
    await emulator.close();
    return 0;
  } catch (error) {
    process.stderr.write(`The emulator cannot run: ${(error as Error).message}\n`);
    return 2;
  }
}
