import type { CommandIo } from './command-io.ts';

/**
 * `fusegate emulator`: the embedded build service until SIGINT or SIGTERM. It reads its own options and writes to the process, because it
 * is the same command as `server.cjs`.
 * @returns the process exit
 */
export async function serveEmulator(words: readonly string[], io: CommandIo): Promise<number> {
  const { runEmulator } = await import('@fusegate/emulator');
  return runEmulator([...words], io.environment as NodeJS.ProcessEnv);
}
