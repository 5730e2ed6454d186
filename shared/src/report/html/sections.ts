/** The sections of the HTML report below the verdict, in reading order. Empty ones are left out. */

import type { FusegateResult } from '../../model/result.ts';
import { inGroups } from '../../text/digit-groups.ts';
import { ADVICE_LIMIT } from '../../text/untrusted-text.ts';
import {
  closed,
  evidenceModeSentence,
  evidenceSentence,
  gateSentence,
  isComplaint,
  isRed,
  MODE_WORD,
  outcomeWord,
  type ReportedFinding,
  type ReportedRequirement,
  RULE_WORD,
  transportSentence,
} from '../describe.ts';
import { cutToTable, newFindings } from '../listening.ts';
import { baselineFacts, waiverState } from '../policy-facts.ts';
import { isOnSomebodysWord } from '../red-block.ts';
import { chip, type Tone } from './icons.ts';
import { listeningSection } from './listening.ts';
import { copied, dataTable, definitions, list, named, type Section } from './pieces.ts';
import { protectionCount, protections } from './protections.ts';
import { type Html, html, sentence } from './template.ts';
import { timeline } from './timeline.ts';
import { missing, referenceOf } from './verdict.ts';

/** @param whole the result with its names, from which `detail: counts` takes the numbers */
export function reportSections(shown: FusegateResult, whole: FusegateResult, detail: 'full' | 'counts'): Section[] {
  const told = newFindings(shown)
    .map((finding) => ({ ...finding, message: cutToTable(finding.message, shown) }))
    .filter(({ level }) => level !== 'error' || !isComplaint(shown));
  const isMinor = (finding: ReportedFinding) => finding.level === 'note' && !isOnSomebodysWord(finding);
  const sections: Array<Section | undefined> = [
    missing(shown),
    waivers(shown),
    findingList(
      'findings',
      'Worth a look',
      told.filter((finding) => !isMinor(finding)),
    ),
    hosts(shown),
    required(shown),
    listeningSection(shown, whole),
    detail === 'counts' ? protectionCount(whole) : protections(shown),
    ...details(shown, told.filter(isMinor)),
  ];
  return sections.filter((section) => section !== undefined);
}

/** What few readers need, closed on a screen. */
export function details(result: FusegateResult, notes: ReportedFinding[]): Section[] {
  const sections = [
    findingList('notes', 'Notes', notes),
    evidence(result),
    accepted(result),
    baseline(result),
    stages(result),
    files(result),
    identity(result),
    policy(result),
  ];
  return sections.flatMap((section) => (section === undefined ? [] : [{ ...section, folded: true }]));
}

/** A warning never looks as severe as what stopped the job. */
export function toneOf(rule: ReportedRequirement): Tone {
  switch (rule.outcome) {
    case 'satisfied':
      return 'good';
    case 'waived':
      return 'held';
    case 'not-evaluated':
      return 'neutral';
    default:
      return rule.severity === 'error' ? 'bad' : 'warn';
  }
}

const TONES: readonly Tone[] = ['bad', 'warn', 'neutral', 'held', 'good'];

function required({ requirements }: FusegateResult): Section {
  const title = 'Requirements';
  if (requirements.length === 0) {
    return { id: 'required', title, body: html`<p>No rule was in force, so nothing could be proven.</p>\n` };
  }
  const worstFirst = [...requirements].sort((a, b) => TONES.indexOf(toneOf(a)) - TONES.indexOf(toneOf(b)));
  const body = dataTable(
    'Every rule of the policy with its outcome',
    [
      { head: 'Requirement', cell: requirementName, look: 'wide' },
      { head: 'Outcome', cell: (rule) => chip(toneOf(rule), outcomeWord(rule)), look: 'narrow' },
    ],
    worstFirst,
  );
  return { id: 'required', title, body };
}

function requirementName(rule: ReportedRequirement): Html {
  const about = [
    ...(rule.rule === 'feature' ? [] : [RULE_WORD[rule.rule]]),
    ...(rule.severity === 'warning' ? ['warning only'] : []),
  ].join(', ');
  const [name, mode] = withoutMode(rule.requirement);
  return html`${named(name)}${mode && html` <span class="tag">${mode}</span>`} <span class="sub">${about} ${rule.feature?.key} ${copied(rule.source)}${referenceOf(rule)}${
    rule.waivedBy && html` waived: ${rule.waivedBy}`
  }</span>`;
}

