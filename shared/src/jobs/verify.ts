/**
 * Mode verify: the deploy job's check, without the network. It writes no file, since the result that it reads may lie where it would write.
 */
import path from 'node:path';
import { apiBase } from '../api/origin.ts';
import { hashFile } from '../files/hash-file.ts';
import { defined } from '../model/defined.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, EXIT, type ExitCode, exitOfCode, type FusegateError } from '../model/errors.ts';
import { type Host, OUTPUT_NAMES, type OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Finding } from '../model/verdict.ts';
import { verifyResult } from '../policy/binding/verify-result.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  startOfRun,
  verdictWithoutEvidence,
} from '../report/build-result.ts';
import { groundLines } from '../report/describe.ts';
import { maskedResult } from '../report/masked-result.ts';
import { shownTo } from '../report/withhold-names.ts';
import { markdownFence } from '../text/untrusted-text.ts';
import { readResultFile } from './read-result.ts';

/**
 * @returns exit 0 only if nothing speaks against the file; 6 if the result is not a pass, 8 if it does not fit or cannot be read. The
 * result that comes back says what this check found; it is written nowhere
 */
export async function verify(
  request: RunRequest,
  plan: PolicyPlan,
  host: Host,
  deps: Deps,
  context: RunContext,
): Promise<RunEnd> {
  const checked = await check(request, deps);
  const exitCode = exitOf(checked.objections);
  const result = maskedResult(resultOf(checked, exitCode, request, plan, deps, context), context.mask);
  await publish(host, result, checked, request);
  return { exitCode, result };
}

interface Checked {
  objections: Finding[];
  verified?: FusegateResult;
  sha256?: string;
}

async function check(request: RunRequest, deps: Deps): Promise<Checked> {
  const checked: Checked = { objections: [] };
  try {
    if (request.app === undefined || request.result === undefined) throw new Error('mode verify without its files');
    checked.verified = (await readResultFile(request.result)).result;
    checked.sha256 = await hashFile(request.app.path, deps.signal);
    checked.objections = verifyResult(checked.verified, {
      sha256: checked.sha256,
      origin: apiBase(request.server.url).origin,
      now: deps.clock.now(),
      ...request.verify,
    });
  } catch (thrown) {
    checked.objections = [findingOf(asFusegateError(thrown))];
  }
  return checked;
}

/** That the result is not a pass comes first: it is the simplest reason. */
function exitOf(objections: readonly Finding[]): ExitCode {
  const [first] = objections;
  if (first === undefined) return EXIT.pass;
  if (objections.some(({ code }) => code === 'result.not-a-pass')) return EXIT.gateFailed;
  return exitOfCode(first.code as FusegateError['code']);
}

function resultOf(
  { objections, verified, sha256 }: Checked,
  exitCode: ExitCode,
  request: RunRequest,
  plan: PolicyPlan,
  deps: Deps,
  context: RunContext,
): FusegateResult {
  const outcome = exitCode === EXIT.pass ? 'pass' : exitCode === EXIT.gateFailed ? 'fail' : 'error';
  const own = buildResult(startOfRun(request, plan, context, deps.clock), {
    exitCode,
    verdict: verdictWithoutEvidence(outcome, [...objections, ...rehearsalFinding(request, verified)]),
    app: defined({ sha256 }),
    finishedAt: new Date(deps.clock.now()).toISOString(),
  });
  if (verified === undefined) return own;
  const { requirements, missingFeatures, waivers, accepted, binding, ids, policy } = verified;
  const { server, transport, validation, rehearsal, evidence, certificate } = verified;
  const judged = { requirements, missingFeatures, waivers, accepted, binding, ids, policy };
  const circumstances = { server, transport, rehearsal, evidence, certificate, ...defined({ validation }) };
  return { ...own, ...judged, ...circumstances };
}

/** A rehearsed deploy job must not look like a release, in whatever is made from the result. */
function rehearsalFinding({ verify: demands }: RunRequest, verified: FusegateResult | undefined): Finding[] {
  if (demands?.rehearsal !== true || verified === undefined) return [];
  return [
    {
      code: 'server.rehearsal',
      level: 'warning',
      message: `The deploy job is rehearsed: the result was judged against ${verified.server ?? 'no server'}, and the app may not be released`,
      hint: 'For a release, leave the option `rehearsal` out.',
    },
  ];
}

/** Outputs first, the failure last. Nothing of the app is handed on where it may not go out. */
async function publish(
  host: Host,
  result: FusegateResult,
  { sha256 = '' }: Checked,
  request: RunRequest,
): Promise<void> {
  const green = result.exitCode === EXIT.pass;
  const app = request.app?.path ?? '';
  const values: Partial<Record<OutputName, string>> = {
    'app-id': result.ids.appId ?? '',
    'build-id': result.ids.buildId ?? '',
    'protected-app': green ? app : '',
    verdict: result.verdict,
    'missing-features': result.missingFeatures.join(','),
    result: request.result ?? '',
    sha256,
  };
  for (const name of OUTPUT_NAMES) host.setOutput(name, values[name] ?? '');
  const file = path.basename(app);
  const rehearsed = request.verify?.rehearsal === true;
  const word = green ? `${rehearsed ? 'REHEARSAL ' : ''}VERIFIED` : 'NOT VERIFIED';
  const passed = rehearsed ? 'passed a rehearsal, and may not be released' : 'passed';
  const title = `Fusegate ${word}: ${file} ${green ? `is the app that ${passed}` : 'may not be deployed'}`;
  const shown = shownTo(result, request.gate);
  // The ground: what a person should know of a verdict that was made elsewhere.
  const lines = [title, ...(green ? factLines(shown, sha256) : faultLines(shown)), ...groundLines(shown)];
  const level = green ? (rehearsed ? 'warning' : 'notice') : 'error';
  host.log(level, lines.join('\n'));
  if (level !== 'notice') host.annotate({ level, title, message: lines.slice(1).join('\n') });
  // Text of the result, which anybody may have written, and the name of a file: nothing of it is Markdown.
  const heading = `${green ? (rehearsed ? '⚠️' : '✅') : '❌'} Fusegate ${word}`;
  await host.summary(`## ${heading}\n\n${markdownFence(lines)}\n`);
  if (!green) host.fail(title, result.exitCode as ExitCode);
}

function factLines({ binding, ids, server, policy }: FusegateResult, sha256: string): string[] {
  return [
    `SHA-256: ${sha256}, bound at level ${binding.level}`,
    `Build: ${ids.buildId ?? ''}, judged by ${server ?? ''}; policy sha256 ${policy.sha256}`,
  ];
}

function faultLines({ findings }: FusegateResult): string[] {
  const errors = findings.filter(({ level }) => level === 'error');
  const hints = [...new Set(errors.map(({ hint }) => hint))].slice(0, 3);
  return [
    ...errors.slice(0, 10).map(({ code, message }) => `- ${message} [${code}]`),
    ...hints.map((hint) => `Fix: ${hint}`),
  ];
}
