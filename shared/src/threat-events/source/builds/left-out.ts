/** Which source files an app's build files leave out: an old module, another target. What cannot be told is taken as built. */
import { gradleBuilds } from './gradle.ts';
import { msbuildBuilds } from './msbuild.ts';
import { xcodeBuilds } from './xcode.ts';

/** @returns why a file is in no app, if it is in none */
export type LeftOut = (file: string) => string | undefined;

/** The build files of a tree. */
export interface BuildFiles {
  /** Below the root, with slashes. */
  paths: readonly string[];
  /** Undefined where a file cannot be read. */
  read(file: string): string | undefined;
}

const NAMES = /^(?:(?:settings|build)\.gradle(?:\.kts)?|project\.pbxproj|Package\.swift|[^/]+\.(?:csproj|podspec))$/u;

export function isBuildFile(name: string): boolean {
  return NAMES.test(name);
}

export async function filesLeftOut(files: BuildFiles): Promise<LeftOut> {
  const all = [gradleBuilds(files), xcodeBuilds(files), await msbuildBuilds(files)];
  return (file) => all.map((leftOut) => leftOut(file)).find((why) => why !== undefined);
}
