/**
 * The sentences that every report shares. All are functions of the one result model; all are unescaped except for what they quote, so each
 * report passes them through its own escape from `untrusted-text.ts`.
 */
import { SERVICE_ORIGIN } from '../api/origin.ts';
import type { FusegateResult } from '../model/result.ts';
import { conditionsOf, groupsOf, protectionsOf } from '../model/verdict.ts';
import { shellWord } from '../text/shell-word.ts';

export type ReportedRequirement = FusegateResult['requirements'][number];
export type ReportedFinding = FusegateResult['findings'][number];

export const OUTCOME_WORD: Record<ReportedRequirement['outcome'], string> = {
  satisfied: 'proven',
  missing: 'missing',
  denied: 'denied',
  unproven: 'not proven',
  'no-listener': 'no listener',
  waived: 'waived',
  'not-evaluated': 'not judged',
};

/** A certificate can deny only a protection; a build condition, or something that must be absent, is simply met or not. */
export function outcomeWord({ rule, outcome }: Pick<ReportedRequirement, 'rule' | 'outcome'>): string {
  const isCondition = rule === 'build' || rule === 'signature-validity' || rule === 'forbid';
  return isCondition && outcome === 'denied' ? 'not met' : OUTCOME_WORD[outcome];
}

/** What a rule asks for, in a word or two. */
export const RULE_WORD: Record<ReportedRequirement['rule'], string> = {
  feature: 'protection',
  key: 'name as printed',
  'any-of': 'any of these',
  'all-of': 'all of these',
  'at-least': 'a minimum number of these',
  'threat-events': 'Threat-Events mode',
  listener: 'Threat-Event listeners',
  'app-listens': 'listeners in the app',
  forbid: 'must be absent',
  build: 'build condition',
  'signature-validity': 'validity of the signature',
  baseline: 'as in the baseline',
};

/** What a run does, by mode. */
export const MODE_WORD: Record<FusegateResult['mode'], string> = {
  run: 'build and judge',
  gate: 'judge a certificate',
  validate: 'validate a signed app',
  verify: 'verify before a release',
  report: 'join the results of several apps',
};

/** `5 (3 repeated)` */
export function requestsWords({ requests, retries = 0 }: FusegateResult['stages'][number]): string {
  return retries === 0 ? String(requests) : `${requests} (${retries} repeated)`;
}

/** The requirements that are currently waived. */
export function waivedRequirements(result: FusegateResult): ReportedRequirement[] {
  return result.requirements.filter((rule) => rule.outcome === 'waived');
}

/** What to do about a requirement or a finding. What is waived needs nothing: a step beside it would contradict the waiver. */
export function nextStepOf({ hint, waivedBy }: Pick<ReportedRequirement, 'hint' | 'waivedBy'>): string | undefined {
  return waivedBy === undefined ? hint : undefined;
}

/** The findings as a list for people, without repeating what an unmet requirement already says. */
export function separateFindings(result: FusegateResult): ReportedFinding[] {
  const told = new Set(result.requirements.map((rule) => rule.message));
  return result.findings.filter(
    (finding) => !(isAboutRequirement(finding) && told.has(finding.message)) && !isBesideThePoint(finding, result),
  );
}

/** Nobody will sign a red build, so nobody needs to be told that its file is not signed yet. */
function isBesideThePoint({ code }: ReportedFinding, result: FusegateResult): boolean {
  return code === 'binding.unconfirmed' && isComplaint(result);
}

/** Whether it keeps the verdict from passing. */
export function isUnmet({ severity, outcome }: ReportedRequirement): boolean {
  return severity === 'error' && outcome !== 'satisfied' && outcome !== 'waived';
}

export function unmetRequirements(result: FusegateResult): ReportedRequirement[] {
  return result.requirements.filter(isUnmet);
}

/** What the policy itself enforces. Baseline rows compare with an earlier certificate; nobody wrote them as requirements. */
export function policyRequirements(result: FusegateResult): ReportedRequirement[] {
  return result.requirements.filter((rule) => rule.severity === 'error' && rule.rule !== 'baseline');
}

