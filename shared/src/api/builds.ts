/** Starts a build: an ordinary one, or one for a single device cloud. Both cost money. */
import type { BuildToTestVendor } from '../model/run-request.ts';
import type { CallContext } from './call.ts';
import type { MultipartFile, Part } from './multipart.ts';
import { type Overrides, overridesPart, postTask } from './task-request.ts';
import type { Transport } from './transport.ts';
import { defaultVendorMessage, vendorConstant } from './vendors.ts';

export interface FuseRequest {
  appId: string;
  fusionSetId: string;
  overrides: Overrides;
  /** Baseline and startup profile, input mapping, pinned certificates: see `filePart` and `pinnedCertificatePart`. */
  files?: readonly MultipartFile[];
}

export interface BuildToTestRequest extends FuseRequest {
  vendor: BuildToTestVendor;
  /** What the app says when it runs outside the vendor's cloud. Default: the official Python client's sentence. */
  message?: string;
}

/**
 * Starts a build. It costs money and cannot be made idempotent, so it is sent once: see its row in `endpoints.ts`.
 * @returns the build id (`task_id`)
 * @throws FusegateError build.may-exist when the answer was lost; service.refused (unknown app or fusion set, licence); usage.invalid (a
 * file cannot be read); auth.*, network.*
 * @see appdome-api.md §3.6, verified
 */
export function fuse(transport: Transport, request: FuseRequest, context: CallContext): Promise<string> {
  return postTask(transport, 'fuse', fuseParts(request), context);
}

/**
 * Starts a build that runs only on one vendor's device cloud. Like `fuse`, it costs money and is sent once. It is polled and signed like
 * any build.
 * @returns the build id (`task_id`)
 * @throws FusegateError as `fuse`
 * @see appdome-api.md §3.7, verified
 */
export function buildToTest(transport: Transport, request: BuildToTestRequest, context: CallContext): Promise<string> {
  const overrides = {
    ...request.overrides,
    build_to_test_vendor: vendorConstant(request.vendor),
    build_to_test_message: request.message ?? defaultVendorMessage(request.vendor),
  };
  return postTask(transport, 'buildToTest', fuseParts({ ...request, overrides }), context);
}

function fuseParts(request: FuseRequest): Part[] {
  return [
    { name: 'app_id', value: request.appId },
    { name: 'fusion_set_id', value: request.fusionSetId },
    // Like the Python client: without overrides, the field is omitted.
    ...(Object.keys(request.overrides).length > 0 ? [overridesPart(request.overrides)] : []),
    ...(request.files ?? []),
  ];
}
