/** Mode gate: judges the certificate of a build that exists, from the service or from files. It starts and downloads nothing else. */
import { hashFile } from '../files/hash-file.ts';
import type { RunRequest } from '../model/run-request.ts';
import { collectCertificates } from '../pipeline/collect-certificates.ts';
import { readCertificateFiles } from '../pipeline/read-certificate-files.ts';
import { hashing } from '../pipeline/trace-recorder.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import type { FolderIo, FolderLearnt } from './folder-frame.ts';
import { commonExpectation, judgeBuild } from './judge.ts';
import { readTraced } from './traced-reading.ts';

type GateInputs = Pick<RunRequest, 'app' | 'appId' | 'buildId' | 'fusionSetId' | 'gate' | 'server' | 'limits' | 'sign'>;

export async function gate(request: GateInputs, plan: PolicyPlan, io: FolderIo): Promise<FolderLearnt> {
  const { buildId, app } = request;
  const { signal } = io.deps;
  const expectation = async () => ({
    ...commonExpectation(request, io.record.ids, io.deps.clock.now()),
    mode: 'gate' as const,
    // The certificate is bound to the file that is given.
    finalSha256: app && (await io.stages.trace.during(hashing(app), () => hashFile(app.path, signal))),
    kind: app?.kind,
  });
  if (buildId === undefined) {
    const certificates = await readCertificateFiles(request.gate.certificates);
    return judgeBuild(readTraced(certificates, io), plan, request.gate, expectation);
  }
  const outcome = await collectCertificates(buildId, request, { ...io, client: io.connect(request) });
  const judged = await judgeBuild(readTraced(outcome.certificates, io), plan, request.gate, expectation);
  return { files: outcome.files, ...judged };
}
