import { readEvidence } from '../certificate/evidence.ts';
import type { RawCertificates } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import type { StepIo } from '../pipeline/pipeline-io.ts';

/** `readEvidence`, with its time in the trace. */
export function readTraced(
  certificates: RawCertificates,
  { stages, deps }: Pick<StepIo, 'stages' | 'deps'>,
): Promise<Evidence> {
  const { pdf } = certificates;
  const facts = pdf.state === 'present' ? { bytes: pdf.bytes.length } : {};
  return stages.trace.during({ category: 'read', name: 'certificate', facts }, () =>
    readEvidence(certificates, deps.signal),
  );
}
