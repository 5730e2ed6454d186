/** Uploads an app to the service: checksum lookup, presigned upload, direct upload, ingest state. */

import { defined } from '../model/defined.ts';
import { messageOf } from '../text/server-text.ts';
import { type ApiCall, type ApiResponse, type CallContext, jsonBody } from './call.ts';
import { sendFile } from './file-body.ts';
import { openMultipart } from './multipart.ts';
import { readBytes, readJson, requiredId, requiredString, requiredWord, unexpected } from './read-body.ts';
import type { Transport } from './transport.ts';

/** A presigned address to PUT the app to. The URL is a credential: never print it. */
export interface UploadLink {
  url: URL;
  fileId: string;
}

export interface UploadStatus {
  /** `queued`, `progress`, `completed`, `error`; any other word is not final. */
  status: string;
  /** Why the service did not accept the app, one line. */
  message?: string;
}

/** The field name of the checksum lookup's answer is `app_id` (verified in the bash client). */
export type ChecksumAnswer = { known: true; appId: string } | { known: false };

/**
 * Asks whether the team already has this app.
 * @param sha256 lower-case hex of the whole file
 * @throws FusegateError service.refused with status 404 from an older server; network.*, api.*, auth.*. On any of these, the caller uploads
 * anyway
 * @see appdome-api.md §3.3, verified
 */
export function checkByChecksum(transport: Transport, sha256: string, context: CallContext): Promise<ChecksumAnswer> {
  const call: ApiCall = { operation: 'checkByChecksum', body: jsonBody({ checksum: sha256 }) };
  return transport.send(call, context, async (response) => {
    const json = await readJson(response);
    if (json.exists !== true) return { known: false };
    return { known: true, appId: requiredId(response, json.app_id, 'app_id', json) };
  });
}

/**
 * Asks for a presigned address to upload to. It expires after 30 minutes (documented).
 * @throws FusegateError auth.*, service.refused, api.unexpected (no `url` or `file_id`), network.*
 * @see appdome-api.md §3.1 a, verified
 */
export function uploadLink(transport: Transport, context: CallContext): Promise<UploadLink> {
  return transport.send({ operation: 'uploadLink' }, context, readUploadLink);
}

export async function readUploadLink(response: ApiResponse): Promise<UploadLink> {
  const json = await readJson(response);
  const fileId = requiredString(response, json, 'file_id');
  const text = requiredString(response, json, 'url');
  if (URL.canParse(text)) return { url: new URL(text), fileId };
  // Does not quote the text, which may contain most of a credential.
  throw unexpected(response, 'the upload link is not a URL', { permanent: true });
}

/**
 * Uploads a file to a presigned address: raw bytes, Content-Length, no Content-Type, neither key nor client name. Hashed as it is sent.
 * @param size bytes that the file must have
 * @returns lower-case hex SHA-256 of what was sent
 * @throws FusegateError service.refused with status 403 when the link is too old, upload.changed, network.*, api.unavailable
 * @see appdome-api.md §3.1 b, verified; that the link must get no Content-Type and refuses chunked transfer is inferred
 */
export async function putFile(
  transport: Transport,
  link: UploadLink,
  file: { path: string; size: number },
  context: CallContext,
): Promise<string> {
  const call = { operation: 'putFile', target: link.url } as const;
  const { sha256 } = await sendFile(transport, call, file, context, (response) => readBytes(response, 1024 * 1024));
  return sha256;
}

/**
 * Uploads a file and registers it as an app in one request, for networks that block the storage. Hashed while it is sent. The official
 * clients do not wait for an analysis afterwards; `uploadStatus` tells whether there is one.
 * @param app path, bytes that the file must have, and the base name that the service shows (default: the path's)
 * @returns the app id (`id`, or `app.id` of an older form), and the lower-case hex SHA-256 of what was sent
 * @throws FusegateError upload.changed, auth.*, service.refused, api.*, network.*; see `answerWasLost`: the app may have been registered
 * @see appdome-api.md §3.2, verified; the older form is documented
 */
export async function uploadDirect(
  transport: Transport,
  app: { path: string; size: number; fileName?: string },
  context: CallContext,
): Promise<{ appId: string; sha256: string }> {
  const { size, fileName = app.path } = app;
  const { value, sha256 } = await sendFile(transport, { operation: 'uploadDirect' }, app, context, readAppId, (body) =>
    openMultipart([{ name: 'file', body, size, fileName }]),
  );
  return { appId: value, sha256 };
}

/**
 * Registers the uploaded file as an app; the service analyses it in the background (`async=true`).
 * @param fileName base name that the service shows
 * @returns the app id
 * @throws FusegateError auth.*, service.refused, api.*, network.*; see `answerWasLost`: the app may have been registered
 * @see appdome-api.md §3.1 c, verified
 */
export function uploadUsingLink(
  transport: Transport,
  upload: { fileId: string; fileName: string },
  context: CallContext,
): Promise<string> {
  const parts = [
    { name: 'file_app_id', value: upload.fileId },
    { name: 'file_name', value: upload.fileName },
  ];
  const call: ApiCall = { operation: 'uploadUsingLink', body: () => openMultipart(parts) };
  return transport.send(call, context, readAppId);
}

/** `id`; the older form wraps the app (appdome-api.md §3.2, documented). */
async function readAppId(response: ApiResponse): Promise<string> {
  const json = await readJson(response);
  const { app } = json as { app?: { id?: unknown } | null };
  return requiredId(response, json.id ?? app?.id, 'id', json);
}

/**
 * Asks how far the service has got with an uploaded app.
 * @throws FusegateError service.refused for an unknown app; auth.*, api.*, network.*
 * @see appdome-api.md §3.1 d, documented; `queued` is not final, unlike in the Python client (§4.3)
 */
export function uploadStatus(transport: Transport, appId: string, context: CallContext): Promise<UploadStatus> {
  return transport.send({ operation: 'uploadStatus', ids: { appId } }, context, async (response) => {
    const json = await readJson(response);
    return {
      status: requiredWord(response, json, 'status'),
      ...defined({ message: messageOf(json, response.masked) }),
    };
  });
}
