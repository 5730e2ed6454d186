/** What earlier runs tell about how long the service will take. Pure. */
import type { StageName } from '../model/errors.ts';
import { isJsonObject } from '../model/json-object.ts';
import type { ExpectedWait } from './poll-pace.ts';

/** The steps that are waited for. */
export const WAITED_STAGES = ['analysis', 'build', 'context', 'sign'] as const satisfies readonly StageName[];
type WaitedStage = (typeof WAITED_STAGES)[number];

/** One earlier run: what it was about, and the milliseconds from the first question to the answer that a step was done. */
export interface PastRun {
  fusionSetId: string;
  /** File name of the app. */
  app?: string;
  waits: Partial<Record<WaitedStage, number>>;
}

export type ExpectedWaits = Partial<Record<StageName, ExpectedWait>>;

/** The newest runs that count. */
const RUNS = 10;
/** One run says little about how much the time varies, and a few that agree may be chance. */
const SPREAD = { one: 0.05, least: 0.03, most: 0.15 };
/** Longer than any deadline. */
const MAX_WAIT_MS = 24 * 60 * 60_000;

/**
 * @param runs oldest first
 * @returns the median of the runs of the same app and Fusion Set; of the Fusion Set alone if the app's name is new
 */
export function expectedWaits(runs: readonly PastRun[], now: Pick<PastRun, 'fusionSetId' | 'app'>): ExpectedWaits {
  const ofSet = runs.filter(({ fusionSetId }) => fusionSetId.toLowerCase() === now.fusionSetId.toLowerCase());
  const ofApp = ofSet.filter(({ app }) => app === now.app);
  const expected: ExpectedWaits = {};
  for (const stage of WAITED_STAGES) {
    const taken = (ofApp.length > 0 ? ofApp : ofSet).flatMap(({ waits }) => waits[stage] ?? []).slice(-RUNS);
    const ms = median(taken);
    if (ms === undefined) continue;
    const off = Math.max(...taken.map((each) => Math.abs(each - ms))) / ms;
    const spread = taken.length === 1 ? SPREAD.one : Math.min(SPREAD.most, Math.max(SPREAD.least, off));
    expected[stage] = { ms, spread };
  }
  return expected;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The waits of a file that somebody may have changed: numbers that can be waits, and nothing else. */
export function waitsOf(value: unknown): PastRun['waits'] {
  if (!isJsonObject(value)) return {};
  const known = WAITED_STAGES.flatMap((stage) => {
    const ms = value[stage];
    return typeof ms === 'number' && ms > 0 && ms < MAX_WAIT_MS ? [[stage, ms] as const] : [];
  });
  return Object.fromEntries(known);
}
