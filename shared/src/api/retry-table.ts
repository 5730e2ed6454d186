/**
 * For every request: may it be repeated, and why? The one place that says so; docs/api-client.md is generated from it.
 *
 * The service has no idempotency keys (appdome-api.md §1.6), so a POST is repeated only where this table says why it may be.
 * A new endpoint is a new row here, one in `endpoints.ts` and a method in one of the endpoint files; the transport stays as it is.
 */
import type { ErrorCode } from '../model/errors.ts';
import { FOREIGN_REQUESTS, type ForeignRequest } from './foreign-requests.ts';

export interface OperationRule {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /**
   * `always`: repeating changes nothing, so every temporary failure is repeated.
   * `unsent`: only when the request provably did not reach the service, or when the service says that it did not take it: 429, or
   * 503 with Retry-After. Never when an answer was lost.
   */
  repeat: 'always' | 'unsent';
  /** Why, one sentence. */
  why: string;
  /** How many times `retries` this request may be repeated. Default 1. */
  patience?: number;
  /** What the error is called when the service may have done the work and we cannot know. Default: what failed. */
  lost?: ErrorCode;
  /** What to do then, where the code alone does not say it. */
  lostHint?: string;
  /** What we were doing, for messages: "<doing> failed". */
  doing: string;
}

const READS = 'It only reads.';
const WATCHES = 'It only reads; the work goes on without us, so a short outage must not end a run of half an hour.';
/**
 * Nobody has proven that two in a row do no harm: a second one could meet the first while it runs. So after a lost answer the pipeline
 * looks at the task's status, which the service changes before it answers (§1.7), and decides by that (pipeline/post-build.ts).
 */
const ON_A_BUILD = 'Two in a row could meet each other; after a lost answer the state of the build decides.';
/** On some licences an upload starts a build of its own ("Short Flow", appdome-api.md §3.4). */
const SECOND_APP = 'A second one would be a second app in the library; after a lost answer the checksum tells.';
const BODY_UNKNOWN = 'What it does is only documented in a sentence.';

export const OPERATIONS = {
  'upload-link': { method: 'GET', repeat: 'always', why: READS, doing: 'Asking for an upload link' },
  'put-file': {
    method: 'PUT',
    repeat: 'always',
    why: 'It writes one object under one key: the same bytes again end in the same object.',
    doing: 'Uploading the app',
  },
  'upload-using-link': { method: 'POST', repeat: 'unsent', why: SECOND_APP, doing: 'Registering the uploaded app' },
  'upload-status': {
    method: 'GET',
    repeat: 'always',
    why: WATCHES,
    patience: 3,
    doing: 'Asking for the state of the upload',
  },
  'upload-direct': { method: 'POST', repeat: 'unsent', why: SECOND_APP, doing: 'Uploading the app' },
  'check-by-checksum': {
    method: 'POST',
    repeat: 'always',
    why: 'A question in a POST: it changes nothing.',
    doing: 'Asking whether the app is known',
  },
  pwa: {
    method: 'POST',
    repeat: 'unsent',
    why: 'It makes an app, and on some licences starts a build that costs money.',
    lost: 'build.may-exist',
    doing: 'Making an app of the web address',
  },
  'library-apps': { method: 'GET', repeat: 'always', why: READS, doing: 'Listing the apps' },
  'delete-library-apps': {
    method: 'DELETE',
    repeat: 'unsent',
    why: 'Its request is not documented, so nobody can say that the second one deletes only what the first one did.',
    lostHint: 'List the apps to see what is still there.',
    doing: 'Deleting apps',
  },

  fuse: {
    method: 'POST',
    repeat: 'unsent',
    why: 'It starts a build that costs money.',
    lost: 'build.may-exist',
    doing: 'Starting the build',
  },
  'build-to-test': {
    method: 'POST',
    repeat: 'unsent',
    why: 'It starts a build that costs money.',
    lost: 'build.may-exist',
    doing: 'Starting the build-to-test build',
  },
  context: { method: 'POST', repeat: 'unsent', why: ON_A_BUILD, doing: 'Starting the context step' },
  sign: { method: 'POST', repeat: 'unsent', why: ON_A_BUILD, doing: 'Starting the signing' },
  seal: { method: 'POST', repeat: 'unsent', why: ON_A_BUILD, doing: 'Starting the private signing' },
  'sign-script': { method: 'POST', repeat: 'unsent', why: ON_A_BUILD, doing: 'Starting the Auto-DEV private signing' },
  'task-status': {
    method: 'GET',
    repeat: 'always',
    why: WATCHES,
    patience: 3,
    doing: 'Asking for the state of the build',
  },

  'appdome-test': {
    method: 'POST',
    repeat: 'unsent',
    why: 'Each one is a test run of its own.',
    lostHint: 'A test may be running: look in the console before you start another one.',
    doing: 'Starting the test of the build',
  },
  'appdome-test-result': { method: 'GET', repeat: 'always', why: READS, doing: 'Fetching the result of the test' },

  output: { method: 'GET', repeat: 'always', why: READS, doing: 'Downloading' },
  'deploy-script': { method: 'GET', repeat: 'always', why: READS, doing: 'Fetching the deploy script' },
  certificate: { method: 'GET', repeat: 'always', why: READS, doing: 'Fetching the certificate PDF' },
  'certificate-json': { method: 'GET', repeat: 'always', why: READS, doing: 'Fetching the certificate JSON' },

  'verify-certificate': {
    method: 'POST',
    repeat: 'always',
    why: 'A question in a POST: it changes nothing (inferred).',
    doing: 'Asking the service to verify the certificate',
  },
  'validation-upload': {
    method: 'POST',
    repeat: 'always',
    why: 'A second validation makes no app, changes none and costs nothing (inferred).',
    doing: 'Uploading the app for validation',
  },
  'validation-status': {
    method: 'GET',
    repeat: 'always',
    why: WATCHES,
    patience: 3,
    doing: 'Asking for the state of the validation',
  },
  'storage-check': { method: 'GET', repeat: 'always', why: READS, doing: 'Connecting to the storage' },

  'release-fusion-set': {
    method: 'POST',
    repeat: 'unsent',
    why: 'Each one makes a copy of the Fusion Set in the other team.',
    lostHint: 'A copy may be in the other team: look there before you release it again.',
    doing: 'Releasing the Fusion Set',
  },
  'export-fusion-set': { method: 'GET', repeat: 'always', why: READS, doing: 'Exporting the Fusion Set' },
  'compare-fusion-sets': { method: 'GET', repeat: 'always', why: READS, doing: 'Comparing the Fusion Sets' },
  'fusion-set-history': {
    method: 'GET',
    repeat: 'always',
    why: READS,
    doing: 'Fetching the history of the Fusion Set',
  },
  publish: { method: 'PUT', repeat: 'unsent', why: BODY_UNKNOWN, doing: 'Publishing the certificates' },

  'sessions-limit': { method: 'GET', repeat: 'always', why: READS, doing: 'Asking for the limit of sessions' },
  'refresh-api-token': {
    method: 'POST',
    repeat: 'unsent',
    why: 'Each one makes a new key and ends the one before it.',
    lostHint: 'The old key may have ended: take the new one from the console, Account and API.',
    doing: 'Replacing the API key',
  },
} as const satisfies Record<string, OperationRule>;

export type Operation = keyof typeof OPERATIONS;

export function ruleOf(operation: Operation | ForeignRequest): OperationRule {
  return operation in FOREIGN_REQUESTS
    ? FOREIGN_REQUESTS[operation as ForeignRequest]
    : OPERATIONS[operation as Operation];
}
