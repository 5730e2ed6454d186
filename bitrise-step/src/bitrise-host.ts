import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';

/**
 * Bitrise reads nothing from a step's log, so there are no commands to emit, and values of sensitive inputs are redacted by its CLI.
 * Outputs go through envman at the end (export-outputs.ts), files to the deploy folder (deploy-files.ts).
 */
export class BitriseHost extends PlainLogHost {
  constructor(stdout: { write(text: string): unknown }) {
    super('bitrise', stdout);
  }
}
