/** The entries of a fleet: one for each app, with its name and what it runs with. Pure: it is told which files a pattern matches. */
import { basename } from 'node:path/posix';
import { kindOfName, safeFileName, withoutAppExtension } from '../../files/file-names.ts';
import { APP_KINDS, PLATFORM_OF_KIND, type Platform, platformName } from '../../model/run-request.ts';
import { isUrl } from '../../options/file-source.ts';
import { type InputProblem, shownValue } from '../../options/problem.ts';
import type { PolicyPath } from '../../policy/file/policy-yaml.ts';
import type { FleetFile, FleetItem } from './fleet-file.ts';
import type { Setting } from './fleet-values.ts';

export interface FleetEntry {
  name: string;
  /** Relative to the fleet file, with `/`. */
  app: string;
  platform: Platform;
  /** One for each option, the most particular one. */
  settings: Setting[];
  /** Where the app stands. */
  path: PolicyPath;
}

/** What is on the disk: the files of a pattern, the one file of a path; undefined where nobody looked. */
export type Matches = (app: string) => readonly string[] | undefined;

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
const NAME_FORM = 'letters, digits, ., - and _, beginning with a letter or digit and ending in neither . nor -';
const LONGEST_NAME = 80;
/** Where a run sets aside what an earlier one left: results in a folder of this name do not count. */
const SET_ASIDE = /^previous$/i;

/**
 * The name as the narrowest CI system writes an id (letters, digits and _, a letter first). Two names must differ in it: then they differ
 * everywhere, in folders of a disk that ignores case too.
 */
export function idOfName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]/g, '_');
  return /^[A-Za-z]/.test(plain) ? plain : `app_${plain}`;
}

function isName(text: string): boolean {
  const fits = NAME.test(text) && text.length <= LONGEST_NAME && safeFileName(text, '') === text;
  return fits && !SET_ASIDE.test(text);
}

/** @returns the entries without those that have a problem */
export function entriesOf(file: FleetFile, matches: Matches): { entries: FleetEntry[]; problems: InputProblem[] } {
  const entries: FleetEntry[] = [];
  const problems: InputProblem[] = [];
  const first = new Map<string, FleetEntry>();
  for (const item of file.items) {
    for (const found of entriesOfItem(file, item, matches)) {
      if ('message' in found) {
        problems.push(file.problem(found));
        continue;
      }
      const id = idOfName(found.name).toLowerCase();
      const other = first.get(id);
      if (other === undefined) {
        first.set(id, found);
        entries.push(found);
      } else problems.push(file.problem(twice(found, other, file)));
    }
  }
  return { entries, problems };
}

type Found = FleetEntry | { path: PolicyPath; message: string; value?: string; allowed?: string };

function entriesOfItem(file: FleetFile, item: FleetItem, matches: Matches): Found[] {
  const path = ['apps', item.index, 'app'];
  const value = shownValue(item.app);
  const wrong = (message: string, allowed: string, given = value): Found => ({ path, message, value: given, allowed });
  if (isUrl(item.app)) return [wrong('is an address', 'a path or pattern relative to this file')];
  const apps = matches(item.app) ?? [item.app];
  if (apps.length === 0) return [wrong('matches no file', 'the path of an app, or a pattern that matches some')];
  if (apps.length > 1 && item.name !== undefined) {
    return [
      wrong(`matches ${apps.length} files, which cannot share a name`, 'leave name out: each is named after its file'),
    ];
  }
  const found = apps.map((app): Found => {
    const kind = kindOfName(app);
    const allowed = `a file that ends in ${APP_KINDS.map((each) => `.${each}`).join(', ')}`;
    if (kind === undefined) return wrong("does not have an app's file extension", allowed, shownValue(app));
    const name = item.name ?? withoutAppExtension(basename(app));
    if (!isName(name)) {
      const inFile = item.name === undefined;
      return {
        path: inFile ? path : ['apps', item.index, 'name'],
        message: inFile
          ? `gives the name "${shownValue(name)}", which jobs and folders cannot have`
          : 'is a name that folders cannot have',
        value: inFile ? shownValue(app) : shownValue(name),
        allowed: inFile ? `name: with ${NAME_FORM}` : `another one: ${NAME_FORM}`,
      };
    }
    const platform = PLATFORM_OF_KIND[kind];
    return { name, app, platform, settings: settingsFor(file, item, platform), path };
  });
  return [...found, ...inapplicable(item, found)];
}

/** What stands at the app itself and can never have an effect. */
function inapplicable(item: FleetItem, found: readonly Found[]): Found[] {
  const platforms = new Set(found.flatMap((one) => ('platform' in one ? [one.platform] : [])));
  if (platforms.size === 0) return [];
  const [only] = platforms;
  const sections = (['android', 'ios'] as const).filter((each) => item[each].length > 0 && !platforms.has(each));
  return [
    ...sections.map(
      (each): Found => ({
        path: ['apps', item.index, each],
        message: `is for ${platformName(each)}, and the app is for ${platformName(only)}`,
        allowed: 'leave it out',
      }),
    ),
    ...item.every
      .filter(({ platforms: own }) => own !== undefined && !own.some((each) => platforms.has(each)))
      .map(
        ({ path }): Found => ({ path, message: `does not apply to ${platformName(only)}`, allowed: 'leave it out' }),
      ),
  ];
}

/** The entry's own section for the platform, the entry, the defaults for the platform, the defaults: the first that has the option. */
function settingsFor({ defaults }: FleetFile, item: FleetItem, platform: Platform): Setting[] {
  const byOption = new Map<string, Setting>();
  for (const tier of [item[platform], item.every, defaults[platform], defaults.every]) {
    for (const setting of tier) {
      const applies = setting.platforms?.includes(platform) ?? true;
      if (applies && !byOption.has(setting.id)) byOption.set(setting.id, setting);
    }
  }
  return [...byOption.values()];
}

function twice(entry: FleetEntry, other: FleetEntry, file: FleetFile) {
  const same = entry.name === other.name ? 'has' : `is called ${entry.name}, which is too near to`;
  return {
    path: entry.path,
    message: `${same} the name of another app: ${other.name} (${file.place(other.path)})`,
    value: shownValue(entry.app),
    allowed: 'name: with another name; case, ., - and _ make no difference',
  };
}
