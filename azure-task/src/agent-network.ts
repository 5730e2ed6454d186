/**
 * The agent's proxy and CA, which the task has to honour by itself: they are settings of the agent, not variables that a client knows.
 * They count where neither an input nor a variable says anything.
 */
import { PROXY_VARIABLES } from '@fusegate/shared/api/proxy-variables';
import type { Environment } from '@fusegate/shared/model/host';

export interface AgentNetwork {
  /** With user and password in it, where the agent has them. */
  proxyUrl?: string | undefined;
  /** Regular expressions against URLs. */
  bypass?: readonly string[] | undefined;
  caFile?: string | undefined;
  /** A client certificate is configured. */
  clientCertificate?: boolean | undefined;
}

/**
 * The agent's bypass list holds regular expressions; NO_PROXY holds hosts. Patterns such as `https?://host\.example` and
 * `\.corp\.example$` can be written both ways; hosts whose pattern cannot go through the proxy.
 */
export function noProxyHosts(bypass: readonly string[]): string[] {
  return bypass.flatMap((pattern) => {
    const bare = pattern
      .trim()
      .replace(/^\^/, '')
      .replace(/^https\?:(\\?\/){2}|^https?:(\\?\/){2}/i, '')
      .replace(/^(\.\*|\[\^\/\]\*)(\\\.|\.)?/, '.')
      .replace(/((\\?\/)?\.\*|\\?\/)?\$?$/, '')
      .replaceAll('\\.', '.')
      .replaceAll('\\-', '-');
    return /^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d+)?$/.test(bare) ? [bare] : [];
  });
}

/** @returns the variables to add to the environment; those that have a value already are left alone */
export function networkVariables(network: AgentNetwork, environment: Environment): Record<string, string> {
  const added: Record<string, string> = {};
  const unset = (name: string) => (environment[name] ?? '') === '';
  if (network.proxyUrl && ['FUSEGATE_PROXY', ...PROXY_VARIABLES].every(unset)) {
    added['FUSEGATE_PROXY'] = withPort(network.proxyUrl);
    const hosts = noProxyHosts(network.bypass ?? []);
    if (hosts.length > 0 && unset('NO_PROXY') && unset('no_proxy')) added['NO_PROXY'] = hosts.join(',');
  }
  if (network.caFile && unset('FUSEGATE_CA_FILE')) added['FUSEGATE_CA_FILE'] = network.caFile;
  return added;
}

/** Without a port, the agent (.NET) takes the scheme's own; we take curl's, which is another. */
function withPort(proxy: string): string {
  const [, address = proxy, scheme] = /^((https?):\/\/(?:.*@)?[^@:/]+)\/?$/i.exec(proxy) ?? [];
  return scheme === undefined ? proxy : `${address}:${scheme.toLowerCase() === 'https' ? 443 : 80}`;
}
