/** A loopback https server and a loopback proxy, for what has to be shown about CAs and CONNECT. */

import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A synthetic certificate for localhost, signed by itself. Its key is public on purpose and protects nothing. */
export const CA_FILE = fileURLToPath(new URL('./tls/cert.pem', import.meta.url));
const KEY_FILE = fileURLToPath(new URL('./tls/key.pem', import.meta.url));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export async function serveTls(body: string): Promise<{ url: string; headers: unknown[]; close(): void }> {
  const headers: unknown[] = [];
  const options = { key: readFileSync(KEY_FILE), cert: readFileSync(CA_FILE) };
  const server = createHttps(options, (request, response) => {
    headers.push(request.headers);
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  const port = await listen(server);
  return {
    url: `https://localhost:${port}`,
    headers,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A proxy that connects every tunnel to this machine, or refuses it with `refuse`. */
export async function serveProxy(refuse?: number): Promise<{
  url: string;
  tunnels: Array<{ target: string; authorization: string | undefined }>;
  plain: string[];
  close(): void;
}> {
  const tunnels: Array<{ target: string; authorization: string | undefined }> = [];
  const plain: string[] = [];
  const server = createHttp((request, response) => {
    plain.push(request.url ?? '');
    response.end('{}');
  });
  server.on('connect', (request, client) => {
    tunnels.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    client.on('error', () => {});
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 2\r\n\r\nno`);
      return;
    }
    const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    plain,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
