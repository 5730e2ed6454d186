import { rm } from 'node:fs/promises';
import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';
import { freshState } from '../state/store.ts';

/** POST /__emulator/reset: forgets everything; built-in Fusion Sets and default settings come back. */
export const resetRoute: Route = {
  method: 'POST',
  path: '/__emulator/reset',
  area: 'control',
  query: [],
  async handle(context) {
    const { store, log } = context.services;
    const files = store.state.uploads.map(({ fileId }) => store.uploadPath(fileId));
    store.state = freshState();
    log.clear();
    await Promise.all(files.map((path) => rm(path, { force: true })));
    await store.save();
    return jsonReply({ reset: true });
  },
};
