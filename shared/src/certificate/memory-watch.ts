/**
 * Watches this process from a second thread, since nothing on the first one runs while the PDF library computes: more memory than a
 * certificate needs ends the process, and so does the end of its parent. V8's own limit covers only its heap.
 */
import { Worker } from 'node:worker_threads';
import { PDF_LIMITS } from './pdf-text-model.ts';

const WATCH = `
  const { parentPort, workerData } = require('node:worker_threads');
  const parent = process.ppid;
  setInterval(() => {
    if (process.memoryUsage.rss() > workerData || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 10);
  parentPort.postMessage('watching');
`;

export const watching = new Promise((resolve) => {
  new Worker(WATCH, { eval: true, workerData: PDF_LIMITS.memory }).once('message', resolve);
});
