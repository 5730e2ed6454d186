/**
 * The single entry of every adapter: a request in, a job done, a verdict out, and a result on disk in every case.
 *
 * The order is what makes it fail closed. The output folder is cleared and a result that says `error` is written before anything
 * else; the app is downloaded into `rejected/` and leaves it only when the run ends green; outputs are set before the job is failed.
 */
import { AppdomeClient } from '../api/client.ts';
import type { WorkflowMessage } from '../api/tasks.ts';
import { readEvidence } from '../certificate/evidence.ts';
import { hashFile } from '../files/hash-file.ts';
import { OutputFolder } from '../files/output-folder.ts';
import { isArchive } from '../intake/certificate-files.ts';
import { withInputFiles } from '../intake/input-files/prepare-inputs.ts';
import type { BuildOutcome, OutputFile } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, EXIT, type ExitCode, type ServiceIds } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { CertificateVerification, Verdict } from '../model/verdict.ts';
import { askVerification } from '../pipeline/ask-verification.ts';
import { collectCertificates } from '../pipeline/collect-certificates.ts';
import { withHeartbeat } from '../pipeline/heartbeat.ts';
import { Journal } from '../pipeline/journal.ts';
import { uploadMappings } from '../pipeline/mapping-uploads/upload-mappings.ts';
import type { PipelineIo } from '../pipeline/pipeline-io.ts';
import { readCertificateFiles } from '../pipeline/read-certificate-files.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { StageRecorder } from '../pipeline/stages.ts';
import { groupBuilds, type JudgedArchive, judgeArchive } from '../policy/rules/archive.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { exitCodeOf } from '../policy/rules/exit-code.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { understand } from '../policy/rules/understood.ts';
import { archiveTable, buildsOf } from '../report/archive-page.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  type RunEnding,
  type RunStart,
  serverFacts,
  startOfRun,
  verdictWithoutJudgement,
} from '../report/build-result.ts';
import { overruledFindings, serverFinding } from '../report/notices-of-run.ts';
import { workflowLogText } from '../report/workflow-log.ts';
import { writeArchive } from '../report/write-archive.ts';
import { beginRun } from './begin-run.ts';
import { concludeRun } from './conclude-run.ts';
import { checkSurroundings, type DryRunRecord, dryRunVerdict } from './dry-run.ts';
import { readArchive } from './read-archive.ts';

/** What a run has come to know, filled in as it goes, so that it is there also after an error. */
interface Knowledge {
  ids: ServiceIds;
  stages: StageRecorder;
  /** What the service said of the build, in its order. */
  messages: WorkflowMessage[];
  /** What has been downloaded, also where the pipeline ended before it could say so. */
  downloaded: OutputFile[];
  client?: AppdomeClient;
  outcome?: BuildOutcome;
  evidence?: Evidence;
  archive?: JudgedArchive;
  dryRun?: DryRunRecord;
}

/**
 * Runs a job (mode run) or judges certificates that exist (mode gate); modes validate and verify have files of their own.
 *
 * @param host guarded (secrets/guarded-host.ts): nothing here masks what it prints
 * @returns the exit and the result; also after every failure but one
 * @throws FusegateError output.unwritable if there is nowhere to write a result
 */
export async function run(
  request: RunRequest,
  plan: PolicyPlan,
  host: Host,
  deps: Deps,
  context: RunContext,
): Promise<RunEnd> {
  if (request.mode === 'validate') return (await import('./validate.ts')).validate(request, plan, host, deps, context);
  if (request.mode === 'verify') return (await import('./verify.ts')).verify(request, plan, host, deps, context);
  const start = startOfRun(request, plan, context, deps.clock);
  const folder = OutputFolder.of(request, deps.clock);
  await beginRun(folder, start, host);

  const known: Knowledge = { ids: {}, stages: new StageRecorder(deps.clock), messages: [], downloaded: [] };
  const heartbeat = withHeartbeat((progress) => host.progress(progress), deps.clock);
  let verdict: Verdict;
  let exitCode: ExitCode;
  try {
    const place = { host, deps, context, folder, known, report: heartbeat.report };
    verdict = await withInputFiles(request, clientlessIo(place), (ready) => work(ready, plan, place));
    // A dry run that found nothing wrong did what it was asked to; that nothing was judged is what its verdict says.
    exitCode = known.dryRun ? EXIT.pass : exitCodeOf(verdict.outcome, request.gate.mode);
    if (exitCode === EXIT.pass && !known.dryRun) {
      const uploaded = await uploadMappings(request, fileOf(known.outcome, 'deobfuscation-map'), clientlessIo(place));
      verdict = { ...verdict, findings: [...verdict.findings, ...uploaded] };
    }
  } catch (thrown) {
    const error = asFusegateError(thrown);
    verdict = verdictWithoutJudgement(plan, findingOf(error));
    exitCode = error.exitCode;
  } finally {
    heartbeat.stop();
    known.client?.close();
  }
  return finish({ start, host, deps, context, folder, known, verdict, exitCode });
}

