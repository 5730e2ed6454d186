/** What classes were called before R8 renamed them: an app bundle brings the list along (R8, retrace format). */
import { type Zip, ZipProblem } from '../../../files/zip-members.ts';

export const MAPPING = 'BUNDLE-METADATA/com.android.tools.build.obfuscation/proguard.map';
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_CLASSES = 500_000;
const MAX_LINE = 10_000;

/** @returns original names by the new ones; nothing where there is no list, or it cannot be read */
export async function originalClasses(zip: Zip): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (!zip.members.some(({ name }) => name === MAPPING)) return found;
  try {
    let rest = '';
    for await (const piece of zip.pieces(MAPPING, MAX_BYTES)) {
      const lines = (rest + piece.toString('latin1')).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const line of lines) {
        // Members are indented, comments start with a number sign.
        const [, original, renamed] = /^([^\s#]\S*) -> (\S+):\r?$/.exec(line) ?? [];
        if (original !== undefined && renamed !== undefined && found.size < MAX_CLASSES) found.set(renamed, original);
      }
    }
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
  }
  return found;
}
