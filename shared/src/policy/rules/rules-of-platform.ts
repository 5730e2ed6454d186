/** Which rules of the policy apply to the app that the certificate is about. */
import { factValues, platformOf } from '../../certificate/identity.ts';
import type { Platform } from '../../model/run-request.ts';
import type { Finding } from '../../model/verdict.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import type { Sources } from './sources.ts';

/**
 * The platform is known from the app or an option (then the plan only has its rules), or the certificate states it. If neither does, rules
 * for one platform cannot be judged; leaving them out would be a way to pass.
 */
export function selectPlatform(plan: PolicyPlan, sources: Sources): { rules: Rule[]; findings: Finding[] } {
  const stated = statedPlatforms(sources);
  const other = [...stated].find((platform) => platform !== plan.platform);
  if (plan.platform !== undefined && other !== undefined) {
    const certificate = `The certificate is of an app for ${other}`;
    const [message, hint] =
      plan.platformSource === undefined
        ? [
            `${certificate}, and this app is for ${plan.platform}`,
            'Judge the certificate of this app; if the option platform is set, leave it out.',
          ]
        : [
            `${certificate}, and the policy is for ${plan.platform} only (${plan.platformSource})`,
            `Judge the certificate of an app for ${plan.platform}, or take \`platform\` out of the policy.`,
          ];
    return { rules: plan.rules, findings: [{ code: 'identity.platform', level: 'error', message, hint }] };
  }
  if (plan.platform !== undefined) return { rules: plan.rules, findings: [] };
  const [platform, ...more] = stated;
  const particular = plan.rules.filter((rule) => rule.platform !== undefined);
  if (particular.length === 0 || (platform !== undefined && more.length === 0)) {
    return { rules: plan.rules.filter((rule) => (rule.platform ?? platform) === platform), findings: [] };
  }
  return {
    rules: plan.rules,
    findings: [
      {
        code: 'identity.unproven',
        level: 'error',
        message: `No certificate states one platform, and the policy has rules for one platform only (${particular[0]?.source})`,
        hint: 'Say which with the option platform, or judge with the PDF certificate, which states it.',
      },
    ],
  };
}

/** @returns every platform that a document names for the app */
export function statedPlatforms({ readable }: Pick<Sources, 'readable'>): Set<Platform> {
  const facts = readable.flatMap((document) => [
    ...factValues(document, 'platform'),
    ...factValues(document, 'app_type'),
  ]);
  return new Set(facts.map(({ value }) => platformOf(value)).filter((platform) => platform !== undefined));
}
