import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageAction, StoredApp, StoredTask } from '../../src/state/model.ts';
import { taskWord, uploadWord, workflowMessages } from '../../src/state/timeline.ts';

function task(...stages: Array<[StageAction, number, number, string?]>): StoredTask {
  return {
    id: 't',
    teamId: 'personal',
    appId: 'a',
    client: '',
    fusionSet: { id: 'f', name: 'F', platform: 'android', features: [] },
    asked: false,
    stages: stages.map(([action, startedAt, endsAt, failure]) => ({
      action,
      startedAt,
      endsAt,
      overrides: {},
      files: [],
      ...(failure === undefined ? {} : { failure }),
    })),
  };
}

describe('taskWord', () => {
  const output = { stages: 1, sha256: '', size: 0 };
  it.each([
    ['before the end', task(['fuse', 0, 10]), output, 9, 'progress'],
    ['at the end', task(['fuse', 0, 10]), output, 10, 'completed'],
    ['at the end without the hash', task(['fuse', 0, 10]), undefined, 10, 'progress'],
    ['at the end with the hash of an earlier stage', task(['fuse', 0, 10], ['sign', 10, 20]), output, 20, 'progress'],
    ['failed, before the end', task(['fuse', 0, 10, 'no']), undefined, 9, 'progress'],
    ['failed, at the end', task(['fuse', 0, 10, 'no']), undefined, 10, 'error'],
    ['without a stage', task(), undefined, 10, 'progress'],
  ] as const)('%s', (_, entry, settled, now, word) => {
    expect(taskWord(settled === undefined ? entry : { ...entry, output: settled }, now)).toBe(word);
  });
});

describe('uploadWord', () => {
  it('goes queued, progress, then completed or error', () => {
    const app = { queuedUntil: 10, analysedAt: 20 } as StoredApp;
    expect([9, 10, 19, 20].map((now) => uploadWord(app, now))).toEqual(['queued', 'progress', 'progress', 'completed']);
    expect(uploadWord({ ...app, refusal: 'Unsupported file' }, 20)).toBe('error');
  });
});

describe('workflowMessages', () => {
  it('a client that asks after its last one sees every message once, whenever it asks', () => {
    const polls = fc.array(fc.nat(400), { maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), polls, (fuse, sign, steps) => {
        const build = task(['fuse', 1000, 1000 + fuse], ['sign', 1000 + fuse, 1000 + fuse + sign]);
        let now = 1000;
        let last = Number.NEGATIVE_INFINITY;
        const seen: string[] = [];
        for (const step of [...steps, 1000]) {
          now += step;
          const fresh = workflowMessages(build.stages, now, last);
          seen.push(...fresh.map(({ message }) => message.text));
          last = fresh.length > 0 ? Date.parse(fresh.at(-1)?.creation_time ?? '') : last;
        }
        expect(seen).toEqual(
          workflowMessages(build.stages, Number.MAX_SAFE_INTEGER, Number.NEGATIVE_INFINITY).map(
            ({ message }) => message.text,
          ),
        );
        expect(seen).toHaveLength(5);
      }),
    );
  });

  it('says nothing that the bash client would stumble over', () => {
    const build = task(['fuse', 0, 1], ['context', 1, 2], ['sign', 2, 3], ['seal', 3, 4], ['sign_script', 4, 5]);
    for (const { message } of workflowMessages(build.stages, 1e9, -1)) expect(message.text).not.toMatch(/"|error/);
  });
});
