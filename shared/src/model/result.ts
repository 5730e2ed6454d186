/**
 * `fusegate-result.json`: the one model of how a run ended. Every report is rendered from it and from nothing else.
 *
 * The schema is the definition: the type is inferred from it, and `docs/schemas/fusegate-result.schema.json` is generated from it. It
 * contains no secret and no account user's name.
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
import { SCHEMA_VERSION } from './schema-version.ts';

const ids = object({
  appId: optional(string()),
  buildId: optional(string()),
  fusionSetId: optional(string()),
  teamId: optional(string()),
});

/** `text` as printed there. */
const evidenceLocation = object({ document: oneOf(['pdf', 'json']), where: string(), text: string() });

const requirement = object({
  /** Stable within a policy: `feature:root_detection`. */
  id: string(),
  rule: oneOf([
    'feature',
    'key',
    'any-of',
    'all-of',
    'at-least',
    'threat-events',
    'listener',
    'app-listens',
    'forbid',
    'build',
    'signature-validity',
    'baseline',
  ]),
  /** It asks for a component that only supports protections. */
  component: optional(boolean()),
  /** As the user wrote it. */
  requirement: string(),
  /** Null unless the rule is about exactly one protection in the catalogue. */
  feature: nullable(object({ name: string(), key: optional(string()) })),
  /** What the policy's author wrote about the rule. */
  reference: object({ id: optional(string()), reason: optional(string()), link: optional(string()) }),
  severity: oneOf(['error', 'warning']),
  /**
   * `satisfied`: positively proven. `missing`: looked for and not found. `denied`: a document says false. `unproven`: the documents do not
   * say. `no-listener`: present in In-App Detection, but the app does not listen. `not-evaluated`: there is no verdict.
   */
  outcome: oneOf(['satisfied', 'missing', 'denied', 'unproven', 'no-listener', 'waived', 'not-evaluated']),
  /** Where the proof (or the denial) was found. */
  evidence: array(evidenceLocation),
  /** The printed names that would have proven it. */
  lookedFor: array(string()),
  /** Where the rule was written: an option or file:line. */
  source: string(),
  message: string(),
  hint: optional(string()),
  waivedBy: optional(string()),
});

const finding = object({
  code: string(),
  level: oneOf(['error', 'warning', 'note']),
  /** Display name, where the finding is about one. */
  feature: optional(string()),
  message: string(),
  /** What to do next. */
  hint: string(),
  waivedBy: optional(string()),
});

const waiver = object({
  /** As written. */
  features: array(string()),
  owner: string(),
  reason: string(),
  ticket: optional(string()),
  /** YYYY-MM-DD; holds to the end of that day, UTC. */
  expires: string(),
  /** `file:line`. */
  source: string(),
  /**
   * `active` lifts a rule here; `unused` would, but its rule is satisfied; `orphan`: no rule is about it; `expired` no longer lifts
   * anything; `out-of-scope` is not for this build.
   */
  state: oneOf(['active', 'unused', 'orphan', 'expired', 'out-of-scope']),
  /** Why it is out of scope: `bundle-id com.example.app, not com.example.qa.*`. */
  mismatch: optional(string()),
});

/** Wording on the certificate that counts as understood only because the policy accepts it. */
const wording = object({
  kind: oneOf(['title', 'heading', 'label', 'mode', 'text']),
  text: string(),
  document: oneOf(['pdf', 'json']),
  where: string(),
});

/**
 * What was between the run and the service: a proxy or custom CA could let another server pose as the service. Empty = nothing, or no
 * request was sent.
 */
