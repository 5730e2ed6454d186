/**
 * Stands between the CLI and the service and keeps what is posted, byte for byte: the service's own record masks passwords. Loopback
 * only, synthetic secrets only.
 */
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Tee {
  url: string;
  /** Bodies of POST /tasks and /build-to-test, in order. */
  bodies: Buffer[];
  close(): Promise<void>;
}

export async function teeTo(service: string): Promise<Tee> {
  const bodies: Buffer[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const { host: _host, ...headers } = incoming.headers;
    const onward = forward(
      new URL(incoming.url ?? '/', service),
      { method: incoming.method ?? 'GET', headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (/\/(tasks|build-to-test)(\?|$)/.test(incoming.url ?? '') && incoming.method === 'POST') {
        bodies.push(Buffer.concat(chunks));
      }
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface FormPart {
  name: string;
  fileName?: string;
  bytes: Buffer;
}

/** The parts of a multipart body as they stand; names unescaped as the HTML standard escapes them. */
export function partsOf(body: Buffer): FormPart[] {
  const boundary = body.subarray(0, body.indexOf('\r\n'));
  const parts: FormPart[] = [];
  for (let at = boundary.length + 2; ; ) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), boundary]), headEnd);
    if (headEnd < 0 || next < 0) return parts;
    const head = body.subarray(at, headEnd).toString('utf8');
    const name = /\bname="([^"]*)"/.exec(head)?.[1] ?? '';
    const fileName = /\bfilename="([^"]*)"/.exec(head)?.[1];
    const bytes = body.subarray(headEnd + 4, next);
    parts.push({ name: unescaped(name), bytes, ...(fileName === undefined ? {} : { fileName: unescaped(fileName) }) });
    at = next + boundary.length + 4;
  }
}

function unescaped(text: string): string {
  return text.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
