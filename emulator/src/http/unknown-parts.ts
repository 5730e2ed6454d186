import type { RequestContext } from './context.ts';
import type { Form } from './form.ts';

/** The parts of a form that an endpoint knows. */
export interface KnownParts {
  fields: readonly string[];
  files: ReadonlyArray<string | RegExp>;
}

/** Unknown parts are accepted and ignored, but count as a violation: a misspelt field would have no effect. */
export function reportUnknownParts(context: RequestContext, form: Form, known: KnownParts): void {
  for (const name of form.fields.keys()) {
    if (!known.fields.includes(name)) context.violation('unknown-field', `The form field ${name} is not known here.`);
  }
  for (const { field } of form.files) {
    if (!known.files.some((name) => (typeof name === 'string' ? name === field : name.test(field)))) {
      context.violation('unknown-file', `The file part ${field} is not known here.`);
    }
  }
}
