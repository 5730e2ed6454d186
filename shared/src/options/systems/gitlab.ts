import type { Annotation } from '../../model/host.ts';
import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const GITLAB: System = {
  ...CLI,
  id: 'gitlab',
  title: 'GitLab CI/CD',
  job: {
    sign: 'GITLAB_CI',
    facts: (e) => ({
      runUrl: e['CI_JOB_URL'],
      repository: e['CI_PROJECT_PATH'],
      commit: e['CI_COMMIT_SHA'],
      actor: e['GITLAB_USER_LOGIN'],
      runId: e['CI_PIPELINE_ID'],
    }),
    definedIn: (e) => e['CI_CONFIG_PATH'] || '.gitlab-ci.yml',
    secretsWithheld: (e) => {
      const source = e['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'];
      return e['GITLAB_CI'] && source && source !== e['CI_MERGE_REQUEST_PROJECT_ID']
        ? 'GitLab withholds protected variables from merge requests of forks'
        : undefined;
    },
  },
};

/** A name of a section: letters, digits, `-`, `_` and `.` (docs.gitlab.com, "CI/CD job logs"). */
const section = (title: string) => `fusegate_${title.replaceAll(/[^\w.-]+/g, '_')}`;
const seconds = (at: number) => Math.floor(at / 1000);
const marker = (kind: string, title: string, at: number) =>
  `\x1b[0Ksection_${kind}:${seconds(at)}:${section(title)}${kind === 'start' ? '[collapsed=true]' : ''}\r\x1b[0K`;

const SEVERITY = { error: 'critical', warning: 'minor', notice: 'info' } as const;

/** An issue of a Code Quality report (docs.gitlab.com, "Code Quality": report format). Each has to be in a file. */
function issueOf({ level, title, message, file, line }: Annotation, digest: (text: string) => string) {
  const location = { path: file ?? '.gitlab-ci.yml', lines: { begin: line ?? 1 } };
  const fingerprint = digest([title, location.path, message].join('\0'));
  return { description: message, check_name: title, fingerprint, severity: SEVERITY[level], location };
}

/** GitLab masks what its variables hold; a job cannot ask it to hide anything else (docs.gitlab.com, "Mask a CI/CD variable"). */
export const GITLAB_LOG: JobLog = {
  commands: [/section_(?:start|end):\d+:/i],
  group: {
    begin: (title, at) => `${marker('start', title, at)}${title}`,
    end: (title, _began, at) => marker('end', title, at),
  },
  places: {
    annotations: {
      name: 'gl-code-quality-report.json',
      render: (annotations, digest) =>
        `${JSON.stringify(
          annotations.map((each) => issueOf(each, digest)),
          null,
          2,
        )}\n`,
    },
  },
};
