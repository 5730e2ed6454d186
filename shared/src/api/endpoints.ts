/**
 * Every request: its address, whether and why it may be repeated, its wording for messages, and how sure we are of the protocol. The
 * transport and the client use this table, and docs/api-client.md is generated from it. To add an endpoint, add a row here, a function in
 * one of the files beside this one, and its name in `client.ts`.
 *
 * The service has no idempotency keys (appdome-api.md §1.6), so a POST is repeated only where its row says why that is safe.
 */
import type { ErrorCode } from '../model/errors.ts';

/** What the transport must know about a request, wherever it goes. */
export interface RequestRule {
  method: 'GET' | 'POST' | 'PUT';
  /**
   * `always`: repeating changes nothing, so every temporary failure is repeated. `unsent`: repeated only if the request provably did not
   * reach the service, or the service says that it did not accept it: 429, or 503 with Retry-After. Never after a lost answer.
   */
  repeat: 'always' | 'unsent';
  /** Why, in one sentence. */
  why: string;
  /** Asked again and again while the service works, so an answer that cannot be read is bridged like an outage. */
  polled?: true;
  /** Only the server that was asked may answer: a redirect to another origin is refused. */
  ownOrigin?: true;
  /**
   * The service works on the request before it answers, so silence after the last byte was sent is not a stall: only the deadline of the
   * stage ends it.
   */
  slowAnswer?: true;
  /** Error code when the service may have done the work and we cannot know. Default: the code of the failure. */
  lost?: ErrorCode;
  /** What to do then, if the code alone does not tell. */
  lostHint?: string;
  /** What we were doing, for messages: "<doing> failed". */
  doing: string;
}

/**
 * How sure we are of the protocol. `verified`: read in an official client. `tests`: read in Appdome's own test suite. `documented`: in
 * Appdome's documentation only. `inferred`: our conclusion, with no direct evidence.
 */
export type Confidence = 'verified' | 'tests' | 'documented' | 'inferred';

export interface Endpoint extends RequestRule {
  /** Path below `/api/v1`, `{…}` for an id; `storage` for an address that the service gave. */
  path: string;
  /** Value of the form's `action`. */
  action?: string;
  /** False if `team_id` is not the client's team (appdome-api.md §1.4). Default true. */
  team?: false;
  /** Section of the protocol reference (appdome-api.md). */
  section: string;
  /** That the endpoint exists, and what is sent. */
  request: Confidence;
  /** What comes back. */
  answer: Confidence;
  /** Anything less sure than the marks say, or good to know. */
  note?: string;
}

type Row<Given extends keyof Endpoint> = Omit<Endpoint, Given> & Partial<Pick<Endpoint, Given>>;

function reads(row: Row<'method' | 'repeat' | 'why'>): Endpoint {
  return { method: 'GET', repeat: 'always', why: 'It only reads.', ...row };
}

/** A status request, polled while the service works. */
function watches(row: Row<'method' | 'repeat' | 'why' | 'polled' | 'ownOrigin'>): Endpoint {
  const why = 'It only reads, and the work continues without us, so an outage must not end a run of half an hour.';
  return reads({ why, polled: true, ownOrigin: true, ...row });
}

const VERIFIED = { request: 'verified', answer: 'verified' } as const;
const TESTS = { request: 'tests', answer: 'tests' } as const;

/** A request that adds an app. On some licences an upload starts a build of its own ("Short Flow", appdome-api.md §3.4). */
const SECOND_APP = {
  method: 'POST',
  repeat: 'unsent',
  why: 'A second one would add a second app to the library; after a lost answer, the checksum tells whether one is needed.',
} as const;

/** A request that starts a build. */
const COSTS_MONEY = {
  method: 'POST',
  repeat: 'unsent',
  why: 'It starts a build that costs money.',
  lost: 'build.may-exist',
} as const;

/**
 * An action on an existing build. Sending it twice is not proven harmless: the second one could arrive while the first is running. So after
 * a lost answer the pipeline checks the task's status, which the service changes before it answers (§1.7), and decides by that
 * (pipeline/post-build.ts).
 */
const ON_A_BUILD = {
  method: 'POST',
  path: '/tasks',
  ...VERIFIED,
  repeat: 'unsent',
  why: 'Two could overlap; after a lost answer, the state of the build decides.',
} as const;

