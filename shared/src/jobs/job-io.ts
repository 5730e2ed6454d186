/** What a job works with: the recorders of its steps, the heartbeat, and a client where it needs the service. */
import { AppdomeClient } from '../api/client.ts';
import type { Deps } from '../model/deps.ts';
import type { Host } from '../model/host.ts';
import type { RunRequest } from '../model/run-request.ts';
import { withHeartbeat } from '../pipeline/heartbeat.ts';
import type { StepIo } from '../pipeline/pipeline-io.ts';
import { RunRecorder } from '../pipeline/run-recorder.ts';
import { StageRecorder } from '../pipeline/stages.ts';
import { type ServerFacts, serverFacts } from './build-result.ts';

export interface JobIo extends StepIo {
  /** At most once; a job that sends nothing does not. @throws FusegateError usage.invalid */
  connect(request: Pick<RunRequest, 'server' | 'limits'>): AppdomeClient;
  /** Undefined where the job did not connect. */
  server(): ServerFacts | undefined;
  end(): void;
}

export function startJobIo(host: Pick<Host, 'log' | 'progress'>, deps: Deps): JobIo {
  const heartbeat = withHeartbeat((progress) => host.progress(progress), deps.clock);
  let client: AppdomeClient | undefined;
  return {
    deps,
    progress: heartbeat.report,
    log: (level, text) => host.log(level, text),
    stages: new StageRecorder(deps.clock),
    record: new RunRecorder(),
    connect({ server, limits }) {
      const { retryClock: clock, random, maskForeign } = deps;
      client = new AppdomeClient({ server, limits, clock, random, maskForeign });
      return client;
    },
    server: () => client && serverFacts(client),
    end() {
      heartbeat.stop();
      client?.close();
    },
  };
}
