/** An app made from a web address (PWA). Known from Appdome's own test suite and documentation, not from a released client. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import { isJsonObject } from '../model/json-object.ts';
import { messageOf } from '../text/server-text.ts';
import { type ApiCall, type CallContext, isPlainId, jsonBody } from './call.ts';
import { type LibraryApp, libraryApp } from './library-apps.ts';
import { readAnyJson, unexpected } from './read-body.ts';
import type { Overrides } from './task-request.ts';
import type { Transport } from './transport.ts';

export interface PwaRequest {
  /** https address of the web app. */
  address: string;
  /** `both` is only documented; the others are in Appdome's tests. */
  platform: 'aab' | 'ipa' | 'both';
  appName?: string;
  /** Sent as an object here, not as text. */
  overrides?: Overrides;
  /** Paths; the service wants at least one for `ipa`. Sent as base64 in the overrides (`provisioning_profile`). */
  provisioningProfiles?: readonly string[];
}

/** One platform's app. */
export interface PwaApp {
  /** Absent in the documented form of the answer, which only has the task. */
  app?: LibraryApp;
  /** The build that starts automatically under a "Short Flow" licence. */
  buildId?: string;
}

/**
 * Makes apps from a web address. Under some licences this starts builds at once.
 * @returns one entry for each platform
 * @throws FusegateError build.may-exist when the answer was lost; usage.invalid (a profile cannot be read); service.refused, auth.*, network.*
 * @see appdome-api.md §3.4, from Appdome's tests; the answer with only a `task_id` is documented
 */
export async function buildPwa(transport: Transport, request: PwaRequest, context: CallContext): Promise<PwaApp[]> {
  const profiles = await Promise.all((request.provisioningProfiles ?? []).map(encodedProfile));
  const overrides = { ...request.overrides, ...(profiles.length === 0 ? {} : { provisioning_profile: profiles }) };
  const call: ApiCall = {
    operation: 'buildPwa',
    // What is undefined, JSON leaves out.
    body: jsonBody({
      pwa_address: request.address,
      pwa_platform: request.platform,
      pwa_app_name: request.appName,
      overrides: Object.keys(overrides).length === 0 ? undefined : overrides,
    }),
  };
  return transport.send(call, context, async (response) => {
    const answer = await readAnyJson(response);
    const made = (Array.isArray(answer) ? answer : [answer]).flatMap((entry) => pwaApp(entry) ?? []);
    if (made.length > 0) return made;
    const said = messageOf(answer, response.masked);
    const message = `the answer names no app and no task${said === undefined ? '' : `: ${said}`}`;
    throw unexpected(response, message, { permanent: true });
  });
}

function pwaApp(entry: unknown): PwaApp | undefined {
  if (!isJsonObject(entry)) return undefined;
  const app = libraryApp(entry.app);
  const task = isJsonObject(entry.taskId) ? entry.taskId.task_id : entry.task_id;
  const buildId = typeof task === 'string' && isPlainId(task) ? task : undefined;
  return app === undefined && buildId === undefined ? undefined : defined({ app, buildId });
}

async function encodedProfile(file: string): Promise<{ filename: string; content: string }> {
  const filename = path.basename(file);
  try {
    return { filename, content: (await readFile(file)).toString('base64') };
  } catch (cause) {
    throw new FusegateError('usage.invalid', 'A provisioning profile cannot be read.', {
      hint: 'Check that it is the right file and that this user can read it.',
      problems: [{ option: 'provisioning-profiles', value: filename, message: 'it cannot be read' }],
      cause,
    });
  }
}
