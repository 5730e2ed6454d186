/**
 * The rules of the SARIF report: one for each requirement and one for each family of findings, or for each protection that such findings
 * are about, because code scanning titles an alert by its rule. Their ids do not depend on the outcome, so that a protection that is
 * missing today and waived tomorrow stays the same alert. (A slash would mean a sub-rule, §3.49.3.)
 */
import { createHash } from 'node:crypto';
import type { ReportingDescriptor } from 'sarif';
import { ERRORS_PAGE, ERRORS_PAGE_WORDS, errorsPageOf } from '../text/errors-page.ts';
import { sarifText } from '../text/untrusted-text.ts';
import type { ReportedFinding, ReportedRequirement } from './describe.ts';

interface RuleText {
  name: string;
  short: string;
  help: string;
  /**
   * `security-severity` of GitHub code scanning: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. A missing protection is
   * high; a certificate of another file is critical, because then nothing is known about the file that ships.
   */
  security: string;
}

const REQUIREMENT_RULES: Record<ReportedRequirement['rule'], RuleText> = {
  feature: {
    name: 'RequiredProtection',
    short: 'A required protection is not proven by the certificate',
    help: 'The Certified Secure certificate of this build does not prove a protection that the policy requires. Switch it on in the Fusion Set, save the Fusion Set, and build again; or waive it in the policy with reason, owner and expiry.',
    security: '7.5',
  },
  key: {
    name: 'RequiredName',
    short: 'A required name is not printed on the certificate',
    help: 'The policy requires a name verbatim (`key:`), and the certificate does not print it. Check the spelling against the certificate (`fusegate explain`), then switch the protection on in the Fusion Set and build again.',
    security: '7.5',
  },
  'any-of': {
    name: 'RequiredAlternative',
    short: 'None of the required alternatives is proven',
    help: 'The policy requires one of several protections, and the certificate proves none of them. Switch one on in the Fusion Set and build again.',
    security: '7.5',
  },
  'all-of': {
    name: 'RequiredGroup',
    short: 'A required group of protections is not proven as a whole',
    help: 'The policy requires several protections together, and the certificate does not prove them all. The message names those that are missing.',
    security: '7.5',
  },
  'at-least': {
    name: 'RequiredNumber',
    short: 'Too few of the required protections are proven',
    help: 'The policy requires a number of protections out of a list, and the certificate proves fewer. The message names those that are missing. Switch more of them on in the Fusion Set and build again.',
    security: '7.5',
  },
  'threat-events': {
    name: 'RequiredThreatEventsMode',
    short: 'A protection does not act as required',
    help: 'The policy requires a Threat-Events mode, and no document shows that the protection is in that mode. Set the mode in the Fusion Set and build again.',
    security: '7.0',
  },
  listener: {
    name: 'ThreatEventListener',
    short: 'The app does not listen for a Threat-Event',
    help: 'A protection in In-App Detection only tells the app. The certificate lists listeners that the app lacks: add them to the app, or set the protection to In-App Defense.',
    security: '7.0',
  },
  'app-listens': {
    name: 'AppListens',
    short: 'The app is not proven to listen for a Threat-Event',
    help: 'The policy asks that the app itself listens for the Threat-Events of the required protections, and the check of the app did not find that. Add the listeners to the app.',
    security: '7.0',
  },
  forbid: {
    name: 'ForbiddenFeature',
    short: 'Something forbidden is not proven absent',
    help: 'The policy forbids something that this build has, or no document shows that the build lacks it. Switch it off in the Fusion Set and build again.',
    security: '7.0',
  },
  build: {
    name: 'BuildCondition',
    short: 'A build condition does not hold',
    help: 'The policy sets a condition on the build (how it was signed, its SDK version, its release type), and the certificate says otherwise or nothing.',
    security: '5.5',
  },
  'signature-validity': {
    name: 'SignatureValidity',
    short: "The app's signature is not valid for long enough",
    help: 'The policy requires the signature to be valid for some time. By the certificate it ends sooner, or no document says when it ends. Sign with a certificate that is valid for longer.',
    security: '5.5',
  },
  baseline: {
    name: 'BaselineRegression',
    short: 'A protection is gone or weaker than in the baseline',
    help: 'An earlier certificate or result proved more than this one. Switch the protection on again and build. If you removed it on purpose, take a new baseline.',
    security: '7.0',
  },
};

const NO_VERDICT: RuleText = {
  name: 'NoVerdict',
  short: 'The gate could not judge this build',
  help: 'The run ended without a verdict, so nothing is proven about the app, and the job is red. The message says why and what to do next.',
  security: '7.0',
};

