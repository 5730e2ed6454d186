/** Raw inputs -> a request that can be run, or one error that names everything that is wrong. No request is sent on the way. */
import type { FusegateError } from '../errors.ts';
import { planPolicy } from '../policy/plan.ts';
import type { PolicyPlan } from '../policy/rule.ts';
import { Secret } from '../secrets/secret.ts';
import { buildRequest } from './build-request.ts';
import { readCiContext } from './ci-context.ts';
import type { Environment, RawInputs } from './input-candidates.ts';
import { type InspectedFiles, inspectFiles } from './inspect-files.ts';
import type { InputSystem } from './option.ts';
import { type ParsedOptions, parseOptions } from './parse-options.ts';
import { type InputProblem, problemsError } from './problem.ts';
import type { RunRequest } from './run-request.ts';
import { readSecretFiles } from './secret-files.ts';
import { spell } from './spelling.ts';
import { whyWithheld } from './withheld-secrets.ts';

/** `secrets`: everything that must be masked, in both cases, before anything else is printed. */
export type ReadRequest =
  | { ok: true; request: RunRequest; plan: PolicyPlan; secrets: Secret[]; notices: string[] }
  | {
      ok: false;
      error: FusegateError;
      secrets: Secret[];
      notices: string[];
      /**
       * The request as far as it could be built, where it is certain which folder it would have written to: what an earlier run left
       * there must not pass for the outcome of this one.
       */
      draft?: { request: RunRequest; plan: PolicyPlan };
    };

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

/** Whether the output folder is what the user meant: given and in order, or named after an app that is there. */
function knowsFolder(options: ParsedOptions, files: InspectedFiles, problems: readonly InputProblem[]): boolean {
  const own = [options.name('output-dir'), options.name('output-name'), options.name('app')];
  const doubtful = problems.some(({ option }) => own.includes(option));
  return options.get('output-dir') !== undefined
    ? !problems.some(({ option }) => option === options.name('output-dir'))
    : files.app !== undefined && !doubtful;
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
    ? {
        ok: false,
        error: problemsError(all),
        ...common,
        ...(knowsFolder(options, files, all) ? { draft: { request: draft.request, plan } } : {}),
      }
    : { ok: true, request: draft.request, plan, ...common };
}
