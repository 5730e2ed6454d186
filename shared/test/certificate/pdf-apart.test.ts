/** The parent's side, with real processes that behave badly. The shipped child is tested in test/e2e/hostile-pdf.test.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { readerApart, readersApart, type StartNode } from '../../src/certificate/pdf-apart.ts';
import { WARM_UP } from '../../src/certificate/pdf-text-model.ts';
import type { Clock } from '../../src/model/clock.ts';

const BYTES = new Uint8Array([1, 2, 3]);
const READING_MS = 30_000;

const started: ChildProcess[] = [];
/** Those that have sent something. */
const heard = new Set<ChildProcess | undefined>();
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Answers what `answer` makes of `bytes`. */
const answering = (answer: string) =>
  `const told = [];
  process.on('message', (bytes) => typeof bytes === 'string' ? told.push(bytes) : process.send(${answer}));
  process.send('ready');`;
const PID = answering('{ ok: true, text: process.pid }');

/** Timers fire when the test says so. */
function stoppedClock() {
  const timers = new Map<symbol, { ms: number; fire: () => void }>();
  const setTimer: Clock['setTimer'] = (ms, fire) => {
    const key = Symbol();
    timers.set(key, { ms, fire });
    return () => timers.delete(key);
  };
  const fire = (pick: (ms: number) => boolean) => {
    for (const timer of timers.values()) if (pick(timer.ms)) timer.fire();
  };
  return { clock: { now: () => 0, monotonic: () => 0, setTimer }, fire, timers };
}

const startNode: StartNode = (args, env) => {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    ...(env && { env }),
  });
  started.push(child);
  child.once('message', () => heard.add(child));
  return child;
};

function readerOf(script: string, start = startNode) {
  const { clock, fire, timers } = stoppedClock();
  const reader = readerApart(async () => ({ args: ['--eval', script] }), start);
  return { read: () => reader.read(BYTES, clock), prepare: () => reader.prepare(clock), fire, timers };
}

const damaged = { ok: false, problem: 'damaged' };

describe('a process that reads', () => {
  it('gets the bytes, and gives its answer', async () => {
    const { read } = readerOf(answering('{ ok: true, text: [...bytes] }'));
    expect(await read()).toEqual({ ok: true, text: [1, 2, 3] });
  });

  it('is sent its code first, where it has any', async () => {
    const runs = "process.once('message', (code) => new Function('process', code)(process))";
    const { read } = readerApart(async () => ({ args: ['--eval', runs], code: PID }), startNode);
    expect(await read(BYTES, stoppedClock().clock)).toEqual({ ok: true, text: started[0]?.pid });
  });

  it('is replaced where it ended while it had nothing to do', async () => {
    const { read } = readerOf(PID);
    await read();
    const [first] = started;
    if (first === undefined) throw new Error('nothing was started');
    const ended = once(first, 'exit');
    first.kill('SIGKILL');
    // Its end is known, and that nothing hears us any more is not: the two come in either order.
    await ended;
    Object.defineProperty(first, 'connected', { value: true });
    expect(await read()).toEqual({ ok: true, text: started[1]?.pid });
  });

  it('reads one file after the other, those that are asked for at once too', async () => {
    const { read, timers } = readerOf(PID);
    const readings = [...(await Promise.all([read(), read(), read()])), await read()];
    expect(started).toHaveLength(1);
    expect(readings).toEqual(readings.map(() => ({ ok: true, text: started[0]?.pid })));
    expect(started[0]?.listenerCount('exit')).toBeLessThan(2);
    // What is left waits for the next file only.
    expect([...timers.values()].map(({ ms }) => ms < READING_MS)).toEqual([true]);
  });

  it('ends when no other file comes', async () => {
    const { read, fire } = readerOf(PID);
    await read();
    const exit = once(started[0] as ChildProcess, 'exit');
    fire((ms) => ms < READING_MS);
    expect((await exit)[1]).toBe('SIGKILL');
    await read();
    expect(started).toHaveLength(2);
  });

  it('reads nothing after a file that it could not read', async () => {
    const { read } = readerOf(answering("{ ok: false, problem: 'damaged', message: String(process.pid) }"));
    expect(await read()).toEqual({ ...damaged, message: String(started[0]?.pid) });
    expect(await read()).toEqual({ ...damaged, message: String(started[1]?.pid) });
  });

  it('sees no variable of ours, so neither a secret nor NODE_OPTIONS', async () => {
    const { read } = readerOf(answering("{ ok: true, text: 'PATH' in process.env }"));
    expect(await read()).toEqual({ ok: true, text: process.platform === 'win32' });
  });
});

