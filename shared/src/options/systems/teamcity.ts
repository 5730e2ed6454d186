import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const TEAMCITY: System = {
  ...CLI,
  id: 'teamcity',
  title: 'TeamCity',
  job: {
    sign: 'TEAMCITY_VERSION',
    facts: (e) => ({ commit: e['BUILD_VCS_NUMBER'], runId: e['BUILD_NUMBER'] }),
    definedIn: () => '.teamcity/settings.kts',
  },
};

/** jetbrains.com/help/teamcity/service-messages.html, "Escaped values". */
function escaped(text: string): string {
  return text
    .replaceAll(/[|'[\]]/g, '|$&')
    .replaceAll('\n', '|n')
    .replaceAll('\r', '|r')
    .replaceAll(/[^\x20-\x7e]/g, (sign) => `|0x${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function message(name: string, attributes: Readonly<Record<string, string>> | string): string {
  const values =
    typeof attributes === 'string'
      ? [`'${escaped(attributes)}'`]
      : Object.entries(attributes).map(([key, value]) => `${key}='${escaped(value)}'`);
  return `##teamcity[${[name, ...values].join(' ')}]`;
}

/** An error is not a build problem by itself: under `gate: warn` the build stays green. `ERROR` could fail it by a failure condition. */
const STATUS = { error: 'FAILURE', warning: 'WARNING', notice: 'NORMAL' } as const;
/** Longer ones are cut by the server. */
const LONGEST_PROBLEM = 4000;

/** The same page. It hides the values of parameters of the type Password; a job cannot ask it to hide anything else. */
export const TEAMCITY_LOG: JobLog = {
  commands: [/##teamcity\[/i],
  guard: { begin: '##teamcity[disableServiceMessages]', end: '##teamcity[enableServiceMessages]' },
  group: {
    begin: (title) => message('blockOpened', { name: title }),
    end: (title) => message('blockClosed', { name: title }),
  },
  progress: (words) => message('progressMessage', words),
  // The text of the whole run begins with its title.
  annotation: ({ level, title, message: text }) =>
    message('message', { text: text.startsWith(title) ? text : `${title}\n${text}`, status: STATUS[level] }),
  // Those of one identity are one problem.
  failure: (text, exitCode, part) =>
    message('buildProblem', {
      description: text.slice(0, LONGEST_PROBLEM),
      identity: `fusegate_${exitCode}${part === undefined ? '' : `_${part}`}`,
    }),
  // Without a prefix, so that later steps do not get it as a variable: FUSEGATE_BUILD_ID is an option.
  output: (name, value) => message('setParameter', { name: `fusegate.${name}`, value }),
  statistic: (name, value) => message('buildStatisticValue', { key: `fusegate.${name}`, value: String(value) }),
  testResults: (file) => message('importData', { type: 'junit', path: file }),
  // The path is a rule: these signs mean something in it ("Artifact paths").
  artifact: (file) => (/[,*?+=>!\n]|^-:/.test(file) ? undefined : message('publishArtifacts', `${file} => fusegate`)),
};
