import type { Secret } from '../model/secret.ts';
import * as account from './account.ts';
import type { Connection } from './agents.ts';
import * as appdomeTests from './appdome-test.ts';
import * as builds from './builds.ts';
import type { ApiResponse, CallContext } from './call.ts';
import * as certificates from './certificates.ts';
import * as fusionSets from './fusion-sets.ts';
import * as libraryApps from './library-apps.ts';
import * as outputs from './outputs.ts';
import * as pwa from './pwa.ts';
import * as serviceChecks from './service-check.ts';
import * as tasks from './tasks.ts';
import { Transport, type TransportOptions } from './transport.ts';
import * as uploads from './uploads.ts';
import * as validations from './validation.ts';
import * as verifications from './verify-certificate.ts';

/**
 * Appdome's build API. Each method is one request, with its repeats: which may be repeated, and why, is in `retry-table.ts`; the
 * confidence of each endpoint is in `endpoints.ts`; docs/api-client.md lists both.
 *
 * Every method takes a {@link CallContext} last and throws a FusegateError with the stage of that context:
 * - `auth.rejected` (401), `auth.forbidden` (403), `service.refused` (any other 4xx): the service answered, and asking again is of no use;
 * - `network.unreachable`, `network.connect-timeout`, `network.stalled`, `api.unavailable` (5xx, 408, 429), after the repeats;
 * - `api.unexpected`, `api.redirect`: the answer is not the API's;
 * - the reason of the context's signal.
 *
 * What a method throws besides is in its own description. `answerWasLost(error)` tells whether the request may have been done all the
 * same. Sizes are bytes, hashes are lower-case hex SHA-256. Texts from the service are cut to one line and otherwise untrusted.
 *
 * POST /lifecycle has no method: it is an older way to do everything in one request, which no client uses any more (appdome-api.md §3.24).
 */
export class AppdomeClient {
  readonly #transport: Transport;

  /** @throws FusegateError `usage.invalid` for a server URL, CA file or proxy that cannot be used */
  constructor(options: TransportOptions) {
    this.#transport = new Transport(options);
  }

  /** Scheme, host and port that the API key goes to. */
  get origin(): string {
    return this.#transport.origin;
  }

  /** Whether an embedded build service answered, or whatever is on this machine: its runs are rehearsals (design, rule 12). */
  get isRehearsal(): boolean {
    return this.#transport.isRehearsal;
  }

  /** The proxy and the CAs of one's own on the way to the service. */
  get connection(): Connection {
    return this.#transport.connection;
  }

  /** Closes kept connections. */
  close(): void {
    this.#transport.close();
  }

