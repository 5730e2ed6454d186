/**
 * What the emulator takes for true about the service, one fact a row, with the test that holds it. docs/fidelity.md is made of these
 * rows; its generator fails when a row names a test that is not there, and fidelity.test.ts when an endpoint has no row.
 */

/**
 * How sure we are: the marks of appdome-api.md §0.1, and `synthetic` for what this project made up because the facts are unknown.
 *
 * - `V` verified in the source of an official client, `R` on a real certificate, `T` in the vendor's own tests
 * - `D` documented by the vendor, `D3` by somebody else
 * - `I` inferred
 */
export type Confidence = 'V' | 'R' | 'T' | 'D' | 'D3' | 'I' | 'synthetic';

export interface FidelityRow {
  /** One sentence. */
  fact: string;
  confidence: Confidence[];
  /** Sections of appdome-api.md, e.g. `3.12`. */
  source: string[];
  /** The endpoint that it is about: method and path below /api/v1, as in the emulator's routes. */
  route?: string;
  /** `file > describe > it`, titles as they are written in the file. */
  tests: string[];
  /** Why there is no test; `tests` may be empty only then. */
  notHeld?: string;
}

export interface FidelityChapter {
  title: string;
  rows: FidelityRow[];
}

/** Names tests of a file. */
export function testsOf(file: string): (...titles: string[]) => string[] {
  return (...titles) => titles.map((title) => `${file} > ${title}`);
}

export const endpoints = testsOf('emulator/test/http/endpoints.test.ts');
export const flow = testsOf('emulator/test/http/flow.test.ts');
export const strict = testsOf('emulator/test/http/strictness.test.ts');
export const official = testsOf('emulator/test/official/official-clients.test.ts');

const MODES = ['the official Python client > %s', 'the official bash client > %s'];

/** Both official clients in all their modes. */
export const allModes = official(...MODES);
