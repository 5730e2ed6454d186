import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppdomeClient } from '@fusegate/shared/api/client';
import { OutputFolder } from '@fusegate/shared/files/output-folder';
import type { LogLevel, Progress } from '@fusegate/shared/model/host';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { Secret } from '@fusegate/shared/model/secret';
import { Journal } from '@fusegate/shared/pipeline/journal';
import type { PipelineIo } from '@fusegate/shared/pipeline/pipeline-io';
import { RunRecorder } from '@fusegate/shared/pipeline/run-recorder';
import { StageRecorder } from '@fusegate/shared/pipeline/stages';
import { onTestFinished } from 'vitest';
import { startBuildService } from './build-service.ts';
import { FakeClock } from './fake-clock.ts';
import { temporaryFolder } from './folder.ts';
import { APK } from './zip.ts';

const HOUR = 3_600_000;
export const PIPELINE_KEY = 'synthetic-pipeline-key';

/** Times in which only polls and back-off are short; see FakeClock. */
export const LIMITS: RunRequest['limits'] = {
  run: 10 * HOUR,
  connect: 20 * HOUR,
  stall: 100 * HOUR,
  upload: 2 * HOUR,
  analysis: 2 * HOUR,
  build: 2 * HOUR,
  sign: 2 * HOUR,
  download: 2 * HOUR,
  retries: 2,
  pollMin: 1000,
  pollMax: 10_000,
};

/** A run against a service of its own. Several `io()` on one folder are several processes after each other. */
export async function pipelineTest(
  overrides: Partial<RunRequest> = {},
  early?: Parameters<typeof startBuildService>[0],
) {
  const service = await startBuildService(early);
  onTestFinished(() => service.close());
  const root = await temporaryFolder();
  const appPath = path.join(root, 'in', 'shop.apk');
  await mkdir(path.dirname(appPath));
  await writeFile(appPath, APK);
  const keystore = path.join(root, 'in', 'release.jks');
  await writeFile(keystore, 'synthetic keystore');
  const dir = path.join(root, 'out');
  const clock = new FakeClock();
  const request: RunRequest = {
    mode: 'run',
    server: { url: service.url, apiKey: new Secret(PIPELINE_KEY) },
    app: { path: appPath, name: 'shop.apk', kind: 'apk', platform: 'android', size: APK.length },
    fusionSetId: 'set-1',
    platform: 'android',
    buildLogs: false,
    buildOverrides: {},
    sign: { method: 'private', signingFingerprint: 'AB'.repeat(20) },
    gate: { mode: 'enforce', requiredFeatures: [], evidence: 'any', detail: 'full', certificates: [] },
    output: { dir, secondOutput: false, deobfuscationMap: true, reports: [], publish: [] },
    limits: LIMITS,
    resume: 'auto',
    reuseUpload: true,
    ci: true,
    verbose: false,
    ...overrides,
  };
  const clients: AppdomeClient[] = [];
  onTestFinished(() => {
    for (const client of clients) client.close();
  });

  async function io(options: { runId?: string; request?: RunRequest } = {}): Promise<TestIo> {
    const used = options.request ?? request;
    const cancel = new AbortController();
    const client = new AppdomeClient({ server: used.server, limits: used.limits, clock, random: () => 0.5 });
    clients.push(client);
    const folder = new OutputFolder({ dir, outputName: used.output.name, app: used.app, clock });
    await folder.prepare();
    const progress: Progress[] = [];
    const logged: Array<{ level: LogLevel; text: string }> = [];
    return {
      client,
      deps: { clock, retryClock: clock, random: () => 0.5, signal: cancel.signal },
      progress: (each) => progress.push(each),
      log: (level, text) => logged.push({ level, text }),
      stages: new StageRecorder(clock),
      record: new RunRecorder(),
      folder,
      journal: new Journal({ file: folder.journalFile, clock, runId: options.runId }),
      cancel,
      seen: { progress, logged },
    };
  }

  const journal = async (): Promise<Record<string, unknown> | undefined> => {
    const text = await readFile(path.join(dir, 'private', 'fusegate-journal.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text);
  };
  /** Every file below the output folder, with `/`. */
  const files = async (): Promise<string[]> => {
    const found = await readdir(dir, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
      .sort();
  };
  return { service, request, clock, dir, appPath, keystore, io, journal, files };
}

export interface TestIo extends PipelineIo {
  cancel: AbortController;
  seen: { progress: Progress[]; logged: Array<{ level: LogLevel; text: string }> };
}
