/** The value of `app`: a path, a pattern that matches one file, or an https URL. */
import { basename, join, resolve } from 'node:path';
import { kindOfName } from '../files/file-names.ts';
import { sizeOfFile } from '../files/file-on-disk.ts';
import { APP_KINDS, type AppInput, type PendingFile, PLATFORM_OF_KIND, type Platform } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { isUrl, parseFileUrl } from '../options/file-source.ts';
import { type InputProblem, problem, shownValue } from '../options/problem.ts';
import { wrongContent } from './inspect-app-content.ts';

const ALLOWED = 'an .apk, .aab, .ipa or .aar file, or a .zip with an .xcframework';
const ONE_MATCH = 'a pattern that matches exactly one file';
/** Listing more names would not help. */
const SHOWN_MATCHES = 5;

export const GLOB_CHARACTERS = /[*?[\]{}]/;

export type InspectedApp = { app: AppInput; pending?: PendingFile } | { problem: InputProblem };

interface AppFolders {
  cwd: string;
  /** A folder in which files of this run may be made; not there yet. */
  temporary: string;
}

/**
 * @param asked the option `platform`
 * @param fetches this job fetches an app that is named by URL; the others judge a file that is there
 */
export async function inspectApp(
  text: string,
  name: string,
  { asked, fetches }: { asked: string; fetches: boolean },
  folders: AppFolders,
): Promise<InspectedApp> {
  const value = shownValue(text);
  const wrong = (message: string, allowed = ALLOWED) => ({ problem: problem(name, message, { value, allowed }) });
  if (isUrl(text)) {
    return fetches
      ? inspectAppUrl(text, name, asked, folders)
      : wrong('is a URL, and a file on this machine is compared', 'a path');
  }

  let path = resolve(folders.cwd, text);
  let file = await sizeOfFile(path);
  if ('wrong' in file && file.wrong === 'does not exist' && GLOB_CHARACTERS.test(text)) {
    const matches = await filesMatching(text, folders.cwd);
    const [only, ...more] = matches;
    if (only === undefined) return wrong('matches no file', ONE_MATCH);
    if (more.length > 0) {
      const shown = matches.slice(0, SHOWN_MATCHES).map((match) => shownValue(basename(match)));
      const rest = matches.length > SHOWN_MATCHES ? ', …' : '';
      return wrong(`matches ${matches.length} files: ${shown.join(', ')}${rest}`, ONE_MATCH);
    }
    path = only;
    file = await sizeOfFile(path);
  }
  if ('wrong' in file) return wrong(file.wrong);
  const kind = kindOfName(path);
  if (!kind) return wrong("does not have an app's file extension");
  const content = await wrongContent(path, kind);
  if (content !== undefined) return wrong(content.message, content.allowed);
  const platform = PLATFORM_OF_KIND[kind];
  const other = otherPlatform(asked, platform);
  return other === undefined
    ? { app: { path, name: basename(path), kind, platform, size: file.size } }
    : { problem: problem(name, other, { value }) };
}

/** Only its address is looked at here; it is fetched when the job begins (pipeline/fetch-inputs.ts). */
function inspectAppUrl(text: string, name: string, asked: string, { temporary }: AppFolders): InspectedApp {
  const value = shownValue(text);
  const parsed = parseFileUrl(text);
  const allowed = `an https URL whose path ends in one of ${APP_KINDS.map((each) => `.${each}`).join(', ')}`;
  if ('wrong' in parsed) return { problem: problem(name, parsed.wrong, { value, allowed }) };
  const kind = kindOfName(parsed.fileName);
  if (!kind) return { problem: problem(name, "is a URL without an app's file extension", { value, allowed }) };
  const platform = PLATFORM_OF_KIND[kind];
  const other = otherPlatform(asked, platform);
  if (other !== undefined) return { problem: problem(name, other, { value }) };
  const path = join(temporary, 'app', parsed.fileName);
  return {
    app: { path, url: parsed.shown, name: parsed.fileName, kind, platform, size: 0 },
    pending: { option: name, path, source: { url: new Secret(parsed.url.href), shown: parsed.shown }, content: 'app' },
  };
}

function otherPlatform(asked: string, platform: Platform): string | undefined {
  return asked === 'auto' || asked === platform
    ? undefined
    : `is an app for ${platform}, but the platform given is ${asked}`;
}

/** Sorted, so that reports do not depend on the disk. */
async function filesMatching(
  pattern: string,
  cwd: string,
  more: { dot?: boolean; caseSensitiveMatch?: boolean } = {},
): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const matches = await glob(pattern.replaceAll('\\', '/'), { cwd, absolute: true, onlyFiles: true, ...more });
  return matches.map((match) => resolve(match)).sort();
}

/**
 * `*.pdf` also matches `CERTIFICATE.PDF`. Dotfiles that a pattern skips are reported; otherwise nobody would notice that they were not
 * judged.
 */
export async function certificatesMatching(
  pattern: string,
  cwd: string,
): Promise<{ matches: string[]; hidden: string[] }> {
  const matches = await filesMatching(pattern, cwd, { caseSensitiveMatch: false });
  const all = await filesMatching(pattern, cwd, { caseSensitiveMatch: false, dot: true });
  return { matches, hidden: all.filter((file) => /\.(?:pdf|json)$/iu.test(file) && !matches.includes(file)) };
}