/** The requests of the build API, by the name of the client's method. */
export const ENDPOINTS = {
  uploadLink: reads({
    path: '/upload-link',
    section: '3.1',
    ...VERIFIED,
    ownOrigin: true,
    doing: 'Asking for an upload link',
  }),
  putFile: {
    method: 'PUT',
    path: 'storage',
    section: '3.1',
    ...VERIFIED,
    note: 'that storage refuses chunked transfer and wants no Content-Type is inferred',
    repeat: 'always',
    why: 'It writes one object under one key: sending the same bytes again gives the same object.',
    doing: 'Uploading the app',
  },
  uploadUsingLink: {
    path: '/upload-using-link?async=true',
    section: '3.1',
    ...VERIFIED,
    ...SECOND_APP,
    doing: 'Registering the uploaded app',
  },
  uploadStatus: watches({
    path: '/upload/{appId}/status',
    section: '3.1',
    request: 'verified',
    answer: 'documented',
    doing: 'Asking for the state of the upload',
  }),
  uploadDirect: {
    path: '/upload',
    section: '3.2',
    ...VERIFIED,
    note: 'the older `app.id` of the answer is documented',
    ...SECOND_APP,
    doing: 'Uploading the app',
  },
  checkByChecksum: {
    method: 'POST',
    path: '/apps/check-by-checksum',
    section: '3.3',
    ...VERIFIED,
    repeat: 'always',
    why: 'A query sent as a POST: it changes nothing.',
    doing: 'Asking whether the app is known',
  },
  buildPwa: {
    ...COSTS_MONEY,
    path: '/pwappload',
    section: '3.4',
    ...TESTS,
    note: 'the platform `both`, and an answer with only `task_id`, are documented',
    why: 'It makes an app, and on some licences starts a build that costs money.',
    doing: 'Making an app from the web address',
  },
  libraryApps: reads({
    path: '/my-library-apps',
    section: '3.5',
    request: 'documented',
    answer: 'tests',
    ownOrigin: true,
    doing: 'Listing the apps',
  }),
  fuse: { ...COSTS_MONEY, path: '/tasks', action: 'fuse', section: '3.6', ...VERIFIED, doing: 'Starting the build' },
  buildToTest: {
    ...COSTS_MONEY,
    path: '/build-to-test',
    action: 'fuse',
    section: '3.7',
    ...VERIFIED,
    note: '`AUTOMATION_TRICENTIS_DEVICE_CLOUD` is documented, `AUTOMATION_TOSCA` is what the clients send',
    doing: 'Starting the build-to-test build',
  },
  context: {
    ...ON_A_BUILD,
    action: 'context',
    section: '3.8',
    note: 'that the answer repeats the build id is inferred; the build is polled',
    doing: 'Starting the context step',
  },
  sign: { ...ON_A_BUILD, action: 'sign', section: '3.9', doing: 'Starting the signing' },
  seal: { ...ON_A_BUILD, action: 'seal', section: '3.10', doing: 'Starting the private signing' },
  signScript: { ...ON_A_BUILD, action: 'sign_script', section: '3.11', doing: 'Starting the Auto-DEV private signing' },
  taskStatus: watches({
    path: '/tasks/{buildId}/status?messages=true',
    section: '3.12',
    ...VERIFIED,
    note: 'that only messages newer than `lastDate` come is inferred',
    doing: 'Asking for the state of the build',
  }),
  appdomeTest: {
    method: 'POST',
    path: '/tasks',
    action: 'appdome_test',
    section: '3.13',
    ...TESTS,
    repeat: 'unsent',
    why: 'Each one is a test run of its own.',
    lostHint: 'A test may be running: look in the console before you start another one.',
    doing: 'Starting the test of the build',
  },
  downloadOutput: reads({
    path: '/tasks/{buildId}/output',
    section: '3.14',
    ...VERIFIED,
    note: '`?action=sign_second_output` for the universal APK of an .aab, `?action=deobfuscation_script` for the mapping files',
    doing: 'Downloading',
  }),
  certificatePdf: reads({
    path: '/tasks/{buildId}/certificate',
    section: '3.15',
    ...VERIFIED,
    doing: 'Fetching the certificate PDF',
  }),
  certificateJson: reads({
    path: '/tasks/{buildId}/certificate-json',
    section: '3.15',
    request: 'verified',
    answer: 'tests',
    note: '13 of its keys are proven; the rest is unknown',
    doing: 'Fetching the certificate JSON',
  }),
  validationUpload: {
    method: 'POST',
    path: '/validation/upload',
    team: false,
    section: '3.17',
    ...VERIFIED,
    repeat: 'always',
    why: 'A second validation creates no app, changes nothing and costs nothing (inferred).',
    // The whole app would be sent again and again.
    slowAnswer: true,
    doing: 'Uploading the app for validation',
  },
  validationStatus: watches({
    path: '/validation/{validationId}/status',
    team: false,
    section: '3.17',
    ...VERIFIED,
    note: 'the nesting of its messages is inferred',
    doing: 'Asking for the state of the validation',
  }),
  checkStorage: reads({
    path: 'storage',
    section: '3.1',
    request: 'inferred',
    answer: 'inferred',
    note: 'not a request of the API: a connection to its storage',
    doing: 'Connecting to the storage',
  }),
  releaseFusionSet: {
    method: 'POST',
    path: '/release_fs/{fusionSetId}',
    team: false,
    section: '3.19',
    ...VERIFIED,
    note: '`team_id` is the team that gets the copy',
    repeat: 'unsent',
    why: 'Each one makes a copy of the Fusion Set in the other team.',
    lostHint: 'The other team may already have a copy: look there before you release it again.',
    doing: 'Releasing the Fusion Set',
  },
  sessionLimit: reads({
    path: '/sessions/limit',
    section: '3.22',
    request: 'documented',
    answer: 'inferred',
    note: 'only a run of a fleet asks; what it does not understand, it ignores',
    ownOrigin: true,
    doing: 'Asking for the session limit',
  }),
} as const satisfies Record<string, Endpoint>;

