import { SERVICE_ORIGIN } from '../api/origin.ts';
import type { Finding } from '../policy/verdict.ts';

/** Any origin but the service's own is said aloud (design, rule 12). */
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
