/**
 * Every way a run can stop, as one typed error.
 *
 * Consumers switch on `code`, never on the text. The exit code follows from `code` alone (design: "CLI exits"), so every adapter exits the
 * same way.
 */

/** Where in the job something happened. Also the names of the timed stages in the result. */
export type StageName =
  | 'preflight'
  | 'checksum'
  | 'upload'
  | 'analysis'
  | 'build'
  | 'context'
  | 'sign'
  | 'download'
  | 'certify'
  | 'gate'
  | 'validation'
  | 'mapping';

/** The ids that the service gave us. A person needs them to continue by hand. */
export interface ServiceIds {
  appId?: string;
  buildId?: string;
  fusionSetId?: string;
  teamId?: string;
}

/** CLI exits, the same for every adapter that has exit codes. */
export const EXIT = {
  pass: 0,
  usage: 2,
  auth: 3,
  network: 4,
  service: 5,
  gateFailed: 6,
  timeout: 7,
  noVerdict: 8,
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The one list of codes. The key is the contract; the value is the exit code it leads to. Each has an entry in docs/errors.md. */
export const EXIT_OF_CODE = {
  /** One or more options are wrong; `problems` names them all. Resolved before any request. */
  'usage.invalid': EXIT.usage,
  /** A secret is empty because the CI system withholds it (forks, Dependabot). */
  'secret.unavailable': EXIT.usage,
  /** 401: the API key was not accepted. */
  'auth.rejected': EXIT.auth,
  /** 403 from the API: the key has no access to this team, app or build. */
  'auth.forbidden': EXIT.auth,
  /** DNS, refused, reset, TLS: no answer, after retries. */
  'network.unreachable': EXIT.network,
  'network.connect-timeout': EXIT.network,
  /** No byte in either direction for the stall time. */
  'network.stalled': EXIT.network,
  /** The API answered 5xx, 408 or 429 until the retries were used up. */
  'api.unavailable': EXIT.network,
  /** The answer does not follow the API's protocol: HTML, a truncated body, a missing field. */
  'api.unexpected': EXIT.network,
  /** A redirect that we do not follow: too many, another scheme, or a request whose body is already consumed. */
  'api.redirect': EXIT.network,
  /** A download with the wrong length or file type. */
  'download.corrupt': EXIT.network,
  /** The app changed on disk while it was being uploaded. */
  'upload.changed': EXIT.network,
  /** The answer to a build request was lost: a build that costs money may exist. */
  'build.may-exist': EXIT.network,
  /** 4xx: the service understood and refused. */
  'service.refused': EXIT.service,
  'service.analysis-failed': EXIT.service,
  'service.build-failed': EXIT.service,
  'service.context-failed': EXIT.service,
  'service.sign-failed': EXIT.service,
  /** The service failed to validate a signed app. */
  'service.validation-failed': EXIT.service,
  /** A deadline passed although the service was responding. */
  'timeout.upload': EXIT.timeout,
  'timeout.analysis': EXIT.timeout,
  'timeout.build': EXIT.timeout,
  'timeout.sign': EXIT.timeout,
  'timeout.download': EXIT.timeout,
  'timeout.validation': EXIT.timeout,
  'timeout.run': EXIT.timeout,
  /** The service rejects a signed app: it did not build it, the signature is wrong, or it comes from another build. */
  'validation.rejected': EXIT.gateFailed,
  /** The service finished its validation without a statement that proves the app. */
  'validation.unproven': EXIT.noVerdict,
  /** The result is not a pass under `gate: enforce`. */
  'result.not-a-pass': EXIT.gateFailed,
  /** The result is not about this file, this service or this policy, is too old, or cannot be read. */
  'result.refused': EXIT.noVerdict,
  /** The result has another schema version, so it cannot be interpreted. */
  'result.version': EXIT.noVerdict,
  'run.cancelled': EXIT.cancelled,
  /** The output folder could not be written. Nothing was sent. */
  'output.unwritable': EXIT.usage,
  /** Another run works in the output folder. Nothing was sent. */
  'output.in-use': EXIT.usage,
  /** The output folder could not be written after the service had been asked for something. */
  'output.not-kept': EXIT.noVerdict,
  /** A bug in Fusegate. Never green. */
  'internal.unexpected': EXIT.noVerdict,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof EXIT_OF_CODE;

/** @returns the process exit that an error code leads to under `gate: enforce`. */
export function exitOfCode(code: ErrorCode): ExitCode {
  return EXIT_OF_CODE[code];
}

/** One thing that is wrong with the input. All of a run's are reported at once. */
export interface UsageProblem {
  /** The option as the user spelt it, or would spell it on this system, e.g. `--signing-fingerprint`. */
  option: string;
  /** The value as given; absent for secrets and for missing options. */
  value?: string;
  /** What is wrong, in one sentence without a full stop. */
  message: string;
  /** The allowed form, or what to write instead. */
  allowed?: string;
}

export interface FusegateErrorOptions {
  stage?: StageName | undefined;
  ids?: ServiceIds | undefined;
  /** What to do next, in one or two sentences. Every error has a hint. */
  hint: string;
  cause?: unknown;
  /** HTTP status, where there is one. */
  status?: number | undefined;
  problems?: UsageProblem[] | undefined;
}

const MARK = Symbol.for('fusegate.error');

/**
 * The only error type that leaves `shared/`. `message` contains no secret, but may contain text from the server, already cut to one line.
 */
export class FusegateError extends Error {
  /** A bundle of several files has this class more than once, so `instanceof` asks for a mark instead of for this very class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  get [MARK](): true {
    return true;
  }
  override readonly name = 'FusegateError';
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly stage: StageName | undefined;
  readonly ids: ServiceIds;
  readonly hint: string;
  readonly status: number | undefined;
  readonly problems: UsageProblem[];

  constructor(code: ErrorCode, message: string, options: FusegateErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = exitOfCode(code);
    this.stage = options.stage;
    this.ids = options.ids ?? {};
    this.hint = options.hint;
    this.status = options.status;
    this.problems = options.problems ?? [];
  }

  /** The same error with its stage and build filled in, unless it already has them. */
  at(stage: StageName, ids: ServiceIds): FusegateError {
    return new FusegateError(this.code, this.message, {
      stage: this.stage ?? stage,
      ids: { ...ids, ...this.ids },
      hint: this.hint,
      cause: this.cause,
      status: this.status,
      problems: this.problems,
    });
  }
}

/** All input problems as one error (exit 2). */
export function usageError(problems: UsageProblem[]): FusegateError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new FusegateError('usage.invalid', `The inputs are invalid: ${count}. Nothing was sent.`, {
    hint: 'Correct the options named above and run again.',
    problems,
  });
}

/** Any other error is a bug in Fusegate, and must look like one. */
export function asFusegateError(error: unknown): FusegateError {
  if (error instanceof FusegateError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new FusegateError('internal.unexpected', `Unexpected: ${text}`, {
    hint: 'This is a defect of Fusegate. Run again with verbose and report what it prints.',
    cause: error,
  });
}
