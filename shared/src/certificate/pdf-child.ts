/**
 * The process that reads PDFs, for pdf-apart.ts: says that it is ready, then answers each file with what it shows.
 *
 * V8's limit covers only its own heap. A second thread watches everything else too, since nothing on the first one runs while the library
 * computes. It also ends the process when its parent is gone.
 */
import { Worker } from 'node:worker_threads';
import { readContents } from './pdf-contents.ts';
import { PDF_LIMITS } from './pdf-text-model.ts';

const WATCH = `
  const { parentPort, workerData } = require('node:worker_threads');
  const parent = process.ppid;
  setInterval(() => {
    if (process.memoryUsage.rss() > workerData || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 10);
  parentPort.postMessage('watching');
`;

const send = (message: unknown) => process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('message', async (bytes: Uint8Array) => send(await readContents(bytes)));
// What the library leaves behind says nothing about the answer.
process.on('unhandledRejection', () => {});
new Worker(WATCH, { eval: true, workerData: PDF_LIMITS.memory }).once('message', () => send('ready'));
