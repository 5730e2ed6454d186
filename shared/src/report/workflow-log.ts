/**
 * `private/fusegate-workflow.log`: what the service said while it built and signed, in the order in which it said it. The official
 * plugins have an option for such a file; here it is there whenever something was said, also after a red run, where it is needed most.
 */
import type { WorkflowMessage } from '../api/tasks.ts';
import { plainLine } from '../text/untrusted-text.ts';

/** @returns one line for each message, or undefined where there was none */
export function workflowLogText(
  messages: readonly WorkflowMessage[],
  mask: (text: string) => string,
): string | undefined {
  if (messages.length === 0) return undefined;
  const lines = messages.map(({ createdAt, type, text }) => {
    const parts = [createdAt ?? '-', type === undefined ? undefined : `[${type}]`, text];
    return plainLine(mask(parts.filter((part) => part !== undefined).join(' ')));
  });
  return `${lines.join('\n')}\n`;
}
