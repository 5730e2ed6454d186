/**
 * Secure Files, downloaded by ourselves: the official helper adds 2 MB, ignores TLS errors behind an agent proxy, and writes to a name
 * that the server chooses (azure-pipelines-tasks-securefiles-common). One GET of the address that it ends up at; that no handshake is
 * needed before is inferred (the REST reference names the address).
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Agents } from '@fusegate/shared/api/agents';
import { safeFileName } from '@fusegate/shared/files/file-names';
import { defined } from '@fusegate/shared/model/defined';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import axios from 'axios';

export interface SecureFile {
  id: string;
  ticket: string;
  /** As the library shows it. */
  name: string;
}

export interface SecureFilePlace {
  /** System.TeamFoundationCollectionUri */
  collection: string;
  /** System.TeamProject */
  project: string;
  /** The job's token. */
  token: string;
  proxy?: string | undefined;
  caFile?: string | undefined;
}

/** Azure DevOps takes no larger ones (learn.microsoft.com, "Use secure files": 10 MB). */
const MAX_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export function secureFileUrl({ collection, project }: SecureFilePlace, { id, ticket }: SecureFile): URL {
  const base = collection.endsWith('/') ? collection : `${collection}/`;
  const name = `securefiles/${encodeURIComponent(id)}`;
  const url = new URL(`${encodeURIComponent(project)}/_apis/distributedtask/${name}`, base);
  url.searchParams.set('ticket', ticket);
  url.searchParams.set('download', 'true');
  return url;
}

/**
 * @param dir is made where it is not there
 * @returns the path of the file, 0600
 * @throws Error with a text for people, without ticket and token
 */
export async function downloadSecureFile(file: SecureFile, place: SecureFilePlace, dir: string): Promise<string> {
  const url = secureFileUrl(place, file);
  const agents = new Agents(defined({ caFile: place.caFile, proxy: place.proxy }));
  try {
    const response = await axios.get<ArrayBuffer>(url.href, {
      headers: {
        Authorization: `Basic ${Buffer.from(`:${place.token}`).toString('base64')}`,
        Accept: 'application/octet-stream;api-version=7.1-preview.1',
      },
      responseType: 'arraybuffer',
      maxRedirects: 0,
      maxContentLength: MAX_BYTES,
      timeout: TIMEOUT_MS,
      validateStatus: () => true,
      httpAgent: agents.for(url, 'fresh'),
      httpsAgent: agents.for(url, 'fresh'),
      proxy: false,
    });
    if (response.status !== 200) throw new Error(`Azure DevOps answered ${response.status}`);
    const bytes = Buffer.from(response.data);
    if (bytes.length === 0) throw new Error('Azure DevOps answered with an empty file');
    // In a folder of its own and under its own name: messages and the service name the file by it. A comma would part a list.
    const folder = path.join(dir, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const target = path.join(folder, safeFileName(file.name, 'secure-file').replaceAll(',', '_'));
    await writeFile(target, bytes, { mode: 0o600, flag: 'wx' });
    return target;
  } catch (error) {
    // An axios error carries the request with its token and ticket: only its code or our own words go on.
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(plainLine(axios.isAxiosError(error) ? (code ?? 'no answer') : (error as Error).message));
  } finally {
    agents.destroy();
  }
}
