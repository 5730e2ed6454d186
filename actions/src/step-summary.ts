/** What of a job summary fits. Pure. */
import type { Annotation } from '@fusegate/shared/model/host';
import { markdownCode, markdownSentence } from '@fusegate/shared/text/untrusted-text';

/** GitHub takes 1 048 576 bytes per step and drops all of a larger one (actions/runner, FileCommandManager.cs); with room to spare. */
export const SUMMARY_BYTES = 1_000_000;

const CUT = '\n\n… The rest did not fit into this summary; fusegate-summary.md holds all of it.\n';
const FENCE = /^(`{3,})/;

/** @returns the Markdown, or as many whole lines of it as fit, a fence that was cut closed again; never more than `bytes` */
export function cutMarkdown(markdown: string, bytes: number): string {
  if (Buffer.byteLength(markdown) <= bytes) return markdown;
  const kept: string[] = [];
  let room = bytes - Buffer.byteLength(CUT);
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    const next = fence === undefined ? mark : mark === fence ? undefined : fence;
    // What is open after this line has to be closed in what remains.
    const closing = next === undefined ? 0 : next.length + 1;
    const size = Buffer.byteLength(line) + 1;
    if (size + closing > room) break;
    room -= size;
    kept.push(line);
    fence = next;
  }
  if (kept.length === 0) return '';
  return `${kept.join('\n')}${fence === undefined ? '' : `\n${fence}`}${CUT}`;
}

/** Annotations beyond the runner's limit, as a section of the summary. */
export function restOfAnnotations(rest: readonly Annotation[]): string {
  const items = rest.map(({ level, title, message, file, line }) => {
    const place = file === undefined ? '' : ` ${markdownCode(line === undefined ? file : `${file}:${line}`)}`;
    return `- **${level}** ${markdownSentence(title)}${place}: ${markdownSentence(message)}`;
  });
  return `\n### More annotations\n\n${items.join('\n')}\n`;
}
