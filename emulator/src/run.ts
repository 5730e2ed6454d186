import { writeSampleApp } from './apps/sample/sample-app.ts';
import { startEmulator } from './emulator.ts';
import { EMULATOR_HELP, parseEmulatorArguments } from './options.ts';
import { readyLines } from './ready-lines.ts';

/**
 * The whole command: parse, start, serve until SIGINT or SIGTERM. For the emulator's own entry and `fusegate emulator`.
 * @returns the exit code: 0 after a signal or `--help`, 2 for bad options or if it cannot start
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
    try {
      const secret = env.FUSEGATE_EMULATOR_API_KEY === emulator.apiKey;
      const lines = readyLines({
        url: emulator.url,
        apiKey: secret ? undefined : emulator.apiKey,
        program: process.argv[1],
        app: await writeSampleApp(emulator.dataDir),
        platform: process.platform,
      });
      process.stdout.write(`${lines.join('\n')}\n`);
      await stopped;
    } finally {
      await emulator.close();
    }
    return 0;
  } catch (error) {
    process.stderr.write(`The emulator cannot run: ${(error as Error).message}\n`);
    return 2;
  }
}