describe('a file that ends the process', () => {
  it.each([
    ['by an abort', 'process.abort()'],
    ['by an exit', 'process.exit(3)'],
    ['by a signal', "process.kill(process.pid, 'SIGKILL')"],
    ['by an exception', "(() => { throw new Error('no') })()"],
  ])('%s is damaged, and the next one is read', async (_, harm) => {
    const scripts = [answering(harm), PID];
    const { read } = readerApart(async () => ({ args: ['--eval', scripts.shift() ?? ''] }), startNode);
    const { clock } = stoppedClock();
    expect(await read(BYTES, clock)).toMatchObject(damaged);
    expect(await read(BYTES, clock)).toEqual({ ok: true, text: started[1]?.pid });
  });

  it('by taking too long is damaged, and the process is gone', async () => {
    const { read, fire } = readerOf(answering('(() => { for (;;); })()'));
    const reading = read();
    await expect.poll(() => heard.has(started[0])).toBe(true);
    const exit = once(started[0] as ChildProcess, 'exit');
    fire((ms) => ms === READING_MS);
    expect(await reading).toMatchObject(damaged);
    expect((await exit)[1]).toBe('SIGKILL');
  });
});

describe('a process that does not start', () => {
  it('in time is given up, and not started again', async () => {
    const { read, fire } = readerOf('setInterval(() => {}, 1000)');
    const reading = read();
    await expect.poll(() => started.length).toBe(1);
    fire((ms) => ms === READING_MS);
    expect(await reading).toMatchObject(damaged);
    expect(started).toHaveLength(1);
  });

  it('without our variables is started with them', async () => {
    const environments: unknown[] = [];
    const start: StartNode = (args, env) => {
      environments.push(env);
      return startNode(env === undefined ? args : ['--eval', 'process.exit(127)'], env);
    };
    const { read } = readerOf(PID, start);
    expect(await read()).toMatchObject({ ok: true });
    expect(environments).toEqual([{}, undefined]);
  });

  it.each<[string, StartNode]>([
    ['because it is not there', () => spawn('/no/such/node', [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })],
    [
      'because the system refuses',
      () => {
        throw new Error('spawn EAGAIN');
      },
    ],
  ])('%s leaves the file unread', async (_, start) => {
    const { read } = readerOf('', start);
    expect(await read()).toMatchObject(damaged);
  });

  it('because a file of the bundle is missing throws, now and for the next file', async () => {
    const missing = new Error('pdf-reader.cjs is missing');
    const { read } = readerApart(() => Promise.reject(missing));
    const { clock } = stoppedClock();
    await expect(read(BYTES, clock)).rejects.toBe(missing);
    await expect(read(BYTES, clock)).rejects.toBe(missing);
  });
});

