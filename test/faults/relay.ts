/**
 * A TCP relay in front of the service that fails as a network does: from the moment at which a chosen request or answer passes, until the
 * test ends the outage, connections are refused or nothing more is heard on them. What it has cut stays cut.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type Outage = 'refuses' | 'is silent';

export interface Trigger {
  /** The request line, the headers, and the first part of the body. */
  request: RegExp;
  /** Where it strikes: at this request unless given, at the answer to it, or once that answer has passed. */
  at?: 'answer' | 'after the answer';
  /** So many bytes of the request, or of the answer, pass first. */
  bytes?: number;
  /** Only an answer that says this. */
  says?: RegExp;
}

export interface Relay {
  url: string;
  /** Resolves when the outage begins; after an answer has passed, when the first request is not heard any more. */
  began: Promise<void>;
  /** The service can be reached again. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** As much of a message as is looked at. */
const LOOKED_AT = 64 * 1024;

/** Systems give out higher ports by themselves; nobody takes one of these while the relay refuses connections. */
const PORTS = { first: 20_000, count: 12_000 };
let tried = process.pid * 997;

export async function relayTo(service: string, trigger: Trigger, outage: Outage): Promise<Relay> {
  const target = Number(new URL(service).port);
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let state: 'before' | 'during' | 'after' = 'before';
  let hasBegun = () => {};
  const began = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });

  const begin = () => {
    state = 'during';
    if (outage === 'refuses') {
      server.close();
      for (const client of clients) {
        // A reset would take away what the client has not read yet.
        if (trigger.at === 'after the answer') client.end();
        else client.resetAndDestroy();
      }
    }
    for (const upstream of upstreams) upstream.destroy();
    if (outage === 'refuses' || trigger.at !== 'after the answer') hasBegun();
  };

  const server = createServer((client) => {
    track(client, clients);
    if (state === 'during') {
      // Read, and never answered.
      client.on('data', hasBegun);
      return;
    }
    const upstream = track(connect(target, '127.0.0.1'), upstreams);
    const watch = watcher(trigger);
    const pass = (to: Socket, strikesAfter: (chunk: Buffer) => number | undefined) => (chunk: Buffer) => {
      if (state === 'during') hasBegun();
      if (state === 'during' || to.destroyed) return;
      const bytes = state === 'before' ? strikesAfter(chunk) : undefined;
      if (bytes === undefined) to.write(chunk);
      else to.write(chunk.subarray(0, bytes), begin);
    };
    client.on('data', pass(upstream, watch.request)).on('close', () => upstream.destroy());
    upstream.on('data', pass(client, watch.answer)).on('close', () => {
      if (state !== 'during') client.destroy();
    });
  });
  const port = outage === 'refuses' ? await listenBelow(server) : await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    began,
    async end() {
      if (state !== 'during') return;
      state = 'after';
      if (outage === 'refuses') await listen(server, port);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of [...clients, ...upstreams]) socket.destroy();
      }),
  };
}

/** @returns for each direction, how much of a chunk passes before the outage; undefined while there is none */
function watcher({ request, at, bytes = 0, says = /^/ }: Trigger) {
  let asked = '';
  let answered = '';
  let passed = 0;
  const look = (seen: string, chunk: Buffer) => (seen + chunk.toString('latin1')).slice(0, LOOKED_AT);
  const within = (chunk: Buffer) => {
    const before = passed;
    passed += chunk.length;
    return passed < bytes ? undefined : Math.max(0, bytes - before);
  };
  return {
    request(chunk: Buffer): number | undefined {
      if (answered !== '') {
        asked = '';
        answered = '';
        passed = 0;
      }
      asked = look(asked, chunk);
      return at === undefined && request.test(asked) ? within(chunk) : undefined;
    },
    answer(chunk: Buffer): number | undefined {
      answered = look(answered, chunk);
      if (at === undefined || !request.test(asked) || !says.test(answered)) return undefined;
      return at === 'answer' ? within(chunk) : chunk.length;
    },
  };
}

function track(socket: Socket, all: Set<Socket>): Socket {
  all.add(socket);
  // What the other side does to a connection is not an error of the relay.
  return socket.on('error', () => {}).on('close', () => all.delete(socket));
}

async function listenBelow(server: Server): Promise<number> {
  for (;;) {
    tried += 1;
    try {
      return await listen(server, PORTS.first + (tried % PORTS.count));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
