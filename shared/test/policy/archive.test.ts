import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/certificate/certificate.ts';
import { isArchive } from '../../src/options/certificate-files.ts';
import { type ArchivedDocument, groupBuilds, judgeArchive } from '../../src/policy/archive.ts';
import { archiveData, archiveHeadline, archiveTable, renderArchivePage } from '../../src/report/archive-page.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { BUILD_ID, EXPECTED, json, OTHER_ID, pdf, plan, unknownJson, unreadable } from './synthetic-evidence.ts';

const GATE = { mode: 'gate', evidenceMode: EXPECTED.evidenceMode, gate: EXPECTED.gate } as const;

function file(label: string, reading: DocumentReading, sha256 = label): ArchivedDocument {
  return { label, reading: reading.ok ? { ok: true, document: { ...reading.document, sha256 } } : reading };
}

const ofOther = (lines: string[]) =>
  pdf({ lines, facts: { build_id: OTHER_ID, app_name: 'Other | App', app_version: '2.0' } });

describe('an archive', { timeout: 120_000 }, () => {
  it.each([
    [['a.pdf'], false],
    [['a.pdf', 'a.json'], false],
    [['a.PDF', 'b.pdf'], true],
    [['a.pdf', 'a.json', 'b.json'], true],
    [[], false],
  ])('%j: %s', (files, many) => {
    expect(isArchive(files)).toBe(many);
  });

  it('takes a PDF and a JSON of one build id as one evidence', () => {
    const builds = groupBuilds([file('b.json', unknownJson()), file('a.pdf', pdf()), file('c.pdf', ofOther(['x']))]);
    expect(builds.map(({ label }) => label)).toEqual(['a.pdf + b.json', 'c.pdf']);
    expect(builds[0]?.evidence).toMatchObject({ pdf: { ok: true }, json: { ok: true } });
  });

  it('judges two different PDFs of one build id each by itself, and the same bytes once', () => {
    const builds = groupBuilds([
      file('a.pdf', pdf(), 'one'),
      file('b.pdf', pdf(), 'two'),
      file('c.pdf', pdf(), 'one'),
      file('d.json', json()),
    ]);
    expect(builds.map(({ label, duplicates }) => [label, duplicates])).toEqual([
      ['a.pdf + d.json', ['c.pdf']],
      ['b.pdf + d.json', []],
    ]);
  });

  it('never pairs documents that state no build id, or two', () => {
    const none = pdf({ facts: { build_id: [] } });
    const two = json({ facts: { build_id: [BUILD_ID, OTHER_ID] } });
    expect(
      groupBuilds([
        file('a.pdf', none),
        file('b.json', json({ facts: { build_id: [] } })),
        file('c.json', two),
        file('d.pdf', pdf()),
      ]),
    ).toHaveLength(4);
  });

  it('is as good as its worst build, and says which lacks what', () => {
    const judged = judgeArchive(
      plan('Root Detection'),
      groupBuilds([
        file('a.pdf', pdf()),
        file('b.pdf', ofOther(['openssl'])),
        file('c.pdf', unreadable('pdf', 'damaged')),
      ]),
      GATE,
    );
    expect(judged.builds.map(({ verdict }) => verdict.outcome)).toEqual(['pass', 'fail', 'error']);
    expect(judged.verdict.outcome).toBe('error');
    expect(judged.verdict.requirements.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a.pdf: feature:root_detection', 'satisfied'],
      ['b.pdf: feature:root_detection', 'missing'],
      ['c.pdf: feature:root_detection', 'not-evaluated'],
    ]);
    expect(judged.verdict.missingFeatures).toEqual(['Root Detection']);
    expect(archiveHeadline(judged)).toBe('3 builds: 1 pass, 1 fail, 1 without a verdict');
    const page = renderArchivePage(judged, { detail: 'full' });
    expect(page).toContain('Root Detection (missing)');
    expect(page).toContain('Other \\| App 2.0');
    expect(archiveTable(judged, { detail: 'full' })[2]).toMatch(
      /^fail +b\.pdf +Other \| App 2\.0 +Root Detection \(missing\)$/u,
    );
    expect(archiveData(judged)).toMatchObject({
      verdict: 'error',
      builds: [{ label: 'a.pdf', verdict: 'pass' }, {}, {}],
    });
  });

  it('hides names where only counts are asked for', () => {
    const judged = judgeArchive(plan('Root Detection'), groupBuilds([file('b.pdf', ofOther(['openssl']))]), GATE);
    for (const text of [
      renderArchivePage(judged, { detail: 'counts' }),
      archiveTable(judged, { detail: 'counts' }).join('\n'),
    ]) {
      expect(text).not.toContain('Root Detection');
      expect(text).toContain('1 requirements');
    }
  });

  it('passes only where every build does; the order of files changes nothing', () => {
    const documents = fc.uniqueArray(
      fc.record({
        label: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        lines: fc.subarray(['root_detection', 'openssl']),
        id: fc.constantFrom(BUILD_ID, OTHER_ID),
        kind: fc.constantFrom('pdf', 'json'),
        ok: fc.boolean(),
      }),
      { minLength: 1, selector: ({ label }) => label },
    );
    fc.assert(
      fc.property(documents, (list) => {
        const files = list.map(({ label, lines, id, kind, ok }) => {
          const spec = { lines, facts: { build_id: id } };
          return file(label, ok ? (kind === 'pdf' ? pdf(spec) : json(spec)) : unreadable(kind as 'pdf'));
        });
        const judged = judgeArchive(plan('Root Detection'), groupBuilds(files), GATE);
        const again = judgeArchive(plan('Root Detection'), groupBuilds([...files].reverse()), GATE);
        expect(again).toEqual(judged);
        expect(judged.verdict.outcome === 'pass').toBe(
          judged.builds.every(({ verdict }) => verdict.outcome === 'pass'),
        );
        const seen = judged.builds.flatMap(({ files: own }) => own.map(({ label }) => label));
        expect(new Set(seen)).toEqual(new Set(files.map(({ label }) => label)));
      }),
      propertyRuns(300),
    );
  });

  it('of nothing is no pass', () => {
    expect(judgeArchive(plan('Root Detection'), [], GATE).verdict).toMatchObject({
      outcome: 'error',
      evidence: 'none',
    });
  });
});
