/** Servers that keep what they were sent, to see that a secret arrives as it is. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingServer {
  url: string;
  /** Headers as JSON, and bodies that are no app. */
  seen: string[];
  close(): Promise<void>;
}

const APP_BYTES = 100_000;

async function listen(handle: (seen: string[]) => RequestListener): Promise<RecordingServer> {
  const seen: string[] = [];
  const server = createServer(handle(seen));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Refuses every request with 401. */
export function refusingServer(): Promise<RecordingServer> {
  return listen((seen) => (request, response) => {
    seen.push(JSON.stringify(request.headers));
    request.resume().on('end', () => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"no"}');
    });
  });
}

/** Hands every request on to the service. */
export function recordingProxy(target: string): Promise<RecordingServer> {
  return listen((seen) => (request, response) => {
    seen.push(JSON.stringify(request.headers));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length < APP_BYTES) seen.push(body.toString('utf8'));
      const { host: _, connection: __, ...headers } = request.headers;
      fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        redirect: 'manual',
        ...(body.length > 0 ? { body } : {}),
      }).then(
        async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers));
          response.end(Buffer.from(await answer.arrayBuffer()));
        },
        () => response.destroy(),
      );
    });
  });
}
