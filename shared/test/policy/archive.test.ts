import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isArchive } from '../../src/intake/certificate-files.ts';
import type { DocumentReading } from '../../src/model/certificate.ts';
import { type ArchivedDocument, groupBuilds, judgeArchive } from '../../src/policy/rules/archive.ts';
import { archiveData, archiveHeadline, archiveTable, renderArchivePage } from '../../src/report/archive-page.ts';
import { propertyRuns } from '../support/property-runs.ts';
import {
  BUILD_ID,
  EXPECTED,
  json,
  OTHER_ID,
  pdf,
  plan,
  unknownJson,
  unreadable,
  wording,
} from './synthetic-evidence.ts';

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

  it('names the first of equal files by label, whatever the order that they are given in', () => {
    const same = ['c.pdf', 'a.pdf', 'b.pdf'].map((label) => file(label, pdf(), 'one'));
    for (const files of [same, [...same].reverse()]) {
      expect(groupBuilds(files).map(({ label, duplicates }) => [label, duplicates])).toEqual([
        ['a.pdf', ['b.pdf', 'c.pdf']],
      ]);
    }
  });

  it('takes what the PDF does not state from the JSON', () => {
    const files = [file('a.json', json({ facts: { app_name: 'Of the JSON' } }))];
    const { builds } = judgeArchive(plan('Root Detection'), groupBuilds(files), GATE);
    expect(builds[0]?.facts).toMatchObject({ build_id: BUILD_ID, app_name: 'Of the JSON', app_version: undefined });
  });

  it('sorts what is missing over all builds', () => {
    const files = [file('a.pdf', pdf({ lines: ['anti_debugging'] })), file('b.pdf', ofOther(['root_detection']))];
    const judged = judgeArchive(plan('Root Detection', 'Anti-Debugging'), groupBuilds(files), GATE);
    expect(judged.verdict.missingFeatures).toEqual(['Anti-Debugging', 'Root Detection']);
  });

  it('tells of which build each accepted wording and each waiver is', () => {
    const odd = wording('heading', 'Odd');
    const files = [file('a.pdf', pdf({ lines: [{ name: 'root_detection', unread: [odd] }] }))];
    const accept = { titles: [], headings: ['Odd'], labels: [], modes: [], texts: [] };
    const { verdict } = judgeArchive({ ...plan('Root Detection'), accept }, groupBuilds(files), GATE);
    expect(verdict).toMatchObject({ outcome: 'pass', accepted: [{ text: 'Odd', where: `a.pdf: ${odd.where}` }] });
    expect(verdict.waivers).toEqual([]);
  });

  it('knows a name in the JSON that the PDF of the same build shows', () => {
    const listed = wording('text', 'newer_shield', '$.features[1]');
    const jsonOf = (names: string[]) =>
      file('a.json', json({ lines: [{ name: 'root_detection', unread: [{ ...listed, document: 'json', names }] }] }));
    const outcome = (names: string[]) => {
      const shown = file('a.pdf', pdf({ lines: ['root_detection', 'newer_shield'] }));
      return judgeArchive(plan('Root Detection'), groupBuilds([shown, jsonOf(names)]), GATE).verdict.outcome;
    };
    expect([outcome(['Newer Shield']), outcome(['newer_shield', 'removed'])]).toEqual(['pass', 'error']);
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
    expect(archiveHeadline(judged)).toBe(
      '2 builds and 1 file that could not be read: 1 pass, 1 fail, 0 without a verdict',
    );
    const page = renderArchivePage(judged, { detail: 'full' });
    expect(page).toContain('Root Detection (missing)');
    expect(page).toContain('Other \\| App 2.0');
    expect(archiveTable(judged, { detail: 'full' }).join('\n')).toMatch(
      /^fail +b\.pdf +Other \| App 2\.0 +Root Detection \(missing\)$/mu,
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

describe('what an archive records', () => {
  const good = (label: string, id: string) => file(label, pdf({ facts: { build_id: id } }));
  const idOf = (index: number) => `${index}`.repeat(8).concat('-1111-11f0-8111-111111111111');

  it('of each evidence: its files with their digests, and what was not given', () => {
    const bad: ArchivedDocument = { label: 'b.pdf', reading: unreadable('pdf', 'empty') };
    const damaged: ArchivedDocument = {
      label: 'c.json',
      reading: { ok: false, kind: 'json', problem: 'not-json', message: 'synthetic', sha256: 'f00' },
    };
    const builds = groupBuilds([damaged, bad, file('a.pdf', pdf(), 'digest')]);
    expect(builds.map(({ label, files }) => [label, files])).toStrictEqual([
      ['a.pdf', [{ label: 'a.pdf', sha256: 'digest' }]],
      ['b.pdf', [{ label: 'b.pdf' }]],
      ['c.json', [{ label: 'c.json', sha256: 'f00' }]],
    ]);
    expect(builds[0]?.evidence.json).toEqual({
      ok: false,
      kind: 'json',
      problem: 'not-given',
      message: 'no .json file of this build was given',
    });
    expect(builds[2]?.evidence.pdf).toMatchObject({ kind: 'pdf', problem: 'not-given' });
  });

  it('takes two unreadable files for two builds, and sorts by label whatever the order', () => {
    const labels = ['c.pdf', 'a.pdf', 'd.pdf', 'b.pdf'];
    const builds = groupBuilds(labels.map((label) => ({ label, reading: unreadable('pdf', 'empty') })));
    expect(builds.map(({ label }) => label)).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']);
    const mixed = groupBuilds([
      good('z.pdf', idOf(1)),
      file('a.json', json({ facts: { build_id: idOf(2) } })),
      good('m.pdf', idOf(3)),
    ]);
    expect(mixed.map(({ label }) => label)).toEqual(['a.json', 'm.pdf', 'z.pdf']);
  });

  it('pairs a build id in another case or between blanks', () => {
    const one = file('a.pdf', pdf({ facts: { build_id: 'ABC-1' } }));
    const other = file('b.json', json({ facts: { build_id: ' abc-1 ' } }));
    expect(groupBuilds([one, other]).map(({ label }) => label)).toEqual(['a.pdf + b.json']);
  });

  it('of each build: what the certificate states of it', () => {
    const facts = {
      build_id: idOf(1),
      fusion_set_id: 'set',
      app_name: 'App',
      app_version: '1.2',
      bundle_id: 'com.example.app',
      certificate_created: 'Monday',
    };
    const { builds } = judgeArchive(plan('Root Detection'), groupBuilds([file('a.pdf', pdf({ facts }))]), GATE);
    expect(builds[0]?.facts).toEqual(facts);
  });

  it.each<[string, ArchivedDocument[], string, string]>([
    ['all pass', [file('a.pdf', pdf()), file('b.pdf', ofOther(['root_detection']))], 'pass', 'verified'],
    ['one fails', [file('a.pdf', pdf()), file('b.pdf', ofOther(['x']))], 'fail', 'verified'],
    [
      'one fails and one cannot be judged',
      [file('a.pdf', ofOther(['x'])), { label: 'b.pdf', reading: unreadable('pdf', 'empty') }],
      'error',
      'none',
    ],
    ['one rests on the JSON', [file('a.pdf', ofOther(['root_detection'])), file('b.json', json())], 'pass', 'inferred'],
    ['nothing was judged', [], 'error', 'none'],
  ])('in one verdict: %s', (_, documents, outcome, evidence) => {
    const { verdict } = judgeArchive(plan('Root Detection'), groupBuilds(documents), GATE);
    expect(verdict).toMatchObject({ outcome, evidence, binding: { level: 'none' } });
    expect(verdict.binding.message).toMatch(/no file was compared/u);
  });

  it('disabled for all, which is no pass', () => {
    const builds = groupBuilds([file('a.pdf', pdf()), file('b.pdf', ofOther(['x']))]);
    const { verdict } = judgeArchive(plan('Root Detection'), builds, { ...GATE, gate: 'disabled' });
    expect(verdict.outcome).toBe('not-evaluated');
  });

  it('tells of each build what is more than a note, and of the copies', () => {
    const documents = [
      file('a.pdf', pdf({ lines: ['proxy_detection'] }), 'same'),
      file('z.pdf', pdf({ lines: ['proxy_detection'] }), 'same'),
      file('b.pdf', ofOther(['root_detection'])),
    ];
    const { verdict } = judgeArchive(plan('Root Detection', 'Anti-Debugging'), groupBuilds(documents), GATE);
    expect(verdict.missingFeatures).toEqual(['Anti-Debugging', 'Root Detection']);
    const told = verdict.findings.map(({ code, level, message }) => `${level} ${code} ${message}`);
    expect(told.filter((one) => one.startsWith('note'))).toEqual([
      expect.stringMatching(/^note archive\.duplicate z\.pdf .* a\.pdf /u),
    ]);
    expect(told.filter((one) => one.startsWith('error'))).toEqual([
      expect.stringMatching(/^error feature\.missing a\.pdf: Anti-Debugging /u),
      expect.stringMatching(/^error feature\.missing a\.pdf: Root Detection /u),
      expect.stringMatching(/^error feature\.missing b\.pdf: Anti-Debugging /u),
    ]);
    expect(verdict.requirements.map(({ id }) => id)).toContain('b.pdf: feature:anti_debugging');
  });
});
