/** Asks the service whether a build's certificate is genuine. */
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import { messageOf } from '../text/server-text.ts';
import { type CallContext, jsonBody, type OpenedBody } from './call.ts';
import { openMultipart } from './multipart.ts';
import { type JsonObject, readJson } from './read-body.ts';
import type { Transport } from './transport.ts';

/** `confirmed` rests on an answer of undocumented shape (inferred), so it never decides a verdict. */
export interface CertificateConfirmation {
  confirmed: boolean;
  /** What the service said, one line, untrusted. */
  message?: string;
}

/**
 * Asks the service to verify the certificate of a build. One sentence documents the request, so it is sent as JSON and, if that is refused,
 * as a form.
 * @throws FusegateError service.refused, auth.*, api.*, network.*
 * @see appdome-api.md §3.16, documented; both bodies and the reading of the answer are inferred
 */
export async function verifyCertificate(
  transport: Transport,
  buildId: string,
  context: CallContext,
): Promise<CertificateConfirmation> {
  try {
    return await ask(transport, context, jsonBody({ task_id: buildId }));
  } catch (error) {
    if (!(error instanceof FusegateError) || !WRONG_FORM.has(error.status ?? 0)) throw error;
    return ask(transport, context, () => openMultipart([{ name: 'task_id', value: buildId }]));
  }
}

/** Bad request, unsupported media type, unprocessable: statuses for a body that the service does not understand. */
const WRONG_FORM = new Set([400, 415, 422]);

function ask(
  transport: Transport,
  context: CallContext,
  body: () => Promise<OpenedBody>,
): Promise<CertificateConfirmation> {
  return transport.send({ operation: 'verifyCertificate', body }, context, async (response) => {
    const json = await readJson(response);
    const message = messageOf(json);
    return { confirmed: isConfirmed(json, message), ...defined({ message }) };
  });
}

const FLAGS = ['verified', 'valid', 'is_valid', 'success'] as const;

/** If there are flags, they decide, and all must be true. Otherwise a sentence decides, unless another one denies it. */
function isConfirmed(json: JsonObject, message: string | undefined): boolean {
  const flags = FLAGS.map((name) => json[name]).filter((value) => value !== undefined);
  if (flags.length > 0) return flags.every((value) => value === true || value === 'true' || value === 1);
  return (
    message !== undefined &&
    /\b(verified|valid)\b/i.test(message) &&
    !/\b(not|no|in\s?valid|cannot|fail\w*)\b/i.test(message)
  );
}
