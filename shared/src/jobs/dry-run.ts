/** What only the network can tell before a run: that the key is accepted, that every host is reached, that the clocks agree. */

import type { ServiceAccess } from '../api/service-check.ts';
import { ensureRoom, roomNeeded } from '../files/disk-room.ts';
import { defined } from '../model/defined.ts';
import { EXIT } from '../model/errors.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import type { ServiceIo } from '../pipeline/pipeline-io.ts';
import { withinRun } from '../pipeline/stages.ts';
import { listeningFindings } from '../policy/rules/app-listeners.ts';
import { notJudged } from '../policy/rules/not-judged.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { checkListening, type ListeningRequest, stopBeforeUpload } from './app-listening.ts';
import { verdictWithoutEvidence } from './build-result.ts';
import type { FolderIo, FolderLearnt } from './folder-frame.ts';
import { inputFindings } from './notices-of-run.ts';

export type DryRunRecord = NonNullable<FusegateResult['dryRun']>;

/** More than a machine that asks a time server is ever off; signatures and tokens begin to fail at about this. */
const MAX_SKEW_MS = 5 * 60_000;

/** What was found out about the inputs; the job's frame turns it into findings. */
type CheckedInputs = Pick<RunRequest, 'notChecked' | 'doubts' | 'fusedAlready'>;
type CheckedRequest = Pick<RunRequest, 'limits' | 'buildId' | 'server'>;

export async function dryRun(
  request: CheckedRequest & CheckedInputs & ListeningRequest & Pick<RunRequest, 'app' | 'output'>,
  plan: PolicyPlan,
  io: FolderIo,
): Promise<FolderLearnt> {
  const listening = await checkListening(request, plan, io);
  const needed = roomNeeded(request);
  if (needed !== undefined) await ensureRoom(io.folder.dir, needed);
  const record = await checkSurroundings(request, { ...io, client: io.connect(request) });
  const learnt = defined({ dryRun: record, listening });
  const stopped = stopBeforeUpload(listening, plan, request, io.deps.clock.now());
  if (stopped !== undefined) return { ...stopped, ...learnt };
  const verdict = dryRunVerdict(plan, record, request);
  const findings = [...verdict.findings, ...listeningFindings({ listening, readable: [] }, plan.rules)];
  // It did what it was asked to, so it is green; its verdict says that nothing was judged.
  return { verdict: { ...verdict, findings }, exitCode: EXIT.pass, ...learnt };
}

/**
 * Sends only what changes nothing: the request for an upload link, a look at the storage, and the state of a build that was named.
 * @throws FusegateError auth.*, service.refused, api.*, network.*, timeout.run, run.cancelled
 */
export async function checkSurroundings(request: CheckedRequest, io: ServiceIo): Promise<DryRunRecord> {
  const { clock } = io.deps;
  const { limits, buildId } = request;
  return withinRun({ ms: limits.run, stage: 'preflight', ids: {} }, io, (scope) =>
    io.stages.run(io, scope, { name: 'preflight' }, async (stage) => {
      const access = await io.client.checkAccess(stage);
      const skew = access.serverTime === undefined ? undefined : clock.now() - access.serverTime;
      // Where the API stores by itself, it has just answered.
      if (access.storage.origin !== io.client.origin) await io.client.checkStorage(access.storage, stage);
      if (buildId !== undefined) {
        io.record.addIds({ buildId });
        await io.client.taskStatus(buildId, undefined, stage);
      }
      return {
        hosts: hostsOf(new URL(io.client.origin), access, io.client.connection.proxy),
        ...defined({ clockSkewMs: skew && Math.round(skew) }),
      };
    }),
  );
}

/** `host:port`, each once. */
function hostsOf(api: URL, { storage }: ServiceAccess, proxy: string | undefined): DryRunRecord['hosts'] {
  const hosts = [{ host: withPort(api), why: 'API' }];
  if (storage.host !== api.host) hosts.push({ host: withPort(storage), why: 'storage of uploads and downloads' });
  if (proxy === undefined) return hosts;
  return [...hosts, { host: withPort(new URL(proxy)), why: 'proxy for all the others' }];
}

function withPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** A dry run judges nothing, so it is never a pass, whatever it finds. */
export function dryRunVerdict(plan: PolicyPlan, record: DryRunRecord, inputs: CheckedInputs = {}): Verdict {
  return {
    ...verdictWithoutEvidence('not-evaluated', findingsOf(record, inputs)),
    requirements: notJudged(plan, 'A dry run judges nothing.'),
    binding: { level: 'none', message: 'Nothing was compared: this was a dry run.' },
  };
}

function findingsOf({ hosts, clockSkewMs = 0 }: DryRunRecord, inputs: CheckedInputs): Finding[] {
  const warnings = inputFindings(inputs).length;
  const inOrder =
    warnings === 0
      ? 'Inputs, policy and credentials are in order'
      : `The policy is in order, and so are the inputs but for ${warnings === 1 ? 'a warning' : `${warnings} warnings`} about them`;
  const complete: Finding = {
    code: 'dry-run.complete',
    level: 'note',
    message: `${inOrder}, the key is accepted, and these hosts can be reached: ${hosts
      .map(({ host, why }) => `${host} (${why})`)
      .join(', ')}`,
    hint: 'A firewall must allow these hosts. Downloads may be redirected to other hosts of the same storage.',
  };
  if (Math.abs(clockSkewMs) <= MAX_SKEW_MS) return [complete];
  const minutes = Math.round(Math.abs(clockSkewMs) / 60_000);
  return [
    {
      code: 'dry-run.clock',
      level: 'warning',
      message: `The clock on this machine is ${minutes} minutes ${clockSkewMs > 0 ? 'ahead of' : 'behind'} the service's`,
      hint: 'Synchronise it with a time server: certificates, waivers and the age of results depend on the clock.',
    },
    complete,
  ];
}
