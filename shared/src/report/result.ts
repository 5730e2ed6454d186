/**
 * `fusegate-result.json`: the one model of a run's end. Every report is a function of it, and nothing else is.
 *
 * The schema is the definition: the type is inferred from it, and `docs/schemas/fusegate-result.schema.json` is generated from it.
 * It holds no secret and no account user's name.
 */
import {
  array,
  boolean,
  type infer as Infer,
  int,
  literal,
  nullable,
  number,
  object,
  enum as oneOf,
  optional,
  record,
  string,
} from 'zod/mini';

const ids = object({
  appId: optional(string()),
  buildId: optional(string()),
  fusionSetId: optional(string()),
  teamId: optional(string()),
});

const evidenceLocation = object({ document: oneOf(['pdf', 'json']), where: string(), text: string() });

const requirement = object({
  id: string(),
  rule: oneOf(['feature', 'key', 'any-of', 'all-of', 'threat-events', 'listener', 'forbid', 'build', 'baseline']),
  requirement: string(),
  feature: optional(object({ name: string(), key: optional(string()) })),
  severity: oneOf(['error', 'warning']),
  outcome: oneOf(['satisfied', 'missing', 'denied', 'unproven', 'no-listener', 'waived', 'not-evaluated']),
  evidence: array(evidenceLocation),
  lookedFor: array(string()),
  source: string(),
  message: string(),
  hint: optional(string()),
  waivedBy: optional(string()),
});

const finding = object({
  code: string(),
  level: oneOf(['error', 'warning', 'note']),
  feature: optional(string()),
  message: string(),
  hint: string(),
  waivedBy: optional(string()),
});

const certificate = object({
  /** Which documents were read: `pdf`, `json`, `pdf+json`, `none`. */
  source: oneOf(['pdf', 'json', 'pdf+json', 'none']),
  /** Shape by document. */
  shape: object({ pdf: optional(string()), json: optional(string()) }),
  sha256: object({ pdf: optional(string()), json: optional(string()) }),
  features: array(
    object({
      /** Display name by the catalogue, or the printed name. */
      name: string(),
      /** Internal key as printed, where one was. */
      key: optional(string()),
      category: optional(string()),
      /** Threat-Events mode as printed; absent = no source shows one. */
      threatEvents: optional(string()),
      source: oneOf(['pdf', 'json', 'pdf+json']),
    }),
  ),
  missingListeners: array(string()),
  /** Identity and build facts by name, as printed; no person's name. */
  facts: record(string(), string()),
});

export const resultSchema = object({
  schemaVersion: literal(1),
  tool: object({
    name: literal('fusegate'),
    version: string(),
    /** SHA-256 of the bundle that ran, lower-case hex. */
    bundleSha256: optional(string()),
  }),
  mode: oneOf(['run', 'gate', 'validate', 'verify']),
  verdict: oneOf(['pass', 'fail', 'error', 'not-evaluated']),
  exitCode: int(),
  gate: oneOf(['enforce', 'warn', 'disabled']),
  /** A run against anything that is not the service itself. */
  rehearsal: boolean(),
  /** Origin of the service that was talked to; null where no request was needed. */
  server: nullable(string()),
  /** ISO 8601, UTC. */
  startedAt: string(),
  finishedAt: nullable(string()),
  ci: object({
    system: string(),
    runUrl: optional(string()),
    repository: optional(string()),
    commit: optional(string()),
    actor: optional(string()),
  }),
  requirements: array(requirement),
  findings: array(finding),
  missingFeatures: array(string()),
  ids,
  app: optional(
    object({
      path: optional(string()),
      platform: optional(oneOf(['android', 'ios'])),
      kind: optional(string()),
      name: optional(string()),
      bundleId: optional(string()),
      version: optional(string()),
      sha256: optional(string()),
      size: optional(number()),
    }),
  ),
  files: array(
    object({
      role: oneOf([
        'protected-app',
        /** The app that its owner signed, as `validate` has bound it. */
        'signed-app',
        'rejected-app',
        'second-output',
        'deobfuscation-map',
        'certificate-pdf',
        'certificate-json',
      ]),
      path: string(),
      sha256: string(),
      size: number(),
    }),
  ),
  binding: object({
    level: oneOf(['file', 'content', 'service', 'unconfirmed', 'none']),
    message: string(),
    originalMatches: optional(boolean()),
    finalMatches: optional(boolean()),
    /** The file that is bound, lower-case hex; only at level file, content or service. */
    sha256: optional(string()),
  }),
  stages: array(object({ name: string(), startedAt: string(), durationMs: number(), requests: int() })),
  certificate,
  /** `verified`: judged on the PDF; `inferred`: on a JSON shape that nobody has confirmed; `none`: not judged. */
  evidence: oneOf(['verified', 'inferred', 'none']),
  policy: object({
    path: optional(string()),
    /** SHA-256 of the resolved policy, canonical JSON, lower-case hex. */
    sha256: string(),
    /** What was required after everything was merged. */
    resolved: record(string(), array(string())),
  }),
  /** What this certificate was compared with: path, sha256, kind, and counts as decimal numbers. */
  baseline: nullable(record(string(), string())),
  /** What the service said of an app that its owner signed; mode validate. */
  validation: optional(
    object({
      id: string(),
      /** Build that the service named. */
      buildId: string(),
      /** Its words. */
      message: string(),
      /** Of the file that was uploaded, lower-case hex. */
      sha256: string(),
      size: number(),
      /** ISO 8601, UTC. `finishedAt` stays that of the judgement. */
      at: string(),
      /** SHA-256 of the result that was bound anew; absent where none was given. */
      resultSha256: optional(string()),
    }),
  ),
  /** Present only in the result of a dry run, which judges nothing. */
  dryRun: optional(
    object({
      /** What a firewall must allow. */
      hosts: array(object({ host: string(), why: string() })),
      /** Milliseconds by which this machine's clock is ahead of the service's. */
      clockSkewMs: optional(int()),
    }),
  ),
  /** What the service said of the certificate's genuineness; absent where it was not asked. */
  verification: optional(object({ outcome: oneOf(['confirmed', 'unanswered']), message: string() })),
});

export type FusegateResult = Infer<typeof resultSchema>;
