/** The process that reads PDFs, for pdf-apart.ts: says that it is ready, then answers each file with what it shows. */
// Comes first, so that the second thread starts while the library is loaded.
import { watching } from './memory-watch.ts';
import { readContents } from './pdf-contents.ts';

const send = (message: unknown) => process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('message', async (bytes: Uint8Array) => send(await readContents(bytes)));
// What the library leaves behind says nothing about the answer.
process.on('unhandledRejection', () => {});
void watching.then(() => send('ready'));
