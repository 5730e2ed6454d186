/** Node's `--require` for a program whose files never answer: what happens while it waits is up to the test. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../e2e/support/cli.ts';

/** @param meanwhile statements that run whenever a file is asked for */
export function preloadWithoutFiles(meanwhile = ''): string {
  const file = path.join(temporaryFolder(), 'preload.cjs');
  writeFileSync(
    file,
    `
const files = require('node:fs/promises');
for (const name of ['stat', 'open', 'readFile']) files[name] = () => new Promise(() => { ${meanwhile} });
`,
  );
  return file;
}

const KEY = 'canary-key-0123456789';

/** Ways for an error to come from nowhere in particular; it carries the key, as one of a failed request does. */
export const UNCAUGHT = {
  key: KEY,
  ways: [
    ['is thrown', `setImmediate(() => { throw ${failure()}; }); setTimeout(() => {}, 60000);`],
    ['rejects', `Promise.reject(${failure()}); setTimeout(() => {}, 60000);`],
  ] as Array<[string, string]>,
};

function failure(): string {
  return `Object.assign(new Error('Request failed with ${KEY}'), { code: 'ERR_BAD_REQUEST', config: { headers: { Authorization: '${KEY}' } } })`;
}
