/**
 * Mode verify: the deploy job's check, without the network. It writes no file, since the result that it reads may lie where it would write.
 */
import path from 'node:path';
import { apiBase, SERVICE_ORIGIN } from '../api/origin.ts';
import { hashFile } from '../files/hash-file.ts';
import { defined } from '../model/defined.ts';
import { EXIT, type ExitCode, exitOfCode, type FusegateError } from '../model/errors.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Finding } from '../model/verdict.ts';
import { verifyResult } from '../policy/binding/verify-result.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { groundLines, setByWords } from '../report/describe.ts';
import { shownTo } from '../report/withhold-names.ts';
import { errorsPageSentence } from '../text/errors-page.ts';
import { markdownFence } from '../text/untrusted-text.ts';
import type { Announcement } from './announce.ts';
import { type RunEnd, verdictWithoutEvidence } from './build-result.ts';
import { inFrame, type JobRuntime, type Learnt, orError } from './frame.ts';
import type { JobIo } from './job-io.ts';
import { readResultFile } from './read-result.ts';

type VerifiedRequest = Pick<RunRequest, 'app' | 'result' | 'server' | 'verify' | 'gate'>;

/**
 * @returns exit 0 only if nothing speaks against the file; 6 if the result is not a pass, 8 if it does not fit or cannot be read. The
 * result that comes back says what this check found; it is written nowhere
 */
export function verify(request: RunRequest, plan: PolicyPlan, around: JobRuntime): Promise<RunEnd> {
  return inFrame(check, request, plan, around, (result) => announcementOf(result, request));
}

async function check(request: VerifiedRequest, plan: PolicyPlan, { deps }: JobIo): Promise<Learnt> {
  const { app, server, verify: demands } = request;
  if (app === undefined || request.result === undefined) throw new Error('mode verify without its files');
  const verified = (await readResultFile(request.result)).result;
  const judged: Learnt = await orError(plan, async () => {
    const sha256 = await hashFile(app.path, deps.signal);
    const origin = apiBase(server.url).origin;
    const objections = verifyResult(verified, { sha256, origin, now: deps.clock.now(), ...demands });
    return { ...judgedBy(objections), app: { sha256 } };
  });
  const { verdict } = judged;
  return {
    ...judged,
    verdict: { ...verdict, findings: [...verdict.findings, ...trustFindings(request, verified)] },
    complete: (own) => ({ ...own, ...judgementOf(verified) }),
  };
}

function judgedBy(objections: Finding[]): Learnt {
  const exitCode = exitOf(objections);
  const outcome = exitCode === EXIT.pass ? 'pass' : exitCode === EXIT.gateFailed ? 'fail' : 'error';
  return { exitCode, verdict: verdictWithoutEvidence(outcome, objections) };
}

/** That the result is not a pass comes first: it is the simplest reason. */
function exitOf(objections: readonly Finding[]): ExitCode {
  const [first] = objections;
  if (first === undefined) return EXIT.pass;
  if (objections.some(({ code }) => code === 'result.not-a-pass')) return EXIT.gateFailed;
  return exitOfCode(first.code as FusegateError['code']);
}

/** What was judged elsewhere, and under which circumstances. */
function judgementOf(verified: FusegateResult): Partial<FusegateResult> {
  const { requirements, missingFeatures, waivers, accepted, binding, ids, policy } = verified;
  const { server, transport, validation, rehearsal, evidence, certificate } = verified;
  const judged = { requirements, missingFeatures, waivers, accepted, binding, ids, policy };
  return { ...judged, server, transport, rehearsal, evidence, certificate, ...defined({ validation }) };
}

type Trust = Pick<RunRequest, 'server' | 'verify'>;

/** Whose results count, and who says so: a variable may come from far away. Undefined if it is the service itself. */
function trustSentence({ server, verify: demands = {} }: Trust): string | undefined {
  if (demands.rehearsal) return `the result of a rehearsal, ${setByWords(demands.rehearsalSetBy)}`;
  const { origin } = apiBase(server.url);
  return origin === SERVICE_ORIGIN ? undefined : `results of ${origin}, ${setByWords(demands.serverSetBy)}`;
}

