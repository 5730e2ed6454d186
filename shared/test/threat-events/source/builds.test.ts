/** What the build files of an app leave out registers nothing in it. */
import { describe, expect, it } from 'vitest';
import { parsePropertyList } from '../../../src/threat-events/source/builds/property-list.ts';
import { outcomesIn, sourceTree } from './tree.ts';

const JAVA =
  'class A extends Application { void f(BroadcastReceiver r) { registerReceiver(r, new IntentFilter("RootedDevice"), 2); } }';
const CSHARP = 'class A : Application { void F(R r) { RegisterReceiver(r, new IntentFilter("RootedDevice")); } }';
const SWIFT =
  'class A: NSObject { func f() { NotificationCenter.default.addObserver(self, selector: #selector(g), name: .init("RootedDevice"), object: nil) } }';

const outcome = async (files: Record<string, string>, own: string[] = [], platform?: 'android' | 'ios') =>
  (await outcomesIn(await sourceTree(files), ['RootedDevice'], { own, platform }))['RootedDevice'];

describe('Gradle', () => {
  const OLD = { 'old/build.gradle': '', 'old/src/main/java/com/example/A.java': JAVA };
  const inModule = (settings: string, name = 'settings.gradle') => outcome({ ...OLD, [name]: settings });

  it.each([
    ["include ':app'", 'named'],
    ["include ':app' // ':old'", 'named'],
    ["/* include ':old' */ include ':app'", 'named'],
    ["include ':app', ':old'", 'registered'],
    ['include("app", "old")', 'registered'],
    ["include ':x'\nproject(':x').projectDir = new File(settingsDir, 'old')", 'registered'],
    ["include ':older', ':x:old'", 'named'],
  ])('%s', async (settings, expected) => {
    expect(await inModule(settings)).toBe(expected);
    expect(await inModule(settings, 'settings.gradle.kts')).toBe(expected);
  });

  it.each<[what: string, files: Record<string, string>, expected: string]>([
    ['nothing around it', {}, 'named'],
    ['a build file of the root', { 'build.gradle': '' }, 'named'],
    ['an included parent', { 'settings.gradle': "include ':libs'", 'libs/build.gradle': '' }, 'named'],
    ['the settings include it', { 'settings.gradle': "include ':app', ':libs:old'" }, 'registered'],
    ['the root takes its sources', { 'build.gradle': "srcDirs = ['libs/old/src/main/java']" }, 'registered'],
    ['the app takes its sources', { 'app/build.gradle': 'srcDir("../libs/old/src/main/java")' }, 'registered'],
  ])('a folder without a build file: %s', async (_, files, expected) => {
    const old = { 'settings.gradle': "include ':app'", 'app/build.gradle': '', 'libs/old/src/main/java/A.java': JAVA };
    expect(await outcome({ ...old, ...files })).toBe(expected);
  });

  it('in a folder of its own, as with React Native', async () => {
    const files = { 'android/app/build.gradle.kts': '', 'android/app/src/main/java/A.java': JAVA };
    expect(await outcome({ ...files, 'android/settings.gradle': "include ':app'" })).toBe('registered');
    expect(await outcome({ ...files, 'android/settings.gradle': "include ':main'" })).toBe('named');
  });

  it('counts where the settings do not say, or the user does', async () => {
    expect(await outcome(OLD)).toBe('registered');
    expect(await outcome({ 'settings.gradle': '', 'build.gradle': '', 'src/main/java/A.java': JAVA })).toBe(
      'registered',
    );
    expect(await outcome({ ...OLD, 'settings.gradle': '' }, ['old'])).toBe('registered');
  });
});

