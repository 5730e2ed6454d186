import { spawn } from 'node:child_process';
import path from 'node:path';

/** Tests that end with a line of figures, and how it begins. */
const TESTS = [
  { file: 'test/faults/fault-matrix.test.ts', lines: ['fault runs'] },
  { file: 'test/faults/outages.test.ts', lines: ['outages'] },
  { file: 'test/faults/soak.test.ts', lines: ['soak'] },
  { file: 'test/faults/interrupted.test.ts', lines: ['resumed', 'cancelled'] },
  { file: 'test/e2e/resume-points.test.ts', lines: ['resume points'] },
];

/**
 * What the proofs of reliability say, each in full and alone on the machine.
 * @returns {AsyncGenerator<{ text: string, held: boolean }>}
 */
export async function* reliabilityFigures() {
  for (const { file, lines } of TESTS) {
    const { status, printed } = await vitest(file);
    if (status !== 0) console.error(printed);
    for (const line of lines) {
      const text = printed.split('\n').find((each) => each.startsWith(`${line}: `));
      yield { text: text ?? `${line}: ${file} did not say`, held: status === 0 && text !== undefined };
    }
  }
}

/**
 * @param {string} file
 * @returns {Promise<{ status: number | null, printed: string }>}
 */
function vitest(file) {
  return new Promise((resolve, reject) => {
    const program = path.resolve('node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [program, 'run', '--project', 'end-to-end', file], {
      env: { ...process.env, FUSEGATE_FAULT_RUNS: 'all', FUSEGATE_SOAK: 'all', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, printed }));
  });
}
