/** `--help`: the overview, and the commands that are not jobs. */

import {
  availableOptions,
  type CommandSummary,
  flagOf,
  JOB_COMMANDS,
  row,
  USES,
  WIDTH,
  wrap,
} from '@fusegate/shared/adapter/job-help';

export const COMMANDS: readonly CommandSummary[] = [
  ...JOB_COMMANDS,
  { name: 'features', usage: 'features [QUERY]', summary: 'Find the names of protections' },
  {
    name: 'threat-events',
    usage: 'threat-events [QUERY]',
    summary: 'Find Threat-Events, or write code that listens to them',
  },
  {
    name: 'listeners',
    usage: 'listeners [OPTIONS]',
    summary: 'Find out whether an app listens to the Threat-Events that it needs',
  },
  { name: 'explain', usage: 'explain [FILES]', summary: 'Show where each fact of a certificate was found' },
  {
    name: 'policy',
    usage: 'policy init|check|test|schema',
    summary: 'Start a policy from a certificate, check it, test it on stored certificates, print its JSON Schema',
  },
  {
    name: 'plan',
    usage: 'plan --fleet FILE --format SYSTEM',
    summary: "Print a fleet of apps as a CI system's own parallel jobs",
  },
  { name: 'report', usage: 'report [FILES]', summary: 'Join the results of many apps into one verdict and one page' },
  { name: 'emulator', usage: 'emulator [OPTIONS]', summary: 'Start the embedded build service, for rehearsals' },
];

const EXITS: ReadonlyArray<readonly [number, string]> = [
  [0, 'pass'],
  [2, 'usage or configuration; nothing was sent'],
  [3, 'authentication or permission'],
  [4, 'network or API failure after retries, or a build that may exist'],
  [5, 'the service refused or failed the build or the signing'],
  [6, 'the gate failed: a required protection is not proven'],
  [7, 'a deadline passed although the service was responding'],
  [8, 'no verdict: there is no readable certificate for this build'],
  [130, 'cancelled'],
];

/** The page of `fusegate --help`: commands, common options, exit codes. */
export function overviewHelp(version: string): string {
  const common = availableOptions('run').filter((option) => option.common);
  return [
    `fusegate ${version}`,
    ...wrap(
      'Protects a mobile app with Appdome and fails the pipeline unless the Certified Secure certificate proves the protections that you require.',
      WIDTH,
    ),
    '',
    'Usage: fusegate COMMAND [OPTIONS]',
    '',
    'Commands',
    ...COMMANDS.flatMap(({ usage, summary }) => row(usage, [summary])),
    ...row('help [COMMAND]', ['All options of a command']),
    ...row('--version', ['The version']),
    '',
    'Common options of run (all: fusegate run --help)',
    ...common.flatMap((option) => row(flagOf(option), [option.summary])),
    '',
    'Example',
    ...USES.run.map((line) => `    ${line}`),
    '',
    'Exit codes',
    ...EXITS.flatMap(([code, meaning]) => row(String(code), [meaning])),
  ].join('\n');
}

export const FEATURES_HELP = [
  'Usage: fusegate features [QUERY] [--platform android|ios] [--json]',
  '',
  ...wrap(
    'Finds protections by display name, internal key, Threat-Event name or words of them. Without QUERY all are listed. The names in the first column are what --required-features takes; a key in the second proves the protection. Exit 1 when nothing matches.',
    WIDTH,
  ),
  '',
  ...row('--platform PLATFORM', ['Only protections seen on android or ios']),
  ...row('--json', ['A JSON array instead of a table']),
].join('\n');

export const THREAT_EVENTS_HELP = [
  'Usage: fusegate threat-events [QUERY] [--platform android|ios] [--json]',
  '       fusegate threat-events --code LANGUAGE --events NAMES|all [OPTIONS]',
  '',
  ...wrap(
    'Lists the Threat-Events that the catalogue knows: the protection that sends each one, how certain that is, and what every event carries. QUERY finds them as `features` finds protections; exit 1 when nothing matches. With --code it writes a file that listens to the events that the app needs. You add it to the app and call it once, with the handler that decides what the app does.',
    WIDTH,
  ),
  '',
  ...row('--platform PLATFORM', ['Only events of android or ios']),
  ...row('--json', ['The list as JSON, with every context key and mode']),
  '',
  'With --code',
  ...row('--code LANGUAGE', [
    'java, kotlin, swift, objective-c (a .h and a .m), react-native, cordova, csharp-android, csharp-ios or flutter',
  ]),
  ...row('--events NAMES', ['The events, separated by commas, or all']),
  ...row('--features NAMES', ['The events of these protections']),
  ...row('--policy FILE', ['The events that this policy makes the app listen to']),
  ...row('--certificate FILE', ['Those of this .pdf or .json certificate; both, where the flag is repeated']),
  ...row('--output DIR', ['Where the code goes. Default: the working folder']),
  ...row('--package NAME', ['The package (java, kotlin) or namespace (csharp-android, csharp-ios), which these need']),
  ...row('--class NAME', ['The class that listens, in the languages that have one. Default: ThreatEvents']),
  ...row('--force', ['Overwrite files that are there']),
].join('\n');

/** What `fusegate listeners --source` reads. */
export const SOURCE_LANGUAGES = 'Java, Kotlin, Swift, Objective-C, JavaScript, TypeScript, C# or Dart';

