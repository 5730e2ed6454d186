import type { BuildAction } from './action.ts';

/** action=context: another id, version, name or icon (appdome-api.md §3.8). May come with nothing to change: one client always does. */
export const contextAction: BuildAction = {
  action: 'context',
  parts: {
    fields: ['action', 'parent_task_id', 'overrides', 'notification_override'],
    files: ['app_customization_application_icon', 'icon_overlay_s3'],
  },
  duration: 'contextMs',
  check: () => undefined,
};
