/**
 * Requests that do not go to the build API: files that inputs name by URL, and mapping files to crash reporters. They have the same
 * transport (proxy, CA, clocks, retry) and never the API key; whoever sends them makes a Transport without one.
 */
import type { OperationRule } from './retry-table.ts';

export const FOREIGN_REQUESTS = {
  'input-file': {
    method: 'GET',
    repeat: 'always',
    why: 'It only reads.',
    doing: 'Fetching the file',
  },
  'datadog-mapping': {
    method: 'POST',
    repeat: 'always',
    why: 'The same mapping of the same build again replaces itself.',
    doing: 'Uploading the mapping to Datadog',
  },
} as const satisfies Record<string, OperationRule>;

export type ForeignRequest = keyof typeof FOREIGN_REQUESTS;