export type Operation = keyof typeof ENDPOINTS;

/**
 * Requests that do not go to the build API: files that inputs name by URL, and mapping files for crash reporters. They use the same
 * transport (proxy, CA, clocks, retry) but never the API key: the caller creates a Transport without one.
 */
export const FOREIGN_REQUESTS = {
  inputFile: { method: 'GET', repeat: 'always', why: 'It only reads.', doing: 'Fetching the file' },
  datadogMapping: {
    method: 'POST',
    repeat: 'always',
    why: 'Uploading the same mapping of the same build again replaces it.',
    doing: 'Uploading the mapping to Datadog',
  },
} as const satisfies Record<string, RequestRule>;

export type ForeignRequest = keyof typeof FOREIGN_REQUESTS;

const REQUESTS: Record<Operation | ForeignRequest, RequestRule> = { ...ENDPOINTS, ...FOREIGN_REQUESTS };

export function ruleOf(operation: Operation | ForeignRequest): RequestRule {
  return REQUESTS[operation];
}

const UNDESCRIBED = 'No official client sends it, and its documentation does not say what comes back.';

/** Endpoints that have no method, and why. */
export const LEFT_OUT = [
  {
    path: 'DELETE /my-library-apps',
    section: '3.5',
    why: 'It deletes apps, and its documentation does not say how to name them.',
  },
  { path: 'GET /tasks/{testId}/appdome-test-result', section: '3.13', why: UNDESCRIBED },
  {
    path: 'POST /verify-certificate',
    section: '3.16',
    why: 'No official client sends it, and its documentation says neither what to send nor what comes back.',
  },
  { path: 'GET /tasks/{buildId}/deploy-script', section: '3.18', why: UNDESCRIBED },
  {
    path: 'GET /fusion-set/{fusionSetId}/export-json, /fusion-set/compare, /fusion-set/history',
    section: '3.20',
    why: `${UNDESCRIBED} The paths are derived from addresses of its documentation.`,
  },
  { path: 'PUT /publish', section: '3.21', why: 'It publishes, and its documentation does not say what to send.' },
  {
    path: 'POST /refreshApiToken',
    section: '3.23',
    why: 'It replaces the API key, and its documentation does not say where the answer has the new one.',
  },
  {
    path: 'POST /lifecycle',
    section: '3.24',
    why: 'An older way to do everything in one request. No client uses it, and the current documentation does not mention it.',
  },
  {
    path: 'GET /events, /mycompany/…',
    section: '3.25',
    why: 'Account logs and administration, unrelated to protecting an app.',
  },
] as const;