export const LISTENERS_HELP = [
  'Usage: fusegate listeners --source DIR | --app FILE --policy FILE [OPTIONS]',
  '       fusegate listeners --source DIR | --app FILE --events NAMES|all [OPTIONS]',
  '',
  ...wrap(
    'In In-App Detection Appdome detects and does not enforce: the app has to listen, and to act. This looks for the listener of each event in the sources or in a built app. An event is registered, only named, found in foreign code only, absent, or unknown where its place cannot be read. Exit 0 when every event is registered, else 6.',
    WIDTH,
  ),
  '',
  ...row('--source DIR', [`${SOURCE_LANGUAGES}; tests and samples do not count`]),
  ...row('--app FILE', ['An .apk, .aab or .ipa']),
  ...row('--policy FILE', ['The events of the protections that this policy requires']),
  ...row('--certificate FILE', ['Those of this .pdf or .json certificate; both, where the flag is repeated']),
  ...row('--features NAMES', ['Those of these protections, separated by commas']),
  ...row('--events NAMES', ['These events, separated by commas, or all']),
  ...row('--platform PLATFORM', ['Only events of android or ios']),
  ...row('--foreign PREFIXES', [
    "Somebody else's code: packages (com.withpersona) or, with --source, folders (identity-sdk), separated by commas",
  ]),
  ...row('--own PREFIXES', [
    "The app's own code, where its package or folder (vendor/acme) looks like somebody else's",
  ]),
  ...row('--json', ['JSON with every place instead of a table']),
].join('\n');

export const POLICY_HELP = [
  'Usage: fusegate policy init --certificate FILE | --result FILE [--output FILE] [--schema PATH] [--force]',
  '       fusegate policy check FILE [--json]',
  '       fusegate policy test FILE [--json]',
  '       fusegate policy schema',
  '',
  ...wrap(
    'init writes a commented policy in which every required name is proven by that certificate. check reads a policy with everything that it extends and prints its rules, its waivers, its digest and what the gate will find with any certificate; exit 2 where something is wrong with it, or where no build could pass. test judges stored certificates by a policy and compares with what FILE expects; exit 6 where a case differs. schema prints the JSON Schema of a policy, for editors.',
    WIDTH,
  ),
  '',
  ...row('--certificate FILE', ['The .pdf or .json certificate of a build; both, where the flag is repeated']),
  ...row('--result FILE', ['A fusegate-result.json instead']),
  ...row('--output FILE', ['Where the policy goes, - for standard output. Default: fusegate-policy.yml']),
  ...row('--schema PATH', ['What the first line names for editors. Default: fusegate-policy.schema.json']),
  ...row('--force', ['Overwrite the file; wording that it accepts stays accepted']),
  ...row('--json', ['The policy as it was understood, or the cases, as JSON']),
].join('\n');

export const EXPLAIN_HELP = [
  'Usage: fusegate explain FILES [--json | --anonymise]',
  '       fusegate explain --build-id ID [OPTIONS of gate] [--json | --anonymise]',
  '',
  ...wrap(
    'Shows every fact, name and missing listener that was read, with its place (page and points in the PDF, path in the JSON), what a name proves by the catalogue, the wording that is not understood, and what contradicts itself. Nothing is judged and nothing is written.',
    WIDTH,
  ),
  '',
  ...row('FILES', [
    '.pdf and .json files, or patterns; a PDF and a JSON of one build are shown together. --certificate FILES means the same',
  ]),
  ...row('--build-id ID', ['Ask the service for the certificates of a build instead; needs an API key']),
  ...row('--json', ['A JSON array instead of text']),
  ...row('--anonymise', [
    'A layout report instead, for a bug report: places, sizes and known words; names, ids, hashes and all other text are replaced',
  ]),
].join('\n');

export const PLAN_HELP = [
  'Usage: fusegate plan --fleet FILE --format SYSTEM [--overlay FILE]',
  '',
  ...wrap(
    'Prints what the CI system makes parallel jobs of, one for each app of the fleet file. Each job then runs `fusegate run --fleet FILE --fleet-app NAME`, and one after them `fusegate report --fleet FILE`. It looks at the names of the apps, never into one. Exit 2 where something is wrong with the fleet file, or an app is not there.',
    WIDTH,
  ),
  '',
  ...row('--fleet FILE', ['The fleet file, YAML']),
  ...row('--format SYSTEM', [
    'github (a matrix as JSON; beyond 256 apps a list of them), gitlab (a child pipeline), azure (a matrix as JSON), circleci (a configuration to continue with), jenkins (a line for each app) or bitrise (variables)',
  ]),
  ...row('--overlay FILE', ['YAML that is put over the plan of gitlab or circleci: an image, tags, a context']),
].join('\n');

export const REPORT_HELP = [
  'Usage: fusegate report [FILES] [--fleet FILE] [--output-dir DIR] [--detail full|counts]',
  '',
  ...wrap(
    'Joins result files into one verdict, fusegate-report.html and fusegate-junit.xml. Exit 0 only where every result is a pass; 6 where an app failed; 8 where one has no verdict, or a file is not a result. Results of different plans, and two of one app, do not belong together: exit 8.',
    WIDTH,
  ),
  '',
  ...row('FILES', [
    'fusegate-result.json files, or patterns; what a run moved to previous/ does not count. Default: fusegate-output/*/fusegate-result.json',
  ]),
  ...row('--fleet FILE', ['The fleet file that was planned: an app of it without a result is an error, too']),
  ...row('--output-dir DIR', ['Where the page and the JUnit file go. Default: fusegate-fleet']),
  ...row('--detail WORD', ['counts hides the names of protections. Default: full']),
].join('\n');
