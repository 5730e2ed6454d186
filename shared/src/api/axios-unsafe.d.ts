declare module 'axios/unsafe/helpers/shouldBypassProxy.js' {
  /** Whether NO_PROXY says that this URL is to be reached without a proxy. */
  export default function shouldBypassProxy(location: string): boolean;
}
