/**
 * `@fusegate/shared`: a client for Appdome's build API, and a reader of Certified Secure certificates. What the plugins are made of beside
 * these is not part of the package's contract.
 */

export type { BuildToTestRequest, FuseRequest } from './api/builds.ts';
export type { ApiResponse, CallContext } from './api/call.ts';
export { AppdomeClient } from './api/client.ts';
export { type Confidence, ENDPOINTS, type Endpoint, type Operation, type RequestRule } from './api/endpoints.ts';
export { answerWasLost } from './api/failure.ts';
export { type FilePartKind, filePart, pinnedCertificatePart } from './api/file-parts.ts';
export type { LibraryApp } from './api/library-apps.ts';
export type { MultipartFile } from './api/multipart.ts';
export type { OutputAction } from './api/outputs.ts';
export type { PwaApp, PwaRequest } from './api/pwa.ts';
export type { ServiceAccess } from './api/service-check.ts';
export type { Overrides } from './api/task-request.ts';
export type { BuildAction, TaskStatus, WorkflowMessage } from './api/tasks.ts';
export type { ChecksumAnswer, UploadLink, UploadStatus } from './api/uploads.ts';
export type { ValidationStatus } from './api/validation.ts';
export { parseVendor, VENDOR_NAMES } from './api/vendors.ts';
export { type ClientOptions, createClient } from './library/create-client.ts';
export { readCertificate } from './library/read-certificate.ts';
export { type OutputTarget, saveOutput } from './library/save-output.ts';
export { type WaitOptions, waitForBuild, waitForUpload } from './library/wait.ts';
export type {
  CertificateDocument,
  DocumentReading,
  Fact,
  FactName,
  FeatureFact,
  Presence,
} from './model/certificate.ts';
export { type Clock, systemClock } from './model/clock.ts';
export { type ErrorCode, FusegateError, type ServiceIds, type StageName, type UsageProblem } from './model/errors.ts';
export type { BuildToTestVendor, VendorName } from './model/run-request.ts';
export { Secret } from './model/secret.ts';
export { VERSION } from './model/version.ts';
export type { SavedFile } from './pipeline/save-response.ts';
