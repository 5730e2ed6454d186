/** Does the app listen for the Threat-Events of the required protections? Found out before it is uploaded: a build is paid for. */

import { mayNeedListener } from '../certificate/threat-event-modes.ts';
import { defined } from '../model/defined.ts';
import type { AppListening, NeededListening, UnknownListening } from '../model/listening.ts';
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
import { type NeededEvent, type NeededEvents, neededEvents } from '../threat-events/needed-events.ts';
import { verdictWithoutEvidence } from './build-result.ts';
import type { Judged } from './frame.ts';

export type ListeningRequest = Pick<RunRequest, 'app' | 'gate' | 'limits' | 'platform'>;

/** What the app may have to listen to. */
export interface EventsToCheck {
  events: Array<NeededEvent & { certain?: true }>;
  /** Protections whose Threat-Event is not known. */
  unknown: UnknownListening[];
}

/**
 * By what is required. A baseline does not count: what an earlier build did says nothing about this one. An alias of a protection that is the
 * name of a Threat-Event is an event of it.
 */
export function eventsToCheck(plan: PolicyPlan, platform: RunRequest['platform']): EventsToCheck {
  const protections = requiredProtections(plan)
    .map(({ mode, ...one }) => ({ ...one, ...defined({ mode: mode === 'any' ? undefined : mode }) }))
    .filter(({ mode }) => mode === undefined || mayNeedListener(mode));
  const detecting = protections.filter(({ certain, mode }) => certain && mode === 'in-app-detection');
  const certain = neededEvents({ protections: detecting, platform });
  const all = neededEvents({ protections, platform });
  const certainEvents = new Set(certain.events.map(({ name }) => name));
  const certainUnknown = new Set(unknownOf(certain));
  const aliased = aliasedEvents(plan, unknownOf(all));
  return {
    events: [
      ...all.events.map((event) => ({
        ...event,
        ...(certainEvents.has(event.name) ? { certain: true as const } : {}),
      })),
      ...aliased.map((event) => ({
        ...event,
        ...(event.needs.some(({ protection = '' }) => certainUnknown.has(protection))
          ? { certain: true as const }
          : {}),
      })),
    ],
    unknown: unknownOf(all)
      .filter((name) => !aliased.some(({ needs }) => needs.some(({ protection }) => protection === name)))
      .map((protection) => ({ protection, ...(certainUnknown.has(protection) ? { certain: true as const } : {}) })),
  };
}

function unknownOf({ leftOut }: NeededEvents): string[] {
  return [...new Set(leftOut.filter(({ why }) => why === 'no-known-event').map(({ name }) => name))];
}

/** Events that only the policy pairs with a protection. */
function aliasedEvents({ aliases = {} }: PolicyPlan, protections: readonly string[]): NeededEvent[] {
  return protections.flatMap((protection) => {
    const paired = Object.entries(aliases).filter(([name]) => normaliseName(name) === normaliseName(protection));
    return paired
      .flatMap(([, names]) => names)
      .filter((name) => EVENT_FORM.test(name))
      .map((name) => ({ name, needs: [{ protection, why: 'no-mode-named' as const, source: 'aliases' }] }));
  });
}

/** As Threat-Events are written; keys of certificates are in lower case. */
const EVENT_FORM = /^[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*$/u;

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
  const { events, unknown } = eventsToCheck(plan, platform);
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
          const [protection, ...others] = new Set(needed?.needs.flatMap((need) => need.protection ?? []));
          return { ...event, ...defined({ protection, others, certain: needed?.certain }) };
        }),
        unknown,
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
  const asked = eventsToCheck({ ...plan, rules }, platform);
  const needed = new Set(asked.events.map(({ name }) => name));
  const events = listening.events.filter(
    ({ name, certain }) => needed.has(name) && (certain || gate.listeners === 'fail'),
  );
  const unknown = asked.unknown.filter(({ certain }) => certain);
  if (rule === undefined && gate.listeners !== 'fail') return undefined;
  const { outcome, message, hint = '' } = judgeListening({ ...listening, events, unknown }, least);
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
