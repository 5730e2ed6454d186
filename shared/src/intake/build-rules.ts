/** What a build and its context step can request: files, overrides, the device cloud. Pure. */

import { contextOverrides } from '../api/sign-overrides.ts';
import { parseVendor, vendorConstant } from '../api/vendors.ts';
import type { BuildToTestVendor, ContextRequest, RunRequest } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, problem } from '../options/problem.ts';
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

export interface BuildDecision {
  request: Pick<RunRequest, 'buildLogs' | 'buildOverrides' | 'buildFiles' | 'buildToTest'>;
  problems: InputProblem[];
  notices: string[];
}

export function decideBuild(options: ParsedOptions, files: InspectedFiles): BuildDecision {
  const { buildOverrides, buildFiles } = files;
  const buildLogs = options.get('build-logs') ?? false;
  const vendor = vendorOf(options);
  const typed = {
    ...(buildLogs || options.origin('build-logs') ? { extended_logs: buildLogs } : {}),
    ...(vendor === undefined ? {} : { build_to_test_vendor: vendorConstant(vendor) }),
  };
  const problems = [
    ...overrideConflicts(options, { option: 'build-overrides', overrides: buildOverrides }, typed),
    ...secretsOnCommandLine(options, 'build-overrides'),
  ];
  // An ordinary build ignores it: the app would run everywhere without anyone noticing.
  const misplaced = vendor === undefined && Object.keys(buildOverrides).find((key) => key.startsWith('build_to_test_'));
  if (misplaced && !options.failed('build-to-test')) {
    problems.push(
      problem(options.name('build-overrides'), `sets ${misplaced} without ${options.name('build-to-test')}`, {
        allowed: `${options.name('build-to-test')} with the vendor`,
      }),
    );
  }
  const notices: string[] = [];
  if (options.mode === 'run' && options.get('build-id') !== undefined) {
    for (const id of BUILD_OPTIONS) {
      const origin = options.origin(id);
      if (origin)
        notices.push(`${origin.spelling} is not used: ${options.name('build-id')} names a build that exists already.`);
    }
  }
  return {
    request: {
      buildLogs,
      buildOverrides,
      ...(Object.keys(buildFiles).length > 0 ? { buildFiles } : {}),
      ...(vendor === undefined ? {} : { buildToTest: vendor }),
    },
    problems,
    notices,
  };
}

function vendorOf(options: ParsedOptions): BuildToTestVendor | undefined {
  const word = options.get('build-to-test');
  return word === undefined || word === 'none' ? undefined : parseVendor(word);
}

const POSITIONS = ['Top Right', 'Top Left', 'Bottom Right', 'Bottom Left'];

/** Only what was asked for is in the object; nothing asked = no context step (appdome-api.md §3.8). */
export function decideContext(
  options: ParsedOptions,
  files: InspectedFiles,
): { context?: ContextRequest; problems: InputProblem[] } {
  const { contextOverrides: overrides, appIcon, iconOverlay } = files;
  const context: ContextRequest = {};
  const bundleId = options.get('new-bundle-id');
  const version = options.get('new-version');
  const buildNumber = options.get('new-build-number');
  const displayName = options.get('new-display-name');
  if (bundleId !== undefined) context.bundleId = bundleId;
  if (version !== undefined) context.version = version;
  if (buildNumber !== undefined) context.buildNumber = buildNumber;
  if (displayName !== undefined) context.displayName = displayName;
  if (appIcon !== undefined) context.appIcon = appIcon;
  if (iconOverlay !== undefined) context.iconOverlay = iconOverlay;
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
    const ids = [
      'new-bundle-id',
      'new-version',
      'new-build-number',
      'new-display-name',
      'app-icon',
      'icon-overlay',
      'context-overrides',
    ] as const;
    for (const id of ids) {
      const origin = options.origin(id);
      if (origin)
        problems.push(problem(origin.spelling, 'is for apps: an SDK has no context step', { allowed: 'leave it out' }));
    }
  }
  return first === undefined ? { problems } : { context, problems };
}

/** Documented ranges (appdome-api.md §3.8); wrong here is a build that was paid for. */
function overlayProblems(
  options: ParsedOptions,
  { contextOverrides: overrides, iconOverlay }: InspectedFiles,
): InputProblem[] {
  const name = options.name('context-overrides');
  const { icon_overlay: overlay, icon_overlay_scale: scale, icon_overlay_position: position } = overrides;
  const problems: InputProblem[] = [];
  if (scale !== undefined && !(Number(scale) >= 20 && Number(scale) <= 50)) {
    problems.push(problem(name, 'has an icon_overlay_scale out of range', { allowed: '20 to 50' }));
  }
  if (position !== undefined && !POSITIONS.includes(String(position))) {
    problems.push(
      problem(name, 'has an icon_overlay_position that is not a corner', { allowed: POSITIONS.join(', ') }),
    );
  }
  const wanted = overlay === true || overlay === 'true';
  if (
    wanted &&
    iconOverlay === undefined &&
    options.get('icon-overlay') === undefined &&
    !options.failed('icon-overlay')
  ) {
    problems.push(
      problem(name, `sets icon_overlay without ${options.name('icon-overlay')}`, {
        allowed: `${options.name('icon-overlay')} with the image`,
      }),
    );
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
