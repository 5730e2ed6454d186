/** Which source files an app's build files leave out: an old module, another target. What cannot be told is taken as built. */
import type { BuildFiles, LeftOut } from './build-files.ts';
import { gradleBuilds } from './gradle.ts';
import { gradleSources } from './gradle-sources.ts';
import { javascriptBuilds } from './javascript.ts';
import { msbuildBuilds } from './msbuild.ts';
import { flutterBuilds, platformBuilds } from './platform.ts';
import { xcodeBuilds } from './xcode.ts';

const NAMES =
  /^(?:(?:settings|build)\.gradle(?:\.kts)?|project\.pbxproj|Package\.swift|package\.json|pubspec\.yaml|Directory\.Build\.(?:props|targets)|[^/]+\.(?:csproj|podspec))$/u;

export function isBuildFile(name: string): boolean {
  return NAMES.test(name);
}

export async function filesLeftOut(files: BuildFiles): Promise<LeftOut> {
  const all = [
    platformBuilds(files),
    gradleBuilds(files),
    gradleSources(files),
    xcodeBuilds(files),
    await msbuildBuilds(files),
    javascriptBuilds(files),
    flutterBuilds(files),
  ];
  return (file) => all.map((leftOut) => leftOut(file)).find((why) => why !== undefined);
}
