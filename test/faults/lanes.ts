/** Services that jobs with faults run against, side by side: instructions are for a whole service, so each takes one job at a time. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CliEnd, runCli, temporaryFolder } from '../e2e/support/cli.ts';
import type { ModeInputs } from '../e2e/support/mode-inputs.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { signLocally } from '../e2e/support/signed-app.ts';
import { SHORT_STALL } from '../e2e/support/test-time.ts';
import type { Fault } from './faults.ts';
import { type Flow, flows } from './flows.ts';
import type { LongLived } from './long-lived.ts';

/** One kind of request of a flow. */
export interface Request {
  method: string;
  /** Ids are `*`. */
  path: string;
  action?: string;
}

interface Injected {
  fault: Fault;
  request: Request;
  always: boolean;
  /** Through the shipped bundle, as a process of its own; otherwise in the long-lived one. */
  shipped: boolean;
}

export interface Lane {
  flows: Flow[];
  run(flow: Flow, fault?: Injected): Promise<Outcome>;
  /** The kinds of requests that a flow sends when nothing goes wrong. */
  requestsOf(flow: Flow): Promise<Request[]>;
  stop(): Promise<void>;
}

export interface Outcome {
  end: CliEnd;
  /** How many requests met the fault, and whether there are more to come. */
  met: number;
  left: number | null;
  builds: number;
  violations: string[];
  /** Files of the output folder, reports and private ones left out. */
  files: string[];
  /** What of the output and of all files that were written has a secret in it. */
  leaks: string[];
}

const FAST = ['--time-scale', '0.001'];
/** So many runs that the state, which each run asks for, stays small. */
const RUNS_PER_SERVICE = 40;
/**
 * A run takes seconds, with the stalls that it waits for. One that hangs is given up with what it has printed, and all of that ends before
 * the time of its test is up: the lane goes on with another service.
 */
const GIVE_UP_MS = 60_000;
const GIVEN_UP_MS = 20_000;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** What an attempt is doing, for the error of one that hangs. */
interface At {
  step: string;
}

/** A service, with what its runs need and leave. */
interface Place {
  service: Service;
  runs: number;
  built: { gate: string[]; validate: string[] };
  /** As the last run left it: to ask for the state takes the service more time than most of its answers. */
  before: Awaited<ReturnType<Service['state']>>;
}

