/** What is sent for each device cloud that a build can be made for (appdome-api.md §3.7). */
import type { BuildToTestVendor, VendorName } from '../model/run-request.ts';

/**
 * The constant that is sent for each vendor. Tricentis' cloud has two names: `tosca` and its constant are what two clients send (verified);
 * `AUTOMATION_TRICENTIS_DEVICE_CLOUD` is only documented, and is sent if written out.
 */
const CONSTANTS = {
  aws_device_farm: 'AUTOMATION_AWS_DEVICE_FARM',
  bitbar: 'AUTOMATION_BITBAR',
  browserstack: 'AUTOMATION_BROWSERSTACK',
  firebase: 'AUTOMATION_FIREBASE',
  katalon: 'AUTOMATION_KATALON',
  kobiton: 'AUTOMATION_KOBITON',
  lambdatest: 'AUTOMATION_LAMBDATEST',
  perfecto: 'AUTOMATION_PERFECTO',
  saucelabs: 'AUTOMATION_SAUCELABS',
  tosca: 'AUTOMATION_TOSCA',
  tricentis_device_cloud: 'AUTOMATION_TOSCA',
  app_debug: 'AUTOMATION_APP_DEBUG',
  app_profiler: 'AUTOMATION_APP_PROFILER',
} as const satisfies Record<VendorName, BuildToTestVendor>;

export const VENDOR_NAMES = Object.keys(CONSTANTS) as readonly VendorName[];

/**
 * A vendor as people write it: any case, with `-`, `_` or a space between the words, or the constant.
 * @returns undefined for a name that no client or documentation knows
 */
export function parseVendor(text: string): BuildToTestVendor | undefined {
  const plain = text.trim().toLowerCase().replace(/[ -]+/g, '_');
  const constant = /^automation_[a-z0-9_]+$/.test(plain);
  if (constant) return `AUTOMATION_${plain.slice('automation_'.length).toUpperCase()}`;
  return VENDOR_NAMES.find((name) => name === plain);
}

export function vendorConstant(vendor: BuildToTestVendor): string {
  return vendor in CONSTANTS ? CONSTANTS[vendor as VendorName] : vendor;
}

/** The Python client's `build_to_test_message`, which it always sends. */
export function defaultVendorMessage(vendor: BuildToTestVendor): string {
  const name = vendor.startsWith('AUTOMATION_') ? vendor.slice('AUTOMATION_'.length).toLowerCase() : vendor;
  return `App is not running on ${name}. Exiting`;
}
