/** What the parts of the benchmark measure with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export const BENCH_KEY = 'bench-key';

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * @param {string} dir
 * @param {string} timeScale
 * @returns {Promise<{ url: string, stop(): Promise<unknown> }>}
 */
export function startService(dir, timeScale) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['emulator/dist/server.cjs', '--port', '0', '--data-dir', dir, '--time-scale', timeScale],
      {
        env: { ...process.env, FUSEGATE_EMULATOR_API_KEY: BENCH_KEY },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    child.stdout.on('data', (chunk) => {
      const url = /listening on (\S+)/.exec(String(chunk))?.[1];
      if (url)
        resolve({
          url,
          stop: () => {
            const ended = once(child, 'exit');
            child.kill('SIGTERM');
            return ended;
          },
        });
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

/** Bytes, as print-usage.cjs wrote them. @param {string} usageFile */
export function peakRssIn(usageFile) {
  return /** @type {number} */ (JSON.parse(readFileSync(usageFile, 'utf8')).maxRssBytes);
}
