/** The icons beside state words. They add nothing to the word, so assistive technology skips them. */
import { type Html, html } from './template.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'held' | 'neutral';

/** Strokes in a 16 by 16 square; each tone also has its own shape. */
const STROKES: Record<Tone, string> = {
  good: 'M3 8.5l3.2 3.2L13 5',
  bad: 'M4 4l8 8M12 4l-8 8',
  warn: 'M8 3v6M8 12v.5',
  held: 'M5.5 4v8M10.5 4v8',
  neutral: 'M4 8h8',
};

export function icon(tone: Tone): Html {
  return html`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${STROKES[tone]}" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
}

/** A state word with its icon. */
export function chip(tone: Tone, word: string): Html {
  return html`<span class="chip ${tone}">${icon(tone)} ${word}</span>`;
}
