import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/model/host.ts';
import { RunRecorder } from '../../src/pipeline/run-recorder.ts';
import { type Stage, StageRecorder } from '../../src/pipeline/stages.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** What a stage tells while `body` runs in it. */
async function toldBy(body: (stage: Stage, clock: FakeClock) => Promise<void>, quiet = false): Promise<Progress[]> {
  const clock = new FakeClock();
  const told: Progress[] = [];
  const io = { progress: (each: Progress) => told.push(each), log() {}, record: new RunRecorder() };
  const scope = { signal: new AbortController().signal, remaining: () => 1 };
  const running = new StageRecorder(clock).run(io, scope, { name: 'upload', quiet }, (stage) => body(stage, clock));
  await running.catch(() => {});
  return told;
}

const said = (told: Progress[]) => told.map(({ kind, bytes, detail }) => bytes ?? detail ?? kind);

describe('bytes', () => {
  it('are told ten times a second, and the last ones before the stage ends', async () => {
    const told = await toldBy(async (stage, clock) => {
      for (let bytes = 1; bytes <= 24; bytes += 1) {
        stage.report('bytes', { bytes });
        await clock.advance(10);
      }
    });
    expect(said(told)).toEqual(['start', 1, 11, 21, 24, 'finish']);
    expect(told.map(({ elapsedMs }) => elapsedMs)).toEqual([0, 0, 100, 200, 240, 240]);
  });

  it('are up to date before anything else is told, and before an end with an error', async () => {
    const told = await toldBy(async (stage) => {
      stage.report('bytes', { bytes: 1 });
      stage.report('bytes', { bytes: 2 });
      stage.report('poll', { detail: 'progress' });
      stage.report('bytes', { bytes: 3 });
      throw new Error('cut off');
    });
    expect(said(told)).toEqual(['start', 1, 2, 'progress', 3, 'finish']);
  });

  it('are told at once when all have gone, and when a failed attempt makes them fewer', async () => {
    const told = await toldBy(async (stage) => {
      for (const bytes of [1, 2, 3, 0, 1, 2, 3]) stage.report('bytes', { bytes, totalBytes: 3 });
    });
    expect(said(told)).toEqual(['start', 1, 3, 0, 3, 'finish']);
  });

  it('of a stage beside another one are told once it is announced', async () => {
    const told = await toldBy(async (stage, clock) => {
      stage.report('bytes', { bytes: 1 });
      stage.report('bytes', { bytes: 2 });
      stage.announce();
      await clock.advance(100);
      stage.report('bytes', { bytes: 3 });
    }, true);
    expect(said(told)).toEqual(['start', 3, 'finish']);
  });
});
