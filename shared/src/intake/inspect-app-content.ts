/** Whether a file can be the app that its name says: half a download, an artifact in a ZIP and the like are refused before the upload. */
import { type AppContent, contentOfApp } from '../files/app-kind.ts';
import { firstBytes, reason, ZIP_MAGIC } from '../files/file-on-disk.ts';
import { isCutShort } from '../files/zip-end.ts';
import type { UsageProblem } from '../model/errors.ts';
import type { AppKind } from '../model/run-request.ts';
import { plainLine } from '../text/untrusted-text.ts';
import { CONTENT_BYTES, recognise } from './input-files/known-content.ts';

type ContentProblem = Pick<UsageProblem, 'message' | 'allowed'>;

/** Listing more names would not help. */
const SHOWN_APPS = 3;

const WANTED: Readonly<Record<AppKind, string>> = {
  apk: 'an .apk as Gradle builds it',
  aab: 'an .aab as Gradle or bundletool builds it',
  aar: 'an .aar as Gradle builds it',
  ipa: 'an .ipa as Xcode exports it, with a folder Payload that holds the .app',
  zip: 'a .zip with an .xcframework',
};

/** If its directory cannot be read, the service decides. */
export async function wrongContent(path: string, kind: AppKind): Promise<ContentProblem | undefined> {
  try {
    if (!(await firstBytes(path, ZIP_MAGIC.length)).equals(ZIP_MAGIC)) {
      const content = recognise(await firstBytes(path, CONTENT_BYTES));
      const said = content.kind === 'unknown' ? 'not a ZIP file, as every app is' : content.said;
      return { message: `is named .${kind}, but is ${said}`, allowed: WANTED[kind] };
    }
    if (await isCutShort(path)) {
      const message = 'is incomplete: it begins as a ZIP file, but its directory is not at its end';
      return { message, allowed: 'the whole file; build, copy or download it again' };
    }
    const content = await contentOfApp(path);
    return content && problemOf(content, kind);
  } catch (error) {
    return { message: reason(error) };
  }
}

/**
 * @param shown how messages name the app
 * @returns a whole sentence if it was protected before, as far as one can tell; that may be meant
 */
export async function fusedAlready(path: string, shown: string): Promise<string | undefined> {
  const { fusedMarks } = await import('../threat-events/app/fused-marks.ts');
  // If it cannot be read, the upload will say so.
  const marks = await fusedMarks(path).catch(() => []);
  if (marks.length === 0) return undefined;
  const found = marks.map((mark) => plainLine(mark, 120)).join(' and ');
  return `The app ${plainLine(shown, 80)} seems to be protected already: it has ${found}.`;
}

function problemOf({ kinds, lacks, apps, folder }: AppContent, kind: AppKind): ContentProblem | undefined {
  if (kinds.length > 0 && !kinds.includes(kind)) {
    const found = kinds.map((each) => (each === 'zip' ? WANTED.zip : `an .${each}`));
    return { message: `is named .${kind}, but its content is that of ${found.join(' or ')}` };
  }
  const missing = lacks(kind);
  if (missing.length === 0) return undefined;
  if (kinds.length === 0 && folder !== undefined) {
    return {
      message: `holds the content of an app in its folder ${quoted(folder)}, where it belongs at the top`,
      allowed: 'a ZIP that was made in that folder, not of it',
    };
  }
  if (apps.length > 0) {
    const rest = apps.length > SHOWN_APPS ? `, and ${apps.length - SHOWN_APPS} more` : '';
    return {
      message: `is a ZIP that holds ${apps.slice(0, SHOWN_APPS).map(quoted).join(', ')}${rest}`,
      allowed: 'the app itself: unpack the ZIP, and name the file in it',
    };
  }
  return { message: `holds no ${missing.join(' and no ')}`, allowed: WANTED[kind] };
}

function quoted(name: string): string {
  return `"${plainLine(name, 80)}"`;
}
