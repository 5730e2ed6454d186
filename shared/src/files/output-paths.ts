/**
 * The names that a run deletes and writes in its output folder. Pure; intake/ refuses inputs with these names, and output-folder.ts acts on
 * them.
 */
import type { AppInput, AppKind, RunRequest } from '../model/run-request.ts';
import {
  type OutputKind,
  protectedAppName,
  safeFileName,
  secondOutputName,
  withoutAppExtension,
} from './file-names.ts';

export const RESULT_FILE = 'fusegate-result.json';
export const JOURNAL_FILE = 'private/fusegate-journal.json';
export const LOCK_FILE = '.fusegate.lock';
/** For an archive of certificates: the page and the data. */
export const ARCHIVE_FILES = ['fusegate-archive.md', 'fusegate-archive.json'] as const;

/** The outputs as variables for later steps: for a shell to source, and as a dotenv report. */
export const VARIABLE_FILES = ['private/fusegate.env', 'private/fusegate.dotenv'] as const;

/** The files that say how a run ended; none of them costs anything to make again. */
export const REPORT_FILES = [
  RESULT_FILE,
  'fusegate-report.html',
  ...ARCHIVE_FILES,
  'fusegate-junit.xml',
  'fusegate.sarif',
  'fusegate-summary.md',
  'fusegate-predicate.json',
  'fusegate-statement.json',
  ...VARIABLE_FILES,
] as const;

/** Everything a run writes under a fixed name (design: "Files"), except the journal, which the next run reads. */
export const OWN_FILES = [
  ...REPORT_FILES,
  'private/certificate.json',
  'private/certificate.pdf',
  'private/deobfuscation.zip',
  'private/fusegate-workflow.log',
] as const;

export interface OutputNames {
  /** The option `output-name`. */
  outputName?: string | undefined;
  app?: Pick<AppInput, 'name' | 'kind'> | undefined;
  /** The run makes a signing script instead of an app. */
  script?: boolean | undefined;
}

export function outputNamesOf({ output, app, sign }: Pick<RunRequest, 'output' | 'app' | 'sign'>): OutputNames {
  return { outputName: output.name, app, script: sign?.method === 'auto-dev' };
}

/** The app's file name without its extension. */
export function baseOfOutputs({ outputName, app }: OutputNames): string {
  return safeFileName(withoutAppExtension(outputName ?? app?.name ?? ''), 'protected-app');
}

/**
 * Where this run's apps would go, relative to the folder, with `/`. Needed because a run that is killed between moving an app and writing
 * its result leaves an app that no result lists.
 */
export function ownApps(names: OutputNames): string[] {
  const base = baseOfOutputs(names);
  const kinds: readonly AppKind[] = names.app === undefined ? ['apk', 'aab', 'ipa'] : [names.app.kind];
  const apps = [...kinds.map((kind: OutputKind) => protectedAppName(base, kind)), secondOutputName(base)];
  const script = protectedAppName(base, 'sh');
  // A repository may have its own `release.sh`, so a script in the folder itself is deleted only if this run would write one.
  const own = names.script === true ? [...apps, script] : apps;
  return [...own, ...[...apps, script].map((name) => `rejected/${name}`)];
}

/**
 * Those of them, in the folder itself, that this run would only delete. The app to protect is never deleted, so it may be there: an
 * Auto-DEV signing script goes beside it, and the second output of an .aab has another name.
 */
export function appsOnlyDeleted(names: OutputNames): string[] {
  const written =
    names.app === undefined || names.script === true
      ? undefined
      : protectedAppName(baseOfOutputs(names), names.app.kind);
  return ownApps(names).filter((name) => !name.includes('/') && name !== written);
}
