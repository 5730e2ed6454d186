/** Settings from outside that change whom TLS trusts: the environment's and Node's own flags. Pure. */
import type { Environment } from '../model/host.ts';

/** NODE_OPTIONS counts as if it stood on the command line; `_` and `-` are the same there. */
function flagsOf(environment: Environment, execArgv: readonly string[]): string[] {
  const fromVariable = (environment.NODE_OPTIONS ?? '').split(/\s+/).map((word) => word.replace(/^"|"$/g, ''));
  return [...fromVariable, ...execArgv].map((flag) => flag.replaceAll('_', '-'));
}

/**
 * What asks for connections that anybody could read or pose in. Every request of ours is made with its own settings, so these have no
 * effect on it; who set them believes otherwise, and other programs of the job obey them.
 * @returns as they would be written
 */
export function ignoredTlsSettings(environment: Environment, execArgv: readonly string[]): string[] {
  const ignored = environment.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? ['NODE_TLS_REJECT_UNAUTHORIZED=0'] : [];
  const flags = flagsOf(environment, execArgv);
  return [...ignored, ...['--tls-min-v1.0', '--tls-min-v1.1'].filter((flag) => flags.includes(flag))];
}

/** Where the usual CAs come from; undefined where Node's own list counts. */
export function caStoreOf(environment: Environment, execArgv: readonly string[]): 'openssl' | 'system' | undefined {
  const flags = flagsOf(environment, execArgv);
  if (flags.includes('--use-openssl-ca')) return 'openssl';
  return flags.includes('--use-system-ca') || environment.NODE_USE_SYSTEM_CA === '1' ? 'system' : undefined;
}