/** @param longLived shared with other lanes */
export async function startLane(files: ModeInputs, longLived: LongLived): Promise<Lane> {
  let all: Flow[] = [];
  let place: Place | undefined = await newPlace();

  async function newPlace(signal?: AbortSignal): Promise<Place> {
    const service = await startService(FAST);
    try {
      const sets = {
        android: (await service.fusionSet('all detections')).id,
        ios: (await service.fusionSet('ios')).id,
      };
      if (all.length === 0) all = flows(files, sets);
      const built = await aBuild(service, all, longLived, signal);
      return { service, runs: 0, built, before: await service.state() };
    } catch (error) {
      await end(service);
      throw error;
    }
  }

  /** Gives up a place, whatever its service is doing. */
  async function end(service: Service | undefined): Promise<void> {
    service?.child.kill('SIGKILL');
    await service?.stop();
  }

  async function usable(signal?: AbortSignal): Promise<Place> {
    if (place !== undefined && place.runs < RUNS_PER_SERVICE) return place;
    const old = place?.service;
    place = undefined;
    await end(old);
    const made = await newPlace(signal);
    if (signal?.aborted) {
      await end(made.service);
      signal.throwIfAborted();
    }
    place = made;
    return made;
  }

  async function attempt(flow: Flow, injected: Injected | undefined, at: At, signal: AbortSignal): Promise<Outcome> {
    at.step = 'starting a service';
    const its = await usable(signal);
    its.runs += 1;
    const { service, built, before } = its;
    at.step = 'giving the service its fault';
    if (injected !== undefined) {
      const { fault, request, always } = injected;
      await service.addFaults([{ match: request, do: fault.action, ...(always ? { times: 'always' } : {}) }]);
    }
    const env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url, ...flow.env };
    const args = [
      ...flow.args.map(unlikeOthers),
      ...(flow.ofBuild ? built[flow.name === 'validate' ? 'validate' : 'gate'] : []),
    ];
    const run = injected?.shipped ? runCli : longLived.run;
    at.step = injected?.shipped ? 'running the shipped bundle' : 'running the job';
    const ended = await run(injected?.always ? [...args, '--retries', '2'] : args, {
      signal,
      env: injected?.fault.stalls ? { ...env, ...SHORT_STALL } : env,
    });
    at.step = 'asking the service what it has seen';
    const state = await service.state();
    await service.clearFaults();
    its.before = state;
    const [counters] = state.faults as Array<{ remaining: number | null; met: number[] }>;
    return {
      end: ended,
      met: counters?.met.length ?? 0,
      left: counters?.remaining ?? null,
      builds: state.tasks.length - before.tasks.length,
      violations: state.violations.slice(before.violations.length).map(({ code }) => code),
      files: namesIn(ended.dir),
      leaks: leaksOf(ended, [API_KEY, ...Object.values(flow.env)]),
    };
  }

  const lane: Lane = {
    flows: all,
    async run(flow, injected) {
      const hangs = new AbortController();
      const at: At = { step: 'beginning' };
      let late: NodeJS.Timeout | undefined;
      const timer = setTimeout(() => hangs.abort(), GIVE_UP_MS);
      const givenUp = new Promise<never>((_, reject) => {
        late = setTimeout(() => reject(new Error('nothing ended it')), GIVE_UP_MS + GIVEN_UP_MS);
      });
      try {
        return await Promise.race([attempt(flow, injected, at, hangs.signal), givenUp]);
      } catch (cause) {
        const broken = place?.service;
        place = undefined;
        void end(broken);
        throw new Error(`${hangs.signal.aborted ? 'hung' : 'failed'} while ${at.step}`, { cause });
      } finally {
        clearTimeout(timer);
        clearTimeout(late);
      }
    },
    async requestsOf(flow) {
      const { service } = await usable();
      const from = (await service.state()).requests.length;
      const { end: ended } = await lane.run(flow);
      if (ended.exit !== 0)
        throw new Error(`${flow.name} without a fault ended with ${ended.exit}: ${ended.stdout}${ended.stderr}`);
      const sent = (await service.state()).requests.slice(from);
      const kinds = sent.map(({ method, path: where, action, fields }): Request => {
        const named = action ?? (typeof fields?.['action'] === 'string' ? fields['action'] : undefined);
        return { method, path: where.replaceAll(ID, '*'), ...(named === undefined ? {} : { action: named }) };
      });
      return [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()];
    },
    stop: () => end(place?.service),
  };
  return lane;
}

/** What `gate` and `validate` are asked about: a build of this service, and the app of it, signed. */
async function aBuild(
  service: Service,
  all: Flow[],
  { run }: LongLived,
  signal?: AbortSignal,
): Promise<{ gate: string[]; validate: string[] }> {
  const flow = all.find(({ name }) => name === 'private');
  if (flow === undefined) throw new Error('no flow makes a build');
  const end = await run(flow.args, {
    env: { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url, ...flow.env },
    ...(signal && { signal }),
  });
  const id = end.result?.ids.buildId;
  if (end.exit !== 0 || id === undefined)
    throw new Error(`a build without faults ended with ${end.exit}: ${end.stderr}`);
  const app = namesIn(end.dir).find((name) => name.endsWith('.apk')) ?? '';
  return { gate: ['--build-id', id], validate: ['--app', signLocally(path.join(end.dir, app)), '--build-id', id] };
}

let copies = 0;

/** An app that the service does not have yet, so that it is uploaded: the same archive with another comment (APPNOTE.TXT 4.3.16). */
function unlikeOthers(arg: string): string {
  if (!/\.(?:apk|aab|ipa|aar)$/.test(arg)) return arg;
  copies += 1;
  const archive = readFileSync(arg);
  const comment = Buffer.from(`${process.pid} ${copies}`);
  archive.writeUInt16LE(comment.length, archive.length - 2);
  const copy = path.join(temporaryFolder(), path.basename(arg));
  writeFileSync(copy, Buffer.concat([archive, comment]));
  return copy;
}

const OURS = /^(?:fusegate|private$|previous$)/;

function namesIn(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => !OURS.test(name)) : [];
}

function leaksOf(end: CliEnd, secrets: string[]): string[] {
  const written = existsSync(end.dir)
    ? readdirSync(end.dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];
  const texts = [
    ['stdout', end.stdout],
    ['stderr', end.stderr],
    ...written.map((file) => [path.relative(end.dir, file), readFileSync(file, 'latin1')]),
  ];
  return texts.filter(([, text]) => secrets.some((secret) => text?.includes(secret))).map(([where]) => where ?? '');
}
