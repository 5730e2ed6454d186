declare module 'axios/unsafe/helpers/shouldBypassProxy.js' {
  /** Whether NO_PROXY exempts this URL from the proxy. */
  export default function shouldBypassProxy(location: string): boolean;
}
