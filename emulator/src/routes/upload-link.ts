import { randomBytes } from 'node:crypto';
import { v1 as uuid } from 'uuid';
import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';

/** Lifetime of a link in seconds (appdome-api.md §3.1a, documented). Not scaled, since a real upload must fit. */
export const LINK_LIFETIME = 1800;

/** GET /upload-link: a presigned link (§3.1a). The name of the expiry field is unknown; ours is `expiration`. */
export const uploadLinkRoute: Route = {
  method: 'GET',
  path: '/api/v1/upload-link',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const fileId = uuid();
    const signature = randomBytes(32).toString('hex');
    const createdAt = context.now();
    context.state.uploads.push({ fileId, teamId: context.teamId, signature, createdAt });
    await context.services.store.save();
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': new Date(createdAt).toISOString().replace(/[-:]|\.\d+/g, ''),
      'X-Amz-Expires': String(LINK_LIFETIME),
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signature,
    });
    const origin = `http://${context.request.headers.host ?? 'localhost'}`;
    return jsonReply({ url: `${origin}/s3/${fileId}?${query}`, file_id: fileId, expiration: LINK_LIFETIME });
  },
};
