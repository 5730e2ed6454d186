/**
 * The edge of `options/`: looks at the files that options name, before anything is sent, and collects what is wrong with them.
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import type { ParsedOptions } from './parse-options.ts';
import { platformOfName } from './parse-options.ts';
import { parseJsonObject } from './parse-value.ts';
import { type InputProblem, notAvailable, problem, shownValue } from './problem.ts';
import type { AppInput, AppKind } from './run-request.ts';

export interface InspectedFiles {
  app?: AppInput;
  /** Absolute. */
  keystore?: string;
  caFile?: string;
  certificates: string[];
  buildOverrides: Record<string, unknown>;
  problems: InputProblem[];
}

const APP_KINDS: readonly AppKind[] = ['apk', 'aab', 'ipa', 'aar', 'zip'];
const KINDS_NOW: readonly AppKind[] = ['apk', 'aab'];
/** The local file header that every .apk, .aab, .ipa, .aar and .zip begins with (APPNOTE.TXT 4.3.7). */
const ZIP_MAGIC = Buffer.from('PK\x03\x04', 'latin1');
const MAX_OVERRIDES_BYTES = 1024 * 1024;
const MAX_PEM_BYTES = 16 * 1024 * 1024;

/** What went wrong on the way to a file, in words that fit after the option's name. */
function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code ?? 'unknown error'})`;
}

/** A regular, non-empty file; its size in bytes. */
async function sizeOfFile(path: string): Promise<{ size: number } | { wrong: string }> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return { wrong: 'is a folder, not a file' };
    if (!info.isFile()) return { wrong: 'is not a regular file' };
    return info.size === 0 ? { wrong: 'is an empty file' } : { size: info.size };
  } catch (error) {
    return { wrong: reason(error) };
  }
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: count - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

const GLOB_CHARACTERS = /[*?[\]{}]/;

async function inspectApp(text: string, name: string, cwd: string, asked: string): Promise<AppInput | InputProblem> {
  const value = shownValue(text);
  const allowed = `an ${KINDS_NOW.map((kind) => `.${kind}`).join(' or ')} file`;
  if (isUrl(text)) return notAvailable(name, 'fetching the app from a URL', { value, allowed });
  const path = resolve(cwd, text);
  const file = await sizeOfFile(path);
  if ('wrong' in file) {
    return file.wrong === 'does not exist' && GLOB_CHARACTERS.test(text)
      ? notAvailable(name, 'a pattern for the app', { value, allowed })
      : problem(name, file.wrong, { value, allowed });
  }
  const kind = APP_KINDS.find((each) => each === extname(path).slice(1).toLowerCase());
  if (!kind) return problem(name, 'has an extension that no app has', { value, allowed });
  if (!KINDS_NOW.includes(kind)) return notAvailable(name, `protecting .${kind} files`, { value, allowed });
  try {
    const start = await firstBytes(path, ZIP_MAGIC.length);
    if (!start.equals(ZIP_MAGIC)) {
      return problem(name, `is named .${kind}, but its content is not (no ZIP file)`, { value, allowed });
    }
  } catch (error) {
    return problem(name, reason(error), { value, allowed });
  }
  const platform = platformOfName(path);
  if (asked !== 'auto' && platform !== undefined && asked !== platform) {
    return problem(name, `is an app for ${platform}, but the platform given is ${asked}`, { value });
  }
  return { path, name: basename(path), kind, platform: platform ?? 'android', size: file.size };
}

/** A `file` option: a path now, a URL or base64 in a later version. */
async function inspectFile(text: string, name: string, cwd: string): Promise<{ path: string } | InputProblem> {
  if (isUrl(text)) return notAvailable(name, 'a URL as the value', { value: shownValue(text), allowed: 'a path' });
  const path = resolve(cwd, text);
  const file = await sizeOfFile(path);
  if (!('wrong' in file)) return { path };
  // Long, and of base64's letters only: the content itself. It is not shown, since it is a keystore.
  const noSuchPath = file.wrong === 'does not exist' || file.wrong.includes('ENAMETOOLONG');
  if (noSuchPath && text.length >= 200 && /^[A-Za-z0-9+/=\s_-]+$/.test(text)) {
    return notAvailable(name, 'base64 as the value', { allowed: 'the path of a file' });
  }
  if (file.wrong.includes('ENAMETOOLONG')) return problem(name, 'is not a path', { allowed: 'the path of a file' });
  return problem(name, file.wrong, { value: shownValue(text), allowed: 'the path of a file' });
}

async function inspectPem(text: string, name: string, cwd: string): Promise<{ path: string } | InputProblem> {
  const path = resolve(cwd, text);
  const value = shownValue(text);
  const allowed = 'a PEM file with at least one certificate';
  const file = await sizeOfFile(path);
  if ('wrong' in file) return problem(name, file.wrong, { value, allowed });
  if (file.size > MAX_PEM_BYTES) return problem(name, 'is too large', { value, allowed });
  try {
    const holds = (await readFile(path, 'latin1')).includes('-----BEGIN CERTIFICATE-----');
    return holds ? { path } : problem(name, 'holds no certificate', { value, allowed });
  } catch (error) {
    return problem(name, reason(error), { value, allowed });
  }
}

/** Files as they are, patterns by tinyglobby; sorted, so that reports do not depend on the disk. */
async function inspectCertificates(
  patterns: readonly string[],
  name: string,
  cwd: string,
): Promise<{ paths: string[]; problems: InputProblem[] }> {
  const paths = new Set<string>();
  const problems: InputProblem[] = [];
  const allowed = '.pdf and .json files, or patterns such as archive/*.pdf';
  for (const pattern of patterns) {
    const value = shownValue(pattern);
    const exact = resolve(cwd, pattern);
    const file = await sizeOfFile(exact);
    let found = [exact];
    if ('wrong' in file && file.wrong === 'does not exist' && GLOB_CHARACTERS.test(pattern)) {
      const { glob } = await import('tinyglobby');
      const matches = await glob(pattern.replaceAll('\\', '/'), { cwd, absolute: true, onlyFiles: true });
      found = matches.map((match) => resolve(match)).sort();
      if (found.length === 0) problems.push(problem(name, 'matches no file', { value, allowed }));
    } else if ('wrong' in file) {
      problems.push(problem(name, file.wrong, { value, allowed }));
      continue;
    }
    for (const path of found) {
      if (/\.(pdf|json)$/i.test(path)) paths.add(path);
      else problems.push(problem(name, 'is neither .pdf nor .json', { value: shownValue(basename(path)), allowed }));
    }
  }
  return { paths: [...paths], problems };
}

async function inspectOutputDir(text: string, name: string, cwd: string): Promise<InputProblem | undefined> {
  // The nearest ancestor that exists decides: a folder can be made in a folder, and in nothing else.
  for (let path = resolve(cwd, text); ; path = dirname(path)) {
    try {
      const info = await stat(path);
      if (info.isDirectory()) return undefined;
      const what = path === resolve(cwd, text) ? 'is a file' : 'lies below a file';
      return problem(name, `${what}, not a folder`, {
        value: shownValue(text),
        allowed: 'a folder; it is made if needed',
      });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) {
        return problem(name, reason(error), { value: shownValue(text), allowed: 'a folder that can be written' });
      }
    }
  }
}

async function inspectOverrides(
  path: string,
  name: string,
  cwd: string,
): Promise<{ inline: Record<string, unknown> } | InputProblem> {
  const value = shownValue(path);
  const allowed = 'a JSON object, or the path of a file that holds one';
  const file = await sizeOfFile(resolve(cwd, path));
  if ('wrong' in file) return problem(name, file.wrong, { value, allowed });
  if (file.size > MAX_OVERRIDES_BYTES) return problem(name, 'is too large', { value, allowed });
  try {
    const parsed = parseJsonObject((await readFile(resolve(cwd, path), 'utf8')).replace(/^\uFEFF/, '').trim());
    if (!parsed.ok) return problem(name, parsed.message, { value, allowed });
    return parsed.value as { inline: Record<string, unknown> };
  } catch (error) {
    return problem(name, reason(error), { value, allowed });
  }
}

/** Looks at every file that was named. Nothing is written. */
export async function inspectFiles(options: ParsedOptions, cwd: string): Promise<InspectedFiles> {
  const files: InspectedFiles = { certificates: [], buildOverrides: {}, problems: [] };

  const app = options.get('app');
  if (app !== undefined) {
    const seen = await inspectApp(app, options.name('app'), cwd, options.get('platform') ?? 'auto');
    if ('code' in seen) files.problems.push(seen);
    else files.app = seen;
  }
  // A keystore that is not going to be used is not looked at: it may be there for another job only.
  const keystore = options.get('sign') === 'on-appdome' ? options.get('keystore') : undefined;
  if (keystore !== undefined) {
    const seen = await inspectFile(keystore, options.name('keystore'), cwd);
    if ('code' in seen) files.problems.push(seen);
    else files.keystore = seen.path;
  }
  const caFile = options.get('ca-file');
  if (caFile !== undefined) {
    const seen = await inspectPem(caFile, options.name('ca-file'), cwd);
    if ('code' in seen) files.problems.push(seen);
    else files.caFile = seen.path;
  }
  const patterns = options.get('certificate');
  if (patterns !== undefined) {
    const seen = await inspectCertificates(patterns, options.name('certificate'), cwd);
    files.problems.push(...seen.problems);
    files.certificates = seen.paths;
  }
  const outputDir = options.get('output-dir');
  if (outputDir !== undefined) {
    const wrong = await inspectOutputDir(outputDir, options.name('output-dir'), cwd);
    if (wrong) files.problems.push(wrong);
  }
  const overrides = options.get('build-overrides');
  if (overrides !== undefined) {
    const seen =
      'inline' in overrides ? overrides : await inspectOverrides(overrides.path, options.name('build-overrides'), cwd);
    if ('code' in seen) files.problems.push(seen);
    else files.buildOverrides = seen.inline;
  }
  return files;
}
