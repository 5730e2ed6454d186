import { activeBuilds } from '../builds/build.ts';
import type { RequestContext } from '../http/context.ts';
import { jsonReply, type Reply } from '../http/reply.ts';

/** GET /sessions/limit: the builds at work, and the setting `buildLimit` (appdome-api.md §3.22; what comes back is synthetic). */
export function sessionLimit(context: RequestContext): Reply {
  return jsonReply({ active: activeBuilds(context), limit: context.state.settings.buildLimit });
}