  /**
   * Asks whether the team has a file already, by its SHA-256. A server that does not know the question refuses with
   * 404. §3.3, verified. {@link uploads.checkByChecksum}
   */
  checkByChecksum(sha256: string, context: CallContext): Promise<uploads.ChecksumAnswer> {
    return uploads.checkByChecksum(this.#transport, sha256, context);
  }

  /**
   * Asks for an upload link and drops it: whether key and team are accepted, and where storage is. §3.1 a, verified.
   * {@link serviceChecks.checkAccess}
   */
  checkAccess(context: CallContext): Promise<serviceChecks.ServiceAccess> {
    return serviceChecks.checkAccess(this.#transport, context);
  }

  /** Connects to the storage as an upload would, and sends nothing. {@link serviceChecks.checkStorage} */
  checkStorage(storage: URL, context: CallContext): Promise<void> {
    return serviceChecks.checkStorage(this.#transport, storage, context);
  }

  /**
   * Asks for an address to upload to; it is a credential and lives 30 minutes. §3.1 a, verified. {@link
   * uploads.uploadLink}
   */
  uploadLink(context: CallContext): Promise<uploads.UploadLink> {
    return uploads.uploadLink(this.#transport, context);
  }

  /**
   * Uploads a file to that address and resolves to its SHA-256. Throws `upload.changed`; a link that is too old is
   * `service.refused` with status 403. §3.1 b, verified. {@link uploads.putFile}
   */
  putFile(link: uploads.UploadLink, file: { path: string; size: number }, context: CallContext): Promise<string> {
    return uploads.putFile(this.#transport, link, file, context);
  }

  /**
   * Makes an app of the uploaded file and resolves to its id; the analysis goes on, see `uploadStatus`. §3.1 c,
   * verified. {@link uploads.uploadUsingLink}
   */
  uploadUsingLink(upload: { fileId: string; fileName: string }, context: CallContext): Promise<string> {
    return uploads.uploadUsingLink(this.#transport, upload, context);
  }

  /**
   * Uploads a file and makes an app of it in one request; resolves to its id and SHA-256. Throws `upload.changed`.
   * §3.2, verified. {@link uploads.uploadDirect}
   */
  uploadDirect(
    app: { path: string; size: number; fileName?: string },
    context: CallContext,
  ): Promise<{ appId: string; sha256: string }> {
    return uploads.uploadDirect(this.#transport, app, context);
  }

  /**
   * How far the service is with an app: `completed`, `error`, or any other word for not yet. §3.1 d, documented.
   * {@link uploads.uploadStatus}
   */
  uploadStatus(appId: string, context: CallContext): Promise<uploads.UploadStatus> {
    return uploads.uploadStatus(this.#transport, appId, context);
  }

  /**
   * Makes apps of a web address; some licences build them at once. Throws `build.may-exist`, `usage.invalid` (a
   * profile cannot be read). §3.4, from Appdome's tests. {@link pwa.buildPwa}
   */
  buildPwa(request: pwa.PwaRequest, context: CallContext): Promise<pwa.PwaApp[]> {
    return pwa.buildPwa(this.#transport, request, context);
  }

  /** Lists the team's apps. §3.5, documented; its fields are from Appdome's tests. {@link libraryApps.libraryApps} */
  libraryApps(context: CallContext): Promise<libraryApps.LibraryApp[]> {
    return libraryApps.libraryApps(this.#transport, context);
  }

  /**
   * Deletes apps. Request and answer are of unknown shape: the request is sent as JSON as it is. §3.5, documented.
   * {@link libraryApps.deleteLibraryApps}
   */
  deleteLibraryApps(request: unknown, context: CallContext): Promise<unknown> {
    return libraryApps.deleteLibraryApps(this.#transport, request, context);
  }

  /**
   * Starts a build, which costs money, and resolves to its id. Throws `build.may-exist` when the answer was lost,
   * `usage.invalid` (a file cannot be read). §3.6, verified. {@link builds.fuse}
   */
  fuse(request: builds.FuseRequest, context: CallContext): Promise<string> {
    return builds.fuse(this.#transport, request, context);
  }

  /**
   * Starts a build for one vendor's device cloud, and resolves to its id. Throws as `fuse`. §3.7, verified. {@link
   * builds.buildToTest}
   */
  buildToTest(request: builds.BuildToTestRequest, context: CallContext): Promise<string> {
    return builds.buildToTest(this.#transport, request, context);
  }

  /**
   * Starts the context step: bundle id, version, name, icon. Poll `taskStatus` of the build. Throws `usage.invalid`
   * (a file cannot be read). §3.8, verified. {@link tasks.context}
   */
  context(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.context(this.#transport, action, context);
  }

  /**
   * Starts signing on Appdome. Poll `taskStatus` of the build. Throws `usage.invalid` (a file cannot be read). §3.9,
   * verified. {@link tasks.sign}
   */
  sign(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.sign(this.#transport, action, context);
  }

  /**
   * Starts private signing: the output is an app to sign. Poll as for `sign`, and throws as it. §3.10, verified.
   * {@link tasks.seal}
   */
  seal(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.seal(this.#transport, action, context);
  }

  /**
   * Starts Auto-DEV private signing: the output is a shell script that signs. Poll as for `sign`, and throws as it.
   * §3.11, verified. {@link tasks.signScript}
   */
  signScript(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.signScript(this.#transport, action, context);
  }

  /**
   * State of a build, with its messages newer than `lastDate` (`createdAt` of the last one seen). `completed` and
   * `error` are final. §3.12, verified. {@link tasks.taskStatus}
   */
  taskStatus(buildId: string, lastDate: string | undefined, context: CallContext): Promise<tasks.TaskStatus> {
    return tasks.taskStatus(this.#transport, buildId, lastDate, context);
  }

  /**
   * Starts a test of a build and resolves to the id of a new task, whose state `taskStatus` tells. §3.13, from
   * Appdome's tests. {@link appdomeTests.appdomeTest}
   */
  appdomeTest(buildId: string, context: CallContext): Promise<string> {
    return appdomeTests.appdomeTest(this.#transport, buildId, context);
  }

  /**
   * Result of a test. The answer is of unknown shape. §3.13, from Appdome's tests. {@link
   * appdomeTests.appdomeTestResult}
   */
  appdomeTestResult(testId: string, context: CallContext): Promise<unknown> {
    return appdomeTests.appdomeTestResult(this.#transport, testId, context);
  }

  /**
   * Downloads the protected app (no action), the universal APK of an .aab, or the archive of mapping files. `read`
   * gets the stream once per attempt; `service.refused` with status 404 means that there is none; `download.corrupt`
   * comes from `read`. §3.14, verified. {@link outputs.downloadOutput}
   */
  downloadOutput<T>(
    buildId: string,
    action: outputs.OutputAction | undefined,
    context: CallContext,
    read: (response: ApiResponse) => Promise<T>,
  ): Promise<T> {
    return outputs.downloadOutput(this.#transport, buildId, action, context, read);
  }

  /**
   * The certificate PDF, unread, at most 32 MiB; `service.refused` with status 404 means not (yet) there. §3.15,
   * verified. {@link certificates.certificatePdf}
   */
  certificatePdf(buildId: string, context: CallContext): Promise<Buffer> {
    return certificates.certificatePdf(this.#transport, buildId, context);
  }

  /**
   * The certificate JSON, unread, at most 5 MiB; `service.refused` with status 404 means not (yet) there. §3.15,
   * verified. {@link certificates.certificateJson}
   */
  certificateJson(buildId: string, context: CallContext): Promise<Buffer> {
    return certificates.certificateJson(this.#transport, buildId, context);
  }

  /**
   * Asks the service whether it stands by the certificate of a build. The answer is of a shape that nobody has seen: never a reason for a
   * verdict. §3.16, documented. {@link verifications.verifyCertificate}
   */
  verifyCertificate(buildId: string, context: CallContext): Promise<verifications.CertificateConfirmation> {
    return verifications.verifyCertificate(this.#transport, buildId, context);
  }

  /**
   * Uploads an app that was signed elsewhere to have it validated; resolves to the id of the validation and the file's SHA-256. Throws
   * `upload.changed`. §3.17, verified. {@link validations.validationUpload}
   */
  validationUpload(
    app: { path: string; size: number; fileName: string },
    context: CallContext,
  ): Promise<{ validationId: string; sha256: string }> {
    return validations.validationUpload(this.#transport, app, context);
  }

  /**
   * How far a validation is and what it found; `completed` is final. §3.17, verified; the nesting of the messages is inferred.
   * {@link validations.validationStatus}
   */
  validationStatus(validationId: string, context: CallContext): Promise<validations.ValidationStatus> {
    return validations.validationStatus(this.#transport, validationId, context);
  }

  /**
   * Script that takes a signed iOS app to the App Store from a Mac, unread, at most 5 MiB. §3.18, documented. {@link
   * outputs.deployScript}
   */
  deployScript(buildId: string, context: CallContext): Promise<Buffer> {
    return outputs.deployScript(this.#transport, buildId, context);
  }

  /**
   * Copies a Fusion Set to another team and resolves to the id of the copy. §3.19, verified. {@link
   * fusionSets.releaseFusionSet}
   */
  releaseFusionSet(fusionSetId: string, targetTeamId: string, context: CallContext): Promise<string> {
    return fusionSets.releaseFusionSet(this.#transport, fusionSetId, targetTeamId, context);
  }

  /** A Fusion Set as JSON. The answer is of unknown shape. §3.20, documented. {@link fusionSets.exportFusionSet} */
  exportFusionSet(fusionSetId: string, context: CallContext): Promise<unknown> {
    return fusionSets.exportFusionSet(this.#transport, fusionSetId, context);
  }

  /**
   * Compares two Fusion Sets. Query and answer are of unknown shape: the query is sent as it is. §3.20, documented.
   * {@link fusionSets.compareFusionSets}
   */
  compareFusionSets(query: Record<string, string>, context: CallContext): Promise<unknown> {
    return fusionSets.compareFusionSets(this.#transport, query, context);
  }

  /**
   * Changes of Fusion Sets. Query and answer are of unknown shape: the query is sent as it is. §3.20, documented.
   * {@link fusionSets.fusionSetHistory}
   */
  fusionSetHistory(query: Record<string, string>, context: CallContext): Promise<unknown> {
    return fusionSets.fusionSetHistory(this.#transport, query, context);
  }

  /**
   * Publishes the certificates of Fusion Sets for over-the-air delivery. Request and answer are of unknown shape:
   * the request is sent as JSON as it is. §3.21, documented. {@link fusionSets.publish}
   */
  publish(request: unknown, context: CallContext): Promise<unknown> {
    return fusionSets.publish(this.#transport, request, context);
  }

  /**
   * Active sessions, and how many there may be. The answer is of unknown shape. §3.22, documented. {@link
   * account.sessionsLimit}
   */
  sessionsLimit(context: CallContext): Promise<unknown> {
    return account.sessionsLimit(this.#transport, context);
  }

  /**
   * Makes a new API key; this client's own ends with it (inferred). The answer is of unknown shape, so its text
   * comes unread, wrapped as a secret. §3.23, documented. {@link account.refreshApiToken}
   */
  refreshApiToken(context: CallContext): Promise<Secret> {
    return account.refreshApiToken(this.#transport, context);
  }
}