/** In whatever is made from the result: a rehearsed deploy job must not look like a release, nor another server like the service. */
function trustFindings(request: Trust, { server }: FusegateResult): Finding[] {
  const trusted = trustSentence(request);
  if (trusted === undefined) return [];
  if (request.verify?.rehearsal) {
    return [
      {
        code: 'server.rehearsal',
        level: 'warning',
        message: `The deploy job is rehearsed: the result was judged against ${server ?? 'no server'}, and the app may not be released`,
        hint: 'For a release, leave the option `rehearsal` out.',
      },
    ];
  }
  return [
    {
      code: 'server.trusted',
      level: 'warning',
      message: `Instead of results of Appdome's own service, this check trusts ${trusted}`,
      hint: `To trust ${SERVICE_ORIGIN} again, leave server-url unset.`,
    },
  ];
}

/** Nothing of the app is handed on where it may not go out. */
function announcementOf(result: FusegateResult, request: VerifiedRequest): Announcement {
  const green = result.exitCode === EXIT.pass;
  const app = request.app?.path ?? '';
  const sha256 = result.app?.sha256 ?? '';
  const file = path.basename(app);
  const trusted = trustSentence(request);
  const rehearsed = request.verify?.rehearsal === true;
  const word = green ? `${rehearsed ? 'REHEARSAL ' : ''}VERIFIED` : 'NOT VERIFIED';
  const passed = rehearsed ? 'passed a rehearsal, and may not be released' : 'passed';
  const title = `Fusegate ${word}: ${file} ${green ? `is the app that ${passed}` : 'may not be deployed'}`;
  const shown = shownTo(result, request.gate);
  // The ground: what a person should know of a verdict that was made elsewhere.
  const ground = [...(trusted === undefined ? [] : [`Trusted: ${trusted}`]), ...groundLines(shown)];
  const lines = [title, ...(green ? factLines(shown, sha256) : faultLines(shown)), ...ground];
  const level = green ? (trusted === undefined ? 'notice' : 'warning') : 'error';
  const heading = `${{ notice: '✅', warning: '⚠️', error: '❌' }[level]} Fusegate ${word}`;
  return {
    outputs: {
      'app-id': result.ids.appId ?? '',
      'build-id': result.ids.buildId ?? '',
      'protected-app': green ? app : '',
      verdict: result.verdict,
      'missing-features': result.missingFeatures.join(','),
      result: request.result ?? '',
      sha256,
    },
    log: [{ level, text: lines.join('\n') }],
    annotations: level === 'notice' ? [] : [{ level, title, message: lines.slice(1).join('\n') }],
    // Text of the result, which anybody may have written, and the name of a file: nothing of it is Markdown.
    summary: `## ${heading}\n\n${markdownFence(lines)}\n`,
    ...(!green && { failure: { message: title, exitCode: result.exitCode as ExitCode } }),
  };
}

/** How the result binds the file, for people who know no levels. */
const BOUND: Record<FusegateResult['binding']['level'], string> = {
  file: 'bound to this exact file',
  content: 'bound to the content of this file',
  service: 'bound to this file by Appdome',
  unconfirmed: 'not confirmed to be this file',
  none: 'not bound to this file',
};

function factLines({ binding, ids, server, policy }: FusegateResult, sha256: string): string[] {
  return [
    `SHA-256: ${sha256}, ${BOUND[binding.level]}`,
    `Build: ${ids.buildId ?? ''}, judged by ${server ?? ''}; policy sha256 ${policy.sha256}`,
  ];
}

function faultLines({ findings }: FusegateResult): string[] {
  const errors = findings.filter(({ level }) => level === 'error');
  const hints = [...new Set(errors.map(({ hint }) => hint))].slice(0, 3);
  return [
    ...errors.slice(0, 10).map(({ code, message }) => `- ${message} [${code}]`),
    ...hints.map((hint) => `Fix: ${hint}`),
    ...errors.slice(0, 1).map(({ code }) => errorsPageSentence(code)),
  ];
}
