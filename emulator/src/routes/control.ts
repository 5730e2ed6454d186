/** The control paths, /__emulator/…: for tests and rehearsals, no part of the service. */
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type FaultState, parseFaults } from '../faults/instruction.ts';
import { freshFault } from '../faults/match.ts';
import { type FusionSet, fusionSetSchema } from '../fusion-sets/fusion-set.ts';
import type { RequestContext } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { isObject } from '../json.ts';
import { DEFAULT_SETTINGS, type Settings } from '../state/model.ts';
import { freshState } from '../state/store.ts';
import { taskWord, testWord, uploadWord, validationWord } from '../state/timeline.ts';

/** GET state: everything that tests assert on, with secrets masked. */
export function showState(context: RequestContext): Reply {
  const { fusionSets, apps, tasks, tests, validations, violations, quirks, faults, settings } = context.state;
  const now = context.now();
  return jsonReply({
    settings,
    fusionSets,
    apps: apps.map((app) => ({ ...app, status: uploadWord(app, now) })),
    tasks: tasks.map(({ fusionSet, ...task }) => ({
      ...task,
      fusionSetId: fusionSet.id,
      status: taskWord({ ...task, fusionSet }, now),
    })),
    tests: tests.map((test) => ({ ...test, status: testWord(test, now) })),
    validations: validations.map((validation) => ({ ...validation, status: validationWord(validation, now) })),
    violations,
    quirks,
    faults: faults.map(({ instruction, ...counters }, index) => ({ index, ...instruction, ...counters })),
    requests: context.services.log.records,
  });
}

/** POST faults: adds a list of instructions: all of them or, if one is wrong, none. */
export async function addFaults(context: RequestContext): Promise<Reply> {
  const faults = await readFaults(context.request);
  context.state.faults.push(...faults);
  await context.services.store.save();
  return jsonReply({ added: faults.length });
}

/** PUT faults: replaces the list; an empty one removes all instructions. */
export async function replaceFaults(context: RequestContext): Promise<Reply> {
  const faults = await readFaults(context.request);
  context.state.faults.splice(0, context.state.faults.length, ...faults);
  await context.services.store.save();
  return jsonReply({ now: faults.length });
}

/** @throws Refusal 400 that names every problem */
async function readFaults(request: IncomingMessage): Promise<FaultState[]> {
  const parsed = parseFaults(await readJson(request));
  if ('problems' in parsed) throw new Refusal(400, parsed.problems.join('; '));
  return parsed.faults.map(freshFault);
}

/** POST fusion-sets: one set or a list; a set with a known id replaces the old one. */
export async function addFusionSets(context: RequestContext): Promise<Reply> {
  const body = await readJson(context.request);
  const sets = [body].flat().map((entry, index): FusionSet => {
    const parsed = fusionSetSchema.safeParse(entry);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues.map(({ path }) => path.join('.') || 'itself').join(', ');
    throw new Refusal(400, `Fusion Set ${index}: wrong or missing: ${where}`);
  });
  const ids = new Set(sets.map(({ id }) => id.toLowerCase()));
  context.state.fusionSets = [...context.state.fusionSets.filter(({ id }) => !ids.has(id.toLowerCase())), ...sets];
  await context.services.store.save();
  return jsonReply({ fusionSets: context.state.fusionSets.length });
}

/** POST settings: changes some of the switches. */
export async function changeSettings(context: RequestContext): Promise<Reply> {
  const body = await readJson(context.request);
  if (!isObject(body)) throw new Refusal(400, 'Settings are an object');
  const problems = Object.entries(body).flatMap(([name, value]) => problemOf(name, value));
  if (problems.length > 0) throw new Refusal(400, problems.join('; '));
  Object.assign(context.state.settings, body);
  await context.services.store.save();
  return jsonReply(context.state.settings);
}

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

/** POST reset: forgets everything; built-in Fusion Sets and default settings come back. */
export async function reset(context: RequestContext): Promise<Reply> {
  const { store, log } = context.services;
  const files = store.state.uploads.map(({ fileId }) => store.uploadPath(fileId));
  store.state = freshState();
  log.clear();
  await Promise.all(files.map((path) => rm(path, { force: true })));
  await store.save();
  return jsonReply({ reset: true });
}
