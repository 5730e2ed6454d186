/**
 * `cert-pinning-zip`: the ZIP that the official clients expand (appdome-api.md §3.6, verified), with every slip of theirs an error.
 *
 * The one file of intake that writes. What is written is exactly what passed the checks, so both stay in one place.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pinnedCertificatePart } from '../../api/file-parts.ts';
import { JsonObject, type JsonValue, parseJsonTree } from '../../certificate/json-tree.ts';
import { safeFileName } from '../../files/file-names.ts';
import { openZip, type Zip, ZipProblem } from '../../files/zip-members.ts';
import type { UsageProblem } from '../../model/errors.ts';
import type { PinnedCertificate } from '../../model/run-request.ts';
import { plainLine } from '../../text/untrusted-text.ts';
import { withoutByteOrderMark } from '../../text/white-space.ts';
import { MAX_PINNED_BYTES, whyNotPinnable } from './pinnable.ts';
import { refusedInputs } from './refused-inputs.ts';

const MAX_MAP_BYTES = 1024 * 1024;
/** More hosts than an app pins. */
const MAX_HOSTS = 500;
const SHOWN = 120;
const EXTENSIONS = /\.(cer|crt|pem|der|zip)$/i;
export const PINNING = 'cert-pinning-zip';

type PinningProblem = Omit<UsageProblem, 'option'>;

/**
 * Looks at the ZIP without expanding it.
 * @returns every problem that it has
 */
export async function pinnedCertificateProblems(zip: string): Promise<PinningProblem[]> {
  try {
    return await withZip(zip, async (opened) => (await assign(opened)).problems);
  } catch (error) {
    if (error instanceof ZipProblem) return [problemOfZip(error)];
    throw error;
  }
}

/**
 * Expands the ZIP into `folder`, one file for each host of its JSON map.
 *
 * The official clients skip a host whose file is missing, so an app that was meant to pin would ship without pinning. Here all such hosts
 * are reported, and nothing is built.
 * @throws FusegateError usage.invalid: not a ZIP, not exactly one map, no hosts, a file that is missing, is more or less
 * than certificates or public keys, or is too large
 */
export async function expandPinnedCertificates(
  zip: string,
  folder: string,
  option: string = PINNING,
): Promise<PinnedCertificate[]> {
  try {
    return await withZip(zip, async (opened) => {
      const { problems, pinned } = await assign(opened);
      if (problems.length > 0) throw refusedInputs(problems.map((problem) => ({ option, ...problem })));
      const files: PinnedCertificate[] = [];
      for (const { host, member } of pinned) {
        const name = safeFileName(path.posix.basename(member), 'certificate.pem');
        const file = path.join(folder, String(files.length + 1), name);
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await opened.extract(member, file, MAX_PINNED_BYTES);
        files.push({ host, file });
      }
      return files;
    });
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    throw refusedInputs([{ option, ...problemOfZip(error) }], error);
  }
}

async function withZip<T>(zip: string, body: (opened: Zip) => Promise<T>): Promise<T> {
  const opened = await openZip(zip);
  try {
    return await body(opened);
  } finally {
    opened.close();
  }
}

/** Which member is for which host. */
async function assign(zip: Zip) {
  const members = membersByName(zip);
  const entries = await readMap(zip);
  const problems = repeatedHosts(entries);
  const pinned: Array<{ host: string; member: string }> = [];
  for (const [host, fileName] of entries) {
    const member = members(fileName);
    const wrong = problemOf(host, fileName, member) ?? (await contentProblem(zip, host, member));
    if (wrong !== undefined) problems.push(wrong);
    else if (member !== undefined) pinned.push({ host, member });
  }
  return { problems, pinned };
}

async function readMap(zip: Zip): Promise<Array<[string, string]>> {
  const maps = zip.members.filter(({ name }) => /\.json$/i.test(name) && !isSystemFile(name));
  const [map, ...more] = maps;
  if (map === undefined) throw new ZipProblem('holds no .json file that maps hosts to certificates');
  if (more.length > 0) throw new ZipProblem(`holds ${maps.length} .json files, where one is the map`);
  let value: JsonValue;
  try {
    // Only this parser keeps a member that comes twice.
    value = parseJsonTree(withoutByteOrderMark((await zip.read(map.name, MAX_MAP_BYTES)).toString('utf8')));
  } catch (error) {
    if (error instanceof ZipProblem) throw error;
    throw new ZipProblem('holds a map that is not valid JSON');
  }
  const members = value instanceof JsonObject ? value.members : [];
  const entries = members.flatMap(
    ({ key, value: file }): Array<[string, string]> => (typeof file === 'string' ? [[key, file]] : []),
  );
  if (entries.length === 0 || entries.length < members.length) {
    throw new ZipProblem('holds a map that is not of the form {"api.example.com": "api.pem"}');
  }
  if (entries.length > MAX_HOSTS) throw new ZipProblem(`maps ${entries.length} hosts, more than ${MAX_HOSTS}`);
  return entries;
}

/** Two files for one host: the app would pin whichever the service reads last. */
function repeatedHosts(entries: ReadonlyArray<[string, string]>): PinningProblem[] {
  // The trailing dot of a full name makes no other host.
  const names = entries.map(([host]) => host.toLowerCase().replace(/\.$/, ''));
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((host) => ({
    message: `maps ${plainLine(host, SHOWN)} more than once`,
    allowed: 'each host once, with one file',
  }));
}

/** What is in the file decides, whatever it is named: a private key would be built into the app. */
async function contentProblem(zip: Zip, host: string, member = ''): Promise<PinningProblem | undefined> {
  const said = await whyNotPinnable(await zip.read(member, MAX_PINNED_BYTES));
  return said === undefined
    ? undefined
    : {
        message: `maps ${plainLine(host, SHOWN)} to ${plainLine(member, SHOWN)}, which is ${said}`,
        allowed: 'a certificate or a public key for every host, in PEM or DER',
      };
}

/** What macOS adds to ZIPs. */
function isSystemFile(name: string): boolean {
  return name.startsWith('__MACOSX/') || path.posix.basename(name).startsWith('._');
}

/** By its full name, else by its base name where only one member has it: ZIPs are often made of a folder. */
function membersByName(zip: Zip): (fileName: string) => string | undefined {
  const names = zip.members.map(({ name }) => name).filter((name) => !isSystemFile(name));
  return (fileName) => {
    if (names.includes(fileName)) return fileName;
    const same = names.filter((name) => path.posix.basename(name) === fileName);
    return same.length === 1 ? same[0] : undefined;
  };
}

function problemOf(host: string, fileName: string, member: string | undefined): PinningProblem | undefined {
  const mapped = `maps ${plainLine(host, SHOWN)} to ${plainLine(fileName, SHOWN)}`;
  try {
    pinnedCertificatePart(host, 'certificate');
  } catch {
    const message = `maps "${plainLine(host, SHOWN)}", which is not a host name`;
    return { message, allowed: 'host names such as api.example.com' };
  }
  if (member === undefined) {
    return { message: `${mapped}, and that file is not in the ZIP`, allowed: 'a file for every host of the map' };
  }
  if (EXTENSIONS.test(member)) return undefined;
  return { message: `${mapped}, which is not a certificate file`, allowed: '.cer, .crt, .pem, .der or .zip' };
}

function problemOfZip({ message }: ZipProblem): PinningProblem {
  const allowed = 'a .zip with a JSON map of hosts and the files that it names';
  return { message: plainLine(message, SHOWN), allowed };
}
