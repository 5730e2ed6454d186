import type { Connection } from './agents.ts';
import { buildToTest, fuse } from './builds.ts';
import { releaseFusionSet } from './fusion-sets.ts';
import { libraryApps } from './library-apps.ts';
import { certificateJson, certificatePdf, downloadOutput } from './outputs.ts';
import { buildPwa } from './pwa.ts';
import { checkAccess, checkStorage } from './service-check.ts';
import { sessionLimit } from './session-limit.ts';
import { appdomeTest, context, seal, sign, signScript, taskStatus } from './tasks.ts';
import { Transport, type TransportOptions } from './transport.ts';
import { checkByChecksum, putFile, uploadDirect, uploadLink, uploadStatus, uploadUsingLink } from './uploads.ts';
import { validationStatus, validationUpload } from './validation.ts';

/**
 * Appdome's build API. Each method is the function of the same name in the files beside this one, where it is documented. It sends one
 * request and any retries. `endpoints.ts` has the address, whether and why the request may be repeated, and how sure we are of the
 * protocol; docs/api-client.md lists them.
 *
 * Every method takes a `CallContext` and throws a FusegateError with the stage of that context:
 * - `auth.rejected` (401), `auth.forbidden` (403), `service.refused` (any other 4xx): the service refused, and retrying will not help;
 * - `network.unreachable`, `network.connect-timeout`, `network.stalled`, `api.unavailable` (5xx, 408, 429), after all retries;
 * - `api.unexpected`, `api.redirect`: the answer is not the API's;
 * - the reason of the context's signal.
 *
 * `answerWasLost(error)` tells whether the service may have done the request anyway. Sizes are bytes, hashes are lower-case hex SHA-256.
 * Texts from the service are cut to one line, but otherwise untrusted.
 */
export class AppdomeClient {
  readonly #transport: Transport;

  /** @throws FusegateError `usage.invalid` for a server URL, CA file or proxy that cannot be used */
  constructor(options: TransportOptions) {
    this.#transport = new Transport(options);
  }

  // Uploads: §3.1 to §3.3.
  readonly checkByChecksum = this.#method(checkByChecksum);
  readonly uploadLink = this.#method(uploadLink);
  readonly putFile = this.#method(putFile);
  readonly uploadUsingLink = this.#method(uploadUsingLink);
  readonly uploadDirect = this.#method(uploadDirect);
  readonly uploadStatus = this.#method(uploadStatus);

  // The library, and apps made of a web address: §3.4, §3.5.
  readonly buildPwa = this.#method(buildPwa);
  readonly libraryApps = this.#method(libraryApps);

  // Builds, which cost money, and actions on them: §3.6 to §3.13.
  readonly fuse = this.#method(fuse);
  readonly buildToTest = this.#method(buildToTest);
  readonly context = this.#method(context);
  readonly sign = this.#method(sign);
  readonly seal = this.#method(seal);
  readonly signScript = this.#method(signScript);
  readonly taskStatus = this.#method(taskStatus);
  readonly appdomeTest = this.#method(appdomeTest);

  // What a build delivers: §3.14 to §3.17.
  readonly downloadOutput = this.#method(downloadOutput);
  readonly certificatePdf = this.#method(certificatePdf);
  readonly certificateJson = this.#method(certificateJson);
  readonly validationUpload = this.#method(validationUpload);
  readonly validationStatus = this.#method(validationStatus);

  // §3.19, §3.22.
  readonly releaseFusionSet = this.#method(releaseFusionSet);
  readonly sessionLimit = this.#method(sessionLimit);

  // Checks whether a run could work; neither changes anything.
  readonly checkAccess = this.#method(checkAccess);
  readonly checkStorage = this.#method(checkStorage);

  /** Scheme, host and port that the API key is sent to. */
  get origin(): string {
    return this.#transport.origin;
  }

  /**
   * Whether the answer came from an embedded build service, or from anything on this machine: such runs are rehearsals (design, rule 16).
   */
  get isRehearsal(): boolean {
    return this.#transport.isRehearsal;
  }

  /** The proxy and custom CAs on the way to the service. */
  get connection(): Connection {
    return this.#transport.connection;
  }

  /** Settings of the environment that ask for connections without verification, and have no effect here. */
  get ignoredSettings(): readonly string[] {
    return this.#transport.ignoredSettings;
  }

  close(): void {
    this.#transport.close();
  }

  #method<A extends unknown[], R>(send: (transport: Transport, ...args: A) => R): (...args: A) => R {
    return (...args) => send(this.#transport, ...args);
  }
}
