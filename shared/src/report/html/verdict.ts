/** The first screen of the HTML report: what was judged, the verdict, and for what is missing the next step. */

import type { FusegateResult } from '../../model/result.ts';
import { ERRORS_PAGE_WORDS, errorsPageOf } from '../../text/errors-page.ts';
import { ADVICE_LIMIT, followableUrl } from '../../text/untrusted-text.ts';
import {
  appPlaceSentence,
  appSentence,
  blockingFindings,
  closed,
  countsSentence,
  groundPairs,
  headline,
  isComplaint,
  judgeAgain,
  judgedOn,
  originSentence,
  outcomeWord,
  quotedError,
  type ReportedRequirement,
  shownVerdict,
  signedFile,
  unmetRequirements,
} from '../describe.ts';
import { cutToTable } from '../listening.ts';
import { sinceBaseline } from '../policy-facts.ts';
import { alikeSteps, codeToExplain } from '../red-block.ts';
import { chip, icon, type Tone } from './icons.ts';
import { copied, cutNote, definitions, list, MOST_ROWS, named, type Section } from './pieces.ts';
import { type Html, html, longText, sentence } from './template.ts';

export const TONE: Record<FusegateResult['verdict'], Tone> = {
  pass: 'good',
  fail: 'bad',
  error: 'bad',
  'not-evaluated': 'neutral',
};

/** `FAIL` and what follows it. */
export function verdictWords(result: FusegateResult): { word: string; rest: string } {
  const [word = '', ...rest] = headline(result).split(': ');
  return { word, rest: rest.join(': ') };
}

export function pageHeader(result: FusegateResult): Html {
  const ended = result.finishedAt ?? result.startedAt;
  return html`<header>
<p class="brand">Fusegate <span>Appdome Certified Secure gate</span></p>
<p class="when"><time datetime="${ended}">${ended.replace('T', ' ').replace(/:\d\d(?:\.\d+)?Z$/u, ' UTC')}</time></p>
</header>
`;
}

export function verdictSection(result: FusegateResult): Html {
  const { word, rest } = verdictWords(result);
  const tone = TONE[shownVerdict(result)];
  const origin = originSentence(result);
  return html`${origin && html`<p class="banner" role="note">${icon('warn')}<span>${origin}</span></p>\n`}<section id="verdict" class="verdict ${tone}" aria-labelledby="verdict-title">
<h1 id="verdict-title"><span class="word">${icon(tone)}${word}<span class="unseen">: </span></span><span>${sentence(cutToTable(rest, result))}</span></h1>
${result.builds ? undefined : html`<p class="app">${appSentence(result)}</p>\n`}${runLine(result.ci)}${tiles(result)}</section>
`;
}

function runLine({ system, runUrl, repository, commit }: FusegateResult['ci']): Html {
  const url = runUrl === undefined ? undefined : followableUrl(runUrl);
  const run = [repository, `${system} run`].filter(Boolean).join(', ');
  return html`<p class="run">${url ? html`<a href="${url}" rel="noopener noreferrer">${run}</a>` : run}${
    commit && html`, commit <code>${commit.slice(0, 12)}</code>`
  }</p>
`;
}

function tiles(result: FusegateResult): Html | undefined {
  return definitions(
    [
      ['Requirements', !result.builds && countsSentence(result)],
      ['Since the baseline', sinceBaseline(result)],
      ['Judged on', !result.builds && judgedOn(result)],
      ['Signed file', !result.builds && signedFile(result)],
      ['App', !result.builds && shortPlace(appPlaceSentence(result))],
      // These have sections of their own, and hashes of certificate authorities are no words for a verdict.
      ...groundPairs(result).filter(([name]) => name !== 'Waivers' && name !== 'Transport'),
    ],
    'tiles',
  );
}

/** Neither a runner's folders nor a digest say anything to a reader here; the files' section has both whole. */
function shortPlace(sentence: string): string {
  return sentence
    .replace(/ \(sha256 [^)]*\)$/u, '')
    .replace(/(?<=^|\s)(?:[A-Za-z]:)?[\\/](?:[^\\/]+[\\/])+(?=[^\\/]+[\\/][^\\/]+$)/u, '');
}

interface Complaint {
  name: string | undefined;
  /** Absent where the headline says it. */
  message: string | undefined;
  mark: Html;
  about: Html | undefined;
  hint: string | undefined;
}

/** What keeps the verdict from passing, by name, those with the same next step together. */
export function missing(result: FusegateResult): Section | undefined {
  if (!isComplaint(result)) return undefined;
  const again = judgeAgain(result);
  const code = codeToExplain(result);
  const steps = alikeSteps(complaints(result));
  const notJudged = unmetRequirements(result).filter(({ outcome }) => outcome === 'not-evaluated');
  const body = html`${list(steps, stepMarkup, 'steps')}${
    notJudged.length > 0 &&
    html`<p><strong>Not judged:</strong> ${notJudged.map(({ requirement }) => requirement).join(', ')}</p>\n`
  }${again && html`<p>${again.when}: <code>${longText(again.command, ADVICE_LIMIT)}</code></p>\n`}${code && html`<p>${ERRORS_PAGE_WORDS} <code>${errorsPageOf(code)}</code></p>\n`}`;
  return { id: 'missing', title: result.verdict === 'fail' ? 'What is missing' : 'What went wrong', body };
}

function complaints(result: FusegateResult): Complaint[] {
  const told = quotedError(result);
  const findings = blockingFindings(result);
  const messages = new Set(findings.map(({ message }) => message));
  return [
    ...findings.map((finding) => ({
      name: finding.feature,
      message: finding === told ? undefined : cutToTable(finding.message, result),
      mark: chip('bad', 'error'),
      about: copied(finding.code),
      hint: finding.hint,
    })),
    ...unmetRequirements(result)
      .filter(({ outcome, message }) => outcome !== 'not-evaluated' && !messages.has(message))
      .map((rule) => ({
        name: rule.feature?.name ?? rule.requirement,
        message: cutToTable(rule.message, result),
        mark: chip('bad', outcomeWord(rule)),
        about: html`${copied(rule.source)}${referenceOf(rule)}`,
        hint: rule.hint,
      })),
  ];
}

export function stepMarkup({ items, step }: { items: readonly Complaint[]; step: string | undefined }): Html {
  return html`${items.slice(0, MOST_ROWS).map(
    ({
      name,
      message,
      mark,
      about,
    }) => html`<p class="head">${mark} ${name && html`<strong>${named(name)}</strong> `}<span class="sub">${about}</span></p>
${message && html`<p>${sentence(closed(message))}</p>\n`}`,
  )}${cutNote(items.length)}${step && html`<p><strong>What to do:</strong> ${sentence(step, ADVICE_LIMIT)}</p>\n`}`;
}

/** Why the rule is there, in its author's words. */
export function referenceOf({ reference: { id, reason, link } }: ReportedRequirement): Html | undefined {
  if (id === undefined && reason === undefined && link === undefined) return undefined;
  const url = link === undefined ? undefined : followableUrl(link);
  return html` ${copied(id)}${id !== undefined && reason !== undefined && html`: `}${reason}${
    link !== undefined &&
    html` ${url === undefined ? link : html`<a href="${url}" rel="noopener noreferrer">${link}</a>`}`
  }`;
}

/** For the page's title, which a browser tab or an email shows. */
export function titleOf(result: FusegateResult): string {
  return `${result.rehearsal ? 'REHEARSAL ' : ''}${verdictWords(result).word} · ${appSentence(result)} · Fusegate`;
}
