import type { RequestContext } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import type { StageAction, StoredApp, StoredTask } from '../state/model.ts';

/** The content of a POST /tasks, once its form has been read and checked. */
export interface ActionRequest {
  context: RequestContext;
  form: Form;
  /** `overrides`, or `{}` if none were sent. */
  overrides: Record<string, unknown>;
  buildToTest: boolean;
  /** Looks into the files for signing, where the settings ask for it. Throws Refusal 400 that names the part. */
  checkFiles?: (request: BuildActionRequest) => void;
}

/** The same for actions on an existing build. */
export interface BuildActionRequest extends ActionRequest {
  task: StoredTask;
  app: StoredApp;
}

/** The form fields of every action on a build. */
export const BUILD_FIELDS = ['action', 'parent_task_id', 'overrides', 'notification_override'];

/** One value of `action`. To add one: a file, and a line in routes/tasks.ts. */
export interface BuildAction {
  action: Exclude<StageAction, 'fuse'>;
  files: readonly string[];
  /**
   * @returns the text of the failure that the stage will end in, if any
   * @throws Refusal 400 if the input is refused at once
   */
  check(request: BuildActionRequest): string | undefined;
}

/** Booleans come as booleans or as words (appdome-api.md §1.8: the bash client). */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
