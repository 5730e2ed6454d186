/** Whether a result may let something through. Pure; fails closed on any inconsistency. */
import { isLoopback, originOf, SERVICE_ORIGIN } from '../../api/origin.ts';
import type { FusegateResult } from '../../model/result.ts';
import type { Finding } from '../../model/verdict.ts';

const NEW_RUN = 'Run the job again, with gate enforce, and use the result of a run that passed.';

export function notAPass(message: string, hint = NEW_RUN): Finding {
  return { code: 'result.not-a-pass', level: 'error', message, hint };
}

export function refused(message: string, hint = NEW_RUN): Finding {
  return { code: 'result.refused', level: 'error', message, hint };
}

/** @returns why this result is not a pass under `gate: enforce`; empty = it is */
export function passObjections(result: FusegateResult): Finding[] {
  const objections: Finding[] = [];
  if (result.dryRun !== undefined) objections.push(notAPass('The result is that of a dry run, which judges nothing.'));
  if (result.verdict !== 'pass') objections.push(notAPass(`The verdict of the result is ${result.verdict}, not pass.`));
  if (result.gate !== 'enforce')
    objections.push(notAPass(`The result was made with gate ${result.gate}, not enforce.`));
  if (objections.length > 0) return objections;

  // From here on the result claims to be a pass, so its contents must agree.
  if (result.exitCode !== 0) objections.push(refused(`The result says pass, but its exit code is ${result.exitCode}.`));
  const enforced = result.requirements.filter(({ severity }) => severity === 'error');
  const unmet = enforced.filter(({ outcome }) => outcome !== 'satisfied' && outcome !== 'waived');
  if (!enforced.some(({ outcome }) => outcome === 'satisfied')) {
    objections.push(refused('The result says pass, but no requirement in it is proven.'));
  }
  if (unmet.length > 0) {
    objections.push(refused(`The result says pass, but has requirements that are not met: ${unmet.length}.`));
  }
  if (result.missingFeatures.length > 0) objections.push(refused('The result says pass, but lists missing features.'));
  const errors = result.findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) {
    objections.push(refused(`The result says pass, but has findings of level error: ${errors.length}.`));
  }
  if (result.evidence === 'none' || result.certificate.source === 'none') {
    objections.push(refused('The result says pass, but rests on no certificate.'));
  }
  if (result.finishedAt === null) objections.push(refused('The result is that of a run that has not ended.'));
  if (result.ids.buildId === undefined) objections.push(refused('The result names no build.'));
  return objections;
}

/**
 * @param origin the required one: the service's own, or the one that the user pinned
 * @returns why this result does not come from that origin; a rehearsal never does
 */
export function originObjections(result: FusegateResult, origin: string): Finding[] {
  const hint = `A release needs a run against ${SERVICE_ORIGIN}.`;
  if (result.rehearsal) {
    return [
      refused(
        'The result is that of a rehearsal against an embedded build service.',
        `${hint} To rehearse the deploy job too, set the option \`rehearsal\`.`,
      ),
    ];
  }
  if (result.server === null) {
    return [
      refused(
        'The result was made from certificate files that did not come from the service.',
        'Judge the build with `fusegate gate --build-id ID --app FILE`, which fetches its certificate.',
      ),
    ];
  }
  const actual = originOf(result.server);
  if (actual === undefined) return [refused('The result names a server that is not a URL.', hint)];
  if (isLoopback(new URL(actual)))
    return [refused(`The result comes from a service on the machine that made it: ${actual}.`, hint)];
  if (actual === origin) return [];
  return [refused(`The result comes from ${actual}, not from ${origin}.`, `${hint} Pin another one with server-url.`)];
}

/** @returns why the deploy job cannot be rehearsed with this result; whatever may be released is refused */
export function rehearsalObjections(result: FusegateResult): Finding[] {
  return result.rehearsal
    ? []
    : [
        refused(
          'The result is not that of a rehearsal, and only a rehearsal was to be accepted.',
          'To release the app, leave the option `rehearsal` out.',
        ),
      ];
}