interface Workplace {
  host: Host;
  deps: Deps;
  context: RunContext;
  folder: OutputFolder;
  known: Knowledge;
  report: PipelineIo['progress'];
}

/** Everything up to the verdict. */
async function work(request: RunRequest, plan: PolicyPlan, place: Workplace): Promise<Verdict> {
  const { known, deps } = place;
  if (request.dryRun) {
    known.dryRun = await checkSurroundings(request, pipelineIo(request, place));
    return dryRunVerdict(plan, known.dryRun);
  }
  const outcome = await buildOrCollect(request, place);
  if (outcome) known.outcome = outcome;
  else if (isArchive(request.gate.certificates)) return judgeMany(request, plan, place);
  const certificates = outcome?.certificates ?? (await readCertificateFiles(request.gate.certificates));
  const evidence = await readEvidence(certificates);
  // As reports show it: what the policy accepts is understood.
  known.evidence = understand(evidence, plan.accept).evidence;
  const ofThisRun = request.mode === 'run' && outcome !== undefined;
  const verification = await verificationOf(outcome, request, place);
  return evaluate(plan, evidence, {
    mode: ofThisRun ? 'run' : 'gate',
    ...expectedIds(request, { ...known.ids, ...outcome?.ids }),
    originalSha256: ofThisRun ? outcome.app?.sha256 : undefined,
    claimedOriginalSha256: ofThisRun && outcome.app?.claimed ? outcome.app.sha256 : undefined,
    finalSha256: ofThisRun ? fileOf(outcome, 'protected-app')?.sha256 : await givenSha256(request, deps),
    sign: ofThisRun ? outcome.sign : undefined,
    kind: request.app?.kind,
    evidenceMode: request.gate.evidence,
    gate: request.gate.mode,
    ...(request.gate.setBy === undefined ? {} : { gateSetBy: request.gate.setBy }),
    now: deps.clock.now(),
    ...(verification === undefined ? {} : { verification }),
  });
}

/** Asked only where the service has given a certificate that is about to be judged. */
async function verificationOf(
  outcome: BuildOutcome | undefined,
  { gate }: RunRequest,
  { known, deps }: Workplace,
): Promise<CertificateVerification | undefined> {
  const { pdf, json } = outcome?.certificates ?? {};
  const buildId = known.ids.buildId;
  const hasCertificate = pdf?.state === 'present' || json?.state === 'present';
  if (!hasCertificate || gate.mode === 'disabled' || buildId === undefined || !known.client) return undefined;
  return askVerification(known.client, buildId, deps);
}

/** Certificates of several builds, each judged separately. */
async function judgeMany(request: RunRequest, plan: PolicyPlan, { known, deps, report }: Workplace): Promise<Verdict> {
  const { certificates, evidence, mode, setBy } = request.gate;
  const began = deps.clock.monotonic();
  const documents = await readArchive(certificates, {
    signal: deps.signal,
    told: (done) =>
      report({
        stage: 'certify',
        kind: 'poll',
        elapsedMs: deps.clock.monotonic() - began,
        detail: `${done} of ${certificates.length} certificates`,
      }),
  });
  known.archive = judgeArchive(plan, groupBuilds(documents), {
    mode: 'gate',
    ...expectedIds(request, {}),
    evidenceMode: evidence,
    gate: mode,
    ...(setBy === undefined ? {} : { gateSetBy: setBy }),
    now: deps.clock.now(),
  });
  return known.archive.verdict;
}

/** @returns undefined where certificate files are judged, which needs no service */
async function buildOrCollect(request: RunRequest, place: Workplace): Promise<BuildOutcome | undefined> {
  if (request.mode === 'run') return runPipeline(request, pipelineIo(request, place));
  if (request.buildId === undefined) return undefined;
  return collectCertificates(request.buildId, request, pipelineIo(request, place));
}

