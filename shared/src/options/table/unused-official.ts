import type { InputSystem, UnusedOfficialInput } from '../option.ts';

/** Inputs of the official plugins that are accepted and do nothing (appdome-api.md §10). */
export const UNUSED_OFFICIAL_INPUTS: Readonly<
  Partial<Record<Exclude<InputSystem, 'cli'>, readonly UnusedOfficialInput[]>>
> = {
  github: [
    { name: 'UPLOAD_ARTIFACTS', instead: 'Nothing is uploaded by itself: add a step with actions/upload-artifact.' },
    { name: 'ARTIFACT_APP_SUFFIX', instead: 'Name the artifact in your step with actions/upload-artifact.' },
  ],
  bitrise: [
    {
      name: 'workflow_output_logs',
      instead: "The service's workflow messages are in the log with verbose: true, and in the result.",
    },
  ],
  jenkins: [
    {
      name: 'workflowOutputLogs',
      instead: "The service's workflow messages are in the log with verbose: true, and in the result.",
    },
  ],
};
