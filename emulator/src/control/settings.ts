import type { Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { DEFAULT_SETTINGS, type Settings } from '../state/model.ts';

/** POST /__emulator/settings: changes some of the switches. */
export const settingsRoute: Route = {
  method: 'POST',
  path: '/__emulator/settings',
  area: 'control',
  query: [],
  async handle(context) {
    const body = await readJson(context.request);
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new Refusal(400, 'Settings are an object');
    const problems = Object.entries(body).flatMap(([name, value]) => problemOf(name, value));
    if (problems.length > 0) throw new Refusal(400, problems.join('; '));
    Object.assign(context.state.settings, body);
    await context.services.store.save();
    return jsonReply(context.state.settings);
  },
};

const ALLOWED: Partial<Record<keyof Settings, readonly unknown[]>> = {
  checksumLookup: ['on', 'absent'],
  notReadyStatus: [400, 404],
  signingFiles: ['any', 'checked'],
};

function problemOf(name: string, value: unknown): string[] {
  if (!Object.hasOwn(DEFAULT_SETTINGS, name)) return [`${name}: unknown setting`];
  const key = name as keyof Settings;
  const allowed = ALLOWED[key];
  if (allowed !== undefined) return allowed.includes(value) ? [] : [`${name}: must be one of ${allowed.join(', ')}`];
  if (typeof value !== typeof DEFAULT_SETTINGS[key]) return [`${name}: must be a ${typeof DEFAULT_SETTINGS[key]}`];
  return typeof value === 'number' && !(value >= 0 && value < 1e9) ? [`${name}: must be 0 or more`] : [];
}
