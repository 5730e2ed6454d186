/** multipart/form-data bodies, streamed, with their exact length. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FusegateError } from '../model/errors.ts';
import { oneLine } from '../text/server-text.ts';
import type { OpenedBody } from './call.ts';

export interface MultipartFile {
  /** Name of the part; see `file-parts.ts`. */
  name: string;
  /** Path. Only its base name is sent: the Python client sends local paths (appdome-api.md §1.8). */
  file: string;
  contentType?: string;
}

/** A file that the caller opened, because it watches or hashes the bytes. */
export interface OpenedFilePart {
  name: string;
  body: OpenedBody;
  size: number;
  fileName: string;
}

export type Part = { name: string; value: string } | MultipartFile | OpenedFilePart;

/**
 * Opens the parts as one body. Files are reread for every attempt.
 *
 * Names and file names are quoted as browsers quote them (`"` as %22, line breaks as %0D%0A, the rest as UTF-8), so nothing in them can end
 * the header: html.spec.whatwg.org, "multipart/form-data encoding algorithm".
 * @throws FusegateError `usage.invalid` when a file cannot be read
 */
export async function openMultipart(parts: readonly Part[]): Promise<OpenedBody> {
  const { default: FormData } = await import('form-data');
  const form = new FormData();
  const closers: Array<() => void> = [];
  let failure: FusegateError | undefined;
  let bodyFailure: OpenedBody['failure'];
  // Otherwise a file that fails before the request listens would be an uncaught error. The request sees the body end.
  form.on('error', () => {});
  const close = () => {
    for (const each of closers) each();
  };
  try {
    for (const part of parts) {
      if ('value' in part) {
        form.append(part.name, part.value);
        continue;
      }
      if ('body' in part) {
        closers.push(() => part.body.close());
        bodyFailure = part.body.failure;
        const { name, size, fileName } = part;
        form.append(name, part.body.data, { filename: baseName(fileName), knownLength: size, contentType: OCTETS });
        continue;
      }
      const { size } = await regularFile(part.file);
      // The end is fixed, so a growing file cannot make the body longer than its Content-Length.
      const stream = createReadStream(part.file, { start: 0, end: size - 1 });
      stream.once('error', (cause) => {
        failure ??= unreadable(part.file, 'cannot be read', cause);
      });
      closers.push(() => stream.destroy());
      const contentType = part.contentType ?? OCTETS;
      form.append(part.name, stream, { filename: baseName(part.file), knownLength: size, contentType });
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    data: form as unknown as OpenedBody['data'],
    headers: { ...form.getHeaders(), 'Content-Length': String(form.getLengthSync()) },
    close,
    failure: () => failure ?? bodyFailure?.(),
  };
}

const OCTETS = 'application/octet-stream';

async function regularFile(file: string): Promise<{ size: number }> {
  const found = await stat(file).catch((cause) => {
    throw unreadable(file, 'cannot be read', cause);
  });
  // A folder has a size too, and the size of a pipe is not known in advance.
  if (!found.isFile()) throw unreadable(file, 'is not a file');
  if (found.size === 0) throw unreadable(file, 'is empty');
  return found;
}

/**
 * The last segment of a POSIX or Windows path. Some servers treat a backslash as an escape: at the end of a name it would escape the
 * closing quote.
 */
function baseName(file: string): string {
  return file.split(/[/\\]/).findLast((segment) => segment !== '') ?? 'file';
}

function unreadable(file: string, problem: string, cause?: unknown): FusegateError {
  return new FusegateError('usage.invalid', `The file ${oneLine(path.basename(file), 120)} ${problem}.`, {
    hint: 'Check that it is the right file and that this user can read it.',
    cause,
  });
}
