import { parse } from 'yaml';

const parsed = new Map<string, unknown>();

/** A manifest in YAML. Every run of a step reads its own again, and to parse it takes much longer than to copy what was in it. */
export function parseManifest(text: string): unknown {
  if (!parsed.has(text)) parsed.set(text, parse(text));
  return structuredClone(parsed.get(text));
}
