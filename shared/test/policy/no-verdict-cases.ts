/** Every way to no verdict, as evidence: the table that the evaluator and every report are held against. */
import {
  APP_ID,
  BUILD_ID,
  type Case,
  FUSION_SET_ID,
  json,
  OTHER_HASH,
  OTHER_ID,
  pdf,
  TEAM_ID,
  unknownJson,
  unreadable,
} from './synthetic-evidence.ts';

export interface RedCase extends Case {
  what: string;
  /** A finding that must be there with level `error`. */
  code: string;
  outcome: 'error' | 'fail';
}

const noPdf = () => unreadable('pdf', 'absent');
const rootOnly = (value: string, presence: 'absent' | 'unknown') => [
  { name: 'root_detection', presence, value },
  'anti_debugging',
];

export const RED_CASES: RedCase[] = [
  // No document that can be judged.
  ...(
    [
      ['absent', 'absent'],
      ['empty', 'empty'],
      ['damaged', 'not-json'],
      ['not-pdf', 'not-json'],
      ['not-certificate', 'not-object'],
      ['too-large', 'too-large'],
    ] as const
  ).map(([ours, theirs]) => ({
    what: `PDF ${ours}, JSON ${theirs}`,
    pdf: unreadable('pdf', ours),
    json: unreadable('json', theirs),
    code: 'certificate.none',
    outcome: 'error' as const,
  })),
  {
    what: 'no PDF, JSON of unknown shape',
    pdf: noPdf(),
    json: unknownJson(),
    code: 'certificate.json-shape-unknown',
    outcome: 'error',
  },
  {
    what: 'PDF cut in half, JSON of unknown shape',
    pdf: unreadable('pdf', 'damaged'),
    json: unknownJson(),
    code: 'certificate.pdf-unreadable',
    outcome: 'error',
  },
  {
    what: 'PDF without a list, no JSON',
    pdf: pdf({ lines: [], hasFeatureList: false }),
    json: unreadable('json'),
    code: 'certificate.no-feature-list',
    outcome: 'error',
  },
  {
    what: 'PDF list empty, no JSON',
    pdf: pdf({ lines: [] }),
    json: unreadable('json'),
    code: 'certificate.empty-feature-list',
    outcome: 'error',
  },
  {
    what: 'no PDF, JSON list empty',
    pdf: noPdf(),
    json: json({ lines: [] }),
    code: 'certificate.empty-feature-list',
    outcome: 'error',
  },
  {
    what: 'both lists empty',
    pdf: pdf({ lines: [] }),
    json: json({ lines: [] }),
    code: 'certificate.empty-feature-list',
    outcome: 'error',
  },
  {
    what: 'PDF alone allowed and absent, JSON good',
    pdf: noPdf(),
    expect: { evidenceMode: 'pdf' },
    code: 'evidence.insufficient',
    outcome: 'error',
  },
  {
    what: 'JSON alone allowed and of unknown shape, PDF good',
    json: unknownJson(),
    expect: { evidenceMode: 'json' },
    code: 'evidence.insufficient',
    outcome: 'error',
  },
  {
    what: 'both asked, JSON absent',
    json: unreadable('json'),
    expect: { evidenceMode: 'both' },
    code: 'evidence.insufficient',
    outcome: 'error',
  },
  {
    what: 'both asked, PDF damaged',
    pdf: unreadable('pdf', 'damaged'),
    expect: { evidenceMode: 'both' },
    code: 'evidence.insufficient',
    outcome: 'error',
  },
  // Another build's certificate.
  {
    what: "another build's PDF",
    pdf: pdf({ facts: { build_id: OTHER_ID } }),
    json: unreadable('json'),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: "another build's JSON beside a good PDF",
    json: json({ facts: { build_id: OTHER_ID } }),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: "another fusion set's PDF",
    pdf: pdf({ facts: { fusion_set_id: OTHER_ID } }),
    json: unreadable('json'),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: "another fusion set's JSON, no PDF",
    pdf: noPdf(),
    json: json({ facts: { fusion_set_id: OTHER_ID } }),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: "another app's certificate",
    pdf: pdf({ facts: { app_id: OTHER_ID } }),
    json: unknownJson(),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: "another team's certificate",
    expect: { teamId: OTHER_ID },
    json: json({ facts: { team_id: TEAM_ID } }),
    code: 'identity.mismatch',
    outcome: 'error',
  },
  {
    what: 'an identity key with two values in the JSON',
    json: json({ facts: { build_id: [BUILD_ID, OTHER_ID] } }),
    code: 'certificate.contradiction',
    outcome: 'error',
  },
  {
    what: 'an identity fact with two values in the PDF',
    pdf: pdf({ facts: { fusion_set_id: [FUSION_SET_ID, OTHER_ID] } }),
    code: 'certificate.contradiction',
    outcome: 'error',
  },
  {
    what: 'PDF and JSON of two apps',
    json: json({ facts: { app_id: OTHER_ID } }),
    expect: { appId: undefined as never },
    code: 'certificate.disagreement',
    outcome: 'error',
  },
  {
    what: 'no document states the build',
    pdf: pdf({ facts: { build_id: [] } }),
    json: json({ facts: { build_id: [] } }),
    code: 'identity.unproven',
    outcome: 'error',
  },
  {
    what: 'no document states the fusion set',
    pdf: pdf({ facts: { fusion_set_id: [] } }),
    json: unreadable('json'),
    code: 'identity.unproven',
    outcome: 'error',
  },
  {
    what: 'only the JSON states the build, the PDF proves',
    pdf: pdf({ facts: { build_id: [] } }),
    code: 'identity.unproven',
    outcome: 'error',
  },
  {
    what: 'a run that has no build id',
    expect: { buildId: undefined as never },
    code: 'identity.unproven',
    outcome: 'error',
  },
  // Another file.
  {
    what: 'the final hash is of another file (on-appdome)',
    pdf: pdf({ facts: { final_sha256: OTHER_HASH } }),
    code: 'binding.mismatch',
    outcome: 'error',
  },
  {
    what: 'the original hash is of another file',
    pdf: pdf({ facts: { original_sha256: OTHER_HASH } }),
    code: 'binding.mismatch',
    outcome: 'error',
  },
  {
    what: 'the downloaded file is another one',
    expect: { finalSha256: OTHER_HASH },
    code: 'binding.mismatch',
    outcome: 'error',
  },
  // A name that the documents do not agree on, or do not answer.
  {
    what: 'the PDF shows it, the JSON says false',
    json: json({ lines: rootOnly('false', 'absent') }),
    code: 'certificate.disagreement',
    outcome: 'error',
  },
  {
    what: 'the JSON says false, and only the PDF counts',
    json: json({ lines: rootOnly('false', 'absent') }),
    expect: { evidenceMode: 'pdf' },
    code: 'certificate.disagreement',
    outcome: 'error',
  },
  {
    what: 'the JSON says both',
    pdf: noPdf(),
    json: json({ lines: [...rootOnly('false', 'absent'), 'Root Detection'] }),
    code: 'certificate.contradiction',
    outcome: 'error',
  },
  {
    what: 'JSON alone, value null',
    pdf: noPdf(),
    json: json({ lines: rootOnly('null', 'unknown') }),
    code: 'feature.unproven',
    outcome: 'error',
  },
  {
    what: 'JSON alone, value "failed"',
    pdf: noPdf(),
    json: json({ lines: rootOnly('"failed"', 'unknown') }),
    code: 'feature.unproven',
    outcome: 'error',
  },
  {
    what: 'both asked, only the PDF shows it',
    json: json({ lines: ['anti_debugging'] }),
    expect: { evidenceMode: 'both' },
    code: 'feature.unproven',
    outcome: 'error',
  },
  {
    what: 'both asked, only the JSON shows it',
    pdf: pdf({ lines: ['anti_debugging'] }),
    expect: { evidenceMode: 'both' },
    code: 'feature.unproven',
    outcome: 'error',
  },
  // Nothing required.
  { what: 'zero rules', require: [], code: 'usage.invalid', outcome: 'error' },
  // Not there.
  {
    what: 'JSON alone, value false',
    pdf: noPdf(),
    json: json({ lines: rootOnly('false', 'absent') }),
    code: 'feature.denied',
    outcome: 'fail',
  },
  {
    what: 'JSON alone, only below "missing" (so not in the list)',
    pdf: noPdf(),
    json: json({ lines: ['anti_debugging'] }),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'in neither',
    pdf: pdf({ lines: ['anti_debugging'] }),
    json: json({ lines: ['anti_debugging'] }),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'whole PDF list without it, JSON shows it',
    pdf: pdf({ lines: ['anti_debugging'] }),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'whole PDF list without it, JSON value null',
    pdf: pdf({ lines: ['anti_debugging'] }),
    json: json({ lines: rootOnly('null', 'unknown') }),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'only the JSON shows it, and only the PDF counts',
    pdf: pdf({ lines: ['anti_debugging'], complete: false }),
    expect: { evidenceMode: 'pdf' },
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'only the PDF shows it, and only the JSON counts',
    json: json({ lines: ['anti_debugging'] }),
    expect: { evidenceMode: 'json' },
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'only a name of the same area is printed',
    require: ['Prevent MiTM Attacks'],
    pdf: pdf({ lines: ['secure_communication'] }),
    json: unknownJson(),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'its name stands in the free text only',
    pdf: pdf({
      lines: ['anti_debugging'],
      facts: { annotation: 'Root Detection', fusion_set_name: 'root_detection', app_name: 'Root Detection' },
    }),
    json: unknownJson(),
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'a verbatim name in another case',
    require: ['key: Root_Detection'],
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'it only detects and its listener is missing',
    require: ['Detect Developer Options'],
    pdf: pdf({
      lines: [{ name: 'Detect Developer Options', role: 'intelligence', mode: 'In-App Detection' }],
      listeners: ['DeveloperOptionsEnabled'],
    }),
    json: unknownJson(),
    code: 'feature.no-listener',
    outcome: 'fail',
  },
  {
    what: 'one of two is missing',
    require: ['Root Detection', 'Proxy Detection'],
    code: 'feature.missing',
    outcome: 'fail',
  },
  {
    what: 'one is missing, and for another there is no answer',
    require: ['Proxy Detection', 'Root Detection'],
    json: json({ lines: rootOnly('false', 'absent') }),
    code: 'certificate.disagreement',
    outcome: 'error',
  },
];

