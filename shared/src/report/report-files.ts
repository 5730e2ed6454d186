/** Which reports there are, and what each contains. */
import type { ReportKind } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import { renderHtml } from './html/render-html.ts';
import { attestationOf } from './in-toto.ts';
import { renderJUnit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif, type SarifOptions } from './sarif.ts';
import { shownTo } from './withhold-names.ts';

export interface ReportFile {
  kind: ReportKind;
  file: string;
  /** @returns undefined if this result has no such report */
  render(result: FusegateResult, options: SarifOptions): string | undefined;
}

/** In the order in which they are written: what states the verdict to others comes last. */
export const REPORTS: readonly ReportFile[] = [
  { kind: 'markdown', file: 'fusegate-summary.md', render: renderMarkdown },
  { kind: 'junit', file: 'fusegate-junit.xml', render: renderJUnit },
  { kind: 'html', file: 'fusegate-report.html', render: renderHtml },
  { kind: 'sarif', file: 'fusegate.sarif', render: renderSarif },
  { kind: 'statement', file: 'fusegate-predicate.json', render: statementText('predicate') },
  { kind: 'statement', file: 'fusegate-statement.json', render: statementText('statement') },
];

/** What a rule's author wrote may name the app's protections. */
function statementText(part: 'predicate' | 'statement'): ReportFile['render'] {
  return (result, option) => {
    const attestation = attestationOf(shownTo(result, option));
    if ('refused' in attestation) return undefined;
    const { statement } = attestation;
    return `${JSON.stringify(part === 'predicate' ? statement.predicate : statement, null, 2)}\n`;
  };
}

/** Why a requested statement was not written; undefined if it was written or not requested. */
export function refusedStatement(result: FusegateResult, reports: readonly ReportKind[]): string | undefined {
  if (!reports.includes('statement')) return undefined;
  const attestation = attestationOf(result);
  return 'refused' in attestation ? `No in-toto statement was written: ${attestation.refused}.` : undefined;
}
