import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@fusegate/shared/model/clock';
import { VERSION } from '@fusegate/shared/model/version';
import { settleAll } from './builds/build.ts';
import { PreparedCertificates } from './certificate/prepared.ts';
import type { FaultInstruction } from './faults/instruction.ts';
import { freshFault } from './faults/match.ts';
import { ANNOUNCEMENT_HEADER, createListener } from './http/listener.ts';
import { DEFAULT_API_KEY, type EmulatorOptions } from './options.ts';
import { RequestLog } from './record/request-log.ts';
import type { Services } from './services.ts';
import type { EmulatorState } from './state/model.ts';
import { Store } from './state/store.ts';

export interface StartOptions extends Partial<EmulatorOptions> {
  /** Wall clock and timers; tests inject theirs. */
  clock?: Clock;
  /** Receives bugs of the emulator; default: standard error. */
  report?: (error: unknown) => void;
}

export interface Emulator {
  /** Origin of the service: `http://127.0.0.1:PORT`. */
  url: string;
  /** Second origin, to which redirected outputs lead. */
  storageUrl: string;
  apiKey: string;
  dataDir: string;
  /** The live state, for tests in the same process. */
  state(): EmulatorState;
  /** Ends all connections, waits for pending writes, and removes a temporary data folder. */
  close(): Promise<void>;
}

/**
 * Starts the service on 127.0.0.1.
 * @throws if the port or the data folder cannot be used
 */
export async function startEmulator(options: StartOptions = {}): Promise<Emulator> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'fusegate-emulator-')));
  const store = await Store.open(dataDir);
  const log = await RequestLog.open(dataDir);
  const closing = new AbortController();
  const report = options.report ?? ((error) => process.stderr.write(`emulator: ${String(error)}\n`));
  const background = backgroundWork((error) => {
    if (!closing.signal.aborted) report(error);
  });
  const services: Services = {
    store,
    log,
    certificates: new PreparedCertificates(),
    clock: options.clock ?? systemClock,
    apiKey: options.apiKey ?? DEFAULT_API_KEY,
    timeScale: options.timeScale ?? 1,
    shape: options.shape ?? 'A',
    storageOrigin: '',
    report,
    background: background.add,
    closing: closing.signal,
  };
  addFaults(store.state, options.faults ?? []);
  if (options.redirectOutputs === true) store.state.settings.redirectOutputs = true;
  const storage = await listen(services, 0);
  services.storageOrigin = loopbackUrl(storage);
  const main = await listen(services, options.port ?? 0).catch(async (error: unknown) => {
    await Promise.all([closeServer(storage), log.close()]);
    throw error;
  });
  await store.save();
  settleAll(services);
  const close = async () => {
    closing.abort(new Error('The emulator is closing.'));
    await Promise.all([closeServer(main), closeServer(storage)]);
    await background.finished();
    await Promise.all([store.save(), log.close()]);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  let closed: Promise<void> | undefined;
  return {
    url: loopbackUrl(main),
    storageUrl: services.storageOrigin,
    apiKey: services.apiKey,
    dataDir,
    state: () => store.state,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function backgroundWork(failed: (error: unknown) => void) {
  const running = new Set<Promise<void>>();
  return {
    add(work: Promise<void>): void {
      const tracked = work.catch(failed).finally(() => running.delete(tracked));
      running.add(tracked);
    },
    finished: () => Promise.all(running),
  };
}

/** A restart with the same instructions continues with what is left of them; they are not added again. */
function addFaults(state: EmulatorState, instructions: FaultInstruction[]): void {
  const known = new Set(state.faults.map(({ instruction }) => JSON.stringify(instruction)));
  if (instructions.every((instruction) => known.has(JSON.stringify(instruction)))) return;
  state.faults.push(...instructions.map(freshFault));
}

async function listen(services: Services, port: number): Promise<Server> {
  // No time limits: slow uploads and stalls are exactly what is rehearsed here.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, createListener(services));
  server.on('clientError', (_error, socket: Socket) => {
    if (!socket.writable) return;
    socket.end(
      `HTTP/1.1 400 Bad Request\r\n${ANNOUNCEMENT_HEADER}: ${VERSION}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function loopbackUrl(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
