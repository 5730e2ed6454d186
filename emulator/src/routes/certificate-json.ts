import { certificateModel } from '../builds/certificate-model.ts';
import { certifiedBuild } from '../builds/ready.ts';
import { certificateJsonObject } from '../certificate/json.ts';
import { faultedJson, faultedModel } from '../faults/certificate-fault.ts';
import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';

/** GET /tasks/{id}/certificate-json (appdome-api.md §3.15, §8.2): 13 verified keys, features in a synthetic shape. */
export const certificateJsonRoute: Route = {
  method: 'GET',
  path: '/api/v1/tasks/:taskId/certificate-json',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const { task, app } = certifiedBuild(context);
    const faults = context.faultsOf('certificate');
    const model = faultedModel(certificateModel(task, app), faults);
    return jsonReply(faultedJson(certificateJsonObject(model, context.services.shape), faults));
  },
};
