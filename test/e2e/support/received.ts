/** What the service got of one run, in the order in which it came. Runs are told apart by their team, so that they may run side by side. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Service } from './service.ts';

export interface ReceivedFile {
  part: string;
  fileName: string;
  mimeType: string;
  sha256: string;
}

export interface ReceivedAction {
  /** `build-to-test` has an endpoint of its own; everything else is posted to `tasks`. */
  endpoint: string;
  action: string;
  /** As the service read them; values of passwords are `***` there. */
  overrides: unknown;
  /** Every other field, but the ids that the service itself gave. */
  fields: Record<string, unknown>;
  files: ReceivedFile[];
}

interface RecordedRequest {
  method: string;
  path: string;
  status: number;
  query: Record<string, string>;
  fields: Record<string, unknown>;
  files: Array<{ field: string; fileName: string; mimeType: string; sha256: string }>;
}

let teams = 0;
/** A team that no other test of this file uses. */
export function newTeam(): string {
  teams += 1;
  return `team-${process.pid}-${teams}`;
}

export async function requestsOf(service: Service, team: string): Promise<RecordedRequest[]> {
  const { requests } = (await service.state()) as unknown as { requests: RecordedRequest[] };
  return requests.filter(({ query }) => query.team_id === team);
}

/** The posted actions, in order. */
export async function actionsOf(service: Service, team: string): Promise<ReceivedAction[]> {
  const posts = (await requestsOf(service, team)).filter(
    ({ method, path: target }) => method === 'POST' && /\/(tasks|build-to-test)$/.test(target),
  );
  return posts.map(({ path: target, fields, files }) => {
    const { action, overrides, app_id: _app, parent_task_id: _parent, fusion_set_id: _set, ...rest } = fields;
    return {
      endpoint: target.split('/').at(-1) ?? '',
      action: String(action),
      overrides,
      fields: rest,
      files: files.map(({ field, fileName, mimeType, sha256 }) => ({ part: field, fileName, mimeType, sha256 })),
    };
  });
}

/** The same file, as the service would record it under that part. */
export function sent(part: string, file: string, mimeType = 'application/octet-stream'): ReceivedFile {
  return { part, fileName: path.basename(file), mimeType, sha256: sha256Of(file) };
}

export function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
