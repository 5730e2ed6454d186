/** What a build and its context step can request: files, overrides, the device cloud. Pure. */

import { contextOverrides } from '../api/sign-overrides.ts';
import { parseVendor, vendorConstant } from '../api/vendors.ts';
import { defined } from '../model/defined.ts';
import type { BuildToTestVendor, ContextRequest, RunRequest } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { overrideConflicts, secretsOnCommandLine } from './override-rules.ts';

const BUILD_OPTIONS: readonly OptionId[] = [
  'build-logs',
  'build-overrides',
  'build-to-test',
  'baseline-profile',
  'startup-profile',
  'input-mapping',
  'cert-pinning-zip',
];

export function decideBuild(
  options: ParsedOptions,
  files: InspectedFiles,
): {
  request: Pick<RunRequest, 'buildLogs' | 'buildOverrides' | 'buildFiles' | 'buildToTest'>;
  problems: InputProblem[];
  notices: string[];
} {
  const { buildOverrides, buildFiles } = files;
  const buildLogs = options.get('build-logs') ?? false;
  const vendor = vendorOf(options);
  const typed = {
    ...(buildLogs || options.origin('build-logs') ? { extended_logs: buildLogs } : {}),
    ...defined({ build_to_test_vendor: vendor && vendorConstant(vendor) }),
  };
  const problems = [
    ...overrideConflicts(options, { option: 'build-overrides', overrides: buildOverrides }, typed),
    ...secretsOnCommandLine(options, 'build-overrides'),
  ];
  // An ordinary build ignores it: the app would run everywhere without anyone noticing.
  const misplaced = vendor === undefined && Object.keys(buildOverrides).find((key) => key.startsWith('build_to_test_'));
  if (misplaced && !options.failed('build-to-test')) {
    const test = options.name('build-to-test');
    problems.push(
      options.problemWith('build-overrides', `sets ${misplaced} without ${test}`, `${test} with the vendor`),
    );
  }
  const exists = options.mode === 'run' && options.get('build-id') !== undefined;
  const notices = BUILD_OPTIONS.filter((id) => exists && options.origin(id)).map(
    (id) => `${options.name(id)} is not used: ${options.name('build-id')} names a build that exists already.`,
  );
  return {
    request: {
      buildLogs,
      buildOverrides,
      ...(Object.keys(buildFiles).length > 0 ? { buildFiles } : {}),
      ...defined({ buildToTest: vendor }),
    },
    problems,
    notices,
  };
}

function vendorOf(options: ParsedOptions): BuildToTestVendor | undefined {
  const word = options.get('build-to-test');
  return word === undefined || word === 'none' ? undefined : parseVendor(word);
}

/** What the context step changes. */
const CONTEXT_OPTIONS = [
  'new-bundle-id',
  'new-version',
  'new-build-number',
  'new-display-name',
  'app-icon',
  'icon-overlay',
  'context-overrides',
] as const;

const POSITIONS = ['Top Right', 'Top Left', 'Bottom Right', 'Bottom Left'];

/** Only what was asked for is in the object; nothing asked = no context step (appdome-api.md §3.8). */
export function decideContext(
  options: ParsedOptions,
  files: InspectedFiles,
): { context?: ContextRequest; problems: InputProblem[] } {
  const { contextOverrides: overrides, appIcon, iconOverlay } = files;
  const context: ContextRequest = defined({
    bundleId: options.get('new-bundle-id'),
    version: options.get('new-version'),
    buildNumber: options.get('new-build-number'),
    displayName: options.get('new-display-name'),
    appIcon,
    iconOverlay,
  });
  const typed = contextOverrides(context);
  const problems = [
    ...overrideConflicts(options, { option: 'context-overrides', overrides }, typed),
    ...secretsOnCommandLine(options, 'context-overrides'),
    ...secretsOnCommandLine(options, 'sign-overrides'),
    ...overlayProblems(options, files),
  ];
  if (Object.keys(overrides).length > 0) context.overrides = overrides;
  const kind = files.app?.kind;
  const [first] = Object.keys(context);
  if (first !== undefined && (kind === 'aar' || kind === 'zip')) {
    const message = 'is for apps: an SDK has no context step';
    const set = CONTEXT_OPTIONS.filter((id) => options.origin(id));
    problems.push(...set.map((id) => options.problemWith(id, message, 'leave it out')));
  }
  return first === undefined ? { problems } : { context, problems };
}

/** Documented ranges (appdome-api.md §3.8); a wrong value would waste a paid build. */
function overlayProblems(
  options: ParsedOptions,
  { contextOverrides: overrides, iconOverlay }: InspectedFiles,
): InputProblem[] {
  const problems: InputProblem[] = [];
  const wrong = (message: string, allowed: string) =>
    problems.push(options.problemWith('context-overrides', message, allowed));
  const { icon_overlay: overlay, icon_overlay_scale: scale, icon_overlay_position: position } = overrides;
  if (scale !== undefined && !(Number(scale) >= 20 && Number(scale) <= 50)) {
    wrong('has an icon_overlay_scale out of range', '20 to 50');
  }
  if (position !== undefined && !POSITIONS.includes(String(position))) {
    wrong('has an icon_overlay_position that is not a corner', POSITIONS.join(', '));
  }
  const given = iconOverlay ?? options.get('icon-overlay');
  if ((overlay === true || overlay === 'true') && given === undefined && !options.failed('icon-overlay')) {
    const image = options.name('icon-overlay');
    wrong(`sets icon_overlay without ${image}`, `${image} with the image`);
  }
  return problems;
}

/** Outputs that were asked for and that this job does not have. */
export function outputNotices(options: ParsedOptions, { app }: InspectedFiles): string[] {
  if (!options.get('second-output')) return [];
  const name = options.name('second-output');
  if (app !== undefined && app.kind !== 'aab') return [`${name} is not used: only an .aab has a second output.`];
  return options.get('sign') === 'auto-dev' ? [`${name} is not used: auto-dev signing has no second output.`] : [];
}
