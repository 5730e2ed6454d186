/** Mode run: the whole job. The app is uploaded, built, signed and downloaded, and its certificate judged. */
import { prepareNames } from '../catalogue/name-index.ts';
import { preparePdfReader } from '../certificate/pdf-text.ts';
import { ensureRoom, roomNeeded } from '../files/disk-room.ts';
import type { OutputFile, RawCertificates } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import { EXIT } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Verdict } from '../model/verdict.ts';
import { uploadMappings } from '../pipeline/mapping-uploads/upload-mappings.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { withRootScope } from '../pipeline/scope.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { checkListening, stopBeforeUpload } from './app-listening.ts';
import type { FolderIo, FolderLearnt } from './folder-frame.ts';
import { orError } from './frame.ts';
import { commonExpectation, judgeBuild, judgedUnder } from './judge.ts';
import { signingDoubt } from './signing-proof.ts';
import { readTraced } from './traced-reading.ts';

export async function run(request: RunRequest, plan: PolicyPlan, io: FolderIo): Promise<FolderLearnt> {
  const listening = await checkListening(request, plan, io);
  const stopped = stopBeforeUpload(listening, plan, request, io.deps.clock.now());
  if (stopped !== undefined) return { ...stopped, ...defined({ listening }) };
  const needed = roomNeeded(request);
  if (needed !== undefined) await ensureRoom(io.folder.dir, needed);
  let reading: Promise<Evidence> | undefined;
  const certified = (certificates: RawCertificates) => {
    reading = readTraced(certificates, io);
    // `judgeBuild` gets the error too, unless the run has already ended with another one.
    reading.catch(() => {});
  };
  const expectCertificates = () => {
    preparePdfReader(io.deps.clock);
    prepareNames();
  };
  const outcome = await runPipeline(request, { ...io, client: io.connect(request), expectCertificates, certified });
  const { app, files, sign, ids } = outcome;
  const fileOf = (role: OutputFile['role']) => files.find((file) => file.role === role);
  const judged = await judgeBuild(reading ?? readTraced(outcome.certificates, io), plan, request.gate, () =>
    // Cancelled while the certificate was read: then there is no verdict, but its contents are still reported.
    withRootScope(io.deps.signal, ids, async () => ({
      ...commonExpectation(request, ids, io.deps.clock.now()),
      mode: 'run',
      originalSha256: app?.sha256,
      claimedOriginalSha256: app?.claimed && app.sha256,
      finalSha256: fileOf('protected-app')?.sha256,
      sign,
      kind: request.app?.kind,
      listening,
    })),
  );
  const common = { ...defined({ app, listening }), files, evidence: judged.evidence };
  // Cancelled while the certificate was read: the next run goes on with the build.
  if (judged.exitCode === EXIT.cancelled) return { ...common, ...judged };
  const doubt = signingDoubt(request, outcome, judged.evidence, judged.verdict);
  const { verdict, exitCode } =
    doubt === undefined
      ? judged
      : judgedUnder(request.gate, {
          ...judged.verdict,
          outcome: 'error',
          findings: [...judged.verdict.findings, doubt],
        });
  const learnt = { ...common, verdict, exitCode };
  const concluded = conclusionOf(judged);
  if (exitCode !== EXIT.pass) return { ...learnt, ...defined({ concluded }) };
  const uploaded = await orError(plan, async () => {
    const findings = await uploadMappings(request, fileOf('deobfuscation-map'), io);
    return { exitCode, verdict: { ...verdict, findings: [...verdict.findings, ...findings] } };
  });
  return { ...learnt, ...uploaded, ...(uploaded.exitCode === EXIT.pass && defined({ concluded })) };
}

/**
 * @returns undefined where no certificate could be read: the next run fetches it again, and pays for no other build. `not-shown`: it is of
 * another build
 */
function conclusionOf({ evidence, verdict }: { evidence: Evidence; verdict: Verdict }): FolderLearnt['concluded'] {
  if (!evidence.pdf.ok && !evidence.json.ok) return undefined;
  const isOther = verdict.findings.some(({ code }) => code === 'identity.mismatch' || code === 'binding.mismatch');
  return isOther ? 'not-shown' : 'outcome';
}