/** For jobs that use no network, or not the service. */
function clientlessIo({ host, deps, known, report }: Workplace): Omit<PipelineIo, 'client' | 'folder' | 'journal'> {
  return {
    deps,
    progress: report,
    log: (level, text) => host.log(level, text),
    stages: known.stages,
    ids: known.ids,
    messages: known.messages,
    downloaded: known.downloaded,
  };
}

function pipelineIo(request: RunRequest, place: Workplace): PipelineIo {
  const { deps, context, folder, known } = place;
  known.client = new AppdomeClient({
    server: request.server,
    limits: request.limits,
    clock: deps.retryClock,
    random: deps.random,
  });
  return {
    ...clientlessIo(place),
    client: known.client,
    folder,
    journal: new Journal({ file: folder.journalFile, clock: deps.clock, runId: context.ci.runId }),
  };
}

/** What the certificate must be about. The app id only where we know it from the upload or the user, not from a certificate. */
function expectedIds(request: RunRequest, ids: ServiceIds): ServiceIds {
  const appId = ids.appId ?? request.appId;
  const buildId = ids.buildId ?? request.buildId;
  return {
    ...(appId === undefined ? {} : { appId }),
    ...(buildId === undefined ? {} : { buildId }),
    ...(request.fusionSetId === undefined ? {} : { fusionSetId: request.fusionSetId }),
    ...(request.server.teamId === undefined ? {} : { teamId: request.server.teamId }),
  };
}

/** Of the file given with `app` in mode gate, so that the certificate is bound to it. */
async function givenSha256(request: RunRequest, deps: Deps): Promise<string | undefined> {
  return request.mode === 'gate' && request.app ? hashFile(request.app.path, deps.signal) : undefined;
}

function fileOf(outcome: BuildOutcome | undefined, role: OutputFile['role']): OutputFile | undefined {
  return outcome?.files.find((file) => file.role === role);
}

interface Finish extends Omit<Workplace, 'report'> {
  start: RunStart;
  verdict: Verdict;
  exitCode: ExitCode;
}

/** Releases or holds the app, writes the result and the reports, sets the outputs, and fails the job last. */
async function finish({ start, host, deps, context, folder, known, verdict, exitCode }: Finish): Promise<RunEnd> {
  const { request } = start;
  const server = known.client && serverFacts(known.client);
  const origin = server && serverFinding(server);
  const notices = [...(origin ? [origin] : []), ...overruledFindings(request.gate)];
  const ending: RunEnding = {
    exitCode,
    verdict: { ...verdict, findings: [...verdict.findings, ...notices] },
    ...(server ? { server } : {}),
    ids: { ...known.ids, ...known.outcome?.ids },
    ...(known.outcome?.app ? { app: known.outcome.app } : {}),
    files: heldBack(known.outcome?.files ?? known.downloaded),
    stages: known.stages.timings(),
    ...(known.evidence ? { evidence: known.evidence } : {}),
    ...(known.archive ? { builds: buildsOf(known.archive) } : {}),
    ...(known.dryRun ? { dryRun: known.dryRun } : {}),
    finishedAt: new Date(deps.clock.now()).toISOString(),
  };
  const released: OutputFile[] = [];
  return concludeRun({
    request,
    host,
    folder,
    context,
    async settle() {
      if (exitCode !== EXIT.pass) return buildResult(start, ending);
      // One after the other, so that those that have left `rejected/` are known when the next one cannot.
      for (const file of known.outcome?.files ?? []) released.push(await folder.release(file, deps.signal));
      return buildResult(start, { ...ending, files: released });
    },
    async writeMore() {
      const log = workflowLogText(known.messages, context.mask);
      if (log !== undefined) await folder.write('private/fusegate-workflow.log', log);
      if (known.archive) await writeArchive(folder, known.archive, request.gate);
    },
    tell() {
      if (known.archive) for (const line of archiveTable(known.archive, request.gate)) host.log('info', line);
    },
    /** An app that was released already goes back: a red exit leaves nothing to ship. */
    async turnRed(error) {
      await folder.holdBack(released);
      const verdict = verdictWithoutJudgement(start.plan, findingOf(error));
      return buildResult(start, { ...ending, exitCode: error.exitCode, verdict });
    },
  });
}

/** The app as a red run names it. */
function heldBack(files: OutputFile[]): RunEnding['files'] {
  return files.map((file) => (file.role === 'protected-app' ? { ...file, role: 'rejected-app' } : file));
}
