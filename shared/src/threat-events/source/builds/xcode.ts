/** Xcode: a file that no target of the iOS app builds is not in it, such as those of a widget, of a Watch app and of tests. */
import path from 'node:path';
import { type BuildFiles, foldersOf, type LeftOut } from './build-files.ts';
import { dictionaryAt, parsePropertyList, textAt, textsAt, type Value } from './property-list.ts';

/** Products that run in the process of the app. */
const IN_APP = new Set(
  ['application', 'framework', 'framework.static', 'library.static', 'library.dynamic', 'bundle'].map(
    (kind) => `com.apple.product-type.${kind}`,
  ),
);
const SOURCES = /\.(?:swift|mm?)$/u;

interface Project {
  file: string;
  /** The folder that holds the `.xcodeproj`. */
  folder: string;
  builds(file: string): boolean;
}

export function xcodeBuilds({ paths, read }: BuildFiles): LeftOut {
  const projects = paths
    .filter((file) => file.endsWith('.xcodeproj/project.pbxproj'))
    .flatMap((file): Project[] => {
      const folder = path.posix.dirname(path.posix.dirname(file));
      const builds = buildsOf(folder, read(file) ?? '');
      return builds ? [{ file, folder, builds }] : [];
    });
  const packages = new Set(
    paths
      .filter((file) => /(?:\/|^)(?:Package\.swift|[^/]+\.podspec)$/u.test(file))
      .map((file) => path.posix.dirname(file)),
  );
  return (file) => {
    if (!SOURCES.test(file)) return undefined;
    const folders = foldersOf(file);
    if (folders.some((folder) => packages.has(folder))) return undefined;
    const around = projects.filter(({ folder }) => folders.includes(folder));
    const [first] = around;
    if (first === undefined || projects.some(({ builds }) => builds(file))) return undefined;
    return `no target of an app in ${first.file} builds it`;
  };
}

function buildsOf(base: string, text: string): Project['builds'] | undefined {
  const root = parsePropertyList(text);
  const objects = dictionaryAt(root, 'objects');
  const at = (id: string) => dictionaryAt(objects, id);
  const ids = Object.keys(objects);
  const project = at(ids.find((id) => textAt(at(id), 'isa') === 'PBXProject') ?? '');
  const targets = ids.filter((id) => isOfApp(at, id, project));
  if (targets.length === 0) return undefined;
  const pathOf = pathsIn(at, textAt(project, 'mainGroup'), path.posix.join(base, textAt(project, 'projectDirPath')));
  const built = new Set<string>();
  const folders: Array<{ folder: string; except: Set<string> }> = [];
  for (const target of targets.map(at)) {
    for (const phase of textsAt(target, 'buildPhases').map(at)) {
      if (textAt(phase, 'isa') !== 'PBXSourcesBuildPhase') continue;
      for (const file of textsAt(phase, 'files').map(at)) built.add(pathOf.get(textAt(file, 'fileRef')) ?? '');
    }
  }
  // Since Xcode 16 a target can have folders with all that is in them, apart from exceptions.
  for (const id of ids.filter((one) => textAt(at(one), 'isa') === 'PBXFileSystemSynchronizedRootGroup')) {
    const folder = pathOf.get(id);
    if (folder === undefined) continue;
    const members = targets.filter((target) => textsAt(at(target), 'fileSystemSynchronizedGroups').includes(id));
    const exceptions = textsAt(at(id), 'exceptions').map(at);
    const exceptOf = (target: string) =>
      exceptions
        .filter((one) => textAt(one, 'target') === target)
        .flatMap((one) => textsAt(one, 'membershipExceptions').map((name) => path.posix.join(folder, name)));
    for (const target of members) folders.push({ folder, except: new Set(exceptOf(target)) });
    for (const target of targets) if (!members.includes(target)) for (const file of exceptOf(target)) built.add(file);
  }
  return (file) =>
    built.has(file) || folders.some(({ folder, except }) => file.startsWith(`${folder}/`) && !except.has(file));
}

type At = (id: string) => Record<string, Value>;

function isOfApp(at: At, id: string, project: Record<string, Value>): boolean {
  const target = at(id);
  if (textAt(target, 'isa') !== 'PBXNativeTarget' || !IN_APP.has(textAt(target, 'productType'))) return false;
  const [own, general] = [target, project].map((one) =>
    textsAt(at(textAt(one, 'buildConfigurationList')), 'buildConfigurations').map((each) =>
      dictionaryAt(at(each), 'buildSettings'),
    ),
  );
  const platform = (settings: Record<string, Value>) =>
    textAt(settings, 'SUPPORTED_PLATFORMS') || textAt(settings, 'SDKROOT');
  const said = [own, general]
    .map((all) => (all ?? []).map(platform).filter((one) => one !== ''))
    .find((all) => all.length > 0);
  return said === undefined || said.some((one) => /iphone|auto|\$/u.test(one));
}

/** Where each file and folder of the project is. */
function pathsIn(at: At, main: string, base: string): Map<string, string> {
  const found = new Map<string, string>();
  const queue: Array<[id: string, folder: string]> = [[main, base]];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [id, around] = next;
    const entry = at(id);
    const tree = textAt(entry, 'sourceTree');
    if (found.has(id) || (tree !== '<group>' && tree !== 'SOURCE_ROOT')) continue;
    const here = path.posix.join(tree === '<group>' ? around : base, textAt(entry, 'path'));
    found.set(id, here);
    for (const child of textsAt(entry, 'children')) queue.push([child, here]);
  }
  return found;
}
