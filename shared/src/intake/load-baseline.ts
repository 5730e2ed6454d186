/** The edge of the baseline: an earlier certificate or result, read before anything is sent. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { MAX_DOCUMENT_BYTES, MAX_RESULT_BYTES } from '../files/file-on-disk.ts';
import type { Evidence } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import { type InputProblem, problem, shownValue } from '../options/problem.ts';
import type { Accept, Baseline } from '../policy/rules/rule.ts';
import { labelOf } from './load-policy.ts';
import { readNamedFile } from './read-named-file.ts';

const ALLOWED = 'a certificate (.pdf, .json) or a fusegate-result.json that shows protections';

/**
 * @param name of the option, as it is spelt here
 * @param accept what the policy accepts as understood: the baseline is read as the certificate that is compared with it
 */
export async function loadBaseline(
  path: string,
  name: string,
  cwd: string,
  accept?: Accept,
): Promise<{ baseline: Baseline; notice?: string } | { problem: InputProblem }> {
  const refuse = (message: string, allowed = ALLOWED) => ({
    problem: problem(name, message, { value: shownValue(path), allowed }),
  });
  const full = resolve(cwd, path);
  const file = await readNamedFile(full, MAX_DOCUMENT_BYTES, 'is larger than any certificate');
  if ('wrong' in file) return refuse(file.wrong);
  const { bytes } = file;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = await readView(bytes, sha256, accept);
  if ('wrong' in read) return refuse(read.wrong, read.allowed);
  const { certificate, kind, verdict } = read;
  const features = certificate.features
    // Beside a PDF the JSON cannot add: what it alone showed was not proven then either (rule 4 of the verdict).
    .filter((feature) => certificate.source === 'json' || feature.source !== 'json')
    .map(({ name: feature, key, threatEvents }) => ({ name: feature, ...defined({ key, mode: threatEvents }) }));
  if (features.length === 0) return refuse('shows no protections to compare with');
  const { missingListeners, facts } = certificate;
  const baseline: Baseline = { path: labelOf(full, cwd), sha256, kind, features, missingListeners, facts };
  if (verdict === undefined || verdict === 'pass') return { baseline };
  return {
    baseline,
    notice: `${name} is a result with the verdict ${verdict}: what that run had lost is not missed here. Better is one that passed.`,
  };
}

type View =
  | { certificate: FusegateResult['certificate']; kind: Baseline['kind']; verdict?: FusegateResult['verdict'] }
  | { wrong: string; allowed?: string };

/** The bytes of a certificate never grow old. */
const INSTEAD_OF_RESULT =
  'the certificate of that run (private/certificate.pdf), or the result of a run with this version';

async function readView(bytes: Buffer, sha256: string, accept: Accept | undefined): Promise<View> {
  if (!bytes.subarray(0, 1024).includes('%PDF-')) {
    const text = bytes.toString('utf8');
    if (/"tool"\s*:\s*\{\s*"name"\s*:\s*"fusegate"/u.test(text)) {
      if (bytes.length > MAX_RESULT_BYTES) return { wrong: 'is larger than any result' };
      const { parseResult } = await import('../model/result-json-schema.ts');
      const parsed = parseResult(text);
      if (parsed.ok) return { certificate: parsed.result.certificate, kind: 'result', verdict: parsed.result.verdict };
      const [wrong = ''] = parsed.problems;
      return parsed.otherVersion === undefined
        ? { wrong: `is not a result that can be read: ${wrong}` }
        : { wrong, allowed: INSTEAD_OF_RESULT };
    }
  }
  return { ...(await readCertificate(bytes, sha256, accept)), kind: 'certificate' } as View;
}

async function readCertificate(
  bytes: Buffer,
  sha256: string,
  accept: Accept | undefined,
): Promise<{ certificate: FusegateResult['certificate'] } | { wrong: string }> {
  const [{ readEvidence }, { certificateView }, { understand }] = await Promise.all([
    import('../certificate/evidence.ts'),
    import('../policy/baseline/certificate-view.ts'),
    import('../policy/rules/understood.ts'),
  ]);
  const isPdf = bytes.subarray(0, 1024).includes('%PDF-');
  const given = { state: 'present' as const, bytes, sha256 };
  const absent = { state: 'absent' as const, reason: 'it is not the baseline' };
  const evidence: Evidence = await readEvidence(isPdf ? { pdf: given, json: absent } : { pdf: absent, json: given });
  const reading = isPdf ? evidence.pdf : evidence.json;
  if (!reading.ok) return { wrong: `cannot be read: ${reading.message}` };
  return { certificate: certificateView(understand(evidence, accept).evidence) };
}
