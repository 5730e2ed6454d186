/**
 * For every request: may it be repeated? The one place that says so.
 *
 * The service has no idempotency keys (appdome-api.md §1.6), so a POST is repeated only where this table says why it may be.
 * A new endpoint is a new row here and a method in one of the endpoint files; the transport stays as it is.
 */
import type { ErrorCode } from '../errors.ts';

export interface OperationRule {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /**
   * `always`: repeating changes nothing, so every temporary failure is repeated.
   * `unsent`: only when the request provably did not reach the service, or when the service says that it did not take it: 429, or
   * 503 with Retry-After. Never when an answer was lost.
   */
  repeat: 'always' | 'unsent';
  /** How many times `retries` this request may be repeated. Default 1. */
  patience?: number;
  /** What the error is called when the service may have done the work and we cannot know. Default: what failed. */
  lost?: ErrorCode;
  /** What we were doing, for messages: "<doing> failed". */
  doing: string;
}

export const OPERATIONS = {
  'upload-link': { method: 'GET', repeat: 'always', doing: 'Asking for an upload link' },

  // Writes one object under one key: the same bytes again end in the same object.
  'put-file': { method: 'PUT', repeat: 'always', doing: 'Uploading the app' },

  // A question in a POST: it changes nothing.
  'check-by-checksum': { method: 'POST', repeat: 'always', doing: 'Asking whether the app is known' },

  // Makes an app of an uploaded file. A second one would be a second app in the team's library, and on some licences an upload starts
  // a build of its own ("Short Flow", appdome-api.md §3.4). After a lost answer the upload step asks by checksum instead.
  'upload-using-link': { method: 'POST', repeat: 'unsent', doing: 'Registering the uploaded app' },

  'upload-status': { method: 'GET', repeat: 'always', patience: 3, doing: 'Asking for the state of the upload' },

  // Starts a build that costs money.
  fuse: { method: 'POST', repeat: 'unsent', lost: 'build.may-exist', doing: 'Starting the build' },

  // Context, sign and seal work on a build that exists and cost nothing anew, but nobody has proven that two in a row do no harm: a
  // second one could meet the first while it runs. So they are not repeated blindly either; after a lost answer the pipeline looks
  // at the task's status, which the service changes before it answers (§1.7), and decides by that (pipeline/post-build.ts).
  context: { method: 'POST', repeat: 'unsent', doing: 'Starting the context step' },
  sign: { method: 'POST', repeat: 'unsent', doing: 'Starting the signing' },
  seal: { method: 'POST', repeat: 'unsent', doing: 'Starting the private signing' },

  // The build goes on without us and asking costs nothing, so a short outage of the API should not end a run of half an hour.
  'task-status': { method: 'GET', repeat: 'always', patience: 3, doing: 'Asking for the state of the build' },

  output: { method: 'GET', repeat: 'always', doing: 'Downloading' },
  certificate: { method: 'GET', repeat: 'always', doing: 'Fetching the certificate PDF' },
  'certificate-json': { method: 'GET', repeat: 'always', doing: 'Fetching the certificate JSON' },
} as const satisfies Record<string, OperationRule>;

export type Operation = keyof typeof OPERATIONS;

export function ruleOf(operation: Operation): OperationRule {
  return OPERATIONS[operation];
}
