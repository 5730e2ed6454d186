/** An https server with the files of a Code Signing page, as Bitrise gives out presigned addresses. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ROOT } from './child-process.ts';

/** Signed by itself, for localhost; the key is public and protects nothing. */
const TLS = path.join(ROOT, 'shared/test/support/tls');
export const CA_FILE = path.join(TLS, 'cert.pem');
/** What stands in for the signature of a presigned address. */
export const PRESIGNED = 'synthetic-presigned-7Kq9x';

export interface FileServer {
  /** @returns the address of the file, whose name may hold blanks */
  address(name: string): string;
  /** Names that were asked for, and whether with a key. */
  asked: Array<{ name: string; authorized: boolean }>;
  close(): Promise<void>;
}

/** @param files by name; anything else is 404, and so is an address without its signature */
export async function serveFiles(files: Readonly<Record<string, Buffer>>): Promise<FileServer> {
  const asked: FileServer['asked'] = [];
  const server = createServer(
    { key: readFileSync(path.join(TLS, 'key.pem')), cert: readFileSync(CA_FILE) },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://localhost');
      const name = decodeURIComponent(url.pathname).slice('/files/'.length);
      asked.push({ name, authorized: request.headers.authorization !== undefined });
      const content = url.searchParams.get('signature') === PRESIGNED ? files[name] : undefined;
      response.writeHead(content ? 200 : 404).end(content);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    address: (name) => `${origin}/files/${encodeURIComponent(name)}?signature=${PRESIGNED}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
