/**
 * Fault instructions: what goes wrong, for which requests, how often. The list is JSON and is checked before use. The control state tells
 * how many are left, so that a test can require that all were used up.
 */
import {
  array,
  boolean,
  discriminatedUnion,
  enum as enumeration,
  gte,
  type infer as Infer,
  int,
  literal,
  lte,
  optional,
  record,
  regex,
  strictObject,
  string,
  union,
  unknown,
} from 'zod/mini';

const count = int().check(gte(0));
const positive = int().check(gte(1));
const statusCode = int().check(gte(400), lte(599));
const stringMap = record(string(), string());

const doSchema = discriminatedUnion('kind', [
  /** Answers this status. `effect: true` lets the request take effect first: a gateway's 502 or 504 in front of a working service. */
  strictObject({
    kind: literal('status'),
    code: statusCode,
    headers: optional(stringMap),
    body: optional(string()),
    contentType: optional(string()),
    effect: optional(boolean()),
  }),
  /** Answers an HTML page, as a proxy or a captive portal does. */
  strictObject({
    kind: literal('html'),
    code: optional(int().check(gte(200), lte(599))),
    body: optional(string()),
    effect: optional(boolean()),
  }),
  /**
   * Destroys the socket: once the headers have arrived (`request`), after n bytes of the body (`request-body`), instead of the answer to a
   * request that took effect (`answer`), or after n bytes of the answer's body (`answer-body`).
   */
  strictObject({
    kind: literal('reset'),
    at: enumeration(['request', 'request-body', 'answer', 'answer-body']),
    bytes: optional(count),
  }),
  /** Never answers (`request`: without effect, `answer`: with), or stops after n bytes of the answer's body. */
  strictObject({
    kind: literal('stall'),
    at: enumeration(['request', 'answer', 'answer-body']),
    bytes: optional(count),
  }),
  /**
   * Closes the connection cleanly after n bytes. The Content-Length is that of the whole body, or with `announced: "part"` that of what is
   * sent, so that nothing on the wire shows that the rest is missing.
   */
  strictObject({ kind: literal('truncate'), bytes: count, announced: optional(enumeration(['whole', 'part'])) }),
  /** Sends n bytes of the body, one by one, before the rest: slow, but not silent. */
  strictObject({ kind: literal('trickle'), bytes: count, pauseMs: optional(count) }),
  /** Answers a redirect: to the same address again (`itself`), or to the same path at another origin of this machine (`elsewhere`). */
  strictObject({ kind: literal('redirect'), to: enumeration(['itself', 'elsewhere']) }),
  /** Waits before it answers; `scaled` (default true) by the time scale. */
  strictObject({ kind: literal('delay'), ms: count, scaled: optional(boolean()) }),
  /** Replaces the answer's body; give exactly one of text, base64 and json. */
  strictObject({
    kind: literal('replace'),
    text: optional(string()),
    base64: optional(string()),
    json: optional(unknown()),
    code: optional(int().check(gte(200), lte(599))),
    contentType: optional(string()),
  }),
  /** Sets or deletes keys of a JSON answer; dots reach inside (`certificate.build_id`). */
  strictObject({
    kind: literal('patchJson'),
    set: optional(record(string(), unknown())),
    delete: optional(array(string())),
  }),
  /** Another `status` (or `validation_state`) word in a status answer. */
  strictObject({ kind: literal('statusWord'), word: string() }),
  /** The state of an upload: `queued` n times, or `error` with a text. */
  strictObject({ kind: literal('uploadState'), state: string(), error: optional(string()) }),
  /** The stage that this POST starts ends in `error`. */
  strictObject({
    kind: literal('taskError'),
    stage: enumeration(['fuse', 'context', 'sign', 'seal', 'sign_script', 'appdome_test']),
    message: string(),
  }),
  /** One more workflow message, in an answer to messages=true. */
  strictObject({ kind: literal('message'), text: string(), messageType: optional(string()) }),
  /** Changes what the certificate says. Applies to both documents unless `match.path` narrows it to one, which makes them disagree. */
  strictObject({
    kind: literal('certificate'),
    buildId: optional(string()),
    fusionSetId: optional(string()),
    appId: optional(string()),
    teamId: optional(string()),
    finalSha256: optional(string().check(regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits'))),
    originalSha256: optional(string().check(regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits'))),
    /** No protection at all: the list exists but is empty. */
    featuresEmpty: optional(boolean()),
    /** Keys and display names that are not on the certificate. */
    dropFeatures: optional(array(string())),
    /** JSON only: the value of one feature, whatever the shape. */
    featureValue: optional(strictObject({ key: string(), value: unknown() })),
    /** JSON only: another name for the feature list, e.g. `missing_features`. */
    featureListKey: optional(string()),
    /** A second value for an identity key: a second line on the PDF, a nested second key in the JSON. */
    secondIdentity: optional(
      strictObject({ key: enumeration(['build_id', 'fusion_set_id', 'app_id', 'bundle_id']), value: string() }),
    ),
    missingListeners: optional(array(string())),
    extendedLogs: optional(boolean()),
    appName: optional(string()),
    fusionSetName: optional(string()),
    annotation: optional(string()),
    signer: optional(string()),
    user: optional(string()),
    /** Writes the PDF's text objects in another order. */
    shuffleSeed: optional(count),
  }),
]);

const matchSchema = strictObject({
  method: optional(enumeration(['GET', 'POST', 'PUT', 'DELETE'])),
  /**
   * Path without query: a glob (`*` within a segment, `**` across segments), or a regular expression after `regex:`.
   */
  path: optional(string()),
  /** The form field `action` of POST /tasks, or the query parameter of the same name. */
  action: optional(string()),
});

export const faultInstructionSchema = strictObject({
  /** A note for readers of the state. */
  name: optional(string()),
  match: optional(matchSchema),
  /** How many requests it applies to; default 1. */
  times: optional(union([positive, literal('always')])),
  /** How many matching requests to let pass first; default 0. */
  after: optional(count),
  do: doSchema,
});

export type FaultInstruction = Infer<typeof faultInstructionSchema>;
export type FaultAction = Infer<typeof doSchema>;
export type CertificateFault = Extract<FaultAction, { kind: 'certificate' }>;

/** An instruction and how much of it is used up. */
export interface FaultState {
  instruction: FaultInstruction;
  /** Matching requests to let pass first. */
  skip: number;
  /** Requests that it will still apply to; null = all. */
  remaining: number | null;
  /** Requests that it applied to, by their number in the record. */
  met: number[];
}

/** Where an instruction without `match.path` applies. */
export const DEFAULT_PATHS: Partial<Record<FaultAction['kind'], { method?: 'GET' | 'POST'; path: string }>> = {
  statusWord: { method: 'GET', path: '**/status' },
  uploadState: { method: 'GET', path: '**/upload/*/status' },
  taskError: { method: 'POST', path: '**/tasks' },
  message: { method: 'GET', path: '**/tasks/*/status' },
  certificate: { method: 'GET', path: 'regex:/certificate(-json)?$' },
};

/**
 * Checks a list of instructions.
 * @returns the instructions, or every problem, each naming the index and the key, e.g. `faults[2].do.code: …`
 */
export function parseFaults(input: unknown): { faults: FaultInstruction[] } | { problems: string[] } {
  if (!Array.isArray(input)) return { problems: ['faults: must be a JSON list of instructions'] };
  const faults: FaultInstruction[] = [];
  const problems: string[] = [];
  for (const [index, entry] of input.entries()) {
    const parsed = faultInstructionSchema.safeParse(entry);
    if (parsed.success) {
      faults.push(parsed.data);
      problems.push(...extraProblems(parsed.data).map((problem) => `faults[${index}].${problem}`));
      continue;
    }
    for (const issue of parsed.error.issues) {
      const where = issue.path.map((key) => `.${String(key)}`).join('');
      problems.push(`faults[${index}]${where}: ${describeIssue(issue)}`);
    }
  }
  return problems.length > 0 ? { problems } : { faults };
}

interface Issue {
  code?: string | undefined;
  message: string;
  keys?: unknown;
  expected?: unknown;
  values?: unknown;
  minimum?: unknown;
  maximum?: unknown;
}

/** zod/mini has no English texts; these are ours. */
function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown key ${(issue.keys as string[]).join(', ')}`;
    case 'invalid_type':
      return `must be a ${String(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${(issue.values as unknown[]).join(', ')}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'invalid_union':
      return 'is not an allowed value (the README lists them)';
    default:
      return issue.message;
  }
}

function extraProblems({ match, do: action }: FaultInstruction): string[] {
  const problems: string[] = [];
  if (
    action.kind === 'replace' &&
    [action.text, action.base64, action.json].filter((body) => body !== undefined).length !== 1
  ) {
    problems.push('do: give exactly one of text, base64 and json');
  }
  if (
    (action.kind === 'reset' || action.kind === 'stall') &&
    action.at.endsWith('-body') &&
    action.bytes === undefined
  ) {
    problems.push(`do.bytes: is needed with at "${action.at}"`);
  }
  if (match?.path?.startsWith('regex:') === true) {
    try {
      new RegExp(match.path.slice('regex:'.length));
    } catch (error) {
      problems.push(`match.path: ${(error as Error).message}`);
    }
  }
  return problems;
}
