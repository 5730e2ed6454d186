import { defineOptions } from '../option.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Longer than any CI system lets a job live. */
const MAX = 24 * HOUR;

const DEADLINE = { kind: 'duration', min: 100, max: MAX } as const;

/** How the run behaves: deadlines, repeats, network, log. */
export const RUN_OPTIONS = defineOptions('run', [
  {
    id: 'timeout',
    type: { kind: 'duration', min: SECOND, max: MAX },
    summary: 'Deadline for the whole run',
    help: 'Below the usual 60-minute job limit, so that Fusegate exits with the build id before the job is killed.',
    default: '55m',
    modes: ['run', 'gate', 'validate'],
    common: true,
  },
  {
    id: 'connect-timeout',
    type: DEADLINE,
    summary: 'Deadline for opening a connection',
    default: '15s',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'stall-timeout',
    type: DEADLINE,
    summary: 'Longest silence of a connection, in either direction',
    default: '60s',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'upload-timeout',
    type: DEADLINE,
    summary: 'Deadline for the upload of the app',
    default: '20m',
    modes: ['run', 'validate'],
  },
  {
    id: 'analysis-timeout',
    type: DEADLINE,
    summary: "Deadline for the service's analysis of the uploaded app",
    default: '10m',
    modes: ['run', 'validate'],
  },
  { id: 'build-timeout', type: DEADLINE, summary: 'Deadline for the build', default: '40m' },
  { id: 'sign-timeout', type: DEADLINE, summary: 'Deadline for the signing', default: '15m' },
  {
    id: 'download-timeout',
    type: DEADLINE,
    summary: 'Deadline for each download',
    default: '15m',
    modes: ['run', 'gate'],
  },
  {
    id: 'retries',
    type: { kind: 'integer', min: 0, max: 20 },
    summary: 'How often a request is retried at most',
    defaultText: 'as often as the deadline of the step allows',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'poll-min',
    type: { kind: 'duration', min: 10, max: HOUR },
    summary: 'Shortest pause between two status requests',
    help: 'At 500ms or less, Fusegate may ask every 50ms (more often only if this is shorter) around the expected end of a step that earlier runs have timed.',
    default: '500ms',
    modes: ['run', 'validate'],
  },
  {
    id: 'poll-max',
    type: { kind: 'duration', min: 10, max: HOUR },
    summary: 'Longest pause between two status requests',
    help: 'Before the expected end of a step that earlier runs have timed, pauses may be longer: up to 5 % of that time.',
    default: '9s',
    modes: ['run', 'validate'],
  },
  {
    id: 'durations',
    type: { kind: 'path' },
    summary: 'File that keeps how long the service took, for the next runs',
    help: 'Without it, Fusegate knows only what earlier runs left in the output folder. Status requests then come close to the end of each step. Cache the file between jobs.',
  },
  {
    id: 'trace',
    type: { kind: 'path' },
    summary: 'File for a trace of the run: stages, requests, polls, reads and pauses',
    help: 'Written at the end of the run, a red one too; only the trace of an earlier run is replaced. Perfetto (ui.perfetto.dev) and chrome://tracing show it.',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'resume',
    type: {
      kind: 'choice',
      choices: [
        { value: 'auto', help: 'continue the build of a killed attempt of this job' },
        { value: 'never', help: 'stop if an earlier attempt left a build' },
        { value: 'new', help: 'start a new build even if an earlier attempt left one' },
      ],
    },
    summary: 'What to do with a build that an earlier attempt of this job left',
    default: 'auto',
  },
  {
    id: 'reuse-upload',
    type: { kind: 'boolean' },
    summary: 'Check whether the service already has this app',
    help: 'Costs one extra read of the file. An app of 64 MiB or more is sent meanwhile; if the service has it, sending ends.',
    default: 'true',
  },
  {
    id: 'proxy',
    type: { kind: 'url', form: 'proxy' },
    summary: 'Proxy for every request',
    defaultText: 'HTTPS_PROXY, NO_PROXY',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'ca-file',
    type: { kind: 'path' },
    summary: 'Certificates to trust in addition to the usual ones, PEM',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'ci',
    type: { kind: 'ci' },
    placeholder: 'SYSTEM',
    summary: 'Plain log lines and a heartbeat instead of live progress',
    help: 'Name the system where its variables are missing, as in a container. The result and the continuation of a killed attempt go by the environment alone.',
    defaultText: 'true in a CI job',
    modes: ['run', 'gate', 'validate', 'verify'],
    needs: 'command-line',
  },
  {
    id: 'github-token',
    type: { kind: 'secret', form: 'token' },
    summary: 'Token for the comment on the pull request',
    help: 'The job needs the permission pull-requests: write. A refused token is a warning and never fails the job.',
    defaultText: "the job's own token",
    modes: ['run', 'gate', 'validate', 'verify'],
    needs: 'pull-request-comments',
    inEveryJob: true,
  },
  {
    id: 'comment',
    type: {
      kind: 'choice',
      choices: [
        { value: 'never', help: 'no comment' },
        { value: 'on-failure', help: 'when the run is red; an earlier comment is updated' },
        { value: 'always', help: 'after every run' },
      ],
    },
    summary: 'Comment on the pull request with the verdict',
    help: 'One comment per app, updated in place by later runs.',
    default: 'never',
    modes: ['run', 'gate', 'validate', 'verify'],
    needs: 'pull-request-comments',
  },
  {
    id: 'dry-run',
    type: { kind: 'boolean' },
    summary: 'Check inputs, credentials and network; start nothing',
    help: 'Uploads nothing, starts no build, and prints the hosts that a firewall must allow. The verdict is not-evaluated.',
    default: 'false',
  },
  {
    id: 'verbose',
    type: { kind: 'boolean' },
    summary: 'Log more: requests, service messages, stack traces',
    default: 'false',
    modes: ['run', 'gate', 'validate', 'verify'],
    common: true,
  },
  {
    id: 'fleet',
    type: { kind: 'path' },
    summary: 'Fleet file that has the options of many apps',
    help: 'A YAML file with the apps and what each is run with; this run is for the one that fleet-app names. An option given to the run itself wins over the file, and the file over variables.',
  },
  {
    id: 'fleet-app',
    type: {
      kind: 'string',
      pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}(?:@[0-9a-f]{12,64})?$/,
      form: 'the name of an app in the fleet file, with or without the @DIGEST that plan adds',
    },
    summary: 'Which app of the fleet file to run',
    help: 'The name of its entry. The command plan adds @ and the digest of the plan, and a run with another fleet file is refused.',
    requiredIn: { run: 'with fleet' },
    placeholder: 'NAME',
  },
]);
