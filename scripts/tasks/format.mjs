import { tool } from '../tool.mjs';

/** Formats the code and applies safe fixes. */
export function main() {
  return tool('biome', ['check', '--write', '.']);
}
