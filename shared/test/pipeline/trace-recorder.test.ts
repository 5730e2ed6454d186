import { describe, expect, it } from 'vitest';
import { FusegateError } from '../../src/model/errors.ts';
import { chromeTrace } from '../../src/pipeline/chrome-trace.ts';
import { type TraceContents, TraceRecorder } from '../../src/pipeline/trace-recorder.ts';
import { FakeClock } from '../support/fake-clock.ts';

const plain = (text: string) => text;
const eventsOf = (contents: TraceContents, mask = plain) =>
  chromeTrace(contents, 'run', mask).traceEvents.filter(({ ph }) => ph === 'X');
const tracksOf = (contents: TraceContents) =>
  chromeTrace(contents, 'run', plain)
    .traceEvents.filter(({ name }) => name === 'thread_name')
    .map(({ args }) => args['name']);

describe('a trace', () => {
  it('has times in microseconds from its beginning, and what was learnt', () => {
    const clock = new FakeClock();
    clock.advance(5000);
    const trace = new TraceRecorder(clock);
    clock.advance(10);
    const end = trace.begin({ category: 'read', name: 'hash', facts: { file: 'app.apk' } });
    clock.advance(2.5);
    end({ bytes: 7 });
    // Only the first end counts.
    end({ bytes: 8 });
    expect(chromeTrace(trace.contents(), 'run', plain)).toEqual({
      otherData: { format: 'fusegate-trace', fusegate: expect.any(String), mode: 'run', dropped: 0 },
      displayTimeUnit: 'ms',
      traceEvents: [
        { name: 'process_name', ph: 'M', pid: 1, tid: 0, args: { name: 'Fusegate' } },
        { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'Reads' } },
        { name: 'thread_sort_index', ph: 'M', pid: 1, tid: 1, args: { sort_index: 1 } },
        {
          name: 'hash',
          cat: 'read',
          ph: 'X',
          ts: 10_000,
          dur: 2500,
          pid: 1,
          tid: 1,
          args: { file: 'app.apk', bytes: 7 },
        },
      ],
    });
  });

  it('holds a bounded number of details, counts the others, and keeps every stage', () => {
    const trace = new TraceRecorder(new FakeClock(), 3);
    for (let index = 0; index < 5; index += 1) trace.begin({ category: 'poll', name: 'poll' })();
    trace.begin({ category: 'stage', name: 'build' })();
    const { spans, dropped } = trace.contents();
    expect(spans.map(({ category }) => category)).toEqual(['poll', 'poll', 'poll', 'stage']);
    expect(dropped).toBe(2);
    expect(chromeTrace(trace.contents(), 'run', plain).otherData.dropped).toBe(2);
  });

  it('closes what is still going on, and says so', () => {
    const clock = new FakeClock();
    const trace = new TraceRecorder(clock);
    trace.begin({ category: 'request', name: 'fuse', facts: { attempt: 1 } });
    clock.advance(40);
    expect(eventsOf(trace.contents())).toMatchObject([{ dur: 40_000, args: { attempt: 1, unfinished: true } }]);
  });

  it('says why a part failed', async () => {
    const trace = new TraceRecorder(new FakeClock());
    const part = { category: 'poll', name: 'poll' } as const;
    const cancelled = new FusegateError('run.cancelled', 'Cancelled.', { hint: '' });
    for (const error of [cancelled, new Error('secret')])
      await trace.during(part, () => Promise.reject(error)).catch(() => {});
    expect(eventsOf(trace.contents()).map(({ args }) => args)).toEqual([{ failed: 'run.cancelled' }, { failed: true }]);
  });

  it('puts what overlaps on different tracks, and what follows without a gap on the same one', () => {
    const clock = new FakeClock();
    const trace = new TraceRecorder(clock);
    const request = (name: string) => trace.begin({ category: 'request', name });
    const first = request('a');
    clock.advance(0.0004);
    const second = request('b');
    clock.advance(1 / 3);
    first();
    request('c')();
    second();
    const stage = trace.begin({ category: 'stage', name: 'download' });
    trace.begin({ category: 'stage', name: 'certify', beside: true })();
    stage();
    const events = eventsOf(trace.contents());
    const tid = (name: string) => events.find((event) => event.name === name)?.tid;
    expect(tid('a')).toBe(tid('c'));
    expect(tid('a')).not.toBe(tid('b'));
    expect(tid('download')).not.toBe(tid('certify'));
    expect(tracksOf(trace.contents())).toEqual([
      'Stages',
      'Certificates, beside the download',
      'Requests',
      'Requests (2)',
    ]);
    for (const event of events) {
      const others = events.filter(({ tid: track, name }) => track === event.tid && name !== event.name);
      for (const { ts = 0, dur = 0 } of others)
        expect(ts >= (event.ts ?? 0) + (event.dur ?? 0) || ts + dur <= (event.ts ?? 0)).toBe(true);
    }
  });

  it('has neither secrets nor control characters in what others say, and no long texts', () => {
    const trace = new TraceRecorder(new FakeClock());
    const said = `done\u001b[31m\n::error::hunter2 ${'x'.repeat(5000)}`;
    trace.begin({ category: 'poll', name: 'poll', facts: { said, host: 'hunter2.example.com' } })();
    const mask = (text: string) => text.replaceAll('hunter2', '***');
    const [event] = eventsOf(trace.contents(), mask);
    expect(event?.args['host']).toBe('***.example.com');
    for (const text of ['hunter2', '\u001b', '\n']) expect(String(event?.args['said'])).not.toContain(text);
    expect(String(event?.args['said']).length).toBeLessThanOrEqual(200);
  });
});
