/** Sessions, the key, publishing (appdome-api.md §3.21 to §3.23): documented without their shapes, so the answers are SYNTHETIC. */
import { randomBytes } from 'node:crypto';
import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';
import { keyHash } from '../services.ts';
import { taskWord } from '../state/timeline.ts';

const SESSION_LIMIT = 5;

/** GET /sessions/limit: builds at work, and how many there may be. */
export const sessionsLimitRoute: Route = {
  method: 'GET',
  path: '/api/v1/sessions/limit',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const active = context.state.tasks.filter((task) => taskWord(task, context.now()) === 'progress').length;
    return jsonReply({ active, limit: SESSION_LIMIT });
  },
};

/** POST /refreshApiToken: a new key; the old one is refused from then on (inferred), also after a restart. */
export const refreshApiTokenRoute: Route = {
  method: 'POST',
  path: '/api/v1/refreshApiToken',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const token = `rehearsal-${randomBytes(16).toString('hex')}`;
    context.state.apiKeySha256 = keyHash(token);
    await context.services.store.save();
    return jsonReply({ token });
  },
};

/** PUT /publish: certificates of Fusion Sets to the OTA service. Its body is unknown and not read; nothing is published. */
export const publishRoute: Route = {
  method: 'PUT',
  path: '/api/v1/publish',
  area: 'api',
  query: ['team_id'],
  handle: () => jsonReply({ published: true, synthetic_rehearsal: true }),
};
