/** The deploy job's question: may this very file go out, by this result? Pure. */
import type { FusegateResult } from '../report/result.ts';
import { originObjections, passObjections, refused } from './passed-result.ts';
import type { Finding } from './verdict.ts';

export interface VerifyDemands {
  /** Of the file that is about to be deployed, lower-case hex. */
  sha256: string;
  /** Origin of the service that the result must come from. */
  origin: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Milliseconds; absent = any age. */
  maxAge?: number | undefined;
  /** Lower-case hex. */
  policySha256?: string | undefined;
}

/** @returns every reason against; empty = the file may go out */
export function verifyResult(result: FusegateResult, demands: VerifyDemands): Finding[] {
  return [
    ...passObjections(result),
    ...originObjections(result, demands.origin),
    ...bindingObjections(result, demands.sha256),
    ...ageObjections(result, demands),
    ...policyObjections(result, demands.policySha256),
  ];
}

const BINDING_LEVELS = new Set(['file', 'content', 'service']);

function bindingObjections(result: FusegateResult, sha256: string): Finding[] {
  const { binding, validation } = result;
  if (!BINDING_LEVELS.has(binding.level)) {
    return [
      refused(
        `The result is bound to no file (${binding.level}).`,
        'Bind the signed file first: `fusegate validate --app FILE --result RESULT`.',
      ),
    ];
  }
  const bound = boundSha256(result);
  if (bound === undefined) return [refused('The result does not say which file it is bound to.')];
  if (bound !== sha256) {
    return [
      refused(
        `The file is not the one that was judged: its SHA-256 is ${sha256}, the result is bound to ${bound}.`,
        'Deploy the file that the run handed out, byte for byte. A file that was signed since is bound with `fusegate validate`.',
      ),
    ];
  }
  const { buildId = '' } = result.ids;
  const confirmed =
    validation !== undefined && validation.sha256 === bound && sameText(validation.buildId, buildId) && buildId !== '';
  return binding.level === 'service' && !confirmed
    ? [refused('The result says that the service confirmed the file, and does not hold its answer.')]
    : [];
}

/** By the binding itself; results of level file name it through their one protected app too. */
function boundSha256({ binding, files }: FusegateResult): string | undefined {
  if (binding.sha256 !== undefined) return binding.sha256.toLowerCase();
  const apps = files.filter(({ role }) => role === 'protected-app');
  return binding.level === 'file' && apps.length === 1 ? apps[0]?.sha256.toLowerCase() : undefined;
}

/** Clocks of two machines are never quite the same. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

function ageObjections({ finishedAt }: FusegateResult, { now, maxAge }: VerifyDemands): Finding[] {
  if (finishedAt === null) return [];
  const finished = Date.parse(finishedAt);
  if (Number.isNaN(finished)) return [refused('The result does not say when it was made.')];
  if (finished > now + CLOCK_TOLERANCE_MS) {
    return [refused(`The result was made in the future: ${finishedAt}.`, 'Check the clock of this machine.')];
  }
  return maxAge !== undefined && now - finished > maxAge
    ? [
        refused(
          `The result is too old: it was made on ${finishedAt}.`,
          'Judge the build again: `fusegate gate --build-id`.',
        ),
      ]
    : [];
}

function policyObjections({ policy }: FusegateResult, demanded: string | undefined): Finding[] {
  return demanded === undefined || sameText(policy.sha256, demanded)
    ? []
    : [
        refused(
          `The result was judged by another policy: ${policy.sha256}, not ${demanded}.`,
          'Run again with the policy that the release demands.',
        ),
      ];
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
