/**
 * `private/fusegate-workflow.log`: the service's messages while it built and signed, in order. The official plugins have an option for such
 * a file; here it exists whenever there were messages, even after a red run, when it is needed most.
 */
import type { WorkflowMessage } from '../api/tasks.ts';
import { plainLine } from '../text/untrusted-text.ts';

/** @returns one line for each message, or undefined if there were none */
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