/** Readers that end when the test says so. */
const makeReaders = (count: number) => {
  const asked: Array<{ reader: number; finish: () => void }> = [];
  let made = 0;
  const prepared: number[] = [];
  const readers = readersApart(count, () => {
    const reader = made;
    made += 1;
    return {
      read: () =>
        new Promise((resolve) => {
          asked.push({ reader, finish: () => resolve({ ok: false, problem: 'damaged', message: `${reader}` }) });
        }),
      prepare: () => prepared.push(reader),
    };
  });
  const { clock } = stoppedClock();
  return { asked, prepared, read: () => readers.read(BYTES, clock), prepare: () => readers.prepare(clock) };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('several processes', () => {
  it('are made as they are needed, and no more than that', async () => {
    const { asked, read } = makeReaders(2);
    const readings = [read(), read(), read()];
    await turn();
    expect(asked.map(({ reader }) => reader)).toEqual([0, 1]);
    asked[1]?.finish();
    await turn();
    // The third waits for the first that is free.
    expect(asked.map(({ reader }) => reader)).toEqual([0, 1, 1]);
    for (const { finish } of asked) finish();
    expect(await Promise.all(readings)).toMatchObject([{ message: '0' }, { message: '1' }, { message: '1' }]);
  });

  it('one is enough for one file after the other', async () => {
    const { asked, read } = makeReaders(4);
    for (let file = 0; file < 3; file += 1) {
      const reading = read();
      await turn();
      asked.at(-1)?.finish();
      await reading;
    }
    expect(asked.map(({ reader }) => reader)).toEqual([0, 0, 0]);
  });
});

describe('a process that is started ahead', () => {
  const AHEAD_MS = 120_000;

  it('reads the next file, however often it was prepared', async () => {
    const { read, prepare } = readerOf(PID);
    prepare();
    prepare();
    await expect.poll(() => heard.has(started[0])).toBe(true);
    expect(await read()).toEqual({ ok: true, text: started[0]?.pid });
    expect(started).toHaveLength(1);
  });

  it('practises while no file is there', async () => {
    const { read, prepare } = readerOf(answering('{ ok: true, text: told }'));
    prepare();
    await expect.poll(() => heard.has(started[0])).toBe(true);
    expect(await read()).toEqual({ ok: true, text: [WARM_UP] });
    // Not again: it has read one.
    prepare();
    expect(await read()).toEqual({ ok: true, text: [WARM_UP] });
  });

  it('does not practise where a file is there', async () => {
    const { read, prepare } = readerOf(answering('{ ok: true, text: told }'));
    prepare();
    expect(await read()).toEqual({ ok: true, text: [] });
  });

  it('ends where no file comes, and another one is started for a late file', async () => {
    const { read, prepare, fire } = readerOf(PID);
    prepare();
    await expect.poll(() => heard.has(started[0])).toBe(true);
    const exit = once(started[0] as ChildProcess, 'exit');
    fire((ms) => ms === AHEAD_MS);
    expect((await exit)[1]).toBe('SIGKILL');
    expect(await read()).toEqual({ ok: true, text: started[1]?.pid });
  });

  it('is tried again with the file where it did not start', async () => {
    let starts = 0;
    const { read, prepare } = readerOf(PID, (args, env) => {
      starts += 1;
      if (starts === 1) throw new Error('spawn EAGAIN');
      return startNode(args, env);
    });
    prepare();
    await expect.poll(() => starts).toBe(1);
    expect(await read()).toEqual({ ok: true, text: started[0]?.pid });
  });

  it('that is never ready is given up in the time that a file has', async () => {
    const { read, prepare, fire } = readerOf('setInterval(() => {}, 1000)');
    prepare();
    await expect.poll(() => started.length).toBe(1);
    const reading = read();
    await new Promise((resolve) => setImmediate(resolve));
    fire((ms) => ms === READING_MS);
    expect(await reading).toMatchObject(damaged);
    expect(started).toHaveLength(1);
  });

  it('that is never ready is given up where no file comes, too', async () => {
    const { prepare, fire } = readerOf('setInterval(() => {}, 1000)');
    prepare();
    await expect.poll(() => started.length).toBe(1);
    const exit = once(started[0] as ChildProcess, 'exit');
    fire((ms) => ms === AHEAD_MS);
    expect((await exit)[1]).toBe('SIGKILL');
    expect(started).toHaveLength(1);
  });

  it('keeps this process alive only for a file, and then at once', async () => {
    const { read, prepare, timers } = readerOf(PID);
    const keepUsAlive = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
    prepare();
    await expect.poll(() => started.length).toBe(1);
    expect(keepUsAlive()).toBe(0);
    // It is not ready yet.
    const reading = read();
    expect(keepUsAlive()).toBe(1);
    await reading;
    expect(keepUsAlive()).toBe(0);
    prepare();
    await expect.poll(() => [...timers.values()].some(({ ms }) => ms === AHEAD_MS)).toBe(true);
    expect(keepUsAlive()).toBe(0);
    expect(started[0]?.exitCode).toBe(null);
  });

  it('is the one that reads next, of several', async () => {
    const { prepared, asked, read, prepare } = makeReaders(2);
    prepare();
    const reading = read();
    await turn();
    asked[0]?.finish();
    await reading;
    prepare();
    expect(prepared).toEqual([0, 0]);
    expect(asked.map(({ reader }) => reader)).toEqual([0]);
  });
});

describe('a run that is cancelled', () => {
  it('ends the process, and leaves nothing that was read', async () => {
    const { clock } = stoppedClock();
    const { read } = readerApart(
      async () => ({ args: ['--eval', "process.on('message', () => {}); process.send('ready');"] }),
      startNode,
    );
    const controller = new AbortController();
    const reading = read(BYTES, clock, controller.signal);
    await new Promise<void>((resolve) => {
      const look = () => (heard.has(started.at(-1)) ? resolve() : setImmediate(look));
      look();
    });
    const [child] = started;
    const ended = child && once(child, 'exit');
    controller.abort();
    expect(await reading).toMatchObject(damaged);
    await ended;
    expect(await read(BYTES, clock, controller.signal)).toMatchObject(damaged);
    expect(started).toHaveLength(1);
  });
});
