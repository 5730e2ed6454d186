import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { eventFields, sampleKeys } from '../../src/catalogue/event-data.ts';

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
const source = path.join(shared, 'reference', 'feature-catalog.json');

it('has every key of an event that the reference has, once', () => {
  const keys = eventFields.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  if (!existsSync(source)) {
    console.log('skipped: the keys of events against their reference (feature-catalog.json is not here)');
    expect(keys.length).toBeGreaterThan(30);
    return;
  }
  const reference = JSON.parse(readFileSync(source, 'utf8'));
  const named = [...reference.threatEventContextKeys, ...reference.threatEventElements];
  expect(new Set(keys)).toEqual(new Set(named.map(({ key }: { key: string }) => key)));
  expect(sampleKeys).toHaveLength(reference.extraKeysInSamplePayload.length);
});

it('has what is known of a key', () => {
  expect(eventFields).toContainEqual({ key: 'reasonData', element: 'DATA' });
  expect(eventFields).toContainEqual({ key: 'reasonCode', element: 'CODE' });
  expect(eventFields).toContainEqual({ key: 'currentThreatEventScore', element: 'SCORE' });
  expect(eventFields).toContainEqual({ key: 'carrierPlmn', androidOnly: true });
  expect(eventFields).toContainEqual({ key: 'threatCode', documentedFor: 'MobileBotDefenseRateLimitReached' });
});
