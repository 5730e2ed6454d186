/** Device clouds of POST /build-to-test (appdome-api.md §3.7): the constants of the clients and of the documentation, both names of Tosca. */
import { Refusal } from '../http/reply.ts';

export const VENDORS = [
  'AUTOMATION_AWS_DEVICE_FARM',
  'AUTOMATION_BITBAR',
  'AUTOMATION_BROWSERSTACK',
  'AUTOMATION_FIREBASE',
  'AUTOMATION_KATALON',
  'AUTOMATION_KOBITON',
  'AUTOMATION_LAMBDATEST',
  'AUTOMATION_PERFECTO',
  'AUTOMATION_SAUCELABS',
  'AUTOMATION_TOSCA',
  'AUTOMATION_TRICENTIS_DEVICE_CLOUD',
  'AUTOMATION_APP_DEBUG',
  'AUTOMATION_APP_PROFILER',
] as const;

/**
 * @returns the vendor
 * @throws Refusal 400 for an unknown vendor (inferred), or none
 */
export function demandVendor({ build_to_test_vendor: vendor }: Record<string, unknown>): string {
  const known = VENDORS.find((name) => name === vendor);
  if (known === undefined) throw new Refusal(400, 'Invalid build_to_test_vendor');
  return known;
}