/** What is judged all the same: each must pass, so that the table above is not red for another reason. */
export const GREEN_CASES: Array<Case & { what: string; evidence: 'verified' | 'inferred'; warns?: string }> = [
  { what: 'both good', evidence: 'verified' },
  {
    what: 'ids in another case',
    expect: { buildId: BUILD_ID.toUpperCase(), fusionSetId: FUSION_SET_ID.toUpperCase(), appId: APP_ID.toUpperCase() },
    evidence: 'verified',
  },
  { what: 'JSON of unknown shape', json: unknownJson(), evidence: 'verified' },
  { what: 'JSON absent', json: unreadable('json'), evidence: 'verified', warns: 'certificate.json-unreadable' },
  {
    what: 'JSON is HTML',
    json: unreadable('json', 'not-json'),
    evidence: 'verified',
    warns: 'certificate.json-unreadable',
  },
  {
    what: 'JSON is an array or null',
    json: unreadable('json', 'not-object'),
    evidence: 'verified',
    warns: 'certificate.json-unreadable',
  },
  { what: 'JSON list empty', json: json({ lines: [] }), evidence: 'verified', warns: 'certificate.empty-feature-list' },
  {
    what: 'JSON lacks the name',
    json: json({ lines: ['anti_debugging'] }),
    evidence: 'verified',
    warns: 'certificate.disagreement',
  },
  {
    what: 'JSON value null',
    json: json({ lines: rootOnly('null', 'unknown') }),
    evidence: 'verified',
    warns: 'certificate.disagreement',
  },
  { what: 'PDF absent', pdf: noPdf(), evidence: 'inferred', warns: 'evidence.inferred' },
  {
    what: 'PDF cut in half',
    pdf: unreadable('pdf', 'damaged'),
    evidence: 'inferred',
    warns: 'certificate.pdf-unreadable',
  },
  {
    what: 'PDF list not whole, JSON shows it',
    pdf: pdf({ lines: ['anti_debugging'], complete: false }),
    evidence: 'inferred',
    warns: 'certificate.disagreement',
  },
  { what: 'only the JSON counts', expect: { evidenceMode: 'json' }, evidence: 'inferred', warns: 'evidence.inferred' },
  { what: 'both asked, both show it', expect: { evidenceMode: 'both' }, evidence: 'verified' },
  {
    what: 'the app id is stated nowhere',
    pdf: pdf({ facts: { app_id: [] } }),
    json: unreadable('json'),
    evidence: 'verified',
    warns: 'identity.unproven',
  },
  {
    what: 'a team that no PDF prints',
    expect: { teamId: OTHER_ID },
    json: unknownJson({ team_id: [] }),
    evidence: 'verified',
  },
  { what: 'a personal workspace', expect: { teamId: 'personal' }, evidence: 'verified' },
  {
    what: 'private signing, another final hash',
    expect: { sign: 'private', finalSha256: OTHER_HASH },
    evidence: 'verified',
    warns: 'binding.unconfirmed',
  },
  {
    what: 'a listener of something else is missing',
    pdf: pdf({ listeners: ['DeveloperOptionsEnabled'] }),
    evidence: 'verified',
    warns: 'listener.missing',
  },
  {
    what: 'an intelligence line',
    pdf: pdf({ lines: [{ name: 'Root Detection', role: 'intelligence', mode: 'In-App Detection' }] }),
    evidence: 'verified',
  },
  { what: 'a verbatim name', require: ['key: root_detection'], evidence: 'verified' },
  {
    what: 'mode gate, files only',
    expect: {
      mode: 'gate',
      buildId: undefined as never,
      fusionSetId: undefined as never,
      appId: undefined as never,
      originalSha256: undefined,
      finalSha256: undefined,
      sign: undefined,
      kind: undefined,
    },
    evidence: 'verified',
  },
];
