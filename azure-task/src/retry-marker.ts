/**
 * What a retry of this very task must know: `retryCountOnTaskFailure` starts the task again in the same job. A run that was cut short is
 * continued by its journal; one that ran to its end and was red (the gate failed, or there was no verdict) would begin a new build,
 * pay for it and find the same. So its build id is left in the job's temporary folder, which the agent empties after the job.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, type ExitCode } from '@fusegate/shared/model/errors';
import type { Environment } from '@fusegate/shared/model/host';
import { isUuid } from '@fusegate/shared/model/uuid';

/** @returns undefined where the agent does not tell which task instance this is: then nothing may be concluded */
function markerFile(environment: Environment, temporary: string): string | undefined {
  const instance = environment['SYSTEM_TASKINSTANCEID'];
  const job = environment['SYSTEM_JOBID'];
  if (!instance || !job) return undefined;
  const key = createHash('sha256').update(`${job}\n${instance}`).digest('hex').slice(0, 32);
  return path.join(temporary, `fusegate-task-${key}.json`);
}

/** @returns the build that an earlier attempt at this task ended with */
export function buildOfEarlierTry(environment: Environment, temporary: string): string | undefined {
  const file = markerFile(environment, temporary);
  if (file === undefined) return undefined;
  try {
    const { buildId } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof buildId === 'string' && isUuid(buildId) ? buildId : undefined;
  } catch {
    return undefined;
  }
}

/** Best effort: without the marker a retry starts from the beginning. */
export function leaveMarker(
  environment: Environment,
  temporary: string,
  end: { exitCode: ExitCode; buildId: string | undefined },
): void {
  const file = markerFile(environment, temporary);
  const finished = end.exitCode === EXIT.gateFailed || end.exitCode === EXIT.noVerdict;
  if (file === undefined || !finished || end.buildId === undefined) return;
  try {
    writeFileSync(file, `${JSON.stringify({ buildId: end.buildId })}\n`, { mode: 0o600 });
  } catch {
    // The run itself reports a full disk.
  }
}
