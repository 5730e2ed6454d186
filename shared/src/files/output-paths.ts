/** What a run deletes and writes in its output folder, by name. Pure; intake/ refuses inputs that lie there, output-folder.ts acts on it. */
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
/** Of many certificates: the page and the data. */
export const ARCHIVE_FILES = ['fusegate-archive.md', 'fusegate-archive.json'] as const;

/** The files that say how a run ended; none of them cost anything. */
export const REPORT_FILES = [
  RESULT_FILE,
  'fusegate-report.html',
  ...ARCHIVE_FILES,
  'fusegate-junit.xml',
  'fusegate.sarif',
  'fusegate-summary.md',
  'fusegate-predicate.json',
  'fusegate-statement.json',
  'private/fusegate.env',
] as const;

/** What any run writes under a fixed name (design: "Files"). The journal is left out: the next run reads it. */
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
 * Where this run's apps would go, relative to the folder, with `/`: a run that was killed between moving an app and writing its result
 * left one that no result lists.
 */
export function ownApps(names: OutputNames): string[] {
  const base = baseOfOutputs(names);
  const kinds: readonly AppKind[] = names.app === undefined ? ['apk', 'aab', 'ipa'] : [names.app.kind];
  const apps = [...kinds.map((kind: OutputKind) => protectedAppName(base, kind)), secondOutputName(base)];
  const script = protectedAppName(base, 'sh');
  // A repository may have its own `release.sh`: in the folder itself a script is deleted only where this run would write one.
  const own = names.script === true ? [...apps, script] : apps;
  return [...own, ...[...apps, script].map((name) => `rejected/${name}`)];
}

/**
 * The ones among them, in the folder itself, that this run would only delete. The app to be protected is never deleted, so it may lie
 * there: a script of Auto-DEV signing goes beside it, and the second output of an .aab has another name.
 */
export function appsOnlyDeleted(names: OutputNames): string[] {
  const written =
    names.app === undefined || names.script === true
      ? undefined
      : protectedAppName(baseOfOutputs(names), names.app.kind);
  return ownApps(names).filter((name) => !name.includes('/') && name !== written);
}
