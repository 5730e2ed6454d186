/** Changes since the baseline that are worth knowing but not failures. */
import { normaliseName } from '../../catalogue/names.ts';
import { printedTime } from '../../certificate/printed-time.ts';
import type { Finding } from '../../model/verdict.ts';
import { isAbout } from '../rules/presence.ts';
import type { Baseline, BaselineFeature, FeatureCondition } from '../rules/rule.ts';
import type { Sources } from '../rules/sources.ts';

const MOST_NAMES = 20;

function shortList(names: string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** New protections, other modes, another Fusion Set or engine: reported, never a failure. */
export function baselineNews(
  baseline: Baseline,
  subjects: Array<{ feature: BaselineFeature; subject: FeatureCondition }>,
  added: string[],
  sources: Sources,
): Finding[] {
  const findings: Finding[] = [];
  const inform = (message: string, hint: string) =>
    findings.push({ code: 'baseline.changed', level: 'note', message, hint });
  type Compared = 'bundle_id' | 'fusion_set_id' | 'fusion_set_modified' | 'appdome_version' | 'certificate_created';
  const value = (name: Compared) => sources.readable.flatMap((document) => document.facts[name] ?? [])[0]?.value;
  const differs = (name: Compared) => {
    const [before, now] = [baseline.facts[name], value(name)];
    return before !== undefined && now !== undefined && before.trim() !== now.trim() ? { before, now } : undefined;
  };
  const app = differs('bundle_id');
  if (app) {
    findings.push({
      code: 'baseline.other-app',
      level: 'warning',
      message: `The baseline (${baseline.path}) is for another app: ${app.before}, and this one is ${app.now}`,
      hint: 'Compare with a certificate of the same app.',
    });
  }
  const isNewer = (name: Compared) =>
    (printedTime(baseline.facts[name] ?? '') ?? 0) > (printedTime(value(name) ?? '') ?? Number.POSITIVE_INFINITY);
  if (isNewer('certificate_created') || isNewer('fusion_set_modified')) {
    findings.push({
      code: 'baseline.newer',
      level: 'warning',
      message: `The baseline (${baseline.path}) is newer than this build, so what this build lost cannot show`,
      hint: 'Compare with the certificate of a build that came before this one.',
    });
  }
  if (added.length > 0)
    inform(`New since the baseline: ${shortList(added)}`, 'Require the protections that must stay.');
  const changed = subjects.flatMap(({ feature, subject }) => {
    const now = [...new Set(modesOf(subject, sources))].join(' and ');
    const same = normaliseName(now) === normaliseName(feature.mode ?? '');
    return same ? [] : [`${feature.name} (${feature.mode ?? 'no mode shown'}, now ${now || 'no mode shown'})`];
  });
  if (changed.length > 0)
    inform(
      `The Threat-Events mode differs from the baseline's: ${shortList(changed)}`,
      'If the mode matters, require it in the policy (threat-events).',
    );
  const set = differs('fusion_set_id');
  if (set)
    inform(
      `The Fusion Set differs from the baseline's: ${set.before}, now ${set.now}`,
      'No action needed if this was intended.',
    );
  const modified = differs('fusion_set_modified');
  if (modified)
    inform(
      `The Fusion Set was modified since the baseline: ${modified.before}, now ${modified.now}`,
      'No action needed if this was intended; the console shows who changed it.',
    );
  const engine = differs('appdome_version');
  if (engine)
    inform(
      `The Appdome version differs from the baseline's: ${engine.before}, now ${engine.now}`,
      'No action needed; test the app as after any update.',
    );
  return findings;
}

/** All modes that the documents show for a protection, as printed. */
export function modesOf(subject: FeatureCondition, sources: Sources): string[] {
  return sources.readable.flatMap((document) =>
    document.features
      .filter((fact) => fact.presence === 'present' && isAbout(subject, fact.name))
      .flatMap((fact) => (fact.threatEvents ? [fact.threatEvents] : [])),
  );
}
