/** The embedded build service as a library: for `fusegate emulator` and for tests. */
export { signRehearsalApp } from './apps/protected-app.ts';
export { type Emulator, type StartOptions, startEmulator } from './emulator.ts';
export { FUSION_SET_IDS } from './fusion-sets/built-in.ts';
export {
  DEFAULT_API_KEY,
  EMULATOR_HELP,
  type EmulatorOptions,
  type ParsedArguments,
  parseEmulatorArguments,
} from './options.ts';
export { runEmulator } from './run.ts';
