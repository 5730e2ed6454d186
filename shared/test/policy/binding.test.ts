import { describe, expect, it } from 'vitest';
import type { CertificateDocument } from '../../src/model/certificate.ts';
import { type BoundFiles, bindFiles } from '../../src/policy/binding/binding.ts';
import { evidenceOf, type Values } from '../certificate/documents.ts';

const ORIGINAL = 'a'.repeat(64);
const FINAL = 'b'.repeat(64);
const OTHER = 'c'.repeat(64);
const PRINTED: Values = { original_sha256: ORIGINAL, final_sha256: FINAL.toUpperCase(), signer: 'CN=x' };

interface Row {
  it: string;
  files: BoundFiles;
  pdf?: Values;
  json?: Values;
  /** What the PDF says about signing by its parts. */
  signing?: CertificateDocument['signing'];
  /** The PDF has unread text. */
  unread?: true;
  level: string;
  /** A mismatch is an error, `unconfirmed` a warning unless it says otherwise. */
  finding?: 'binding.mismatch' | 'binding.unconfirmed' | 'binding.unconfirmed error';
  why?: RegExp;
}

/** Here the file must be compared with a printed final hash, unless everything stated about signing says that it comes later. */
const EXPECTING: BoundFiles[] = [
  { mode: 'run', finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
  { mode: 'gate', finalSha256: FINAL, kind: 'apk' },
];
const said = (types: string[] | undefined): Values => (types === undefined ? {} : { sign_type: types });

const rows: Row[] = [
  {
    it: 'on Appdome, both hashes agree',
    files: { originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
    pdf: PRINTED,
    level: 'file',
  },
  {
    it: 'on Appdome, no original of ours',
    files: { finalSha256: FINAL, sign: 'on-appdome', kind: 'aab' },
    pdf: PRINTED,
    level: 'file',
  },
  {
    it: 'on Appdome, another file',
    files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign: 'on-appdome', kind: 'apk' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'on Appdome, another original',
    files: { originalSha256: OTHER, finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'on Appdome, two final hashes printed',
    files: { finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
    pdf: { final_sha256: [FINAL, OTHER] },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'on Appdome, no final hash that is understood on the PDF',
    files: { mode: 'run', originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
    pdf: { original_sha256: ORIGINAL, app_signed: 'x' },
    level: 'none',
    finding: 'binding.unconfirmed error',
    why: /no hash of the final app/,
  },
  ...([undefined, 'OnAppdome', 'Seal', ['PrivateSigning', 'Seal'], ['PrivateSigning', 'OnAppdome']] as const).flatMap(
    (types) => [
      {
        it: `on Appdome, no final hash, sign type ${types}`,
        files: { finalSha256: FINAL, sign: 'on-appdome' as const, kind: 'zip' as const },
        pdf: {},
        json: types === undefined ? {} : { sign_type: [types].flat() },
        level: 'none',
        finding: 'binding.unconfirmed error' as const,
      },
      {
        it: `gate with a file, no final hash, sign type ${types}`,
        files: { mode: 'gate' as const, finalSha256: FINAL, kind: 'apk' as const },
        pdf: { original_sha256: ORIGINAL },
        json: types === undefined ? {} : { sign_type: [types].flat() },
        level: 'none',
        finding: 'binding.unconfirmed error' as const,
      },
    ],
  ),
  // Neither what the JSON says alone, nor the PDF's part for signing later beside unread text, excuses a missing hash.
  ...EXPECTING.flatMap((files) => [
    ...(['PrivateSigning', 'AutoDevPrivateSigning'] as const).flatMap((type) =>
      ([undefined, 'none'] as const).map(
        (signing): Row => ({
          it: `${files.mode}, no final hash, ${type} by the JSON, signing on the PDF: ${signing}`,
          files,
          pdf: { original_sha256: ORIGINAL },
          json: { sign_type: type },
          signing,
          level: 'none',
          finding: 'binding.unconfirmed error',
        }),
      ),
    ),
    {
      it: `${files.mode}, no final hash, signed later by the parts of the PDF, which has unread text`,
      files,
      pdf: { original_sha256: ORIGINAL },
      json: { sign_type: 'PrivateSigning' },
      signing: 'later' as const,
      unread: true as const,
      level: 'none',
      finding: 'binding.unconfirmed error' as const,
    },
  ]),
  {
    it: 'asked for private, and the certificate states that Appdome has signed, with no final hash',
    files: { originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'private', kind: 'apk' },
    pdf: { original_sha256: ORIGINAL },
    json: { sign_type: 'OnAppdome' },
    level: 'none',
    finding: 'binding.unconfirmed error',
  },
  ...EXPECTING.flatMap((files) => [
    ...[undefined, ['PrivateSigning'], ['PrivateSigning', 'AutoDevPrivateSigning']].map(
      (types): Row => ({
        it: `${files.mode}, no final hash, signed later by the parts of the PDF, sign type ${types}`,
        files,
        pdf: { original_sha256: ORIGINAL },
        json: said(types),
        signing: 'later',
        // A run that asked Appdome to sign has to find the hash.
        ...(files.mode === 'gate'
          ? { level: 'unconfirmed', finding: 'binding.unconfirmed', why: /signed after the build/ }
          : { level: 'none', finding: 'binding.unconfirmed error' }),
      }),
    ),
    ...[['OnAppdome'], ['Seal'], ['PrivateSigning', 'Seal'], ['OnAppdome', 'PrivateSigning']].map((types) => ({
      it: `${files.mode}, no final hash, signed later by the parts of the PDF only, sign type ${types}`,
      files,
      pdf: { original_sha256: ORIGINAL },
      json: said(types),
      signing: 'later' as const,
      level: 'none',
      finding: 'binding.unconfirmed error' as const,
    })),
    {
      it: `${files.mode} with another file, signed later by the parts of the PDF`,
      files,
      pdf: { original_sha256: ORIGINAL, final_sha256: OTHER },
      signing: 'later' as const,
      level: 'none',
      finding: 'binding.mismatch' as const,
    },
  ]),
  // The certificate overrules what this run asked for only if every statement says that Appdome has signed.
  ...(['private', 'auto-dev'] as const).flatMap((sign) => [
    ...[['OnAppdome'], [' OnAppdome '], ['ONAPPDOME'], ['OnAppdome', 'OnAppdome']].map((types) => ({
      it: `asked for ${sign}, another file, sign type ${JSON.stringify(types)}`,
      files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign },
      pdf: PRINTED,
      json: said(types),
      level: 'none',
      finding: 'binding.mismatch' as const,
    })),
    ...[undefined, ['PrivateSigning'], ['Seal'], ['OnAppdome', 'PrivateSigning'], ['PrivateSigning', 'OnAppdome']].map(
      (types): Row => ({
        it: `asked for ${sign}, another file, sign type ${JSON.stringify(types)}`,
        files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign },
        pdf: PRINTED,
        json: said(types),
        level: 'unconfirmed',
        ...(sign === 'private' ? { finding: 'binding.unconfirmed' } : {}),
      }),
    ),
  ]),
  // Only in mode gate, or if Appdome has signed, must the PDF print a final hash.
  ...(['none', undefined, 'private', 'auto-dev'] as const).map(
    (sign): Row => ({
      it: `run (${sign}), no final hash on the PDF`,
      files: { mode: 'run', originalSha256: ORIGINAL, finalSha256: FINAL, sign, kind: 'apk' },
      pdf: { original_sha256: ORIGINAL },
      level: 'unconfirmed',
      ...(sign === 'auto-dev' ? {} : { finding: 'binding.unconfirmed' }),
    }),
  ),
  {
    it: 'run with an SDK, no final hash on the PDF',
    files: { mode: 'run', originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'none', kind: 'aar' },
    pdf: { original_sha256: ORIGINAL, app_signed: 'x' },
    level: 'none',
    why: /packed again/,
  },
  ...[
    { pdf: PRINTED },
    { pdf: { original_sha256: ORIGINAL } },
    { pdf: { signer: 'CN=x' } },
    { json: { build_id: 'B' } },
    {},
  ].flatMap((documents, index) =>
    ([{ mode: 'gate' }, { mode: 'run', sign: 'on-appdome' }, { mode: 'run', sign: 'none' }] satisfies BoundFiles[]).map(
      (files) => ({
        it: `${files.mode} (${'sign' in files ? files.sign : ''}) without a file, on documents ${index}`,
        files,
        ...documents,
        level: 'none',
        why: /No file was given/,
      }),
    ),
  ),
  {
    it: 'private without a file',
    files: { originalSha256: ORIGINAL, sign: 'private', kind: 'apk' },
    pdf: PRINTED,
    level: 'unconfirmed',
    finding: 'binding.unconfirmed',
  },
  ...[{ pdf: PRINTED }, { json: { build_id: 'B' } }].map((documents) => ({
    it: `auto-dev without an original of ours, on the ${Object.keys(documents)}`,
    files: { finalSha256: FINAL, sign: 'auto-dev' as const },
    ...documents,
    level: 'unconfirmed',
  })),
  ...(['original_sha256', 'final_sha256'] as const).map((name) => ({
    it: `on Appdome, another ${name} by the JSON`,
    files: { originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome' as const },
    pdf: PRINTED,
    json: { [name]: OTHER },
    level: 'none',
    finding: 'binding.mismatch' as const,
  })),
  {
    it: 'both the uploaded and the claimed original must be the printed one',
    files: { originalSha256: OTHER, claimedOriginalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  ...(['aar', 'zip'] as const).flatMap((kind) => [
    ...(['none', 'later'] as const).map(
      (signing): Row => ({
        it: `gate with an SDK (${kind}) that Appdome has not signed: ${signing}`,
        files: { mode: 'gate', finalSha256: FINAL, kind },
        pdf: { original_sha256: ORIGINAL },
        signing,
        level: 'unconfirmed',
        finding: 'binding.unconfirmed',
        why: /no hash of the protected SDK/,
      }),
    ),
    {
      it: `gate with an SDK (${kind}) that is the original`,
      files: { mode: 'gate' as const, finalSha256: ORIGINAL, kind },
      pdf: { original_sha256: ORIGINAL },
      signing: 'none' as const,
      level: 'none',
      finding: 'binding.mismatch' as const,
      why: /byte for byte/,
    },
    {
      it: `gate with an SDK (${kind}) whose hash the PDF prints`,
      files: { mode: 'gate' as const, finalSha256: FINAL, kind },
      pdf: PRINTED,
      level: 'none',
      why: /packed again/,
    },
    {
      it: `gate without the SDK (${kind})`,
      files: { mode: 'gate' as const, kind },
      pdf: { original_sha256: ORIGINAL },
      signing: 'none' as const,
      level: 'none',
      why: /packed again/,
    },
    {
      it: `gate with an SDK (${kind}), and whether it is signed was not understood`,
      files: { mode: 'gate' as const, finalSha256: FINAL, kind },
      pdf: { original_sha256: ORIGINAL },
      level: 'none',
      finding: 'binding.unconfirmed error' as const,
    },
    {
      it: `gate with an SDK (${kind}), no part about signing, and unread text`,
      files: { mode: 'gate' as const, finalSha256: FINAL, kind },
      pdf: { original_sha256: ORIGINAL },
      signing: 'none' as const,
      unread: true as const,
      level: 'none',
      finding: 'binding.unconfirmed error' as const,
    },
  ]),
  {
    it: 'on Appdome, JSON alone',
    files: { finalSha256: FINAL, sign: 'on-appdome', kind: 'apk' },
    json: { build_id: 'B' },
    level: 'unconfirmed',
    finding: 'binding.unconfirmed',
  },
  {
    it: 'private, the final hash cannot be known',
    files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign: 'private', kind: 'apk' },
    pdf: PRINTED,
    level: 'unconfirmed',
    finding: 'binding.unconfirmed',
  },
  {
    it: 'asked for private, and the certificate states that Appdome has signed another file',
    files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign: 'private', kind: 'apk' },
    pdf: PRINTED,
    json: { sign_type: 'OnAppdome' },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'not asked to sign, and the certificate states that Appdome has signed this file',
    files: { finalSha256: FINAL, sign: 'none' },
    pdf: PRINTED,
    json: { sign_type: 'OnAppdome' },
    level: 'file',
  },
  {
    it: 'private, another original',
    files: { originalSha256: OTHER, sign: 'private', kind: 'apk' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'auto-dev is a script',
    files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign: 'auto-dev', kind: 'apk' },
    pdf: PRINTED,
    level: 'unconfirmed',
  },
  {
    it: 'an .aar is compared, and not bound',
    files: { originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'none', kind: 'aar' },
    pdf: PRINTED,
    level: 'none',
    why: /packed again/,
  },
  {
    it: 'an .aar of another original',
    files: { originalSha256: OTHER, finalSha256: FINAL, sign: 'none', kind: 'aar' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'another .zip SDK than the final one',
    files: { originalSha256: ORIGINAL, finalSha256: OTHER, sign: 'on-appdome', kind: 'zip' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  ...(['on-appdome', 'private', 'auto-dev', 'none', undefined] as const).map((sign) => ({
    it: `the original itself, handed out as protected (${sign})`,
    files: { originalSha256: ORIGINAL, finalSha256: ORIGINAL, sign },
    pdf: { signer: 'CN=x' },
    level: 'none',
    finding: 'binding.mismatch' as const,
    why: /byte for byte/,
  })),
  {
    it: 'gate with the file that the certificate prints as the original',
    files: { mode: 'gate', finalSha256: ORIGINAL },
    pdf: { original_sha256: ORIGINAL.toUpperCase() },
    level: 'none',
    finding: 'binding.mismatch',
    why: /byte for byte/,
  },
  {
    it: 'an app that is claimed, and is the original',
    files: { claimedOriginalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome' },
    pdf: PRINTED,
    level: 'file',
  },
  {
    it: 'an app that is claimed, and is another one',
    files: { originalSha256: ORIGINAL, claimedOriginalSha256: OTHER, finalSha256: FINAL, sign: 'private' },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  { it: 'gate with the final file', files: { mode: 'gate', finalSha256: FINAL }, pdf: PRINTED, level: 'file' },
  {
    it: 'gate with another file',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: PRINTED,
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'gate with another file, OnAppdome by the JSON',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: { final_sha256: FINAL },
    json: { sign_type: 'OnAppdome' },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'gate with another file, whatever way of signing is stated',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: PRINTED,
    json: { sign_type: 'PrivateSigning' },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'gate with a file, OnAppdome between blanks by the JSON',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: { final_sha256: FINAL },
    json: { sign_type: ' OnAppdome ' },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'gate with a file, two ways of signing stated',
    files: { mode: 'gate', finalSha256: FINAL },
    pdf: PRINTED,
    json: { sign_type: ['OnAppdome', 'PrivateSigning'] },
    level: 'file',
  },
  {
    it: 'on Appdome, another file, and a way of signing that nobody knows',
    files: { finalSha256: OTHER, sign: 'on-appdome', kind: 'apk' },
    pdf: PRINTED,
    json: { sign_type: 'Seal' },
    level: 'none',
    finding: 'binding.mismatch',
  },
  {
    it: 'gate on a PDF without a signature',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: { original_sha256: ORIGINAL },
    level: 'none',
    finding: 'binding.unconfirmed error',
    why: /no hash of the final app/,
  },
  ...(['apk', 'aar', 'zip', undefined] as const).flatMap((kind) =>
    [
      ['a PDF with a signature and no hash', { pdf: { signer: 'CN=x' } }],
      ['JSON without a hash', { json: { build_id: 'B' } }],
      ['neither document', {}],
    ].map(([on, documents]) => ({
      it: `gate with a file (${kind}) on ${on}`,
      files: { mode: 'gate' as const, finalSha256: OTHER, kind },
      ...(documents as Pick<Row, 'pdf' | 'json'>),
      level: 'none',
      finding: 'binding.unconfirmed error' as const,
      why: /No document prints a hash/,
    })),
  ),
  {
    it: 'gate with a file, and only the JSON prints the original',
    files: { mode: 'gate', finalSha256: OTHER },
    pdf: { signer: 'CN=x' },
    json: { original_sha256: ORIGINAL },
    level: 'none',
    finding: 'binding.unconfirmed error',
    why: /no hash of the final app/,
  },
  { it: 'gate without a file', files: { mode: 'gate' }, pdf: PRINTED, level: 'none', why: /No file was given/ },
  {
    it: 'no document at all',
    files: { finalSha256: FINAL },
    level: 'unconfirmed',
    finding: 'binding.unconfirmed',
    why: /prints no hash/,
  },
];

describe('bindFiles', () => {
  it.each(rows)('$it: $level', ({ files, pdf, json, signing, unread, level, finding, why }) => {
    const evidence = evidenceOf(pdf, json);
    if (signing && evidence.pdf.ok) evidence.pdf.document.signing = signing;
    if (unread && evidence.pdf.ok) evidence.pdf.document.mentions = [{ text: 'x', document: 'pdf', where: 'page 1' }];
    const result = bindFiles(files, evidence);
    expect(result.binding.level).toBe(level);
    const [code, as] = finding?.split(' ') ?? [];
    expect(result.finding?.code).toBe(code);
    if (result.finding !== undefined) {
      expect(result.finding.level).toBe(as ?? (code === 'binding.mismatch' ? 'error' : 'warning'));
      expect(result.finding.hint).not.toBe('');
      // Nobody is sent to the document that was read.
      if (pdf !== undefined) expect(result.finding.hint).not.toContain('Judge with the PDF');
    }
    expect(result.binding.message).toMatch(why ?? /\S/);
  });

  it.each(['on-appdome', 'private', 'auto-dev', 'none'] as const)(
    'warns that nothing proves which file was built, without a hash of the original (%s)',
    (sign) => {
      const files = { originalSha256: ORIGINAL, finalSha256: FINAL, sign };
      const { binding, finding } = bindFiles(files, evidenceOf(undefined, { build_id: 'b' }));
      expect(binding.level).toBe('unconfirmed');
      expect(binding.message).toMatch(/does not prove which file was built/);
      expect(finding).toMatchObject({ code: 'binding.unconfirmed', level: 'warning', message: binding.message });
      const printed = bindFiles({ ...files, sign: 'private' }, evidenceOf(PRINTED));
      expect(printed.binding.message).not.toMatch(/which file was built/);
    },
  );

  it.each<[string, Values | undefined, Values | undefined, string]>([
    ['nothing', undefined, undefined, 'PDF certificate'],
    ['the JSON', undefined, { build_id: 'B' }, 'PDF certificate'],
    // No PDF would print the hash of such an app.
    ['a JSON that says: signed later', undefined, { sign_type: 'PrivateSigning' }, 'validate'],
    ['the PDF', { original_sha256: ORIGINAL }, undefined, 'validate'],
  ])('on %s, sends to what can bind the file', (_, pdf, json, to) => {
    const { finding } = bindFiles({ finalSha256: FINAL, sign: 'none' }, evidenceOf(pdf, json));
    expect(finding).toMatchObject({ code: 'binding.unconfirmed', level: 'warning' });
    expect(finding?.hint).toContain(to);
    expect(finding?.hint.includes('PDF certificate')).toBe(to === 'PDF certificate');
  });

  it.each(['private', 'auto-dev'] as const)('doubts no original that this run never had (%s)', (sign) => {
    const { binding } = bindFiles({ finalSha256: FINAL, sign }, evidenceOf(undefined, { build_id: 'b' }));
    expect(binding.message).not.toMatch(/which file was built/);
  });

  it('says what was compared', () => {
    const both = bindFiles({ originalSha256: ORIGINAL, finalSha256: FINAL, sign: 'on-appdome' }, evidenceOf(PRINTED));
    expect(both.binding).toMatchObject({ originalMatches: true, finalMatches: true });
    const one = bindFiles({ originalSha256: ORIGINAL, sign: 'private' }, evidenceOf(PRINTED));
    expect(one.binding).toMatchObject({ originalMatches: true });
    expect(one.binding).not.toHaveProperty('finalMatches');
    const other = bindFiles({ finalSha256: FINAL, sign: 'on-appdome' }, evidenceOf(PRINTED));
    expect(other.binding).toMatchObject({ finalMatches: true, sha256: FINAL });
    expect(other.binding).not.toHaveProperty('originalMatches');
  });
});
