import { tool } from '../tool.mjs';

/** Formats what the formatter owns and applies its safe fixes. */
export function main() {
  return tool('biome', ['check', '--write', '.']);
}
