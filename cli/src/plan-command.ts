import { parseArgs } from 'node:util';
import { EXIT } from '@fusegate/shared/model/errors';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import { nearestNames } from '@fusegate/shared/text/nearest-name';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { CommandIo } from './command-io.ts';
import { PLAN_HELP } from './help.ts';
import type { FleetFormat } from './plan/fleet-format.ts';
import { FLEET_FORMATS } from './plan/fleet-formats.ts';
import { refuseOptions } from './usage-report.ts';

const OPTIONS = {
  fleet: { type: 'string' },
  format: { type: 'string' },
  overlay: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * `fusegate plan`: a fleet file as a CI system's own fan-out, on standard output. It looks at names only, never into an app.
 * @returns the process exit
 */
export async function planCommand(words: readonly string[], io: CommandIo): Promise<number> {
  const refuse = (problems: readonly InputProblem[]) => refuseOptions(problems, io, 'plan', 'data');
  let given: { fleet?: string; format?: string; overlay?: string; help?: boolean };
  try {
    given = parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    return refuse([problem('plan', plainLine(message), { allowed: 'see fusegate plan --help' })]);
  }
  if (given.help) {
    io.stdout.write(`${PLAN_HELP}\n`);
    return EXIT.pass;
  }
  const { planFleet, readOverlay, overlaid, asYaml } = await import('@fusegate/shared/intake/fleet/plan-fleet');
  const format = formatOf(given.format);
  const planned =
    given.fleet === undefined
      ? { problems: [problem('--fleet', 'is missing', { allowed: '--fleet with the path of a fleet file' })] }
      : await planFleet(given.fleet, '--fleet', io.cwd);
  const over = given.overlay === undefined ? undefined : await readOverlay(given.overlay, '--overlay', io.cwd);
  const problems = [
    ...('message' in format ? [format] : []),
    ...('problems' in planned ? planned.problems : []),
    ...(over !== undefined && 'problem' in over ? [over.problem] : []),
    ...(over !== undefined && 'syntax' in format && format.syntax !== 'yaml' ? [noOverlay(format)] : []),
  ];
  if ('message' in format || 'problems' in planned || problems.length > 0) return refuse(problems);
  const plan = format.render({ file: given.fleet ?? '', apps: planned.fleet.apps });
  const whole = over !== undefined && 'overlay' in over ? overlaid(plan, over.overlay) : plan;
  if (format.syntax === 'yaml') io.stdout.write(await asYaml(whole));
  else io.stdout.write(`${format.syntax === 'json' ? JSON.stringify(whole) : String(whole)}\n`);
  // Where a variable is filled from standard output, people still see what was planned.
  io.stderr.write(`plan ${planned.fleet.plan.slice(0, 16)}: ${planned.fleet.apps.length} apps\n`);
  return EXIT.pass;
}

function formatOf(text: string | undefined): FleetFormat | InputProblem {
  const names = FLEET_FORMATS.map(({ id }) => id);
  const allowed = names.join(', ');
  if (text === undefined) return problem('--format', 'is missing', { allowed });
  const found = FLEET_FORMATS.find(({ id }) => id === text.toLowerCase());
  if (found !== undefined) return found;
  const [near] = nearestNames(text, names);
  const message = `is not a CI system that plans are written for${near === undefined ? '' : `; did you mean ${near}?`}`;
  return problem('--format', message, { value: shownValue(text), allowed });
}

function noOverlay({ id }: FleetFormat): InputProblem {
  const those = FLEET_FORMATS.filter(({ syntax }) => syntax === 'yaml').map((format) => format.id);
  return problem('--overlay', `does not apply to the format ${id}, which is not a pipeline`, {
    allowed: `leave it out; it is for ${those.join(' and ')}`,
  });
}
