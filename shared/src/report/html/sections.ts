/** The sections of the HTML report below the verdict, in reading order. Empty ones are left out. */

import type { FusegateResult } from '../../model/result.ts';
import { ADVICE_LIMIT, followableUrl } from '../../text/untrusted-text.ts';
import {
  evidenceModeSentence,
  evidenceSentence,
  gateSentence,
  isRed,
  MODE_WORD,
  outcomeWord,
  type ReportedFinding,
  type ReportedRequirement,
  RULE_WORD,
  separateFindings,
  transportSentence,
} from '../describe.ts';
import { baselineFacts, waiverState } from '../policy-facts.ts';
import { chip, type Tone } from './icons.ts';
import { copied, dataTable, definitions, list, named, type Section } from './pieces.ts';
import { protectionCount, protections } from './protections.ts';
import { type Html, html, sentence } from './template.ts';
import { timeline } from './timeline.ts';

/** @param whole the result with its names, from which `detail: counts` takes the numbers */
export function reportSections(shown: FusegateResult, whole: FusegateResult, detail: 'full' | 'counts'): Section[] {
  const sections: Array<Section | undefined> = [
    required(shown),
    findings(shown),
    waivers(shown),
    accepted(shown),
    baseline(shown),
    hosts(shown),
    detail === 'counts' ? protectionCount(whole) : protections(shown),
    stages(shown),
    files(shown),
    identity(shown),
    policy(shown),
  ];
  return sections.filter((section) => section !== undefined);
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

function required(result: FusegateResult): Section {
  const title = 'What is required';
  if (result.requirements.length === 0) {
    return { id: 'required', title, body: html`<p>No rule was in force, so nothing could be proven.</p>\n` };
  }
  const body = dataTable(
    'Every rule of the policy with its outcome and evidence',
    [
      { head: 'Requirement', cell: requirementName },
      { head: 'Outcome', cell: (rule) => chip(toneOf(rule), outcomeWord(rule)) },
      { head: 'What was found', cell: whatWasFound, look: 'wide' },
      { head: 'Rule', cell: (rule) => copied(rule.source) },
    ],
    result.requirements,
  );
  return { id: 'required', title, body };
}

function requirementName(rule: ReportedRequirement): Html {
  const key = rule.feature?.key;
  return html`${named(rule.requirement)}<div class="sub">${RULE_WORD[rule.rule]}${rule.severity === 'warning' && ', warning only'}</div>${
    key && html`<div class="sub">key ${copied(key)}</div>`
  }${referenceOf(rule)}`;
}

/** Why the rule is there, in its author's words. */
function referenceOf({ reference: { id, reason, link } }: ReportedRequirement): Html | undefined {
  if (id === undefined && reason === undefined && link === undefined) return undefined;
  const url = link === undefined ? undefined : followableUrl(link);
  return html`<div class="sub">${copied(id)}${id !== undefined && reason !== undefined && ': '}${reason}${
    link !== undefined &&
    html` ${url === undefined ? link : html`<a href="${url}" rel="noopener noreferrer">${link}</a>`}`
  }</div>`;
}

function whatWasFound(rule: ReportedRequirement): Html {
  const settled = rule.outcome === 'satisfied';
  const looked = settled ? '' : rule.lookedFor.join(', ');
  return html`${sentence(rule.message)}${looked && html`<div class="sub">Looked for: ${looked}</div>`}${
    rule.evidence.length > 0 && html`<div class="sub">Evidence: ${evidenceSentence(rule)}</div>`
  }${rule.outcome === 'waived' && html`<div class="todo"><strong>Waived:</strong> ${sentence(rule.waivedBy ?? 'no reason is recorded')}</div>`}${
    rule.hint &&
    !settled &&
    html`<div class="todo"><strong>What to do:</strong> ${sentence(rule.hint, ADVICE_LIMIT)}</div>`
  }`;
}

const LEVEL: Record<ReportedFinding['level'], { tone: Tone; word: string }> = {
  error: { tone: 'bad', word: 'error' },
  warning: { tone: 'warn', word: 'warning' },
  note: { tone: 'neutral', word: 'note' },
};

function findings(result: FusegateResult): Section | undefined {
  const shown = separateFindings(result);
  if (shown.length === 0) return undefined;
  const itemOf = (finding: ReportedFinding) => {
    const { tone, word } = finding.waivedBy ? { tone: 'held' as const, word: 'waived' } : LEVEL[finding.level];
    return html`<p class="head">${chip(tone, word)} ${finding.feature && html`<strong>${finding.feature}</strong> `}${copied(finding.code)}</p>
<p>${sentence(finding.message)}</p>
<p><strong>What to do:</strong> ${sentence(finding.hint, ADVICE_LIMIT)}</p>
${finding.waivedBy && html`<p class="note">Waived: ${finding.waivedBy}</p>`}`;
  };
  return { id: 'findings', title: 'Findings', body: list(shown, itemOf, 'findings') };
}

const WAIVER_TONE = {
  active: 'held',
  unused: 'good',
  orphan: 'warn',
  expired: 'warn',
  'out-of-scope': 'held',
} as const;

function waivers(result: FusegateResult): Section | undefined {
  if (result.waivers.length === 0) return undefined;
  const body = dataTable(
    'The waivers of the policy, and what each does here',
    [
      { head: 'Waived', cell: ({ features }) => named(features.join(', ')) },
      { head: 'By', cell: ({ owner, ticket }) => [owner, ticket].filter(Boolean).join(', ') },
      { head: 'Reason', cell: ({ reason }) => reason, look: 'wide' },
      { head: 'Until', cell: ({ expires }) => expires },
      { head: 'State', cell: (waiver) => chip(WAIVER_TONE[waiver.state], waiverState(waiver)) },
      { head: 'Rule', cell: ({ source }) => copied(source) },
    ],
    result.waivers,
  );
  return { id: 'waivers', title: 'Waivers', body };
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
  return { id: 'baseline', title: 'Compared with the baseline', body: definitions(facts) };
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
  return { id: 'stages', title: 'Stages', body: timeline(result.stages) };
}

function files(result: FusegateResult): Section | undefined {
  if (result.files.length === 0) return undefined;
  const body = dataTable(
    'Files of this run with their SHA-256 digests',
    [
      { head: 'File', cell: (file) => file.role.replace(/-/gu, ' ') },
      { head: 'Path', cell: (file) => copied(file.path) },
      { head: 'SHA-256', cell: (file) => copied(file.sha256), look: 'wide' },
      { head: 'Bytes', cell: (file) => file.size.toLocaleString('en-US'), look: 'number' },
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
  ['CI job', runLink(ci)],
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

function runLink({ system, runUrl, repository }: FusegateResult['ci']): Html {
  const url = runUrl === undefined ? undefined : followableUrl(runUrl);
  const where = html`${system}${repository && html`, ${repository}`}`;
  return url ? html`<a href="${url}" rel="noopener noreferrer">${where}</a>` : where;
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
