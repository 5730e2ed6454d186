/** Which rules of the policy hold for the app that the certificate is about. */
import { factValues, platformOf } from '../../certificate/identity.ts';
import type { Platform } from '../../model/run-request.ts';
import type { Finding } from '../../model/verdict.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import type { Sources } from './sources.ts';

/**
 * The platform is known from the app or an option (then the plan has its rules only), or the certificate states it. Where neither
 * tells, rules of one platform cannot be judged; leaving them out would be a way to pass.
 */
export function selectPlatform(plan: PolicyPlan, sources: Sources): { rules: Rule[]; findings: Finding[] } {
  const stated = new Set<Platform>();
  for (const document of sources.readable) {
    for (const fact of [...factValues(document, 'platform'), ...factValues(document, 'app_type')]) {
      const platform = platformOf(fact.value);
      if (platform) stated.add(platform);
    }
  }
  const other = [...stated].find((platform) => platform !== plan.platform);
  if (plan.platform !== undefined && other !== undefined) {
    return {
      rules: plan.rules,
      findings: [
        {
          code: 'identity.platform',
          level: 'error',
          message: `The certificate is of an app for ${other}, and this one is for ${plan.platform}`,
          hint: 'Judge the certificate of this very app, and leave the option platform out.',
        },
      ],
    };
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
