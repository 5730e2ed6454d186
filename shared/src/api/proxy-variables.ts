/** Environment variables that name a proxy for https, in the order in which curl reads them. */
export const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;
