/** What the system of the job can show. */
import type { Environment } from '@fusegate/shared/model/host';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { ciOf } from '@fusegate/shared/options/choices';
import { candidatesOf, type RawInputs } from '@fusegate/shared/options/input-candidates';
import type { JobLog } from '@fusegate/shared/options/job-log';
import { jobLogOf, NOTHING_KNOWN } from '@fusegate/shared/options/job-logs';
import { parseValue } from '@fusegate/shared/options/parse-value';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { optionById } from '@fusegate/shared/options/table';

export function chooseLog(environment: Environment, { ci, ciSystem }: Pick<RunRequest, 'ci' | 'ciSystem'>): JobLog {
  return ci ? jobLogOf(environment, ciSystem) : NOTHING_KNOWN;
}

/** For a run that never began: the system that the environment tells, unless `ci` was given and can be read on its own. */
export function logOfRefusal(raw: RawInputs, environment: Environment): JobLog {
  const given = candidatesOf('ci', raw, environment, CLI).find(({ text }) => text.trim() !== '');
  const parsed = given && parseValue(optionById('ci'), given.text, CLI);
  return chooseLog(environment, ciOf(parsed?.ok ? String(parsed.value) : 'true'));
}
