import { certificateModel } from '../builds/certificate-model.ts';
import { certifiedBuild, isCertified, namedBuild } from '../builds/find.ts';
import { certificateJsonObject } from '../certificate/json.ts';
import type { CertificateModel } from '../certificate/model.ts';
import { renderCertificatePdf } from '../certificate/pdf.ts';
import { faultedJson, faultedModel, pdfOptions } from '../faults/certificate-fault.ts';
import type { RequestContext } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { bytesReply, INVALID_PAYLOAD, jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { isObject } from '../json.ts';

function modelOf(context: RequestContext): CertificateModel {
  const { task, app } = certifiedBuild(context);
  return faultedModel(certificateModel(task, app), context.faultsOf('certificate'));
}

/** GET /tasks/{id}/certificate: the PDF (appdome-api.md §3.15), laid out as the real one and synthetic. */
export async function certificatePdf(context: RequestContext): Promise<Reply> {
  const pdf = await renderCertificatePdf(modelOf(context), pdfOptions(context.faultsOf('certificate')));
  return bytesReply(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength), 'application/pdf');
}

/** GET /tasks/{id}/certificate-json (§3.15, §8.2): 13 verified keys, features in a synthetic shape. */
export function certificateJson(context: RequestContext): Reply {
  const document = certificateJsonObject(modelOf(context), context.services.shape);
  return jsonReply(faultedJson(document, context.faultsOf('certificate')));
}

/**
 * POST /verify-certificate (§3.16, documented without its shapes). Takes `task_id` as JSON or as a form; the answer is SYNTHETIC. A build
 * without a certificate is `false`, an unknown id 404 (both inferred).
 */
export async function verifyCertificate(context: RequestContext): Promise<Reply> {
  const { task, app } = namedBuild(context, await readTaskId(context));
  return jsonReply({ verified: isCertified(task, app, context.now()), task_id: task.id, synthetic_rehearsal: true });
}

async function readTaskId(context: RequestContext): Promise<string> {
  if (/^multipart\//i.test(context.request.headers['content-type'] ?? '')) {
    const form = await context.form();
    context.reportUnknownParts(form, { fields: ['task_id'], files: [] });
    return demandId(form.fields.get('task_id'));
  }
  const body = await readJson(context.request);
  const id = demandId(isObject(body) ? body.task_id : undefined);
  context.record.fields.task_id = id;
  return id;
}

function demandId(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(400, INVALID_PAYLOAD);
  return value;
}