describe("Gradle's source sets", () => {
  const inModule = (build: string, file = 'app/src/main/java/com/example/A.java') =>
    outcome({ 'settings.gradle': "include ':app'", 'app/build.gradle': build, [file]: JAVA });
  const sets = (text: string) => `android { sourceSets { main { ${text} } } }`;

  it.each([
    ["java { exclude '**/A.java' }", 'named'],
    ["java.exclude 'com/example/**'", 'named'],
    ["java { exclude 'com/example/B.java', '**/A.java' }", 'named'],
    ["java { exclude '**/B.java' }", 'registered'],
    ['java { exclude(old) }', 'named'],
    ["java { include '**/B.java' }", 'named'],
    ["java { include '**/A.java' }", 'registered'],
    ["java.srcDirs = ['other']", 'named'],
    ["java.srcDirs = ['other', 'src/main/java']", 'registered'],
    ["java.srcDirs = ['src']", 'registered'],
    ["java.srcDirs += 'src/main/kotlin'", 'registered'],
    ["java { srcDir 'src/main/extra' }", 'registered'],
    ['java.srcDirs += generated', 'registered'],
    ['java.srcDirs = folders', 'named'],
    ["java.srcDirs = java.srcDirs + 'other'", 'registered'],
    ["setRoot 'other'", 'named'],
    ["jniLibs.srcDirs = ['libs']", 'registered'],
    ["res { srcDirs = ['other'] }", 'registered'],
    ["// java { exclude '**/A.java' }", 'registered'],
  ])('%s', async (text, expected) => expect(await inModule(sets(text))).toBe(expected));

  it.each([
    ["android.sourceSets.main.java.srcDirs = ['other']", 'named'],
    ['android { sourceSets { getByName("main") { java.setSrcDirs(listOf("other")) } } }', 'named'],
    ['android { sourceSets["main"].java.srcDirs("other") }', 'registered'],
    ['sourceSets["main"].java.exclude("**/A.java")', 'named'],
    ["android { sourceSets { test { java.srcDirs = ['other'] } } }", 'registered'],
    ["tasks.withType(JavaCompile) { exclude '**/A.java' }", 'named'],
    ["implementation('x') { exclude group: 'com.example', module: 'a' }", 'registered'],
    ["android { packagingOptions { exclude 'META-INF/**' } }\ndetekt { exclude '**/A.java' }", 'registered'],
    ["jacoco { exclude '**/A.java' }", 'registered'],
  ])('%s', async (text, expected) => expect(await inModule(text)).toBe(expected));

  it.each([
    ['app/src/main/kotlin/A.java', '', 'registered'],
    ['app/src/free/java/A.java', '', 'registered'],
    ['app/src/androidMain/kotlin/A.java', '', 'registered'],
    ['app/old/A.java', '', 'named'],
    ['app/old/com/A.java', sets("java.srcDirs += 'old'"), 'registered'],
    ['app/old/com/A.java', sets('java.srcDirs += "$projectDir/old"'), 'registered'],
    ['app/old/com/A.java', "def dir = 'old'\n sourceSets.main.java.srcDir(dir)", 'registered'],
    ['old/com/A.java', '', 'registered'],
  ])('the folder %s, %s', async (file, build, expected) => expect(await inModule(build, file)).toBe(expected));
});

