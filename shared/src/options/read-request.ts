/** Raw inputs -> a request that can be run, or one error that names everything that is wrong. No request is sent on the way. */
import type { FusegateError } from '../errors.ts';
import { planPolicy } from '../policy/plan.ts';
import type { PolicyPlan } from '../policy/rule.ts';
import { Secret } from '../secrets/secret.ts';
import { buildRequest } from './build-request.ts';
import { readCiContext } from './ci-context.ts';
import type { Environment, RawInputs } from './input-candidates.ts';
import { inspectFiles } from './inspect-files.ts';
import type { InputSystem } from './option.ts';
import { parseOptions } from './parse-options.ts';
import { type InputProblem, problemsError } from './problem.ts';
import type { RunRequest } from './run-request.ts';
import { readSecretFiles } from './secret-files.ts';
import { spell } from './spelling.ts';
import { whyWithheld } from './withheld-secrets.ts';

/** `secrets`: everything that must be masked, in both cases, before anything else is printed. */
export type ReadRequest =
  | { ok: true; request: RunRequest; plan: PolicyPlan; secrets: Secret[]; notices: string[] }
  | { ok: false; error: FusegateError; secrets: Secret[]; notices: string[] };

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** The password inside a proxy URL, as it stands and decoded. */
function proxySecrets(urls: ReadonlyArray<string | undefined>): Secret[] {
  return urls.flatMap((text) => {
    const written = /^[a-z][a-z0-9+.-]*:\/\/[^:/@\s]*:([^/\s]*)@/i.exec(text ?? '')?.[1];
    if (!written) return [];
    try {
      return [new Secret(written), new Secret(decodeURIComponent(written))];
    } catch {
      return [new Secret(written)];
    }
  });
}

/**
 * @param environment the process environment; nothing else of `shared/` reads it, but for the transport's proxy settings
 * @param cwd what relative paths are relative to
 */
export async function readRequest(
  raw: RawInputs,
  environment: Environment,
  system: InputSystem,
  { cwd }: { cwd: string },
): Promise<ReadRequest> {
  const options = parseOptions(await readSecretFiles(raw, environment, system, cwd), environment, system);
  const files = await inspectFiles(options, cwd);
  const draft = buildRequest(options, files, {
    cwd,
    inCi: readCiContext(environment).system !== 'local',
    withheld: whyWithheld(environment),
  });
  const { plan, problems, notices } = planPolicy({
    required: draft.request.gate.requiredFeatures,
    gate: draft.request.gate.mode,
    platform: draft.request.platform,
    option: spell('required-features', system),
  });
  const all: InputProblem[] = [
    ...options.problems,
    ...files.problems,
    ...draft.problems,
    ...problems.map((each): InputProblem => ({ code: 'usage.invalid', ...each })),
  ];
  const proxies = [options.get('proxy'), ...PROXY_VARIABLES.map((name) => environment[name])];
  const common = {
    secrets: [...options.secrets, ...proxySecrets(proxies)],
    notices: [...options.notices, ...draft.notices, ...notices],
  };
  return all.length > 0
    ? { ok: false, error: problemsError(all), ...common }
    : { ok: true, request: draft.request, plan, ...common };
}
