/** A loopback HTTP server whose every answer a test writes: for what a mocked socket cannot show (resets, stalls, cut bodies). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface ApiServer {
  url: string;
  host: string;
  requests: ServedRequest[];
  close(): Promise<void>;
}

/** Starts a server. `answer` runs when the request has been read whole; `early` runs before its body is read. */
export async function serve(
  answer: (request: ServedRequest, response: ServerResponse) => void,
  early?: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<ApiServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((request, response) => {
    if (early?.(request, response)) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const served = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(served);
      answer(served, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