describe('MSBuild', () => {
  const project = (items: string, sdk = ' Sdk="Microsoft.NET.Sdk"') => `<Project${sdk}>${items}</Project>`;
  const frameworks = (text: string) =>
    project(`<PropertyGroup><TargetFrameworks>${text}</TargetFrameworks></PropertyGroup>`);
  const items = (text: string, condition = '') => `<ItemGroup${condition}>${text}</ItemGroup>`;

  it.each([
    [project(''), 'registered'],
    [project(items('<Compile Remove="Old/**" />')), 'named'],
    [project(items('<Compile Remove="Old\\A.cs;x.cs" />')), 'named'],
    [project(items('<Compile Remove="**\\*.cs" />')), 'named'],
    [project(items('<Compile Remove="*.cs" />')), 'registered'],
    [project(items('<Compile Remove="Older/**" />')), 'registered'],
    [project(items('<Compile Remove="Old/**" /><Compile Include="Old/A.cs" />')), 'registered'],
    // Which platforms a condition is for is not known.
    [
      project(items('<Compile Remove="Old/**" />', ` Condition="$(TargetFramework.Contains('android')) != true"`)),
      'registered',
    ],
    [project(items('<Compile Include="$(Files)" />')), 'registered'],
    [
      project(
        '<PropertyGroup><EnableDefaultCompileItems>false</EnableDefaultCompileItems></PropertyGroup>' +
          items('<Compile Include="B.cs" />'),
      ),
      'named',
    ],
    [project(items('<Compile Include="B.cs" />'), ''), 'named'],
    [project(items('<Compile Include="Old\\A.cs" />'), ''), 'registered'],
    ['<Project', 'registered'],
    [project('<PropertyGroup><EnableDefaultCompileItems>false</EnableDefaultCompileItems></PropertyGroup>'), 'named'],
    [project('<PropertyGroup><EnableDefaultItems>false</EnableDefaultItems></PropertyGroup>'), 'named'],
    [
      project(
        '<PropertyGroup><EnableDefaultItems>false</EnableDefaultItems></PropertyGroup>' +
          items('<Compile Include="Old/**/*.cs" />'),
      ),
      'registered',
    ],
    [project('', ''), 'registered'],
    [frameworks('net8.0-android;net8.0-ios'), 'registered'],
    [frameworks('net8.0'), 'registered'],
    [frameworks('net8.0-windows10.0.19041.0'), 'named'],
    [frameworks('net8.0-maccatalyst;net8.0-tizen'), 'named'],
    [frameworks('net8.0-windows;$(More)'), 'registered'],
  ])('%s', async (text, expected) => expect(await outcome({ 'App.csproj': text, 'Old/A.cs': CSHARP })).toBe(expected));

  it.each([
    ['Android', undefined, 'registered'],
    ['iOS', undefined, 'registered'],
    ['Windows', undefined, 'named'],
    ['MacCatalyst', undefined, 'named'],
    ['Tizen', undefined, 'named'],
    ['Android', 'android', 'registered'],
    ['iOS', 'android', 'named'],
    ['Android', 'ios', 'named'],
  ] as const)("MAUI's Platforms/%s, asked for %s", async (folder, platform, expected) => {
    const files = { 'App.csproj': project(''), [`Platforms/${folder}/A.cs`]: CSHARP };
    expect(await outcome(files, [], platform)).toBe(expected);
    const items1 = items(`<Compile Include="Platforms/${folder}/A.cs" />`);
    expect(await outcome({ ...files, 'App.csproj': project(items1) }, [], platform)).toBe('registered');
  });

  it('what all projects of a folder have in common counts', async () => {
    const files = { 'app/App.csproj': project(''), 'app/A.cs': CSHARP };
    const off = project('<PropertyGroup><EnableDefaultItems>false</EnableDefaultItems></PropertyGroup>', '');
    expect(await outcome({ ...files, 'Directory.Build.props': off })).toBe('named');
    expect(
      await outcome({ ...files, 'Directory.Build.props': off, 'app/Directory.Build.props': project('', '') }),
    ).toBe('registered');
    const removed = project(items('<Compile Remove="**/A.cs" />'), '');
    expect(await outcome({ ...files, 'Directory.Build.targets': removed })).toBe('named');
  });

  it('a project beside it can compile the file', async () => {
    const files = { 'shared/Shared.csproj': project(items('<Compile Remove="A.cs" />')), 'shared/A.cs': CSHARP };
    expect(await outcome(files)).toBe('named');
    const app = { 'app/App.csproj': project(items('<Compile Include="..\\shared\\A.cs" />')) };
    expect(await outcome({ ...files, ...app })).toBe('registered');
  });
});

