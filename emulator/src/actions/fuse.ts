import { activeBuilds, newBuild, startStage } from '../builds/build.ts';
import { usableSet } from '../fusion-sets/fusion-set.ts';
import type { RequestContext } from '../http/context.ts';
import { INVALID_PAYLOAD, Refusal } from '../http/reply.ts';
import type { StoredTask } from '../state/model.ts';
import { uploadWord } from '../state/timeline.ts';
import type { ActionRequest } from './action.ts';
import { demandVendor } from './vendors.ts';

const PARTS = {
  fields: ['action', 'app_id', 'fusion_set_id', 'overrides', 'notification_override'],
  files: [
    'baseline_profile',
    'startup_profile',
    'input_mapping',
    // The part's name contains the host in brackets and quotes (§3.6).
    /^mitm_host_server_pinned_certs_list\['[^']+'\]\.value\.mitm_host_server_pinned_certs_file_content$/,
  ],
} as const;

/** A file that only one client can send, and only to build-to-test (§3.7). */
const BUILD_TO_TEST_PARTS = { ...PARTS, files: [...PARTS.files, 'repro_override'] };

/** A second build of the same app and set within this time counts as a blind repeat if the first was never polled. */
const DUPLICATE_WINDOW_MS = 60_000;

/**
 * action=fuse: starts a build (appdome-api.md §3.6).
 * @returns the new build's id
 * @throws Refusal 400 for missing input or an unknown Fusion Set, 404 for an unknown app
 */
export function fuse({ context, form, overrides, buildToTest }: ActionRequest): string {
  context.reportUnknownParts(form, buildToTest ? BUILD_TO_TEST_PARTS : PARTS);
  const appId = form.fields.get('app_id');
  const fusionSetId = form.fields.get('fusion_set_id')?.toLowerCase();
  if (appId === undefined || fusionSetId === undefined) throw new Refusal(400, INVALID_PAYLOAD);
  const vendor = buildToTest ? demandVendor(overrides) : undefined;
  if (!buildToTest && ('build_to_test_vendor' in overrides || 'build_to_test_message' in overrides)) {
    context.violation('misplaced-override', 'build_to_test_… has no effect but on POST /build-to-test.');
  }
  const fusionSet = usableSet(context.state.fusionSets, fusionSetId, context.teamId);
  if (fusionSet === undefined || fusionSet.playground === true) throw new Refusal(400, 'Invalid fusion set ID');
  const app = context.state.apps.find(({ id, teamId }) => id === appId && teamId === context.teamId);
  if (app === undefined) throw new Refusal(404, 'App not found');
  if (uploadWord(app, context.now()) !== 'completed') throw new Refusal(400, 'The app is not ready');
  if (app.identity?.platform !== fusionSet.platform) {
    throw new Refusal(400, `The Fusion Set is not for ${app.identity?.platform}`);
  }
  refuseBusy(context);
  const task = newBuild(context, app, fusionSet);
  if (vendor !== undefined) task.vendor = vendor;
  reportRepeat(context, task);
  context.state.tasks.push(task);
  startStage(context, task, app, { action: 'fuse', overrides, files: form.files });
  return task.id;
}

/** The account is at its limit. */
function refuseBusy(context: RequestContext): void {
  const { buildLimit } = context.state.settings;
  if (buildLimit > 0 && activeBuilds(context) >= buildLimit) {
    throw new Refusal(429, 'Too many active builds');
  }
}

function reportRepeat(context: RequestContext, { id, appId, fusionSet }: StoredTask): void {
  const orphan = context.state.tasks.find(
    (task) =>
      !task.asked &&
      task.appId === appId &&
      task.fusionSet.id === fusionSet.id &&
      context.now() - (task.stages[0]?.startedAt ?? 0) < DUPLICATE_WINDOW_MS,
  );
  if (orphan !== undefined) {
    context.violation('duplicate-build', `Build ${id} repeats ${orphan.id}, which was never polled: paid twice.`);
  }
}
