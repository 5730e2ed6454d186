import { MessageCursor } from '@fusegate/shared/pipeline/message-cursor';
import { describe, expect, it } from 'vitest';

const at = (second: number, text = `m${second}`) => ({ text, createdAt: `2026-01-01T10:00:0${second}.000Z` });

describe('MessageCursor', () => {
  it('shows each message once, even when the service repeats old ones', () => {
    const cursor = new MessageCursor();
    expect(cursor.take([at(1), at(2)]).map(({ text }) => text)).toEqual(['m1', 'm2']);
    expect(cursor.take([at(1), at(2), at(3), at(3)]).map(({ text }) => text)).toEqual(['m3']);
    expect(cursor.take([at(3, 'other')]).map(({ text }) => text)).toEqual(['other']);
  });

  it('keeps no more than a run can hold, and says so once', () => {
    const cursor = new MessageCursor();
    const many = Array.from({ length: 2 * MessageCursor.most }, (_, nth) => ({ text: `m${nth}` }));
    const fresh = cursor.take(many);
    expect(fresh).toHaveLength(MessageCursor.most + 1);
    expect(fresh.at(-1)?.text).not.toMatch(/^m\d/);
    expect(cursor.take([at(1)])).toEqual([]);
  });

  it('asks from the newest message on, in whatever order they came', () => {
    const cursor = new MessageCursor();
    expect(cursor.lastDate).toBeUndefined();
    cursor.take([at(5), at(2), { text: 'no date' }, { text: 'bad date', createdAt: 'yesterday' }]);
    expect(cursor.lastDate).toBe('2026-01-01T10:00:05.000Z');
  });
});
