/** The emulator's command line, for its own entry and for `fusegate emulator`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { JSON_SHAPES, type JsonShape } from './certificate/model.ts';
import { type FaultInstruction, parseFaults } from './faults/instruction.ts';

/** The default key. Not a secret: it only opens a rehearsal on loopback. */
export const DEFAULT_API_KEY = 'rehearsal-key';

export interface EmulatorOptions {
  /** 0 = any free one. */
  port: number;
  /** Absent = a temporary folder that is removed at the end. */
  dataDir?: string | undefined;
  apiKey: string;
  /** Multiplies all times of the service. */
  timeScale: number;
  shape: JsonShape;
  faults: FaultInstruction[];
  /** Outputs redirect to another origin. */
  redirectOutputs: boolean;
}

export type ParsedArguments =
  | { kind: 'help' }
  | { kind: 'problems'; problems: string[] }
  | { kind: 'start'; options: EmulatorOptions };

const FLAGS = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'api-key': { type: 'string' },
  'time-scale': { type: 'string' },
  shape: { type: 'string' },
  faults: { type: 'string' },
  'redirect-outputs': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const EMULATOR_HELP = `The embedded build service, for rehearsals and tests: speaks the public build protocol on 127.0.0.1.
Nothing it answers is real: apps are not protected, certificates are synthetic, every answer carries X-Fusegate-Emulator.

Options
  --port N              port, 0 for any free one (default 0)
  --data-dir DIR        where uploads and state are kept, and found again after a restart
                        (default: a temporary folder, removed at the end)
  --api-key KEY         the key that clients must send (default ${DEFAULT_API_KEY}). Arguments are visible in the
                        process list: for a key that matters set FUSEGATE_EMULATOR_API_KEY instead
  --time-scale F        multiplies all times of the service: 0.01 is a hundred times faster (default 1)
  --shape S             feature block of the certificate JSON: ${JSON_SHAPES.join(', ')} (default A)
  --faults FILE         JSON list of fault instructions (see the README)
  --redirect-outputs    outputs answer 302 to a second origin that refuses the API key
  -h, --help            this text

Prints "listening on http://127.0.0.1:PORT" when it is ready, then the API key, the Fusion Sets and lines to paste.
SIGINT and SIGTERM end it with 0; bad options with 2.
`;

/**
 * Reads the command line; a fault file is read and checked as well.
 * @param env for FUSEGATE_EMULATOR_API_KEY
 * @returns every problem at once, each naming flag and value
 */
export function parseEmulatorArguments(argv: string[], env: NodeJS.ProcessEnv = process.env): ParsedArguments {
  const { tokens } = parseArgs({ args: argv, options: FLAGS, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: unexpected argument`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(FLAGS, token.name)) {
      problems.push(`${token.rawName}: unknown option`);
    } else if (FLAGS[token.name as keyof typeof FLAGS].type === 'boolean') {
      if (token.value !== undefined) problems.push(`${token.rawName}: takes no value`);
      values.set(token.name, 'true');
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
      problems.push(`${token.rawName}: needs a value`);
    } else {
      values.set(token.name, token.value);
    }
  }
  if (values.has('help')) return { kind: 'help' };
  const port = parseNumber(values, 'port', '0', (value) => Number.isInteger(value) && value <= 65_535, problems);
  const timeScale = parseNumber(values, 'time-scale', '1', (value) => value <= 1000, problems);
  const apiKey = values.get('api-key') ?? env.FUSEGATE_EMULATOR_API_KEY ?? DEFAULT_API_KEY;
  if (apiKey.trim() === '') problems.push('--api-key: must not be empty');
  const dataDir = values.get('data-dir');
  if (dataDir === '') problems.push('--data-dir: must not be empty');
  const options: EmulatorOptions = {
    port,
    dataDir,
    apiKey,
    timeScale,
    shape: parseShape(values.get('shape') ?? 'A', problems),
    faults: readFaults(values.get('faults'), problems),
    redirectOutputs: values.has('redirect-outputs'),
  };
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'start', options };
}

function parseNumber(
  values: Map<string, string>,
  name: string,
  byDefault: string,
  allowed: (value: number) => boolean,
  problems: string[],
): number {
  const text = values.get(name) ?? byDefault;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || !allowed(value)) problems.push(`--${name}: ${text} is not allowed`);
  return value;
}

function parseShape(text: string, problems: string[]): JsonShape {
  const shape = JSON_SHAPES.find((known) => known === text);
  if (shape === undefined) problems.push(`--shape: ${text} is not one of ${JSON_SHAPES.join(', ')}`);
  return shape ?? 'A';
}

function readFaults(path: string | undefined, problems: string[]): FaultInstruction[] {
  if (path === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`--faults: ${path}: ${(error as Error).message}`);
    return [];
  }
  const parsed = parseFaults(value);
  if ('faults' in parsed) return parsed.faults;
  problems.push(...parsed.problems.map((problem) => `--faults: ${path}: ${problem}`));
  return [];
}
