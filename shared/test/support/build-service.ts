/** A small build service for pipeline tests: the whole flow succeeds, and a test takes over single answers. */
import type { ServerResponse } from 'node:http';
import { type ApiServer, json, type ServedRequest, serve } from './api-server.ts';
import { fieldsOf } from './multipart.ts';
import { PROTECTED_APK, zipOf } from './zip.ts';

export type Route =
  | 'checksum'
  | 'link'
  | 'put'
  | 'register'
  | 'upload-status'
  | 'sessions'
  | 'fuse'
  | 'context'
  | 'sign'
  | 'seal'
  | 'status'
  | 'output'
  | 'second'
  | 'map'
  | 'pdf'
  | 'json'
  | 'unknown';

/** Answers by itself (or not at all); `false` leaves the answer to the service. `nth` counts from 1. */
type TakeOver = (response: ServerResponse, nth: number, request: ServedRequest) => unknown;

export interface BuildService extends ApiServer {
  /** Routes in the order in which they were asked. */
  asked: Route[];
  count(route: Route): number;
  on(route: Route, take: TakeOver): void;
  requestsTo(route: Route): ServedRequest[];
  /** What the build is doing: polls answer `progress` as often as this says, then `completed`. */
  pollsToGo: number;
  outputs: { app: Buffer; second: Buffer; map: Buffer | undefined; pdf: Buffer; json: Buffer };
}

/** `early`: sees every request before its body is read, and takes it over by returning true. */
export async function startBuildService(early?: Parameters<typeof serve>[1]): Promise<BuildService> {
  const asked: Route[] = [];
  const byRoute = new Map<Route, ServedRequest[]>();
  const takeOvers = new Map<Route, TakeOver>();

  const server = await serve((request, response) => {
    const route = routeOf(request);
    asked.push(route);
    const seen = byRoute.get(route) ?? [];
    seen.push(request);
    byRoute.set(route, seen);
    const takeOver = takeOvers.get(route);
    if (takeOver !== undefined && takeOver(response, seen.length, request) !== false) return;
    answer(route, response, seen.length);
  }, early);
  const service: BuildService = Object.assign(server, {
    asked,
    count: (route: Route) => byRoute.get(route)?.length ?? 0,
    on: (route: Route, take: TakeOver) => {
      takeOvers.set(route, take);
    },
    requestsTo: (route: Route) => byRoute.get(route) ?? [],
    pollsToGo: 0,
    outputs: {
      app: PROTECTED_APK,
      second: zipOf(['AndroidManifest.xml', 'universal']),
      map: zipOf(['mapping.txt']),
      pdf: Buffer.from('%PDF-1.4 synthetic'),
      json: Buffer.from('{"build_id":"build-1"}'),
    },
  });

  function answer(route: Route, response: ServerResponse, nth: number): void {
    const { outputs } = service;
    switch (route) {
      case 'checksum':
        json(response, { exists: false });
        break;
      case 'link':
        json(response, { url: `${server.url}/s3/file-${nth}?signature=s${nth}`, file_id: `file-${nth}` });
        break;
      case 'put':
        response.end();
        break;
      case 'register':
        json(response, { id: 'app-1' });
        break;
      case 'upload-status':
        json(response, { status: ['queued', 'progress'][nth - 1] ?? 'completed' });
        break;
      case 'sessions':
        json(response, { active: 0, limit: 5 });
        break;
      case 'fuse':
      case 'context':
      case 'sign':
      case 'seal':
        service.pollsToGo = 2;
        json(response, { task_id: 'build-1' });
        break;
      case 'status': {
        const running = service.pollsToGo > 0;
        if (running) service.pollsToGo -= 1;
        const obfuscationMapExists = outputs.map !== undefined;
        json(response, { status: running ? 'progress' : 'completed', messages: [], obfuscationMapExists });
        break;
      }
      case 'output':
        response.end(outputs.app);
        break;
      case 'second':
        response.end(outputs.second);
        break;
      case 'map':
        if (outputs.map === undefined) json(response, { message: 'none' }, 404);
        else response.end(outputs.map);
        break;
      case 'pdf':
        response.end(outputs.pdf);
        break;
      case 'json':
        response.end(outputs.json);
        break;
      case 'unknown':
        json(response, { message: 'unknown route' }, 404);
    }
  }
  return service;
}

function routeOf(request: ServedRequest): Route {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  const path = pathname.replace(/^\/api\/v1/, '');
  if (path.startsWith('/s3/')) return 'put';
  if (path === '/apps/check-by-checksum') return 'checksum';
  if (path === '/upload-link') return 'link';
  if (path === '/upload-using-link') return 'register';
  if (/^\/upload\/[^/]+\/status$/.test(path)) return 'upload-status';
  if (path === '/sessions/limit') return 'sessions';
  if (path === '/tasks') return fieldsOf(request).action as Route;
  if (/^\/tasks\/[^/]+\/status$/.test(path)) return 'status';
  if (/^\/tasks\/[^/]+\/certificate$/.test(path)) return 'pdf';
  if (/^\/tasks\/[^/]+\/certificate-json$/.test(path)) return 'json';
  if (/^\/tasks\/[^/]+\/output$/.test(path)) {
    const action = searchParams.get('action');
    return action === null ? 'output' : action === 'sign_second_output' ? 'second' : 'map';
  }
  return 'unknown';
}