const MODE_IN_NAME = / \(threat-events: (in-app-detection|in-app-defense|any)\)$/u;
const MODE_CHIP: Record<string, string> = {
  'in-app-detection': 'Detection',
  'in-app-defense': 'Defense',
  any: 'any mode',
};

/** The mode that a rule asks for would take more room than the name of the protection. */
function withoutMode(requirement: string): [name: string, mode: string | undefined] {
  const mode = MODE_IN_NAME.exec(requirement)?.[1];
  return [requirement.replace(MODE_IN_NAME, ''), mode && MODE_CHIP[mode]];
}

function evidence({ requirements }: FusegateResult): Section | undefined {
  if (requirements.length === 0) return undefined;
  const body = dataTable(
    'What was found for every rule, and where',
    [
      { head: 'Requirement', cell: ({ requirement }) => named(requirement) },
      { head: 'What was found', cell: whatWasFound, look: 'wide' },
    ],
    requirements,
  );
  return { id: 'evidence', title: 'Evidence', body };
}

function whatWasFound(rule: ReportedRequirement): Html {
  const looked = rule.outcome === 'satisfied' ? '' : rule.lookedFor.join(', ');
  return html`${sentence(rule.message)}${looked && html`<div class="sub">Looked for: ${looked}</div>`}${
    rule.evidence.length > 0 && html`<div class="sub">Evidence: ${evidenceSentence(rule)}</div>`
  }`;
}

const LEVEL: Record<ReportedFinding['level'], { tone: Tone; word: string }> = {
  error: { tone: 'bad', word: 'error' },
  warning: { tone: 'warn', word: 'warning' },
  note: { tone: 'neutral', word: 'note' },
};

export function findingList(id: string, title: string, shown: readonly ReportedFinding[]): Section | undefined {
  if (shown.length === 0) return undefined;
  const itemOf = ({ level, feature, code, message, hint, waivedBy }: ReportedFinding) => {
    const { tone, word } = waivedBy ? { tone: 'held' as const, word: 'waived' } : LEVEL[level];
    const next = waivedBy
      ? html`<strong>Waived:</strong> ${waivedBy}`
      : html`<strong>What to do:</strong> ${sentence(hint, ADVICE_LIMIT)}`;
    return html`<p class="head">${chip(tone, word)} ${feature && html`<strong>${feature}</strong> `}<span class="sub">${copied(code)}</span></p>
<p>${sentence(closed(message))} ${next}</p>`;
  };
  return { id, title, body: list(shown, itemOf, 'steps') };
}

const WAIVER = {
  active: { tone: 'held', word: 'active' },
  unused: { tone: 'good', word: 'unused' },
  orphan: { tone: 'warn', word: 'orphan' },
  expired: { tone: 'warn', word: 'expired' },
  'out-of-scope': { tone: 'neutral', word: 'not for this build' },
} as const;

export function waivers(result: FusegateResult): Section | undefined {
  if (result.waivers.length === 0) return undefined;
  const activeFirst = [...result.waivers].sort((a, b) => Number(b.state === 'active') - Number(a.state === 'active'));
  const itemOf = (waiver: (typeof activeFirst)[number]) => {
    const { features, owner, ticket, reason, expires, source, state } = waiver;
    const { tone, word } = WAIVER[state];
    return html`<p class="head">${chip(tone, word)} <strong>${named(features.join(', '))}</strong> until ${expires}: ${reason} <span class="sub">${[owner, ticket].filter(Boolean).join(', ')} ${copied(source)} ${state !== 'active' && waiverState(waiver)}</span></p>`;
  };
  return { id: 'waivers', title: 'Waivers', body: list(activeFirst, itemOf, 'steps') };
}

function accepted(result: FusegateResult): Section | undefined {
  if (result.accepted.length === 0) return undefined;
  const body = html`<p>Wording of the certificate that is not known, and counts as understood only because the policy accepts it.</p>
${dataTable(
  'Accepted wording and where it stands',
  [
    { head: 'Text', cell: ({ text }) => named(text), look: 'wide' },
    { head: 'Kind', cell: ({ kind }) => kind },
    { head: 'Where', cell: ({ document, where }) => `${document} ${where}` },
  ],
  result.accepted,
)}`;
  return { id: 'accepted', title: 'Accepted wording', body };
}

