import { neededEvents } from '@fusegate/shared/threat-events/needed-events';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_FUSION_SETS, FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { eventsOf, fusionSetSchema } from '../../src/fusion-sets/fusion-set.ts';

describe('the built-in Fusion Sets', () => {
  it('are what the control endpoint takes, each with an id of its own', () => {
    for (const set of BUILT_IN_FUSION_SETS) expect(fusionSetSchema.safeParse(set).error).toBeUndefined();
    expect(new Set(BUILT_IN_FUSION_SETS.map(({ id }) => id)).size).toBe(BUILT_IN_FUSION_SETS.length);
    expect(BUILT_IN_FUSION_SETS.map(({ id }) => id).sort()).toEqual(Object.values(FUSION_SET_IDS).sort());
  });

  it('pair events with protections as Fusegate does', () => {
    for (const { features, platform } of BUILT_IN_FUSION_SETS) {
      for (const { displayName: name, event, mode } of features) {
        expect([name, event !== undefined]).toEqual([name, name !== undefined && mode !== undefined]);
        if (event === undefined || name === undefined) continue;
        const needed = neededEvents({ protections: [{ name, source: 'a test' }], platform }).events;
        expect([name, needed.map((each) => each.name)]).toEqual([name, expect.arrayContaining([event])]);
      }
    }
  });

  it('switch on no event where Threat-Events is off', () => {
    const feature = { key: 'a', category: 'A', role: 'plugin', event: 'RootedDevice' } as const;
    expect(eventsOf({ features: [feature] })).toEqual([]);
    expect(eventsOf({ features: [feature, { ...feature, mode: 'In-App Detection' }] })).toEqual(['RootedDevice']);
  });
});
