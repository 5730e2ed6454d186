import type { OutputName } from '../model/host.ts';
import type { PublishedKind } from '../model/run-request.ts';

export interface PublishedFiles {
  reports: string[];
  /** Empty unless the run is green. */
  app: string[];
  certificate: string[];
}

/**
 * What `publish` hands to a system's artifact storage, as absolute paths. Only files that an output or a report names: never a whole
 * folder, so that neither the held-back app nor the journal, the mapping files or the outputs' variables can be among them.
 */
export function publishedFiles(
  outputs: ReadonlyMap<OutputName, string>,
  reports: readonly string[],
  publish: readonly PublishedKind[],
): PublishedFiles {
  const named = (...names: OutputName[]) => names.map((name) => outputs.get(name) ?? '').filter((file) => file !== '');
  return {
    reports: publish.includes('reports') ? [...new Set([...named('result', 'report-html'), ...reports])] : [],
    app: publish.includes('app') ? named('protected-app', 'second-output') : [],
    certificate: publish.includes('certificate') ? named('certificate-pdf', 'certificate-json') : [],
  };
}
