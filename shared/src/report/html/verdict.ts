/** The head of the HTML report: what was judged, the verdict, and the lines that every report begins with. */

import type { FusegateResult } from '../../model/result.ts';
import { ADVICE_LIMIT, plainLine } from '../../text/untrusted-text.ts';
import {
  appSentence,
  baselineSentence,
  headline,
  originSentence,
  policyRequirements,
  shownVerdict,
  waivedRequirements,
} from '../describe.ts';
import { renderVerdictBlock } from '../red-block.ts';
import { icon, type Tone } from './icons.ts';
import { definitions, list } from './pieces.ts';
import { type Html, html, longText, sentence } from './template.ts';

const TONE: Record<FusegateResult['verdict'], Tone> = {
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
<p class="when"><time datetime="${ended}">${ended.replace('T', ' ').replace(/\.\d+Z$/u, ' UTC')}</time></p>
</header>
`;
}

export function verdictSection(result: FusegateResult): Html {
  const { word, rest } = verdictWords(result);
  const tone = TONE[shownVerdict(result)];
  const origin = originSentence(result);
  return html`${origin && html`<p class="banner" role="note">${icon('warn')}<span>${origin}</span></p>\n`}<section id="verdict" class="verdict ${tone}" aria-labelledby="verdict-title">
<h1 id="verdict-title"><span class="word">${icon(tone)}${word}<span class="unseen">: </span></span><span>${sentence(rest)}</span></h1>
<p class="app"><strong>${appSentence(result)}</strong></p>
${tiles(result)}</section>
${inShort(result, tone)}`;
}

function tiles(result: FusegateResult): Html {
  const required = policyRequirements(result);
  const proven = required.filter((rule) => rule.outcome === 'satisfied').length;
  const waived = waivedRequirements(result).length;
  return definitions(
    [
      ['Requirements proven', `${proven} of ${required.length}`],
      ['Waived', waived > 0 && waived],
      ['Compared', baselineSentence(result) ?? false],
      ['Evidence', result.evidence],
      ['Bound to the file', result.binding.level],
      ['On the certificate', `${result.certificate.features.length} names`],
      ['Gate', result.gate],
    ],
    'tiles',
  );
}

/**
 * The lines of the block, word for word, except the first two, which are the heading and the line below it: complaints and remarks as a
 * list, the others as name and value.
 */
function inShort(result: FusegateResult, tone: Tone): Html {
  const lines = renderVerdictBlock(result).slice(2);
  const origin = originSentence(result);
  const told = lines.filter((line) => origin === undefined || line !== plainLine(origin, ADVICE_LIMIT));
  const entries = told.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  const rest = told.filter((line) => !line.startsWith('- ')).map((line) => /^([^:]*): (.*)$/u.exec(line));
  const pairs = rest.flatMap((match) =>
    match ? [[match[1] ?? '', pairValue(match[1], match[2] ?? '')] as const] : [],
  );
  return html`<section id="short" aria-labelledby="short-title">
<h2 id="short-title">In short</h2>
${entries.length > 0 && list(entries, (line) => html`<span class="${lineTone(line, tone)}">${sentence(line, ADVICE_LIMIT)}</span>`, 'why')}${definitions(pairs)}</section>
`;
}

/** In a green block, remarks begin with their level. */
function lineTone(line: string, tone: Tone): Tone {
  if (tone === 'bad') return tone;
  return line.startsWith('warning: ') ? 'warn' : 'neutral';
}

function pairValue(name: string | undefined, value: string): Html {
  return name?.startsWith('Judge again')
    ? html`<code>${longText(value, ADVICE_LIMIT)}</code>`
    : sentence(value, ADVICE_LIMIT);
}

/** For the page's title, which a browser tab or an email shows. */
export function titleOf(result: FusegateResult): string {
  return `${result.rehearsal ? 'REHEARSAL ' : ''}${verdictWords(result).word} · ${appSentence(result)} · Fusegate`;
}
