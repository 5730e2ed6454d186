/**
 * The stages as bars over time. Positions are percentages and text keeps its size, so the drawing fits a phone as it fits a page;
 * without a style sheet (Jenkins blocks inline ones) the attributes still make a legible drawing.
 */
import type { FusegateResult } from '../../model/result.ts';
import { requestsWords } from '../describe.ts';
import { dataTable, named } from './pieces.ts';
import { type Html, html } from './template.ts';

type Stage = FusegateResult['stages'][number];

interface Bar {
  stage: Stage;
  /** Per cent of the total time. */
  from: number;
  width: number;
}

const ROW = 40;
/** Per cent, so that a stage that took no time is still visible. */
const NARROWEST = 0.8;
/** A run has a dozen stages; if an odd result has more, the table below the drawing lists them. */
const MOST_BARS = 40;

/** Stages overlap where downloads run side by side, so each has its own row. */
export function barsOf(stages: readonly Stage[]): Bar[] {
  const starts = stages.map((stage) => Date.parse(stage.startedAt));
  const known = starts.filter((start) => Number.isFinite(start));
  const first = known.reduce((least, start) => Math.min(least, start), known[0] ?? 0);
  const spans = stages.map((stage, index) => {
    const start = starts[index] ?? Number.NaN;
    const from = Number.isFinite(start) ? start - first : 0;
    return { stage, from, took: Math.max(0, Number.isFinite(stage.durationMs) ? stage.durationMs : 0) };
  });
  const whole = spans.reduce((most, span) => Math.max(most, span.from + span.took), 1);
  return spans.map(({ stage, from, took }) => {
    const width = Math.max(NARROWEST, (100 * took) / whole);
    return { stage, width, from: Math.min(100 - width, (100 * from) / whole) };
  });
}

/** `2.5 s`, `1 min 05 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

export function timeline(stages: readonly Stage[]): Html {
  const bars = barsOf(stages.slice(0, MOST_BARS));
  const height = bars.length * ROW;
  const longest = stages.reduce<Stage | undefined>(
    (most, stage) => (most && most.durationMs >= stage.durationMs ? most : stage),
    undefined,
  );
  const summary = longest
    ? `${stages.length} stages; the longest is ${longest.name} with ${duration(longest.durationMs)}.`
    : '';
  return html`<svg class="timeline" role="img" aria-labelledby="timeline-title timeline-text" width="100%" height="${height}">
<title id="timeline-title">Stages over time</title>
<desc id="timeline-text">${summary} The table below has the same numbers.</desc>
${bars.map(barMarkup)}</svg>
${dataTable(
  'Stages: start, duration and number of requests',
  [
    { head: 'Stage', cell: (stage) => named(stage.name) },
    { head: 'Started', cell: (stage) => html`<code>${stage.startedAt}</code>` },
    { head: 'Took', cell: (stage) => duration(stage.durationMs), look: 'number' },
    { head: 'Requests', cell: requestsWords, look: 'number' },
  ],
  stages,
)}`;
}

function barMarkup({ stage, from, width }: Bar, row: number): Html {
  const top = row * ROW;
  return html`<text x="0" y="${top + 14}" font-size="13" fill="currentColor">${stage.name} &#183; ${duration(stage.durationMs)}</text>
<rect class="track" x="0" y="${top + 20}" width="100%" height="10" rx="5" fill="#dfe5ea"/>
<rect class="bar" x="${from.toFixed(2)}%" y="${top + 20}" width="${width.toFixed(2)}%" height="10" rx="5" fill="#0b5cad"/>
`;
}
