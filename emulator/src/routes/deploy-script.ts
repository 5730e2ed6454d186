import { completedBuild, notReady } from '../builds/ready.ts';
import type { Route } from '../http/context.ts';
import { bytesReply } from '../http/reply.ts';
import { signingStage } from '../state/timeline.ts';

/**
 * GET /tasks/{id}/deploy-script (appdome-api.md §3.18, documented): a script for a Mac that brings a signed iOS app to the store.
 * Ours is SYNTHETIC, deploys nothing and says so. For anything else it is not there (inferred).
 */
export const deployScriptRoute: Route = {
  method: 'GET',
  path: '/api/v1/tasks/:taskId/deploy-script',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const { task, app } = completedBuild(context);
    if (app.identity?.type !== 'ipa' || signingStage(task)?.action !== 'sign') notReady(context, 'No deploy script');
    const script = [
      '#!/bin/bash',
      `# SYNTHETIC rehearsal of build ${task.id}, made by the Fusegate emulator. It deploys nothing.`,
      'echo "This deploy script comes from a rehearsal and deploys nothing." >&2',
      'exit 1',
      '',
    ].join('\n');
    return bytesReply(Buffer.from(script), 'text/x-shellscript; charset=utf-8', 'deploy.sh');
  },
};
