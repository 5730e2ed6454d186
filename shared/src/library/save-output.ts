import { rm } from 'node:fs/promises';
import type { CallContext } from '../api/call.ts';
import type { AppdomeClient } from '../api/client.ts';
import type { OutputAction } from '../api/outputs.ts';
import { ZIP_MAGIC } from '../files/file-on-disk.ts';
import { renamePatiently, unwritable } from '../files/file-system.ts';
import { systemClock } from '../model/clock.ts';
import { type SavedFile, SCRIPT_MAGIC, saveResponse } from '../pipeline/save-response.ts';

export interface OutputTarget {
  buildId: string;
  /** Absent = the protected app. */
  action?: OutputAction;
  /** Path to write. The file appears complete or not at all; an existing file is replaced. */
  file: string;
  /** What the file must begin with. Default `zip`: apps, SDKs and mapping ZIPs; `script` after `signScript`. */
  type?: 'zip' | 'script';
}

/**
 * Downloads an output of a build to disk: streamed, hashed, with length and type checked.
 * @returns size in bytes and lower-case hex SHA-256
 * @throws FusegateError download.corrupt, output.unwritable, service.refused (status 404: no such output), auth.*, api.*, network.*
 */
export async function saveOutput(
  client: AppdomeClient,
  target: OutputTarget,
  context: CallContext,
): Promise<SavedFile> {
  const { buildId, action, file, type = 'zip' } = target;
  const temporary = `${file}.part`;
  try {
    const saved = await client.downloadOutput(buildId, action, context, (response) =>
      saveResponse(response, {
        temporary,
        magic: [type === 'zip' ? ZIP_MAGIC : SCRIPT_MAGIC],
        mode: type === 'zip' ? 0o644 : 0o755,
        onBytes: (bytes, total) => context.onBytes?.(bytes, total),
      }),
    );
    await renamePatiently(temporary, file, systemClock).catch((cause) => {
      throw unwritable('The download cannot be written', cause);
    });
    return saved;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}
