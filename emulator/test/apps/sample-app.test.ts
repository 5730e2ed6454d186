import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findListenersInApp } from '@fusegate/shared/threat-events/app/find-listeners';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdentity } from '../../src/apps/identity.ts';
import { writeSampleApp } from '../../src/apps/sample/sample-app.ts';
import { BUILT_IN_FUSION_SETS } from '../../src/fusion-sets/built-in.ts';
import { eventsOf } from '../../src/fusion-sets/fusion-set.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sample-app-'));
  file = await writeSampleApp(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the sample app', () => {
  it('registers a listener of its own for every event of the built-in Android sets, and is read whole', async () => {
    const android = BUILT_IN_FUSION_SETS.filter(({ platform }) => platform === 'android');
    const events = [...new Set(android.flatMap(eventsOf))];
    const report = await findListenersInApp({ file, events });
    expect(events).toHaveLength(12);
    expect(report.events.map(({ name, outcome }) => [name, outcome])).toEqual(
      events.map((name) => [name, 'registered']),
    );
    expect(report.unreadable).toEqual([]);
  });

  it('has the package that the certificate prints', async () => {
    const { bundleId } = await readIdentity(file, path.basename(file), 'apk');
    const { events } = await findListenersInApp({ file, events: ['RootedDevice'] });
    expect(events[0]?.places[0]?.where).toContain(`${bundleId}.`);
  });
});
