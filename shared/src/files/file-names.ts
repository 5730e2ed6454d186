/** Names of output files. Wherever they come from, they cannot leave the folder or have a special meaning to a file system. */
import { APP_KINDS, type AppKind } from '../model/run-request.ts';

/** Leaves room for `-universal.apk` below the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;

/** Device names of Windows, with any extension (learn.microsoft.com/windows/win32/fileio/naming-a-file). */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;

/**
 * A file name without folders, control characters, and characters that Windows refuses.
 * @returns `fallback` when nothing is left
 */
export function safeFileName(name: string, fallback: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  const short = cutToBytes(plain, MAX_NAME_BYTES).replace(/[\s.]+$/, '');
  if (short === '') return fallback;
  return RESERVED.test(short) ? `_${short}` : short;
}

/** @returns the kind that a file name's extension (in any case) stands for; undefined for an extension that apps do not have */
export function kindOfName(name: string): AppKind | undefined {
  return kindIn(APP_KINDS, name);
}

/** The name without its extension, if apps have that extension. */
export function withoutAppExtension(name: string): string {
  const kind = kindOfName(name);
  return kind === undefined ? name : name.slice(0, -`.${kind}`.length);
}

/** What a build delivers: an app, or a script that makes one. */
export const OUTPUT_KINDS = [...APP_KINDS, 'sh'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** The same for a build's outputs. */
export function outputKindOfName(name: string): OutputKind | undefined {
  return kindIn(OUTPUT_KINDS, name);
}

function kindIn<K extends string>(kinds: readonly K[], name: string): K | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  return kinds.find((kind) => kind === extension);
}

/** `<output-name or the app's own name>.<ext>` */
export function protectedAppName(base: string, kind: OutputKind): string {
  return `${base}.${kind}`;
}

/** The universal APK of an .aab. */
export function secondOutputName(base: string): string {
  return `${base}-universal.apk`;
}

function cutToBytes(text: string, max: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > max) break;
    cut += character;
  }
  return cut;
}
