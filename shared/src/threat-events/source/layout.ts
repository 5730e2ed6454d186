/** What a path in a source tree is: the app's own code, somebody else's, or nothing that runs in the app. */

export type Kind = 'own' | 'foreign' | 'ignored';

/** What the user says about it: package prefixes (`com.withpersona`) or folders below the root (`identity-sdk`). Foreign wins. */
export interface Owners {
  own: readonly string[];
  foreign: readonly string[];
}

/** Folders that package managers fill. */
const FOREIGN = new Set(['node_modules', 'pods', 'carthage', '.build', '.pub-cache', 'bower_components']);
/** At the top, and beside Cordova's `config.xml` and `www`: elsewhere it is a word like any other. */
const FOREIGN_AT_TOP = new Set(['vendor', 'plugins']);
/** Cordova's copy of the app for each platform. MAUI writes `Platforms`, and that is the app. */
const COPIES_AT_TOP = 'platforms';

/** Whether a folder with these entries is the top of an app. */
export function isTopOfApp(names: ReadonlySet<string>): boolean {
  return names.has('config.xml') && names.has('www');
}

/** Folders of version control, of builds, of generated files, and of code that is not in the app. */
const IGNORED = new Set(
  `.git .hg .svn .gradle .idea .vscode .dart_tool .expo .cxx deriveddata build obj bin dist out target coverage
  test tests androidtest testfixtures sharedtest __tests__ __mocks__ e2e integration_test test_driver
  sample samples example examples demo demos mock mocks benchmark benchmarks macrobenchmark microbenchmark docs xcuserdata`.split(
    /\s+/u,
  ),
);

/** Endings of folders such as AppTests, AppUITests, Sample.Tests. */
const TEST_FOLDER = /tests$/iu;
/** `x.test.ts`, `x.spec.js`, `x.stories.tsx`, `jest.setup.js`, `x_test.dart`, `XTest.java`, `XTests.swift`. */
const TEST_FILE = /(?:\.(?:test|spec|stories)\.[cm]?[jt]sx?|_test\.dart|^jest\.setup\.[cm]?[jt]sx?)$/iu;
const TEST_CLASS = /(?:^|[\p{Ll}\d])Tests?\.(?:java|kt|swift|m|mm|cs)$/u;

/**
 * @param parts of a path below the root, the last one being the name
 * @param isFolder whether the name is a folder's
 * @param isAtTop whether it stands at the top of an app
 */
export function kindOfEntry(parts: readonly string[], isFolder: boolean, isAtTop = parts.length === 1): Kind {
  const name = parts.at(-1) ?? '';
  const lower = name.toLowerCase();
  if (!isFolder) return TEST_FILE.test(name) || TEST_CLASS.test(name) ? 'ignored' : 'own';
  if (FOREIGN.has(lower) || (isAtTop && FOREIGN_AT_TOP.has(lower))) return 'foreign';
  if (isAtTop && name === COPIES_AT_TOP) return 'ignored';
  // `com/example/test` is a package, and so is `example` in every com.example.
  if (IGNORED.has(lower) && !isInPackage(parts)) return 'ignored';
  // `src/testDebug`, `src/commonTest`, and what no release build has: `src/debug`, `src/freeDebug`, `src/benchmark`
  const isTestSet = parts.at(-2) === 'src' && /^test|Test$|^debug|Debug$|Benchmark$/u.test(name);
  return (isTestSet || TEST_FOLDER.test(name)) && !isInPackage(parts) ? 'ignored' : 'own';
}

const SOURCE_ROOTS = new Set(['java', 'kotlin', 'scala']);

/** Below `src/main/java` the folders are the names of packages. */
function isInPackage(parts: readonly string[]): boolean {
  const at = parts.findIndex((part) => SOURCE_ROOTS.has(part));
  return at >= 0 && at < parts.length - 1 && parts.slice(0, at).includes('src');
}

/**
 * @param owners package prefixes (`com.withpersona`) or folders below the root (`identity-sdk`)
 * @returns whether a path belongs to one of them
 */
export function belongsTo(owners: readonly string[], path: string): boolean {
  return owners.some((owner) => {
    const folder = owner.replaceAll('\\', '/').replace(/^(?:\.\/)+|\/+$/gu, '');
    if (folder === '') return false;
    const asPackage = folder.includes('/') ? folder : folder.replaceAll('.', '/');
    const around = `/${path}/`;
    return path === folder || path.startsWith(`${folder}/`) || around.includes(`/${asPackage}/`);
  });
}

/** Whether a package, as a file declares it, belongs to one of the owners. */
export function isPackageOf(owners: readonly string[], name: string): boolean {
  return owners.some((owner) => name === owner || name.startsWith(`${owner}.`));
}