function baseline(result: FusegateResult): Section | undefined {
  const facts = baselineFacts(result);
  if (facts.length === 0) return undefined;
  return { id: 'baseline', title: 'Baseline', body: html`${definitions(facts)}` };
}

function hosts(result: FusegateResult): Section | undefined {
  if (!result.dryRun) return undefined;
  const body = dataTable(
    'Hosts that a firewall must allow',
    [
      { head: 'Host', cell: ({ host }) => named(host) },
      { head: 'What for', cell: ({ why }) => why, look: 'wide' },
    ],
    result.dryRun.hosts,
  );
  return { id: 'hosts', title: 'Hosts that a firewall must allow', body };
}

function stages(result: FusegateResult): Section | undefined {
  if (result.stages.length === 0) return undefined;
  return { id: 'stages', title: 'Timeline', body: timeline(result.stages) };
}

function files(result: FusegateResult): Section | undefined {
  if (result.files.length === 0) return undefined;
  const body = dataTable(
    'Files of this run with their SHA-256 digests',
    [
      { head: 'File', cell: (file) => file.role.replace(/-/gu, ' ') },
      { head: 'Path and SHA-256', cell: (file) => html`${copied(file.path)}<br>${copied(file.sha256)}`, look: 'wide' },
      { head: 'Bytes', cell: (file) => inGroups(file.size), look: 'number' },
    ],
    result.files,
  );
  return { id: 'files', title: 'Files', body };
}

function identity(result: FusegateResult): Section {
  const { app, ids, binding, certificate, ci } = result;
  const matches = (value: boolean | undefined) =>
    value === undefined ? 'not compared' : value ? 'the same' : 'different';
  const facts = Object.entries(certificate.facts).map(([name, value]) => [name.replace(/_/gu, ' '), value] as const);
  const body = html`<h3>Build</h3>
${definitions([
  ['App', app?.path && copied(app.path)],
  ['SHA-256 before protection', copied(app?.sha256)],
  ['Build id', copied(ids.buildId)],
  ['Fusion Set id', copied(ids.fusionSetId)],
  ['App id', copied(ids.appId)],
  ['Team id', copied(ids.teamId)],
  ['Server', copied(result.server ?? undefined) ?? 'not asked'],
  ['Transport', transportSentence(result)],
  ['Commit', copied(ci.commit)],
])}<h3>Binding of the file to the certificate</h3>
${definitions([
  ['Level', html`<strong>${binding.level}</strong>`],
  ['Compared', binding.message],
  ['Bound file', copied(binding.sha256)],
  ['Service said', result.validation && `${result.validation.message} (${result.validation.at})`],
  ['Original app', matches(binding.originalMatches)],
  ['Final app', matches(binding.finalMatches)],
])}<h3>Certificate</h3>
${definitions([
  ['Documents', certificate.source],
  ['PDF SHA-256', copied(certificate.sha256.pdf)],
  ['PDF layout', copied(certificate.shape.pdf)],
  ['JSON SHA-256', copied(certificate.sha256.json)],
  ['JSON shape', copied(certificate.shape.json)],
  ...facts,
])}`;
  return { id: 'identity', title: 'Identity and binding', body };
}

function policy(result: FusegateResult): Section {
  const sections = Object.entries(result.policy.resolved);
  const body = html`${definitions([
    ['Mode', MODE_WORD[result.mode]],
    ['Gate', gateSentence(result) ?? result.gate],
    ['Evidence asked for', evidenceModeSentence(result)],
    ['Exit', `${result.exitCode}${isRed(result) ? ' (the job stops)' : ''}`],
    ['Policy file', copied(result.policy.path) ?? 'none, only options'],
    ['SHA-256 of the resolved policy', copied(result.policy.sha256)],
  ])}${sections.map(([name, rules]) => html`<h3>${named(name)}</h3>\n${list(rules, (rule) => copied(rule), 'names')}`)}`;
  return { id: 'policy', title: 'Policy', body };
}
