/**
 * Whether an app was protected before: the marks that a fusion leaves (threat-events.md §4, inferred). An app that has one was probably the
 * output of an earlier build, and protecting it again is paid for in vain.
 */
import { openZip, type Zip, ZipProblem } from '../../files/zip-members.ts';
import { elementsOf, MANIFESTS } from './manifest/packages.ts';

const ANDROID_FILES = [
  /^(?:base\/lib|lib|jni)\/[^/]+\/libloader\.so$/,
  /^(?:base\/)?res\/drawable(?:-[^/]+)?\/splash_appdome\.png$/,
];
const IOS_LOADER = /^(?:.+\/)?Frameworks\/libloader\.framework\/Info\.plist$/;
/** The name of the framework alone could be anybody's. */
const IOS_LOADER_ID = 'com.appdome.libloader';

const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
const MAX_PLIST_BYTES = 1024 * 1024;

/**
 * @param file an .apk, .aab, .aar, .ipa or .zip
 * @returns what was found, one of each kind, in words that a list can hold; none where the file cannot be read
 * @throws the file system's errors
 */
export async function fusedMarks(file: string): Promise<string[]> {
  let zip: Zip;
  try {
    zip = await openZip(file, (name) => [...ANDROID_FILES, IOS_LOADER, MANIFESTS].some((each) => each.test(name)));
  } catch (error) {
    if (error instanceof ZipProblem) return [];
    throw error;
  }
  try {
    const names = zip.members.map(({ name }) => name);
    const files = ANDROID_FILES.flatMap((each) => names.find((name) => each.test(name)) ?? []);
    return [...files, ...(await permission(zip)), ...(await iosLoader(zip))];
  } finally {
    zip.close();
  }
}

async function permission(zip: Zip): Promise<string[]> {
  for (const { name } of zip.members.filter((each) => MANIFESTS.test(each.name))) {
    // The content is checked elsewhere; a manifest that cannot be read has no mark that we can see.
    const elements = await zip
      .read(name, MAX_MANIFEST_BYTES)
      .then(elementsOf, () => [])
      .catch(() => []);
    const id = elements.find((element) => element.name === 'manifest')?.attributes['package'];
    if (id === undefined) continue;
    const mark = `${id}.deveventspermission`;
    const isMarked = elements.some(
      (element) => /^(?:uses-)?permission$/.test(element.name) && element.attributes['name'] === mark,
    );
    if (isMarked) return [`the permission ${mark}`];
  }
  return [];
}

/** In a binary property list as in XML, the id is ASCII. */
async function iosLoader(zip: Zip): Promise<string[]> {
  for (const { name } of zip.members.filter((each) => IOS_LOADER.test(each.name))) {
    const bytes = await zip.read(name, MAX_PLIST_BYTES).catch(() => Buffer.alloc(0));
    if (bytes.includes(IOS_LOADER_ID)) return [name.replace(/\/Info\.plist$/, '')];
  }
  return [];
}
