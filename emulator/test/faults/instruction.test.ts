import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FaultInstruction, type FaultState, parseFaults } from '../../src/faults/instruction.ts';
import { freshFault, isConsumed, takeFaults } from '../../src/faults/match.ts';

describe('parseFaults', () => {
  it('takes one instruction of every kind', () => {
    const kinds: FaultInstruction['do'][] = [
      { kind: 'status', code: 503, headers: { 'Retry-After': '1' }, body: '', contentType: 'text/plain', effect: true },
      { kind: 'html' },
      { kind: 'reset', at: 'request-body', bytes: 10 },
      { kind: 'stall', at: 'answer' },
      { kind: 'truncate', bytes: 0 },
      { kind: 'delay', ms: 5, scaled: false },
      { kind: 'replace', json: null },
      { kind: 'patchJson', set: { a: 1 }, delete: ['b'] },
      { kind: 'statusWord', word: 'pending' },
      { kind: 'uploadState', state: 'queued' },
      { kind: 'taskError', stage: 'sign', message: 'x' },
      { kind: 'message', text: 'x' },
      { kind: 'certificate', featuresEmpty: true },
    ];
    const parsed = parseFaults(kinds.map((action) => ({ do: action })));
    expect(parsed).toEqual({ faults: kinds.map((action) => ({ do: action })) });
  });

  const bad: Array<[string, unknown, RegExp]> = [
    ['no list', { do: {} }, /^faults: must be a JSON list/],
    ['no object', [3], /^faults\[0\]: must be a object/],
    ['nothing to do', [{}], /^faults\[0\]\.do: /],
    ['an unknown kind', [{ do: { kind: 'explode' } }], /^faults\[0\]\.do.*: is not an allowed value/],
    ['an unknown key', [{ do: { kind: 'html' }, wen: 1 }], /^faults\[0\]: unknown key wen/],
    [
      'a status that is not a failure',
      [{ do: { kind: 'html' } }, { do: { kind: 'status', code: 200 } }],
      /^faults\[1\]\.do\.code: must be at least 400/,
    ],
    ['a text for a number', [{ do: { kind: 'delay', ms: '5' } }], /^faults\[0\]\.do\.ms: must be a (number|int)/],
    ['times 0', [{ times: 0, do: { kind: 'html' } }], /^faults\[0\]\.times: /],
    ['a missing byte count', [{ do: { kind: 'reset', at: 'request-body' } }], /^faults\[0\]\.do\.bytes: is needed/],
    ['two bodies', [{ do: { kind: 'replace', text: 'a', base64: 'b' } }], /^faults\[0\]\.do: give exactly one/],
    ['a broken expression', [{ match: { path: 'regex:(' }, do: { kind: 'html' } }], /^faults\[0\]\.match\.path: /],
    [
      'a hash that is not one',
      [{ do: { kind: 'certificate', finalSha256: 'abc' } }],
      /finalSha256: must be 64 hex digits/,
    ],
  ];

  it.each(bad)('refuses %s and names index and key', (_, input, problem) => {
    const parsed = parseFaults(input);
    expect('problems' in parsed ? parsed.problems.join('\n') : '').toMatch(problem);
  });

  it('reports all at once', () => {
    const parsed = parseFaults([{ do: { kind: 'status', code: 1 } }, { do: { kind: 'delay', ms: -1 } }]);
    expect('problems' in parsed && parsed.problems).toHaveLength(2);
  });
});

const request = { method: 'GET', path: '/api/v1/tasks/1/status', action: undefined, wantsMessages: false };
const facts = (changes: Partial<{ method: string; path: string; action: string }>) => ({ ...request, ...changes });

function meets(
  instruction: FaultInstruction,
  changes: Parameters<typeof facts>[0] = {},
  moment: 'headers' | 'form' = 'headers',
) {
  return takeFaults([freshFault(instruction)], facts(changes), moment, 1).length === 1;
}

describe('matching', () => {
  it('goes by method, glob and expression', () => {
    const html = { kind: 'html' } as const;
    expect(meets({ do: html })).toBe(true);
    expect(meets({ match: { method: 'POST' }, do: html })).toBe(false);
    expect(meets({ match: { path: '/api/v1/tasks/*/status' }, do: html })).toBe(true);
    expect(meets({ match: { path: '/api/*/status' }, do: html })).toBe(false);
    expect(meets({ match: { path: '**/status' }, do: html })).toBe(true);
    expect(meets({ match: { path: 'regex:tasks/\\d/st' }, do: html })).toBe(true);
    expect(meets({ match: { path: '/api/v1/tasks/1/statu.' }, do: html })).toBe(false);
  });

  it('waits for the form where it names an action of a POST', () => {
    const instruction: FaultInstruction = { match: { action: 'fuse' }, do: { kind: 'html' } };
    const post = { method: 'POST', path: '/api/v1/tasks' };
    expect(meets(instruction, { ...post })).toBe(false);
    expect(meets(instruction, { ...post, action: 'sign' }, 'form')).toBe(false);
    expect(meets(instruction, { ...post, action: 'fuse' }, 'form')).toBe(true);
    expect(
      meets({ match: { action: 'deobfuscation_script' }, do: { kind: 'html' } }, { action: 'deobfuscation_script' }),
    ).toBe(true);
  });

  it('knows where the kinds for one thing belong', () => {
    expect(meets({ do: { kind: 'uploadState', state: 'queued' } })).toBe(false);
    expect(meets({ do: { kind: 'uploadState', state: 'queued' } }, { path: '/api/v1/upload/1/status' })).toBe(true);
    expect(meets({ do: { kind: 'certificate' } }, { path: '/api/v1/tasks/1/certificate' })).toBe(true);
    expect(meets({ do: { kind: 'certificate' } }, { path: '/api/v1/tasks/1/certificate-json' })).toBe(true);
    expect(meets({ do: { kind: 'message', text: 'x' } })).toBe(false);
  });

  it('counts: so many pass, so many are met, then none', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.integer({ min: 1, max: 5 }), fc.nat(12), (after, times, requests) => {
        const fault = freshFault({ after, times, do: { kind: 'html' } });
        const met = Array.from(
          { length: requests },
          (_, index) => takeFaults([fault], request, 'headers', index).length,
        );
        expect(met).toEqual(
          Array.from({ length: requests }, (_, index) => Number(index >= after && index < after + times)),
        );
        expect(isConsumed(fault)).toBe(requests >= after + times);
      }),
    );
  });

  it('meets deciding instructions one at a time, in order, and changing ones together', () => {
    const list: FaultState[] = [
      freshFault({ do: { kind: 'status', code: 503 } }),
      freshFault({ do: { kind: 'delay', ms: 1 }, times: 'always' }),
      freshFault({ do: { kind: 'html' } }),
    ];
    const take = () => takeFaults(list, request, 'headers', 1).map(({ kind }) => kind);
    expect([take(), take(), take()]).toEqual([['status', 'delay'], ['delay', 'html'], ['delay']]);
  });
});