const transport = object({
  /** Origin of the proxy, without credentials. */
  proxy: optional(string()),
  /** SHA-256 of the file of certificates that were trusted beside the usual ones (ca-file), lower-case hex. */
  caSha256: optional(string()),
  /** The same of the file that NODE_EXTRA_CA_CERTS names. */
  extraCaSha256: optional(string()),
  /** Where the usual certificates came from, if not from Node itself (--use-openssl-ca, --use-system-ca). */
  caStore: optional(oneOf(['openssl', 'system'])),
  /** SHA-256 of the file that SSL_CERT_FILE names, where OpenSSL's store counted. */
  storeSha256: optional(string()),
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
  schemaVersion: literal(SCHEMA_VERSION),
  tool: object({
    name: literal('fusegate'),
    version: string(),
    /** SHA-256 of the bundle that ran, lower-case hex. */
    bundleSha256: optional(string()),
  }),
  /** `report`: the results of several apps, joined. */
  mode: oneOf(['run', 'gate', 'validate', 'verify', 'report']),
  verdict: oneOf(['pass', 'fail', 'error', 'not-evaluated']),
  exitCode: int(),
  gate: oneOf(['enforce', 'warn', 'disabled']),
  /** Who set the gate: an option, a variable, a place in the policy. Absent if it is the default. */
  gateSetBy: optional(string()),
  /** The same for `evidenceMode`. */
  evidenceSetBy: optional(string()),
  /** The same for a dry run. */
  dryRunSetBy: optional(string()),
  /** A run against anything that is not the service itself. */
  rehearsal: boolean(),
  /** Origin of the service that was talked to; null where no request was needed. */
  server: nullable(string()),
  transport,
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
  /** The policy's waivers, each with what it does here. */
  waivers: array(waiver),
  /** Wording that counted as understood only because the policy accepts it. */
  accepted: array(wording),
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
  /** The app of a fleet file that the run was for; absent = none was given. */
  fleet: optional(
    object({
      file: string(),
      /** The name of the entry. */
      app: string(),
      /** SHA-256 of what the file said, lower-case hex. Results of one plan belong together. */
      plan: string(),
    }),
  ),
  /** Of an archive: the builds whose certificates were judged, each by itself. Absent where one build was judged. */
  builds: optional(
    array(
      object({
        /** Of its certificate files. */
        label: string(),
        /** As the certificate states it. */
        name: optional(string()),
        version: optional(string()),
        bundleId: optional(string()),
        buildId: optional(string()),
        fusionSetId: optional(string()),
        /** When the certificate was made, as it states it. */
        created: optional(string()),
        /** Labels of further files with the same bytes, which were not judged again. */
        duplicates: optional(array(string())),
        /** It is no build but a file of which nothing could be read. */
        unreadable: optional(boolean()),
        verdict: oneOf(['pass', 'fail', 'error', 'not-evaluated']),
      }),
    ),
  ),
  files: array(
    object({
      role: oneOf([
        'protected-app',
        /** The app signed by its owner, as `validate` bound it. */
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
    /** One sentence: what was compared with what. */
    message: string(),
    originalMatches: optional(boolean()),
    finalMatches: optional(boolean()),
    /** The file that is bound, lower-case hex; only at level file, content or service. What `verify` compares with. */
    sha256: optional(string()),
  }),
  stages: array(
    object({
      name: string(),
      startedAt: string(),
      durationMs: number(),
      requests: int(),
      /** How many of the requests repeat one that failed; absent = none. */
      retries: optional(int()),
      /** How long the service took, as far as this run saw: from the first status request to the answer that the step was done. */
      waitedMs: optional(number()),
    }),
  ),
  certificate,
  /** `verified`: judged on the PDF; `inferred`: judged on an unconfirmed JSON shape; `none`: not judged. */
  evidence: oneOf(['verified', 'inferred', 'none']),
  /** Which documents counted as proof, as set by the option `evidence`. */
  evidenceMode: oneOf(['pdf', 'json', 'both', 'any']),
  policy: object({
    path: optional(string()),
    /** SHA-256 of the resolved policy, canonical JSON, lower-case hex. */
    sha256: string(),
    /** What was required once everything was merged. */
    resolved: record(string(), array(string())),
    /** How old a certificate may be, in milliseconds; absent = any age. */
    maxCertificateAgeMs: optional(number()),
  }),
  /** Whether the app listens for the Threat-Events that required protections need, by the check before the upload; absent = not made. */
  listening: optional(
    object({
      /** `fail`: had an event not been registered, nothing would have been uploaded. */
      check: oneOf(['warn', 'fail']),
      events: array(
        object({
          name: string(),
          /** The protection that sends it. */
          protection: optional(string()),
          /**
           * `registered`: a registration is tied to the name, in the own code of the app; `named`: the name occurs, and nothing registers it;
           * `foreign`: only in another owner's code; `absent`: nowhere where it could be; `unknown`: where it would be cannot be read.
           */
          outcome: oneOf(['registered', 'named', 'foreign', 'absent', 'unknown']),
          /** Each in one line: file, place in it, what it is. */
          places: array(string()),
        }),
      ),
      /** Files of the app that could not be read, and why. */
      unreadable: array(object({ file: string(), reason: string() })),
    }),
  ),
  /** The baseline that this certificate was compared with: path, sha256, kind, and counts as decimal numbers. */
  baseline: nullable(record(string(), string())),
  /** Mode validate: what the service said about an app signed by its owner. */
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
      /** ISO 8601, UTC. `finishedAt` remains the time of the judgement. */
      at: string(),
      /** Of the validation. The result's own value is that of the judgement. */
      transport,
      /** SHA-256 of the result that was bound; absent if none was given. */
      resultSha256: optional(string()),
    }),
  ),
  /** Present only in the result of a dry run, which judges nothing. */
  dryRun: optional(
    object({
      /** The host that a firewall must allow. */
      hosts: array(object({ host: string(), why: string() })),
      /** Milliseconds by which this machine's clock is ahead of the service's. */
      clockSkewMs: optional(int()),
    }),
  ),
});

export type FusegateResult = Infer<typeof resultSchema>;
