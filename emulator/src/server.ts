/** Entry of emulator/dist/server.cjs. */
import { runEmulator } from './run.ts';

void runEmulator(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
