/** One fleet file: its text against the definition, every problem with its line and column. Loads zod and yaml, and touches no disk. */
import { createHash } from 'node:crypto';
import { defined } from '../../model/defined.ts';
import { isJsonObject } from '../../model/json-object.ts';
import type { Platform } from '../../model/run-request.ts';
import { type InputProblem, problem, shownValue } from '../../options/problem.ts';
import { type Issue, keysOf, nameOf, problemsOf } from '../../policy/file/policy-issues.ts';
import { placeText } from '../../policy/file/policy-problem.ts';
import { type PolicyPath, readYaml, type YamlKind, type YamlSource } from '../../policy/file/policy-yaml.ts';
import { withoutByteOrderMark } from '../../text/white-space.ts';
import { fleetOption, isSecret } from './fleet-options.ts';
import { type Section, type Setting, settingsOf, type ValueProblem } from './fleet-values.ts';

/** Five thousand apps with ten options each. */
export const MAX_FLEET_BYTES = 2 * 1024 * 1024;

const KIND: YamlKind = {
  what: 'fleet',
  limit: MAX_FLEET_BYTES,
  empty: 'version: 1, and apps: with a list of apps',
  instead: 'the options written out; what apps share stands under defaults',
};

/** What a map says: for every app of it, and for those of one platform. */
export interface Settings {
  every: Setting[];
  android: Setting[];
  ios: Setting[];
}

/** An entry as written: one app, or a pattern for several. */
export interface FleetItem extends Settings {
  /** A path or pattern, relative to the file. */
  app: string;
  name?: string;
  index: number;
}

export interface FleetFile {
  /** As messages name it. */
  label: string;
  defaults: Settings;
  items: FleetItem[];
  /** SHA-256 of what the file says, however it is written: what a result must have been made by. */
  plan: string;
  /** `fusegate.fleet.yml:4:3` */
  place(path: PolicyPath): string;
  problem(found: ValueProblem): InputProblem;
}

/** With problems, `file` is what is left to look at, so that all that is wrong comes at once; never to run an app of it. */
export type FleetReading = { problems: InputProblem[]; file?: FleetFile };

/** The keys of an app are nearly all options, and a list of those helps nobody. */
const LONGEST_ADVICE = 400;
const OPTION_NAMES =
  'an option of `fusegate run` by its name, as in docs/reference/options.md; android: or ios: with some';

/** Of one file: once these are gone, the others are told. */
export const MOST_PROBLEMS = 50;

/** @param base the folder that the file's paths are relative to, as the working directory sees it */
export async function readFleetText(text: string, label: string, base: string): Promise<FleetReading> {
  const yaml = await readYaml(withoutByteOrderMark(text), KIND);
  if (!yaml.ok) {
    const problems = yaml.problems.map(({ at, message, allowed }) =>
      problem(placeText(label, at), message, defined({ allowed })),
    );
    return { problems };
  }
  const { source } = yaml;
  if (!isJsonObject(source.value)) {
    const allowed = 'a map with version: 1 and apps:';
    return { problems: [problem(placeText(label, source.placeOf([])), 'is not a fleet', { allowed })] };
  }
  const form = await formProblems(source, label);
  const { file, problems } = understood(source.value, source, label, base);
  const told = new Set(form.map(({ option }) => option));
  const all = [...form, ...problems.filter(({ option }) => !told.has(option))];
  return { problems: all.slice(0, MOST_PROBLEMS), file };
}

async function formProblems(source: YamlSource, label: string): Promise<InputProblem[]> {
  const [{ fleetSchema, fleetJsonSchema }, { safeParse }] = await Promise.all([
    import('./fleet-schema.ts'),
    import('zod/mini'),
  ]);
  const parsed = safeParse(fleetSchema, source.value);
  if (parsed.success) return [];
  const known = keysOf(fleetJsonSchema() as Parameters<typeof keysOf>[0]);
  const found = problemsOf(parsed.error.issues as Issue[], source, known, 'a fleet');
  return found.map(({ at, path, message, value, allowed }) => {
    // What was written in place of a secret may be the secret.
    const shown = value === undefined || path.some(isSecretName) ? undefined : shownValue(value);
    const short = (allowed?.length ?? 0) > LONGEST_ADVICE ? OPTION_NAMES : allowed;
    return problem(placeText(label, at), message, defined({ value: shown, allowed: short }));
  });
}

function isSecretName(part: string | number): boolean {
  const option = typeof part === 'string' ? fleetOption(part) : undefined;
  return option !== undefined && isSecret(option);
}

/** Takes what has the right form, since it also sees what the schema has refused. */
function understood(
  document: Record<string, unknown>,
  source: YamlSource,
  label: string,
  base: string,
): { file: FleetFile; problems: InputProblem[] } {
  const place = (path: PolicyPath) => placeText(label, source.placeOf(path));
  const asProblem = ({ path, message, value, allowed }: ValueProblem) =>
    problem(place(path), `${nameOf(path)} ${message}`, defined({ value, allowed }));
  const problems: InputProblem[] = [];
  const settings = (map: unknown, at: PolicyPath): Settings => {
    const section: Section = isJsonObject(map) ? map : {};
    const read = (own: unknown, path: PolicyPath, platform?: Platform) => {
      const found = settingsOf(isJsonObject(own) ? own : {}, path, base, platform);
      problems.push(...found.problems.map(asProblem));
      return found.settings;
    };
    return {
      every: read(section, at),
      android: read(section.android, [...at, 'android'], 'android'),
      ios: read(section.ios, [...at, 'ios'], 'ios'),
    };
  };
  const defaults = settings(document.defaults, ['defaults']);
  const apps = Array.isArray(document.apps) ? document.apps : [];
  const items = apps.flatMap((app: unknown, index): FleetItem[] =>
    isJsonObject(app) && typeof app.app === 'string'
      ? [
          {
            app: app.app.trim(),
            ...(typeof app.name === 'string' ? { name: app.name } : {}),
            index,
            ...settings(app, ['apps', index]),
          },
        ]
      : [],
  );
  return { file: { label, defaults, items, plan: digestOf(document), place, problem: asProblem }, problems };
}

/** Comments, the order of keys and the style of writing do not make another plan. */
function digestOf(document: unknown): string {
  const canonical = JSON.stringify(document, (_key, value) =>
    isJsonObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}
