import type { ApiResponse, CallContext } from './call.ts';
import * as certificates from './certificates.ts';
import * as outputs from './outputs.ts';
import * as tasks from './tasks.ts';
import { Transport, type TransportOptions } from './transport.ts';
import * as uploads from './uploads.ts';

/**
 * The build API. Each method is one request, with its retries; its docstring stands on the function that it calls. Every method
 * throws FusegateError, with the stage of its context.
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

  /** Closes kept connections. */
  close(): void {
    this.#transport.close();
  }

  /** {@link uploads.checkByChecksum} */
  checkByChecksum(sha256: string, context: CallContext): Promise<uploads.ChecksumAnswer> {
    return uploads.checkByChecksum(this.#transport, sha256, context);
  }

  /** {@link uploads.uploadLink} */
  uploadLink(context: CallContext): Promise<uploads.UploadLink> {
    return uploads.uploadLink(this.#transport, context);
  }

  /** {@link uploads.putFile} */
  putFile(link: uploads.UploadLink, file: { path: string; size: number }, context: CallContext): Promise<string> {
    return uploads.putFile(this.#transport, link, file, context);
  }

  /** {@link uploads.uploadUsingLink} */
  uploadUsingLink(upload: { fileId: string; fileName: string }, context: CallContext): Promise<string> {
    return uploads.uploadUsingLink(this.#transport, upload, context);
  }

  /** {@link uploads.uploadStatus} */
  uploadStatus(appId: string, context: CallContext): Promise<uploads.UploadStatus> {
    return uploads.uploadStatus(this.#transport, appId, context);
  }

  /** {@link tasks.fuse} */
  fuse(request: tasks.FuseRequest, context: CallContext): Promise<string> {
    return tasks.fuse(this.#transport, request, context);
  }

  /** {@link tasks.context} */
  context(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.context(this.#transport, action, context);
  }

  /** {@link tasks.sign} */
  sign(action: tasks.SignAction, context: CallContext): Promise<void> {
    return tasks.sign(this.#transport, action, context);
  }

  /** {@link tasks.seal} */
  seal(action: tasks.BuildAction, context: CallContext): Promise<void> {
    return tasks.seal(this.#transport, action, context);
  }

  /** {@link tasks.taskStatus} */
  taskStatus(buildId: string, lastDate: string | undefined, context: CallContext): Promise<tasks.TaskStatus> {
    return tasks.taskStatus(this.#transport, buildId, lastDate, context);
  }

  /** {@link outputs.downloadOutput} */
  downloadOutput<T>(
    buildId: string,
    action: outputs.OutputAction | undefined,
    context: CallContext,
    read: (response: ApiResponse) => Promise<T>,
  ): Promise<T> {
    return outputs.downloadOutput(this.#transport, buildId, action, context, read);
  }

  /** {@link certificates.certificatePdf} */
  certificatePdf(buildId: string, context: CallContext): Promise<Buffer> {
    return certificates.certificatePdf(this.#transport, buildId, context);
  }

  /** {@link certificates.certificateJson} */
  certificateJson(buildId: string, context: CallContext): Promise<Buffer> {
    return certificates.certificateJson(this.#transport, buildId, context);
  }
}
