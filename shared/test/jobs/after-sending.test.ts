import { describe, expect, it } from 'vitest';
import { afterSending } from '../../src/jobs/after-sending.ts';
import { FusegateError, type ServiceIds, type StageName } from '../../src/model/errors.ts';
import { unknownBuild } from '../../src/pipeline/left-build.ts';
import { RunRecorder } from '../../src/pipeline/run-recorder.ts';
import { StageRecorder } from '../../src/pipeline/stages.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** A run that made one request in each of the stages. */
async function ioAfter(stages: StageName[], ids: ServiceIds = {}) {
  const clock = new FakeClock();
  const io = { stages: new StageRecorder(clock), record: new RunRecorder() };
  io.record.addIds(ids);
  const scope = { signal: new AbortController().signal, remaining: () => 1 };
  for (const name of stages) {
    const quiet = { progress() {}, log() {}, record: io.record };
    await io.stages.run(quiet, scope, { name }, async (stage) => stage.onRequest?.());
  }
  return io;
}

const full = new FusegateError('output.unwritable', 'The disk is full.', { hint: 'Free some space.' });

describe('a disk that fails', () => {
  it.each<[string, StageName[], number]>([
    ['before anything is sent', [], 2],
    ['while input files are fetched', ['preflight'], 2],
    ['after the upload', ['upload'], 8],
  ])('%s ends the run with its exit', async (_when, stages, exit) => {
    expect(afterSending(full, { mode: 'run' }, await ioAfter(stages)).exitCode).toBe(exit);
  });

  it('names the build where there is one, once', async () => {
    const io = await ioAfter(['build'], { buildId: 'b-1' });
    const once = afterSending(full, { mode: 'run' }, io);
    expect(once).toMatchObject({ code: 'output.not-kept', ids: { buildId: 'b-1' } });
    expect(once.hint).toContain('fusegate run --build-id b-1');
    expect(afterSending(once, { mode: 'run' }, io)).toBe(once);
    expect(afterSending(full, { mode: 'gate' }, io).hint).toBe(full.hint);
  });

  it('names a build of this run that the service says it does not know', async () => {
    const io = await ioAfter(['build'], { buildId: 'b-1' });
    const lost = new FusegateError('service.refused', 'Not Found', {
      hint: 'Check the ids.',
      stage: 'build',
      status: 404,
    });
    expect(afterSending(lost, { mode: 'run' }, io).hint).toContain('fusegate run --build-id b-1');
    expect(afterSending(unknownBuild('b-1', lost, 'user'), { mode: 'run' }, io).hint).not.toContain('fusegate run');
  });
});
