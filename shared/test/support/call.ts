import type { CallContext } from '@fusegate/shared/api/call';
import { AppdomeClient } from '@fusegate/shared/api/client';
import type { TransportOptions } from '@fusegate/shared/api/transport';
import { Secret } from '@fusegate/shared/model/secret';
import { FakeClock } from './fake-clock.ts';

export const API_KEY = 'synthetic-key-0123456789';
const HOUR = 3_600_000;

/** A client on a fake clock, with stall and connect times so long that only a test's `advance` reaches them. */
export function testClient(
  url: string,
  options: Partial<Omit<TransportOptions, 'server'>> & { teamId?: string; proxy?: string; caFile?: string } = {},
): { client: AppdomeClient; clock: FakeClock } {
  const { teamId, proxy, caFile, ...rest } = options;
  const clock = new FakeClock();
  const client = new AppdomeClient({
    limits: { connect: HOUR, stall: HOUR, retries: 3 },
    clock,
    random: () => 0.5,
    ...rest,
    server: {
      url,
      apiKey: new Secret(API_KEY),
      ...(teamId === undefined ? {} : { teamId }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(caFile === undefined ? {} : { caFile }),
    },
  });
  return { client, clock };
}

export interface TestContext extends CallContext {
  abort: AbortController;
  counted: { requests: number };
}

export function testContext(stage: CallContext['stage'] = 'build'): TestContext {
  const abort = new AbortController();
  const counted = { requests: 0 };
  return {
    stage,
    signal: abort.signal,
    abort,
    counted,
    onRequest: () => {
      counted.requests += 1;
    },
  };
}
