import { createHash } from 'node:crypto';
import type { CallContext } from '@fusegate/shared/api/call';
import type { Evidence } from '@fusegate/shared/certificate/certificate';
import { EXIT, FusegateError } from '@fusegate/shared/errors';
import { readRequest } from '@fusegate/shared/options/read-request';
import type { RunRequest } from '@fusegate/shared/options/run-request';
import type { RawCertificate } from '@fusegate/shared/pipeline/build-outcome';
import { maskerOf } from '@fusegate/shared/secrets/masker';
import { parseArguments } from './arguments.ts';
import type { CommandIo } from './command-io.ts';
import { EXPLAIN_HELP } from './help.ts';
import { reportUnexpected } from './run-command.ts';
import { usageReport } from './usage-report.ts';

/**
 * `fusegate explain`: where each fact of a certificate was found. The options are those of gate; nothing is judged or written.
 * @returns the process exit: 0 where at least one document of each build could be read, else 8
 */
export async function explainCertificates(words: readonly string[], io: CommandIo): Promise<number> {
  const json = words.includes('--json');
  const { raw, help } = parseArguments(
    words.filter((word) => word !== '--json'),
    'gate',
  );
  if (help) {
    io.stdout.write(`${EXPLAIN_HELP}\n`);
    return EXIT.pass;
  }
  const inputs = raw.inputs.filter(({ name }) => name !== 'gate');
  inputs.push({ name: 'gate', value: 'disabled', spelling: 'the command explain' });
  const read = await readRequest({ ...raw, inputs }, io.environment, 'cli', { cwd: io.cwd, now: io.clock.now() });
  const masker = maskerOf(read.secrets);
  if (!read.ok) {
    io.stderr.write(`${usageReport(read.error, masker, 'explain')}\n`);
    return read.error.exitCode;
  }
  try {
    const builds = await evidenceOf(read.request, io);
    const { explainEvidence, explanationLines } = await import('@fusegate/shared/report/explain');
    const explanations = builds.map(({ label, evidence }) => explainEvidence(label, evidence));
    const text = json
      ? // In a CI log too, where the text of a certificate must form no command; the same JSON.
        JSON.stringify(explanations, null, 2).replaceAll('##', '#\\u0023')
      : explanations.map((one) => explanationLines(one).join('\n')).join('\n\n');
    io.stdout.write(`${masker.mask(text)}\n`);
    return explanations.every(({ documents }) => documents.some((document) => document.read))
      ? EXIT.pass
      : EXIT.noVerdict;
  } catch (error) {
    return reportUnexpected(error, io, { verbose: read.request.verbose, mask: (text) => masker.mask(text) });
  }
}

async function evidenceOf(request: RunRequest, io: CommandIo): Promise<Array<{ label: string; evidence: Evidence }>> {
  if (request.buildId !== undefined) {
    const { readEvidence } = await import('@fusegate/shared/certificate/evidence');
    const raw = await fetchBoth(request, request.buildId, io);
    return [{ label: `build ${request.buildId}`, evidence: await readEvidence(raw) }];
  }
  const [{ readArchive }, { groupBuilds }] = await Promise.all([
    import('@fusegate/shared/pipeline/read-archive'),
    import('@fusegate/shared/policy/archive'),
  ]);
  return groupBuilds(await readArchive(request.gate.certificates, { signal: io.signal, told: () => {} }));
}

/** What is not there is shown as not there; that nobody may ask, or nobody answers, ends the command. */
async function fetchBoth(request: RunRequest, buildId: string, io: CommandIo) {
  const { AppdomeClient } = await import('@fusegate/shared/api/client');
  const client = new AppdomeClient({
    server: request.server,
    limits: request.limits,
    clock: io.clock,
    random: io.random,
  });
  const context: CallContext = { stage: 'certify', signal: io.signal };
  const fetch = async (ask: () => Promise<Buffer>): Promise<RawCertificate> => {
    try {
      const bytes = await ask();
      return { state: 'present', bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    } catch (error) {
      if (!(error instanceof FusegateError) || error.code !== 'service.refused') throw error;
      return { state: 'absent', reason: error.message };
    }
  };
  try {
    return {
      pdf: await fetch(() => client.certificatePdf(buildId, context)),
      json: await fetch(() => client.certificateJson(buildId, context)),
    };
  } finally {
    client.close();
  }
}
