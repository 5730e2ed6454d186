/** The deploy job's question: does this result allow this file to go out? Pure. */
import { printedTime } from '../../certificate/printed-time.ts';
import type { FusegateResult } from '../../model/result.ts';
import type { Finding } from '../../model/verdict.ts';
import { endOf } from '../../text/calendar-day.ts';
import { originObjections, passObjections, refused, rehearsalObjections } from './passed-result.ts';

export interface VerifyDemands {
  /** Of the file to deploy, lower-case hex. */
  sha256: string;
  /** Origin of the service that the result must come from. */
  origin: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Milliseconds; absent = any age. */
  maxAge?: number | undefined;
  /** Lower-case hex. */
  policySha256?: string | undefined;
  /** Whether a verdict that rests on the JSON certificate alone is good enough. */
  inferred?: boolean | undefined;
  /** The deploy job itself is rehearsed: the result must be that of a rehearsal. */
  rehearsal?: boolean | undefined;
}

/** @returns every reason against it; empty = the file may go out */
export function verifyResult(result: FusegateResult, demands: VerifyDemands): Finding[] {
  return [
    ...passObjections(result),
    ...(demands.rehearsal ? rehearsalObjections(result) : originObjections(result, demands.origin)),
    ...bindingObjections(result, demands.sha256),
    ...ageObjections(result, demands),
    ...certificateAgeObjections(result, demands.now),
    ...waiverObjections(result, demands.now),
    ...evidenceObjections(result, demands.inferred === true),
    ...policyObjections(result, demands.policySha256),
  ];
}

/** The result was right at the time, but a waiver that has ended since lifts nothing any more. */
function waiverObjections({ requirements, waivers }: FusegateResult, now: number): Finding[] {
  const active = waivers.filter(({ state }) => state === 'active');
  const ended = active.filter(({ expires }) => (endOf(expires) ?? Number.NEGATIVE_INFINITY) <= now);
  const objections = ended.map(({ features, owner, expires, source }) => ({
    ...refused(
      `The waiver for ${features.join(', ')} has since expired: it was valid until ${expires} (${source}).`,
      `Fix what it lifts and build again, or have ${owner} decide again and judge the build again: \`fusegate gate --build-id\`.`,
    ),
    // Marks it as one that names protections (report/withhold-names.ts).
    feature: features.join(', '),
  }));
  const lifted = requirements.filter(({ outcome, severity }) => outcome === 'waived' && severity === 'error');
  return lifted.length > 0 && active.length === 0
    ? [...objections, refused('The result has rules that are waived, and records no waiver that lifts them.')]
    : objections;
}

function evidenceObjections({ evidence }: FusegateResult, inferred: boolean): Finding[] {
  return evidence !== 'inferred' || inferred
    ? []
    : [
        refused(
          'The result rests on the JSON certificate alone, in a shape that is not confirmed.',
          'Judge the build on its PDF: `fusegate gate --build-id ID --app FILE`. To accept JSON here, give `--evidence any`.',
        ),
      ];
}

/** The limit that the policy set at the time of judging. An unreadable date does not count as recent. */
function certificateAgeObjections({ certificate, policy }: FusegateResult, now: number): Finding[] {
  const most = policy.maxCertificateAgeMs;
  if (most === undefined) return [];
  const printed = certificate.facts.certificate_created;
  const created = printed === undefined ? undefined : printedTime(printed);
  const hint = 'Build the app again: the policy wants a younger certificate (max-certificate-age).';
  if (created === undefined)
    return [
      refused(`The result does not say in a known form when its certificate was made (${printed ?? 'nothing'}).`, hint),
    ];
  return now - created > most
    ? [refused(`The certificate is too old by its policy: it was made on ${printed}.`, hint)]
    : [];
}

const BINDING_LEVELS = new Set(['file', 'content', 'service']);

function bindingObjections(result: FusegateResult, sha256: string): Finding[] {
  const { binding, validation } = result;
  if (!BINDING_LEVELS.has(binding.level)) {
    return [
      refused(
        `The result is not bound to a file (${binding.level}).`,
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

/** Taken from the binding; results of level file also name it through their one protected app. */
function boundSha256({ binding, files }: FusegateResult): string | undefined {
  if (binding.sha256 !== undefined) return binding.sha256.toLowerCase();
  const apps = files.filter(({ role }) => role === 'protected-app');
  return binding.level === 'file' && apps.length === 1 ? apps[0]?.sha256.toLowerCase() : undefined;
}

/** The clocks of two machines never quite agree. */
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
          'Run again with the policy that the release requires.',
        ),
      ];
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
