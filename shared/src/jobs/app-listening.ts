/** Does the app listen for the Threat-Events of the required protections? Found out before it is uploaded: a build is paid for. */

import { defined } from '../model/defined.ts';
import type { AppListening, NeededListening } from '../model/listening.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import type { StepIo } from '../pipeline/pipeline-io.ts';
import { withinRun } from '../pipeline/stages.ts';
import { judgeListening, unmetEvents } from '../policy/rules/app-listeners.ts';
import { exitCodeOf } from '../policy/rules/exit-code.ts';
import { notJudged } from '../policy/rules/not-judged.ts';
import { requiredProtections } from '../policy/rules/required-protections.ts';
import type { ListenersRule, PolicyPlan } from '../policy/rules/rule.ts';
import { mayBeWaived } from '../policy/waivers/waivers.ts';
import { normaliseName } from '../text/normalise.ts';
import { type AskedProtection, type NeededEvent, neededEvents } from '../threat-events/needed-events.ts';
import { verdictWithoutEvidence } from './build-result.ts';
import type { Judged } from './frame.ts';

export type ListeningRequest = Pick<RunRequest, 'app' | 'gate' | 'limits' | 'platform'>;

/**
 * The events that the app may have to listen to, by what is required and, where no rule names a mode, by how the baseline says that the
 * protection acts.
 */
export function eventsToCheck(
  plan: PolicyPlan,
  platform: RunRequest['platform'],
): Array<NeededEvent & { certain?: true }> {
  const protections = requiredProtections(plan).map((one) => ({
    ...one,
    mode: one.mode === 'any' ? undefined : one.mode,
  }));
  const modeOf = (name: string) =>
    plan.baseline?.features.find((feature) =>
      [feature.name, feature.key ?? ''].map(normaliseName).includes(normaliseName(name)),
    )?.mode;
  const asked = protections.map(
    ({ mode, ...one }): AskedProtection => ({ ...one, ...defined({ mode: mode ?? modeOf(one.name) }) }),
  );
  const detecting = protections.flatMap(({ certain, mode, ...one }) =>
    certain && mode === 'in-app-detection' ? [{ ...one, mode }] : [],
  );
  const certain = new Set(neededEvents({ protections: detecting, platform }).events.map(({ name }) => name));
  return neededEvents({ protections: asked, platform }).events.map((event) => ({
    ...event,
    ...(certain.has(event.name) ? { certain: true as const } : {}),
  }));
}

/**
 * Looks into the app.
 * @returns undefined where there is nothing to look for or at, or where the option switches the check off
 * @throws FusegateError timeout.run, run.cancelled
 */
export async function checkListening(
  { app, gate, limits, platform }: ListeningRequest,
  plan: PolicyPlan,
  io: StepIo,
): Promise<AppListening | undefined> {
  if (app === undefined || gate.listeners === 'off') return undefined;
  const events = eventsToCheck(plan, platform);
  const asked = gate.listeners !== undefined || plan.rules.some(({ condition }) => condition.kind === 'app-listens');
  if (events.length === 0 && !asked) return undefined;
  const { findListenersInApp } = await import('../threat-events/look-into-app.ts');
  return withinRun({ ms: limits.run, stage: 'preflight', ids: {} }, io, (scope) =>
    io.stages.run(io, scope, { name: 'preflight' }, async (stage) => {
      const found = await findListenersInApp({
        file: app.path,
        events: events.map(({ name }) => name),
        signal: stage.signal,
      });
      const neededOf = new Map(events.map((event) => [event.name, event]));
      return {
        events: found.events.map((event): NeededListening => {
          const needed = neededOf.get(event.name);
          const protection = needed?.needs.find((need) => need.protection !== undefined)?.protection;
          return { ...event, ...defined({ protection, certain: needed?.certain }) };
        }),
        unreadable: found.unreadable,
      };
    }),
  );
}

/**
 * Whether to stop before anything is uploaded: what was found already fails the gate.
 * @returns the verdict, or undefined to go on
 */
export function stopBeforeUpload(
  listening: AppListening | undefined,
  plan: PolicyPlan,
  { gate, platform }: { gate: Pick<RunRequest['gate'], 'mode' | 'listeners'> } & Pick<RunRequest, 'platform'>,
  now: number,
): Judged | undefined {
  if (listening === undefined || gate.mode !== 'enforce') return undefined;
  const rule = plan.rules.find(({ condition }) => condition.kind === 'app-listens');
  const least: ListenersRule = rule?.condition.kind === 'app-listens' ? rule.condition.least : 'registered';
  // Whether a waiver is for this build, only its certificate shows.
  const rules = plan.rules.filter((one) => !mayBeWaived(one, plan, now));
  const needed = new Set(eventsToCheck({ ...plan, rules }, platform).map(({ name }) => name));
  const events = listening.events.filter(
    ({ name, certain }) => needed.has(name) && (certain || gate.listeners === 'fail'),
  );
  if (rule === undefined && gate.listeners !== 'fail') return undefined;
  const { outcome, message, hint = '' } = judgeListening({ ...listening, events }, least);
  if (outcome === 'satisfied') return undefined;
  const failed = outcome === 'no-listener';
  // Reports do not repeat what a requirement says; without a rule, none says it.
  const noListener = rule === undefined ? 'listener.not-found' : 'feature.no-listener';
  const finding: Finding = {
    code: failed ? noListener : 'listener.unproven',
    level: 'error',
    message: `${message}. Nothing was uploaded`,
    hint,
  };
  const requirements = notJudged(plan, 'Nothing was built: the app does not listen as required.').map((one) =>
    one.id === rule?.id ? { ...one, outcome, message, hint } : one,
  );
  const unmet = unmetEvents(events, least).flatMap(({ protection }) => protection ?? []);
  const verdict: Verdict = {
    ...verdictWithoutEvidence(failed ? 'fail' : 'error', [finding]),
    requirements,
    missingFeatures: failed ? [...new Set(unmet)].sort() : [],
    binding: { level: 'none', message: 'Nothing was compared: nothing was built.' },
  };
  return { verdict, exitCode: exitCodeOf(verdict.outcome, gate.mode) };
}
