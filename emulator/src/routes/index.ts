/** Every endpoint. To add one: a file with a Route, and a line here. */
import { faultsRoute, replaceFaultsRoute } from '../control/faults.ts';
import { fusionSetsRoute } from '../control/fusion-sets.ts';
import { resetRoute } from '../control/reset.ts';
import { settingsRoute } from '../control/settings.ts';
import { stateRoute } from '../control/state.ts';
import type { Route } from '../http/context.ts';
import { certificatePdfRoute } from './certificate.ts';
import { certificateJsonRoute } from './certificate-json.ts';
import { checkByChecksumRoute } from './check-by-checksum.ts';
import { listLibraryAppsRoute } from './my-library-apps.ts';
import { presignedPutRoute } from './presigned-put.ts';
import { pwappLoadRoute } from './pwappload.ts';
import { releaseFusionSetRoute } from './release-fusion-set.ts';
import { storageDownloadRoute } from './storage-download.ts';
import { storageObjectRoute } from './storage-object.ts';
import { taskOutputRoute } from './task-output.ts';
import { taskStatusRoute } from './task-status.ts';
import { buildToTestRoute, tasksRoute } from './tasks.ts';
import { directUploadRoute } from './upload.ts';
import { uploadLinkRoute } from './upload-link.ts';
import { uploadStatusRoute } from './upload-status.ts';
import { uploadUsingLinkRoute } from './upload-using-link.ts';
import { validationStatusRoute, validationUploadRoute } from './validation.ts';
import { verifyCertificateRoute } from './verify-certificate.ts';

export const CONTROL_PREFIX = '/__emulator';

export const ROUTES: readonly Route[] = [
  uploadLinkRoute,
  presignedPutRoute,
  storageObjectRoute,
  uploadUsingLinkRoute,
  uploadStatusRoute,
  directUploadRoute,
  checkByChecksumRoute,
  pwappLoadRoute,
  listLibraryAppsRoute,
  tasksRoute,
  buildToTestRoute,
  taskStatusRoute,
  taskOutputRoute,
  storageDownloadRoute,
  certificatePdfRoute,
  certificateJsonRoute,
  verifyCertificateRoute,
  validationUploadRoute,
  validationStatusRoute,
  releaseFusionSetRoute,
  stateRoute,
  faultsRoute,
  replaceFaultsRoute,
  fusionSetsRoute,
  settingsRoute,
  resetRoute,
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
