import { parseArguments } from '@fusegate/shared/adapter/arguments';
import { readInputs } from '@fusegate/shared/adapter/read-inputs';
import type { RawCertificates } from '@fusegate/shared/model/build-outcome';
import type { Evidence } from '@fusegate/shared/model/certificate';
import type { Deps } from '@fusegate/shared/model/deps';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Host } from '@fusegate/shared/model/host';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import type { RawInput } from '@fusegate/shared/options/input-candidates';
import { CLI } from '@fusegate/shared/options/systems/cli';
import type { LayoutReport } from '@fusegate/shared/report/layout-report';
import { guardHost } from '@fusegate/shared/secrets/guarded-host';
import type { CommandIo } from './command-io.ts';
import { ErrorHost } from './error-host.ts';
import { EXPLAIN_HELP } from './help.ts';
import { reportUnexpected } from './report-unexpected.ts';
import { usageReport } from './usage-report.ts';

const OWN_FLAGS = ['--json', '--anonymise'];

/**
 * `fusegate explain`: where each fact of a certificate was found, or with `--anonymise` what the certificate looks like without what it says
 * of anybody. The options are those of gate; nothing is judged or written.
 * @returns the process exit: 0 where at least one document of each build could be read, or a layout report was written, else 8
 */
export async function explainCertificates(words: readonly string[], io: CommandIo): Promise<number> {
  const asked = new Set(words);
  const { raw, help } = parseArguments(
    words.filter((word) => !OWN_FLAGS.includes(word)),
    'gate',
    CLI,
    certificateInput,
  );
  if (help) {
    io.stdout.write(`${EXPLAIN_HELP}\n`);
    return EXIT.pass;
  }
  const inputs = raw.inputs.filter(({ name }) => name !== 'gate');
  inputs.push({ name: 'gate', value: 'disabled', spelling: 'the command explain' });
  const { read, masker, deps } = await readInputs({ ...raw, inputs }, { ...io, system: CLI });
  const mask = (text: string) => masker.mask(text);
  if (!read.ok) {
    // Without a problem it was cancelled, or its time was up.
    if (read.error.problems.length === 0) return reportUnexpected(read.error, io, { verbose: false, mask });
    io.stderr.write(`${usageReport(read.error, masker, 'explain')}\n`);
    return read.error.exitCode;
  }
  const host = guardHost(new ErrorHost(io.stderr, read.request.verbose), masker, read.secrets);
  for (const notice of read.notices) host.log('notice', notice);
  try {
    if (asked.has('--anonymise')) {
      const report = await layoutReport(read.request, host, deps);
      io.stdout.write(`${mask(asData(report))}\n`);
      return report.documents.length > 0 ? EXIT.pass : EXIT.noVerdict;
    }
    const builds = await evidenceOf(read.request, host, deps);
    const { explainEvidence, explanationLines } = await import('@fusegate/shared/report/explain');
    const explanations = builds.map(({ label, evidence }) => explainEvidence(label, evidence));
    const text = asked.has('--json')
      ? asData(explanations)
      : explanations.map((one) => explanationLines(one).join('\n')).join('\n\n');
    io.stdout.write(`${mask(text)}\n`);
    return explanations.every(({ documents }) => documents.some((document) => document.read))
      ? EXIT.pass
      : EXIT.noVerdict;
  } catch (error) {
    return reportUnexpected(error, io, { verbose: read.request.verbose, mask });
  }
}

/** `explain certificate.pdf`. Other words are not shown, since a shell may have split off a secret. */
function certificateInput(word: string): RawInput | undefined {
  return /\.(?:pdf|json)$/iu.test(word) ? { name: 'certificate', value: word, spelling: '--certificate' } : undefined;
}

/** In a CI log too, where the text of a certificate must form no command; the same JSON. */
function asData(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('##', '#\\u0023');
}

/** What names the documents, and what it takes to fetch them. */
type Source = Pick<RunRequest, 'buildId' | 'gate' | 'server' | 'limits' | 'fusionSetId' | 'sign'>;

/** Of every document that is there, in the order of the files; no file name is in it. */
async function layoutReport(request: Source, host: Host, deps: Deps): Promise<LayoutReport> {
  const { jsonLayout, pdfLayout } = await import('@fusegate/shared/report/layout-report');
  const documents: LayoutReport['documents'] = [];
  const add = async ({ pdf, json }: RawCertificates) => {
    if (pdf.state === 'present') documents.push(await pdfLayout(pdf, deps.clock));
    if (json.state === 'present') documents.push(jsonLayout(json));
  };
  if (request.buildId !== undefined) await add(await certificatesOf(request.buildId, request, host, deps));
  else {
    const { readCertificateFiles } = await import('@fusegate/shared/pipeline/read-certificate-files');
    for (const file of request.gate.certificates) await add(await readCertificateFiles([file]));
  }
  return { layoutReport: 1, documents };
}

async function evidenceOf(
  request: Source,
  host: Host,
  deps: Deps,
): Promise<Array<{ label: string; evidence: Evidence }>> {
  if (request.buildId !== undefined) {
    const { readEvidence } = await import('@fusegate/shared/certificate/evidence');
    const raw = await certificatesOf(request.buildId, request, host, deps);
    return [{ label: `build ${request.buildId}`, evidence: await readEvidence(raw) }];
  }
  const [{ readArchive }, { TraceRecorder }, { groupBuilds }] = await Promise.all([
    import('@fusegate/shared/jobs/read-archive'),
    import('@fusegate/shared/pipeline/trace-recorder'),
    import('@fusegate/shared/policy/rules/archive'),
  ]);
  return groupBuilds(
    await readArchive(request.gate.certificates, {
      signal: deps.signal,
      told: () => {},
      trace: new TraceRecorder(deps.clock),
    }),
  );
}

/** As `gate` fetches them, deadlines included, but without a folder: nothing is written. */
async function certificatesOf(buildId: string, request: Source, host: Host, deps: Deps): Promise<RawCertificates> {
  const [{ startJobIo }, { collectCertificates }] = await Promise.all([
    import('@fusegate/shared/jobs/job-io'),
    import('@fusegate/shared/pipeline/collect-certificates'),
  ]);
  const job = startJobIo(host, deps);
  try {
    return (await collectCertificates(buildId, request, { ...job, client: job.connect(request) })).certificates;
  } finally {
    job.end();
  }
}
