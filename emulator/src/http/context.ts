import type { IncomingMessage } from 'node:http';
import type { FaultAction } from '../faults/instruction.ts';
import { takeFaults } from '../faults/match.ts';
import { maskField } from '../record/masking.ts';
import type { RecordedRequest } from '../record/request-log.ts';
import type { Services } from '../services.ts';
import { PERSONAL_TEAM } from '../state/model.ts';
import { type Form, readForm } from './form.ts';
import type { Reply } from './reply.ts';

/** One endpoint, a line of routes/index.ts. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT';
  /** Whole path; `:name` stands for one segment. */
  path: string;
  /** `api` needs the key and is recorded; `storage` must not see the key; `control` is neither recorded nor affected by faults. */
  area: 'api' | 'storage' | 'control';
  /** Known query parameters; others are a violation. */
  query: readonly string[];
  /** @throws Refusal to answer with a failure */
  handle(context: RequestContext): Promise<Reply> | Reply;
}

export interface KnownParts {
  fields: readonly string[];
  files: ReadonlyArray<string | RegExp>;
}

/** Ends a request if a fault for its form decides the answer. */
export class FaultInterrupt extends Error {
  override readonly name = 'FaultInterrupt';
}

/** One request on its way through a handler. */
export class RequestContext {
  readonly services: Services;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly record: RecordedRequest;
  params: Record<string, string> = {};
  /** The faults that applied to this request so far. */
  readonly faults: FaultAction[] = [];

  constructor(services: Services, request: IncomingMessage, url: URL, record: RecordedRequest) {
    this.services = services;
    this.request = request;
    this.url = url;
    this.record = record;
  }

  get state() {
    return this.services.store.state;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  /** Absent and `personal` mean the same (appdome-api.md §1.4). */
  get teamId(): string {
    return this.query.get('team_id')?.toLowerCase() || PERSONAL_TEAM;
  }

  /** Wall clock: state must survive a restart. */
  now(): number {
    return this.services.clock.now();
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  violation(code: string, message: string): void {
    this.state.violations.push({ code, message, request: this.record.number });
  }

  /** Records something that an official client does but others should not; it does not make a run bad. */
  quirk(message: string): void {
    this.state.quirks.push({ code: 'official-quirk', message, request: this.record.number });
  }

  /** Unknown parts of a form are accepted and ignored, but count as a violation: a misspelt field would have no effect. */
  reportUnknownParts(form: Form, known: KnownParts): void {
    for (const name of form.fields.keys()) {
      if (!known.fields.includes(name)) this.violation('unknown-field', `The form field ${name} is not known here.`);
    }
    for (const { field } of form.files) {
      if (!known.files.some((name) => (typeof name === 'string' ? name === field : name.test(field)))) {
        this.violation('unknown-file', `The file part ${field} is not known here.`);
      }
    }
  }

  faultsOf<K extends FaultAction['kind']>(kind: K): Array<Extract<FaultAction, { kind: K }>> {
    return this.faults.filter((fault): fault is Extract<FaultAction, { kind: K }> => fault.kind === kind);
  }

  takeFaults(moment: 'headers' | 'form', action: string | undefined): void {
    const wantsMessages = this.query.get('messages')?.toLowerCase() === 'true';
    const facts = { method: this.record.method, path: this.url.pathname, action, wantsMessages };
    this.faults.push(...takeFaults(this.state.faults, facts, moment, this.record.number));
  }

  /**
   * Reads the multipart form, records it and takes the faults that wait for its `action`.
   * @param save paths for the files of some fields
   * @throws Refusal for a broken form; FaultInterrupt when a fault decides the answer before the request takes effect
   */
  async form(save: Record<string, string> = {}): Promise<Form> {
    const form = await readForm(this.request, save);
    for (const [name, value] of form.fields) this.record.fields[name] = maskField(name, value);
    this.record.files.push(...form.files.map(({ head: _, ...file }) => file));
    this.takeFaults('form', form.fields.get('action'));
    if (this.faults.some(decidesWithoutEffect)) throw new FaultInterrupt();
    return form;
  }
}

/** Whether a fault answers (or cuts) a request that must not take effect. */
export function decidesWithoutEffect(fault: FaultAction): boolean {
  if (fault.kind === 'status' || fault.kind === 'html') return fault.effect !== true;
  if (fault.kind === 'redirect') return true;
  if (fault.kind === 'reset') return fault.at === 'request' || fault.at === 'request-body';
  return fault.kind === 'stall' && fault.at === 'request';
}
