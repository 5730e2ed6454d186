/** multipart/form-data bodies, streamed, with their exact length. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import FormData from 'form-data';
import { FusegateError } from '../errors.ts';
import type { OpenedBody } from './call.ts';

export type Part =
  | { name: string; value: string }
  /** A file from disk. Only its base name is sent: the Python client sends local paths (appdome-api.md §1.8). */
  | { name: string; file: string; contentType?: string };

/**
 * Opens the parts as one body. Files are read again for every attempt.
 * @throws FusegateError `usage.invalid` when a file cannot be read
 */
export async function openMultipart(parts: readonly Part[]): Promise<OpenedBody> {
  const form = new FormData();
  const streams: Array<ReturnType<typeof createReadStream>> = [];
  let failure: FusegateError | undefined;
  // A file that fails before the request listens would otherwise be an uncaught error; the request sees the body end.
  form.on('error', () => {});
  const close = () => {
    for (const stream of streams) stream.destroy();
  };
  try {
    for (const part of parts) {
      if ('value' in part) {
        form.append(part.name, part.value);
        continue;
      }
      const { size } = await stat(part.file).catch((cause) => {
        throw unreadable(part.file, 'cannot be read', cause);
      });
      if (size === 0) throw unreadable(part.file, 'is empty');
      // The end is fixed, so that a file that grows cannot make the body longer than its Content-Length.
      const stream = createReadStream(part.file, { start: 0, end: size - 1 });
      stream.once('error', (cause) => {
        failure ??= unreadable(part.file, 'cannot be read', cause);
      });
      streams.push(stream);
      form.append(part.name, stream, {
        filename: path.basename(part.file),
        knownLength: size,
        ...(part.contentType === undefined ? {} : { contentType: part.contentType }),
      });
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    data: form as unknown as OpenedBody['data'],
    headers: { ...form.getHeaders(), 'Content-Length': String(form.getLengthSync()) },
    close,
    failure: () => failure,
  };
}

function unreadable(file: string, problem: string, cause?: unknown): FusegateError {
  return new FusegateError('usage.invalid', `The file ${path.basename(file)} ${problem}.`, {
    hint: 'Check that it is the right file and that this user may read it.',
    ...(cause === undefined ? {} : { cause }),
  });
}
