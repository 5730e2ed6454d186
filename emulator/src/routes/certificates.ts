import { certificateModel } from '../builds/certificate-model.ts';
import { certifiedBuild } from '../builds/find.ts';
import { certificateJsonObject } from '../certificate/json.ts';
import type { CertificateModel } from '../certificate/model.ts';
import { faultedJson, faultedModel, pdfOptions } from '../faults/certificate-fault.ts';
import type { RequestContext } from '../http/context.ts';
import { bytesReply, jsonReply, type Reply } from '../http/reply.ts';

function modelOf(context: RequestContext): CertificateModel {
  const { task, app } = certifiedBuild(context);
  return faultedModel(certificateModel(task, app), context.faultsOf('certificate'));
}

/** GET /tasks/{id}/certificate: the PDF (appdome-api.md §3.15), laid out as the real one and synthetic. */
export async function certificatePdf(context: RequestContext): Promise<Reply> {
  const { certificates } = context.services;
  const pdf = await certificates.pdf(modelOf(context), pdfOptions(context.faultsOf('certificate')));
  return bytesReply(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength), 'application/pdf');
}

/** GET /tasks/{id}/certificate-json (§3.15, §8.2): 13 verified keys, features in a synthetic shape. */
export function certificateJson(context: RequestContext): Reply {
  const document = certificateJsonObject(modelOf(context), context.services.shape);
  return jsonReply(faultedJson(document, context.faultsOf('certificate')));
}
