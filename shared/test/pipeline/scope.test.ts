import { sleep } from '@fusegate/shared/model/clock';
import { FusegateError } from '@fusegate/shared/model/errors';
import { inParallel, type Scope, withDeadline, withRootScope } from '@fusegate/shared/pipeline/scope';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';

const named = (code: 'timeout.run' | 'timeout.build' | 'download.corrupt') =>
  new FusegateError(code, code, { hint: 'h' });
const root: Scope = { signal: new AbortController().signal, remaining: () => Number.POSITIVE_INFINITY };
const forever = (scope: Scope) => sleep(new FakeClock(0), 1e9, scope.signal);

describe('withDeadline', () => {
  it('ends with the deadline that comes first, by its own name', async () => {
    for (const [outer, inner, expected] of [
      [100, 200, 'timeout.run'],
      [200, 100, 'timeout.build'],
    ] as const) {
      const clock = new FakeClock(0);
      const pending = errorOf(
        withDeadline(
          root,
          clock,
          outer,
          () => named('timeout.run'),
          (scope) => withDeadline(scope, clock, inner, () => named('timeout.build'), forever),
        ),
      );
      clock.advance(150);
      expect((await pending).code).toBe(expected);
      expect(clock.pending).toBe(0);
    }
  });

  it('knows what is left of the nearest one', async () => {
    const clock = new FakeClock(0);
    await withDeadline(
      root,
      clock,
      100,
      () => named('timeout.run'),
      async (outer) => {
        clock.advance(30);
        expect(outer.remaining()).toBe(70);
        await withDeadline(
          outer,
          clock,
          200,
          () => named('timeout.build'),
          async (inner) => {
            expect(inner.remaining()).toBe(70);
          },
        );
        await withDeadline(
          outer,
          clock,
          20,
          () => named('timeout.build'),
          async (inner) => {
            expect(inner.remaining()).toBe(20);
          },
        );
      },
    );
    expect(clock.pending).toBe(0);
  });
});

describe('withRootScope', () => {
  it('calls every reason a cancelling, and names the build that goes on', async () => {
    const abort = new AbortController();
    const ids = { buildId: 'build-1' };
    const pending = errorOf(withRootScope(abort.signal, ids, forever));
    abort.abort('SIGINT');
    const error = await pending;
    expect(error.code).toBe('run.cancelled');
    expect(error.hint).toContain('build-1');
    expect((await errorOf(withRootScope(abort.signal, {}, forever))).hint).toContain('No build had been started');
  });
});

describe('inParallel', () => {
  it('gives the results in order', async () => {
    expect(await inParallel<[number, string]>(root, [async () => 1, async () => 'x'])).toEqual([1, 'x']);
  });

  it('ends the others at the first failure, and waits until they have cleaned up', async () => {
    const events: string[] = [];
    const error = await errorOf(
      inParallel(root, [
        async (scope) => {
          try {
            await forever(scope);
          } finally {
            await new Promise((resolve) => setImmediate(resolve));
            events.push('cleaned up');
          }
        },
        async () => {
          throw named('download.corrupt');
        },
      ]),
    );
    expect(error.code).toBe('download.corrupt');
    expect(events).toEqual(['cleaned up']);
  });
});
