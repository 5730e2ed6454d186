import { Refusal } from '../http/reply.ts';
import type { BuildAction, BuildActionRequest } from './action.ts';
import { checkSigningFiles } from './signing-files.ts';
import { checkEntitlements, checkFingerprints, demandProfiles } from './signing-inputs.ts';

const parts = {
  fields: ['action', 'parent_task_id', 'overrides', 'notification_override'],
  files: ['provisioning_profile', 'entitlements_files'],
};

function check(request: BuildActionRequest): undefined {
  const { identity } = request.app;
  if (identity?.type === 'aar') throw new Refusal(400, 'An Android SDK is not signed');
  if (identity?.platform === 'ios') {
    demandProfiles(request);
    checkEntitlements(request);
    checkSigningFiles(request);
  } else {
    checkFingerprints(request, true);
  }
}

/** An SDK has no script: both clients seal it (§3.26; that the service refuses one is inferred). */
function checkScript(request: BuildActionRequest): undefined {
  if (request.app.identity?.type === 'zip') throw new Refusal(400, 'An SDK has no signing script');
  check(request);
}

/** action=seal: private signing (appdome-api.md §3.10); the customer signs. */
export const sealAction: BuildAction = { action: 'seal', parts, duration: 'signMs', check };

/** action=sign_script: Auto-DEV private signing (§3.11); the output is a script. */
export const signScriptAction: BuildAction = { action: 'sign_script', parts, duration: 'signMs', check: checkScript };
