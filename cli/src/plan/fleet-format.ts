/** A plan as a CI system takes it: one record for each, in a file of its own. Every one looks at names only. */
import { VERSION } from '@fusegate/shared/model/version';
import { shellWord } from '@fusegate/shared/text/shell-word';

export interface PlannedApp {
  /** Of the entry. */
  name: string;
  /** The same as letters, digits and `_`, a letter first; unique as well. */
  id: string;
  /** What the option `fleet-app` takes: the name and the plan, so that a run with another fleet file is noticed. */
  fleetApp: string;
}

export interface FleetPlan {
  /** The fleet file as it was given, relative to where jobs run. */
  file: string;
  apps: readonly PlannedApp[];
}

export interface FleetFormat {
  /** As `ci.system` of a result and `--format` name it. */
  id: string;
  /** `json`: on one line, for a variable. `text`: as it is. */
  syntax: 'json' | 'yaml' | 'text';
  render(plan: FleetPlan): unknown;
}

/** The command in the jobs that a plan holds; the variable is for machines without a registry. */
const COMMAND = `\${FUSEGATE:-npx --yes fusegate@${VERSION}}`;

/** Where the runs of a fleet leave their results, from the working folder. */
export const RESULTS = 'fusegate-output/*/fusegate-result.json';
/** Where the joined report goes. */
export const JOINED = 'fusegate-fleet';

export function runCommand({ file }: FleetPlan): string {
  return `${COMMAND} run --fleet ${shellWord(file)}`;
}

export function reportCommand({ file }: FleetPlan): string {
  return `${COMMAND} report --fleet ${shellWord(file)} ${shellWord(RESULTS)}`;
}
