import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the size it has, so that the pieces of a transfer are collected after a few of them. Otherwise it grows, and
 * 15 to 20 MiB of pieces that were sent or written long ago lie there.
 * @returns lets it grow again
 */
export function keepYoungGenerationSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // V8's default.
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
