/**
 * A CI system whose jobs run the command line in a script: what differs between them, as data. `system-page.ts` makes the page, whose first
 * step is the recipe itself, so the two cannot differ.
 */
import { NPX } from './cli-package.ts';
import type { Migration } from './migrations.ts';

export interface ScriptSystem {
  /** The page is docs/<id>.md, the recipe is in recipes/<id>/. */
  id: string;
  title: string;
  /** `One entry of the script protects the app`: the rest of the sentence is the same everywhere. */
  what: string;
  recipe: {
    /** Below recipes/<id>/. */
    file: string;
    language: 'yaml' | 'sh' | 'bash' | 'ruby';
    text: string;
  };
  /** Files beside the recipe, by their names. */
  beside?: Readonly<Record<string, string>>;
  /** Where the recipe and the secrets go. */
  setup: string;
  /** What is as it is for a reason of the system's own, and what the system shows of a run. */
  notes: readonly string[];
  /** Where keys come from there. */
  signing: string;
  /** Commands for those pages whose jobs do not write shell. */
  gateOnly?: { language: 'ruby'; text: string };
  verify: string;
  migration: Migration;
  needs: readonly string[];
  /** How far it was tried, where that is not what the page says of every system. */
  tried?: string;
}

export const REQUIRED = 'Root Detection, Detect Developer Options';
export const ANDROID_APP = 'app/build/outputs/bundle/release/app-release.aab';

/** The command, a line for each item. */
export function runCommand(items: readonly string[]): string {
  return [`${NPX} run`, ...items].join(' \\\n  ');
}

/** @param by how many blanks, on every line but the first */
export function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** Android with the keystore in the official clients' variables, which are read as they are: nothing secret is an argument. */
export const ANDROID_OPTIONS: readonly string[] = [
  `--app ${ANDROID_APP} --sign on-appdome`,
  `--required-features "${REQUIRED}"`,
  '--output-dir protected',
];

export const VERIFY = `${NPX} verify --app protected/app-release.aab --result protected/fusegate-result.json --max-age 24h`;
