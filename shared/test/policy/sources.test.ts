import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import type { EvidenceMode } from '../../src/model/run-request.ts';
import { provingDocuments, selectSources } from '../../src/policy/rules/sources.ts';
import { json, pdf, unknownJson, unreadable } from './synthetic-evidence.ts';

const noPdf = unreadable('pdf');
const noJson = unreadable('json');
const emptyPdf = pdf({ lines: [] });
const plainPdf = pdf({ lines: [], hasFeatureList: false });

interface Row {
  what: string;
  pdf: DocumentReading;
  json: DocumentReading;
  mode: EvidenceMode;
  usable: boolean;
  /** Code and level, in order. */
  findings: string[];
  expectBoth?: boolean;
}

const ROWS: Row[] = [
  { what: 'both', pdf: pdf(), json: json(), mode: 'any', usable: true, findings: [] },
  { what: 'both, both asked', pdf: pdf(), json: json(), mode: 'both', usable: true, findings: [] },
  {
    what: 'the PDF asked, the JSON absent',
    pdf: pdf(),
    json: noJson,
    mode: 'pdf',
    usable: true,
    findings: ['certificate.json-unreadable warning'],
  },
  {
    what: 'the JSON asked, the PDF absent',
    pdf: noPdf,
    json: json(),
    mode: 'json',
    usable: true,
    findings: ['certificate.pdf-unreadable warning'],
  },
  {
    what: 'the PDF asked and absent, the JSON of an unknown shape',
    pdf: noPdf,
    json: unknownJson(),
    mode: 'pdf',
    usable: false,
    findings: [
      'evidence.insufficient error',
      'certificate.pdf-unreadable error',
      'certificate.json-shape-unknown note',
    ],
  },
  {
    what: 'the JSON asked, of an unknown shape',
    pdf: pdf(),
    json: unknownJson(),
    mode: 'json',
    usable: false,
    findings: ['evidence.insufficient error', 'certificate.json-shape-unknown error'],
  },
  {
    what: 'both asked, the PDF without a list',
    pdf: plainPdf,
    json: json(),
    mode: 'both',
    usable: false,
    findings: ['evidence.insufficient error', 'certificate.no-feature-list error'],
  },
  {
    what: 'neither can be read',
    pdf: noPdf,
    json: noJson,
    mode: 'any',
    usable: false,
    findings: ['certificate.none error', 'certificate.pdf-unreadable error', 'certificate.json-unreadable error'],
  },
  {
    what: 'neither can be read, both asked',
    pdf: noPdf,
    json: noJson,
    mode: 'both',
    usable: false,
    findings: ['certificate.none error', 'certificate.pdf-unreadable error', 'certificate.json-unreadable error'],
  },
  {
    what: 'neither can be read, of files that were given',
    pdf: noPdf,
    json: noJson,
    mode: 'any',
    usable: false,
    expectBoth: false,
    findings: ['certificate.none error', 'certificate.pdf-unreadable error', 'certificate.json-unreadable error'],
  },
  {
    what: 'both can be read and show nothing',
    pdf: emptyPdf,
    json: unknownJson(),
    mode: 'any',
    usable: false,
    findings: ['certificate.empty-feature-list error', 'certificate.json-shape-unknown error'],
  },
  {
    what: 'an empty list beside a JSON that shows some',
    pdf: emptyPdf,
    json: json(),
    mode: 'any',
    usable: true,
    findings: ['certificate.empty-feature-list warning'],
  },
  {
    what: 'the JSON is not there, of a build whose certificates were asked for',
    pdf: pdf(),
    json: noJson,
    mode: 'any',
    usable: true,
    expectBoth: false,
    findings: ['certificate.json-unreadable note'],
  },
  {
    what: 'the JSON was not given',
    pdf: pdf(),
    json: unreadable('json', 'not-given'),
    mode: 'pdf',
    usable: true,
    expectBoth: false,
    findings: [],
  },
  {
    what: 'the PDF was not given, and the JSON is a file of our own',
    pdf: unreadable('pdf', 'not-given'),
    json: unreadable('json', 'own-result'),
    mode: 'pdf',
    usable: false,
    expectBoth: false,
    findings: ['certificate.none error', 'certificate.json-unreadable error'],
  },
  {
    what: 'the PDF was not given, and the JSON could prove under another option',
    pdf: unreadable('pdf', 'not-given'),
    json: json(),
    mode: 'pdf',
    usable: false,
    expectBoth: false,
    findings: ['evidence.insufficient error'],
  },
  {
    what: 'the JSON was given and is damaged',
    pdf: pdf(),
    json: unreadable('json', 'not-json'),
    mode: 'any',
    usable: true,
    expectBoth: false,
    findings: ['certificate.json-unreadable warning'],
  },
];

const select = (row: Pick<Row, 'pdf' | 'json' | 'mode'> & { expectBoth?: boolean }) =>
  selectSources({ pdf: row.pdf, json: row.json }, row.mode, row.expectBoth ?? true);

describe('which documents carry a verdict', () => {
  it.each(ROWS)('$what ($mode): $usable', (row) => {
    const selected = select(row);
    expect(selected.usable).toBe(row.usable);
    expect(selected.findings.map(({ code, level }) => `${code} ${level}`)).toEqual(row.findings);
  });

  it('names only what is lacking', () => {
    const [both] = select({ pdf: pdf(), json: unknownJson(), mode: 'both' }).findings;
    expect(both?.message).toMatch(/needs the JSON certificate, and/u);
    const [none] = select({ pdf: plainPdf, json: unknownJson(), mode: 'both' }).findings;
    expect(none?.message).toMatch(/needs the PDF certificate and the JSON certificate, and/u);
  });

  it('has no document that shows nothing', () => {
    const { sources } = select({ pdf: plainPdf, json: unknownJson(), mode: 'any' });
    expect(Object.keys(sources).sort()).toEqual(['mode', 'policy', 'readable']);
    expect(sources.readable).toHaveLength(2);
  });

  it('says that an unknown JSON has no keys', () => {
    const bare = json({ lines: [], hasFeatureList: false, shape: 'unknown', topLevel: [] });
    const [finding] = select({ pdf: pdf(), json: bare, mode: 'any' }).findings;
    expect(finding?.message).toMatch(/its top-level keys are none$/u);
  });
});

describe('what presence rests on', () => {
  it.each<[EvidenceMode, DocumentReading, DocumentReading, string[]]>([
    ['any', pdf(), json(), ['pdf']],
    ['any', noPdf, json(), ['json']],
    ['any', noPdf, noJson, []],
    ['pdf', pdf(), json(), ['pdf']],
    ['pdf', noPdf, json(), []],
    ['json', pdf(), json(), ['json']],
    ['json', pdf(), noJson, []],
    ['both', pdf(), json(), ['pdf', 'json']],
    ['both', pdf(), noJson, ['pdf']],
  ])('under evidence: %s', (mode, one, other, kinds) => {
    const { sources } = select({ pdf: one, json: other, mode });
    expect(provingDocuments(sources).map(({ kind }) => kind)).toEqual(kinds);
  });
});