/** `all as in the baseline`, `2 protections and 1 listener not as in the baseline`; undefined if nothing was compared. */
export function baselineSentence(result: FusegateResult): string | undefined {
  const rows = result.requirements.filter((rule) => rule.severity === 'error' && rule.rule === 'baseline');
  if (rows.length === 0) return undefined;
  const lost = rows.filter(isUnmet);
  if (lost.length === 0) return 'all as in the baseline';
  const listeners = lost.filter(({ outcome }) => outcome === 'no-listener').length;
  const parts = [
    ...(lost.length > listeners ? [protections(lost.length - listeners, '')] : []),
    ...(listeners > 0 ? [`${listeners} ${listeners === 1 ? 'listener' : 'listeners'}`] : []),
  ];
  return `${parts.join(' and ')} not as in the baseline`;
}

/** `1 of 4 not met; 1 waived; 2 proven`: together, every requirement of the policy. */
export function countsSentence(result: FusegateResult): string {
  const all = policyRequirements(result);
  const count = (...outcomes: Array<ReportedRequirement['outcome']>) =>
    all.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const parts = [
    [count('missing', 'denied', 'unproven', 'no-listener'), 'not met'],
    [count('not-evaluated'), 'not judged'],
    [count('waived'), 'waived'],
    [count('satisfied'), 'proven'],
  ].filter(([number]) => number !== 0);
  if (parts.length === 0) return 'none';
  return parts.map(([number, word], at) => `${number}${at === 0 ? ` of ${all.length}` : ''} ${word}`).join('; ');
}

/** Findings of level `error` that are not just about an unmet requirement. */
export function errorFindings(result: FusegateResult): ReportedFinding[] {
  return result.findings.filter((finding) => finding.level === 'error' && !isAboutRequirement(finding));
}

/** The finding that an error's headline quotes: the first one that blocks a verdict, in the judge's order. */
export function firstError(result: FusegateResult): ReportedFinding | undefined {
  const errors = result.findings.filter((finding) => finding.level === 'error');
  return errors.find((finding) => !isFailure(finding)) ?? errors[0];
}

/** What the headline already says, which no list needs to repeat. */
export function quotedError(result: FusegateResult): ReportedFinding | undefined {
  const quotes = shownVerdict(result) === 'error' || isStoppedEarly(result);
  return quotes && !result.builds?.length ? firstError(result) : undefined;
}

/** Every error that is not just about an unmet requirement, after the one that the headline quotes, which may be about one. */
export function blockingFindings(result: FusegateResult): ReportedFinding[] {
  const told = quotedError(result);
  const errors = errorFindings(result);
  return told && !errors.includes(told) ? [told, ...errors] : errors;
}

/** A failure is itself a verdict, so it never prevents one. */
function isFailure(finding: ReportedFinding): boolean {
  return isAboutRequirement(finding) && finding.code !== 'feature.unproven';
}

/** Each unmet requirement also has its own finding, for outputs that only know findings; reports show it once. */
export function isAboutRequirement(finding: ReportedFinding): boolean {
  return /^(?:feature\..+|baseline\.(?:gone|weakened|no-listener))$/u.test(finding.code);
}

/** Whether the job ends red: decided by the exit code, not the verdict. */
export function isRed(result: FusegateResult): boolean {
  return result.exitCode !== 0;
}

/** Whether something keeps the verdict from passing. */
export function isComplaint(result: FusegateResult): boolean {
  return ['fail', 'error'].includes(shownVerdict(result));
}

/** The verdict as reports show it. A result that says `pass` with a red exit code contradicts itself, so it is never shown green. */
export function shownVerdict(result: FusegateResult): FusegateResult['verdict'] {
  return result.verdict === 'pass' && isRed(result) ? 'error' : result.verdict;
}

