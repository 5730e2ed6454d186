import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@fusegate/shared/model/clock';
import type { JsonShape } from './certificate/model.ts';
import type { PreparedCertificates } from './certificate/prepared.ts';
import type { RequestLog } from './record/request-log.ts';
import type { Settings } from './state/model.ts';
import type { Store } from './state/store.ts';

export interface Services {
  store: Store;
  log: RequestLog;
  certificates: PreparedCertificates;
  clock: Clock;
  apiKey: string;
  /** Multiplies all durations; 0.01 = a hundred times faster. */
  timeScale: number;
  shape: JsonShape;
  /** Origin of the storage host, once it listens. */
  storageOrigin: string;
  /** Receives bugs of the emulator itself; the client gets a 500. */
  report(error: unknown): void;
  /** Background work that no answer waits for; failures are reported. The emulator waits for it when closing. */
  background(work: Promise<void>): void;
  /** Aborted when the emulator closes: everything that waits must stop. */
  closing: AbortSignal;
}

/** A settings time in real milliseconds. */
export function scaled(
  services: Services,
  name: { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings],
): number {
  return services.store.state.settings[name] * services.timeScale;
}

export function isKey(services: Services, key: string): boolean {
  // Hashed first, because compared values must have the same length.
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(key), hash(services.apiKey));
}
