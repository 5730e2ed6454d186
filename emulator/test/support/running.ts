import { afterEach } from 'vitest';
import { type Emulator, type StartOptions, startEmulator } from '../../src/emulator.ts';
import { Session } from './session.ts';

/** Starts emulators that take no time, and closes them after each test. */
export function emulators(): (options?: StartOptions, team?: string) => Promise<Session & { emulator: Emulator }> {
  const running: Emulator[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((emulator) => emulator.close()));
  });
  return async (options = {}, team) => {
    const emulator = await startEmulator({ timeScale: 0, ...options });
    running.push(emulator);
    return Object.assign(new Session(emulator.url, team), { emulator });
  };
}