/** `FAIL: 1 of 3 required protections is not proven`, the first line of every report. */
export function headline(result: FusegateResult): string {
  const goesOn =
    result.gate === 'warn' && result.verdict !== 'pass' && !isRed(result) ? ' (gate: warn, the job continues)' : '';
  const required = policyRequirements(result);
  const compared = baselineSentence(result);
  const beside = compared === undefined ? '' : `; ${compared}`;
  switch (shownVerdict(result)) {
    case 'pass': {
      if (result.builds) return `PASS: ${buildTotals(result.builds)}`;
      const proven = required.filter((rule) => rule.outcome === 'satisfied');
      const waived = required.length - proven.length;
      return `PASS: ${requirementCounts(proven)} proven${waived > 0 ? `, ${waived} waived` : ''}${beside}`;
    }
    case 'fail': {
      if (result.builds) return `FAIL: ${buildTotals(result.builds)}${goesOn}`;
      const open = unmetRequirements(result).filter((rule) => rule.rule !== 'baseline');
      const unmet = open.filter(({ outcome }) => outcome !== 'not-evaluated');
      if (open.length === 0 && compared !== undefined) return `FAIL: ${compared}${goesOn}`;
      const waived = required.filter((rule) => rule.outcome === 'waived').length;
      const lifted = waived > 0 ? `, ${waived} waived` : '';
      const rest = open.length - unmet.length;
      if (isStoppedEarly(result)) return `FAIL: ${whyStopped(result)}${goesOn}`;
      const unjudged = rest > 0 ? `, ${rest} not judged` : '';
      return `FAIL: ${unmetCount(unmet, required)} not met${unjudged}${lifted}${beside}${goesOn}`;
    }
    case 'not-evaluated':
      return `NOT EVALUATED: ${whyNotEvaluated(result)}`;
    case 'error': {
      if (result.builds?.length) return `ERROR: ${buildTotals(result.builds)}${goesOn}`;
      const first = firstError(result);
      const why = first ? `${first.message} [${first.code}]` : 'the run ended before the gate could judge';
      return `ERROR: no verdict: ${why}${goesOn}`;
    }
  }
}

/** It failed before any requirement was judged. */
function isStoppedEarly(result: FusegateResult): boolean {
  const open = unmetRequirements(result).filter((rule) => rule.rule !== 'baseline');
  return shownVerdict(result) === 'fail' && open.length > 0 && open.every(({ outcome }) => outcome === 'not-evaluated');
}

/** Its message, which no list needs to repeat. */
function whyStopped(result: FusegateResult): string {
  const first = firstError(result);
  return first === undefined ? 'no requirement was judged' : first.message;
}

/** `1 of 3 required protections`; `1 of 4 requirements` where there are others too, so that it is the same count everywhere. */
function unmetCount(unmet: readonly ReportedRequirement[], required: readonly ReportedRequirement[]): string {
  const [noun = 'requirement', ...others] = KINDS.filter(({ of }) => of(required).length > 0).map((kind) => kind.noun);
  return `${unmet.length} of ${required.length} ${others.length > 0 ? 'requirement' : noun}s`;
}

const KINDS = [
  { of: protectionsOf<ReportedRequirement>, noun: 'required protection' },
  { of: groupsOf<ReportedRequirement>, noun: 'group' },
  { of: conditionsOf<ReportedRequirement>, noun: 'condition' },
];

/** `40 builds and 1 file that could not be read: 37 pass, 2 fail, 1 without a verdict` */
export function buildTotals(all: readonly Counted[]): string {
  const builds = all.filter(({ unreadable }) => unreadable !== true);
  const files = all.length - builds.length;
  const unread = files === 0 ? [] : [`${files} ${files === 1 ? 'file' : 'files'} that could not be read`];
  if (builds.length === 0 && files > 0) return unread.join('');
  const count = (outcome: FusegateResult['verdict']) => builds.filter(({ verdict }) => verdict === outcome).length;
  const unjudged = count('not-evaluated');
  const parts = [
    `${count('pass')} pass`,
    `${count('fail')} fail`,
    `${count('error')} without a verdict`,
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
  ];
  const what = [`${builds.length} ${builds.length === 1 ? 'build' : 'builds'}`, ...unread];
  return `${what.join(' and ')}: ${parts.join(', ')}`;
}