/** Of a project with one target that builds `App/X.swift` and one that builds `Other/X.swift`. */
function xcodeProject({ type = 'app-extension', settings = '', groups = '', exceptions = '' } = {}): string {
  const target = (id: string, kind: string, more: string) => `
    ${id} = { isa = PBXNativeTarget; buildPhases = ( ${id}P, ); productType = "com.apple.product-type.${kind}"; ${more} };
    ${id}P /* Sources */ = { isa = PBXSourcesBuildPhase; files = ( ${id}F ); };
    ${id}F = { isa = PBXBuildFile; fileRef = ${id}R; };
    ${id}R = { isa = PBXFileReference; path = X.swift; sourceTree = "<group>"; };
    ${id}G = { isa = PBXGroup; children = ( ${id}R, ); path = ${id}; sourceTree = "<group>"; };`;
  return `// !$*UTF8*$!
{ objects = {
    P = { isa = PBXProject; mainGroup = M; targets = ( App, Other ); buildConfigurationList = PL; };
    PL = { isa = XCConfigurationList; buildConfigurations = ( PC ); };
    PC = { isa = XCBuildConfiguration; buildSettings = { SDKROOT = iphoneos; }; };
    L = { isa = XCConfigurationList; buildConfigurations = ( C ); };
    C = { isa = XCBuildConfiguration; buildSettings = { NAME = "a \\"b\\""; ${settings} }; };
    M = { isa = PBXGroup; children = ( AppG, OtherG, S ); sourceTree = "<group>"; };
    S = { isa = PBXFileSystemSynchronizedRootGroup; path = Synced; sourceTree = "<group>"; exceptions = ( E ); };
    E = { isa = PBXFileSystemSynchronizedBuildFileExceptionSet; membershipExceptions = ( ${exceptions} ); target = App; };
    ${target('App', 'application', groups)}
    ${target('Other', type, 'buildConfigurationList = L;')}
}; rootObject = P; }`;
}

describe('Xcode', () => {
  const inProject = (file: string, project: string, more: Record<string, string> = {}) =>
    outcome({ 'ios/App.xcodeproj/project.pbxproj': project, [`ios/${file}`]: SWIFT, ...more });

  it.each([
    ['App/X.swift', {}, 'registered'],
    ['Other/X.swift', {}, 'named'],
    ['Old/X.swift', {}, 'named'],
    ['Other/X.swift', { type: 'framework' }, 'registered'],
    ['Other/X.swift', { type: 'application' }, 'registered'],
    ['Other/X.swift', { type: 'application', settings: 'SDKROOT = watchos;' }, 'named'],
    [
      'Other/X.swift',
      { type: 'application', settings: 'SUPPORTED_PLATFORMS = "iphoneos iphonesimulator";' },
      'registered',
    ],
    ['Other/X.swift', { type: 'bundle.unit-test' }, 'named'],
    ['Synced/X.swift', {}, 'named'],
    ['Synced/X.swift', { groups: 'fileSystemSynchronizedGroups = ( S );' }, 'registered'],
    ['Synced/X.swift', { groups: 'fileSystemSynchronizedGroups = ( S );', exceptions: 'X.swift' }, 'named'],
    ['Synced/X.swift', { exceptions: 'X.swift' }, 'registered'],
  ])('%s %j', async (file, project, expected) => expect(await inProject(file, xcodeProject(project))).toBe(expected));

  it('packages are built by themselves, and so is what stands beside the project', async () => {
    expect(await inProject('Kit/Sources/X.swift', xcodeProject(), { 'ios/Kit/Package.swift': '' })).toBe('registered');
    expect(await inProject('Kit/X.swift', xcodeProject(), { 'ios/Kit/Kit.podspec': '' })).toBe('registered');
    expect(await inProject('../modules/X.swift', xcodeProject())).toBe('registered');
  });

  it.each([
    '',
    '{',
    '{ objects = { a = <00>; }; }',
    `${'('.repeat(5000)}`,
    '{ objects = { P = { isa = PBXProject; }; }; }',
  ])('a project that cannot be read leaves nothing out: %.20s', async (text) =>
    expect(await inProject('Old/X.swift', text)).toBe('registered'),
  );
});

it.each([
  ['{ a = b; "c d" = ( e, "f\\"g", ); }', { a: 'b', 'c d': ['e', 'f"g'] }],
  ['// x\n( /* y */ )', []],
  ['{ __proto__ = a; }', JSON.parse('{ "__proto__": "a" }')],
  ['"a', undefined],
  ['{ a = b }', undefined],
  [`${'{ a = '.repeat(60)}b${'; }'.repeat(60)}`, undefined],
])('the old form of property lists: %.30s', (text, value) => expect(parsePropertyList(text)).toEqual(value));
