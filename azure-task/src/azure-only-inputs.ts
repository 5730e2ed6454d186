/**
 * Inputs that only Azure has, because the system keeps files and tokens in places of its own. task.json is generated from this list and
 * the option table, and the task reads its inputs by the same.
 */
import type { Option, OptionId } from '@fusegate/shared/options/table';

/** The type of the service connection, as vss-extension.json contributes it. */
export const CONNECTION_TYPE = 'fusegate-appdome';
export const CONNECTION_INPUT = 'serviceConnection';

export interface SecureFileInput {
  name: string;
  /** The option whose value the downloaded file becomes. */
  option: OptionId;
  label: string;
  help: string;
}

const SECURE =
  'Choose a file of the Secure files library (Pipelines, Library). It is downloaded for this task only and removed at its end';

/** A `secureFile` input takes one file; an app with extensions gives further profiles as paths. */
export const SECURE_FILE_INPUTS: readonly SecureFileInput[] = [
  { name: 'keystoreSecureFile', option: 'keystore', label: 'Android keystore (Secure file)', help: SECURE },
  { name: 'p12SecureFile', option: 'p12', label: 'iOS signing identity, .p12 (Secure file)', help: SECURE },
  {
    name: 'provisioningProfileSecureFile',
    option: 'provisioning-profiles',
    label: 'iOS provisioning profile (Secure file)',
    help: SECURE,
  },
  {
    name: 'provisioningProfileSecureFile2',
    option: 'provisioning-profiles',
    label: 'Second iOS provisioning profile (Secure file)',
    help: `${SECURE}. For an app with an extension`,
  },
  {
    name: 'provisioningProfileSecureFile3',
    option: 'provisioning-profiles',
    label: 'Third iOS provisioning profile (Secure file)',
    help: `${SECURE}. For an app with several extensions`,
  },
  { name: 'entitlementsSecureFile', option: 'entitlements', label: 'iOS entitlements (Secure file)', help: SECURE },
];

/**
 * The value that a form shows before anybody touches it: a checkbox has to be on or off, and the other inputs depend on the mode. It is
 * handed over as if somebody had written it, so the task takes it for unset (azure-inputs.ts).
 */
export function presetOf(option: Pick<Option, 'id' | 'type' | 'default'>): string | undefined {
  return option.type.kind === 'boolean' || option.id === 'mode' ? (option.default ?? 'false') : undefined;
}
