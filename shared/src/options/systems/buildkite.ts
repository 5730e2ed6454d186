import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const BUILDKITE: System = {
  ...CLI,
  id: 'buildkite',
  title: 'Buildkite',
  job: {
    sign: 'BUILDKITE',
    facts: (e) => ({
      runUrl: e['BUILDKITE_BUILD_URL'],
      repository: e['BUILDKITE_REPO'],
      // A symbolic name until the first job has checked it out.
      commit: e['BUILDKITE_COMMIT'] === 'HEAD' ? undefined : e['BUILDKITE_COMMIT'],
      runId: e['BUILDKITE_BUILD_ID'],
    }),
    definedIn: () => '.buildkite/pipeline.yml',
  },
};

/**
 * buildkite.com/docs, "Managing log output": a heading begins a group, and the next one ends it, so an open group follows a folded one.
 * "buildkite-agent annotate", "meta-data set", "artifact upload" and "redactor add" take what they are given from standard input.
 */
export const BUILDKITE_LOG: JobLog = {
  commands: [/^(?:---|\+\+\+|~~~|\^\^\^)\s/],
  group: { begin: (title) => `--- ${title}`, end: () => '+++ Fusegate' },
  agent: {
    program: 'buildkite-agent',
    mask: ['redactor', 'add', '--format', 'json'],
    output: (name) => ['meta-data', 'set', `fusegate:${name}`],
    summary: ['annotate', '--context', 'fusegate'],
    artifact: (file) => ['artifact', 'upload', file],
  },
};
