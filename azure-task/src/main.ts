/** The task around the run. Bundled to azure-task/dist/task/index.cjs, which the agent starts with its Node 24 or 20. */
// First: it must run before task-lib is loaded.
import './quiet-task-lib.ts';
import { rmSync } from 'node:fs';
import os from 'node:os';
import { type ProcessIo, runProcess } from '@fusegate/shared/adapter/process-shell';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { SERVICE_ORIGIN } from '@fusegate/shared/api/origin';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Environment } from '@fusegate/shared/model/host';
import { spell } from '@fusegate/shared/options/spelling';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { networkVariables } from './agent-network.ts';
import { writeArtifactIgnore } from './artifact-ignore.ts';
import { AzureHost } from './azure-host.ts';
import { azureInputs } from './azure-inputs.ts';
import { buildOfEarlierTry, leaveMarker } from './retry-marker.ts';
import { SecureFiles } from './secure-files.ts';

/** The agent sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later (azure-pipelines-agent, ProcessInvoker.cs). */
const CANCEL_MS = 6500;

/** The agent's proxy, CA and client certificate; a bypass that matches the service's address means no proxy at all. */
function agentNetwork(server: string) {
  const proxy = tl.getHttpProxyConfiguration(server);
  const certificates = tl.getHttpCertConfiguration();
  return {
    proxyUrl: proxy?.proxyFormattedUrl,
    bypass: proxy?.proxyBypassHosts,
    caFile: certificates?.caFile,
    clientCertificate: Boolean(certificates?.certFile),
  };
}

async function main(io: ProcessIo): Promise<number> {
  const temporary = tl.getVariable('Agent.TempDirectory') || os.tmpdir();
  // Keystores that came as base64 or by URL as well: the agent empties this folder after the job, also where the task was killed.
  for (const variable of ['TMPDIR', 'TMP', 'TEMP']) process.env[variable] = temporary;
  const host = new AzureHost(temporary);
  // Whatever kills this process from here on, no later step reads a missing verdict as something else.
  host.setOutput('verdict', 'error');
  const files = new SecureFiles(temporary);
  process.once('exit', () => rmSync(files.dir, { recursive: true, force: true }));
  try {
    const server = tl.getInput(spell('server-url', AZURE)) ?? SERVICE_ORIGIN;
    const network = agentNetwork(server);
    if (network.clientCertificate) {
      host.log('notice', "The agent's client certificate is not used: the service asks for none.");
    }
    const added = networkVariables(network, process.env);
    // The transport reads NO_PROXY from the process.
    if (added['NO_PROXY'] !== undefined) process.env['NO_PROXY'] = added['NO_PROXY'];
    const environment: Environment = { ...process.env, ...added };

    const { FUSEGATE_PROXY: proxy, FUSEGATE_CA_FILE: caFile } = environment;
    const inputs = await azureInputs(files, { proxy, caFile });
    const earlier = buildOfEarlierTry(environment, temporary);
    const chosen =
      (['build-id', 'app-id', 'resume'] as const).some((id) => (tl.getInput(spell(id, AZURE)) ?? '') !== '') ||
      (tl.getInput(spell('mode', AZURE)) ?? 'run') !== 'run';
    if (earlier !== undefined && !chosen) {
      inputs.push({ name: spell('build-id', AZURE), value: earlier, spelling: 'the build of the earlier attempt' });
      host.log('notice', `This is a retry of a task that has already built; continuing with build ${earlier}.`);
    }

    const staging = tl.getVariable('Build.ArtifactStagingDirectory');
    const end = await runAdapter({ inputs }, host, {
      ...io,
      system: AZURE,
      environment,
      cwd: tl.getVariable('System.DefaultWorkingDirectory') || process.cwd(),
      outputBase: staging,
    });
    if (staging && end.request) await writeArtifactIgnore(staging, end.request.output.publish).catch(() => {});
    leaveMarker(environment, temporary, { exitCode: end.exitCode, buildId: end.result?.ids.buildId });
    await files.remove().catch(() => {});
    host.complete(end.exitCode);
    // The result has been reported; any other exit would be a defect of the task itself (azure-pipelines-agent, NodeHandler.cs).
    return EXIT.pass;
  } finally {
    // Once more at the exit, above; a result that was reported must not be reported twice.
    await files.remove().catch(() => {});
  }
}

runProcess(main, (text) => tl.setResult(tl.TaskResult.Failed, text, true), { cancelMs: CANCEL_MS });
