/** The process that reads PDFs, for pdf-apart.ts: says that it is ready, then answers each file with what it shows. */
// Comes first, so that the second thread starts while the library is loaded.
import { watching } from './memory-watch.ts';
import { readContents } from './pdf-contents.ts';
import { WARM_UP } from './pdf-text-model.ts';
import { WARM_UP_READINGS, warmUpDocument } from './pdf-warm-up.ts';

const send = (message: unknown) => process.send?.(message);

let files = 0;
let practice = Promise.resolve();

process.on('disconnect', () => process.exit());
process.on('message', async (message: Uint8Array | typeof WARM_UP) => {
  if (message === WARM_UP) {
    practice = warmUp();
    return;
  }
  files += 1;
  // The library empties caches of the whole process when a document ends.
  await practice;
  send(await readContents(message));
});
// What the library leaves behind says nothing about the answer.
process.on('unhandledRejection', () => {});
void watching.then(() => send('ready'));

/** Not once a file is there. */
async function warmUp(): Promise<void> {
  const document = warmUpDocument();
  for (let readings = 0; readings < WARM_UP_READINGS && files === 0; readings += 1) await readContents(document);
}
