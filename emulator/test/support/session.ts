import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import type { FaultInstruction } from '../../src/faults/instruction.ts';
import type { RecordedRequest } from '../../src/record/request-log.ts';
import type { Quirk, Settings, Violation } from '../../src/state/model.ts';

/** A small archive: an app as far as the service looks. */
export function archive(seed = 'rehearsal', comment = ''): Uint8Array {
  const bytes = zipSync({ 'classes.dex': strToU8(seed) }, { level: 0, mtime: new Date(2026, 0, 1) });
  if (comment === '') return bytes;
  const text = strToU8(comment);
  const whole = new Uint8Array(bytes.length + text.length);
  whole.set(bytes);
  whole.set(text, bytes.length);
  new DataView(whole.buffer).setUint16(bytes.length - 2, text.length, true);
  return whole;
}

export function sha256(bytes: Uint8Array | ArrayBuffer): string {
  return createHash('sha256').update(new Uint8Array(bytes)).digest('hex');
}

export interface StateView {
  settings: Settings;
  fusionSets: Array<{ id: string; name: string }>;
  apps: Array<{ id: string; sha256: string; status: string; identity?: Record<string, string> }>;
  tasks: Array<{ id: string; status: string; fusionSetId: string; stages: Array<Record<string, unknown>> }>;
  violations: Violation[];
  quirks: Quirk[];
  faults: Array<{ index: number; remaining: number | null; skip: number; met: number[] }>;
  requests: RecordedRequest[];
}

const KEYSTORE = {
  signing_keystore_password: 'sp3cial-store-pw',
  signing_keystore_alias: 'key0',
  signing_keystore_key_password: 'sp3cial-key-pw',
};

/** A well-behaved client of an emulator, over real HTTP. */
export class Session {
  readonly url: string;
  team: string | undefined;
  headers: Record<string, string> = { Authorization: 'rehearsal-key', 'X-Appdome-Client': 'Fusegate/0.1.0' };

  constructor(url: string, team?: string) {
    this.url = url;
    this.team = team;
  }

  address(path: string, query: Record<string, string> = {}): string {
    const url = new URL(path.startsWith('/') ? path : `/api/v1/${path}`, this.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (this.team !== undefined) url.searchParams.set('team_id', this.team);
    return url.href;
  }

  get(path: string, query: Record<string, string> = {}): Promise<Response> {
    return fetch(this.address(path, query), { headers: this.headers, redirect: 'manual' });
  }

  async json<T = Record<string, unknown>>(path: string, query: Record<string, string> = {}): Promise<T> {
    return (await (await this.get(path, query)).json()) as T;
  }

  post(path: string, fields: Record<string, string | Blob>, query: Record<string, string> = {}): Promise<Response> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.set(name, value);
      else form.set(name, value, 'part.bin');
    }
    return fetch(this.address(path, query), { method: 'POST', body: form, headers: this.headers });
  }

  postJson(path: string, value: unknown): Promise<Response> {
    const headers = { ...this.headers, 'Content-Type': 'application/json' };
    return fetch(this.address(path), { method: 'POST', body: JSON.stringify(value), headers });
  }

  async link(): Promise<{ url: string; file_id: string }> {
    return this.json('upload-link');
  }

  async put(url: string, bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers });
  }

  /** Uploads bytes and returns the app id. */
  async upload(bytes: Uint8Array, fileName = 'Rehearsal.apk'): Promise<string> {
    const { url, file_id } = await this.link();
    await this.put(url, bytes);
    const answer = await this.post(
      'upload-using-link',
      { file_app_id: file_id, file_name: fileName },
      { async: 'True' },
    );
    return ((await answer.json()) as { id: string }).id;
  }

  async fuse(appId: string, fusionSetId: string, overrides?: Record<string, unknown>): Promise<string> {
    const text = overrides === undefined ? {} : { overrides: JSON.stringify(overrides) };
    const answer = await this.post('tasks', { action: 'fuse', app_id: appId, fusion_set_id: fusionSetId, ...text });
    return ((await answer.json()) as { task_id: string }).task_id;
  }

  act(
    taskId: string,
    action: string,
    overrides: Record<string, unknown>,
    files: Record<string, Blob> = {},
  ): Promise<Response> {
    return this.post('tasks', { action, parent_task_id: taskId, overrides: JSON.stringify(overrides), ...files });
  }

  sign(taskId: string, overrides: Record<string, unknown> = {}): Promise<Response> {
    return this.act(
      taskId,
      'sign',
      { ...KEYSTORE, ...overrides },
      { signing_keystore: new Blob(['synthetic keystore']) },
    );
  }

  seal(taskId: string): Promise<Response> {
    return this.act(taskId, 'seal', { signing_sha1_fingerprint: 'AA'.repeat(20) });
  }

  /** Polls until a status is no longer `progress`; the emulator runs without delays. */
  async settled(path: string): Promise<Record<string, unknown>> {
    for (let poll = 0; poll < 2000; poll += 1) {
      const answer = await this.json(path);
      if (answer.status !== 'progress' && answer.status !== 'queued') return answer;
    }
    throw new Error(`${path} never settled`);
  }

  /** Upload, build, sign; returns the ids. */
  async built(fusionSetId: string, options: { fileName?: string; how?: 'sign' | 'seal'; bytes?: Uint8Array } = {}) {
    const bytes = options.bytes ?? archive();
    const appId = await this.upload(bytes, options.fileName);
    await this.settled(`upload/${appId}/status`);
    const taskId = await this.fuse(appId, fusionSetId);
    await this.settled(`tasks/${taskId}/status`);
    await (options.how === 'seal' ? this.seal(taskId) : this.sign(taskId));
    await this.settled(`tasks/${taskId}/status`);
    return { appId, taskId, bytes };
  }

  async state(): Promise<StateView> {
    return (await (await fetch(this.address('/__emulator/state'))).json()) as StateView;
  }

  async violationCodes(): Promise<string[]> {
    return (await this.state()).violations.map(({ code }) => code);
  }

  async addFaults(...faults: FaultInstruction[]): Promise<void> {
    const answer = await this.postJson('/__emulator/faults', faults);
    if (!answer.ok) throw new Error(await answer.text());
  }

  async settings(settings: Partial<Settings>): Promise<void> {
    const answer = await this.postJson('/__emulator/settings', settings);
    if (!answer.ok) throw new Error(await answer.text());
  }
}
