/** What keeps one hanging job of the fault runs from taking the others with it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { modeInputs } from '../e2e/support/mode-inputs.ts';
import { API_KEY } from '../e2e/support/service.ts';
import { bundledDriver } from './driver-bundle.ts';
import { flows } from './flows.ts';
import { startLongLived } from './long-lived.ts';

it('a job that is given up says what it has printed, and the next one runs', async () => {
  const hangs = new AbortController();
  const mute = createServer(() => hangs.abort()).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const longLived = startLongLived(await bundledDriver('jobs-driver', temporaryFolder()));
  try {
    const set = '00000000-0000-0000-0000-000000000000';
    const [flow] = flows(modeInputs(), { android: set, ios: set });
    const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const given = longLived.run(flow?.args ?? [], {
      env: { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: url },
      signal: hangs.signal,
    });
    await expect(given).rejects.toThrow('rehearsal.apk');
    const { exit, stdout } = await longLived.run(['--version'], { env: {} });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('fusegate') });
  } finally {
    longLived.stop();
    mute.closeAllConnections();
    mute.close();
  }
});
