import { certificateModel } from '../builds/certificate-model.ts';
import { certifiedBuild } from '../builds/ready.ts';
import { renderCertificatePdf } from '../certificate/pdf.ts';
import { faultedModel, pdfOptions } from '../faults/certificate-fault.ts';
import type { Route } from '../http/context.ts';
import { bytesReply } from '../http/reply.ts';

/** GET /tasks/{id}/certificate: the PDF (appdome-api.md §3.15), laid out as the real one and synthetic. */
export const certificatePdfRoute: Route = {
  method: 'GET',
  path: '/api/v1/tasks/:taskId/certificate',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const { task, app } = certifiedBuild(context);
    const faults = context.faultsOf('certificate');
    const model = faultedModel(certificateModel(task, app), faults);
    const pdf = await renderCertificatePdf(model, pdfOptions(faults));
    return bytesReply(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength), 'application/pdf');
  },
};
