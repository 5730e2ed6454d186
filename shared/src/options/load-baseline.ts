/** The edge of the baseline: an earlier certificate or result, read before anything is sent. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Evidence } from '../certificate/certificate.ts';
import type { Baseline } from '../policy/baseline.ts';
import type { FusegateResult } from '../report/result.ts';
import { reason, sizeOfFile } from './file-on-disk.ts';
import { labelOf } from './load-policy.ts';
import { type InputProblem, problem, shownValue } from './problem.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const ALLOWED = 'a certificate (.pdf, .json) or a fusegate-result.json that shows protections';

/** @param name of the option, as it is spelt here */
export async function loadBaseline(
  path: string,
  name: string,
  cwd: string,
): Promise<{ baseline: Baseline; notice?: string } | { problem: InputProblem }> {
  const refuse = (message: string) => ({
    problem: problem(name, message, { value: shownValue(path), allowed: ALLOWED }),
  });
  const full = resolve(cwd, path);
  const file = await sizeOfFile(full);
  if ('wrong' in file) return refuse(file.wrong);
  if (file.size > MAX_BYTES) return refuse('is larger than any certificate');
  let bytes: Buffer;
  try {
    bytes = await readFile(full);
  } catch (error) {
    return refuse(reason(error));
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = await readView(bytes, sha256);
  if ('wrong' in read) return refuse(read.wrong);
  const { certificate, kind, verdict } = read;
  const features = certificate.features
    // Beside a PDF the JSON cannot add: what it alone showed was not proven then either (rule 4 of the verdict).
    .filter((feature) => certificate.source === 'json' || feature.source !== 'json')
    .map(({ name: feature, key, threatEvents }) => ({
      name: feature,
      ...(key === undefined ? {} : { key }),
      ...(threatEvents === undefined ? {} : { mode: threatEvents }),
    }));
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
  | { wrong: string };

async function readView(bytes: Buffer, sha256: string): Promise<View> {
  if (!bytes.subarray(0, 1024).includes('%PDF-')) {
    const text = bytes.toString('utf8');
    if (/"tool"\s*:\s*\{\s*"name"\s*:\s*"fusegate"/u.test(text)) {
      const { parseResult } = await import('../report/result-json-schema.ts');
      const parsed = parseResult(text);
      return parsed.ok
        ? { certificate: parsed.result.certificate, kind: 'result', verdict: parsed.result.verdict }
        : { wrong: `is no result that can be read: ${parsed.problems[0] ?? ''}` };
    }
  }
  return { ...(await readCertificate(bytes, sha256)), kind: 'certificate' } as View;
}

async function readCertificate(
  bytes: Buffer,
  sha256: string,
): Promise<{ certificate: FusegateResult['certificate'] } | { wrong: string }> {
  const [{ readEvidence }, { certificateView }] = await Promise.all([
    import('../certificate/evidence.ts'),
    import('../report/certificate-view.ts'),
  ]);
  const isPdf = bytes.subarray(0, 1024).includes('%PDF-');
  const given = { state: 'present' as const, bytes, sha256 };
  const absent = { state: 'absent' as const, reason: 'it is no baseline' };
  const evidence: Evidence = await readEvidence(isPdf ? { pdf: given, json: absent } : { pdf: absent, json: given });
  const reading = isPdf ? evidence.pdf : evidence.json;
  if (!reading.ok) return { wrong: `cannot be read: ${reading.message}` };
  return { certificate: certificateView(evidence) };
}
