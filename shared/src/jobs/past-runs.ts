/**
 * How long the service took in earlier runs: what their results in the output folder say, and the file of the option `durations`. It only
 * paces the status requests, so nothing about it ends a run.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, isAbsent, replaceFile } from '../files/file-system.ts';
import { RESULT_FILE } from '../files/output-paths.ts';

import type { StageTiming } from '../model/build-outcome.ts';
import type { Clock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import type { Host } from '../model/host.ts';
import { isJsonObject } from '../model/json-object.ts';
import type { RunRequest } from '../model/run-request.ts';
import { type PastRun, waitsOf } from '../pipeline/past-waits.ts';

/** Runs in the file, of all apps; the newest stay. */
const MAX_RUNS = 500;
const MAX_BYTES = 1024 * 1024;
/** A result with its certificate; its waits are a few numbers. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;
const FORMAT = 'fusegate-durations';

/** What the file holds. `foreign`: something else, which is neither read nor replaced. */
export type Durations = { state: 'ours'; runs: PastRun[] } | { state: 'none' } | { state: 'foreign' };

export async function readDurations(file: string): Promise<Durations> {
  const value = await readJson(file, MAX_BYTES);
  if (value === undefined) return { state: 'none' };
  if (!isJsonObject(value) || value.format !== FORMAT || !Array.isArray(value.runs)) return { state: 'foreign' };
  return { state: 'ours', runs: value.runs.flatMap(pastRunOf).slice(-MAX_RUNS) };
}

/** The results that the output folder has, from before this run clears it, oldest first. */
export async function runsInFolder(dir: string): Promise<PastRun[]> {
  const found = [path.join(dir, 'previous', RESULT_FILE), path.join(dir, RESULT_FILE)].map(runOfResult);
  return (await Promise.all(found)).flat();
}

async function runOfResult(file: string): Promise<PastRun[]> {
  const value = await readJson(file, MAX_RESULT_BYTES);
  if (!isJsonObject(value) || !isJsonObject(value.ids) || !Array.isArray(value.stages)) return [];
  const waits = value.stages.flatMap((stage) => (isJsonObject(stage) ? [[stage.name, stage.waitedMs]] : []));
  const app = isJsonObject(value.app) && typeof value.app.path === 'string' ? path.basename(value.app.path) : undefined;
  return pastRunOf({ fusionSetId: value.ids.fusionSetId, app, waits: Object.fromEntries(waits) });
}

/** This run, for the next ones; undefined if it has waited for nothing. */
export function pastRunFrom(
  request: Pick<RunRequest, 'fusionSetId' | 'app'>,
  stages: readonly StageTiming[],
): PastRun | undefined {
  const waits = waitsOf(Object.fromEntries(stages.map(({ name, waitedMs }) => [name, waitedMs])));
  if (request.fusionSetId === undefined || Object.keys(waits).length === 0) return undefined;
  return { fusionSetId: request.fusionSetId, ...defined({ app: request.app?.name }), waits };
}

/** Adds a run to the file, which is whole at any moment. Another job may write at the same time; then one of the two runs is missing. */
export async function keepDurations(
  file: string,
  run: PastRun,
  { host, clock }: { host: Pick<Host, 'log'>; clock: Clock },
): Promise<void> {
  try {
    const found = await readDurations(file);
    if (found.state === 'foreign') return;
    const runs = [...(found.state === 'ours' ? found.runs : []), run].slice(-MAX_RUNS);
    await replaceFile(file, `${JSON.stringify({ format: FORMAT, runs })}\n`, clock);
  } catch (error) {
    host.log(
      'warning',
      `The durations of this run cannot be written to ${file} (${codeOf(error) ?? 'unknown error'}).`,
    );
  }
}

/** @returns undefined if there is no such file, null if it holds something else */
async function readJson(file: string, max: number): Promise<unknown> {
  try {
    const info = await stat(file);
    return info.isFile() && info.size <= max ? JSON.parse(await readFile(file, 'utf8')) : null;
  } catch (error) {
    return isAbsent(error) ? undefined : null;
  }
}

function pastRunOf(value: unknown): PastRun[] {
  if (!isJsonObject(value) || typeof value.fusionSetId !== 'string') return [];
  const waits = waitsOf(value.waits);
  if (Object.keys(waits).length === 0) return [];
  const app = typeof value.app === 'string' ? value.app : undefined;
  return [{ fusionSetId: value.fusionSetId, ...defined({ app }), waits }];
}
