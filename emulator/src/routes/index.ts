/** Every endpoint. To add one: a handler, and a line here. */
import type { Route } from '../http/context.ts';
import { certificateJson, certificatePdf } from './certificates.ts';
import { addFaults, addFusionSets, changeSettings, replaceFaults, reset, showState } from './control.ts';
import { myLibraryApps } from './my-library-apps.ts';
import { pwappLoad } from './pwappload.ts';
import { releaseFusionSet } from './release-fusion-set.ts';
import { sessionLimit } from './session-limit.ts';
import { presignedPut, storageDownload, storageObject } from './storage.ts';
import { taskOutput } from './task-output.ts';
import { taskStatus } from './task-status.ts';
import { buildToTest, tasks } from './tasks.ts';
import { checkByChecksum, directUpload, uploadLink, uploadStatus, uploadUsingLink } from './uploads.ts';
import { validationStatus, validationUpload } from './validation.ts';

export const CONTROL_PREFIX = '/__emulator';

type Handler = Route['handle'];

function api(method: Route['method'], path: string, handle: Handler, query = ['team_id']): Route {
  return { method, path: `/api/v1${path}`, area: 'api', query, handle };
}

function storage(method: Route['method'], path: string, handle: Handler): Route {
  return { method, path: `/s3${path}`, area: 'storage', query: [], handle };
}

function control(method: Route['method'], path: string, handle: Handler): Route {
  return { method, path: `${CONTROL_PREFIX}${path}`, area: 'control', query: [], handle };
}

export const ROUTES: readonly Route[] = [
  api('GET', '/upload-link', uploadLink),
  storage('PUT', '/:fileId', presignedPut),
  storage('GET', '/:fileId', storageObject),
  api('POST', '/upload-using-link', uploadUsingLink, ['team_id', 'async']),
  api('GET', '/upload/:appId/status', uploadStatus),
  api('POST', '/upload', directUpload),
  api('POST', '/apps/check-by-checksum', checkByChecksum),
  api('POST', '/pwappload', pwappLoad),
  api('GET', '/my-library-apps', myLibraryApps),
  api('POST', '/tasks', tasks),
  api('POST', '/build-to-test', buildToTest),
  api('GET', '/tasks/:taskId/status', taskStatus, ['team_id', 'messages', 'lastDate']),
  api('GET', '/tasks/:taskId/output', taskOutput, ['team_id', 'action']),
  storage('GET', '/tasks/:taskId/output', storageDownload),
  api('GET', '/tasks/:taskId/certificate', certificatePdf),
  api('GET', '/tasks/:taskId/certificate-json', certificateJson),
  api('POST', '/validation/upload', validationUpload, []),
  api('GET', '/validation/:validationId/status', validationStatus, []),
  api('POST', '/release_fs/:fusionSetId', releaseFusionSet),
  api('GET', '/sessions/limit', sessionLimit),
  control('GET', '/state', showState),
  control('POST', '/faults', addFaults),
  control('PUT', '/faults', replaceFaults),
  control('POST', '/fusion-sets', addFusionSets),
  control('POST', '/settings', changeSettings),
  control('POST', '/reset', reset),
];

type Found = { route: Route; params: Record<string, string> } | { route: undefined; status: 404 | 405 };

/** Finds the endpoint of a request; 405 if only the method is wrong. */
export function findRoute(method: string, path: string): Found {
  let status: 404 | 405 = 404;
  for (const route of ROUTES) {
    const params = matchPath(route.path, path);
    if (params === undefined) continue;
    if (route.method === method) return { route, params };
    status = 405;
  }
  return { route: undefined, status };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
