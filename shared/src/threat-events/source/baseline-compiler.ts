import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from optimising WebAssembly in this process. A grammar has one huge function: to optimise Swift's takes Node 20 and 22 seven to
 * ten seconds of CPU, for which the process waits at its end, and Node 24 runs out of memory and dies. Call it before a grammar is loaded.
 */
export function useBaselineCompiler(): void {
  // One flag would imply the others only on the command line.
  for (const flag of ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up', '--liftoff-only']) setFlagsFromString(flag);
}
