/** What every run says aloud beside its verdict. */
import { SERVICE_ORIGIN } from '../api/origin.ts';
import type { GateRequest } from '../model/run-request.ts';
import type { Finding } from '../model/verdict.ts';

/** Where the outcome of an earlier run lies now; for the log. */
export function setAsideNotice(folder: string): string {
  return `This run did not start, so the outcome of the earlier one was kept: it lies in ${folder}.`;
}

/** What was asked for and did not count is said aloud: whoever set it believes otherwise. */
export function overruledFindings({ overruled = [] }: Pick<GateRequest, 'overruled'>): Finding[] {
  const hint = 'Remove it, or have the policy changed by those who own it.';
  return overruled.map((message) => ({ code: 'gate.weakened', level: 'warning', message, hint }));
}

/** Any origin but the service's own is said aloud (design, rule 16). */
export function serverFinding(server: { origin: string; rehearsal: boolean }): Finding | undefined {
  if (server.origin === SERVICE_ORIGIN) return undefined;
  return {
    code: 'server.rehearsal',
    level: 'warning',
    message: server.rehearsal
      ? `This was a rehearsal: ${server.origin} is an embedded build service, and what it issues is synthetic`
      : `The run talked to ${server.origin}, which is not Appdome's own service`,
    hint: `For a release, let server-url be unset or ${SERVICE_ORIGIN}.`,
  };
}
