/**
 * What is known of every endpoint that the client talks to, as data: docs/api-client.md is generated from it, and a test sends every
 * request and compares.
 */
import type { AppdomeClient } from './client.ts';
import type { Operation } from './retry-table.ts';

/**
 * How sure the protocol is. `verified`: read in an official client. `tests`: read in Appdome's own test suite. `documented`: in Appdome's
 * documentation only. `inferred`: nobody has said so.
 */
export type Confidence = 'verified' | 'tests' | 'documented' | 'inferred';

export interface Endpoint {
  /** The client's method. */
  client: keyof AppdomeClient;
  /** Below `/api/v1`, `{…}` for what is filled in; `storage` for an address that the service gave. */
  path: string;
  /** Value of the form's `action`, where several requests share a path. */
  action?: string;
  /** Section of the protocol reference (appdome-api.md). */
  section: string;
  /** That the endpoint is there, and what is sent. */
  request: Confidence;
  /** What comes back; `unknown` = nobody has described it, so the method hands it on as it is. */
  answer: Confidence | 'unknown';
  /** What is less sure than the marks say, or good to know. */
  note?: string;
}

export const ENDPOINTS = {
  'upload-link': {
    client: 'uploadLink',
    path: '/upload-link',
    section: '3.1',
    request: 'verified',
    answer: 'verified',
  },
  'put-file': {
    client: 'putFile',
    path: 'storage',
    section: '3.1',
    request: 'verified',
    answer: 'verified',
    note: 'that storage refuses chunked transfer and wants no Content-Type is inferred',
  },
  'upload-using-link': {
    client: 'uploadUsingLink',
    path: '/upload-using-link?async=true',
    section: '3.1',
    request: 'verified',
    answer: 'verified',
  },
  'upload-status': {
    client: 'uploadStatus',
    path: '/upload/{appId}/status',
    section: '3.1',
    request: 'verified',
    answer: 'documented',
  },
  'upload-direct': {
    client: 'uploadDirect',
    path: '/upload',
    section: '3.2',
    request: 'verified',
    answer: 'verified',
    note: 'the older `app.id` of the answer is documented',
  },
  'check-by-checksum': {
    client: 'checkByChecksum',
    path: '/apps/check-by-checksum',
    section: '3.3',
    request: 'verified',
    answer: 'verified',
  },
  pwa: {
    client: 'buildPwa',
    path: '/pwappload',
    section: '3.4',
    request: 'tests',
    answer: 'tests',
    note: 'the platform `both`, and an answer with only `task_id`, are documented',
  },
  'library-apps': {
    client: 'libraryApps',
    path: '/my-library-apps',
    section: '3.5',
    request: 'documented',
    answer: 'tests',
  },
  'delete-library-apps': {
    client: 'deleteLibraryApps',
    path: '/my-library-apps',
    section: '3.5',
    request: 'documented',
    answer: 'unknown',
    note: 'the request is of unknown shape too',
  },
  fuse: { client: 'fuse', path: '/tasks', action: 'fuse', section: '3.6', request: 'verified', answer: 'verified' },
  'build-to-test': {
    client: 'buildToTest',
    path: '/build-to-test',
    action: 'fuse',
    section: '3.7',
    request: 'verified',
    answer: 'verified',
    note: '`AUTOMATION_TRICENTIS_DEVICE_CLOUD` is documented, `AUTOMATION_TOSCA` is what the clients send',
  },
  context: {
    client: 'context',
    path: '/tasks',
    action: 'context',
    section: '3.8',
    request: 'verified',
    answer: 'verified',
    note: 'that the answer repeats the build id is inferred; the build is polled',
  },
  sign: { client: 'sign', path: '/tasks', action: 'sign', section: '3.9', request: 'verified', answer: 'verified' },
  seal: { client: 'seal', path: '/tasks', action: 'seal', section: '3.10', request: 'verified', answer: 'verified' },
  'sign-script': {
    client: 'signScript',
    path: '/tasks',
    action: 'sign_script',
    section: '3.11',
    request: 'verified',
    answer: 'verified',
  },
  'task-status': {
    client: 'taskStatus',
    path: '/tasks/{buildId}/status?messages=true',
    section: '3.12',
    request: 'verified',
    answer: 'verified',
    note: 'that only messages newer than `lastDate` come is inferred',
  },
  'appdome-test': {
    client: 'appdomeTest',
    path: '/tasks',
    action: 'appdome_test',
    section: '3.13',
    request: 'tests',
    answer: 'tests',
  },
  'appdome-test-result': {
    client: 'appdomeTestResult',
    path: '/tasks/{testId}/appdome-test-result',
    section: '3.13',
    request: 'tests',
    answer: 'unknown',
  },
  output: {
    client: 'downloadOutput',
    path: '/tasks/{buildId}/output',
    section: '3.14',
    request: 'verified',
    answer: 'verified',
    note: '`?action=sign_second_output` for the universal APK of an .aab, `?action=deobfuscation_script` for the mapping files',
  },
  certificate: {
    client: 'certificatePdf',
    path: '/tasks/{buildId}/certificate',
    section: '3.15',
    request: 'verified',
    answer: 'verified',
  },
  'certificate-json': {
    client: 'certificateJson',
    path: '/tasks/{buildId}/certificate-json',
    section: '3.15',
    request: 'verified',
    answer: 'tests',
    note: '13 of its keys are proven, the rest is unknown',
  },
  'verify-certificate': {
    client: 'verifyCertificate',
    path: '/verify-certificate',
    section: '3.16',
    request: 'documented',
    answer: 'inferred',
    note: 'documented in one sentence: the body of the request is inferred too',
  },
  'validation-upload': {
    client: 'validationUpload',
    path: '/validation/upload',
    section: '3.17',
    request: 'verified',
    answer: 'verified',
  },
  'validation-status': {
    client: 'validationStatus',
    path: '/validation/{validationId}/status',
    section: '3.17',
    request: 'verified',
    answer: 'verified',
    note: 'the nesting of its messages is inferred',
  },
  'storage-check': {
    client: 'checkStorage',
    path: 'storage',
    section: '3.1',
    request: 'inferred',
    answer: 'inferred',
    note: 'no request of the API: a connection to its storage',
  },
  'deploy-script': {
    client: 'deployScript',
    path: '/tasks/{buildId}/deploy-script',
    section: '3.18',
    request: 'documented',
    answer: 'unknown',
  },
  'release-fusion-set': {
    client: 'releaseFusionSet',
    path: '/release_fs/{fusionSetId}',
    section: '3.19',
    request: 'verified',
    answer: 'verified',
    note: '`team_id` is the team that gets the copy',
  },
  'export-fusion-set': {
    client: 'exportFusionSet',
    path: '/fusion-set/{fusionSetId}/export-json',
    section: '3.20',
    request: 'documented',
    answer: 'unknown',
    note: 'the path is derived from the address of its documentation',
  },
  'compare-fusion-sets': {
    client: 'compareFusionSets',
    path: '/fusion-set/compare',
    section: '3.20',
    request: 'documented',
    answer: 'unknown',
    note: 'the path is derived as above; the names of the query are unknown',
  },
  'fusion-set-history': {
    client: 'fusionSetHistory',
    path: '/fusion-set/history',
    section: '3.20',
    request: 'documented',
    answer: 'unknown',
    note: 'the path is derived as above; the names of the query are unknown',
  },
  publish: {
    client: 'publish',
    path: '/publish',
    section: '3.21',
    request: 'documented',
    answer: 'unknown',
    note: 'the request is of unknown shape too',
  },
  'sessions-limit': {
    client: 'sessionsLimit',
    path: '/sessions/limit',
    section: '3.22',
    request: 'documented',
    answer: 'unknown',
  },
  'refresh-api-token': {
    client: 'refreshApiToken',
    path: '/refreshApiToken',
    section: '3.23',
    request: 'documented',
    answer: 'unknown',
    note: 'the new key is in the answer, so it comes wrapped as a secret; that the old key ends is inferred',
  },
} as const satisfies Record<Operation, Endpoint>;

/** Endpoints that have no method, and why. */
export const LEFT_OUT = [
  {
    path: 'POST /lifecycle',
    section: '3.24',
    why: 'An older way to do everything in one request; no client uses it and the current documentation does not name it.',
  },
  {
    path: 'GET /events, /mycompany/…',
    section: '3.25',
    why: 'Logs and administration of an account, not the protection of an app.',
  },
] as const;
