/** Next steps where an app does not listen, in the words that every hint uses. Each command runs as it is printed, once a language is chosen. */
import { shellWord } from '../../text/shell-word.ts';

/** Such a rule accepts no other mode, so it has to change together with the Fusion Set. */
export const DROP_DETECTION = 'remove `threat-events: in-app-detection` from its rule';

/** The command that writes listeners for these events. */
export function writeListeners(events: readonly string[]): string {
  return `\`fusegate threat-events --code LANGUAGE${about(events)}\``;
}

/** The command that looks for these events in the sources, where registrations can be seen. */
export function searchSources(events: readonly string[]): string {
  return `\`fusegate listeners --source .${about(events)}\``;
}

const EVENT_NAME = /^[A-Za-z]\w*$/u;

/** What a certificate lists need not be a name. */
function about(events: readonly string[]): string {
  const names = [...new Set(events)].filter((name) => EVENT_NAME.test(name));
  return names.length === 0 ? ' --events NAME' : ` --events ${shellWord(names.join(','))}`;
}
