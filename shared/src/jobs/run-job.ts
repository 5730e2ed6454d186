/** The single entry of every adapter, and of the part of a bundle that holds all jobs: which job a request asks for. */
import { isArchive } from '../intake/certificate-files.ts';
import type { Deps } from '../model/deps.ts';
import type { Host } from '../model/host.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { archive } from './archive.ts';
import type { RunContext, RunEnd } from './build-result.ts';
import { dryRun } from './dry-run.ts';
import { type FolderJob, inFolderFrame } from './folder-frame.ts';
import { gate } from './gate.ts';
import { run } from './run.ts';

export { refuse } from './refuse.ts';

/**
 * @param host guarded (secrets/guarded-host.ts): nothing here masks what it prints
 * @returns the exit and the result; also after every failure but one
 * @throws FusegateError output.unwritable if there is nowhere to write a result
 */
export async function runJob(
  request: RunRequest,
  plan: PolicyPlan,
  host: Host,
  deps: Deps,
  context: RunContext,
): Promise<RunEnd> {
  const around = { host, deps, context };
  if (request.mode === 'verify') return (await import('./verify.ts')).verify(request, plan, around);
  return inFolderFrame(await jobOf(request), request, plan, around);
}

async function jobOf(request: Pick<RunRequest, 'mode' | 'dryRun' | 'buildId' | 'gate'>): Promise<FolderJob> {
  if (request.mode === 'validate') return (await import('./validate.ts')).validate;
  if (request.dryRun) return dryRun;
  if (request.mode === 'run') return run;
  return request.buildId === undefined && isArchive(request.gate.certificates) ? archive : gate;
}