type Counted = Pick<NonNullable<FusegateResult['builds']>[number], 'verdict' | 'unreadable'>;

function whyNotEvaluated(result: FusegateResult): string {
  if (result.dryRun) return dryRunWords(result);
  if (result.mode === 'validate') return 'the service has checked the signed app; no protections were judged';
  return `the gate is disabled${setBy(result.gateSetBy)}, so nothing was proven`;
}

/** More make no headline better; all of them are findings. */
const SHOWN_WARNINGS = 3;

/** What could not be checked may be wrong all the same, so it is named beside what was found to be in order. */
function dryRunWords({ dryRunSetBy, findings }: FusegateResult): string {
  const run = `a dry run${setBy(dryRunSetBy)}`;
  const warnings = findings.filter(({ code, level }) => /^(?:dry-run|input)\./u.test(code) && level === 'warning');
  if (warnings.length === 0) return `${run} found nothing wrong; nothing was built, so nothing was proven`;
  const rest = warnings.length > SHOWN_WARNINGS ? ` And ${warnings.length - SHOWN_WARNINGS} more.` : '';
  // The first sentence; the finding has the others.
  const said = warnings.slice(0, SHOWN_WARNINGS).map(({ message }) => closed(message.split('. ', 1)[0] ?? message));
  const count = warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`;
  return `${run} ended with ${count}: ${said.join(' ')}${rest} Nothing was built, so nothing was proven`;
}

function setBy(who: string | undefined): string {
  return who === undefined ? '' : ` (set by ${who})`;
}

/** `3 required protections and 1 condition`; kinds with a count of zero are left out. */
function requirementCounts(some: readonly ReportedRequirement[]): string {
  const parts = KINDS.flatMap(({ of, noun }) => {
    const count = of(some).length;
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
  });
  if (parts.length === 0) return protections(0);
  // Not Intl.ListFormat: loading it takes longer than the rest of a report.
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ');
}

function protections(count: number, kind = 'required '): string {
  return `${count} ${kind}protection${count === 1 ? '' : 's'}`;
}

/** `Settings 5.0.4 (io.appium.settings), android`; the parts that are known. */
export function appSentence(result: FusegateResult): string {
  const { app, builds } = result;
  if (builds) return some(builds.map((build) => appWords({ path: build.label, ...build })));
  if (!app) return result.ids.appId ? `app id ${result.ids.appId}` : 'not known';
  return [appWords(app), app.platform].filter(Boolean).join(', ');
}

function appWords(app: Pick<NonNullable<FusegateResult['app']>, 'path' | 'name' | 'version' | 'bundleId'>): string {
  const file = app.path?.split(/[\\/]/u).at(-1);
  const name = [app.name ?? file ?? 'app', app.version].filter(Boolean).join(' ');
  return app.bundleId ? `${name} (${app.bundleId})` : name;
}

/** Listing more names would not help; an archive has its own page. */
const MOST_OF_ARCHIVE = 5;

function some(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const rest = distinct.length - MOST_OF_ARCHIVE;
  return `${distinct.slice(0, MOST_OF_ARCHIVE).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** With a full stop, for when another sentence follows. */
export function closed(text: string): string {
  return /[.!?:\u2026]["')\]]?$/u.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}

/** The outcome of one requirement, in one line: what was found, what was looked for and where, which rule asked and why. */
export function requirementSentence(rule: ReportedRequirement): string {
  const looked =
    rule.outcome === 'missing' && rule.lookedFor.length > 0 ? `; looked for ${rule.lookedFor.join(', ')}` : '';
  const at = rule.evidence.length > 0 ? `; see ${evidenceSentence(rule)}` : '';
  const reference = referenceSentence(rule);
  const why = reference === undefined ? '' : `, ${reference}`;
  return `${outcomeWord(rule)}: ${rule.message}${looked}${at} [${rule.source}${why}]`;
}

/** `pdf page 1 at 213,1940 "root_detection"`, for each place. */
export function evidenceSentence(rule: ReportedRequirement): string {
  return rule.evidence.map((place) => `${place.document} ${place.where} "${place.text}"`).join('; ');
}

export function evidenceLevelSentence(result: FusegateResult): string {
  const { certificate } = result;
  const digests = [
    certificate.sha256.pdf ? `PDF sha256 ${certificate.sha256.pdf.slice(0, 12)}` : '',
    certificate.sha256.json ? `JSON sha256 ${certificate.sha256.json.slice(0, 12)}` : '',
  ].filter(Boolean);
  const level = {
    verified: 'verified layout',
    inferred: 'inferred: a JSON shape that is not confirmed',
    none: 'none that could be judged',
  }[result.evidence];
  return `${[level, ...digests].join(', ')}; policy sha256 ${result.policy.sha256.slice(0, 12)}`;
}

/** For people who have not read the documentation: what the verdict rests on. */
export function judgedOn({ evidence, evidenceMode }: FusegateResult): string {
  switch (evidence) {
    case 'verified':
      return evidenceMode === 'both' ? 'the PDF certificate and the JSON' : 'the PDF certificate';
    case 'inferred':
      return 'the JSON certificate, in a form that is not confirmed';
    case 'none':
      return 'no certificate';
  }
}

/** The same for the file that goes to a store; undefined where nothing will go there, and nothing is known of the file. */
export function signedFile(result: FusegateResult): string | undefined {
  const { level } = result.binding;
  const open = level === 'unconfirmed' || level === 'none';
  return open && isComplaint(result) ? undefined : SIGNED_FILE[level];
}

const SIGNED_FILE: Record<FusegateResult['binding']['level'], string> = {
  file: 'the one on the certificate',
  content: 'the same content as the certified app',
  service: 'confirmed by Appdome',
  unconfirmed: 'not yet checked',
  none: 'not compared',
};

/** The requested ids, else those that the certificate states. */
export function buildSentence(result: FusegateResult): string {
  const { build_id, fusion_set_id } = result.certificate.facts;
  if (result.builds) {
    const ids = some(result.builds.map(({ label, buildId }) => buildId ?? `${label} states none`));
    const sets = some(result.builds.map(({ fusionSetId }) => fusionSetId ?? 'none stated'));
    return `${ids} (by the certificates); Fusion Set: ${sets}`;
  }
  const shown = (asked: string | undefined, stated: string | undefined, none: string) =>
    asked ?? (stated === undefined ? none : `${stated} (by the certificate)`);
  const build = shown(result.ids.buildId, build_id, 'none');
  return `${build}; Fusion Set: ${shown(result.ids.fusionSetId, fusion_set_id, 'any (none was named)')}`;
}

/** `set by the environment variable FUSEGATE_GATE` */
export function setByWords(who = 'an unrecorded input'): string {
  return `set by ${who}`;
}

/** `disabled, set by the environment variable FUSEGATE_GATE`; undefined if nothing weakens it. */
export function gateSentence(result: FusegateResult): string | undefined {
  if (result.gate === 'enforce') return undefined;
  return `${result.gate}, ${setByWords(result.gateSetBy)}`;
}

/** The same for the documents that count as proof; undefined if that is the PDF. */
export function evidenceModeSentence(result: FusegateResult): string | undefined {
  if (result.evidenceMode === 'pdf') return undefined;
  return `${result.evidenceMode}, ${setByWords(result.evidenceSetBy)}`;
}

/** What was between the run (or the validation) and the service; undefined if nothing was. */
export function transportSentence({ transport, validation, server }: FusegateResult): string | undefined {
  // Without TLS, no certificate authority was asked.
  const plain = server?.startsWith('http:') ?? false;
  const parts = new Set(
    [transport, validation?.transport ?? {}].flatMap(({ proxy, ...authorities }) =>
      transportParts(plain ? { proxy } : { proxy, ...authorities }),
    ),
  );
  return parts.size === 0 ? undefined : [...parts].join(' and ');
}

const CA_STORES = { openssl: "OpenSSL's CAs (--use-openssl-ca", system: "the system's CAs (--use-system-ca" } as const;

function transportParts(transport: FusegateResult['transport']): string[] {
  const { proxy, caSha256, extraCaSha256, caStore, storeSha256 } = transport;
  const parts = [
    proxy && `through the proxy ${proxy}`,
    caSha256 && `with a custom CA (ca-file, sha256 ${caSha256.slice(0, 12)})`,
    extraCaSha256 && `with a custom CA (NODE_EXTRA_CA_CERTS, sha256 ${extraCaSha256.slice(0, 12)})`,
    caStore && `with ${CA_STORES[caStore]}${storeSha256 ? `, SSL_CERT_FILE, sha256 ${storeSha256.slice(0, 12)}` : ''})`,
  ];
  return parts.filter((part) => part !== undefined);
}

const WAIVER_STATES = {
  active: 'active',
  expired: 'expired',
  orphan: 'orphan',
  'out-of-scope': 'not for this build',
} as const;

/** `active: Proxy Detection (qa, until 2026-12-31); …`; undefined if there is nothing to report. */
export function waiversSentence({ waivers }: FusegateResult): string | undefined {
  const parts = Object.entries(WAIVER_STATES).flatMap(([state, word]) => {
    const of = waivers.filter((waiver) => waiver.state === state);
    return of.length === 0
      ? []
      : [
          // In an archive, each build repeats those of the policy.
          `${word}: ${[...new Set(of.map(waiverWords))].join(', ')}`,
        ];
  });
  return parts.length === 0 ? undefined : parts.join('; ');
}

function waiverWords({ features, owner, ticket, expires, mismatch }: FusegateResult['waivers'][number]): string {
  return `${features.join(' and ')} (${[owner, ticket, `until ${expires}`, mismatch].filter(Boolean).join(', ')})`;
}

/** What counted as understood only because of the policy; undefined if nothing did. */
export function acceptedSentence({ accepted }: FusegateResult): string | undefined {
  if (accepted.length === 0) return undefined;
  return accepted.map(({ kind, text }) => `${kind} "${text}"`).join(', ');
}

/** What every output says about the basis of a verdict, as names and values: `Waivers`, `Gate` … */
export function groundPairs(result: FusegateResult): Array<[string, string]> {
  const known = {
    Waivers: waiversSentence(result),
    'Accepted wording': acceptedSentence(result),
    Transport: transportSentence(result),
    Gate: gateSentence(result),
    'Evidence asked for': evidenceModeSentence(result),
  };
  return Object.entries(known).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]));
}

export function groundLines(result: FusegateResult): string[] {
  return groundPairs(result).map(([name, text]) => `${name}: ${text}`);
}

/** `MASVS-RESILIENCE-1: Sideloaded apps were the 2025 incident (https://…)`; undefined if the rule's author wrote nothing. */
export function referenceSentence({ reference }: ReportedRequirement): string | undefined {
  const { id, reason, link } = reference;
  const words = [id, reason].filter(Boolean).join(': ');
  if (link === undefined) return words || undefined;
  return words === '' ? link : `${words} (${link})`;
}

/** Where the app is, that a file was only compared, or that there is no app. A red app is never where a deploy step looks. */
export function appPlaceSentence(result: FusegateResult): string {
  const held = result.files.find((file) => file.role === 'rejected-app');
  if (held) return `held back in ${held.path}`;
  const [ready] = ['signed-app', 'protected-app'].flatMap((role) => result.files.filter((file) => file.role === role));
  if (ready) return `${ready.path} (sha256 ${ready.sha256})`;
  if (result.mode === 'run') return 'no protected app was downloaded';
  return (result.mode === 'gate' && givenAppSentence(result)) || 'not part of this judgement';
}

/** undefined = no app was given to mode gate. */
function givenAppSentence({ binding, findings }: FusegateResult): string | undefined {
  if (binding.level === 'file') return `the given file, whose hash the certificate prints (sha256 ${binding.sha256})`;
  const compared = binding.finalMatches !== undefined || findings.some(({ code }) => code.startsWith('binding.'));
  return compared ? 'the given file, which is not bound to the certificate' : undefined;
}

export function rehearsalSentence(result: FusegateResult): string | undefined {
  if (!result.rehearsal) return undefined;
  return result.server === null || result.server === SERVICE_ORIGIN
    ? 'REHEARSAL: an embedded build service issued the certificate, which certifies nothing'
    : `REHEARSAL: judged against ${result.server}, which is not Appdome's own service`;
}

/** What every report says about the server: that it was a rehearsal, or that it is not the service itself. */
export function originSentence(result: FusegateResult): string | undefined {
  if (result.rehearsal || result.server === null || result.server === SERVICE_ORIGIN) return rehearsalSentence(result);
  return `The run talked to ${result.server}, which is not Appdome's own service`;
}

/** The command that judges this build again, and when it is of use. A verdict changes with the policy alone; an error may have passed. */
export function judgeAgain(result: FusegateResult): { when: string; command: string } | undefined {
  const command = judgeAgainCommand(result);
  if (command === undefined || shownVerdict(result) === 'pass') return undefined;
  // Only the job that uploads an app looks into it, so this could not but end without a verdict.
  if (result.requirements.some(({ rule, severity }) => rule === 'app-listens' && severity === 'error'))
    return undefined;
  const when =
    shownVerdict(result) === 'fail'
      ? 'If you change only the policy, judge this build again'
      : 'Judge again without a new build';
  return { when, command };
}

/**
 * The command that judges the same build again without paying for another. Absent if there is nothing to judge: a run that ended before it
 * asked for certificates is resumed, not judged.
 */
export function judgeAgainCommand(result: FusegateResult): string | undefined {
  if (result.mode === 'run' && result.verdict === 'error' && !result.stages.some(({ name }) => name === 'certify'))
    return undefined;
  const words = ['fusegate', 'gate'];
  if (result.ids.buildId) {
    words.push('--build-id', result.ids.buildId);
    // With the same requirements as the run: leaving one out would weaken the gate.
    if (result.ids.fusionSetId) words.push('--fusion-set-id', result.ids.fusionSetId);
    if (result.ids.teamId) words.push('--team-id', result.ids.teamId);
  } else {
    const documents = result.files.filter(
      (file) => file.role === 'certificate-pdf' || file.role === 'certificate-json',
    );
    if (documents.length === 0) return undefined;
    for (const document of documents) words.push('--certificate', document.path);
  }
  if (result.policy.path) words.push('--policy', result.policy.path);
  if (result.evidenceMode !== 'pdf') words.push('--evidence', result.evidenceMode);
  const required = result.policy.path ? requiredBesidePolicy(result) : (result.policy.resolved.require ?? []);
  if (required.length > 0) words.push('--required-features', required.join(','));
  return words.map(shellWord).join(' ');
}

/** What an option added to the policy file: its rules have no line in a file. */
function requiredBesidePolicy(result: FusegateResult): string[] {
  return result.requirements
    .filter(({ rule, source }) => ['feature', 'key', 'threat-events'].includes(rule) && !/:\d+$/u.test(source))
    .map(({ requirement }) => requirement);
}

/** The heading of protections whose category the certificate does not show. */
export const UNGROUPED = 'Without a category';

/** What `detail: counts` shows in place of names; undefined if the certificate lists nothing. */
export function certificateCounts({ certificate }: FusegateResult): string | undefined {
  const { features, missingListeners } = certificate;
  if (features.length === 0) return undefined;
  return `${features.length} names, ${missingListeners.length} missing listeners (detail: counts).`;
}
