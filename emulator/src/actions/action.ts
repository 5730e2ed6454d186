import type { RequestContext } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import type { KnownParts } from '../http/unknown-parts.ts';
import type { StageAction, StoredApp, StoredTask } from '../state/model.ts';

/** What a POST /tasks is about, once its form is read and checked. */
export interface ActionRequest {
  context: RequestContext;
  form: Form;
  /** `overrides`, `{}` when it was not sent. */
  overrides: Record<string, unknown>;
  /** It came to POST /build-to-test. */
  buildToTest: boolean;
}

/** The same for the actions on a build that exists. */
export interface BuildActionRequest extends ActionRequest {
  task: StoredTask;
  app: StoredApp;
}

/** One value of `action`. To add one: a file, and a line in routes/tasks.ts. */
export interface BuildAction {
  action: Exclude<StageAction, 'fuse'>;
  parts: KnownParts;
  /** Which of the settings' times it takes. */
  duration: 'contextMs' | 'signMs';
  /**
   * @returns the text of the failure that the stage will end in, if it will
   * @throws Refusal 400 when the input is refused at once
   */
  check(request: BuildActionRequest): string | undefined;
}

/** Booleans come as booleans or as words (appdome-api.md §1.8: the bash client). */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
