/** What every run announces besides its verdict. */
import { SERVICE_ORIGIN } from '../api/origin.ts';
import type { GateRequest, RunRequest } from '../model/run-request.ts';
import type { Finding } from '../model/verdict.ts';

/** Where the outcome of an earlier run is now; for the log. */
export function setAsideNotice(folder: string): string {
  return `This run did not start, so the outcome of the earlier one was moved to ${folder}.`;
}

/** Announces ignored settings, because the person who set them believes that they count. */
export function overruledFindings({ overruled = [] }: Pick<GateRequest, 'overruled'>): Finding[] {
  const hint = 'Remove it, or ask the owners of the policy to change it.';
  return overruled.map((message) => ({ code: 'gate.weakened', level: 'warning', message, hint }));
}

/** What only the build will show about the inputs. */
export function inputFindings({
  notChecked = [],
  doubts = [],
  fusedAlready,
}: Pick<RunRequest, 'notChecked' | 'doubts' | 'fusedAlready'>): Finding[] {
  const warning = (code: Finding['code'] & `input.${string}`, text: string, hint: string): Finding => ({
    code,
    level: 'warning',
    message: text.replace(/\.$/, ''),
    hint,
  });
  return [
    ...notChecked.map((text) =>
      warning(
        'input.not-checked',
        text,
        'Only the build will show whether the service can use it. Make sure that it is the right file.',
      ),
    ),
    ...doubts.map((text) => warning('input.doubtful', text, 'Make sure that it is the right file.')),
    ...(fusedAlready === undefined
      ? []
      : [warning('input.fused-already', fusedAlready, 'Give the app as your own build made it.')]),
  ];
}

/**
 * Announces any origin but the service's own (design, rule 16).
 * @param issued whether an embedded build service issued the certificate
 */
export function serverFinding(
  server: { origin: string; rehearsal: boolean } | undefined,
  issued: boolean,
): Finding | undefined {
  if (server === undefined || server.origin === SERVICE_ORIGIN) {
    if (!issued) return undefined;
    return {
      code: 'server.rehearsal',
      level: 'warning',
      message: 'This was a rehearsal: an embedded build service issued the certificate, which certifies nothing',
      hint: `For a release, judge the certificate of a build at ${SERVICE_ORIGIN}.`,
    };
  }
  return {
    code: 'server.rehearsal',
    level: 'warning',
    message: server.rehearsal
      ? `This was a rehearsal: ${server.origin} is an embedded build service, and what it issues is synthetic`
      : `The run talked to ${server.origin}, which is not Appdome's own service`,
    hint: `For a release, leave server-url unset, or set it to ${SERVICE_ORIGIN}.`,
  };
}

/** Names what would let anybody pose as the service: whoever set it believes that it counts, and other programs of the job obey it. */
export function tlsFindings(ignored: readonly string[] = []): Finding[] {
  return ignored.map((setting) => ({
    code: 'server.tls-setting',
    level: 'warning',
    message: `${setting} is set, and Fusegate ignores it: the server's certificate was verified all the same`,
    hint: `Remove ${setting}. For a proxy that opens TLS, give its CA as ca-file.`,
  }));
}