/** By the part of the code before its first dot; every other family is a run that could not judge. */
const FINDING_RULES: Record<string, RuleText> = {
  identity: {
    name: 'CertificateIdentity',
    short: 'The certificate may not belong to this build',
    help: 'Build id, Fusion Set id or app id of the certificate differ from what was asked for, or are not stated. Judge the certificate of this build.',
    security: '9.1',
  },
  binding: {
    name: 'FileBinding',
    short: 'The certificate is not tied to this file',
    help: 'The SHA-256 of the app is not the one that the certificate prints, or could not be compared. Do not ship a file that differs; bind a file that was signed afterwards with `fusegate validate`.',
    security: '9.1',
  },
  certificate: {
    name: 'CertificateEvidence',
    short: 'The certificate could not be used as evidence',
    help: 'A certificate document is absent, damaged, of an unknown layout, or contradicts another. Ask for the certificates again (`fusegate gate --build-id`), which costs no build.',
    security: '7.0',
  },
  evidence: {
    name: 'EvidenceLevel',
    short: 'The evidence is weaker than it should be',
    help: 'The verdict would rest on a document whose layout is not confirmed, or a document that the policy requires is missing.',
    security: '5.0',
  },
  feature: {
    name: 'ProtectionRemark',
    short: 'Something about a protection needs attention',
    help: 'The message names the protection and what to do.',
    security: '5.0',
  },
  features: {
    name: 'UnclaimedNames',
    short: 'The certificate prints names that no rule asks for',
    help: 'If one of them is what the policy requires, pair them with `aliases:` in the policy.',
    security: '3.0',
  },
  listener: {
    name: 'MissingListener',
    short: 'The app does not listen for a Threat-Event',
    help: 'Threat-Events are switched on that the app does not listen for, as the certificate says or as the check of the app before its upload found. Add the listeners to the app.',
    security: '4.0',
  },
  baseline: {
    name: 'BaselineChange',
    short: 'The build differs from the baseline',
    help: 'A protection is gone or weaker than in the earlier certificate or result. Switch it on again, or accept the change with a new baseline.',
    security: '7.0',
  },
  waiver: {
    name: 'Waiver',
    short: 'A waiver needs attention',
    help: 'A waiver of the policy has expired, expires soon, or is not allowed. Fix the protection, or renew the waiver with a reason and an owner.',
    security: '5.0',
  },
  policy: {
    name: 'Policy',
    short: 'The policy needs attention',
    help: 'The policy file, or what it extends or pins, is not as it should be. The message names the place.',
    security: '5.0',
  },
  gate: {
    name: 'GateWeakened',
    short: 'The gate was switched off or only warns',
    help: 'An option, a variable or the policy keeps the gate from stopping the job. The message names which. A policy with `gate: enforce` cannot be weakened.',
    security: '6.0',
  },
  server: {
    name: 'ServerOrigin',
    short: "The run did not talk to Appdome's own service",
    help: 'What another server says proves nothing about a release. Leave server-url unset for releases.',
    security: '5.0',
  },
};

/** A rule before it is written as one. */
export interface SarifRule {
  id: string;
  text: RuleText;
  /** What it is about, as people call it. */
  subject?: string;
  /** Where its alerts are explained. */
  page: string;
}

/** In place of the next step: a waiver says that there is nothing to do yet. */
const WAIVED =
  'The certificate of this build does not prove what the policy requires, and a waiver of the policy accepts that until it expires. The suppression has its reason and its owner.';

export function requirementRule({ id, rule, requirement, outcome }: ReportedRequirement): SarifRule {
  const text = REQUIREMENT_RULES[rule];
  return {
    id: `requirement.${ruleWord(id)}`,
    text: outcome === 'waived' ? { ...text, help: WAIVED } : text,
    subject: requirement,
    page: errorsPageOf(rule === 'baseline' ? rule : 'feature'),
  };
}

export const NO_VERDICT_RULE: SarifRule = { id: 'finding.no-verdict', text: NO_VERDICT, page: ERRORS_PAGE };

export function findingRule({ code, feature }: ReportedFinding): SarifRule {
  const family = code.split('.')[0] ?? '';
  const text = Object.hasOwn(FINDING_RULES, family) ? FINDING_RULES[family] : undefined;
  if (text === undefined) return NO_VERDICT_RULE;
  const id = `finding.${family}`;
  const page = errorsPageOf(family);
  return feature === undefined
    ? { id, text, page }
    : { id: `${id}:${ruleWord(feature)}`, text, subject: feature, page };
}

const LONGEST_WORD = 120;

/** The text as part of a rule's id: one that had to be changed keeps apart from others by its digest. */
function ruleWord(text: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9_.:-]+/gu, '-')
    .slice(0, LONGEST_WORD);
  return word === text ? word : `${word}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

const LONGEST_SUBJECT = 200;

export function descriptorOf({ id, text, subject, page }: SarifRule): ReportingDescriptor {
  const help = `${text.help} ${ERRORS_PAGE_WORDS}`;
  const named = subject === undefined ? '' : sarifText(subject, LONGEST_SUBJECT);
  const short = named === '' ? text.short : `${named}: ${text.short.charAt(0).toLowerCase()}${text.short.slice(1)}`;
  return {
    id,
    name: text.name,
    shortDescription: { text: short },
    fullDescription: { text: text.help },
    // No `helpUri`: it must be an absolute address, and nobody knows where the page is published.
    help: { text: `${help} ${page}`, markdown: `${help} \`${page}\`` },
    defaultConfiguration: { level: 'error' },
    properties: {
      tags: ['security', 'mobile', 'appdome'],
      precision: 'very-high',
      'security-severity': text.security,
    },
  };
}
